"""Zwift workouts (``.zwo``): the one door to XML.

What the files out there hold, and other readers trip over:

- `PowerLow` is where a step starts and `PowerHigh` where it ends, also in a cool-down, where the
  low one is the higher.
- Tags and attributes come in any case (`FreeRide`, `Freeride`; `Duration`, `duration`).
- In runs whose `durationType` is distance, `Duration` is in meters.
- `pace` names a race of whose pace `Power` is a share. All these paces lie within 13 % of
  threshold, and most files hold rubbish there (8268, -1307163960), so it is not used.
- The name of the workout stands in `name` or in `n`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import isfinite, nan
from xml.sax import ContentHandler, SAXParseException
from xml.sax.xmlreader import AttributesImpl, Locator

import defusedxml.sax
from defusedxml.common import DefusedXmlException

from playlists.effort import SPRINT, TEST, Athlete, Terms, at_zone
from playlists.errors import WorkoutError, located
from playlists.workout import MOST_STEPS, Range, Step, Workout
from tempo.tags import clean

DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
NAMES = {
    "warmup": "warm-up", "cooldown": "cool-down", "ramp": "ramp", "steadystate": "steady",
    "solidstate": "steady", "freeride": "free ride", "maxeffort": "all out",
}  # fmt: skip
"""What a step is called, by its tag."""
MESSAGES = {"textevent", "textnotification"}
"""Tags of what Zwift shows on the way; they stand in steps, or among them."""
SILENT = MESSAGES | {"gameplayevent", "restday", "run"}
"""Tags among the steps that are none."""


@dataclass(frozen=True, slots=True)
class _Tag:
    """An element: its name and attributes in lower case."""

    name: str
    line: int
    attributes: Mapping[str, str]

    def text(self, *names: str) -> str:
        return next((self.attributes[name] for name in names if self.attributes.get(name)), "")

    def number(self, *names: str) -> float | None:
        """Return the first attribute that is there, or None."""
        said = self.text(*names)
        if not said:
            return None
        try:
            value = float(said.replace(",", "."))
        except ValueError:
            value = nan
        if not isfinite(value):
            raise WorkoutError(f"{names[0]}={clean(said)[:40]!r} is no number")
        return value

    def needed(self, *names: str) -> float:
        value = self.number(*names)
        if value is None:
            raise WorkoutError(f"{self.name} needs {names[0]}")
        return value


@dataclass(slots=True)
class _Content:
    """What is taken from a file."""

    texts: dict[str, str] = field(default_factory=dict)
    """Of the elements beside the steps, by their names."""
    steps: list[_Tag] = field(default_factory=list)
    messages: int = 0
    has_workout: bool = False


def parse(text: str, *, name: str, athlete: Athlete) -> tuple[Workout, tuple[str, ...]]:
    """Return the workout in a Zwift file.

    Parameters
    ----------
    text : str
    name : str
        For a workout that has none.
    athlete : Athlete

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
    if not content.has_workout:
        raise WorkoutError("line 1: this is no Zwift workout: it has no <workout>")
    texts = content.texts
    activity = "run" if texts.get("sporttype", "").strip().casefold().startswith("run") else "ride"
    terms = Terms(athlete, activity)  # type: ignore[arg-type]  # one of two literals
    by_distance = texts.get("durationtype", "").strip().casefold() == "distance"
    steps: list[Step] = []
    for tag in content.steps:
        with located(f"line {tag.line}"):
            steps += _steps(tag, terms, MOST_STEPS - len(steps), by_distance=by_distance)
    terms.leave_out(content.messages)
    title = clean(texts.get("name", "")) or clean(texts.get("n", "")) or name
    described = clean(texts.get("description", ""))
    return Workout(title, tuple(steps), terms.activity, described), terms.assumed


def _content(text: str) -> _Content:
    content = _Content()
    declaration = DECLARATION.match(text)
    # The text is decoded already, whatever the file says of itself; its lines stay where they are.
    above = declaration[0].count("\n") if declaration else 0
    body = text[declaration.end() :] if declaration else text
    raw = ("\n" * above + body).encode("utf-8", "replace")
    lead = len(raw) - len(raw.lstrip())
    lines = raw[:lead].count(b"\n")
    try:
        defusedxml.sax.parseString(raw[lead:], _Handler(content, lines), forbid_dtd=True)
    except SAXParseException as error:
        line = (error.getLineNumber() or 1) + lines
        raise WorkoutError(f"line {line}: the XML is damaged: {error.getMessage()}") from error
    except DefusedXmlException as error:
        raise WorkoutError("it declares entities or a document type, as no workout does") from error
    return content


