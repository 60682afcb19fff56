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

A step is a duration (``1h2m30s``, ``90s``, ``5'``, ``30"``), an intensity (``75%`` of threshold,
``60-90%``, ``ramp 60-90%``, ``Z2``, ``80% pace``, ``90% LTHR``, ``80% HR``), and if wanted a
cadence (``90rpm``, ``85-95rpm``, ``172spm``) and a tempo of the music (``165-175bpm``). Words
before the duration are its name; quotation marks keep any text together. Over several lines a
range is a target held in its middle, as intervals.icu has it, unless ``ramp`` stands before it
or it falls. For an athlete who is known, a step may have a distance (``2km``, ``400mtr``), watts
(``200w``) or a pace (``5:00/km``) instead. Lines that start with ``#`` or ``//`` are comments.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby
from typing import NoReturn

from playlists.effort import THRESHOLD_OF_MAXIMUM, ZONES, Athlete, Terms, at_heart_rate
from playlists.errors import WorkoutError
from playlists.workout import LONGEST, MOST_STEPS, Activity, Range, Step, Workout

LONGEST_TEXT = 100_000  # Characters: 10,000 steps of 10. Longer is no plan but another file.
DEEPEST = 10  # Repeats within repeats; people write two.

IGNORED = {"press", "lap", "hidepower", "ftp"}  # Said to the device, not to the athlete.
NUMBER = r"[0-9]+(?:\.[0-9]+)?"
RANGE = rf"({NUMBER})%?(?:-({NUMBER}))?"
DURATION = re.compile(
    rf"(?=[0-9])(?:({NUMBER})h(?:r|our)?s?)?(?:({NUMBER})(?:m(?:in)?s?|'))?(?:({NUMBER})(?:s(?:ec)?s?|\"|$))?",
    re.IGNORECASE,
)
PERCENT = re.compile(rf"{RANGE}%", re.IGNORECASE)
ZONE = re.compile(r"Z([1-7])(?:-Z?([1-7]))?", re.IGNORECASE)
CADENCE = re.compile(rf"{RANGE}(rpm|spm)", re.IGNORECASE)
TEMPO = re.compile(rf"{RANGE}bpm", re.IGNORECASE)
REPEAT = re.compile(r"([0-9]+)[x\u00d7]", re.IGNORECASE)
HEADER_REPEAT = re.compile(r"(?:^|\s)([0-9]+)[x\u00d7](?=\s|$)", re.IGNORECASE)
UNKNOWABLE = (
    (re.compile(rf"{RANGE}w(?:atts)?", re.IGNORECASE), "watts say nothing without your threshold"),
    (re.compile(r"[0-9]+:[0-9]{2}\S*"), "a pace says nothing without your threshold pace"),
    (re.compile(rf"{NUMBER}(?:km|mi|mtr|y)", re.IGNORECASE), "a distance has no fixed duration"),
    (re.compile(r"mmp", re.IGNORECASE), "a share of your best power is not known here"),
    (re.compile(r"freeride|maxeffort", re.IGNORECASE), "this gives no intensity"),
)
WORD = re.compile(r'[0-9]+(?:\'[0-9]+)?"|"(?:[^"\\]|\\.)*"|[^\s"]+|"')
TOKEN = re.compile(r'[0-9]+(?:\'[0-9]+)?"|"(?:[^"\\]|\\.)*"|[(),\n]|[^\s"(),]+|"')


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    line: int
    column: int

    @property
    def where(self) -> str:
        return f"plan, line {self.line}, column {self.column}"


def read(text: str, *, name: str, athlete: Athlete) -> tuple[Workout, tuple[str, ...]]:
    """Return the workout that `text` describes for an athlete, and what had to be assumed.

    Watts, paces and distances, of which `parse` knows nothing, are understood; see there.
    """
    terms = Terms(athlete, _activity(text))
    return parse(text, name=name, terms=terms), terms.assumed


def parse(
    text: str,
    *,
    name: str = "plan",
    activity: Activity | None = None,
    terms: Terms | None = None,
) -> Workout:
    """Return the workout that `text` describes.

    Parameters
    ----------
    text : str
        In either form; it is read line by line if a line starts with a dash.
    name : str
    activity : {"run", "ride", "walk", "strength"}, optional
        By default riding where a cadence is in rpm, or a power in watts and no pace is said;
        else running.
    terms : Terms, optional
        What watts, paces and distances mean; without, they are refused.

    Returns
    -------
    Workout

    Raises
    ------
    WorkoutError
        If the text is not a plan; the message says where and what was expected.
    """
    if len(text) > LONGEST_TEXT:
        raise WorkoutError(f"the plan has {len(text)} characters; {LONGEST_TEXT} is the limit")
    lines = [line.strip() for line in text.splitlines()]
    dashed = any(line.startswith("-") for line in lines)
    steps = (_Sections(text, terms) if dashed else _OneLine(text, terms)).steps()
    if not steps:
        raise WorkoutError("the plan has no steps; write for example: 10m 60%, 20m 85%, 5m 50%")
    return Workout(name, tuple(steps), activity or _activity(text))


