"""Plans as text, short to read and written from workouts."""

import json
from decimal import Decimal
from itertools import groupby

from playlists.effort import Athlete
from playlists.plan import parser
from playlists.workout import Range, Step, Workout


def parse(text: str) -> Workout:
    """Return the workout of a plan, for an athlete of whom nothing is known."""
    return parser.parse(text, name="plan", athlete=Athlete())[0]


def formatted(workout: Workout, *, lines: bool = False) -> str:
    """Return the text of `workout` in one line, or one step a line; `parse` reads both back."""
    unit = "rpm" if workout.activity == "ride" else "spm"
    steps = [_formatted_step(step, unit) for step in workout.steps]
    if lines:
        return "".join(f"- {step}\n" for step in steps)
    runs = ((step, len(list(same))) for step, same in groupby(steps))
    return ", ".join(f"{count}x({step})" if count > 1 else step for step, count in runs)


def _formatted_step(step: Step, unit: str) -> str:
    start, end = step.intensity
    parts = [_quoted(step.name)] if step.name else []
    parts.append(_formatted_duration(step.duration))
    parts.append(
        f"{_percent(start)}%" if start == end else f"ramp {_percent(start)}-{_percent(end)}%"
    )
    if step.cadence:
        parts.append(_formatted_range(step.cadence) + unit)
    if step.bpm:
        parts.append(_formatted_range(step.bpm) + "bpm")
    return " ".join(parts)


def _quoted(name: str) -> str:
    # As JSON, so that no line break or quotation mark in a name can end it.
    return json.dumps(name, ensure_ascii=not name.isprintable())


def _formatted_duration(seconds: float) -> str:
    if seconds != int(seconds):
        return f"{_plain(seconds)}s"
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "h"), (minutes, "m"), (rest, "s"))
    return "".join(f"{value}{unit}" for value, unit in parts if value)


def _formatted_range(values: Range) -> str:
    low, high = (_plain(value) for value in values)
    return low if low == high else f"{low}-{high}"


def _plain(value: float) -> str:
    """Return the shortest decimal that reads back as `value`, never with an exponent."""
    return f"{Decimal(repr(float(value))).normalize():f}"


def _percent(value: float) -> str:
    return f"{Decimal(repr(float(value))).scaleb(2).normalize():f}"
