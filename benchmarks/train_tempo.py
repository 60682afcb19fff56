"""Train the ranker of metrical levels, `tempo/model.npz`.

    python -m benchmarks.train_tempo MANIFEST --out tempo/model.npz [--cache DIR]

MANIFEST is a CSV of sound files (path, true_bpm, group, source, genre, artist; paths relative to
it). Needs torch (`pip install torch`), which nothing else does.

Every song is a list of candidates (`metrical_levels`), and the network learns to give those within
4 % of the true tempo all the probability. Songs of rare tempi count more, those whose octave
people dispute less. The tempo is jittered as if the recording had been played up to a tenth of
an octave faster or slower: the tempograms of a candidate do not change by that.

First it is judged: by families of sources that it has not seen, and by artists that it has not
seen. The temperature is fitted on the latter. Then it is trained on all.
"""

import argparse
import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import soxr
import torch
from numpy.typing import NDArray
from torch import nn

from benchmarks import synth
from benchmarks.excerpts import Excerpt, read_manifest, spectrogram
from benchmarks.synth import song
from tempo.estimate import find_pulse, metrical_levels
from tempo.features import SAMPLE_RATE, Spectrogram, SpectrogramMeter
from tempo.ranker import LIMIT, POWERS, Ranker, describe
from tempo.tempogram import tempo_axis

Array = NDArray[np.float32]

