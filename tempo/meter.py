"""Meter: whether beats come in twos and fours, in threes, or divide into three.

Music repeats itself after a bar more exactly than after any other number of beats, in what is
struck (onsets of each band) and in what is sung and played (the spectrum). Both are compared
with themselves some beats, and fractions of a beat, later (Gouyon & Herrera, "Determination of
the meter of musical audio signals", AES 2003); a logistic regression weighs what is found.
`benchmarks/meter.py` fits and judges it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from tempo.features import Spectrogram, widened
from tempo.track import UNKNOWN_METER, Meter

LAGS = (1 / 3, 1 / 2, 2 / 3, 1, 3 / 2, 2, 3, 4, 5, 6, 8, 9, 12, 16)
"""Beats after which the music is compared with itself: divisions, bars, phrases."""
METERS = (4, 3, 6)
"""What is told apart, in the order of the weights; see `tempo.track.Meter`."""
SURE = 0.7
"""A meter of less probability is unknown."""
WINDOW_SECONDS = 24.0
"""Sixteen beats at 60 BPM, and half as much again to compare them with."""
USABLE = 0.8
"""Part of a window whose lags are trusted; longer ones overlap too little."""
STRAY = 0.02
"""Lags within this are one: so far a band without a click strays in a few bars."""
RANGE_DB = 60.0
"""Sounds this far below the loudest are not compared: noise of the recording."""
NEAR = np.outer(LAGS, np.linspace(1 - STRAY, 1 + STRAY, 9))
"""Where the highest autocorrelation is looked for, in beats."""
BLOCK = 6
"""Frames averaged before spectra are compared: 70 ms, a sixteenth at 200 BPM."""


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """Multinomial logistic regression.

    Attributes
    ----------
    mean, scale : np.ndarray [shape=(features,)]
    slopes : np.ndarray [shape=(features, len(METERS))]
    offsets : np.ndarray [shape=(len(METERS),)]
    """

    mean: NDArray[np.float64]
    scale: NDArray[np.float64]
    slopes: NDArray[np.float64]
    offsets: NDArray[np.float64]

    def probabilities(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return how probable each of `METERS` is, for features [shape=(..., features)]."""
        scores = (features - self.mean) / self.scale @ self.slopes + self.offsets
        odds = np.exp(scores - scores.max(axis=-1, keepdims=True))
        share: NDArray[np.float64] = odds / odds.sum(axis=-1, keepdims=True)
        return share


def find_meter(
    spectrogram: Spectrogram, envelopes: NDArray[np.float32], bpm: float | None
) -> Meter:
    """Tell the meter of a piece.

    Parameters
    ----------
    spectrogram : Spectrogram
    envelopes : np.ndarray [shape=(n, bands)]
        Its onset envelopes.
    bpm : float > 0, or None where there is no beat

    Returns
    -------
    Meter
        Relative to `bpm`: a jig whose eighths are counted as beats has three of them a bar.
    """
    beat = 60 / bpm * spectrogram.rate if bpm else np.inf
    if LAGS[-1] * beat > USABLE * min(len(envelopes), WINDOW_SECONDS * spectrogram.rate):
        return UNKNOWN_METER
    shares = weights().probabilities(repetition(spectrogram, envelopes, beat))
    best = int(np.argmax(shares))
    sure = float(shares[best])
    return Meter(METERS[best] if sure >= SURE else None, sure)


def repetition(
    spectrogram: Spectrogram, envelopes: NDArray[np.float32], beat: float
) -> NDArray[np.float64]:
    """Return how exactly onsets and spectra repeat after `LAGS`, `beat` in frames.

    Returns
    -------
    np.ndarray [shape=(2 * len(LAGS),)]
        Autocorrelations, 1 for exact repetition: of the onsets, then of the spectra.
    """
    found = [
        np.concatenate([_self_similarity(part, beat), _self_similarity(spectra, beat / BLOCK)])
        for part, spectra in _windows(spectrogram, envelopes)
    ]
    mean: NDArray[np.float64] = np.mean(found, axis=0)
    return mean


def _windows(
    spectrogram: Spectrogram, envelopes: NDArray[np.float32]
) -> Iterator[tuple[NDArray[np.float32], NDArray[np.float32]]]:
    """Yield onsets [shape=(n, bands)] and spectra [shape=(n // BLOCK, mels)] of each window."""
    length = min(len(envelopes), round(WINDOW_SECONDS * spectrogram.rate))
    hop = length // 2
    # Half a window at a time: in single precision, all of an hour would take 80 MB.
    halves = [spectrogram.db[start : start + hop] for start in range(0, len(envelopes), hop)]
    floor = max(widened(half).max() for half in halves) - np.float32(RANGE_DB)
    heard = (np.maximum(widened(half), floor) for half in halves)
    starts = range(0, len(envelopes) - length + 1, hop)
    mean = np.full((1, BLOCK), 1 / BLOCK, np.float32)
    for start, pair in zip(starts, pairwise(heard), strict=False):
        whole = np.concatenate(pair)[: length // BLOCK * BLOCK]
        # A product is four times faster than a mean.
        blocks = mean @ whole.reshape(-1, BLOCK, whole.shape[1])
        yield envelopes[start : start + length], blocks[:, 0]


def _self_similarity(x: NDArray[np.float32], beat: float) -> NDArray[np.float64]:
    """Return the autocorrelation of the columns together, the highest near each of `LAGS`."""
    reach = min(len(x), int(LAGS[-1] * (1 + STRAY) * beat) + 2)
    points = fft.next_fast_len(len(x) + reach, real=True)
    # Each column by itself: transformed down a table they take twice as long.
    columns = np.zeros((x.shape[1], points), np.float32)
    columns[:, : len(x)] = (x - np.full(len(x), 1 / len(x), np.float32) @ x).T
    parts = fft.rfft(columns).view(np.float32)
    power = np.square(parts, out=parts).sum(axis=0).reshape(-1, 2).sum(axis=1)
    lags = fft.irfft(power, points)[:reach] / (len(x) - np.arange(reach))
    values = np.interp(NEAR * beat, np.arange(reach), lags / max(float(lags[0]), 1e-9))
    highest: NDArray[np.float64] = values.max(axis=1)
    return highest


@cache
def weights() -> Weights:
    """Return the fitted weights, read on first use."""
    with resources.files("tempo").joinpath("meter.npz").open("rb") as file:
        stored = dict(np.load(file, allow_pickle=False))
    return Weights(**{name: rows.astype(np.float64) for name, rows in stored.items()})
