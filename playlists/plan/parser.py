"""Workouts as text, in the syntax of intervals.icu and in a one-line form of it.

Over several lines every step starts with a dash; other lines name a section, and a number of
repeats in a section's name holds for the steps up to the next blank line or section::

    Warm-up
    - 10m ramp 50-75% 90rpm

    Main set 4x
    - Hard 3m 95-105%
    - 2m Z1

    - 5m 50%

The same in one line; here repeats may be nested, and a range of intensity is always a ramp::

    warm-up 10m 50-75% 90rpm, 4x("Hard" 3m 100%, 2m Z1), 5m 50%

A step is a duration (``1h2m30s``, ``1.5h``, ``10:00``, ``90s``, ``5'``, ``30"``), an intensity
(``75%`` of threshold, ``60-90%``, ``ramp 60-90%``, ``Z2``, ``80% pace``, ``90% LTHR``, ``80% HR``),
and if wanted a cadence (``90rpm``, ``85-95rpm``, ``172spm``) and a tempo of the music
(``165-175bpm``). Other words are its name; quotation marks keep any text together. Over several
lines a range is a target held in its middle, as intervals.icu has it, unless ``ramp`` stands before
it or it falls. Between a number and its unit a blank may stand, a semicolon does for a comma, and a
bullet (``*``, ``•``) for a dash; ``1,5h`` is ``1.5h``. For an athlete who is known, a step may
have a distance (``2km``, ``400mtr``), watts (``200w``) or a pace (``5:00/km``) instead. Lines that
start with ``#`` or ``//`` are comments; those with ``##`` name a section.
"""

import re

from playlists.effort import Athlete, Terms
from playlists.errors import WorkoutError
from playlists.plan.forms import BULLET, OneLine, Sections
from playlists.workout import Activity, Workout

LONGEST_TEXT = 100_000  # Characters: 10,000 steps of 10. Longer is no plan but another file.


def parse(text: str, *, name: str, athlete: Athlete) -> tuple[Workout, tuple[str, ...]]:
    """Return the workout that `text` describes for an athlete.

    Parameters
    ----------
    text : str
        In either form; it is read line by line if a line starts with a dash.
    name : str
    athlete : Athlete
        What watts, paces and distances mean.

    Returns
    -------
    workout : Workout
        Riding where a cadence is in rpm, or a power in watts and no pace is said; else running.
    assumed : tuple of str
        What the text does not say, a sentence each.

    Raises
    ------
    WorkoutError
        If the text is not a plan; the message says where and what was expected.
    """
    if len(text) > LONGEST_TEXT:
        raise WorkoutError(f"the plan has {len(text)} characters; {LONGEST_TEXT} is the limit")
    terms = Terms(athlete, _activity(text))
    dashed = any(BULLET.match(line) for line in text.splitlines())
    steps = (Sections(text, terms) if dashed else OneLine(text, terms)).steps()
    if not steps:
        raise WorkoutError("the plan has no steps; write for example: 10m 60%, 20m 85%, 5m 50%")
    return Workout(name, tuple(steps), terms.activity), terms.assumed


def _activity(text: str) -> Activity:
    if re.search(r"[0-9]rpm\b", text, re.IGNORECASE):
        return "ride"
    runs = re.search(r":[0-9]{2}/(km|mi)\b", text, re.IGNORECASE)
    return "ride" if not runs and re.search(r"[0-9]w(atts)?\b", text, re.IGNORECASE) else "run"
