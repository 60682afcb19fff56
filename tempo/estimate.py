"""Spectrogram to tempo: metrical levels, confidence and drift."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tempo.drift import drift, local_tempo, sections
from tempo.features import Spectrogram
from tempo.onsets import Flux, onset_envelopes, spectral_flux
from tempo.pattern import rhythm_patterns
from tempo.ranker import POWERS, describe, ranker, shortlist
from tempo.refine import fine_spectrum, refine
from tempo.tempogram import PER_OCTAVE, Tempogram, tempo_axis, tempogram
from tempo.track import TempoCandidate, TempoEstimate

SLOWEST, FASTEST = 48.0, 240.0
"""BPM: nearly all music is tapped between these; slower is told as double, faster as half."""
PREFERRED = 120.0
"""BPM at which people tap most readily (Moelants, "Preferred tempo", ICMPC 2002)."""
SPREAD = 1.0
"""Standard deviation of that preference in octaves; wide, so that the music decides."""
LEVELS = (1, 2, 1 / 2, 3 / 2, 2 / 3, 3, 1 / 3, 4 / 3, 3 / 4)
"""Metrical levels looked at, as multiples of the two most salient tempi."""
FEW_LEVELS = LEVELS[:3]
"""The same for the less salient."""
PEAKS = 5
"""Salient tempi whose levels are looked at."""
APART = 2
"""Bins (3 %) within which candidates are one."""
NO_BEAT = 0.12
"""Beat strength under which there is no beat: noise and speech stay below 0.1."""
SURE_BEAT = 0.25
"""Beat strength from which there certainly is one; all but one in fifty songs are above."""
CHANCE = 0.15
"""Added to both for a single window of music, where even 8 s of speech repeat by chance with up
to 0.27; it falls with the square of their number (20 s of speech: 0.13; a minute: 0.07)."""


@dataclass(frozen=True, slots=True, eq=False)
class Pulse:
    """What the onsets of a piece say about its tempo, before anything is decided.

    Attributes
    ----------
    flux : Flux
    envelopes : np.ndarray [shape=(n, bands)]
        Onset envelopes.
    tempogram : Tempogram
    rate : float > 0
        Frames a second.
    """

    flux: Flux
    envelopes: NDArray[np.float32]
    tempogram: Tempogram
    rate: float


def find_pulse(spectrogram: Spectrogram) -> Pulse:
    """Measure onsets and their periodicities."""
    flux = spectral_flux(spectrogram)
    envelopes = onset_envelopes(flux)
    return Pulse(flux, envelopes, tempogram(envelopes, flux.rate), flux.rate)


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
    return tempo_of(find_pulse(spectrogram))


def tempo_of(pulse: Pulse) -> TempoEstimate:
    """Estimate the tempo from what `find_pulse` measured; see `estimate_tempo`."""
    windows = max(1, len(pulse.tempogram.fourier))
    repeated = beat_strength(pulse) - CHANCE / windows**2
    certainty = (repeated - NO_BEAT) / (SURE_BEAT - NO_BEAT)
    if certainty <= 0:
        return TempoEstimate((), 0.0, 0.0)
    bins = metrical_levels(pulse.tempogram)
    onsets = pulse.envelopes @ np.ones(pulse.envelopes.shape[1], np.float32)
    fine = fine_spectrum(onsets, pulse.rate)
    bpms = [refine(fine, float(bpm)) for bpm in tempo_axis()[bins]]
    shares = _shares(pulse, bins, np.array(bpms))
    order = np.argsort(-shares, kind="stable")
    candidates = tuple(TempoCandidate(bpms[i], float(shares[i])) for i in order)
    confidence = candidates[0].salience * min(1.0, certainty)
    path = local_tempo(onsets, pulse.rate, candidates[0].bpm)
    changes = sections(path, onsets, pulse.rate)
    return TempoEstimate(candidates, confidence, drift(path, candidates[0].bpm), changes)


def _shares(pulse: Pulse, bins: NDArray[np.intp], bpms: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how probably each candidate is what a listener would tap."""
    features = describe(pulse.tempogram, bins)
    levels = ranker().level_scores(features)
    chosen = shortlist(levels)
    patterns = rhythm_patterns(pulse.flux, bpms[chosen], bpms[0]).mean(axis=1)
    seen = ranker().pattern_scores(patterns, features[chosen, -POWERS:])
    return ranker().probabilities(levels, chosen, seen)


def metrical_levels(tempograms: Tempogram) -> NDArray[np.intp]:
    """Return the places on `tempo_axis` of salient tempi and of their metrical levels.

    Parameters
    ----------
    tempograms : Tempogram
        One window at least.

    Returns
    -------
    np.ndarray [shape=(k,)]
        One at least, all from `SLOWEST` to `FASTEST`; the most salient first.
    """
    axis = tempo_axis()
    prior = np.exp(-0.5 * (np.log2(axis / PREFERRED) / SPREAD) ** 2)
    row = salience(tempograms).mean(axis=0) * prior
    inside = (axis >= SLOWEST) & (axis <= FASTEST)
    inner = np.where(inside, row, 0)[1:-1]
    peaks = 1 + np.flatnonzero(inside[1:-1] & (inner >= row[:-2]) & (inner >= row[2:]))
    peaks = peaks[np.argsort(-row[peaks], kind="stable")][:PEAKS]
    found: list[int] = []
    for rank, peak in enumerate(peaks):
        for level in LEVELS if rank < 2 else FEW_LEVELS:  # noqa: PLR2004 - see LEVELS
            place = int(peak) + round(np.log2(level) * PER_OCTAVE)
            if inside[place] and all(abs(place - other) > APART for other in found):
                found.append(place)
    return np.array(found or [int(np.argmax(np.where(inside, row, -1)))])


def salience(tempograms: Tempogram) -> NDArray[np.float32]:
    """Tell how salient each tempo is in each window.

    Returns
    -------
    np.ndarray [shape=(windows, bins), dtype=float32]
        A tempo whose double and fourfold are also periodic is salient: beats are divided.
    """
    views = tempograms.fourier[:, -1], tempograms.autocorrelation[:, -1]
    both: NDArray[np.float32] = np.sqrt(views[0] * views[1])
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
    lags = pulse.tempogram.autocorrelation[:, -1, (axis >= SLOWEST) & (axis <= FASTEST)]
    return min(1.0, float(lags.mean(axis=0).max())) if len(lags) else 0.0
