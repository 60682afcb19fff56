"""The words of a plan, with their places, so that a mistake can be shown."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

from playlists.errors import WorkoutError

WORD = re.compile(r'[0-9]+(?:\'[0-9]+)?"|"(?:[^"\\]|\\.)*"|[^\s"]+|"')
TOKEN = re.compile(r'[0-9]+(?:\'[0-9]+)?"|"(?:[^"\\]|\\.)*"|[(),\n]|[^\s"(),]+|"')


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
        token = Token(match[0], number, match.start() + 1)
        if token.text == '"':
            raise WorkoutError(f"{token.where}: this quotation mark is never closed")
        yield token


def expected(token: Token, what: str) -> NoReturn:
    """Say that something else stands where `what` was expected."""
    found = "the end of the line" if token.text == "\n" else repr(token.text)
    raise WorkoutError(f"{token.where}: expected {what}, found {found}")
