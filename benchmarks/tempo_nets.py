"""Train the networks of `tempo.ranker`; needs torch.

Every song is a list of candidates (`metrical_levels`), and each network learns to give those within
4 % of the true tempo all the probability: the first among all, the second among those that the
first leaves. The tempo is jittered as if the recording had been played up to a tenth of an octave
faster or slower: neither the tempograms nor the patterns of a candidate change by that. The second
hears the whole of a song or a half of it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import dropout

from benchmarks.tempo_songs import Array, Example, weights
from tempo.pattern import CHANNELS
from tempo.ranker import (
    DILATIONS,
    LIMIT,
    POWERS,
    SHORTLIST,
    TAPS,
    Layers,
    Ranker,
    shortlist,
)

HIDDEN = (64, 32)
"""Units of the first network."""
FILTERS = 24
"""Channels of each convolution of the second."""
PATTERN_HIDDEN = 32
EPOCHS, PATTERN_EPOCHS = 20, 40
BATCH = 32
RATE = 2e-3
DECAY = 1e-3
DROP_INPUT, DROP_HIDDEN = 0.1, 0.4
DROP_POOLED = 0.3
JITTER = 0.1
"""Octaves, standard deviation."""
SMOOTHING = 0.03
"""Probability left for the other candidates: no label is that certain."""

Score = Callable[[nn.Module, Tensor], Tensor]


@dataclass(frozen=True, slots=True, eq=False)
class Lists:
    """Candidates of each song, filled up to equal length.

    Attributes
    ----------
    right : torch.Tensor [shape=(songs, k)]
        1 for each that is right.
    real : torch.Tensor [shape=(songs, k), dtype=bool]
        False for the fillers.
    weight : torch.Tensor [shape=(songs,)]
    """

    right: Tensor
    real: Tensor
    weight: Tensor


def train(examples: list[Example], networks: int) -> Ranker:
    """Train both ensembles on songs."""
    levels = train_levels([e for e in examples if e.right.any()], networks)
    nothing = Layers(np.zeros(0, np.float32), np.zeros(0, np.float32), (), ())
    first = Ranker(levels, nothing, 1.0)
    short = [shortened(e, shortlist(first.level_scores(e.features))) for e in examples]
    return replace(first, patterns=train_patterns([e for e in short if e.right.any()], networks))


def shortened(example: Example, chosen: NDArray[np.intp]) -> Example:
    """Return a song with some of its candidates."""
    return replace(
        example,
        features=example.features[chosen],
        patterns=example.patterns[chosen],
        bpms=example.bpms[chosen],
    )


def train_levels(examples: list[Example], networks: int) -> Layers:
    """Train the first network; every song has a right candidate."""
    stacked = np.concatenate([e.features for e in examples])
    mean, scale = _moments(stacked, (0,))
    count = max(len(e.bpms) for e in examples)
    x = torch.stack([_padded((e.features - mean) / scale, count) for e in examples])
    pace_mean, pace_scale = (torch.as_tensor(m[-POWERS:]) for m in (mean, scale))

    def score(net: nn.Module, batch: Tensor) -> Tensor:
        part = x[batch]
        pace = _jittered(part[:, :, -POWERS] * pace_scale[0] + pace_mean[0])
        part = torch.cat([part[:, :, :-POWERS], (pace - pace_mean) / pace_scale], dim=2)
        scores: Tensor = net(part.clamp(-LIMIT, LIMIT))
        return scores

    def network() -> nn.Module:
        return nn.Sequential(
            nn.Dropout(DROP_INPUT),
            nn.Linear(x.shape[2], HIDDEN[0]),
            nn.ReLU(),
            nn.Dropout(DROP_HIDDEN),
            nn.Linear(HIDDEN[0], HIDDEN[1]),
            nn.ReLU(),
            nn.Linear(HIDDEN[1], 1),
        )

    return _ensemble(network, score, _lists(examples, count), (networks, EPOCHS), (mean, scale))


def train_patterns(examples: list[Example], networks: int) -> Layers:
    """Train the second network; every song has a right candidate among its few."""
    stacked = np.concatenate([e.patterns[:, 0] for e in examples]).astype(np.float32)
    mean, scale = _moments(stacked, (0, 1))
    x = torch.zeros((len(examples), SHORTLIST, *examples[0].patterns.shape[1:]))
    for i, e in enumerate(examples):
        x[i, : len(e.bpms)] = torch.as_tensor((e.patterns.astype(np.float32) - mean) / scale)
    pace = torch.stack([_padded(e.features[:, [-POWERS]], SHORTLIST) for e in examples])[:, :, 0]

    def score(net: nn.Module, batch: Tensor) -> Tensor:
        part = torch.randint(0, x.shape[2], (len(batch),))
        return heard(net, x[batch, :, part], _jittered(pace[batch]))

    lists = _lists(examples, SHORTLIST)
    return _ensemble(pattern_network, score, lists, (networks, PATTERN_EPOCHS), (mean, scale))


def pattern_network() -> nn.Module:
    """Return two convolutions and two dense layers, untrained."""
    return nn.ModuleList(
        [
            nn.Linear(TAPS * CHANNELS, FILTERS),
            nn.Linear(TAPS * FILTERS, FILTERS),
            nn.Linear(2 * FILTERS + POWERS, PATTERN_HIDDEN),
            nn.Linear(PATTERN_HIDDEN, 1),
        ]
    )


def heard(layers: nn.Module, x: Tensor, pace: Tensor) -> Tensor:
    """Score patterns [shape=(songs, k, POSITIONS, CHANNELS)] of a pace (songs, k, POWERS).

    But for what is dropped, `tempo.ranker.Ranker.pattern_scores` is the same in numpy.
    """
    *convolutions, hidden, last = layers
    x = x * dropout(torch.ones_like(x[:, :, :1]), DROP_INPUT)
    for layer, dilation in zip(convolutions, DILATIONS, strict=True):
        shifts = [dilation * (tap - TAPS // 2) for tap in range(TAPS)]
        around = torch.cat([x.roll(-shift, dims=2) for shift in shifts], dim=3)
        x = dropout(torch.relu(layer(around)), DROP_INPUT)
    pooled = torch.cat([x.mean(dim=2), x.amax(dim=2), pace], dim=2)
    scores: Tensor = last(
        dropout(torch.relu(hidden(dropout(pooled, DROP_POOLED))), DROP_POOLED / 2)
    )
    return scores


def _moments(x: Array, axes: tuple[int, ...]) -> tuple[Array, Array]:
    mean = np.asarray(x.mean(axis=axes), np.float32)
    return mean, np.asarray(x.std(axis=axes) + np.float32(1e-6), np.float32)


def _padded(rows: Array, count: int) -> Tensor:
    return torch.as_tensor(np.pad(rows, ((0, count - len(rows)), (0, 0)))).float()


def _lists(examples: list[Example], count: int) -> Lists:
    right = torch.stack([_padded(e.right[:, None], count)[:, 0] for e in examples])
    real = torch.stack([torch.arange(count) < len(e.bpms) for e in examples])
    return Lists(right, real, torch.as_tensor(weights(examples)))


def _jittered(pace: Tensor) -> Tensor:
    """Move the tempo of every song by a random part of an octave; return its powers."""
    moved = pace + JITTER * torch.randn(len(pace), 1)
    return torch.stack([moved ** (k + 1) for k in range(POWERS)], dim=2)


def _ensemble(
    network: Callable[[], nn.Module],
    score: Score,
    lists: Lists,
    size: tuple[int, int],
    moments: tuple[Array, Array],
) -> Layers:
    nets = []
    for seed in range(size[0]):
        torch.manual_seed(seed)
        nets.append(_fit(network(), score, lists, size[1]))
    layers = [[m for m in net.modules() if isinstance(m, nn.Linear)] for net in nets]
    rows = list(zip(*layers, strict=True))
    return Layers(
        *moments,
        tuple(np.stack([m.weight.detach().numpy().T for m in row]) for row in rows),
        tuple(np.stack([m.bias.detach().numpy()[None] for m in row]) for row in rows),
    )


def _fit(net: nn.Module, score: Score, lists: Lists, epochs: int) -> nn.Module:
    songs = len(lists.right)
    optimizer = torch.optim.AdamW(net.parameters(), RATE, weight_decay=DECAY)
    steps = epochs * -(-songs // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps)
    for _ in range(epochs):
        for batch in torch.randperm(songs).split(BATCH):
            loss = _loss(score(net, batch)[:, :, 0], lists, batch)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    return net.eval()


def _loss(scores: Tensor, lists: Lists, batch: Tensor) -> Tensor:
    right, real = lists.right[batch], lists.real[batch]
    share = torch.log_softmax(scores.masked_fill(~real, -30.0), dim=1)
    target = right / right.sum(dim=1, keepdim=True)
    others = real / real.sum(dim=1, keepdim=True)
    target = (1 - SMOOTHING) * target + SMOOTHING * others
    return (-(target * share).sum(dim=1) * lists.weight[batch]).mean()
