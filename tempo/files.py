"""The files of a library: which were measured as they are now, and what became of them."""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tempo.database import Database
from tempo.stored import CANDIDATES, MEASURED, to_file, to_path, to_track
from tempo.track import AudioFile, Track

ASIDE = "correction"
"""Topic of notes: by the fingerprint of a song that another one replaced, its owner's tempo."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the library remembers of a file, to tell whether it changed."""

    size: int
    mtime_ns: int
    version: int
    """Of the analysis; 0 where the system kept it back."""
    missing: bool
    failed: bool
    """Whether it could not be measured."""

    def is_current(self, file: AudioFile, version: int) -> bool:
        """Tell whether `file` was measured as it is now, by this version of the analysis."""
        return (self.size, self.mtime_ns, self.version) == (file.size, file.mtime_ns, version)


class Files:
    """What a library remembers of files, apart from their music.

    Parameters
    ----------
    database : Database
    """

    def __init__(self, database: Database) -> None:
        self._db = database

    def known(self) -> dict[Path | str, Known]:
        """Return what is remembered of every file, missing ones too."""
        rows = self._db.read(
            "SELECT path, size, mtime_ns, version, missing, failure IS NOT NULL FROM file"
        )
        return {
            to_file(path): Known(size, mtime_ns, version, bool(missing), bool(failed))
            for path, size, mtime_ns, version, missing, failed in rows
        }

    def find_copy(self, file: AudioFile, fingerprint: bytes, version: int) -> Path | None:
        """Return a measured file of the same content, preferably one that is missing."""
        query = (
            "SELECT path FROM file WHERE fingerprint = ? AND size = ? AND version = ? "
            "AND failure IS NULL ORDER BY missing DESC, path LIMIT 1"
        )
        rows = self._db.read(query, (fingerprint, file.size, version))
        return to_path(rows[0][0]) if rows else None

    def sizes(self) -> frozenset[int]:
        """Return the sizes of all measured files: only a file of such a size can be a copy."""
        rows = self._db.read("SELECT DISTINCT size FROM file WHERE failure IS NULL")
        return frozenset(row[0] for row in rows)

    def copy(self, sources: Mapping[AudioFile, Path]) -> None:
        """Store files with all that is known of their sources; those that are gone have moved."""
        columns = f"fingerprint, version, fixed_bpm, {MEASURED}"
        rows = [
            (os.fsencode(file.path), file.size, file.mtime_ns, os.fsencode(source))
            for file, source in sources.items()
        ]
        moved = {(os.fsencode(path),) for path in set(sources.values()) if is_gone(path)}
        follow = [(row[0], row[3]) for row in rows if (row[3],) in moved]
        with self._db.transaction() as db:
            db.executemany(
                f"INSERT OR REPLACE INTO file (path, size, mtime_ns, {columns}) "  # noqa: S608 - constants
                f"SELECT ?, ?, ?, {columns} FROM file WHERE path = ?",
                rows,
            )
            db.executemany("DELETE FROM file WHERE path = ?", moved)
            db.executemany("UPDATE built_track SET location = ? WHERE location = ?", follow)

    def corrected(self) -> frozenset[Path | str]:
        """Return the files whose tempo their owner corrected."""
        rows = self._db.read("SELECT path FROM file WHERE fixed_bpm IS NOT NULL")
        return frozenset(to_file(path) for (path,) in rows)

    def precious(self, version: int) -> list[Track]:
        """Return the files that were corrected, or are in a playlist, as they were measured.

        Those that were corrected are the last.
        """
        query = (
            f"SELECT path, NULL, 'analysis', {MEASURED} FROM file "  # noqa: S608 - constants
            "WHERE failure IS NULL AND version = ? "
            "AND (fixed_bpm IS NOT NULL OR path IN (SELECT location FROM built_track)) "
            "ORDER BY fixed_bpm IS NOT NULL, path"
        )
        rows = self._db.read(query, (version,))
        return [to_track(row, json.loads(row[CANDIDATES])) for row in rows]

    def follow(self, file: AudioFile, source: Path | str) -> None:
        """Store the correction of `source`, the same song; if that is gone, it moved."""
        here, there = os.fsencode(file.path), os.fsencode(source)
        with self._db.transaction() as db:
            db.execute(
                "UPDATE file SET fixed_bpm = (SELECT fixed_bpm FROM file WHERE path = ?) "
                "WHERE path = ?",
                (there, here),
            )
            if is_gone(source):
                db.execute("DELETE FROM file WHERE path = ?", (there,))
                db.execute("UPDATE built_track SET location = ? WHERE location = ?", (here, there))

    def length(self, path: Path | str) -> float | None:
        """Return the seconds of what was measured in a file last, or None where nothing was."""
        rows = self._db.read("SELECT duration FROM file WHERE path = ?", (os.fsencode(path),))
        return rows[0][0] if rows else None

    def set_aside(self, path: Path | str) -> bytes:
        """Take the correction of a file from it, keep it for the song that it was, and name that.

        Returns
        -------
        bytes
            The fingerprint of the song; empty where there was no correction.
        """
        raw = os.fsencode(path)
        query = "SELECT fingerprint, fixed_bpm FROM file WHERE path = ? AND fixed_bpm > 0"
        for mark, bpm in self._db.read(query, (raw,)):
            with self._db.transaction() as db:
                if mark:
                    row = (ASIDE, mark.hex().upper(), repr(bpm))
                    db.execute("INSERT OR REPLACE INTO note VALUES (?, ?, ?, NULL)", row)
                db.execute("UPDATE file SET fixed_bpm = NULL WHERE path = ?", (raw,))
            return bytes(mark)
        return b""

    def take_back(self, mark: bytes) -> None:
        """Give what holds a song the correction that was set aside for it, if it has none."""
        query = (
            "SELECT path, name, value FROM note JOIN file ON fingerprint = ? "
            "WHERE topic = ? AND name = ? AND fixed_bpm IS NULL"
        )
        for path, name, bpm in self._db.read(query, (mark, ASIDE, mark.hex().upper())):
            with self._db.transaction() as db:
                db.execute("UPDATE file SET fixed_bpm = ? WHERE path = ?", (float(bpm), path))
                db.execute("DELETE FROM note WHERE topic = ? AND name = ?", (ASIDE, name))

    def mark(self, paths: Iterable[Path | str], *, missing: bool) -> None:
        """Remember that files are no longer there, or there again."""
        rows = [(int(missing), os.fsencode(path)) for path in paths]
        self._db.write("UPDATE file SET missing = ? WHERE path = ?", rows)

    def keep(self, file: AudioFile, version: int) -> bool:
        """Keep what was measured in a file as it is now, and tell whether there is such.

        Parameters
        ----------
        file : AudioFile
        version : int
            Of the analysis that need not be tried again; 0 where it should.
        """
        query = (
            "UPDATE file SET version = max(version, ?), missing = 0 "
            "WHERE path = ? AND size = ? AND mtime_ns = ? AND failure IS NULL"
        )
        values = (version, os.fsencode(file.path), file.size, file.mtime_ns)
        return self._db.write(query, [values]) > 0

    def retag(self, file: AudioFile, fingerprint: bytes, bpm: float) -> None:
        """Remember a file whose tag was written by us, so that no scan takes it for changed."""
        self._db.write(
            "UPDATE file SET size = ?, mtime_ns = ?, fingerprint = ?, tag_bpm = ? WHERE path = ?",
            [(file.size, file.mtime_ns, fingerprint, bpm, os.fsencode(file.path))],
        )


def is_gone(path: Path | str) -> bool:
    """Tell whether a file is no longer there; of one in a locked folder, or a URL, nobody knows."""
    try:
        return isinstance(path, Path) and not path.exists()
    except OSError:
        return False
