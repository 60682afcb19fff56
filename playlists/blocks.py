"""Steps of a workout, bundled into blocks that songs can follow.

A song cannot follow steps that are shorter than it is. Steps are therefore bundled into blocks:

1. Neighboring steps shorter than 150 s become one block. If their intensity only rises or only
   falls, the block is a ramp from the first to the last; otherwise it is held at its work
   intensity: the mean of the steps that are harder than the block's mean.
2. An effort of 50 s or more that is still shorter than 150 s, and that the workout jumps up to and
   falls from, takes what lacks from the easier step after it, or else before it: its music runs on
   into the rest. A rest between efforts that has less than 150 s left has their music.
3. A block still shorter than 150 s joins the neighbor whose intensity is nearer.

The steps themselves stay in the workout, so their cues and times are kept. A song bears the name
of a step whose effort it has: of an easy minute between hard ones, it has none.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from playlists.settings import Settings
from playlists.workout import Range, Step, Workout

SURGE = 1 / 3
"""Share of a song that an effort must last, so that music is chosen for it."""


@dataclass(frozen=True, slots=True)
class Block:
    """Neighboring steps that get the same songs."""

    start: float
    duration: float
    intensity: Range
    cadence: Range | None
    bpm: Range | None
    leads: tuple[int, ...]
    """Indices of the steps whose effort it has, in order; others only share their songs."""

    @property
    def end(self) -> float:
        """When the block ends, seconds."""
        return self.start + self.duration

    @property
    def is_ramp(self) -> bool:
        """Whether the effort changes within."""
        return self.intensity[0] != self.intensity[1]


def blocks(workout: Workout, settings: Settings) -> tuple[Block, ...]:
    """Return the steps of `workout`, those too short for a song bundled with their neighbors."""
    shortest = settings.shortest_block
    numbered = zip(range(len(workout.steps)), workout.starts, workout.steps, strict=True)
    parts: list[Block] = []
    for short, run in groupby(numbered, key=lambda item: item[2].duration < shortest):
        steps = list(run)
        if short:
            parts.append(_bundle(steps))
        else:
            parts.extend(_block(i, start, step) for i, start, step in steps)
    return tuple(_absorbed(_run_on(parts, shortest), shortest))


def _block(i: int, start: float, step: Step) -> Block:
    return Block(start, step.duration, step.intensity, step.cadence, step.bpm, (i,))


def _bundle(steps: list[tuple[int, float, Step]]) -> Block:
    """Return one block for a run of short steps; see rule 1 above."""
    run = [step for _, _, step in steps]
    levels = [value for step in run for value in step.intensity]
    is_ramp = all(a <= b for a, b in pairwise(levels)) or all(a >= b for a, b in pairwise(levels))
    mean = _mean(run)
    work = [part for part in steps if is_ramp or sum(part[2].intensity) / 2 >= mean] or steps
    effort = _mean(step for _, _, step in work)
    hardest = max(run, key=lambda step: sum(step.intensity))
    return Block(
        steps[0][1],
        sum(step.duration for step in run),
        (levels[0], levels[-1]) if is_ramp else (effort, effort),
        hardest.cadence,
        hardest.bpm,
        tuple(i for i, _, _ in work),
    )


def _mean(steps: Iterable[Step]) -> float:
    steps = list(steps)
    weighted = sum(step.duration * sum(step.intensity) / 2 for step in steps)
    return weighted / sum(step.duration for step in steps)


def _run_on(parts: list[Block], shortest: float) -> list[Block]:
    """Give efforts between easier blocks the length of a song; see rule 2 above."""
    parts = list(parts)
    for i, part in enumerate(parts):
        lacks = shortest - part.duration
        if not 0 < lacks <= (1 - SURGE) * shortest or not (_rises(parts, i) and _falls(parts, i)):
            continue
        longer = replace(part, duration=shortest)
        if _spares(parts, i + 1, lacks, shortest):
            rest = parts[i + 1]
            parts[i : i + 2] = longer, _cut(rest, lacks, rest.duration)
        elif _spares(parts, i - 1, lacks, shortest):
            rest = parts[i - 1]
            sooner = replace(longer, start=part.start - lacks)
            parts[i - 1 : i + 1] = _cut(rest, 0, rest.duration - lacks), sooner
    return parts


def _rises(parts: list[Block], i: int) -> bool:
    """Tell whether all of a block is harder than the end of the one before, if there is one."""
    return i == 0 or parts[i - 1].intensity[1] < min(parts[i].intensity)


def _falls(parts: list[Block], i: int) -> bool:
    """Tell whether all of a block is harder than the start of the one after, if there is one."""
    return i + 1 == len(parts) or min(parts[i].intensity) > parts[i + 1].intensity[0]


def _spares(parts: list[Block], i: int, seconds: float, shortest: float) -> bool:
    """Tell whether a block can do without some seconds.

    What is left lasts as long as a song, or is a rest between efforts that is too short for music
    of its own.
    """
    if not 0 <= i < len(parts):
        return False
    left = parts[i].duration - seconds
    return left >= shortest or (left > 0 and 0 < i < len(parts) - 1 and _rises(parts, i + 1))


def _cut(block: Block, start: float, end: float) -> Block:
    """Return a part of a block, from and to so many seconds after its start."""
    low, high = block.intensity
    first, last = (low + (high - low) * time / block.duration for time in (start, end))
    return replace(block, start=block.start + start, duration=end - start, intensity=(first, last))


def _absorbed(parts: list[Block], shortest: float) -> list[Block]:
    """Join blocks that are still too short to a neighbor; see rule 3 above."""
    parts = list(parts)
    i = 0
    while i < len(parts):
        if parts[i].duration >= shortest or len(parts) == 1:
            i += 1
            continue
        neighbors = [j for j in (i - 1, i + 1) if 0 <= j < len(parts)]
        near = min(neighbors, key=lambda j: step_height(parts[min(i, j)], parts[max(i, j)]))
        left, right = parts[min(i, near)], parts[max(i, near)]
        keep = parts[near]
        parts[min(i, near) : max(i, near) + 1] = [
            replace(keep, start=left.start, duration=left.duration + right.duration)
        ]
        i = max(i - 1, 0)
    return parts


def step_height(left: Block, right: Block) -> float:
    """Return how much the intensity changes at once from a block to the next."""
    return abs(right.intensity[0] - left.intensity[1])
