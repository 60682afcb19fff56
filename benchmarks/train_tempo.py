"""Train the rankers of metrical levels, `tempo/model.npz`.

    python -m benchmarks.train_tempo MANIFEST --out tempo/model.npz [--also MANIFEST] [--cache DIR]
        [--published CATALOG]

MANIFEST is a CSV of sound files (path, true_bpm, group, source, genre, artist; paths relative to
it); those of `--also`, as `benchmarks.render` writes them, are learned from, never judged by.
Needs torch (`pip install torch`), which nothing else does.

First the method is judged: by families of sources that it has not seen, and by artists that it has
not seen. The temperature is fitted on both: some music that people have is like the training's,
some is not. Then the networks are trained on all songs.
CATALOG is a table for `tempo import`: accuracy is also told for songs whose octave it confirms, and
for those that it contradicts.
`benchmarks.tempo_songs` says what they see and how much a song counts, `benchmarks.tempo_nets` how
they are trained.
"""

import argparse
from collections import defaultdict
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.excerpts import read_manifest, spectrogram
from benchmarks.imports import kind_of, tempi
from benchmarks.scores import CONFIDENCE_EDGES, roc_area
from benchmarks.tempo_songs import (
    TOLERANCE,
    Example,
    by_artist,
    by_family,
    example,
    made_examples,
)
from benchmarks.train_energy import Key, key
from tempo.catalog import read_catalog
from tempo.ranker import POWERS, Ranker, log_softmax, shortlist

try:
    import torch

    from benchmarks.tempo_nets import train
except ModuleNotFoundError as error:
    raise SystemExit(
        f"train_tempo: needs {error.name}, which is not installed: pip install torch"
    ) from None

Scores = NDArray[np.float64]