def _activity(text: str) -> Activity:
    if re.search(r"[0-9]rpm\b", text, re.IGNORECASE):
        return "ride"
    runs = re.search(r":[0-9]{2}/(km|mi)\b", text, re.IGNORECASE)
    return "ride" if not runs and re.search(r"[0-9]w(atts)?\b", text, re.IGNORECASE) else "run"


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


class _OneLine:
    """Reader of the one-line form: recursive descent over tokens."""

    def __init__(self, text: str, terms: Terms | None) -> None:
        self.terms = terms
        self.tokens = [
            token
            for number, line in _numbered(text)
            for token in (*_tokens(TOKEN, line, number), _Token("\n", number, len(line) + 1))
        ]
        self.place = 0

    def steps(self) -> list[Step]:
        steps = self._items(0)
        if self.place < len(self.tokens):
            _expected(self.tokens[self.place], "a step or the end; this closes nothing")
        return steps

    def _items(self, depth: int) -> list[Step]:
        steps: list[Step] = []
        while self.place < len(self.tokens) and self.tokens[self.place].text != ")":
            token = self.tokens[self.place]
            if token.text in {",", "\n"}:
                self.place += 1
            elif REPEAT.fullmatch(token.text):
                steps.extend(self._repeat(token, depth))
            else:
                steps.append(_step(list(self._until_separator()), self.terms, bare_is_ramp=True))
            _limited(token, len(steps), sum(step.duration for step in steps))
        return steps

    def _repeat(self, token: _Token, depth: int) -> list[Step]:
        if depth == DEEPEST:
            raise WorkoutError(f"{token.where}: repeats within repeats go {DEEPEST} deep at most")
        self.place += 1
        self._skip(token, "(")
        steps = self._items(depth + 1)
        self._skip(token, ")")
        return _repeated(token, token.text[:-1], steps)

    def _skip(self, opener: _Token, wanted: str) -> None:
        if self.place == len(self.tokens):
            raise WorkoutError(f"{opener.where}: {opener.text} needs its {wanted!r}")
        if self.tokens[self.place].text != wanted:
            _expected(self.tokens[self.place], f"{wanted!r} for {opener.text}")
        self.place += 1

    def _until_separator(self) -> Iterator[_Token]:
        while self.place < len(self.tokens) and self.tokens[self.place].text not in {
            ",",
            "\n",
            ")",
        }:
            if self.tokens[self.place].text == "(":
                _expected(self.tokens[self.place], "a step; repeats are written 4x(...)")
            yield self.tokens[self.place]
            self.place += 1


class _Sections:
    """Reader of the form over several lines."""

    def __init__(self, text: str, terms: Terms | None) -> None:
        self.terms = terms
        self.lines = list(_numbered(text))
        self.done: list[Step] = []
        self.block: list[Step] = []
        self.header: _Token | None = None

    def steps(self) -> list[Step]:
        for number, line in self.lines:
            content = line.strip()
            if content.startswith("-"):
                self._dash(line, number)
            elif not content or not self._continues(content):
                self._close()
                self.header = _Token(content, number, 1) if content else None
        self._close()
        return self.done

    def _continues(self, content: str) -> bool:
        """Return whether `content` is a line that belongs to no section: a comment."""
        return content.startswith(("#", "//"))

    def _dash(self, line: str, number: int) -> None:
        before = line.index("-") + 1
        tokens = [
            replace(token, column=token.column + before)
            for token in _tokens(WORD, line[before:], number)
        ]
        if not tokens:
            raise WorkoutError(
                f"plan, line {number}: expected a step such as 10m 75% after the dash"
            )
        step = _step(tokens, self.terms, bare_is_ramp=False)
        self.block.append(replace(step, name=step.name or self._section_name()))
        _limited(tokens[0], len(self.block), sum(step.duration for step in self.block))

    def _section_name(self) -> str:
        return HEADER_REPEAT.sub(" ", self.header.text).strip() if self.header else ""

    def _close(self) -> None:
        if self.block and self.header:
            count = HEADER_REPEAT.search(self.header.text)
            if count:
                self.block = _repeated(self.header, count[1], self.block)
        self.done.extend(self.block)
        if self.block:
            self.header = None
        self.block = []


def _numbered(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), 1):
        yield number, "" if line.strip().startswith(("#", "//")) else line