class _Handler(ContentHandler):
    """Collects a `_Content` while a file is parsed."""

    def __init__(self, content: _Content, above: int) -> None:
        super().__init__()
        self._content = content
        self._above = above
        self._open: list[str] = []
        self._where: Locator | None = None

    def setDocumentLocator(self, locator: Locator) -> None:  # noqa: N802 - named by SAX
        self._where = locator

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 - named by SAX
        name = name.casefold()
        if self._open[-1:] == ["workout"]:
            values = {str(key).casefold(): str(value).strip() for key, value in attrs.items()}
            line = self._where.getLineNumber() if self._where else None
            self._content.steps.append(_Tag(name, (line or 1) + self._above, values))
        self._content.messages += name in MESSAGES
        self._content.has_workout |= name == "workout"
        self._open.append(name)

    def endElement(self, name: str) -> None:  # noqa: ARG002, N802 - named by SAX
        self._open.pop()

    def characters(self, content: str) -> None:
        if len(self._open) == 2:  # noqa: PLR2004 - a child of the root
            texts = self._content.texts
            texts[self._open[-1]] = texts.get(self._open[-1], "") + content


def _steps(tag: _Tag, terms: Terms, most: int, *, by_distance: bool) -> Iterator[Step]:
    """Yield the steps of an element."""

    def step(length: float, intensity: Range, cadence: Range | None, name: str) -> Step:
        seconds = terms.seconds(length, intensity) if by_distance else length
        # Zwift writes 60.000004 seconds and a power of 0.40450001.
        start, end = (round(value, 4) for value in intensity)
        return Step(round(seconds, 2), (start, end), cadence, None, name)

    if tag.name == "intervalst":
        repeats = tag.needed("repeat")
        if not 0 < repeats <= most / 2:
            raise WorkoutError(f"repeat={repeats:g}; it must be 1 or more, up to {most // 2}")
        hard, easy = _power(tag, "on"), _power(tag, "off")
        on, off = tag.needed("onduration"), tag.needed("offduration")
        for number in range(1, round(repeats) + 1):
            name = f"interval {number}/{round(repeats)}"
            yield step(on, (hard, hard), _cadence(tag, terms), name)
            if off > 0:
                yield step(off, (easy, easy), _resting(tag, terms), "recovery")
    elif tag.name in NAMES:
        length = tag.needed("duration")
        yield step(length, _intensity(tag, terms), _cadence(tag, terms), NAMES[tag.name])
    elif tag.name not in SILENT and tag.text("duration"):
        raise WorkoutError(f"<{clean(tag.name)[:40]}> is no kind of step that is known here")


def _intensity(tag: _Tag, terms: Terms) -> Range:
    if tag.name == "maxeffort":
        return SPRINT, SPRINT
    if tag.name == "freeride" and not tag.text("power"):
        effort = TEST if tag.number("ftptest") else terms.free()
        return effort, effort
    if tag.name in {"warmup", "cooldown", "ramp"} and tag.text("powerlow"):
        return tag.needed("powerlow"), tag.needed("powerhigh", "powerlow")
    effort = _power(tag, "")
    return effort, effort


def _power(tag: _Tag, part: str) -> float:
    """Return the power of a steady step, or of one part of an interval."""
    if part and (plain := tag.number(f"{part}power")) is not None:
        return plain
    if not part and (plain := tag.number("power", "target")) is not None:
        return plain
    if (zone := tag.number(f"power{part}zone" if part else "zone")) is not None:
        return at_zone(round(zone))
    low, high = tag.needed(f"power{part}low", f"power{part}high"), tag.number(f"power{part}high")
    return low if high is None else (low + high) / 2


def _cadence(tag: _Tag, terms: Terms) -> Range | None:
    plain = tag.number("cadence")
    low, high = tag.number("cadencelow"), tag.number("cadencehigh")
    if low and high:
        return terms.cadence(min(low, high), max(low, high))
    return terms.cadence(plain, plain) if plain else None


def _resting(tag: _Tag, terms: Terms) -> Range | None:
    value = tag.number("cadenceresting")
    return terms.cadence(value, value) if value else None
