"""What a comparison of tempo estimators prints: tables in Markdown.

Accuracy1 is the share of songs within 4 % of the true tempo; Accuracy2 also accepts its half,
double, third and triple (Gouyon et al., "An experimental comparison of audio tempo induction
algorithms", IEEE TASLP 2006).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from benchmarks.engines import Answer
from benchmarks.excerpts import Excerpt

TOLERANCE = 0.04
LEVELS = {"1": 1.0, "2": 2.0, "1/2": 1 / 2, "3": 3.0, "1/3": 1 / 3}
"""Multiples of the true tempo that Accuracy2 accepts."""
ERRORS = {**LEVELS, "3/2": 3 / 2, "2/3": 2 / 3, "4/3": 4 / 3, "3/4": 3 / 4}
"""Multiples that errors are told apart by."""
BANDS = ((0, 60), (60, 100), (100, 140), (140, 180), (180, 999))
"""BPM."""
RESAMPLES = 2000
CONFIDENCE_EDGES = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 1.001)


@dataclass(frozen=True, slots=True)
class Result:
    """What one engine said about one excerpt and what it cost."""

    excerpt: Excerpt
    answer: Answer
    cpu: float
    """Seconds of processor time."""
    peak: float
    """MB of memory in the process so far."""

    def right(self, tolerance: float = TOLERANCE, level: float = 1.0, first: int = 1) -> bool:
        """Tell whether one of the `first` answers is within `tolerance` of a metrical level."""
        target = self.excerpt.bpm * level
        return any(abs(bpm / target - 1) <= tolerance for bpm in self.answer.bpms[:first])

    def right_up_to_level(self) -> bool:
        """Tell whether the answer counts for Accuracy2."""
        return any(self.right(level=level) for level in LEVELS.values())


Results = dict[str, list[Result]]


@dataclass(frozen=True, slots=True)
class Decoded:
    """What it takes to decode a file and do nothing else."""

    seconds: float
    """Length of the music."""
    cpu: float
    """Seconds of processor time."""


def print_table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table in Markdown."""
    print("\n| " + " | ".join(heads) + " |\n" + "|---" * len(heads) + "|")
    for row in rows:
        print("| " + " | ".join(map(str, row)) + " |")


def print_accuracy(results: Results) -> None:
    """Print how often each engine is right."""
    heads = ("engine", "songs", "Accuracy1", "Accuracy2", "Accuracy1 at 1 %", "median error",
             "true among first two")  # fmt: skip
    rows = []
    for name, found in results.items():
        errors = [abs(r.answer.bpms[0] / r.excerpt.bpm - 1) for r in found if r.right()]
        several = any(len(r.answer.bpms) > 1 for r in found)
        rows.append(
            (
                *(name, len(found), share(found, Result.right)),
                *(share(found, Result.right_up_to_level), share(found, lambda r: r.right(0.01))),
                f"{np.median(errors):.3%}" if errors else "",
                share(found, lambda r: r.right(first=2)) if several else "",
            )
        )
    print_table(heads, rows)


def share(rows: Sequence[Result], test: Callable[[Result], bool]) -> str:
    """Return a percentage and its 95 % interval by bootstrap."""
    values = np.array([test(row) for row in rows], float)
    rng = np.random.default_rng(0)
    means = rng.choice(values, (RESAMPLES, len(values))).mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return f"{values.mean():.1%} ({100 * low:.0f}-{100 * high:.0f})"


def print_errors(results: Results) -> None:
    """Print how often each engine said which multiple of the true tempo."""
    rows = []
    for name, found in results.items():
        counts = Counter(error(row) for row in found)
        rows.append((name, *(counts[kind] for kind in (*ERRORS, "other", "none"))))
    print_table(("answer / true tempo", *ERRORS, "other", "none"), rows)


def error(row: Result) -> str:
    """Return which multiple of the true tempo was said, as a key of `ERRORS`."""
    if not row.answer.bpms:
        return "none"
    return next((name for name, level in ERRORS.items() if row.right(level=level)), "other")


