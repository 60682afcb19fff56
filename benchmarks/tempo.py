"""Compare tempo estimators on music of known tempo.

    python -m benchmarks.tempo --manifest CSV [--engines ours,librosa] [--limit 100]

The manifest is a CSV of path and true_bpm and, if known, group and source; paths are relative to
it. Accuracy1 is the share of songs within a tolerance of the true tempo; Accuracy2 also accepts
its half, double, third and triple (Gouyon et al., "An experimental comparison of audio tempo
induction algorithms", IEEE TASLP 2006). Every engine runs in a process of its own; a crash or a
failure counts as wrong.
"""

import argparse
import os
import resource
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.engines import ENGINES, Answer
from benchmarks.excerpts import Excerpt, read_manifest

LEVELS = (1, 2, 3, 1 / 2, 1 / 3)
BANDS = ((0, 60), (60, 100), (100, 140), (140, 180), (180, 999))
RESAMPLES = 2000
CONFIDENCE_EDGES = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 1.001)


@dataclass(frozen=True, slots=True)
class Result:
    """What one engine said about one excerpt and what it cost."""

    excerpt: Excerpt
    answer: Answer
    cpu: float
    """Seconds."""
    peak: float
    """MB of memory in the process so far."""

    def right(
        self, tolerance: float = 0.04, levels: tuple[float, ...] = (1,), first: int = 1
    ) -> bool:
        """Tell whether one of the `first` answers is within `tolerance` of a metrical level."""
        true = self.excerpt.bpm
        tempi = self.answer.bpms[:first]
        return any(abs(bpm / (true * k) - 1) <= tolerance for bpm in tempi for k in levels)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--manifest", type=Path, required=True)
    parser.add_argument("--engines", default=",".join(ENGINES), help="comma-separated")
    parser.add_argument("--limit", type=int, help="take this many songs, evenly spread")
    options = parser.parse_args()
    excerpts = read_manifest(options.manifest)
    step = max(1, len(excerpts) // options.limit) if options.limit else 1
    results: dict[str, list[Result]] = {}
    for name in options.engines.split(","):
        if ENGINES[name].installed():
            results[name] = list(run(name, excerpts[::step]))
        else:
            print(f"{name} is not installed")
    print_summary(results)
    print_groups(results)
    print_confidence(results)


def run(name: str, excerpts: list[Excerpt]) -> Iterator[Result]:
    """Ask one engine about every excerpt."""
    pool = _pool()
    for excerpt in excerpts:
        try:
            answer, cpu, peak = pool.submit(_ask, name, excerpt.path).result()
        except BrokenProcessPool:
            pool = _pool()
            answer, cpu, peak = Answer(()), 0.0, 0.0
        yield Result(excerpt, answer, cpu, peak)
    pool.shutdown()


def _pool() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(1, mp_context=get_context("spawn"))


def _ask(name: str, path: Path) -> tuple[Answer, float, float]:
    warnings.simplefilter("ignore")  # peers warn about each other, once a song
    start = _cpu()
    try:
        answer = ENGINES[name].estimate(path)
    except Exception as error:  # noqa: BLE001 - whatever a peer raises, it has no answer
        print(f"{name}: {path.name}: {error}")
        answer = Answer(())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return answer, _cpu() - start, peak


def _cpu() -> float:
    """Return processor seconds so far, those of finished children (decoders) included."""
    return sum(os.times()[:4])


def print_summary(results: dict[str, list[Result]]) -> None:
    """Print a row an engine."""
    print(
        "\n| engine | songs | Accuracy1 | Accuracy2 | Acc1 at 1 % | octave errors | median error |"
        " CPU s a song | first song | memory MB |\n" + "|---" * 10 + "|"
    )
    for name, rows in results.items():
        first, second = _share(rows, Result.right), _share(rows, _any_level)
        exact = np.mean([row.right(0.01) for row in rows])
        octave = np.mean([_any_level(row) and not row.right() for row in rows])
        errors = [abs(r.answer.bpms[0] / r.excerpt.bpm - 1) for r in rows if r.right()]
        error = np.median(errors) if errors else np.nan
        cpu = np.median([row.cpu for row in rows[1:] or rows])
        peak = max(row.peak for row in rows)
        print(
            f"| {name} | {len(rows)} | {first} | {second} | {exact:.1%} | {octave:.1%} |"
            f" {error:.3%} | {cpu:.2f} | {rows[0].cpu:.2f} | {peak:.0f} |"
        )


def _any_level(row: Result) -> bool:
    return row.right(levels=LEVELS)


def _share(rows: list[Result], test: Callable[[Result], bool]) -> str:
    """Return a percentage and its 95 % interval by bootstrap."""
    values = np.array([test(row) for row in rows], float)
    rng = np.random.default_rng(0)
    means = rng.choice(values, (RESAMPLES, len(values))).mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return f"{values.mean():.1%} ({100 * low:.0f}-{100 * high:.0f})"


def print_groups(results: dict[str, list[Result]]) -> None:
    """Print Accuracy1 / Accuracy2 of each engine by group, source and tempo band."""
    tables = {name: _grouped(rows) for name, rows in results.items()}
    print("\n| Accuracy1 / Accuracy2 | songs | " + " | ".join(results) + " |")
    print("|---" * (len(results) + 2) + "|")
    for key in sorted({key for table in tables.values() for key in table}):
        cells = [
            f"{np.mean([r.right() for r in table[key]]):.0%} / "
            f"{np.mean([_any_level(r) for r in table[key]]):.0%}"
            for table in tables.values()
        ]
        count = len(next(iter(tables.values()))[key])
        print(f"| {key} | {count} | " + " | ".join(cells) + " |")


def _grouped(rows: list[Result]) -> dict[str, list[Result]]:
    found: dict[str, list[Result]] = defaultdict(list)
    for row in rows:
        low, high = next(band for band in BANDS if band[0] <= row.excerpt.bpm < band[1])
        found[f"{low:3d} to {high} BPM"].append(row)
        found[f"group {row.excerpt.group}"].append(row)
        found[f"source {row.excerpt.source}"].append(row)
    return found


def print_confidence(results: dict[str, list[Result]]) -> None:
    """Print how well the confidence of our estimates is calibrated."""
    rows = [r for r in results.get("ours", []) if r.answer.confidence is not None]
    if not rows:
        return
    confidence = np.array([r.answer.confidence for r in rows], float)
    right = np.array([r.right() for r in rows])
    print(f"\nTrue tempo among the first two: {np.mean([r.right(first=2) for r in rows]):.1%}")
    print(f"ROC area of confidence: {roc_area(confidence, right):.3f}\n")
    print("| confidence | songs | mean | right |\n|---|---|---|---|")
    for low, high in pairwise(CONFIDENCE_EDGES):
        within = (confidence >= low) & (confidence < high)
        if within.any():
            mean, share = confidence[within].mean(), right[within].mean()
            print(
                f"| {low:.2f} to {min(high, 1):.2f} | {within.sum()} | {mean:.1%} | {share:.1%} |"
            )


def roc_area(confidence: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """Return how often a right answer is more confident than a wrong one; ties count half."""
    good, bad = confidence[right][:, None], confidence[~right][None]
    if not good.size or not bad.size:
        return float("nan")
    return float(np.mean((good > bad) + 0.5 * (good == bad)))


if __name__ == "__main__":
    main()
