"""One step of a plan: a duration, an intensity, and what else is said of it."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from playlists.effort import THRESHOLD_OF_MAXIMUM, ZONES, Terms, at_heart_rate
from playlists.errors import WorkoutError
from playlists.plan.tokens import Token, expected
from playlists.workout import Range, Step

IGNORED = {"@", "at", "press", "lap", "hidepower", "ftp"}  # Said to the device, or nothing.
MEASURES = {"hr", "lthr", "pace"}  # Of what an intensity is a share.
NUMBER = r"[0-9]+(?:\.[0-9]+)?"
RANGE = rf"({NUMBER})%?(?:-({NUMBER}))?"
DURATION = re.compile(
    rf"(?=[0-9])(?:({NUMBER})h(?:r|our)?s?)?(?:({NUMBER})(?:m(?:in(?:ute)?)?s?|'))?(?:({NUMBER})(?:s(?:ec(?:ond)?)?s?|\"|$))?",
    re.IGNORECASE,
)
CLOCK = re.compile(r"(?:([0-9]+):)?([0-9]+):([0-5][0-9])")
"""Minutes and seconds, with hours before them or not."""
HOURS = re.compile(r"(?<=h)([0-9]+)$", re.IGNORECASE)
"""Minutes after hours need no unit: 1h30."""
PERCENT = re.compile(rf"{RANGE}%", re.IGNORECASE)
ZONE = re.compile(r"Z([1-7])(?:-Z?([1-7]))?", re.IGNORECASE)
CADENCE = re.compile(rf"{RANGE}(rpm|spm)", re.IGNORECASE)
TEMPO = re.compile(rf"{RANGE}bpm", re.IGNORECASE)
REPEATED = re.compile(rf"[x\u00d7*]|[0-9]+[x\u00d7*]({NUMBER}(h|m|min|s|sec|km|'))?", re.IGNORECASE)
NAME = re.compile(r"[^\W\d_][^\d%]*")
KNOWN = "write a duration and a share of threshold, such as 10m 85%"
UNKNOWABLE = (
    (re.compile(r"[0-9]+:[0-9]{2}\S*"), f"a pace needs its unit, as in 5:00/km; {KNOWN}"),
    (re.compile(rf"{NUMBER}y", re.IGNORECASE), f"a distance in yards is not known; {KNOWN}"),
    (re.compile(r"mmp", re.IGNORECASE), f"a share of your best power is not known here; {KNOWN}"),
    (re.compile(r"rpe", re.IGNORECASE), f"how hard it feels is not known here; {KNOWN}"),
    (REPEATED, "write repeats as 4x(3m 95%, 2m 60%), or name a section for them: Main set 4x"),
)


@dataclass(slots=True)
class _Draft:
    """A step being read."""

    name: list[str]
    terms: Terms
    duration: float | None = None
    meters: float | None = None
    intensity: Range | None = None
    cadence: Range | None = None
    bpm: Range | None = None
    ramp: bool = False


def read_step(tokens: list[Token], terms: Terms, *, bare_is_ramp: bool) -> Step:
    """Return the step that some words describe.

    Parameters
    ----------
    tokens : list of Token
        One or more.
    terms : Terms
    bare_is_ramp : bool
        Whether a range is a ramp even where the word is missing.

    Raises
    ------
    WorkoutError
        If they describe none.
    """
    draft = _Draft([], terms)
    for i, token in enumerate(tokens):
        unit = tokens[i + 1].text.casefold() if i + 1 < len(tokens) else ""
        _read(draft, token, unit)
    duration, (low, high) = _complete(draft, tokens[-1])
    if not (draft.ramp or bare_is_ramp) and low < high:
        low = high = (low + high) / 2
    try:
        return Step(duration, (low, high), draft.cadence, draft.bpm, " ".join(draft.name))
    except WorkoutError as error:
        raise WorkoutError(f"{tokens[0].where}: {error}") from None


def _complete(draft: _Draft, end: Token) -> tuple[float, Range]:
    """Return what every step must have: seconds, and an intensity."""
    if draft.meters is not None and draft.intensity is not None:
        draft.duration = round(draft.terms.seconds(draft.meters, draft.intensity), 2)
    if draft.intensity is None and draft.duration is not draft.meters:
        named = f"; {' '.join(draft.name)!r} is only its name" * bool(draft.name)
        raise WorkoutError(
            f"{end.where}: expected an intensity such as 75% or Z2 in this step{named}"
        )
    if draft.duration is None or draft.intensity is None:
        raise WorkoutError(f"{end.where}: expected a duration such as 10m or 1m30s in this step")
    return draft.duration, draft.intensity


def _read(draft: _Draft, token: Token, unit: str) -> None:
    """Add what `token`, before a word `unit`, says to `draft`."""
    text = token.text
    if text.startswith('"'):
        draft.name.append(_unquoted(token))
    elif match := _duration(draft, text):
        hours, minutes, seconds = (float(part or 0) for part in match.groups())
        _once(token, draft.duration or draft.meters)
        draft.duration = hours * 3600 + minutes * 60 + seconds
    elif match := PERCENT.fullmatch(text):
        _once(token, draft.intensity)
        draft.intensity = _intensity((_number(part, "e-2") for part in match.groups()), unit)
    elif match := ZONE.fullmatch(text):
        _once(token, draft.intensity)
        draft.intensity = _both(ZONES[int(part) - 1] if part else None for part in match.groups())
    elif match := CADENCE.fullmatch(text):
        _once(token, draft.cadence)
        draft.cadence = _both(map(_number, match.group(1, 2)))
    elif match := TEMPO.fullmatch(text):
        _once(token, draft.bpm)
        draft.bpm = _both(map(_number, match.groups()))
    elif text.casefold() == "ramp":
        draft.ramp = True
    elif not _read_terms(draft, token):
        _read_word(draft, token)


def _read_terms(draft: _Draft, token: Token) -> bool:
    """Add what an athlete's measure says, and tell whether it is one."""
    if (meters := draft.terms.meters(token.text)) is not None:
        _once(token, draft.duration or draft.meters)
        draft.meters = meters
        return True
    if (intensity := draft.terms.intensity(token.text)) is None:
        return False
    _once(token, draft.intensity)
    draft.intensity = intensity
    return True