def print_groups(results: Results) -> None:
    """Print Accuracy1 / Accuracy2 of each engine by tempo band, group and source."""
    tables = {name: _grouped(found) for name, found in results.items()}
    rows = []
    for key in sorted({key for table in tables.values() for key in table}):
        cells = [
            f"{np.mean([r.right() for r in table[key]]):.0%} / "
            f"{np.mean([r.right_up_to_level() for r in table[key]]):.0%}"
            for table in tables.values()
        ]
        rows.append((key, len(next(iter(tables.values()))[key]), *cells))
    print_table(("Accuracy1 / Accuracy2", "songs", *results), rows)


def _grouped(rows: list[Result]) -> dict[str, list[Result]]:
    found: dict[str, list[Result]] = defaultdict(list)
    for row in rows:
        low, high = next(band for band in BANDS if band[0] <= row.excerpt.bpm < band[1])
        found[f"{low:3d} to {high} BPM"].append(row)
        found[f"group {row.excerpt.group}"].append(row)
        found[f"source {row.excerpt.source}"].append(row)
    return found


def print_speed(results: Results, decoded: Sequence[Decoded]) -> None:
    """Print the cost of each engine beside that of decoding, on the same files."""
    heads = ("engine", "CPU s a song", "x real time", "x decoding alone",
             "extra CPU s, first song", "memory MB")  # fmt: skip
    # The first song pays for what is loaded and compiled, so it is told apart.
    rest = decoded[1:] or decoded
    length, decoding = sum(d.seconds for d in rest), sum(d.cpu for d in rest)
    base = (f"{decoding / len(rest):.3f}", f"{length / decoding:.0f}", "1.00", "", "")
    rows: list[tuple[str, ...]] = [("decoding alone", *base)]
    for name, found in results.items():
        cpu = sum(r.cpu for r in found[-len(rest) :])
        extra = found[0].cpu - cpu / length * decoded[0].seconds
        rows.append(
            (
                *(name, f"{cpu / len(rest):.3f}", f"{length / cpu:.0f}"),
                *(f"{cpu / decoding:.2f}", f"{extra:.2f}"),
                f"{max(r.peak for r in found):.0f}",
            )
        )
    print_table(heads, rows)


def print_formats(results: Results, decoded: Sequence[Decoded]) -> None:
    """Print for each format what an engine costs beside decoding; the first song is left out."""
    rows: dict[str, list[int]] = defaultdict(list)
    for i, row in enumerate(next(iter(results.values()), [])):
        if i:
            rows[row.excerpt.path.suffix].append(i)
    heads = ("format", "songs", "decoding, CPU s a song", *(f"x, {name}" for name in results))
    table = []
    for suffix, places in sorted(rows.items()):
        base = sum(decoded[i].cpu for i in places)
        ratios = (sum(found[i].cpu for i in places) / base for found in results.values())
        cells = (f"{ratio:.2f}" for ratio in ratios)
        table.append((suffix, len(places), f"{base / len(places):.3f}", *cells))
    print_table(heads, table)


def print_confidence(results: Results) -> None:
    """Print for each engine that tells its confidence how far it can be trusted."""
    for name, found in results.items():
        rows = [r for r in found if r.answer.confidence is not None]
        if not rows:
            continue
        confidence = np.array([r.answer.confidence for r in rows], float)
        right = np.array([r.right() for r in rows])
        print(f"\nROC area of the confidence of {name}: {roc_area(confidence, right):.3f}")
        print_table(("confidence", "songs", "mean", "right"), reliability(confidence, right))


def reliability(
    confidence: NDArray[np.float64], right: NDArray[np.bool_]
) -> list[tuple[str, int, str, str]]:
    """Return for each range of confidence the songs in it, their mean and how many are right."""
    rows = []
    for low, high in pairwise(CONFIDENCE_EDGES):
        within = (confidence >= low) & (confidence < high)
        if within.any():
            mean, share = confidence[within].mean(), right[within].mean()
            name = f"{low:.2f} to {min(high, 1):.2f}"
            rows.append((name, int(within.sum()), f"{mean:.1%}", f"{share:.1%}"))
    return rows


def roc_area(confidence: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """Return how often a right answer is more confident than a wrong one; ties count half."""
    good, bad = confidence[right][:, None], confidence[~right][None]
    if not good.size or not bad.size:
        return float("nan")
    return float(np.mean((good > bad) + 0.5 * (good == bad)))
