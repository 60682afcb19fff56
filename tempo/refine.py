"""Tempo between the bins: the frequency at which the beat and its divisions agree best."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tempo.spectra import magnitudes

REACH = 0.015
"""Looked for within this of the given tempo: two bins of the tempogram."""
STEP = 0.0005
"""Grid of that search; a parabola reads between its points."""
HARMONICS = np.arange(1, 5)
"""Beat, halves, thirds and quarters of it: the finer the division, the sharper its peak."""
WINDOW_SECONDS = 30.0
"""Long enough to tell 0.1 % apart, short enough that a drummer's drift does not blur it."""
N_FFT = 65_536
"""Points of a transformed window, zeros included: 0.08 BPM apart at 86 frames a second."""


@dataclass(frozen=True, slots=True, eq=False)
class FineSpectrum:
    """Magnitude spectrum of an onset envelope, averaged over long windows.

    Attributes
    ----------
    magnitude : np.ndarray [shape=(N_FFT // 2 + 1,)]
    rate : float > 0
        Frames a second.
    """

    magnitude: NDArray[np.float64]
    rate: float


def fine_spectrum(envelope: NDArray[np.float32], rate: float) -> FineSpectrum:
    """Transform an onset envelope [shape=(n,)] in windows of `WINDOW_SECONDS`."""
    length = min(len(envelope), round(WINDOW_SECONDS * rate))
    starts = range(0, len(envelope) - length + 1, max(1, length // 2))
    magnitude = np.zeros(N_FFT // 2 + 1)
    for some in magnitudes(envelope, starts, length, N_FFT):
        magnitude += some.sum(axis=0, dtype=np.float64)
    return FineSpectrum(magnitude, rate)


def refine(spectrum: FineSpectrum, bpm: float) -> float:
    """Read a tempo to a few hundredths of a percent.

    Parameters
    ----------
    spectrum : FineSpectrum
    bpm : float > 0
        Tempo to within `REACH`.

    Returns
    -------
    float > 0
        BPM at which the magnitudes of the beat's frequency and its harmonics sum highest.
    """
    ratios = 1 + np.arange(-REACH, REACH + STEP / 2, STEP)
    points = np.outer(bpm / 60 * ratios, HARMONICS) * (N_FFT / spectrum.rate)
    index = np.arange(len(spectrum.magnitude))
    score = np.interp(points, index, spectrum.magnitude).sum(axis=1)
    return float(bpm * (ratios[0] + STEP * _peak(score)))


def _peak(score: NDArray[np.float64]) -> float:
    top = int(np.clip(np.argmax(score), 1, len(score) - 2))
    below, at, above = score[top - 1 : top + 2]
    bend = below - 2 * at + above
    return float(top + np.clip(0.5 * (below - above) / bend, -1, 1)) if bend < 0 else float(top)
