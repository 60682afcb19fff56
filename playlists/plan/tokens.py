"""The words of a plan, with their places, so that a mistake can be shown."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

from playlists.errors import WorkoutError

UNIT = r"%|[rsb]pm|w|km|h(?:(?:ou)?rs?)?|m(?:in(?:ute)?s?)?|s(?:ec(?:ond)?s?)?"
SPACED = rf"[0-9.]+(?:[-\u2013][0-9.]+)?[ \t]+(?:{UNIT})(?![^\s,;()])"
"""A number and its unit, as people write them in prose; the blank says nothing."""
QUOTED = r'[0-9]+(?:\'[0-9]+)?"|"(?:[^"\\]|\\.)*"'
LONG_UNIT = r"%|h(?:(?:ou)?rs?)?|m(?:in(?:ute)?s?)?|km"
DECIMAL = rf"(?<![^\s(,;])[0-9]+,(?:[0-9]|25|75)[ \t]*(?:{LONG_UNIT})(?![^\s,;()])"
"""A number with a comma, where that can be nothing else: not 1,30h, nor Z2,5m, which are two."""
WORD = re.compile(rf'{QUOTED}|{DECIMAL}|{SPACED}|[^\s"]+|"', re.IGNORECASE)
TOKEN = re.compile(
    rf'{QUOTED}|{DECIMAL}|[0-9]+[ \t]*[x\u00d7*](?=[ \t]*\()|{SPACED}|[(),;\n]|[^\s"(),;]+|"',
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a plan."""

    text: str
    line: int
    column: int

    @property
    def where(self) -> str:
        """Its place, as a mistake begins."""
        return f"plan, line {self.line}, column {self.column}"


def numbered(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines with their numbers; comments are empty."""
    for number, line in enumerate(text.splitlines(), 1):
        yield number, "" if line.strip().startswith(("#", "//")) else line


def tokens(pattern: re.Pattern[str], line: str, number: int) -> Iterator[Token]:
    """Yield the words of a line, as `WORD` or `TOKEN` has them.

    Raises
    ------
    WorkoutError
        If a quotation mark is never closed.
    """
    for match in pattern.finditer(line):
        text = match[0] if '"' in match[0] else re.sub(r"\s", "", match[0].replace("\u2013", "-"))
        if re.fullmatch(DECIMAL, match[0], re.IGNORECASE):
            text = text.replace(",", ".")
        text = text.removeprefix("@") or text  # as in 10m @ 60%
        token = Token(text or match[0], number, match.start() + 1)
        if token.text == '"':
            raise WorkoutError(f"{token.where}: this quotation mark is never closed")
        yield token


def expected(token: Token, what: str, hint: str = "") -> NoReturn:
    """Say that something else stands where `what` was expected."""
    found = "the end of the line" if token.text == "\n" else repr(token.text)
    raise WorkoutError(f"{token.where}: expected {what}, found {found}{hint}")
