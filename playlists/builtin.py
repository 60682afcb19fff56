"""The workouts that come with the program; all can have any length.

Warm-up and cool-down are a share of the workout within bounds, so that a long run does not
warm up for half an hour. Interval workouts change the number of repeats, never the interval:
what is left over goes to the easy ends.
"""

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isfinite

from playlists.errors import WorkoutError
from playlists.workout import LONGEST, Activity, Range, Step, Workout

MINUTE = 60.0
SONG = 180.0
"""Seconds. A shorter warm-up would share its song with the work, and so be none."""


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """A workout that can have any length."""

    minutes: float
    """Usual length."""
    description: str
    steps: Callable[[float], tuple[Step, ...]]
    """From a length in seconds to steps of that length in all."""
    activity: Activity = "run"


def builtin(name: str, minutes: float | None = None) -> Workout:
    """Return a workout that comes with the program.

    Parameters
    ----------
    name : str
        One of `BUILT_IN`.
    minutes : float, optional
        Length; by default the usual one.

    Returns
    -------
    Workout

    Raises
    ------
    WorkoutError
        If there is no such workout, or the length is not between 1 minute and 24 hours.
    """
    if name not in BUILT_IN:
        close = difflib.get_close_matches(name, BUILT_IN) or [
            each for each in BUILT_IN if name and name.lower() in each
        ]
        hint = (
            f"did you mean {' or '.join(close)}?" if close else f"there are {', '.join(BUILT_IN)}"
        )
        if "%" in name:
            hint = "a plan is given with `tempo build --plan`"
        raise WorkoutError(f"no workout {name!r}; {hint}")
    kind = BUILT_IN[name]
    length = (kind.minutes if minutes is None else minutes) * MINUTE
    if not (isfinite(length) and MINUTE <= length <= LONGEST):
        raise WorkoutError(
            f"{name} cannot last {length / 60:g} minutes; from 1 to 1440 is possible"
        )
    return Workout(name, kind.steps(length), kind.activity, kind.description)


def _framed(
    length: float, *, warm_up: Range, work: tuple[Step, ...], cool_down: Range, ends: Range
) -> tuple[Step, ...]:
    """Put ramps of `ends` seconds (warm-up, cool-down) around `work` of the remaining length."""
    before, after = ends
    factor = (length - before - after) / sum(step.duration for step in work)
    middle = (Step(step.duration * factor, step.intensity, name=step.name) for step in work)
    return (
        Step(before, warm_up, name="warm-up"),
        *middle,
        Step(after, cool_down, name="cool-down"),
    )


def _share(length: float, share: float, longest: float) -> float:
    """Return the length of an easy end: a song at least, where that leaves most for the work."""
    return min(max(length * share, SONG), longest * MINUTE, length / 5)


def _training_montage(length: float) -> tuple[Step, ...]:
    """Rise for nine ninths, each scene a little steeper, and end on the summit."""
    scenes = (("snow", 2.0, 0.45), ("barn", 2.0, 0.62), ("road", 2.0, 0.76), ("mountain", 2.5, 0.9))
    tops = [bottom for _, _, bottom in scenes[1:]] + [1.1]
    climb = (
        Step(length * ninths / 9, (bottom, top), name=name)
        for (name, ninths, bottom), top in zip(scenes, tops, strict=True)
    )
    return (*climb, Step(length * 0.5 / 9, (1.1, 1.2), name="summit"))


def _hearts_on_fire(length: float) -> tuple[Step, ...]:
    work = (Step(1.0, (0.95, 0.97), name="hearts on fire"),)
    ends = (_share(length, 0.12, 6), _share(length, 0.1, 5))
    return _framed(length, warm_up=(0.5, 0.9), work=work, cool_down=(0.6, 0.35), ends=ends)


def _steady_run(length: float) -> tuple[Step, ...]:
    work = (Step(1.0, (0.75, 0.78), name="steady"),)
    ends = (_share(length, 0.15, 8), _share(length, 0.12, 6))
    return _framed(length, warm_up=(0.45, 0.72), work=work, cool_down=(0.6, 0.35), ends=ends)


def _long_run(length: float) -> tuple[Step, ...]:
    work = (Step(2.0, (0.65, 0.68), name="easy"), Step(1.0, (0.72, 0.76), name="steady"))
    ends = (_share(length, 0.12, 12), _share(length, 0.08, 8))
    return _framed(length, warm_up=(0.45, 0.63), work=work, cool_down=(0.55, 0.35), ends=ends)


def _tempo_run(length: float) -> tuple[Step, ...]:
    work = (Step(1.0, (0.88, 0.92), name="tempo"),)
    ends = (_share(length, 0.28, 12), _share(length, 0.2, 8))
    return _framed(length, warm_up=(0.45, 0.75), work=work, cool_down=(0.6, 0.35), ends=ends)


