"""Workouts in Garmin's FIT format: the one door to its decoder.

Numbers of messages, fields and values are those of the FIT profile, `Profile.xlsx` of the FIT
SDK, sheets Messages and Types. What is special there:

- Heart rates up to 100 are percent of the highest, above beats a minute plus 100; powers up to
  1000 are percent of threshold, above watts plus 1000.
- A repeat is a step that points back; repeats may hold others.
- Steps may end at a lap, a heart rate or a power, of which nobody knows when that is.
- Running cadence counts one foot.
- The number of steps that a file promises need not be right.
"""

import io
from collections.abc import Mapping
from math import ceil
from typing import Any

from playlists.effort import FREE, Athlete, Terms, at_heart_rate, at_zone
from playlists.effort import THRESHOLD_OF_MAXIMUM as THRESHOLD
from playlists.errors import WorkoutError, located
from playlists.workout import MOST_STEPS, Activity, Range, Step, Workout
from tempo.tags import clean

FILE_ID, WORKOUT, STEP = 0, 26, 27
TYPE, SPORT, TITLE = 0, 4, 8
INDEX, NAME, ENDS, LENGTH, TARGET, VALUE, LOW, HIGH, KIND = 254, 0, 1, 2, 3, 4, 5, 6, 7
SECOND = {TARGET: 19, VALUE: 20, LOW: 21, HIGH: 22}
"""Where a second target of the same step stands."""
WORKOUT_FILE = 5
SPORTS: Mapping[int, Activity] = {1: "run", 2: "ride", 10: "strength", 11: "walk", 17: "walk"}
TIME, DISTANCE, REPETITION_TIME = 0, 1, 28
REPEAT, REPEAT_TIME, REPEAT_DISTANCE = 6, 7, 8
REPEATS = {*range(6, 14), 17, 18}
"""Ends of steps that point back."""
USUAL_REPEATS = 3
"""Times that a repeat is done which ends with a heart rate, a power or calories."""
SPEED, HEART_RATE, CADENCE = 0, 1, 3
POWERS = {4, 7, 8, 9, 10}
SPEEDS, HEART_RATES = {SPEED, 12}, {HEART_RATE, 13}
KINDS = ("active", "rest", "warm-up", "cool-down", "recovery", "interval")
UNTOLD = {1: 0.5, 2: 0.55, 3: 0.5, 4: 0.5, 5: 1.0}
"""Intensity of rest, warm-up, cool-down and recovery without a target, which lie in zone 1, and
of an interval, which is run about at threshold."""

Fields = Mapping[int, Any]


def parse(raw: bytes, *, name: str, athlete: Athlete) -> tuple[Workout, tuple[str, ...]]:
    """Return the workout in a FIT file.

    Parameters
    ----------
    raw : bytes
    name : str
        For a workout that has none.
    athlete : Athlete

    Returns
    -------
    workout : Workout
    assumed : tuple of str
        What the file does not say, a sentence each.

    Raises
    ------
    WorkoutError
        If the bytes are no such file; the message says in which step.
    """
    messages = _messages(raw)
    kinds = [fields.get(TYPE) for number, fields in messages if number == FILE_ID]
    found = [fields for number, fields in messages if number == STEP]
    if not found:
        other = kinds and kinds[0] != WORKOUT_FILE
        raise WorkoutError(
            "it is a FIT file of something else: an activity or a setting" if other else "no steps"
        )
    about = next((fields for number, fields in messages if number == WORKOUT), {})
    terms = Terms(athlete, _activity(about.get(SPORT), found))
    steps = _steps(sorted(found, key=lambda fields: fields.get(INDEX) or 0), terms)
    title = clean(str(about.get(TITLE) or "")) or name
    return Workout(title, tuple(steps), terms.activity), terms.assumed


def _messages(raw: bytes) -> list[tuple[int, Fields]]:
    """Return the messages of a file: their numbers, and raw values by field."""
    import fitdecode  # noqa: PLC0415 - its profile takes 50 ms

    try:
        with fitdecode.FitReader(
            io.BytesIO(raw),
            check_crc=fitdecode.CrcCheck.RAISE,
            error_handling=fitdecode.ErrorHandling.RAISE,
            keep_raw_chunks=False,
        ) as reader:
            return [
                (frame.global_mesg_num, {f.def_num: f.raw_value for f in frame.fields})
                for frame in reader
                if frame.frame_type == fitdecode.FIT_FRAME_DATA
            ]
    except Exception as error:  # on damage it lets struct.error and more through
        raise WorkoutError(f"the FIT file is damaged: {clean(str(error))[:200]}") from error


def _activity(sport: object, steps: list[Fields]) -> Activity:
    """Return the sport of a workout, or what its targets suggest."""
    if isinstance(sport, int) and sport in SPORTS:
        return SPORTS[sport]
    return "ride" if any(fields.get(TARGET) in POWERS for fields in steps) else "run"