TOLERANCE = 0.04
"""Of Accuracy1 in the literature (Gouyon et al. 2006)."""
HIDDEN = (64, 32)
EPOCHS = 20
BATCH = 32
RATE = 2e-3
DECAY = 1e-3
DROP_INPUT, DROP_HIDDEN = 0.1, 0.4
JITTER = 0.1
"""Octaves, standard deviation."""
SMOOTHING = 0.03
"""Probability left for the other candidates: no label is that certain."""
BANDWIDTH = 0.15
"""Octaves within which songs count as of one tempo when rare tempi are weighted."""
BALANCE = 0.5
"""Power of that weight: at 1 a few slow songs would be learned by heart."""
DISPUTED = ("trap", "drill", "hyperpop", "salsa", "viennese", "two step", "zouk")
"""Words of genres whose octave listeners do not agree on; their songs count half."""
FAST = 230.0
"""BPM above which charts count every half beat; such songs count a fifth."""
RENDERED = 0.4
"""Weight of music played by a synthesizer."""
MADE = {
    "house": (112, 132),
    "rock": (84, 190),
    "hip-hop": (70, 102),
    "drum and bass": (160, 182),
    "disco": (104, 132),
    "ballad": (58, 92),
    "swing": (110, 200),
    "waltz": (82, 180),
}
"""Styles of the drum machine and tempi, BPM, at which nobody would count them otherwise."""
MADE_TEMPI = 12
MADE_SECONDS = 24.0
ARTIST_FOLDS = 5
NETWORKS = 8
"""Of the ensemble that is kept; fewer while judging."""
JUDGED_NETWORKS = 3


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """A song as the network sees it."""

    excerpt: Excerpt
    features: Array
    bpms: NDArray[np.float64]

    @property
    def right(self) -> Array:
        """1 for each candidate within the tolerance, else 0."""
        return (np.abs(self.bpms / self.excerpt.bpm - 1) <= TOLERANCE).astype(np.float32)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("manifest", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--cache", type=Path, help="folder in which spectrograms are kept")
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(mode=True)
    read = (example(e, spectrogram(e.path, options.cache)) for e in read_manifest(options.manifest))
    examples = [found for found in read if found]
    made = made_examples()
    judge("families unseen", examples, by_family(examples), made)
    scores = judge("artists unseen", examples, by_artist(examples), made)
    temperature = fit_temperature(examples, scores)
    print(f"temperature {temperature:.2f}")
    save(replace(train(examples + made, NETWORKS), temperature=temperature), options.out)


def example(excerpt: Excerpt, heard: Spectrogram) -> Example | None:
    """Describe a song; None where it has no onsets."""
    tempograms = find_pulse(heard).tempogram
    if not len(tempograms.fourier):
        return None
    bins = metrical_levels(tempograms)
    return Example(excerpt, describe(tempograms, bins), tempo_axis()[bins])


def made_examples() -> list[Example]:
    """Describe songs of a drum machine: music so bare must not confuse the network."""
    found = []
    for style, (low, high) in MADE.items():
        for seed, bpm in enumerate(np.geomspace(low, high, MADE_TEMPI)):
            meter = SpectrogramMeter()
            y = song(float(bpm), MADE_SECONDS, style, seed=seed).mean(axis=1)
            meter.add(soxr.resample(y, synth.SAMPLE_RATE, SAMPLE_RATE))
            excerpt = Excerpt(Path(style), float(bpm), "rendered", "made", "", "")
            found.append(example(excerpt, meter.spectrogram()))
    return [made for made in found if made]


def by_family(examples: list[Example]) -> list[str]:
    return [e.excerpt.family for e in examples]


def by_artist(examples: list[Example]) -> list[str]:
    """Return a fold for each song; artists are not split (without one, the file decides)."""
    names = [e.excerpt.artist.lower() or e.excerpt.path.name for e in examples]
    leads = [name.split(" feat")[0].split(",")[0] for name in names]
    return [str(int(hashlib.sha256(n.encode()).hexdigest(), 16) % ARTIST_FOLDS) for n in leads]


def judge(
    title: str, examples: list[Example], folds: list[str], made: list[Example]
) -> list[NDArray[np.float64]]:
    """Predict each fold by a ranker trained on the others; print and return log probabilities."""
    scores: dict[int, NDArray[np.float64]] = {}
    for fold in sorted(set(folds)):
        seen = [e for e, f in zip(examples, folds, strict=True) if f != fold]
        model = train(seen + made, JUDGED_NETWORKS)
        for i in [i for i, f in enumerate(folds) if f == fold]:
            scores[i] = np.log(model.probabilities(examples[i].features) + 1e-30)
    ordered = [scores[i] for i in range(len(examples))]
    print(f"\n{title}\n{'':24}   n  Acc1  Acc2  P(right)")
    for group, members in sorted(groups(examples).items()):
        _print_group(group, [(examples[i], ordered[i]) for i in members])
    return ordered


def groups(examples: list[Example]) -> dict[str, list[int]]:
    """Return the songs of each family, of each tempo band, and all that are recordings."""
    found: dict[str, list[int]] = defaultdict(list)
    for i, e in enumerate(examples):
        found[f"family {e.excerpt.family}"].append(i)
        if e.excerpt.group != "rendered":
            found["all recordings"].append(i)
            found[f"band {_band(e.excerpt.bpm):3d}"].append(i)
            if not _disputed(e.excerpt) and e.excerpt.bpm < FAST:
                found["all of undisputed octave"].append(i)
                found[f"band {_band(e.excerpt.bpm):3d} undisputed"].append(i)
    return found


def _band(bpm: float) -> int:
    return max(b for b in (0, 80, 100, 120, 140, 160, 180) if b <= bpm)


def _disputed(excerpt: Excerpt) -> bool:
    return any(word in excerpt.genre.lower() for word in DISPUTED)


def _print_group(name: str, rows: list[tuple[Example, NDArray[np.float64]]]) -> None:
    best = [float(e.bpms[np.argmax(s)] / e.excerpt.bpm) for e, s in rows]
    first = np.mean([abs(b - 1) <= TOLERANCE for b in best])
    second = np.mean(
        [any(abs(b / k - 1) <= TOLERANCE for k in (1, 2, 3, 1 / 2, 1 / 3)) for b in best]
    )
    sure = np.mean([np.exp(s.max()) for _, s in rows])
    print(f"{name:24} {len(rows):3d} {100 * first:5.1f} {100 * second:5.1f} {100 * sure:5.1f}")


def weights(examples: list[Example]) -> Array:
    """Return how much each song counts, 1 on average."""
    octaves = np.log2([e.excerpt.bpm for e in examples])
    density = np.array([np.mean(np.abs(octaves - x) < BANDWIDTH) for x in octaves])
    weight = density**-BALANCE
    weight[[_disputed(e.excerpt) for e in examples]] *= 0.5
    weight[[e.excerpt.bpm > FAST for e in examples]] *= 0.2
    weight[[e.excerpt.group == "rendered" for e in examples]] *= RENDERED
    return np.asarray(weight / weight.mean(), np.float32)


def train(examples: list[Example], networks: int) -> Ranker:
    """Train an ensemble."""
    usable = [e for e in examples if e.right.any()]
    stacked = np.concatenate([e.features for e in usable])
    mean = np.asarray(stacked.mean(axis=0), np.float32)
    scale = np.asarray(stacked.std(axis=0) + np.float32(1e-6), np.float32)
    count = max(len(e.bpms) for e in usable)
    x = torch.stack([_padded((e.features - mean) / scale, count) for e in usable])
    right = torch.stack([_padded(e.right[:, None], count)[:, 0] for e in usable])
    real = torch.stack([torch.arange(count) < len(e.bpms) for e in usable])
    nets = [
        _fit(x, right, real, torch.as_tensor(weights(usable)), (mean, scale), seed)
        for seed in range(networks)
    ]
    layers = [[m for m in net if isinstance(m, nn.Linear)] for net in nets]
    return Ranker(
        mean,
        scale,
        tuple(
            np.stack([m.weight.detach().numpy().T for m in row])
            for row in zip(*layers, strict=True)
        ),
        tuple(
            np.stack([m.bias.detach().numpy()[None] for m in row])
            for row in zip(*layers, strict=True)
        ),
        1.0,
    )


def _padded(rows: Array, count: int) -> torch.Tensor:
    return torch.as_tensor(np.pad(rows, ((0, count - len(rows)), (0, 0)))).float()


def _fit(
    x: torch.Tensor,
    right: torch.Tensor,
    real: torch.Tensor,
    weight: torch.Tensor,
    moments: tuple[Array, Array],
    seed: int,
) -> nn.Sequential:
    torch.manual_seed(seed)
    net = _network(x.shape[2])
    optimizer = torch.optim.AdamW(net.parameters(), RATE, weight_decay=DECAY)
    steps = EPOCHS * -(-len(x) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps)
    for batch in _batches(len(x)):
        scores = net(_jittered(x[batch], moments).clamp(-LIMIT, LIMIT))[:, :, 0]
        share = torch.log_softmax(scores.masked_fill(~real[batch], -30.0), dim=1)
        target = right[batch] / right[batch].sum(dim=1, keepdim=True)
        others = real[batch] / real[batch].sum(dim=1, keepdim=True)
        target = (1 - SMOOTHING) * target + SMOOTHING * others
        loss = (-(target * share).sum(dim=1) * weight[batch]).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    return net.eval()


def _network(inputs: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Dropout(DROP_INPUT),
        nn.Linear(inputs, HIDDEN[0]),
        nn.ReLU(),
        nn.Dropout(DROP_HIDDEN),
        nn.Linear(HIDDEN[0], HIDDEN[1]),
        nn.ReLU(),
        nn.Linear(HIDDEN[1], 1),
    )


def _batches(count: int) -> Iterator[torch.Tensor]:
    for _ in range(EPOCHS):
        yield from torch.randperm(count).split(BATCH)


def _jittered(x: torch.Tensor, moments: tuple[Array, Array]) -> torch.Tensor:
    """Move the tempo of every song by a random part of an octave."""
    mean, scale = (torch.as_tensor(m[-POWERS:]) for m in moments)
    pace = x[:, :, -POWERS] * scale[0] + mean[0] + JITTER * torch.randn(len(x), 1)
    powers = torch.stack([pace ** (k + 1) for k in range(POWERS)], dim=2)
    return torch.cat([x[:, :, :-POWERS], (powers - mean) / scale], dim=2)


def fit_temperature(examples: list[Example], scores: list[NDArray[np.float64]]) -> float:
    """Return the temperature at which the true candidates are most probable."""
    known = [
        (s, e.right > 0)
        for e, s in zip(examples, scores, strict=True)
        if e.right.any() and e.excerpt.group != "rendered"
    ]
    grid = np.arange(0.5, 4.0, 0.05)
    costs = [-np.mean([_log_share(s / t, right) for s, right in known]) for t in grid]
    return float(grid[np.argmin(costs)])


def _log_share(scores: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    odds = np.exp(scores - scores.max())
    return float(np.log(odds[right].sum() / odds.sum() + 1e-12))


def save(model: Ranker, path: Path) -> None:
    """Write a ranker in half precision."""
    layers = {f"weight{i}": w for i, w in enumerate(model.weights)}
    layers |= {f"bias{i}": b for i, b in enumerate(model.biases)}
    arrays: dict[str, Any] = {name: a.astype(np.float16) for name, a in layers.items()}
    arrays |= {"mean": model.mean, "scale": model.scale, "temperature": model.temperature}
    np.savez_compressed(path, **arrays)


if __name__ == "__main__":
    main()
