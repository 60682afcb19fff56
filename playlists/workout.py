"""What an athlete is asked to do: a workout is an ordered list of steps.

Conventions
-----------
Durations and times are in seconds from the start of the workout. Intensity is a fraction of
threshold: 1.0 is the effort that can just be held for an hour (functional threshold power,
threshold pace). Cadence is what the legs do a minute: steps when running or walking (both
feet), turns of the crank when riding.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from itertools import accumulate
from math import isfinite
from typing import Literal, get_args

from playlists.errors import WorkoutError

Activity = Literal["run", "ride", "walk", "strength"]

LONGEST = 24 * 3600.0  # A day: more is a slip of the keyboard.
HARDEST = 5.0  # Track sprinters reach 4 to 5 times their threshold power; above is a typing error.
CADENCES = (20.0, 300.0)  # From grinding up a wall to both feet of a sprinter.
TEMPOS = (20.0, 400.0)  # BPM that music is counted at; beyond, the beat is a pulse or a buzz.
MOST_STEPS = 10_000  # A day of 8-second steps.
UNHELD = (300.0, 1.5)
"""Seconds, and effort that nobody holds so long: the best ride five minutes at 1.2 (Allen & Coggan,
Training and Racing with a Power Meter, 2nd ed., table 3.2: 7.6 W/kg of 6.4)."""
STEADY = 0.75  # A pace at which one can talk: the middle of zone 2 (endurance) and zone 3.

WALKING = re.compile(r"\bwalk", re.IGNORECASE)
RUNNING = re.compile(r"\b(run|jog)", re.IGNORECASE)

Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Step:
    """One stretch of a workout.

    Raises
    ------
    WorkoutError
        If a value is not a number or lies outside what a body or music can do.
    """

    duration: float
    intensity: Range
    """Intensity at the start and at the end; in between it changes linearly."""
    cadence: Range | None = None
    """Lowest and highest steps or turns a minute that are wanted."""
    bpm: Range | None = None
    """Tempo of the music, where the plan gives it; it overrides every other target."""
    name: str = ""

    def __post_init__(self) -> None:
        if not (isfinite(self.duration) and 0 < self.duration <= LONGEST):
            raise WorkoutError(
                f"a step lasts {self.duration:g} s; it must be more than 0 s and at most 24 h"
            )
        _check("intensity (% of threshold)", _percent(self.intensity), _percent((0.0, HARDEST)))
        if self.cadence is not None:
            _check("cadence (a minute)", self.cadence, CADENCES, ordered=True)
        if self.bpm is not None:
            _check("tempo (BPM)", self.bpm, TEMPOS, ordered=True)

    @property
    def is_walk(self) -> bool:
        """Whether its name asks for walking, and not for running or either."""
        return bool(WALKING.search(self.name)) and not RUNNING.search(self.name)

    def at(self, time: float) -> float:
        """Return the intensity `time` seconds after the start of the step."""
        start, end = self.intensity
        return start + (end - start) * min(max(time / self.duration, 0.0), 1.0)


@dataclass(frozen=True, slots=True)
class Workout:
    """An ordered list of steps.

    Raises
    ------
    WorkoutError
        If there is no step, or the steps last longer than a day.
    """

    name: str
    steps: tuple[Step, ...]
    activity: Activity = "run"
    description: str = ""

    def __post_init__(self) -> None:
        if not self.steps:
            raise WorkoutError(f"the workout {self.name!r} has no steps")
        if len(self.steps) > MOST_STEPS:
            raise WorkoutError(
                f"the workout {self.name!r} has {len(self.steps)} steps; {MOST_STEPS} is the limit"
            )
        if self.duration > LONGEST:
            raise WorkoutError(
                f"the workout {self.name!r} lasts {self.duration / 3600:.1f} h; 24 h is the limit"
            )
        if self.activity not in get_args(Activity):
            raise WorkoutError(
                f"unknown activity {self.activity!r}; one of {', '.join(get_args(Activity))}"
            )

    @property
    def duration(self) -> float:
        """Length of the whole workout, seconds."""
        return sum(step.duration for step in self.steps)

    @property
    def starts(self) -> tuple[float, ...]:
        """When each step starts, seconds."""
        return tuple(accumulate((step.duration for step in self.steps[:-1]), initial=0.0))

    @property
    def unheld(self) -> int | None:
        """Index of the first step that nobody can do, as where a unit is wrong; or None."""
        long, hard = UNHELD
        found = (
            i
            for i, step in enumerate(self.steps)
            if step.duration >= long and min(step.intensity) > hard
        )
        return next(found, None)

    def index(self, time: float) -> int:
        """Return the index of the step under way at `time`; the ends belong to the outer steps."""
        return max(bisect_right(self.starts, time) - 1, 0)

    def intensity(self, time: float) -> float:
        """Return the intensity at `time`."""
        i = self.index(time)
        return self.steps[i].at(time - self.starts[i])

    def scaled(self, minutes: float) -> "Workout":
        """Return the workout with every step stretched so that it lasts `minutes`."""
        if not (isfinite(minutes) and 0 < minutes * 60 <= LONGEST):
            raise WorkoutError(
                f"a workout cannot last {minutes:g} minutes; more than 0, up to 1440"
            )
        factor = minutes * 60 / self.duration
        steps = (replace(step, duration=step.duration * factor) for step in self.steps)
        return replace(self, steps=tuple(steps))

    def at_effort(self, factor: float) -> "Workout":
        """Return the workout with intensity, cadence and tempo times `factor`, within limits."""
        return replace(self, steps=tuple(_at_effort(step, factor) for step in self.steps))


def _at_effort(step: Step, factor: float) -> Step:
    return replace(
        step,
        intensity=times(step.intensity, factor, (0.0, HARDEST)),
        cadence=step.cadence and times(step.cadence, factor, CADENCES),
        bpm=step.bpm and times(step.bpm, factor, TEMPOS),
    )


def times(values: Range, factor: float, limits: Range) -> Range:
    """Return both ends of a range times `factor`, within limits."""
    low, high = (min(max(value * factor, limits[0]), limits[1]) for value in values)
    return low, high


def steady(name: str, minutes: float, bpm: Range) -> Workout:
    """Return a workout of one step whose tempo is given, at a steady aerobic effort.

    Parameters
    ----------
    name : str
    minutes : float > 0
    bpm : (float, float)
        Slowest and fastest tempo of the music.

    Returns
    -------
    Workout

    Raises
    ------
    WorkoutError
        If a value is out of range.
    """
    return Workout(name, (Step(minutes * 60, (STEADY, STEADY), bpm=bpm),))


def _percent(values: Range) -> Range:
    return 100 * values[0], 100 * values[1]


def _check(what: str, values: Range, limits: Range, *, ordered: bool = False) -> None:
    low, high = limits
    given = " to ".join(dict.fromkeys(f"{value:g}" for value in values))
    if not all(isfinite(value) and low <= value <= high for value in values):
        raise WorkoutError(f"{what} is {given}; it must lie between {low:g} and {high:g}")
    if ordered and values[0] > values[1]:
        raise WorkoutError(f"{what} is {given}; the lower comes first")
