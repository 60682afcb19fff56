"""Tempograms: how periodic the onsets are at each tempo, on a logarithmic axis of BPM.

Two views of the same twelve seconds. The Fourier tempogram also peaks at the multiples of the
beat, the autocorrelation tempogram at its fractions; their product keeps what both see (Peeters,
"Time variable tempo detection and beat marking", ICMC 2005; Grosche & Müller, "Cyclic
tempograms", ICASSP 2010).
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import fft

LOWEST_BPM = 7.5
"""A third of a bar at the slowest tempo that is looked for."""
OCTAVES = 8
"""Up to 1920 BPM: sixteenths of a beat at 120, thirty-seconds at 240."""
PER_OCTAVE = 96
"""Bins an octave: 0.7 % apart; refinement reads between them."""
WINDOW_SECONDS = 12.0
"""Three bars at 60 BPM; short enough to follow a band without a click."""
HOP_SECONDS = 6.0
N_FFT = 8192
"""Points of a transformed window, zeros included: 0.6 BPM apart, halved by interpolation."""

STILL = 0.2
"""Standard deviation of an envelope without onsets: a steady tone has 0.1, soft music 0.5."""


@dataclass(frozen=True, slots=True, eq=False)
class Tempogram:
    """Periodicity of each window of music at each tempo of `tempo_axis`.

    Attributes
    ----------
    fourier, autocorrelation : np.ndarray [shape=(windows, bins), dtype=float32]
        Magnitude of the windowed onset envelope at the tempo's frequency over its norm;
        autocorrelation at its beat period, 1 for exact repetition.
    """

    fourier: NDArray[np.float32]
    autocorrelation: NDArray[np.float32]


@cache
def tempo_axis() -> NDArray[np.float64]:
    """Return the tempo of each bin in BPM [shape=(bins,)]."""
    axis: NDArray[np.float64] = LOWEST_BPM * 2 ** (np.arange(OCTAVES * PER_OCTAVE) / PER_OCTAVE)
    return axis


def tempogram(envelope: NDArray[np.float32], rate: float) -> Tempogram:
    """Measure the periodicities of an onset envelope.

    Parameters
    ----------
    envelope : np.ndarray [shape=(n,)]
    rate : float > 0
        Frames a second.

    Returns
    -------
    Tempogram
        One window each `HOP_SECONDS`; music shorter than a window is one window, none is none.
    """
    windows = _windows(envelope, round(WINDOW_SECONDS * rate), round(HOP_SECONDS * rate))
    parts = [_transform(window, rate) for window in windows]
    bins = len(tempo_axis())
    if not parts:
        return Tempogram(np.zeros((0, bins), np.float32), np.zeros((0, bins), np.float32))
    return Tempogram(np.stack([p[0] for p in parts]), np.stack([p[1] for p in parts]))


def _windows(x: NDArray[np.float32], length: int, hop: int) -> list[NDArray[np.float32]]:
    if len(x) <= length:
        return [x] if len(x) > 1 else []
    return [x[i : i + length] for i in range(0, len(x) - length + 1, hop)]


def _transform(
    x: NDArray[np.float32], rate: float
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    taper = np.hanning(len(x) + 2)[1:-1].astype(np.float32)
    tapered = (x - x.mean()) * taper
    spectrum = np.abs(fft.rfft(tapered, N_FFT))
    if float(x.std()) <= STILL:
        return np.zeros(len(tempo_axis()), np.float32), np.zeros(len(tempo_axis()), np.float32)
    hertz = tempo_axis() / 60
    fourier = np.interp(hertz * (N_FFT / rate), np.arange(len(spectrum)), spectrum, right=0)
    fourier /= np.sqrt(float(tapered @ tapered) * len(x))
    overlap = fft.irfft(np.abs(fft.rfft(taper, N_FFT)) ** 2)
    usable = round(len(x) * 0.8)
    acf = fft.irfft(spectrum**2)[:usable] / np.maximum(overlap[:usable], 1e-6 * overlap[0])
    acf = acf / acf[0]
    lag = np.interp(rate / hertz, np.arange(usable), acf, right=0)
    return fourier.astype(np.float32), np.maximum(lag, 0).astype(np.float32)
