"""Which metrical level would a listener tap? A small network, trained on real music.

Each candidate is described by the tempograms of every band at simple ratios of its tempo: what
happens once in two bars, a bar, a beat, half a beat. The network sees the same picture whatever
the tempo, and beside it the tempo itself, so it learns rhythm and preference apart.
`benchmarks/train_tempo.py` trains it.
"""

from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from tempo.tempogram import PER_OCTAVE, Tempogram, tempo_axis

RATIOS = (
    *(1 / 8, 1 / 6, 1 / 4, 1 / 3, 1 / 2, 2 / 3, 3 / 4),
    *(1, 4 / 3, 3 / 2, 2, 3, 4, 6, 8),
)
"""Metrical levels of a candidate that are looked at, as multiples of its tempo."""
CENTER = 110.0
"""BPM that counts as neither fast nor slow."""
POWERS = 3
"""Of the logarithm of the tempo that the network sees."""
LIMIT = 6.0
"""Standard deviations from the mean beyond which a feature says no more."""


@dataclass(frozen=True, slots=True, eq=False)
class Ranker:
    """An ensemble of networks with two hidden layers of rectifiers.

    Attributes
    ----------
    mean, scale : np.ndarray [shape=(features,)]
    weights, biases : tuple of np.ndarray
        One of each a layer [shape=(networks, inputs, outputs)], [shape=(networks, 1, outputs)].
    temperature : float > 0
        What scores are divided by, so that the softmax of them is right as often as it says.
    """

    mean: NDArray[np.float32]
    scale: NDArray[np.float32]
    weights: tuple[NDArray[np.float32], ...]
    biases: tuple[NDArray[np.float32], ...]
    temperature: float

    def probabilities(self, features: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return how probably each candidate is the tempo.

        Parameters
        ----------
        features : np.ndarray [shape=(k, features)]

        Returns
        -------
        np.ndarray [shape=(k,)]
            They sum to 1.
        """
        x = np.clip((features - self.mean) / self.scale, -LIMIT, LIMIT)[None]
        for weight, bias in zip(self.weights[:-1], self.biases[:-1], strict=True):
            x = np.maximum(x @ weight + bias, 0)
        scores = (x @ self.weights[-1] + self.biases[-1])[:, :, 0].astype(np.float64)
        scores = scores.mean(axis=0) / self.temperature
        odds = np.exp(scores - scores.max())
        share: NDArray[np.float64] = odds / odds.sum()
        return share


def describe(tempograms: Tempogram, bins: NDArray[np.intp]) -> NDArray[np.float32]:
    """Describe candidates to the ranker.

    Parameters
    ----------
    tempograms : Tempogram
        One window at least.
    bins : np.ndarray [shape=(k,)]
        Places of the candidates on `tempo_axis`.

    Returns
    -------
    np.ndarray [shape=(k, 2 * (bands + 1) * len(RATIOS) + POWERS), dtype=float32]
        Tempograms at `RATIOS`, the highest of three neighboring bins; then powers of log tempo.
    """
    views = (tempograms.fourier, tempograms.autocorrelation)
    rows = np.concatenate([view.mean(axis=0) for view in views])
    offsets = np.round(np.log2(RATIOS) * PER_OCTAVE).astype(np.intp)
    padded = np.pad(rows, ((0, 0), (len(tempo_axis()), len(tempo_axis()))))
    places = bins[:, None] + offsets + len(tempo_axis())
    near = np.max([padded[:, places + step] for step in (-1, 0, 1)], axis=0)
    pattern = near.transpose(1, 0, 2).reshape(len(bins), -1)
    pace = np.log2(tempo_axis()[bins] / CENTER)[:, None] ** np.arange(1, POWERS + 1)
    return np.concatenate([pattern, pace], axis=1).astype(np.float32)


@cache
def ranker() -> Ranker:
    """Return the trained ranker, read on first use."""
    with resources.files("tempo").joinpath("model.npz").open("rb") as file:
        stored = dict(np.load(file, allow_pickle=False))
    layers = range(sum(name.startswith("weight") for name in stored))
    return Ranker(
        stored["mean"].astype(np.float32),
        stored["scale"].astype(np.float32),
        tuple(stored[f"weight{i}"].astype(np.float32) for i in layers),
        tuple(stored[f"bias{i}"].astype(np.float32) for i in layers),
        float(stored["temperature"]),
    )