def _tokens(pattern: re.Pattern[str], line: str, number: int) -> Iterator[_Token]:
    for match in pattern.finditer(line):
        token = _Token(match[0], number, match.start() + 1)
        if token.text == '"':
            raise WorkoutError(f"{token.where}: this quotation mark is never closed")
        yield token


def _repeated(token: _Token, count: str, steps: list[Step]) -> list[Step]:
    if not steps:
        raise WorkoutError(f"{token.where}: expected a step to repeat, found none")
    # A number of more digits than the limit is over it; int() refuses thousands of digits.
    times = int(count) if len(count) <= len(str(MOST_STEPS)) else MOST_STEPS + 1
    if times == 0:
        raise WorkoutError(f"{token.where}: expected 1 repeat or more, found {count}")
    _limited(token, times * len(steps), times * sum(step.duration for step in steps))
    return steps * times


def _limited(token: _Token, count: int, seconds: float) -> None:
    if count > MOST_STEPS:
        raise WorkoutError(f"{token.where}: this makes more than {MOST_STEPS} steps, the limit")
    if seconds > LONGEST:
        raise WorkoutError(f"{token.where}: this makes {seconds / 3600:.4g} h; 24 h is the limit")


@dataclass(slots=True)
class _Draft:
    """A step being read."""

    name: list[str]
    terms: Terms | None
    duration: float | None = None
    meters: float | None = None
    intensity: Range | None = None
    cadence: Range | None = None
    bpm: Range | None = None
    ramp: bool = False


def _step(tokens: list[_Token], terms: Terms | None, *, bare_is_ramp: bool) -> Step:
    draft = _Draft([], terms)
    for i, token in enumerate(tokens):
        unit = tokens[i + 1].text.casefold() if i + 1 < len(tokens) else ""
        _read(draft, token, unit)
    end = tokens[-1]
    if terms and draft.meters is not None and draft.intensity is not None:
        draft.duration = round(terms.seconds(draft.meters, draft.intensity), 2)
    if draft.intensity is None and draft.duration is not draft.meters:
        raise WorkoutError(f"{end.where}: expected an intensity such as 75% or Z2 in this step")
    if draft.duration is None or draft.intensity is None:
        raise WorkoutError(f"{end.where}: expected a duration such as 10m or 1m30s in this step")
    low, high = draft.intensity
    if not (draft.ramp or bare_is_ramp) and low < high:
        low = high = (low + high) / 2
    try:
        return Step(draft.duration, (low, high), draft.cadence, draft.bpm, " ".join(draft.name))
    except WorkoutError as error:
        raise WorkoutError(f"{tokens[0].where}: {error}") from None


def _read(draft: _Draft, token: _Token, unit: str) -> None:
    """Add what `token`, before a word `unit`, says to `draft`."""
    text = token.text
    if text.startswith('"'):
        draft.name.append(_unquoted(token))
    elif match := _whole(DURATION, text):
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
    elif not (draft.terms and _read_terms(draft, draft.terms, token)):
        _read_word(draft, token)


def _read_terms(draft: _Draft, terms: Terms, token: _Token) -> bool:
    """Add what an athlete's measure says, and tell whether it is one."""
    if (meters := terms.meters(token.text)) is not None:
        _once(token, draft.duration or draft.meters)
        draft.meters = meters
        return True
    if (intensity := terms.intensity(token.text)) is None:
        return False
    _once(token, draft.intensity)
    draft.intensity = intensity
    return True


def _read_word(draft: _Draft, token: _Token) -> None:
    for pattern, reason in UNKNOWABLE:
        if pattern.fullmatch(token.text):
            raise WorkoutError(
                f"{token.where}: {token.text}: {reason}; write a duration and a share of "
                "threshold, such as 10m 85%"
            )
    word = token.text.casefold()
    if draft.duration is None and draft.meters is None and draft.intensity is None:
        draft.name.append(token.text.removesuffix(":"))
    elif draft.intensity is not None and word in {"hr", "lthr", "pace"}:
        return
    elif word not in IGNORED and "=" not in word:
        _expected(token, "an intensity (75%), a cadence (90rpm) or the next step")


def _whole(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """Return the match of all of `text`, if it has a part at all; a bare number has none."""
    match = pattern.fullmatch(text)
    return match if match and any(match.groups()) and not text.isdecimal() else None


def _once(token: _Token, before: object) -> None:
    if before is not None:
        _expected(token, "a comma or a new line before another step")


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


def _unquoted(token: _Token) -> str:
    try:
        return str(json.loads(token.text, strict=False))
    except json.JSONDecodeError:
        raise WorkoutError(
            f"{token.where}: in quotation marks write \\\\ for a backslash"
        ) from None


def _expected(token: _Token, what: str) -> NoReturn:
    found = "the end of the line" if token.text == "\n" else repr(token.text)
    raise WorkoutError(f"{token.where}: expected {what}, found {found}")
