"""Blocks of steps that get the same songs, and how steps are made into one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from playlists.pieces import Part, is_even
from playlists.workout import Range


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
    ramp: Range | None = None
    """From when to when the effort changes, seconds, if not throughout."""

    @property
    def end(self) -> float:
        """When the block ends, seconds."""
        return self.start + self.duration

    @property
    def is_ramp(self) -> bool:
        """Whether the effort changes within."""
        return self.intensity[0] != self.intensity[1]

    @property
    def span(self) -> Range:
        """From when to when the effort changes, if it does."""
        return self.ramp or (self.start, self.end)

    def at(self, time: float) -> float:
        """Return the intensity at a moment, seconds from the start of the workout."""
        (first, last), (start, end) = self.intensity, self.span
        return first + (last - first) * min(max((time - start) / (end - start), 0.0), 1.0)


def alone(part: Part) -> Block:
    """Return a block for one step."""
    step = part.step
    return Block(part.start, step.duration, step.intensity, step.cadence, step.bpm, (part.index,))


def bundle(run: Sequence[Part], jump: float) -> Block:
    """Return one block for a run of short steps."""
    mean = _mean((part, part.step.intensity) for part in run)
    work = [part for part in run if sum(part.step.intensity) / 2 >= mean] or run
    level = _mean((part, part.effort) for part in work)
    held, ramp = (level, level), (run[0].effort[0], run[-1].effort[1])
    is_ramp = is_even(run, jump) and _distance(run, ramp) < _distance(run, held)
    if is_ramp:
        work = [part for part in run if part.effort == part.step.intensity] or run
    hardest = max((part.step for part in run), key=lambda s: (sum(s.intensity), s.duration))
    return Block(
        run[0].start,
        run[-1].end - run[0].start,
        ramp if is_ramp else held,
        hardest.cadence,
        hardest.bpm,
        tuple(part.index for part in work),
    )


def _mean(efforts: Iterable[tuple[Part, Range]]) -> float:
    weighed = [(part.step.duration, sum(effort) / 2) for part, effort in efforts]
    return sum(seconds * effort for seconds, effort in weighed) / sum(time for time, _ in weighed)


def _distance(run: Sequence[Part], intensity: Range) -> float:
    """Return how far effort lies from an even change, summed over the ends of steps."""
    first, last = intensity
    start, slope = run[0].start, (last - first) / (run[-1].end - run[0].start)
    return sum(
        part.step.duration
        * (
            abs(part.effort[0] - first - slope * (part.start - start))
            + abs(part.effort[1] - first - slope * (part.end - start))
        )
        for part in run
    )
