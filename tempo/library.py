"""All that is known about the user's music, in one SQLite file: the one door to sqlite3."""

import gc
import json
import os
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain, starmap
from pathlib import Path
from types import TracebackType
from typing import Self

from tempo.errors import LibraryError
from tempo.past import Built, Done, Use
from tempo.rows import Rows
from tempo.schema import MIGRATIONS
from tempo.stored import (
    CANDIDATES,
    FILES,
    IMPORTED,
    MEASURED,
    leading,
    to_file,
    to_location,
    to_path,
    to_raw,
    to_row,
    to_track,
)
from tempo.timing import log, timed
from tempo.track import AudioFile, Failure, Track, named_by_file

HEARD = """
    SELECT number, time, row_number() OVER (ORDER BY number DESC) - 1 AS ago FROM (
        SELECT number, time, time + 60 * minutes AS finish,
            lead(time) OVER (PARTITION BY output ORDER BY number) AS replaced FROM built
    ) WHERE replaced IS NULL OR replaced >= finish OR number IN (SELECT built FROM done)
"""
"""Playlists that may have been heard: not those replaced before they could have ended."""
EVERY = 1000
"""More candidates than a track has."""
BUSY_SECONDS = 60.0
"""How long one run waits for another that writes to the same library."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the library remembers of a file, to tell whether it changed."""

    size: int
    mtime_ns: int
    version: int
    missing: bool

    def is_current(self, file: AudioFile, version: int) -> bool:
        """Tell whether `file` was measured as it is now, by this version of the analysis."""
        return (self.size, self.mtime_ns, self.version) == (file.size, file.mtime_ns, version)


