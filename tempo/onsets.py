"""Onset envelopes: how much new sound starts in each frame.

Spectral flux on a logarithmic power scale, as by Böck & Widmer, "Maximum filter vibrato
suppression for onset detection", DAFx 2013; here in a few broad bands of frequency, so that a
kick, a snare and a hi-hat can be told apart.
"""

import numpy as np
from numpy.typing import NDArray

from tempo.features import N_MELS, Spectrogram

BANDS = ((0, 2), (2, 5), (5, 12), (12, 24), (24, 40), (40, N_MELS))
"""Mel bands up to 0.13 kHz (kick), 0.3 (bass), 0.7, 1.5 (voices), 4 (snare) and 11 (cymbals)."""
DYNAMIC_RANGE_DB = 40.0
"""Onsets this far below the loudest sounds count half; quieter ones fade away."""
LAG = 2
"""Frames over which a rise is measured: 23 ms, the length of a percussive attack."""
MEAN_SECONDS = 0.8
"""The mean envelope of this span is removed, so that loud passages do not outweigh quiet ones."""
BLOCK = 1024
"""Frames converted at once: 12 s, which the processor's cache holds."""
SAMPLED = 8192
"""Frames among which the loudest sounds are looked for, evenly spread."""


def onset_envelopes(spectrogram: Spectrogram) -> NDArray[np.float32]:
    """Measure the onsets of each band.

    Parameters
    ----------
    spectrogram : Spectrogram

    Returns
    -------
    np.ndarray [shape=(n, len(BANDS)), dtype=float32]
        Rise of log power above its local mean, >= 0; independent of gain and polarity.
    """
    db = spectrogram.db
    if not len(db):
        return np.zeros((0, len(BANDS)), np.float32)
    peak = float(np.percentile(db[:: max(1, len(db) // SAMPLED)].max(axis=1), 95))
    starts = range(0, len(db), BLOCK)
    flux = np.concatenate([_flux(db[max(0, i - LAG) : i + BLOCK], peak, i) for i in starts])
    return np.maximum(flux - _local_mean(flux, round(MEAN_SECONDS * spectrogram.rate)), 0)


def _flux(db: NDArray[np.float16], peak: float, start: int) -> NDArray[np.float32]:
    relative = np.minimum(db.astype(np.float32) - (peak - DYNAMIC_RANGE_DB), 100)
    level = np.log1p(np.exp(relative * np.float32(np.log(10) / 10)))
    rise = np.maximum(level[LAG:] - level[:-LAG], 0)
    bands = np.stack([rise[:, low:high].mean(axis=1) for low, high in BANDS], axis=1)
    # The first frames of all have nothing before them to rise from.
    return np.concatenate([np.zeros((LAG, len(BANDS)), np.float32), bands]) if start == 0 else bands


def _local_mean(x: NDArray[np.float32], width: int) -> NDArray[np.float32]:
    total = np.concatenate([np.zeros((1, x.shape[1])), np.cumsum(x, axis=0, dtype=np.float64)])
    index = np.arange(len(x))
    low, high = np.maximum(index - width // 2, 0), np.minimum(index + width // 2 + 1, len(x))
    mean: NDArray[np.float32] = ((total[high] - total[low]) / (high - low)[:, None]).astype(
        np.float32
    )
    return mean
