"""What music a workout asks for at every moment."""

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from math import ceil

import numpy as np
from numpy.typing import NDArray

from playlists.blocks import blocks, step_height
from playlists.bundle import Block
from playlists.errors import WorkoutError
from playlists.playlist import Mode, Wanted
from playlists.settings import Settings
from playlists.workout import Activity, Range, Workout

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TICK = 5.0  # Seconds. A ramp of ten minutes moves the tempo by 0.3 BPM in it; songs take 200 s.
BEND = 1e-6  # BPM and energy: a smaller bend is the rounding of a straight line.
SONG = 213.0  # Seconds: median length of 142,000 published tracks.


@dataclass(frozen=True, eq=False)
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
    """Index of the workout's step whose effort the music has."""
    changes: tuple[tuple[float, float], ...]
    """When the effort changes at once, seconds, and how much that counts, 0 to 1."""
    blocks: tuple[Block, ...]

    @property
    def duration(self) -> float:
        """Length of the workout, seconds."""
        return self.tick * len(self.bpm)

    @cached_property
    def kinds(self) -> "tuple[Targets, Ints]":
        """Targets of which each is unlike the others, and which of them each tick has.

        Steps that stay level have many ticks alike, so rates need not be found for each.
        """
        rows = (self.low, self.bpm, self.high, self.energy_low, self.energy_high, self.build)
        _, first, kind = np.unique(np.array(rows), axis=1, return_index=True, return_inverse=True)
        low, bpm, high, quiet, loud, build = (row[first] for row in rows)
        some = replace(
            self, low=low, bpm=bpm, high=high, energy_low=quiet, energy_high=loud, build=build
        )
        return some, kind.ravel()

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
        step=_steps(workout, parts, owner, times),
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


def _steps(
    workout: Workout, parts: tuple[Block, ...], owner: NDArray[np.int64], times: Floats
) -> NDArray[np.int64]:
    """Return per tick, of the steps that lead its block, the last that has begun, or the first."""
    step = np.empty(len(times), dtype=np.int64)
    for i, part in enumerate(parts):
        leads, mine = np.array(part.leads), owner == i
        begun = np.searchsorted(np.array(workout.starts)[leads[1:]], times[mine], side="right")
        step[mine] = leads[begun]
    return step


def _intensity(parts: tuple[Block, ...], owner: NDArray[np.int64], times: Floats) -> Floats:
    start, end = np.array([part.span for part in parts]).T[:, owner]
    first = np.array([part.intensity[0] for part in parts])[owner]
    last = np.array([part.intensity[1] for part in parts])[owner]
    done = np.clip((times - start) / (end - start), 0, 1)
    return np.asarray(first + (last - first) * done)


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
        usual = _usual_cadence(workout, workout.activity, intensity, settings)
        if workout.activity == "run":
            walks = [all(workout.steps[i].is_walk for i in part.leads) for part in parts]
            walking = _usual_cadence(workout, "walk", intensity, settings)
            usual = np.where(np.array(walks)[owner], walking, usual)
        low, bpm, high = np.tile(usual, (3, 1))
    for i, fixed in enumerate(given):
        if fixed:
            mine = owner == i
            low[mine], bpm[mine], high[mine] = fixed[0], sum(fixed) / 2, fixed[1]
    return low, bpm, high


def _usual_cadence(
    workout: Workout, activity: Activity, intensity: Floats, settings: Settings
) -> Floats:
    knots = settings.cadence.get(activity)
    if not knots:
        raise WorkoutError(
            f"{workout.name}: {activity} has no cadence to follow; "
            "give --cadence, or build it with --async"
        )
    return np.interp(intensity, [knot.at for knot in knots], [knot.cadence for knot in knots])


def _changes(parts: tuple[Block, ...], settings: Settings) -> tuple[tuple[float, float], ...]:
    """Return when the effort changes at once, and how much that counts."""
    full = settings.weights.change_full
    return tuple(
        (right.start, min(step_height(left, right) / full, 1.0))
        for left, right in pairwise(parts)
        if step_height(left, right) > 0
    )