class Library:
    """A library file, open. A context manager.

    Each method is one transaction: what returned is on disk, even if the power fails next.

    Parameters
    ----------
    path : Path
        Created when missing, with its folder.

    Raises
    ------
    LibraryError
        If the file is not a library, comes from a newer program, or cannot be used.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._explained():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
            self._migrate()
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

    # ---------------------------------------------------------------- reading

    def complaints(self) -> list[str]:
        """Return what SQLite finds wrong in the file; nothing if it is whole."""
        with self._explained():
            rows = [row[0] for row in self._db.execute("PRAGMA integrity_check")]
            return [] if rows == ["ok"] else rows

    def known(self) -> dict[Path | str, Known]:
        """Return what is remembered of every file, missing ones too."""
        with self._explained():
            rows = self._db.execute("SELECT path, size, mtime_ns, version, missing FROM file")
            return {
                to_file(path): Known(size, mtime_ns, version, missing=bool(missing))
                for path, size, mtime_ns, version, missing in rows
            }

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
        with self._explained(), _no_collection(), timed("rows read"):
            files = self._db.execute(f"{FILES} AND NOT missing ORDER BY 1").fetchall()
            imported = self._db.execute(f"{IMPORTED} ORDER BY 1").fetchall()
            return Rows(files + imported, lambda row: to_track(row, json.loads(row[CANDIDATES])))

    def track(self, location: Path | str) -> Track | None:
        """Return the track of one file or URI, or None."""
        found = self._tracks(FILES, "path = ?", os.fsencode(location))
        if isinstance(location, str):  # a URL is one of a file
            found += self._tracks(IMPORTED, "uri = ?", location)
        return found[0] if found else None

    def titles(self, start: str, most: int) -> list[str]:
        """Return the first titles that begin so, whatever their case, from tags or file names."""
        query = (
            "SELECT title FROM file WHERE title LIKE :like ESCAPE '!' AND NOT missing UNION "
            "SELECT title FROM imported WHERE title LIKE :like ESCAPE '!' ORDER BY 1 LIMIT :most"
        )
        untitled = (
            "SELECT path FROM file WHERE coalesce(title, '') = '' AND NOT missing "
            "AND CAST(path AS TEXT) LIKE '%' || :like ESCAPE '!'"
        )
        like = re.sub("[%_!]", r"!\g<0>", start) + "%"
        with self._explained():
            rows = self._db.execute(query, {"like": like, "most": most})
            found = {row[0] for row in rows}
            paths = [to_file(raw) for (raw,) in self._db.execute(untitled, {"like": like})]
        names = (named_by_file(path)[1] for path in paths if isinstance(path, Path))
        found.update(name for name in names if name.lower().startswith(start.lower()))
        return sorted(found)[:most]

    def failures(self) -> list[Failure]:
        """Return the files that could not be measured, by path."""
        query = (
            "SELECT path, failure, version = 0 FROM file "
            "WHERE failure IS NOT NULL AND NOT missing ORDER BY path"
        )
        with self._explained():
            rows = self._db.execute(query)
            return [Failure(to_file(path), reason, bool(again)) for path, reason, again in rows]

    def find_copy(self, file: AudioFile, fingerprint: bytes, version: int) -> Path | None:
        """Return a measured file of the same content, preferably one that is missing."""
        query = (
            "SELECT path FROM file WHERE fingerprint = ? AND size = ? AND version = ? "
            "AND failure IS NULL ORDER BY missing DESC, path LIMIT 1"
        )
        with self._explained():
            row = self._db.execute(query, (fingerprint, file.size, version)).fetchone()
            return to_path(row[0]) if row else None

    def sizes(self) -> frozenset[int]:
        """Return the sizes of all measured files: only a file of such a size can be a copy."""
        with self._explained():
            rows = self._db.execute("SELECT DISTINCT size FROM file WHERE failure IS NULL")
            return frozenset(row[0] for row in rows)

    def notes(self, topic: str, now: float) -> dict[str, str]:
        """Return the notes on a topic that hold at `now` (seconds since 1970), by name."""
        query = "SELECT name, value FROM note WHERE topic = ? AND (until IS NULL OR until > ?)"
        with self._explained():
            return dict(self._db.execute(query, (topic, now)))

    def built(self) -> list[Built]:
        """Return all playlists that were written, first to last."""
        with self._explained():
            places: dict[int, list[Path | str]] = {}
            for number, at in self._db.execute(
                "SELECT built, location FROM built_track ORDER BY built, place"
            ):
                places.setdefault(number, []).append(to_location(at))
            rows = self._db.execute(
                "SELECT number, output, options, time, name, mode, seed, minutes, intensity "
                "FROM built ORDER BY number"
            )
            return [
                Built(
                    *(time, name, mode, seed, minutes, intensity),
                    output=to_path(output),
                    tracks=tuple(places.get(number, ())),
                    options=json.loads(options),
                    number=number,
                )
                for number, output, options, time, name, mode, seed, minutes, intensity in rows
            ]

    def done(self) -> list[Done]:
        """Return all that was done, first to last."""
        with self._explained():
            rows = self._db.execute("SELECT built, time, rpe, note FROM done ORDER BY time, built")
            return list(starmap(Done, rows))

    def recent_use(self) -> dict[Path | str, Use]:
        """Return how often and how lately each track was in a playlist that may have been heard.

        A playlist that another one replaced in the same file, sooner than it could have been
        heard to its end, does not count, unless it was marked as done.
        """
        query = (
            f"WITH heard AS ({HEARD}) "  # noqa: S608 - constants
            "SELECT location, count(DISTINCT built), max(time), min(ago) "
            "FROM built_track JOIN heard ON number = built GROUP BY location ORDER BY location"
        )
        with self._explained():
            rows = self._db.execute(query)
            return {to_location(at): Use(count, last, ago) for at, count, last, ago in rows}

    # ---------------------------------------------------------------- writing

    def add(
        self, file: AudioFile, fingerprint: bytes, outcome: Track | Failure, version: int
    ) -> None:
        """Store what came of a file; a correction by its owner stays."""
        if isinstance(outcome, Failure):
            version = 0 if outcome.transient else version
            values: tuple[object, ...] = (outcome.reason, *[None] * len(MEASURED.split(",")))
        else:
            values = (None, *to_row(outcome))
        columns = f"path, size, mtime_ns, fingerprint, version, missing, failure, {MEASURED}"
        names = columns.split(", ")
        self._write(
            f"INSERT INTO file ({columns}) VALUES ({', '.join('?' * len(names))}) "  # noqa: S608 - constants
            "ON CONFLICT (path) DO UPDATE SET "
            + ", ".join(f"{name} = excluded.{name}" for name in names[1:]),
            [(os.fsencode(file.path), file.size, file.mtime_ns, fingerprint, version, 0, *values)],
        )

    def copy(self, sources: Mapping[AudioFile, Path]) -> None:
        """Store files with all that is known of their sources; those that are gone have moved."""
        columns = f"fingerprint, version, fixed_bpm, {MEASURED}"
        rows = [
            (os.fsencode(file.path), file.size, file.mtime_ns, os.fsencode(source))
            for file, source in sources.items()
        ]
        moved = {(os.fsencode(path),) for path in set(sources.values()) if not path.exists()}
        follow = [(row[0], row[3]) for row in rows if (row[3],) in moved]
        with self._transaction():
            self._db.executemany(
                f"INSERT OR REPLACE INTO file (path, size, mtime_ns, {columns}) "  # noqa: S608 - constants
                f"SELECT ?, ?, ?, {columns} FROM file WHERE path = ?",
                rows,
            )
            self._db.executemany("DELETE FROM file WHERE path = ?", moved)
            self._db.executemany("UPDATE built_track SET location = ? WHERE location = ?", follow)

    def mark(self, paths: Iterable[Path | str], *, missing: bool) -> None:
        """Remember that files are no longer there, or there again."""
        rows = [(int(missing), os.fsencode(path)) for path in paths]
        self._write("UPDATE file SET missing = ? WHERE path = ?", rows)

    def fix(self, location: Path | str, bpm: float | None) -> None:
        """Store the owner's word on the tempo of a file or URI, or take it back with None."""
        rows = [(bpm, os.fsencode(location))]
        self._write("UPDATE file SET fixed_bpm = ? WHERE path = ?", rows)
        if isinstance(location, str):
            self._write("UPDATE imported SET fixed_bpm = ? WHERE uri = ?", [(bpm, location)])

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
        changes = self._write(
            f"INSERT INTO imported (uri, {columns}) VALUES ({', '.join('?' * (len(names) + 1))}) "  # noqa: S608 - constants
            f"ON CONFLICT (uri) DO UPDATE SET ({columns}) = ({values}) "
            f"WHERE ({columns}) IS NOT ({values})",
            [(track.location, track.source, *to_row(track)) for track in tracks],
        )
        new = self._count_imported() - before
        return new, changes - new

    def remove_imported(self, tracks: Iterable[Track]) -> int:
        """Forget tracks that are not files, and return how many there were."""
        return self._write("DELETE FROM imported WHERE uri = ?", [(t.location,) for t in tracks])

    def retag(self, file: AudioFile, fingerprint: bytes, bpm: float) -> None:
        """Remember a file whose tag was written by us, so that no scan takes it for changed."""
        self._write(
            "UPDATE file SET size = ?, mtime_ns = ?, fingerprint = ?, tag_bpm = ? WHERE path = ?",
            [(file.size, file.mtime_ns, fingerprint, bpm, os.fsencode(file.path))],
        )

    def note(self, topic: str, name: str, value: str, until: float | None = None) -> None:
        """Store a note, in place of one of the same topic and name."""
        self.note_all(topic, {name: value}, until)

    def note_all(self, topic: str, notes: Mapping[str, str], until: float | None = None) -> None:
        """Store several notes at once."""
        rows = [(topic, name, value, until) for name, value in notes.items()]
        self._write("INSERT OR REPLACE INTO note VALUES (?, ?, ?, ?)", rows)

    def forget(self, topic: str) -> None:
        """Delete all notes on a topic."""
        self._write("DELETE FROM note WHERE topic = ?", [(topic,)])

    def add_built(self, built: Built) -> Built:
        """Store a playlist that was written, and return it with its number."""
        row = (
            *(built.time, built.name, built.mode, built.seed, built.minutes, built.intensity),
            *(os.fsencode(built.output), json.dumps(built.options)),
        )
        with self._transaction():
            (number,) = self._db.execute(
                "INSERT INTO built (time, name, mode, seed, minutes, intensity, output, options) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING number",
                row,
            ).fetchone()
            places = ((number, place, to_raw(at)) for place, at in enumerate(built.tracks))
            self._db.executemany("INSERT INTO built_track VALUES (?, ?, ?)", places)
        return replace(built, number=number)

    def add_done(self, done: Done, *, instead_of: Done | None = None) -> None:
        """Store that a workout was done, perhaps in place of what was said of it before."""
        with self._transaction():
            if instead_of:
                self._remove_done(instead_of)
            row = (done.built, done.time, done.rpe, done.note)
            self._db.execute("INSERT OR REPLACE INTO done VALUES (?, ?, ?, ?)", row)

    def remove_done(self, done: Done) -> None:
        """Forget that a workout was done."""
        with self._transaction():
            self._remove_done(done)

    # ---------------------------------------------------------------- inside

    def _remove_done(self, done: Done) -> None:
        row = (done.built, done.time)
        self._db.execute("DELETE FROM done WHERE built = ? AND time = ?", row)

    def _tracks(
        self, table: str, condition: str, *values: object, most: int = EVERY
    ) -> list[Track]:
        query = f"{table} AND {condition} ORDER BY 1"
        with self._explained(), _no_collection():
            rows = self._db.execute(query, values).fetchall()
            # One text instead of thousands: a third of the time goes into starting to read.
            texts = (leading(row[CANDIDATES], most) for row in rows)
            levels = json.loads(f"[{','.join(texts)}]")
            return list(map(to_track, rows, levels))

    def _count_imported(self) -> int:
        with self._explained():
            (count,) = self._db.execute("SELECT count(*) FROM imported").fetchone()
            return int(count)

    def _write(self, statement: str, rows: Sequence[tuple[object, ...]]) -> int:
        """Run a statement on each of `rows`, and return how many rows of the table changed."""
        with self._transaction():
            return self._db.executemany(statement, rows).rowcount

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._explained():
            # Taking the lock before reading spares the upgrade that SQLite refuses at once.
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def _migrate(self) -> None:
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        if version == len(MIGRATIONS):
            return  # who only reads shall write nothing
        with self._transaction():
            (version,) = self._db.execute("PRAGMA user_version").fetchone()
            if version > len(MIGRATIONS):
                raise LibraryError(
                    f"library {self.path} was written by a newer tempo: "
                    "update this one, or name another file with --library"
                )
            for statement in chain.from_iterable(MIGRATIONS[version:]):
                self._db.execute(statement)
            self._db.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn whatever SQLite or the disk says into a sentence."""
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise LibraryError(
                f"library {self.path} cannot be used ({error}): check that it may be written and "
                "the disk has room, or name another file with --library"
            ) from error


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