def _repeats(length: float, work: Step, rest: Step, *, ends: Range) -> tuple[Step, ...]:
    """Fit as many whole repeats as leave at least `ends` minutes to warm up and cool down.

    Where not even one fits, the work is done once between equal ends, and the cool-down is its
    rest; a workout too short for that, too, is easy: ends alone.
    """
    repeat = work.duration + rest.duration
    least = min(sum(ends) * MINUTE, length * 0.4)
    count = int((length - least) // repeat)
    middle = (work, rest) * count or (work,) * (work.duration <= length - least)
    spare = length - sum(step.duration for step in middle)
    before = spare / 2 if len(middle) == 1 else spare * ends[0] / sum(ends)
    return (
        Step(before, (0.45, 0.75), name="warm-up"),
        *middle,
        Step(spare - before, (0.6, 0.35), name="cool-down"),
    )


def _intervals(length: float) -> tuple[Step, ...]:
    work = Step(4 * MINUTE, (1.05, 1.05), name="hard")
    return _repeats(length, work, Step(3 * MINUTE, (0.55, 0.55), name="easy"), ends=(10, 5))


def _tabata(length: float) -> tuple[Step, ...]:
    """Repeat sets of 8 times 20 s all out and 10 s rest; 3 minutes between sets."""
    work, rest = Step(20.0, (1.4, 1.4), name="all out"), Step(10.0, (0.5, 0.5), name="rest")
    pause = Step(3 * MINUTE, (0.5, 0.5), name="jog")
    one_set = (work, rest) * 8
    frame = _repeats(length, Step(4 * MINUTE, (1, 1)), pause, ends=(8, 4))
    parts = (one_set if step.name == "" else (step,) for step in frame)
    return tuple(step for part in parts for step in part)


def _spin(length: float) -> tuple[Step, ...]:
    """Ride flats and climbs in turn, as a class does."""
    work = tuple(
        Step(minutes, (start, end), name=name)
        for name, minutes, start, end in (
            ("flat", 8.0, 0.75, 0.8),
            ("climb", 8.0, 0.85, 1.0),
            ("flat", 5.0, 0.7, 0.75),
            ("climb", 8.0, 0.9, 1.05),
            ("sprint", 4.0, 1.1, 1.2),
        )
    )
    ends = (_share(length, 0.13, 7), _share(length, 0.11, 6))
    return _framed(length, warm_up=(0.45, 0.7), work=work, cool_down=(0.6, 0.35), ends=ends)


def _strength(length: float) -> tuple[Step, ...]:
    work = (Step(1.0, (0.9, 0.9), name="sets"),)
    ends = (_share(length, 0.15, 8), _share(length, 0.12, 6))
    return _framed(length, warm_up=(0.45, 0.7), work=work, cool_down=(0.5, 0.3), ends=ends)


def _walk(length: float) -> tuple[Step, ...]:
    work = (Step(1.0, (0.55, 0.6), name="brisk"),)
    ends = (_share(length, 0.12, 5), _share(length, 0.12, 5))
    return _framed(length, warm_up=(0.42, 0.52), work=work, cool_down=(0.5, 0.38), ends=ends)


def _recovery(length: float) -> tuple[Step, ...]:
    work = (Step(1.0, (0.5, 0.5), name="easy"),)
    ends = (_share(length, 0.15, 6), _share(length, 0.25, 10))
    return _framed(length, warm_up=(0.42, 0.48), work=work, cool_down=(0.48, 0.3), ends=ends)


BUILT_IN: Mapping[str, BuiltIn] = {
    "training-montage": BuiltIn(
        9.0, "Rises without a break, scene by scene, to the summit.", _training_montage
    ),
    "hearts-on-fire": BuiltIn(
        45.0, "A short warm-up, a long high plateau, a cool-down.", _hearts_on_fire
    ),
    "steady-run": BuiltIn(40.0, "An even run at a pace you can talk at.", _steady_run),
    "long-run": BuiltIn(90.0, "Easy for two thirds, then a little quicker.", _long_run),
    "tempo-run": BuiltIn(45.0, "A comfortably hard middle between easy ends.", _tempo_run),
    "intervals": BuiltIn(43.0, "4 minutes hard, 3 minutes easy, again and again.", _intervals),
    "tabata": BuiltIn(33.0, "Sets of 8 x 20 s all out, 10 s rest.", _tabata),
    "spin": BuiltIn(45.0, "Flats, climbs and a sprint on the bicycle.", _spin, "ride"),
    "strength": BuiltIn(45.0, "Strong music for sets and rests in the gym.", _strength, "strength"),
    "walk": BuiltIn(30.0, "A brisk walk.", _walk, "walk"),
    "recovery": BuiltIn(30.0, "Very easy, and calmer towards the end.", _recovery),
}
