"""What music a workout asks for at every moment.

A song cannot follow steps that are shorter than it is. Steps are therefore bundled into blocks:

1. Neighboring steps shorter than 150 s become one block. If their intensity only rises or only
   falls, the block is a ramp from the first to the last; otherwise it is held at its work
   intensity: the mean of the steps that are harder than the block's mean.
2. A block still shorter than 150 s joins the neighbor whose intensity is nearer.

The steps themselves stay in the workout, so their cues and times are kept.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from math import ceil

import numpy as np
from numpy.typing import NDArray

from playlists.errors import WorkoutError
from playlists.playlist import Mode, Wanted
from playlists.settings import Settings
from playlists.workout import Range, Step, Workout

Floats = NDArray[np.float64]

TICK = 5.0  # Seconds. A ramp of ten minutes moves the tempo by 0.3 BPM in it; songs take 200 s.
BEND = 1e-6  # BPM and energy: a smaller bend is the rounding of a straight line.
SONG = 213.0  # Seconds: median length of 142,000 published tracks.


@dataclass(frozen=True, slots=True)
class Block:
    """Neighboring steps that get the same songs."""

    start: float
    duration: float
    intensity: Range
    cadence: Range | None
    bpm: Range | None
    first: int
    """Index of the first step."""

    @property
    def end(self) -> float:
        """When the block ends, seconds."""
        return self.start + self.duration


@dataclass(frozen=True, slots=True, eq=False)
class Targets:
    """Targets on a grid of equal ticks; all arrays have one value a tick, taken at its middle."""

    mode: Mode
    tick: float
    """Seconds between two ticks: about 5, so that they divide the workout evenly."""
    low: Floats
    bpm: Floats
    high: Floats
    energy_low: Floats
    energy_high: Floats
    build: Floats
    """1 where music should rise, 0 where it should fall, 0.5 where it should stay level."""
    step: NDArray[np.int64]
    """Index of the workout's step."""
    changes: tuple[tuple[float, float], ...]
    """When the effort changes at once, seconds, and how much that counts, 0 to 1."""
    blocks: tuple[Block, ...]

    @property
    def duration(self) -> float:
        """Length of the workout, seconds."""
        return self.tick * len(self.bpm)

    @property
    def energy(self) -> Floats:
        """Wanted energy: the middle of its range."""
        return (self.energy_low + self.energy_high) / 2


def targets(
    workout: Workout, settings: Settings, *, mode: Mode = "async", cadence: Range | None = None
) -> Targets:
    """Return what music `workout` asks for.

    Parameters
    ----------
    workout : Workout
    settings : Settings
    mode : {"async", "sync"}
        Whether tempo follows the effort or the legs follow the tempo.
    cadence : (float, float), optional
        In sync, the cadence throughout, instead of that of the steps or the settings.

    Returns
    -------
    Targets
        A step's own `bpm` wins in both modes.

    Raises
    ------
    WorkoutError
        If cadence is needed and nothing says which.
    """
    parts = blocks(workout, settings)
    ticks = ceil(workout.duration / TICK)
    tick = workout.duration / ticks
    times = np.asarray((np.arange(ticks) + 0.5) * tick, dtype=np.float64)
    owner = np.searchsorted([part.end for part in parts[:-1]], times, side="right")
    energy_low, energy_high, rises = _energy(parts, owner, times, settings)
    low, bpm, high = _tempo(
        workout, parts, owner, times, settings=settings, mode=mode, cadence=cadence
    )
    return Targets(
        mode=mode,
        tick=tick,
        low=low,
        bpm=bpm,
        high=high,
        energy_low=energy_low,
        energy_high=energy_high,
        build=0.5 + 0.5 * np.clip(rises / settings.weights.build_rise, -1.0, 1.0),
        step=np.searchsorted(workout.starts[1:], times, side="right"),
        changes=_changes(parts, settings),
        blocks=parts,
    )


def outline(goal: Targets) -> tuple[Wanted, ...]:
    """Return the moments between which all targets change linearly."""
    rows = np.array([goal.low, goal.bpm, goal.high, goal.energy_low, goal.energy_high])
    bends = np.abs(np.diff(rows, n=2)).max(axis=0) > BEND
    ticks = np.flatnonzero([True, *bends, True][-len(goal.bpm) :])
    times = (ticks + 0.5) * goal.tick
    times[0], times[-1] = 0.0, goal.duration  # all the workout, not the middles of its outer ticks
    return tuple(
        Wanted(at, (low, bpm, high), (quiet, loud))
        for at, (low, bpm, high, quiet, loud) in zip(
            times.tolist(), rows[:, ticks].T.tolist(), strict=True
        )
    )


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
    return tuple(_absorbed(parts, shortest))


def _block(i: int, start: float, step: Step) -> Block:
    return Block(start, step.duration, step.intensity, step.cadence, step.bpm, i)


