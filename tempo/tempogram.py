"""Tempograms: how periodic the onsets are at each tempo, on a logarithmic axis of BPM.

Two views of the same twelve seconds. The Fourier tempogram also peaks at the multiples of the
beat, the autocorrelation tempogram at its fractions; their product keeps what both see (Peeters,
"Time variable tempo detection and beat marking", ICMC 2005; Grosche & Müller, "Cyclic
tempograms", ICASSP 2010).
"""

from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from tempo.spectra import AT_ONCE, between

LOWEST_BPM = 7.5
"""Eight beats at the slowest tempo that is looked for, 60 BPM."""
OCTAVES = 8
"""Up to 1920 BPM: an eighth of a beat at 240."""
PER_OCTAVE = 48
"""Bins an octave: 1.5 % apart; refinement reads between them."""
WINDOW_SECONDS = 12.0
"""Three bars at 60 BPM; short enough to follow a band without a click."""
HOP_SECONDS = 6.0
N_FFT = 4096
"""Points of a transformed window, zeros included: 1.3 BPM apart before interpolation."""
SKIP = 2
"""Every other point is enough for the autocorrelation: its trusted lags still do not wrap."""
USABLE = 0.8
"""Part of a window whose lags are trusted; longer ones overlap too little."""
STILL = 0.45
"""Standard deviation of an envelope without onsets: a steady tone has 0.1, slowly beating pads
0.4, the softest of 200 twelve-second windows of real music 0.56."""


@dataclass(frozen=True, slots=True, eq=False)
class Tempogram:
    """Periodicity of each window of music in each band at each tempo of `tempo_axis`.

    Attributes
    ----------
    fourier, autocorrelation : np.ndarray [shape=(windows, bands + 1, bins), dtype=float32]
        Magnitude of the windowed onset envelope at the tempo's frequency over its norm;
        autocorrelation at its beat period, 1 for exact repetition. The last band is the sum of
        all. Windows without onsets are left out.
    """

    fourier: NDArray[np.float32]
    autocorrelation: NDArray[np.float32]


@cache
def tempo_axis() -> NDArray[np.float64]:
    """Return the tempo of each bin in BPM [shape=(bins,)]."""
    axis: NDArray[np.float64] = LOWEST_BPM * 2 ** (np.arange(OCTAVES * PER_OCTAVE) / PER_OCTAVE)
    return axis


def tempogram(envelopes: NDArray[np.float32], rate: float) -> Tempogram:
    """Measure the periodicities of onset envelopes.

    Parameters
    ----------
    envelopes : np.ndarray [shape=(n, bands)]
    rate : float > 0
        Frames a second.

    Returns
    -------
    Tempogram
        One window each `HOP_SECONDS`; music shorter than a window is one window.
    """
    length = min(len(envelopes), round(WINDOW_SECONDS * rate))
    starts = range(0, len(envelopes) - length + 1, round(HOP_SECONDS * rate))
    bands = _with_sum(envelopes)
    windows = (bands[:, start : start + length] for start in starts)
    moving = [window for window in windows if _moves(window)]
    empty = np.zeros((0, envelopes.shape[1] + 1, len(tempo_axis())), np.float32)
    pairs = [
        _transform(np.stack(moving[i : i + AT_ONCE]), rate) for i in range(0, len(moving), AT_ONCE)
    ]
    return Tempogram(
        np.concatenate([empty, *(p[0] for p in pairs)]),
        np.concatenate([empty, *(p[1] for p in pairs)]),
    )


def _with_sum(envelopes: NDArray[np.float32]) -> NDArray[np.float32]:
    bands = np.empty((envelopes.shape[1] + 1, len(envelopes)), np.float32)
    bands[:-1] = envelopes.T
    bands[-1] = envelopes @ np.ones(envelopes.shape[1], np.float32)
    return bands


def _moves(x: NDArray[np.float32]) -> bool:
    return x.shape[1] > 1 and float(x[-1].std()) > STILL


def _transform(
    x: NDArray[np.float32], rate: float
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    count = x.shape[-1]
    taper, overlap = _taper(count)
    tapered = (x - x.mean(axis=-1, keepdims=True)) * taper
    spectrum = fft.rfft(tapered, N_FFT)
    power = spectrum.real**2 + spectrum.imag**2
    norm = np.sqrt((tapered**2).sum(axis=-1, keepdims=True) * count) + np.float32(1e-9)
    lags = fft.irfft(power[..., ::SKIP])[..., : len(overlap)] / overlap
    lags /= lags[..., :1] + np.float32(1e-9)
    hertz = tempo_axis() / 60
    fourier = between(np.sqrt(power), hertz * (N_FFT / rate)) / norm
    return fourier, np.maximum(between(lags, rate / hertz), 0)


@lru_cache
def _taper(count: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return a window of `count` frames, and its autocorrelation at the lags that are trusted."""
    taper = np.hanning(count + 2)[1:-1].astype(np.float32)
    overlap = fft.irfft(np.abs(fft.rfft(taper, N_FFT // SKIP)) ** 2)[: round(count * USABLE)]
    return taper, np.maximum(overlap, 1e-6 * overlap[0])
