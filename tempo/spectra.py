"""Spectra of the windows of an onset envelope, and what lies between the bins of a spectrum."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import fft

AT_ONCE = 8
"""Windows transformed at once: pocketfft takes four together, in half the time."""


def magnitudes(
    envelope: NDArray[np.float32], starts: Sequence[int], length: int, points: int
) -> Iterator[NDArray[np.float32]]:
    """Yield the magnitude spectra of windows, some at a time.

    Parameters
    ----------
    envelope : np.ndarray [shape=(n,)]
    starts : sequence of int
        First frame of each window.
    length : int > 0
        Frames of a window, from which the mean is taken before a Hann window tapers them.
    points : int >= length
        Of each transform, zeros included.

    Yields
    ------
    np.ndarray [shape=(k, points // 2 + 1), dtype=float32]
    """
    taper = np.hanning(length + 2)[1:-1].astype(np.float32)
    for first in range(0, len(starts), AT_ONCE):
        some = starts[first : first + AT_ONCE]
        windows = np.stack([envelope[start : start + length] for start in some])
        yield np.abs(fft.rfft((windows - windows.mean(axis=1, keepdims=True)) * taper, points))


def between(rows: NDArray[np.float32], positions: NDArray[np.float64]) -> NDArray[np.float32]:
    """Read rows at fractional positions along straight lines.

    Parameters
    ----------
    rows : np.ndarray [shape=(..., n)]
        Two values each at least.
    positions : np.ndarray [shape=(k,)]
        From 0; what lies beyond the last value is 0.

    Returns
    -------
    np.ndarray [shape=(..., k), dtype=float32]
    """
    last = rows.shape[-1] - 1
    below = np.minimum(positions.astype(np.intp), last - 1)
    part = (positions - below).astype(np.float32)
    values: NDArray[np.float32] = np.take(rows, below, axis=-1) * (1 - part)
    values += np.take(rows, below + 1, axis=-1) * part
    values[..., positions > last] = 0
    return values
