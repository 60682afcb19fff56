"""Steps of a workout with the effort that music can follow, and the pieces that these make.

Rests too short for a song of their own are filled, as water fills a valley up to its lower rim.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import inf

from playlists.workout import Range, Step, Workout

SURGE = 1 / 3
"""Share of a song that an effort must last, so that music is chosen for it."""
SAME = 1e-9
"""Efforts and seconds apart that are the rounding of equal ones."""


@dataclass(frozen=True, slots=True)
class Part:
    """A step of a workout, or some of it."""

    index: int
    """Which step it is."""
    start: float
    """When it begins, seconds."""
    step: Step
    effort: Range
    """What its music follows at its start and end: its intensity, or in a short rest more."""

    @property
    def end(self) -> float:
        """When it ends, seconds."""
        return self.start + self.step.duration


def parts(workout: Workout, shortest: float) -> list[Part]:
    """Return the steps of a workout; rests of less than `shortest` seconds have more effort."""
    steps = workout.steps
    return list(map(Part, range(len(steps)), workout.starts, steps, _filled(steps, shortest)))


def between(known: Sequence[Part], start: float, end: float) -> list[Part]:
    """Return what lies between two moments, seconds."""
    times = [(max(part.start, start), min(part.end, end), part) for part in known]
    return [
        replace(part, start=first, step=replace(part.step, duration=last - first))
        for first, last, part in times
        if last - first > SAME
    ]


def pieces(run: Iterable[Part], jump: float, shortest: float) -> list[list[Part]]:
    """Return neighbors in pieces, where effort jumps, or turns with time for music on both sides.

    A short and easier piece goes with the one before it, at its effort.
    """
    found: list[list[Part]] = []
    for piece in (piece for level in _levels(run, jump) for piece in _turns(level, shortest)):
        before = found[-1][-1].effort[1] if found else 0.0
        if piece[0].effort[0] < before and _length(piece) < SURGE * shortest:
            found[-1].extend(replace(part, effort=(before, before)) for part in piece)
        else:
            found.append(piece)
    return found


def is_even(run: Sequence[Part], jump: float) -> bool:
    """Tell whether effort only rises or only falls, by less than a jump at once."""
    rises = _rises(*(effort for part in run for effort in part.effort))
    return len(_levels(run, jump)) == 1 and len(rises) < len((True, False))


def _levels(run: Iterable[Part], jump: float) -> list[list[Part]]:
    """Return neighbors in pieces without a jump."""
    found: list[list[Part]] = []
    for part in run:
        if found and abs(part.effort[0] - found[-1][-1].effort[1]) < jump - SAME:
            found[-1].append(part)
        else:
            found.append([part])
    return found


def _turns(run: Sequence[Part], shortest: float) -> list[list[Part]]:
    """Return neighbors in pieces that turn from rising to falling or back, if they last."""
    found, rises = [[run[0]]], _rises(*run[0].effort)
    for before, part in pairwise(run):
        ways = _rises(before.effort[1], *part.effort)
        turns = len(rises | ways) > 1
        if turns and min(_length(found[-1]), run[-1].end - part.start) >= shortest - SAME:
            found.append([part])
        else:
            found[-1].append(part)
        rises = ways if turns else rises | ways
    return found


def _length(piece: Sequence[Part]) -> float:
    return piece[-1].end - piece[0].start


def _rises(*efforts: float) -> set[bool]:
    """Return whether efforts rise from one to the next, where they change."""
    return {a < b for a, b in pairwise(efforts) if abs(b - a) > SAME}


@dataclass(slots=True)
class _Level:
    """Ends of neighboring steps that have the same effort."""

    effort: float
    seconds: float
    ends: int


def _filled(steps: Sequence[Step], shortest: float) -> list[Range]:
    """Return the efforts of steps, with lows of less than `shortest` seconds filled."""
    levels: list[_Level] = []
    for step in steps:
        seconds = step.duration / 2 if step.duration < shortest else inf
        for effort in step.intensity:
            _pour(levels, _Level(effort, seconds, 1), shortest)
    ends = [level.effort for level in levels for _ in range(level.ends)]
    return list(zip(ends[::2], ends[1::2], strict=True))


def _pour(levels: list[_Level], new: _Level, shortest: float) -> None:
    """Add a level to those before it, and fill the lows that it closes."""
    while levels and levels[-1].effort <= new.effort:
        low = levels[-1]
        rim = levels[-2].effort if len(levels) > 1 else -inf
        if low.effort < new.effort and (rim < low.effort or low.seconds >= shortest - SAME):
            break
        levels.pop()
        into = new if not levels or rim >= new.effort or low.effort == new.effort else levels[-1]
        into.seconds += low.seconds
        into.ends += low.ends
    levels.append(new)
