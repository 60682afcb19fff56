"""Onsets: how much new sound starts in each frame.

Spectral flux on a logarithmic power scale, as by Böck & Widmer, "Maximum filter vibrato
suppression for onset detection", DAFx 2013; here in sixteen registers, so that a kick, a snare
and a hi-hat can be told apart, and in six broad bands of them.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from tempo.features import N_MELS, Spectrogram, widened

REGISTERS = (0, 1, 2, 3, 5, 8, 12, 16, 20, 24, 29, 34, 40, 46, 52, 58, N_MELS)
"""Edges of the registers in mel bands: 50 Hz wide at the bottom, half an octave at the top."""
BANDS = (0, 2, 4, 6, 9, 12, len(REGISTERS) - 1)
"""Edges of the bands in registers: up to 0.13 kHz (kick), 0.3 (bass), 0.7, 1.5 (voices), 4 (snare)
and 11 (cymbals)."""
DYNAMIC_RANGE_DB = 40.0
"""Onsets this far below the loudest sounds count half; quieter ones fade away."""
LAG = 2
"""Frames over which a rise is measured: 23 ms, the length of a percussive attack."""
MEAN_SECONDS = 0.8
"""The mean rise over this span is removed, so that loud passages do not outweigh quiet ones."""
BLOCK = 1024
"""Frames converted at once: 12 s, which the processor's cache holds."""
SAMPLED = 8192
"""Frames among which the loudest sounds are looked for, evenly spread."""


@dataclass(frozen=True, slots=True, eq=False)
class Flux:
    """What sounds in each register, and how it rises; independent of gain and polarity.

    Attributes
    ----------
    level, rise : np.ndarray [shape=(n, len(REGISTERS) - 1), dtype=float32]
        Logarithm of the power, 0 far below the loudest sounds; its rise over `LAG` frames less
        the mean rise around.
    rate : float > 0
        Frames a second.
    """

    level: NDArray[np.float32]
    rise: NDArray[np.float32]
    rate: float

    @property
    def onsets(self) -> NDArray[np.float32]:
        """Rise of each register above its local mean, >= 0 [shape=(n, len(REGISTERS) - 1)]."""
        return np.maximum(self.rise, 0)


def spectral_flux(spectrogram: Spectrogram) -> Flux:
    """Measure level and rise of each register."""
    db = spectrogram.db
    # Apart, because of an hour of music both fit into memory that was used and is free again.
    level, rise = (np.zeros((len(db), len(REGISTERS) - 1), np.float32) for _ in range(2))
    if not len(db):
        return Flux(level, rise, spectrogram.rate)
    loudest = widened(db[:: max(1, len(db) // SAMPLED)]).max(axis=1)
    peak = float(np.percentile(loudest, 95))
    for start in range(0, len(db), BLOCK):
        # The first frames of all have nothing before them to rise from.
        before = min(start, LAG)
        sounds = _logarithmic(db[start - before : start + BLOCK], peak)
        level[start : start + BLOCK] = sounds[before:] @ _means(REGISTERS, N_MELS)
        more = sounds[LAG:] - sounds[:-LAG]
        np.maximum(more, 0, out=more)
        rise[start + LAG - before : start + BLOCK] = more @ _means(REGISTERS, N_MELS)
    return Flux(level, _less_mean(rise, spectrogram.rate), spectrogram.rate)


def onset_envelopes(flux: Flux) -> NDArray[np.float32]:
    """Return the onsets of each band.

    Parameters
    ----------
    flux : Flux

    Returns
    -------
    np.ndarray [shape=(n, len(BANDS) - 1), dtype=float32]
        Rise above its local mean, >= 0.
    """
    widths = np.diff(REGISTERS).astype(np.float32)
    means = _means(BANDS, len(widths)) * widths[:, None]
    envelopes: NDArray[np.float32] = flux.rise @ (means / means.sum(axis=0))
    return np.maximum(envelopes, 0, out=envelopes)


def _less_mean(rise: NDArray[np.float32], rate: float) -> NDArray[np.float32]:
    """Return how far each column of `rise` [shape=(n, any even)] exceeds its local mean."""
    reach = round(MEAN_SECONDS * rate) // 2
    swing = np.empty_like(rise)
    for start in range(0, len(rise), BLOCK):
        here = slice(start, start + BLOCK)
        index = np.arange(start, min(start + BLOCK, len(rise)))
        low, high = np.maximum(index - reach, 0), np.minimum(index + reach + 1, len(rise))
        # A window at the edge of the piece reaches over zeros, which do not count.
        total = np.zeros((len(index) + 2 * reach + 1, rise.shape[1]))
        place = low[0] - start + reach + 1
        total[place : place + high[-1] - low[0]] = rise[low[0] : high[-1]]
        # Two columns as one complex number: a sum waits for the one before, two at a time.
        pairs = total.view(np.complex128)
        np.cumsum(pairs, axis=0, out=pairs)
        mean = (total[-len(index) :] - total[: len(index)]) / (high - low)[:, None]
        np.subtract(rise[here], mean.astype(np.float32), out=swing[here])
    return swing


def _logarithmic(db: NDArray[np.float16], peak: float) -> NDArray[np.float32]:
    level = widened(db)
    level -= np.float32(peak - DYNAMIC_RANGE_DB)
    np.minimum(level, 100, out=level)
    level *= np.float32(np.log(10) / 10)
    # Two steps that processors take eight at a time, as they do not with log1p.
    np.exp(level, out=level)
    level += 1
    return np.log(level, out=level)


@cache
def _means(edges: tuple[int, ...], count: int) -> NDArray[np.float32]:
    """Return the matrix [shape=(count, groups)] that takes the mean between each two edges."""
    groups = np.searchsorted(edges, np.arange(count), side="right") - 1
    matrix = np.eye(len(edges) - 1, dtype=np.float32)[groups]
    return np.asarray(matrix / matrix.sum(axis=0))
