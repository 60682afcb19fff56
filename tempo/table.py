"""Delimited text of any dialect: compressed or not, whatever its encoding and delimiter.

Conventions
-----------
The first line names the columns. Lines count from 1, as editors show them.
"""

import csv
import gzip
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader, TextIOWrapper
from pathlib import Path

from tempo.encoding import encoding
from tempo.errors import CatalogError

DELIMITERS = ",;\t|"
LARGEST = 2 << 30
"""Bytes once decompressed: ten million tracks. Larger is a mistake, or an attack."""
BLOCK = 1 << 20
GZIP = b"\x1f\x8b"
NOT_TABLES = (
    (b"version https://git-lfs", "it is a Git LFS pointer, not the data: run `git lfs pull`"),
    (b"PK\x03\x04", "it is a workbook or an archive: save it as CSV, or unpack it"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One record of a table."""

    line: int
    """Where it starts."""
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Table:
    """A table that is being read."""

    header: list[str]
    rows: Iterator[Row]


@contextmanager
def opened(path: Path, *, knows: Callable[[str], bool]) -> Iterator[Table]:
    """Open a table.

    Parameters
    ----------
    path : Path
    knows : callable
        Tells whether a text is the name of a wanted column: the delimiter is the one that
        makes most of the first line known.

    Yields
    ------
    Table
        Its rows come as they are read.

    Raises
    ------
    CatalogError
        If the file is not a table, also while its rows are read.
    """
    try:
        with _binary(path) as raw, TextIOWrapper(raw, _encoding(path), newline="") as text:
            hint = text.readline(BLOCK)
            above = int(re.fullmatch(r"sep=.\s*", hint) is not None)  # Excel's hint to itself
            first = text.readline(BLOCK) if above else hint
            delimiter = max(DELIMITERS, key=lambda mark: sum(map(knows, _cells(first, mark))))
            yield Table(_cells(first, delimiter), _rows(text, delimiter, above + 2))
    except (OSError, EOFError, zlib.error) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise CatalogError(f"{path.name} cannot be read: {why.lower()}") from error


def _rows(text: Iterable[str], delimiter: str, first: int) -> Iterator[Row]:
    """Yield the records that are not blank; they start at line `first`."""
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    start = first
    try:
        for cells in reader:
            if any(cells):
                yield Row(start, cells)
            start = first + reader.line_num
    except csv.Error as error:
        raise CatalogError(f"line {start}: {error}; export the table again") from error


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter), [])]
    except csv.Error:
        return []


@contextmanager
def _binary(path: Path) -> Iterator[BufferedReader | gzip.GzipFile]:
    with path.open("rb") as file:
        packed = file.read(len(GZIP)) == GZIP
        file.seek(0)
        if not packed:
            yield file
            return
        with gzip.open(file) as inner:
            yield inner


def _encoding(path: Path) -> str:
    head = next(_blocks(path), b"")
    for start, why in NOT_TABLES:
        if head.startswith(start):
            raise CatalogError(f"{path.name} is no table: {why}")
    return encoding(lambda: _blocks(path))


def _blocks(path: Path) -> Iterator[bytes]:
    with _binary(path) as raw:
        for _ in range(0, LARGEST, BLOCK):
            block = raw.read(BLOCK)
            if not block:
                return
            yield block
    raise CatalogError(f"{path.name} holds more than {LARGEST >> 30} GiB of text")
