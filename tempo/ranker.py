"""Which metrical level would a listener tap? Two small networks, trained on real music.

The first sees the tempograms of every band at simple ratios of a candidate's tempo: what happens
once in two bars, a bar, a beat, half a beat. The second sees who plays what in four beats of each
candidate that the first leaves open (`tempo.pattern`): circular convolutions, whose strongest and
mean responses do not depend on where a bar starts. Both see the same picture whatever the tempo,
and beside it the tempo itself, so they learn rhythm and preference apart.
`benchmarks/train_tempo.py` trains them.
"""

from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from tempo.tempogram import PER_OCTAVE, Tempogram, tempo_axis

Array = NDArray[np.float32]
Scores = NDArray[np.float64]

RATIOS = (
    *(1 / 8, 1 / 6, 1 / 4, 1 / 3, 1 / 2, 2 / 3, 3 / 4),
    *(1, 4 / 3, 3 / 2, 2, 3, 4, 6, 8),
)
"""Metrical levels of a candidate that are looked at, as multiples of its tempo."""
CENTER = 110.0
"""BPM that counts as neither fast nor slow."""
POWERS = 3
"""Of the logarithm of the tempo that the networks see."""
LIMIT = 6.0
"""Standard deviations from the mean beyond which a feature says no more."""
TAPS = 5
"""Positions of a pattern that a convolution sees at once."""
DILATIONS = (1, 2)
"""How far apart they are in each convolution: together they reach over a beat and a half."""
SHORTLIST = 4
"""Candidates whose patterns are looked at: for 997 of 1000 songs the true one is among them."""
UNLIKELY = -9.0
"""Logarithm of the smallest probability that patterns give, and of that off the shortlist."""


@dataclass(frozen=True, slots=True, eq=False)
class Layers:
    """Equal layers of several networks: an ensemble, whose scores are averaged.

    Attributes
    ----------
    mean, scale : np.ndarray [shape=(features,)]
        Of what the first layer is given.
    weights, biases : tuple of np.ndarray
        One of each a layer [shape=(networks, inputs, outputs)], [shape=(networks, 1, outputs)].
    """

    mean: Array
    scale: Array
    weights: tuple[Array, ...]
    biases: tuple[Array, ...]

    def dense(self, x: Array, first: int = 0) -> Scores:
        """Return the mean score of each row.

        Parameters
        ----------
        x : np.ndarray [shape=(k, inputs) or (networks, k, inputs)]
            What goes into layer `first`; rectifiers follow all layers but the last.

        Returns
        -------
        np.ndarray [shape=(k,)]
        """
        for weight, bias in zip(self.weights[first:-1], self.biases[first:-1], strict=True):
            x = np.maximum(x @ weight + bias, 0)
        scores = (x @ self.weights[-1] + self.biases[-1])[:, :, 0]
        return np.asarray(scores.astype(np.float64).mean(axis=0))


@dataclass(frozen=True, slots=True, eq=False)
class Ranker:
    """Both ensembles.

    Attributes
    ----------
    levels, patterns : Layers
        The first is dense, the second begins with convolutions.
    temperature : float > 0
        What scores are divided by, so that the softmax of them is right as often as it says.
    """

    levels: Layers
    patterns: Layers
    temperature: float

    def level_scores(self, features: Array) -> Scores:
        """Score candidates by their tempograms.

        Parameters
        ----------
        features : np.ndarray [shape=(k, features)]
            Of `describe`.

        Returns
        -------
        np.ndarray [shape=(k,)]
        """
        x = (features - self.levels.mean) / self.levels.scale
        return self.levels.dense(np.clip(x, -LIMIT, LIMIT)[None])

    def pattern_scores(self, patterns: Array, pace: Array) -> Scores:
        """Score candidates by their patterns.

        Parameters
        ----------
        patterns : np.ndarray [shape=(k, POSITIONS, CHANNELS)]
            Of `tempo.pattern`, mean of all windows.
        pace : np.ndarray [shape=(k, POWERS)]
            The last of `describe`.

        Returns
        -------
        np.ndarray [shape=(k,)]
        """
        net = self.patterns
        x = ((patterns - net.mean) / net.scale)[None]
        for weight, bias, dilation in zip(net.weights, net.biases, DILATIONS, strict=False):
            x = np.maximum(neighbors(x, dilation) @ weight[:, None] + bias[:, None], 0)
        paces = np.broadcast_to(pace, (len(x), *pace.shape))
        return net.dense(
            np.concatenate([x.mean(axis=2), x.max(axis=2), paces], axis=2), len(DILATIONS)
        )

    def probabilities(
        self, levels: Scores, chosen: NDArray[np.intp], patterns: Scores
    ) -> NDArray[np.float64]:
        """Return how probably each candidate is the tempo.

        Parameters
        ----------
        levels : np.ndarray [shape=(k,)]
            Scores of all.
        chosen : np.ndarray [shape=(m,)]
            The `shortlist`.
        patterns : np.ndarray [shape=(m,)]
            Scores of these.

        Returns
        -------
        np.ndarray [shape=(k,)]
            They sum to 1.
        """
        seen = np.full(len(levels), UNLIKELY)
        seen[chosen] = np.maximum(log_softmax(patterns), UNLIKELY)
        return np.exp(log_softmax((log_softmax(levels) + seen) / self.temperature))


def shortlist(levels: Scores) -> NDArray[np.intp]:
    """Return which candidates have the highest of the scores, best first."""
    return np.argsort(-levels, kind="stable")[:SHORTLIST]


def log_softmax(scores: Scores) -> Scores:
    """Return the logarithms of the probabilities that belong to scores [shape=(k,)]."""
    shifted = scores - scores.max()
    return np.asarray(shifted - np.log(np.exp(shifted).sum()))


def neighbors(x: Array, dilation: int) -> Array:
    """Put each position of a pattern beside those around it; the last is next to the first.

    Parameters
    ----------
    x : np.ndarray [shape=(..., positions, channels)]
    dilation : int > 0
        From one neighbor to the next.

    Returns
    -------
    np.ndarray [shape=(..., positions, TAPS * channels)]
    """
    shifts = [dilation * (tap - TAPS // 2) for tap in range(TAPS)]
    return np.concatenate([np.roll(x, -shift, axis=-2) for shift in shifts], axis=-1)


def describe(tempograms: Tempogram, bins: NDArray[np.intp]) -> NDArray[np.float32]:
    """Describe candidates to the first network.

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
    return Ranker(
        _layers(stored, "levels"), _layers(stored, "patterns"), float(stored["temperature"])
    )


def _layers(stored: dict[str, NDArray[np.float32]], name: str) -> Layers:
    count = sum(key.startswith(f"{name}_weight") for key in stored)
    return Layers(
        stored[f"{name}_mean"].astype(np.float32),
        stored[f"{name}_scale"].astype(np.float32),
        tuple(stored[f"{name}_weight{i}"].astype(np.float32) for i in range(count)),
        tuple(stored[f"{name}_bias{i}"].astype(np.float32) for i in range(count)),
    )
