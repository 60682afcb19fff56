"""All that is known about the user's music, in one file."""

import gc
import json
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Self

from tempo.database import Database
from tempo.files import Files
from tempo.history import History
from tempo.notes import Notes
from tempo.rows import Rows, in_columns
from tempo.stored import CANDIDATES, FILES, IMPORTED, MEASURED, leading, to_file, to_row, to_track
from tempo.timing import log, timed
from tempo.track import AudioFile, Failure, Track, named_by_file

EVERY = 1000
"""More candidates than a track has."""


class Library:
    """A library file, open. A context manager.

    Each method is one transaction: what returned is on disk, even if the power fails next.

    Parameters
    ----------
    path : Path
        Created when missing, with its folder.

    Attributes
    ----------
    files : Files
    history : History
    notes : Notes

    Raises
    ------
    LibraryError
        If the file is not a library, comes from a newer program, or cannot be used.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._db = Database(path)
        self.files, self.history, self.notes = Files(self._db), History(self._db), Notes(self._db)
        log.info("library: %s", path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._db.close()

    def check_writable(self) -> None:
        """Raise `LibraryError` where nothing can be written, before something else is."""
        self._db.write("DELETE FROM file WHERE FALSE", [()])

    def complaints(self) -> list[str]:
        """Return what SQLite finds wrong in the file; nothing if it is whole."""
        rows = [row[0] for row in self._db.read("PRAGMA integrity_check")]
        return [] if rows == ["ok"] else rows

    def tracks(self, most: int = EVERY) -> list[Track]:
        """Return all tracks, corrected where their owner did so.

        First those whose file is there, by path; then those that are not files, by URI.

        Parameters
        ----------
        most : int > 0
            Candidates of each that are read, the likeliest first.
        """
        with timed("tracks read"):
            return [
                track
                for table, there in ((FILES, "NOT missing"), (IMPORTED, "TRUE"))
                for track in self._tracks(table, there, most=most)
            ]

    def rows(self) -> Rows:
        """Return the same, each made when it is asked for."""
        with _no_collection(), timed("rows read"):
            files = self._db.parts(f"{FILES} AND NOT missing ORDER BY 1")
            imported = self._db.parts(f"{IMPORTED} ORDER BY 1")
            columns = in_columns(chain(files, imported))
            return Rows(columns, lambda row: to_track(row, json.loads(row[CANDIDATES])))

    def track(self, location: Path | str) -> Track | None:
        """Return the track of one file or URI, or None."""
        found = self._tracks(FILES, "path = ?", os.fsencode(location))
        if isinstance(location, str):  # a URL is one of a file
            found += self._tracks(IMPORTED, "uri = ?", location)
        return found[0] if found else None

    def titles(self, start: str, most: int) -> list[str]:
        """Return the first titles that begin so, whatever their case, from tags or file names."""
        query = (
            "SELECT title FROM file WHERE title LIKE :like ESCAPE '!' AND NOT missing "
            "AND failure IS NULL UNION "
            "SELECT title FROM imported WHERE title LIKE :like ESCAPE '!' ORDER BY 1 LIMIT :most"
        )
        untitled = (
            "SELECT path FROM file WHERE coalesce(title, '') = '' AND NOT missing "
            "AND failure IS NULL "
            "AND CAST(path AS TEXT) LIKE '%' || :like ESCAPE '!'"
        )
        like = re.sub("[%_!]", r"!\g<0>", start) + "%"
        found = {row[0] for row in self._db.read(query, {"like": like, "most": most})}
        paths = [to_file(raw) for (raw,) in self._db.read(untitled, {"like": like})]
        names = (named_by_file(path)[1] for path in paths if isinstance(path, Path))
        found.update(name for name in names if name.lower().startswith(start.lower()))
        return sorted(found)[:most]

    def failures(self) -> list[Failure]:
        """Return the files that could not be measured, by path."""
        query = (
            "SELECT path, failure, version = 0 FROM file "
            "WHERE failure IS NOT NULL AND NOT missing ORDER BY path"
        )
        rows = self._db.read(query)
        return [Failure(to_file(path), reason, bool(again)) for path, reason, again in rows]

    def add(
        self, file: AudioFile, fingerprint: bytes, outcome: Track | Failure, version: int
    ) -> None:
        """Store what came of a file; a correction by its owner stays.

        A failure leaves what was measured before, by which the song is known once it is back.
        """
        seen = "path, size, mtime_ns, version, missing, failure"
        names = f"{seen}, fingerprint, {MEASURED}".split(", ")
        row: list[object] = [os.fsencode(file.path), file.size, file.mtime_ns]
        if isinstance(outcome, Failure):
            changed = seen.split(", ")[1:]
            row += [0 if outcome.transient else version, 0, outcome.reason, fingerprint]
            row += [None] * len(MEASURED.split(", "))
        else:
            changed = names[1:]
            row += [version, 0, None, fingerprint, *to_row(outcome)]
        self._db.write(
            f"INSERT INTO file ({', '.join(names)}) VALUES ({', '.join('?' * len(names))}) "  # noqa: S608 - constants
            "ON CONFLICT (path) DO UPDATE SET "
            + ", ".join(f"{name} = excluded.{name}" for name in changed),
            [tuple(row)],
        )

    def fix(self, location: Path | str, bpm: float | None) -> None:
        """Store the owner's word on the tempo of a file or URI, or take it back with None."""
        rows = [(bpm, os.fsencode(location))]
        self._db.write("UPDATE file SET fixed_bpm = ? WHERE path = ?", rows)
        if isinstance(location, str):
            self._db.write("UPDATE imported SET fixed_bpm = ? WHERE uri = ?", [(bpm, location)])

    def add_imported(self, tracks: Sequence[Track]) -> tuple[int, int]:
        """Store tracks that are not files; corrections by their owner stay.

        Returns
        -------
        new, changed : int
            How many were not known, and how many were known otherwise; in one transaction.
        """
        columns = f"source, {MEASURED}"
        names = columns.split(", ")
        values = ", ".join(f"excluded.{name}" for name in names)
        before = self._count_imported()
        changes = self._db.write(
            f"INSERT INTO imported (uri, {columns}) VALUES ({', '.join('?' * (len(names) + 1))}) "  # noqa: S608 - constants
            f"ON CONFLICT (uri) DO UPDATE SET ({columns}) = ({values}) "
            f"WHERE ({columns}) IS NOT ({values})",
            [(track.location, track.source, *to_row(track)) for track in tracks],
        )
        new = self._count_imported() - before
        return new, changes - new

    def remove_imported(self, tracks: Iterable[Track]) -> int:
        """Forget tracks that are not files, and return how many there were."""
        return self._db.write("DELETE FROM imported WHERE uri = ?", [(t.location,) for t in tracks])

    def _tracks(
        self, table: str, condition: str, *values: object, most: int = EVERY
    ) -> list[Track]:
        query = f"{table} AND {condition} ORDER BY 1"
        with _no_collection():
            rows = self._db.read(query, values)
            # One text instead of thousands: a third of the time goes into starting to read.
            texts = (leading(row[CANDIDATES], most) for row in rows)
            levels = json.loads(f"[{','.join(texts)}]")
            return list(map(to_track, rows, levels))

    def _count_imported(self) -> int:
        ((count,),) = self._db.read("SELECT count(*) FROM imported")
        return int(count)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Make many objects that all stay, without looking for garbage among them: a third faster."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()
