"""Rows of the library that become tracks when they are asked for.

A playlist needs a number or two of a hundred thousand tracks, and everything of twenty.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import compress
from typing import Any, overload

from tempo.track import Track

COLUMNS = (
    *("place", "fixed_bpm", "source", "title", "artist", "album", "isrc", "tag_bpm"),
    *("duration", "candidates", "confidence", "drift", "beat_strength", "energy", "loudness"),
    *("build", "intro", "sections", "meter", "meter_confidence"),
)


class Rows(Sequence[Track]):
    """Tracks that are made when they are asked for.

    Parameters
    ----------
    rows : sequence of tuple
        With the values of `COLUMNS`; a place is the path of a file as bytes, or a URI.
    made : callable
        Makes the track of a row.
    """

    def __init__(
        self, rows: Sequence[tuple[Any, ...]], made: Callable[[tuple[Any, ...]], Track]
    ) -> None:
        self._rows = rows
        self._made = made

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, index: int) -> Track: ...
    @overload
    def __getitem__(self, index: slice) -> "Rows": ...
    def __getitem__(self, index: int | slice) -> "Track | Rows":
        if isinstance(index, slice):
            return Rows(self._rows[index], self._made)
        return self._made(self._rows[index])

    def __iter__(self) -> Iterator[Track]:
        return map(self._made, self._rows)

    def column(self, name: str) -> list[Any]:
        """Return one of `COLUMNS` as it is stored."""
        place = COLUMNS.index(name)
        return [row[place] for row in self._rows]

    def where(self, wanted: Iterable[object]) -> "Rows":
        """Return those for which `wanted`, one value a row, holds."""
        return Rows(list(compress(self._rows, wanted)), self._made)

    def by_place(self) -> "Rows":
        """Return the same in the order of their paths and URIs as bytes."""
        return Rows(sorted(self._rows, key=_bytes), self._made)


def those(tracks: Sequence[Track], wanted: Iterable[object]) -> Sequence[Track]:
    """Return the tracks for which `wanted`, one value a track, holds."""
    return tracks.where(wanted) if isinstance(tracks, Rows) else list(compress(tracks, wanted))


def places(tracks: Sequence[Track]) -> list[bytes]:
    """Return the path or URI of each track as bytes, without making the tracks of rows."""
    if isinstance(tracks, Rows):
        return list(map(os.fsencode, tracks.column("place")))
    return [os.fsencode(track.location) for track in tracks]


def _bytes(row: tuple[Any, ...]) -> bytes:
    place = row[0]
    return place if isinstance(place, bytes) else place.encode("utf-8", "surrogateescape")
