"""Spectrogram to tempo: metrical levels, confidence and drift."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tempo.features import Spectrogram
from tempo.onsets import onset_envelopes
from tempo.refine import fine_spectrum, refine
from tempo.tempogram import PER_OCTAVE, Tempogram, tempo_axis, tempogram
from tempo.track import TempoCandidate, TempoEstimate

SLOWEST, FASTEST = 40.0, 320.0
"""BPM: people tap between these (Moelants, "Preferred tempo reconsidered", ICMPC 2002)."""
PREFERRED = 120.0
"""BPM at which people tap most readily (the same)."""
SPREAD = 0.8
"""Standard deviation of that preference in octaves; wide, so that the music decides."""
LEVELS = (1 / 3, 1 / 2, 2 / 3, 1, 3 / 2, 2, 3)
"""Metrical levels looked at, as multiples of a salient tempo."""
PEAKS = 3
"""Salient tempi whose levels are looked at."""
APART = 0.04
"""Candidates closer than this are one; the tolerance of Accuracy1 in the literature."""
SHARPNESS = 3.0
"""Power that turns scores into saliences: the best is then right about as often as it says."""
NO_BEAT = 0.12
"""Beat strength under which there is no beat: noise stays below 0.1, singing above 0.15."""
LOCAL_RANGE = 0.25
"""Local tempo is looked for within this of the tempo, so that it keeps its octave."""


@dataclass(frozen=True, slots=True, eq=False)
class Pulse:
    """What the onsets of a piece say about its tempo, before anything is decided.

    Attributes
    ----------
    envelope : np.ndarray [shape=(n,)]
        Onsets of all bands.
    tempogram : Tempogram
    rate : float > 0
        Frames a second.
    """

    envelope: NDArray[np.float32]
    tempogram: Tempogram
    rate: float


def find_pulse(spectrogram: Spectrogram) -> Pulse:
    """Measure onsets and their periodicities."""
    envelope = onset_envelopes(spectrogram).sum(axis=1)
    return Pulse(envelope, tempogram(envelope, spectrogram.rate), spectrogram.rate)


def estimate_tempo(spectrogram: Spectrogram) -> TempoEstimate:
    """Estimate the tempo of a piece of music.

    Parameters
    ----------
    spectrogram : Spectrogram

    Returns
    -------
    TempoEstimate
        Metrical levels from `SLOWEST` to `FASTEST`; none, and confidence 0, without a beat.
    """
    pulse = find_pulse(spectrogram)
    strength = beat_strength(pulse)
    if strength < NO_BEAT:
        return TempoEstimate((), 0.0, 0.0)
    levels = salience(pulse.tempogram)
    fine = fine_spectrum(pulse.envelope, pulse.rate)
    bpms = [refine(fine, b) for b in _candidates(levels.mean(axis=0))]
    scores = _score(levels.mean(axis=0), np.array(bpms)) ** SHARPNESS
    shares = scores / scores.sum()
    order = np.argsort(-shares, kind="stable")
    candidates = tuple(TempoCandidate(bpms[i], float(shares[i])) for i in order)
    certainty = (strength - NO_BEAT) / (1 - NO_BEAT)
    confidence = min(1.0, float(shares[order[0]] * certainty**0.3))
    return TempoEstimate(candidates, confidence, drift(levels, candidates[0].bpm))


def salience(tempograms: Tempogram) -> NDArray[np.float32]:
    """Tell how salient each tempo is in each window.

    Returns
    -------
    np.ndarray [shape=(windows, bins), dtype=float32]
        A tempo whose double and fourfold are also periodic is salient: beats are divided.
    """
    both: NDArray[np.float32] = np.sqrt(tempograms.fourier * tempograms.autocorrelation)
    total: NDArray[np.float32] = both.copy()
    for octave, weight in ((1, 0.5), (2, 0.25)):
        shift = octave * PER_OCTAVE
        total[:, :-shift] += weight * both[:, shift:]
    return total


def beat_strength(pulse: Pulse) -> float:
    """Measure pulse clarity: how exactly the onsets repeat.

    The highest autocorrelation of the onset envelope over beat periods from `SLOWEST` to
    `FASTEST`, as Lartillot et al., "Multi-feature modeling of pulse clarity", ISMIR 2008.

    Returns
    -------
    float in [0, 1]
        Near 1 for a click track, near 0 for rain; 0 without sound.
    """
    axis = tempo_axis()
    lags = pulse.tempogram.autocorrelation[:, (axis >= SLOWEST) & (axis <= FASTEST)]
    return min(1.0, float(lags.mean(axis=0).max())) if len(lags) else 0.0


def drift(levels: NDArray[np.float32], bpm: float) -> float:
    """Measure how much the tempo changes: interquartile range of the local tempo / tempo.

    Parameters
    ----------
    levels : np.ndarray [shape=(windows, bins)]
        Salience of each tempo in each window.
    bpm : float > 0

    Returns
    -------
    float >= 0
    """
    axis = tempo_axis()
    near = np.flatnonzero(np.abs(axis / bpm - 1) <= LOCAL_RANGE)
    local = [axis[0] * 2 ** (_peak(row, near) / PER_OCTAVE) for row in levels if row.any()]
    low, high = np.percentile(local, [25, 75])
    return float((high - low) / bpm)


def _peak(row: NDArray[np.float32], bins: NDArray[np.intp]) -> float:
    """Return the highest of `bins`, read between bins along a parabola."""
    top = int(bins[np.argmax(row[bins])])
    below, at, above = (float(row[top + i]) for i in (-1, 0, 1))
    bend = below - 2 * at + above
    return top + (0.5 * (below - above) / bend if bend < 0 and at >= max(below, above) else 0.0)


def _score(row: NDArray[np.float32], bpms: NDArray[np.float64]) -> NDArray[np.float64]:
    position = np.log2(bpms / tempo_axis()[0]) * PER_OCTAVE
    prior = np.exp(-0.5 * (np.log2(bpms / PREFERRED) / SPREAD) ** 2)
    score: NDArray[np.float64] = np.interp(position, np.arange(len(row)), row) * prior
    return score


def _candidates(row: NDArray[np.float32]) -> list[float]:
    """Return the metrical levels of the most salient tempi, BPM, most salient first."""
    axis = tempo_axis()
    weighted = _score(row, axis)
    weighted[(axis < SLOWEST) | (axis > FASTEST)] = 0
    inner = weighted[1:-1]
    peaks = 1 + np.flatnonzero((inner > 0) & (inner >= weighted[:-2]) & (inner > weighted[2:]))
    best = peaks[np.argsort(-weighted[peaks], kind="stable")][:PEAKS]
    found: list[float] = []
    for bpm in (float(axis[p]) * level for level in LEVELS for p in best):
        if SLOWEST <= bpm <= FASTEST and all(abs(bpm / f - 1) > APART for f in found):
            found.append(bpm)
    return found
