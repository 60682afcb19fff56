"""The two forms of a plan, which read its words into steps: in one line, and in sections."""

import re
from collections.abc import Iterator
from dataclasses import replace

from playlists.effort import Terms
from playlists.errors import WorkoutError
from playlists.plan.step import read_step
from playlists.plan.tokens import TOKEN, WORD, Token, expected, numbered, tokens
from playlists.workout import LONGEST, MOST_STEPS, Step

SEPARATORS = {",", ";", "\n"}
DEEPEST = 10  # Repeats within repeats; people write two.
BULLET = re.compile(r"\s*(?:-|[*\u2022\u2013]\s)")
"""What a step starts with: a dash, or what editors and Markdown make of one."""
HEADING = re.compile("##")
"""Of Markdown: with one sign, a line is a comment."""
REPEAT = re.compile(r"([0-9]+)[x\u00d7*]", re.IGNORECASE)
HEADER_REPEAT = re.compile(
    r"(?:^|\s)[(\[]?(?:([0-9]+) ?(?:[x\u00d7*]|times)|[x\u00d7*] ?([0-9]+))[)\]]?:?(?=\s|$)",
    re.IGNORECASE,
)
"""As in "Main set 4x", "(4 x)", "x4" and "4 times"."""


class OneLine:
    """Reader of the one-line form: recursive descent over tokens."""

    def __init__(self, text: str, terms: Terms) -> None:
        self.terms = terms
        self.tokens = [
            token
            for number, line in numbered(text)
            for token in (*tokens(TOKEN, line, number), Token("\n", number, len(line) + 1))
        ]
        self.place = 0

    def steps(self) -> list[Step]:
        """Return the steps of the whole text."""
        steps = self._items(0)
        if self.place < len(self.tokens):
            expected(self.tokens[self.place], "a step or the end; this closes nothing")
        return steps

    def _items(self, depth: int) -> list[Step]:
        steps: list[Step] = []
        while self.place < len(self.tokens) and self.tokens[self.place].text != ")":
            token = self.tokens[self.place]
            if token.text in SEPARATORS:
                self.place += 1
            elif REPEAT.fullmatch(token.text):
                steps.extend(self._repeat(token, depth))
            else:
                steps.append(
                    read_step(list(self._until_separator()), self.terms, bare_is_ramp=True)
                )
            _limited(token, len(steps), sum(step.duration for step in steps))
        return steps

    def _repeat(self, token: Token, depth: int) -> list[Step]:
        if depth == DEEPEST:
            raise WorkoutError(f"{token.where}: repeats within repeats go {DEEPEST} deep at most")
        self.place += 1
        self._skip(token, "(")
        steps = self._items(depth + 1)
        self._skip(token, ")")
        return _repeated(token, token.text[:-1], steps)

    def _skip(self, opener: Token, wanted: str) -> None:
        if self.place == len(self.tokens):
            raise WorkoutError(f"{opener.where}: {opener.text} needs its {wanted!r}")
        if self.tokens[self.place].text != wanted:
            expected(self.tokens[self.place], f"{wanted!r} for {opener.text}")
        self.place += 1

    def _until_separator(self) -> Iterator[Token]:
        ends = {*SEPARATORS, ")"}
        while self.place < len(self.tokens) and self.tokens[self.place].text not in ends:
            if self.tokens[self.place].text == "(":
                expected(self.tokens[self.place], "a step; repeats are written 4x(...)")
            yield self.tokens[self.place]
            self.place += 1


class Sections:
    """Reader of the form over several lines."""

    def __init__(self, text: str, terms: Terms) -> None:
        self.terms = terms
        self.text = text
        self.done: list[Step] = []
        self.block: list[Step] = []
        self.header: Token | None = None

    def steps(self) -> list[Step]:
        """Return the steps of the whole text."""
        for number, line in enumerate(self.text.splitlines(), 1):
            content = line.strip()
            if bullet := BULLET.match(line):
                self._step(line, number, bullet.end())
            elif HEADING.match(content) or not content.startswith(("#", "//")):
                self._part(content.strip("#* "), number)
        self._close()
        return self.done

    def _part(self, title: str, number: int) -> None:
        """Begin a section; an empty line ends one that has steps, and waits for them else."""
        if title or self.block:
            self._close()
            self.header = Token(title, number, 1) if title else None

    def _step(self, line: str, number: int, before: int) -> None:
        words = [
            replace(token, column=token.column + before)
            for token in tokens(WORD, line[before:], number)
        ]
        if not words:
            raise WorkoutError(
                f"plan, line {number}: expected a step such as 10m 75% after the dash"
            )
        step = read_step(words, self.terms, bare_is_ramp=False)
        self.block.append(replace(step, name=step.name or self._section_name()))
        _limited(words[0], len(self.block), sum(step.duration for step in self.block))

    def _section_name(self) -> str:
        return " ".join(HEADER_REPEAT.sub(" ", self.header.text).split()) if self.header else ""

    def _close(self) -> None:
        if self.block and self.header:
            count = HEADER_REPEAT.search(self.header.text)
            if count:
                self.block = _repeated(self.header, count[1] or count[2], self.block)
        self.done.extend(self.block)
        if self.block:
            self.header = None
        self.block = []


def _repeated(token: Token, count: str, steps: list[Step]) -> list[Step]:
    if not steps:
        raise WorkoutError(f"{token.where}: expected a step to repeat, found none")
    # A number of more digits than the limit is over it; int() refuses thousands of digits.
    times = int(count) if len(count) <= len(str(MOST_STEPS)) else MOST_STEPS + 1
    if times == 0:
        raise WorkoutError(f"{token.where}: expected 1 repeat or more, found {count}")
    _limited(token, times * len(steps), times * sum(step.duration for step in steps))
    return steps * times


def _limited(token: Token, count: int, seconds: float) -> None:
    if count > MOST_STEPS:
        raise WorkoutError(f"{token.where}: this makes more than {MOST_STEPS} steps, the limit")
    if seconds > LONGEST:
        raise WorkoutError(f"{token.where}: this makes {seconds / 3600:.4g} h; 24 h is the limit")