def _bundle(steps: list[tuple[int, float, Step]]) -> Block:
    """Return one block for a run of short steps; see rule 1 above."""
    first, start, _ = steps[0]
    run = [step for _, _, step in steps]
    lead = max(run, key=lambda step: sum(step.intensity))
    duration = sum(step.duration for step in run)
    return Block(start, duration, _bundled_intensity(run), lead.cadence, lead.bpm, first)


def _bundled_intensity(run: list[Step]) -> Range:
    levels = [value for step in run for value in step.intensity]
    if all(a <= b for a, b in pairwise(levels)) or all(a >= b for a, b in pairwise(levels)):
        return levels[0], levels[-1]
    mean = _mean(run)
    work = _mean([step for step in run if sum(step.intensity) / 2 >= mean] or run)
    return work, work


def _mean(steps: Iterable[Step]) -> float:
    steps = list(steps)
    weighted = sum(step.duration * sum(step.intensity) / 2 for step in steps)
    return weighted / sum(step.duration for step in steps)


def _absorbed(parts: list[Block], shortest: float) -> list[Block]:
    """Join blocks that are still too short to a neighbor; see rule 2 above."""
    parts = list(parts)
    i = 0
    while i < len(parts):
        if parts[i].duration >= shortest or len(parts) == 1:
            i += 1
            continue
        neighbors = [j for j in (i - 1, i + 1) if 0 <= j < len(parts)]
        near = min(neighbors, key=lambda j: _step_height(parts[min(i, j)], parts[max(i, j)]))
        left, right = parts[min(i, near)], parts[max(i, near)]
        keep = parts[near]
        parts[min(i, near) : max(i, near) + 1] = [
            replace(
                keep, start=left.start, duration=left.duration + right.duration, first=left.first
            )
        ]
        i = max(i - 1, 0)
    return parts


def _step_height(left: Block, right: Block) -> float:
    return abs(right.intensity[0] - left.intensity[1])


def _intensity(parts: tuple[Block, ...], owner: NDArray[np.int64], times: Floats) -> Floats:
    start = np.array([part.start for part in parts])[owner]
    duration = np.array([part.duration for part in parts])[owner]
    first = np.array([part.intensity[0] for part in parts])[owner]
    last = np.array([part.intensity[1] for part in parts])[owner]
    return np.asarray(first + (last - first) * (times - start) / duration)


def _energy(
    parts: tuple[Block, ...], owner: NDArray[np.int64], times: Floats, settings: Settings
) -> tuple[Floats, Floats, Floats]:
    """Return lowest and highest energy, and how much energy rises over a song, per tick."""
    knots = settings.intensity
    at = [knot.at for knot in knots]
    intensity = _intensity(parts, owner, times)
    low = np.interp(intensity, at, [knot.energy[0] for knot in knots])
    high = np.interp(intensity, at, [knot.energy[1] for knot in knots])
    middle = [sum(knot.energy) / 2 for knot in knots]
    ends = [np.interp(part.intensity, at, middle) for part in parts]
    rises = [
        (end - start) * SONG / max(part.duration, SONG)
        for part, (start, end) in zip(parts, ends, strict=True)
    ]
    return low, high, np.array(rises)[owner]


def _tempo(
    workout: Workout,
    parts: tuple[Block, ...],
    owner: NDArray[np.int64],
    times: Floats,
    *,
    settings: Settings,
    mode: Mode,
    cadence: Range | None,
) -> tuple[Floats, Floats, Floats]:
    """Return lowest, wanted and highest tempo per tick, BPM."""
    intensity = _intensity(parts, owner, times)
    given = [part.bpm or (mode == "sync" and (cadence or part.cadence)) or None for part in parts]
    if mode == "async":
        at = [knot.at for knot in settings.intensity]
        rows = np.array([knot.bpm for knot in settings.intensity]).T
        low, bpm, high = (np.interp(intensity, at, row) for row in rows)
    elif all(given):
        low, bpm, high = np.empty((3, len(times)))
    else:
        low, bpm, high = np.tile(_usual_cadence(workout, intensity, settings), (3, 1))
    for i, fixed in enumerate(given):
        if fixed:
            mine = owner == i
            low[mine], bpm[mine], high[mine] = fixed[0], sum(fixed) / 2, fixed[1]
    return low, bpm, high


def _usual_cadence(workout: Workout, intensity: Floats, settings: Settings) -> Floats:
    knots = settings.cadence.get(workout.activity)
    if not knots:
        raise WorkoutError(
            f"{workout.name}: {workout.activity} has no cadence to follow; "
            "give --cadence, or build it with --async"
        )
    return np.interp(intensity, [knot.at for knot in knots], [knot.cadence for knot in knots])


def _changes(parts: tuple[Block, ...], settings: Settings) -> tuple[tuple[float, float], ...]:
    """Return when the effort changes at once, and how much that counts."""
    full = settings.weights.change_full
    return tuple(
        (right.start, min(_step_height(left, right) / full, 1.0))
        for left, right in pairwise(parts)
        if _step_height(left, right) > 0
    )
