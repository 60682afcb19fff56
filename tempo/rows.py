"""Rows of the library that become tracks when they are asked for.

A playlist needs a number or two of a hundred thousand tracks, and everything of twenty.
"""

import os
import sys
from array import array
from collections.abc import Callable, Iterable, Iterator, MutableSequence, Sequence
from itertools import compress, islice
from operator import le
from typing import Any, overload

from tempo.track import Track

COLUMNS = (
    *("place", "fixed_bpm", "source", "title", "artist", "album", "isrc", "tag_bpm"),
    *("duration", "candidates", "confidence", "drift", "beat_strength", "energy", "loudness"),
    *("build", "intro", "sections", "meter", "meter_confidence"),
)
NUMBERS = frozenset(
    ("duration", "confidence", "drift", "beat_strength", "energy", "loudness", "build", "intro")
)
"""Columns of floats, never NULL: an array of them takes a quarter of the memory of objects."""
SHARED = frozenset(("source", "artist", "album"))
"""Columns whose texts come again and again, and are kept once."""

Column = MutableSequence[Any]


class Rows(Sequence[Track]):
    """Tracks that are made when they are asked for.

    Parameters
    ----------
    columns : sequence of sequence
        The values of each of `COLUMNS`; a place is the path of a file as bytes, or a URI.
    made : callable
        Makes the track of a row.
    chosen : sequence of int, optional
        Which rows, in which order.  [default: all]
    """

    def __init__(
        self,
        columns: Sequence[Column],
        made: Callable[[tuple[Any, ...]], Track],
        chosen: Sequence[int] | None = None,
    ) -> None:
        self._columns = columns
        self._made = made
        self.chosen: Sequence[int] = range(len(columns[0])) if chosen is None else chosen

    def __len__(self) -> int:
        return len(self.chosen)

    @overload
    def __getitem__(self, index: int) -> Track: ...
    @overload
    def __getitem__(self, index: slice) -> "Rows": ...
    def __getitem__(self, index: int | slice) -> "Track | Rows":
        if isinstance(index, slice):
            return Rows(self._columns, self._made, self.chosen[index])
        return self._track(self.chosen[index])

    def __iter__(self) -> Iterator[Track]:
        return map(self._track, self.chosen)

    def column(self, name: str) -> Column:
        """Return one of `COLUMNS` as it is stored: an array of those that are `NUMBERS`."""
        column = self._columns[COLUMNS.index(name)]
        if self.chosen == range(len(column)):
            return column
        values = map(column.__getitem__, self.chosen)
        return array("d", values) if isinstance(column, array) else list(values)

    def where(self, wanted: Iterable[object]) -> "Rows":
        """Return those for which `wanted`, one value a row, holds."""
        return Rows(self._columns, self._made, array("q", compress(self.chosen, wanted)))

    def by_place(self) -> "Rows":
        """Return the same in the order of their paths and URIs as bytes."""
        found = places(self)
        if all(map(le, found, islice(found, 1, None))):
            return self
        order = sorted(range(len(found)), key=found.__getitem__)
        return Rows(self._columns, self._made, array("q", map(self.chosen.__getitem__, order)))

    def _track(self, row: int) -> Track:
        return self._made(tuple(column[row] for column in self._columns))


def in_columns(parts: Iterable[Sequence[tuple[Any, ...]]]) -> list[Column]:
    """Return the values of `COLUMNS`, each together, of rows that come some at a time."""
    columns: list[Column] = [array("d") if name in NUMBERS else [] for name in COLUMNS]
    known: dict[object, object] = {}
    for part in parts:
        for name, column, values in zip(COLUMNS, columns, zip(*part, strict=True), strict=True):
            column.extend(map(known.setdefault, values, values) if name in SHARED else values)
    return columns


def those(tracks: Sequence[Track], wanted: Iterable[object]) -> Sequence[Track]:
    """Return the tracks for which `wanted`, one value a track, holds."""
    return tracks.where(wanted) if isinstance(tracks, Rows) else list(compress(tracks, wanted))


def places(tracks: Sequence[Track]) -> list[bytes]:
    """Return the path or URI of each track as bytes, without making the tracks of rows."""
    if isinstance(tracks, Rows):
        # As os.fsencode does, which takes three times as long to find out how.
        how = sys.getfilesystemencoding(), sys.getfilesystemencodeerrors()
        found = tracks.column("place")
        return [place if isinstance(place, bytes) else place.encode(*how) for place in found]
    return [os.fsencode(track.location) for track in tracks]
