"""Ergometer workouts (``.erg`` in watts, ``.mrc`` in percent of threshold).

A file is a curve: minutes and values, between which the effort changes linearly; two values at
one minute are a step. Sections stand in square brackets, and the header says which unit it is;
the suffix is only a habit.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from playlists.effort import Athlete, Terms
from playlists.errors import WorkoutError, located
from playlists.workout import Step, Workout
from tempo.tags import clean

SECTION = re.compile(r"\[(.*)\]")
UNITS = re.compile(r"MINUTES\s+(WATTS|PERCENT\w*|FTP)", re.IGNORECASE)
SETTING = re.compile(r"([^=]+?)\s*=\s*(.*)")
NUMBER = r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)"
POINT = re.compile(rf"({NUMBER})[\s;]+({NUMBER})%?")
SHORTEST = 0.5  # Seconds between points that are one step: minutes with two decimals are so exact.


@dataclass(frozen=True, slots=True)
class _Point:
    line: int
    seconds: float
    value: float


@dataclass(slots=True)
class _Content:
    settings: dict[str, str] = field(default_factory=dict)
    unit: str = ""
    points: list[_Point] = field(default_factory=list)
    messages: int = 0


def parse(text: str, *, name: str, athlete: Athlete) -> tuple[Workout, tuple[str, ...]]:
    """Return the workout in an ERG or MRC file.

    Parameters
    ----------
    text : str
    name : str
        For a workout that has none.
    athlete : Athlete
        Its threshold power goes before the one in the file.

    Returns
    -------
    workout : Workout
    assumed : tuple of str
        What the file does not say, or what it says for nothing, a sentence each.

    Raises
    ------
    WorkoutError
        If the text is no such file; the message says in which line.
    """
    content = _content(text)
    if not content.points:
        raise WorkoutError("line 1: this is no ERG or MRC workout: it has no [COURSE DATA]")
    if not content.unit:
        raise WorkoutError("line 1: the header says neither MINUTES WATTS nor MINUTES PERCENT")
    ftp = athlete.ftp or _ftp(content.settings.get("ftp", ""))
    terms = Terms(Athlete(ftp, athlete.pace, athlete.max_hr), "ride")
    described = clean(content.settings.get("description", ""))
    steps = tuple(_steps(content, terms))
    terms.leave_out(content.messages)
    return Workout(name, steps, "ride", described), terms.assumed


def _content(text: str) -> _Content:
    content, section = _Content(), ""
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if match := SECTION.fullmatch(line):
            section = match[1].strip().upper()
        elif line and section == "COURSE DATA":
            content.points += _point(number, line)
        elif line and section == "COURSE HEADER":
            _header(content, number, line)
        content.messages += bool(line) and section == "COURSE TEXT" and not match
    return content


def _header(content: _Content, number: int, line: str) -> None:
    if match := SETTING.fullmatch(line):
        content.settings[match[1].casefold()] = match[2]
    elif match := UNITS.fullmatch(line):
        content.unit = "watts" if match[1].upper() == "WATTS" else "percent"
    elif line.upper().startswith("DISTANCE"):
        raise WorkoutError(f"line {number}: this is a course over a distance, not a workout")


def _point(number: int, line: str) -> Iterator[_Point]:
    match = POINT.match(line)
    if match:
        minutes, value = (float(part.replace(",", ".")) for part in match.groups())
        yield _Point(number, 60 * minutes, value)
    elif "LAP" not in line.upper():  # a mark for the device
        raise WorkoutError(
            f"line {number}: expected minutes and a value, found {clean(line)[:40]!r}"
        )


def _ftp(said: str) -> float | None:
    match = re.match(NUMBER, said.strip())
    value = float(match[0].replace(",", ".")) if match else 0.0
    return value if value > 0 else None


def _steps(content: _Content, terms: Terms) -> Iterator[Step]:
    for start, end in pairwise(content.points):
        with located(f"line {end.line}"):
            if end.seconds < start.seconds:
                raise WorkoutError("time goes back")
            if end.seconds - start.seconds >= SHORTEST:
                ends = (start.value, end.value)
                low, high = (
                    terms.watts(value) if content.unit == "watts" else value / 100 for value in ends
                )
                yield Step(round(end.seconds - start.seconds, 2), (low, high))