def _steps(found: list[Fields], terms: Terms) -> list[Step]:
    done: list[Step] = []
    starts: dict[int, int] = {}
    for place, fields in enumerate(found):
        with located(f"step {place + 1}"):
            starts[_whole(fields, INDEX, place)] = len(done)
            if fields.get(ENDS) in REPEATS:
                _repeat(fields, starts, done, terms)
            else:
                done.append(_step(fields, terms))
            if len(done) > MOST_STEPS:
                raise WorkoutError(f"this makes more than {MOST_STEPS} steps, the limit")
    return done


def _repeat(fields: Fields, starts: Mapping[int, int], done: list[Step], terms: Terms) -> None:
    """Add to `done` what a repeat adds."""
    back = _whole(fields, LENGTH, -1)
    if back not in starts or starts[back] == len(done):
        raise WorkoutError("it repeats nothing: it does not point back to a step")
    block = done[starts[back] :]
    times = _times(fields, block, terms)
    if len(done) + (times - 1) * len(block) > MOST_STEPS:
        raise WorkoutError(f"{times} repeats make more than {MOST_STEPS} steps, the limit")
    done += block * (times - 1)


def _times(fields: Fields, block: list[Step], terms: Terms) -> int:
    """Return how often a block is done in all."""
    ends, value = fields.get(ENDS), _whole(fields, VALUE, 0)
    seconds = sum(step.duration for step in block)
    if ends == REPEAT:
        times = value
    elif ends == REPEAT_TIME:
        times = ceil(value / 1000 / seconds)
    elif ends == REPEAT_DISTANCE:
        mean = sum(step.duration * sum(step.intensity) / 2 for step in block) / seconds
        times = ceil(terms.seconds(value / 100, (mean, mean)) / seconds)
    else:
        terms.assume(f"taken: {USUAL_REPEATS} repeats where a heartbeat or a power ends them")
        times = USUAL_REPEATS
    if times < 1:
        raise WorkoutError(f"{times} repeats; expected 1 or more")
    return times


def _step(fields: Fields, terms: Terms) -> Step:
    kind = _whole(fields, KIND, 0)
    intensity = cadence = None
    for places in ({}, SECOND):
        target = {field: fields.get(places.get(field, field)) for field in SECOND}
        if target[TARGET] == CADENCE:
            cadence = cadence or _cadence(target, terms)
        else:
            intensity = intensity or _intensity(target, terms)
    if intensity is None:
        effort = terms.free(UNTOLD.get(kind, FREE))
        intensity = (effort, effort)
    name = clean(str(fields.get(NAME) or "")) or (KINDS[kind] if kind < len(KINDS) else "")
    return Step(_duration(fields, kind, intensity, terms), intensity, cadence, None, name)


def _duration(fields: Fields, kind: int, intensity: Range, terms: Terms) -> float:
    ends, length = fields.get(ENDS), _whole(fields, LENGTH, 0)
    if ends in {TIME, REPETITION_TIME}:
        return length / 1000
    if ends == DISTANCE:
        return round(terms.seconds(length / 100, intensity), 2)
    return terms.open(easy=kind in {2, 3})


def _intensity(target: Fields, terms: Terms) -> Range | None:
    """Return the middle of a target, which is held; None where it is none."""
    kind, zone = target[TARGET], _whole(target, VALUE, 0)
    low, high = _whole(target, LOW, 0), _whole(target, HIGH, 0)
    if kind not in POWERS | SPEEDS | HEART_RATES or not (zone or low or high):
        return None
    if zone:
        effort = at_zone(zone)
    else:
        shares = [_share(kind, value, terms) for value in (low or high, high or low)]
        effort = round(sum(shares) / 2, 4)
    return effort, effort


def _share(kind: int, value: int, terms: Terms) -> float:
    """Return a limit of a target as a share of threshold."""
    if kind in POWERS:
        return value / 100 if value <= 1000 else terms.watts(value - 1000)  # noqa: PLR2004 - offset
    if kind in HEART_RATES:
        if value > 100:  # noqa: PLR2004 - the format's offset
            return terms.heartbeats(value - 100)
        return at_heart_rate(value / 100 / THRESHOLD)
    return terms.speed(value / 1000)


def _cadence(target: Fields, terms: Terms) -> Range | None:
    low, high = _whole(target, LOW, 0), _whole(target, HIGH, 0)
    low, high = low or high, high or low
    return terms.cadence(min(low, high), max(low, high)) if low else None


def _whole(fields: Fields, place: int, default: int) -> int:
    """Return a whole number from a message; what is missing or invalid there is None."""
    value = fields.get(place)
    return value if isinstance(value, int) else default
