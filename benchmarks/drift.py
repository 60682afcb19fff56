"""Judge how well changes of tempo are found, and how often they are seen where there are none.

    python -m benchmarks.drift MANIFEST [--cache DIR] [--every N]

MANIFEST is a CSV of recordings in one tempo (path, true_bpm, group, source, genre, artist). Each
is judged as it is; and repeated to 90 s, with its spectrogram played faster or slower by 5 to 22 %
from some moment on, at once or gradually over 45 s. (Recordings of bands without a click do drift;
those of games, whose charts fit to 0.1 %, do not.)
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.excerpts import read_manifest, spectrogram
from tempo.estimate import find_pulse, tempo_of
from tempo.features import Spectrogram
from tempo.track import CHANGE, TempoEstimate

SECONDS = 90.0
SMALLEST, LARGEST = 1.05, 1.22
"""Change of tempo: less is drift, more a double or half for some."""
ON_TIME = 4.0
"""Seconds by which a change may be misplaced."""
TOLERANCE = 0.01
"""Of the ratio between the last tempo and the first."""


@dataclass(frozen=True, slots=True)
class Change:
    """What was done to a recording."""

    factor: float
    start: float
    """Seconds of the result at which the tempo starts to change."""
    gradual: bool


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("manifest", type=Path)
    parser.add_argument("--cache", type=Path, help="folder that keeps spectrograms")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only each Nth recording")
    options = parser.parse_args()
    rng = np.random.default_rng(0)
    steady: dict[str, list[bool]] = {}
    changed: dict[bool, list[tuple[bool, bool, bool]]] = {False: [], True: []}
    for excerpt in read_manifest(options.manifest)[:: options.every]:
        heard = spectrogram(excerpt.path, options.cache)
        found = tempo_of(find_pulse(heard))
        if found.bpm is None:
            continue
        steady.setdefault(excerpt.family, []).append(found.change > CHANGE)
        for gradual, verdicts in changed.items():
            factor = rng.uniform(SMALLEST, LARGEST) ** rng.choice([-1, 1])
            change = Change(factor, rng.uniform(0.25, 0.4) * SECONDS, gradual)
            estimate = tempo_of(find_pulse(varied(heard, change)))
            verdicts.append(verdict(estimate, change))
    for family, alarms in sorted(steady.items()):
        print(f"{family:10} {len(alarms):4} steady, {sum(alarms)} said to change")
    for gradual, verdicts in changed.items():
        found_share, right, on_time = 100 * np.mean(verdicts, axis=0)
        print(f"{'gradual' if gradual else 'sudden':10} {len(verdicts):4} changes, "
              f"{found_share:.1f} % found, {right:.1f} % with both tempi to 1 %, "
              f"{on_time:.1f} % at the right time")  # fmt: skip


def varied(heard: Spectrogram, change: Change) -> Spectrogram:
    """Return a recording, repeated, with another tempo from some moment on."""
    time = np.arange(0, SECONDS, 1 / heard.rate)
    length = SECONDS / 2 if change.gradual else 1 / heard.rate
    speed = change.factor ** np.clip((time - change.start) / length, 0, 1)
    frames = np.cumsum(speed).astype(int) % len(heard.db)
    return Spectrogram(heard.db[frames], heard.rate)


def verdict(found: TempoEstimate, change: Change) -> tuple[bool, bool, bool]:
    """Return whether the change is found, its tempi are right, and its time."""
    if not found.sections:
        return False, False, False
    first, last = found.sections[0], found.sections[-1]
    right = abs(last.bpm / first.bpm / change.factor - 1) < TOLERANCE
    begins = found.sections[1].start
    window = (change.start, change.start + SECONDS / 2 * change.gradual)
    on_time = window[0] - ON_TIME <= begins <= window[1] + ON_TIME
    return found.change > CHANGE, right, on_time


if __name__ == "__main__":
    main()