BANDS = (0, 80, 100, 120, 140, 160, 180)
"""Lowest BPM of each tempo band that is judged by itself."""
EXACT = 0.01
"""Tolerance of a stricter Accuracy1: a rounded BPM is that exact from 50 BPM up."""
NETWORKS = 8
"""Of each ensemble that is kept; fewer while judging."""
JUDGED_NETWORKS = 2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("manifest", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--also", type=Path, nargs="+", default=[], help="manifests to learn from")
    parser.add_argument("--published", type=Path, help="catalog that may confirm an octave")
    parser.add_argument("--cache", type=Path, help="folder in which spectrograms are kept")
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(mode=True)
    examples = described(options.manifest, options.cache)
    made = made_examples()
    for manifest in options.also:
        made += described(manifest, options.cache)
    artists = predict(examples, by_artist(examples), made)
    families = predict(examples, by_family(examples), made)
    temperature = fit_temperature(examples + examples, artists + families)
    published = tempi(read_catalog(options.published).tracks) if options.published else {}
    for title, found in (("artists unseen", artists), ("families unseen", families)):
        scores = [s / temperature for s in found]
        print_judgment(title, examples, scores)
        print_octaves(examples, scores, published)
    print(f"\ntemperature {temperature:.2f}")
    save(replace(train(examples + made, NETWORKS), temperature=temperature), options.out)


def described(manifest: Path, cache: Path | None) -> list[Example]:
    """Read the songs of a manifest."""
    read = (example(e, spectrogram(e.path, cache)) for e in read_manifest(manifest))
    return [found for found in read if found]


def predict(examples: list[Example], folds: list[str], made: list[Example]) -> list[Scores]:
    """Return the scores of each song's candidates by rankers trained on the other folds."""
    scores: dict[int, Scores] = {}
    for fold in sorted(set(folds)):
        seen = [e for e, f in zip(examples, folds, strict=True) if f != fold]
        model = train(seen + made, JUDGED_NETWORKS)
        for i in [i for i, f in enumerate(folds) if f == fold]:
            scores[i] = rank(model, examples[i])
    return [scores[i] for i in range(len(examples))]


def rank(model: Ranker, song: Example) -> Scores:
    """Return the logarithm of each candidate's probability."""
    levels = model.level_scores(song.features)
    chosen = shortlist(levels)
    patterns = song.patterns[chosen, 0].astype(np.float32)
    seen = model.pattern_scores(patterns, song.features[chosen, -POWERS:])
    return np.log(model.probabilities(levels, chosen, seen) + 1e-30)


def print_judgment(title: str, examples: list[Example], scores: list[Scores]) -> None:
    """Print accuracy by family, tempo band and octave dispute, and how reliable confidence is."""
    print(f"\n{title}\n{'':24}   n  Acc1   1 %  Acc2  P(right)")
    for group, members in sorted(groups(examples).items()):
        _print_group(group, [(examples[i], scores[i]) for i in members])
    rows = [(e, s) for e, s in zip(examples, scores, strict=True) if _recorded(e)]
    means = [_first([r for r in rows if _band(r[0].excerpt.bpm) == band]) for band in BANDS]
    print(f"mean of bands {100 * np.nanmean(means):.1f}")
    confidence = np.array([np.exp(log_softmax(s).max()) for _, s in rows])
    right = np.array([e.right[np.argmax(s)] > 0 for e, s in rows])
    second = np.mean([e.right[np.argsort(-s)[:2]].any() for e, s in rows])
    print(f"among the first two {100 * second:.1f}, ROC area {roc_area(confidence, right):.3f}")
    for low, high in pairwise(CONFIDENCE_EDGES):
        inside = (confidence >= low) & (confidence < high)
        if inside.any():
            mean, share = 100 * confidence[inside].mean(), 100 * right[inside].mean()
            print(f"confidence {low:.2f} on: {inside.sum():3d} mean {mean:.1f} right {share:.1f}")


def print_octaves(
    examples: list[Example], scores: list[Scores], published: dict[Key, float]
) -> None:
    """Print accuracy where another source has the same tempo, its double, or its half."""
    found: dict[str, list[tuple[Example, Scores]]] = defaultdict(list)
    for e, s in zip(examples, scores, strict=True):
        bpm = published.get(key(e.excerpt.artist, e.excerpt.title))
        if bpm and _recorded(e):
            found[kind_of(bpm / e.excerpt.bpm)].append((e, s))
    for kind, rows in found.items():
        _print_group(f"published: {kind}", rows)
        confidence = np.array([np.exp(log_softmax(s).max()) for _, s in rows])
        right = np.array([e.right[np.argmax(s)] > 0 for e, s in rows])
        print(f"{'':24} ROC area {roc_area(confidence, right):.3f}")


def groups(examples: list[Example]) -> dict[str, list[int]]:
    """Return the songs of each family, of each tempo band, and all that are recordings."""
    found: dict[str, list[int]] = defaultdict(list)
    for i, e in enumerate(examples):
        found[f"family {e.excerpt.family}"].append(i)
        if _recorded(e):
            found["all recordings"].append(i)
            found[f"band {_band(e.excerpt.bpm):3d}"].append(i)
            if not e.disputed:
                found["all of undisputed octave"].append(i)
                found[f"band {_band(e.excerpt.bpm):3d} undisputed"].append(i)
    return found


def _recorded(song: Example) -> bool:
    return song.excerpt.group != "rendered"


def _band(bpm: float) -> int:
    return max(band for band in BANDS if band <= bpm)


def _first(rows: list[tuple[Example, Scores]], tolerance: float = TOLERANCE) -> float:
    errors = [abs(e.bpms[np.argmax(s)] / e.excerpt.bpm - 1) for e, s in rows]
    return float(np.mean(np.array(errors) <= tolerance)) if rows else float("nan")


def _print_group(name: str, rows: list[tuple[Example, Scores]]) -> None:
    best = [float(e.bpms[np.argmax(s)] / e.excerpt.bpm) for e, s in rows]
    second = np.mean(
        [any(abs(b / k - 1) <= TOLERANCE for k in (1, 2, 3, 1 / 2, 1 / 3)) for b in best]
    )
    sure = np.mean([np.exp(log_softmax(s).max()) for _, s in rows])
    shares = (_first(rows), _first(rows, EXACT), second, sure)
    print(f"{name:24} {len(rows):3d}", *(f"{100 * share:5.1f}" for share in shares))


def fit_temperature(examples: list[Example], scores: list[Scores]) -> float:
    """Return the temperature at which the true candidates are most probable."""
    known = [
        (s, e.right > 0)
        for e, s in zip(examples, scores, strict=True)
        if e.right.any() and _recorded(e)
    ]
    grid = np.arange(0.5, 4.0, 0.05)
    costs = [-np.mean([_log_share(s / t, right) for s, right in known]) for t in grid]
    return float(grid[np.argmin(costs)])


def _log_share(scores: Scores, right: NDArray[np.bool_]) -> float:
    return float(np.log(np.exp(log_softmax(scores))[right].sum() + 1e-12))


def save(model: Ranker, path: Path) -> None:
    """Write both ensembles in half precision."""
    arrays: dict[str, Any] = {"temperature": model.temperature}
    for name, layers in (("levels", model.levels), ("patterns", model.patterns)):
        arrays |= {f"{name}_mean": layers.mean, f"{name}_scale": layers.scale}
        for i, (weight, bias) in enumerate(zip(layers.weights, layers.biases, strict=True)):
            arrays[f"{name}_weight{i}"] = weight.astype(np.float16)
            arrays[f"{name}_bias{i}"] = bias.astype(np.float16)
    np.savez_compressed(path, **arrays)


if __name__ == "__main__":
    main()
