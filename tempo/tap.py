"""The tempo of a person tapping along."""

from collections.abc import Sequence

import numpy as np

FEWEST = 4
"""Taps before a tempo is worth saying."""
PAUSE = 3.0
"""Seconds without a tap after which a new attempt begins: slower than 20 BPM nobody taps."""


def tapped_bpm(times: Sequence[float]) -> float | None:
    """Return the tempo of taps.

    Parameters
    ----------
    times : sequence of float
        Seconds, rising.

    Returns
    -------
    float or None
        BPM: the slope of a line through the taps since the last pause, where missed taps count
        as beats; None while there are fewer than `FEWEST`.
    """
    taps = np.asarray(times, float)
    breaks = np.flatnonzero(np.diff(taps) > PAUSE)
    taps = taps[breaks[-1] + 1 :] if len(breaks) else taps
    if len(taps) < FEWEST:
        return None
    gaps = np.diff(taps)
    beats = np.concatenate([[0], np.cumsum(np.maximum(1, np.round(gaps / np.median(gaps))))])
    return float(60 / np.polyfit(beats, taps, 1)[0])
