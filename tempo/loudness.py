"""Integrated loudness of a stream of audio, by ITU-R BS.1770-4."""

from functools import cache

import numpy as np
from numpy.typing import NDArray
from pyloudnorm import IIRfilter
from scipy import signal

SILENCE = -70.0
"""LUFS. The absolute gate: what lies below is not heard (BS.1770-4 Annex 1, eq. 5)."""
RELATIVE_GATE = -10.0
"""LU. Blocks this far below the mean are pauses (BS.1770-4 Annex 1, eq. 6)."""
OFFSET = -0.691
"""LU. Makes a full-scale 997 Hz sine in one channel -3.01 LUFS (BS.1770-4 Annex 1, eq. 2)."""
STEP = 0.1
"""Seconds from one gating block to the next: a quarter of a block (BS.1770-4 Annex 1)."""
STEPS = 4
"""Steps in a gating block of 400 ms."""
SURROUND = 1.41
"""Power gain of a channel behind the listener (BS.1770-4 Annex 1, table 3)."""
GAINS = {5: (1.0, 1.0, 1.0, SURROUND, SURROUND), 6: (1.0, 1.0, 1.0, 0.0, SURROUND, SURROUND)}
"""Power gains by number of channels, in WAVE order; of six the fourth is the subwoofer."""


class LoudnessMeter:
    """Turns a stream of audio blocks of any length into one loudness.

    Memory is one number for each tenth of a second.

    Parameters
    ----------
    sample_rate : int >= 400
        Hz.
    channels : int > 0
        Mono, stereo, 5.0 and 5.1 count as the standard says; in other layouts all count alike.
    """

    def __init__(self, sample_rate: int, channels: int) -> None:
        self._hop = round(STEP * sample_rate)
        self._filters = _k_weighting(sample_rate)
        gains = np.array(GAINS.get(channels, (1.0,) * channels))
        self._gains = None if np.all(gains == 1) else np.sqrt(gains).astype(np.float32)
        # Two channels pass as the parts of one complex number in half the time: the filters
        # are real, and a sum of squares does not mind which part a sample came in.
        self._dtype = np.dtype(np.float32 if channels % 2 else np.complex64)
        columns = channels * 4 // self._dtype.itemsize
        self._state = np.zeros((len(self._filters), 2, columns), self._dtype)
        self._pending = np.zeros((0, channels), np.float32)
        self._powers: list[NDArray[np.float32]] = []

    def add(self, y: NDArray[np.float32]) -> None:
        """Take the next samples, finite float32 [shape=(n, channels)].

        Blocks of a second or more cost least.
        """
        pending = np.concatenate([self._pending, self._filter(y)])
        whole = len(pending) // self._hop * self._hop
        self._powers.append(self._mean_squares(pending[:whole]))
        self._pending = pending[whole:]

    def loudness(self) -> float:
        """Return the integrated loudness so far, LUFS; `SILENCE` if nothing is heard.

        Music shorter than a gating block is measured as if silence filled the block.
        """
        rest = np.zeros((self._hop, self._pending.shape[1]), np.float32)
        rest[: len(self._pending)] = self._pending
        # Half a step or more at the end counts as a whole one, as in pyloudnorm.
        tail = self._mean_squares(rest)[: round(len(self._pending) / self._hop)]
        powers = np.concatenate([*self._powers, tail], dtype=np.float64)
        return _gated(np.pad(powers, (0, max(0, STEPS - len(powers)))))

    def _filter(self, y: NDArray[np.float32]) -> NDArray[np.float32]:
        if not len(y):
            return y
        weighted = np.ascontiguousarray(y if self._gains is None else y * self._gains)
        filtered, self._state = signal.sosfilt(
            self._filters, weighted.view(self._dtype), axis=0, zi=self._state
        )
        return np.ascontiguousarray(filtered).view(np.float32)

    def _mean_squares(self, filtered: NDArray[np.float32]) -> NDArray[np.float32]:
        steps = filtered.reshape(len(filtered) // self._hop, self._hop * filtered.shape[1])
        squares: NDArray[np.float32] = np.einsum("ij,ij->i", steps, steps)
        return squares / np.float32(self._hop)


@cache
def _k_weighting(sample_rate: int) -> NDArray[np.float32]:
    """Return the two filters of BS.1770-4 Annex 1 as `pyloudnorm.Meter` designs them."""
    shelf = IIRfilter(4.0, 1 / np.sqrt(2), 1500.0, sample_rate, "high_shelf")
    high_pass = IIRfilter(0.0, 0.5, 38.0, sample_rate, "high_pass")
    sections = [np.concatenate([band.b, band.a]) for band in (shelf, high_pass)]
    return np.array(sections, np.float32)


def _gated(powers: NDArray[np.float64]) -> float:
    """Return the loudness of steps of the given mean squares (BS.1770-4 Annex 1, eq. 4-7)."""
    blocks = np.lib.stride_tricks.sliding_window_view(powers, STEPS).mean(1)
    heard = blocks[blocks > 10 ** ((SILENCE - OFFSET) / 10)]
    if not len(heard):
        return SILENCE
    gate = heard.mean() * 10 ** (RELATIVE_GATE / 10)
    return float(OFFSET + 10 * np.log10(heard[heard > gate].mean()))
