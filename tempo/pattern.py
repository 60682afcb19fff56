"""Rhythm patterns: what every register plays at each sixteenth and thirty-second of four beats.

Music is folded onto four beats of a candidate tempo. With kick and snare taking turns from beat
to beat the candidate is the level at which people tap; with both in every beat it is half of it,
with one of them every other beat the double. The tempograms, which know no phase, cannot tell
(Klapuri, Eronen & Astola, "Analysis of the meter of acoustic musical signals", IEEE TASLP 2006,
and Hockman & Fujinaga, "Fast vs slow: learning tempo octaves from user data", ISMIR 2010, decide
by such patterns).
"""

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from tempo.onsets import REGISTERS, Flux
from tempo.spectra import between, magnitudes

BEATS = 4
"""A bar of most music."""
POSITIONS = 8 * BEATS
"""Thirty-seconds: 12 frames apart at 60 BPM, 4 at 180."""
CHANNELS = 2 * (len(REGISTERS) - 1)
"""Onsets and level of each register."""
WINDOW_SECONDS = 12.0
"""Folded at once: six bars at 120 BPM; a band without a click hardly drifts within."""
HOP_SECONDS = 6.0
MOST_WINDOWS = 16
"""A minute and a half; of longer music so many, evenly spread."""
REACH = 0.03
"""The tempo of a window is looked for within this of the track's."""
STEP = 0.0025
"""Grid of that search: over a window a tempo that far off slips by a sixteenth at 120 BPM."""
HARMONICS = np.array([1, 2, 4])
"""Beat, half and quarter, whose magnitudes are summed in that search."""
N_FFT = 16_384
"""Points of a transformed window, zeros included: 0.3 BPM apart at 86 frames a second."""
QUIET = 0.02
"""Added to the standard deviation of a register's onsets, which may have none."""


def rhythm_patterns(flux: Flux, bpms: NDArray[np.float64], salient: float) -> NDArray[np.float32]:
    """Fold music onto four beats of each candidate.

    Parameters
    ----------
    flux : Flux
        Long enough for one window of the tempogram.
    bpms : np.ndarray [shape=(k,)]
        Candidates, each to a percent or better.
    salient : float > 0
        BPM of the most salient one, whose drift is followed.

    Returns
    -------
    np.ndarray [shape=(k, windows, POSITIONS, CHANNELS), dtype=float32]
        Mean onsets of each register in standard deviations, then level less its mean. All windows
        of a candidate start at the same place of its four beats; which one that is, is arbitrary.
    """
    onsets = flux.onsets
    scale = _deviations(onsets) + np.float32(QUIET)
    length = min(len(onsets), round(WINDOW_SECONDS * flux.rate))
    starts = _starts(len(onsets), length, flux.rate)
    windows = [
        np.concatenate([onsets[s : s + length] / scale, flux.level[s : s + length]], axis=1)
        for s in starts
    ]
    sums = onsets @ np.reciprocal(scale)
    strongest = np.argsort([-sums[s : s + length].std() for s in starts], kind="stable")
    local = _local_ratios(sums, starts, length, flux.rate, salient)
    return _aligned(np.stack([_folded(windows, b * local, flux.rate) for b in bpms]), strongest)


def _deviations(x: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the standard deviation of each column, a quarter of the way that numpy goes."""
    mean = np.full(len(x), 1 / len(x), np.float32) @ x
    squares: NDArray[np.float32] = np.einsum("ij,ij->j", x, x) / len(x)
    return np.asarray(np.sqrt(np.maximum(squares - mean**2, 0)), np.float32)


def _starts(count: int, length: int, rate: float) -> list[int]:
    starts = list(range(0, count - length + 1, round(HOP_SECONDS * rate)))
    spread = np.linspace(0, len(starts) - 1, min(len(starts), MOST_WINDOWS)).round().astype(int)
    return [starts[i] for i in spread]


def _local_ratios(
    onsets: NDArray[np.float32], starts: list[int], length: int, rate: float, bpm: float
) -> NDArray[np.float64]:
    """Return by what factor each window is faster than the track."""
    ratios = 1 + np.arange(-REACH, REACH + STEP / 2, STEP)
    points = np.outer(HARMONICS, bpm / 60 * ratios).ravel() * (N_FFT / rate)
    rows = [between(some, points) for some in magnitudes(onsets, starts, length, N_FFT)]
    score = np.concatenate(rows).reshape(len(starts), len(HARMONICS), -1).sum(axis=1)
    return np.asarray(ratios[score.argmax(axis=1)])


def _folded(
    windows: list[NDArray[np.float32]], bpms: NDArray[np.float64], rate: float
) -> NDArray[np.float32]:
    """Return the mean of windows at each position [shape=(windows, POSITIONS, CHANNELS)]."""
    weights = {bpm: _weights(len(windows[0]), bpm, rate) for bpm in set(bpms)}
    folded = np.stack([weights[bpm] @ window for bpm, window in zip(bpms, windows, strict=True)])
    levels = folded[:, :, CHANNELS // 2 :]
    levels -= levels.mean(axis=1, keepdims=True)
    return folded


def _weights(count: int, bpm: float, rate: float) -> NDArray[np.float32]:
    """Return how much each frame counts at each position [shape=(POSITIONS, count)]."""
    frames = np.arange(count)
    places = frames * (bpm / 60 / rate / BEATS * POSITIONS)
    below = places.astype(np.intp)
    share = (places - below).astype(np.float32)
    weights = np.zeros((POSITIONS, count), np.float32)
    weights[below % POSITIONS, frames] = 1 - share
    weights[(below + 1) % POSITIONS, frames] = share
    weights /= weights.sum(axis=1, keepdims=True) + np.float32(1e-3)
    return weights


def _aligned(folded: NDArray[np.float32], order: NDArray[np.intp]) -> NDArray[np.float32]:
    """Turn each window to agree with those before.

    Parameters
    ----------
    folded : np.ndarray [shape=(k, windows, POSITIONS, CHANNELS)]
        Of each candidate; all are turned at once, which takes a third of the time.
    order : np.ndarray [shape=(windows,)]
        Which window comes before which.
    """
    onsets = folded[..., : CHANNELS // 2]
    spectra = fft.rfft(onsets - onsets.mean(axis=2, keepdims=True), axis=2)
    place = np.arange(POSITIONS)
    turns = np.exp(-2j * np.pi * np.outer(place, np.arange(spectra.shape[2])) / POSITIONS)
    total, found = np.zeros_like(spectra[:, 0]), np.zeros_like(folded)
    for i in order:
        agreement = fft.irfft((total * spectra[:, i].conj()).sum(axis=2), POSITIONS)
        shifts = agreement.argmax(axis=1)
        total += spectra[:, i] * turns[shifts][:, :, None]
        origin = (place - shifts[:, None]) % POSITIONS
        found[:, i] = np.take_along_axis(folded[:, i], origin[:, :, None], axis=1)
    return found
