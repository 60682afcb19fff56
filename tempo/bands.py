"""Loudness of seven frequency bands over time: what energy, build and intro are read from."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from tempo.features import FLOOR_DB, N_FFT, N_MELS, SAMPLE_RATE, Spectrogram, mel_filters, widened

EDGES = (0.0, 110.0, 250.0, 600.0, 1500.0, 3500.0, 7000.0, SAMPLE_RATE / 2)
"""Hz. Kick and bass; low, middle and high registers; presence; brilliance; air."""
LOW = 0
"""The band of the kick drum."""
RANGE_DB = 55.0
"""What lies this far below the music is masked by it, or is noise of the recording."""
FULL_DB = 12.0
"""A mel band this far below the mean counts as empty for fullness: what clipping spills into the
gaps between notes lies mostly lower, and is not a denser arrangement."""
PAUSE_DB = -35.0
"""Frames this far below the mean are pauses: a musician's decay still counts."""
CHUNK = 1 << 10
"""Frames widened to float32 at a time: 256 kB, which the processor's cache holds."""


@dataclass(frozen=True, slots=True, eq=False)
class Bands:
    """A track in seven bands, at equal loudness.

    Attributes
    ----------
    db : np.ndarray [shape=(n, 7), dtype=float32]
        Power of each band in dB relative to the loudness of the whole track, down to
        `-RANGE_DB`.
    level : np.ndarray [shape=(n,), dtype=float32]
        The same for the sum of the bands.
    fullness : np.ndarray [shape=(n,), dtype=float32]
        Spectral flatness in dB: near 0 for noise, near `-FULL_DB` for a single note.
    rate : float > 0
        Frames a second.
    """

    db: NDArray[np.float32]
    level: NDArray[np.float32]
    fullness: NDArray[np.float32]
    rate: float

    @property
    def playing(self) -> NDArray[np.bool_]:
        """Which frames are not pauses."""
        return self.level > PAUSE_DB


def bands(spectrogram: Spectrogram) -> Bands:
    """Return the bands of a spectrogram; a gain of the music does not change them."""
    parts = list(_measured(spectrogram.db))
    power = np.concatenate([part[0] for part in parts])
    fullness = np.concatenate([part[1] for part in parts])
    total = power @ np.ones(power.shape[1], np.float32)
    loud = total[total > _power(PAUSE_DB) * total.mean()] if len(total) else total
    reference = np.float32(loud.mean() if len(loud) else 1.0)
    floor = np.float32(_power(-RANGE_DB))
    return Bands(
        10 * np.log10(np.maximum(power / reference, floor)),
        10 * np.log10(np.maximum(total / reference, floor)),
        fullness,
        spectrogram.rate,
    )


def _measured(
    db: NDArray[np.float16],
) -> Iterator[tuple[NDArray[np.float32], NDArray[np.float32]]]:
    """Yield band powers [shape=(n, 7)] and fullness [shape=(n,)] of successive chunks."""
    group = _grouping()
    # A product is five times faster than a mean.
    mean = np.full((N_MELS, 1), 1 / N_MELS, np.float32)
    for start in range(0, max(1, len(db)), CHUNK):
        part = widened(db[start : start + CHUNK])
        power: NDArray[np.float32] = part * np.float32(np.log(10) / 10)
        np.exp(power, out=power)
        power *= part > FLOOR_DB
        part -= 10 * np.log10(np.maximum(power @ mean, _power(FLOOR_DB)))
        np.maximum(part, -FULL_DB, out=part)
        yield power @ group, (part @ mean)[:, 0]


@cache
def _grouping() -> NDArray[np.float32]:
    """Return which mel band belongs to which of ours [shape=(N_MELS, 7)]."""
    centers = mel_filters().argmax(1) * SAMPLE_RATE / N_FFT
    owner = np.searchsorted(EDGES, centers, side="right") - 1
    grouping: NDArray[np.float32] = np.eye(len(EDGES) - 1, dtype=np.float32)[owner]
    return grouping


def _power(db: float) -> float:
    return float(10 ** (db / 10))