def _read_word(draft: _Draft, token: Token) -> None:
    for pattern, reason in UNKNOWABLE:
        if pattern.fullmatch(token.text):
            raise WorkoutError(f"{token.where}: {token.text}: {reason}")
    word = token.text.casefold()
    if draft.duration is None and draft.meters is None and draft.intensity is None:
        draft.name.append(token.text.removesuffix(":"))
    elif word in MEASURES and draft.intensity is None:
        expected(token, f"an intensity before {token.text}, as in 80% {token.text}")
    elif word in IGNORED or word in MEASURES or "=" in word:
        return
    elif NAME.fullmatch(word):
        draft.name.append(token.text)
    else:
        expected(token, "an intensity (75%), a cadence (90rpm) or the next step")


def _duration(draft: _Draft, text: str) -> re.Match[str] | None:
    """Return hours, minutes and seconds of `text`; after a length, 5:00 is a pace without unit."""
    is_first = draft.duration is None and draft.meters is None
    clock = CLOCK.fullmatch(text) if is_first else None
    return clock or _whole(DURATION, HOURS.sub(r"\1m", text))


def _whole(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """Return the match of all of `text`, if it has a part at all; a bare number has none."""
    match = pattern.fullmatch(text)
    return match if match and any(match.groups()) and not text.isdecimal() else None


def _once(token: Token, before: object) -> None:
    if before is not None:
        expected(token, "a comma or a new line before another step")


def _number(text: str | None, exponent: str = "") -> float | None:
    return float(text + exponent) if text else None


def _both(values: Iterable[float | None]) -> Range:
    low, high = values
    if low is None:
        raise ValueError("a range starts with a number")
    return low, low if high is None else high


def _intensity(values: Iterable[float | None], unit: str) -> Range:
    """Return the effort that shares of power, pace or heart rate stand for."""
    low, high = _both(values)
    if unit == "lthr":
        return at_heart_rate(low), at_heart_rate(high)
    if unit == "hr":
        return at_heart_rate(low / THRESHOLD_OF_MAXIMUM), at_heart_rate(high / THRESHOLD_OF_MAXIMUM)
    return low, high


def _unquoted(token: Token) -> str:
    try:
        return str(json.loads(token.text, strict=False))
    except json.JSONDecodeError:
        raise WorkoutError(
            f"{token.where}: in quotation marks write \\\\ for a backslash"
        ) from None
