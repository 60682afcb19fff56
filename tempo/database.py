"""The one door to sqlite3: a file of tables, brought up to date, and its transactions."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any

from tempo.errors import LibraryError
from tempo.schema import MIGRATIONS

BUSY_SECONDS = 60.0
"""How long one run waits for another that writes to the same library."""

READ_ONLY = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN}
"""What SQLite says, in its lowest byte, of a place where it may not write."""
FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_WRITE}
"""What SQLite says of a disk that is full; to read, too, it writes 32 KB beside the file."""
MAKE_ROOM, MAKE_YOURS = "make room on its disk", "make the file and its folder yours to write"
AT_A_TIME = 100
"""Rows read at once: they stay in the cache until their values are sorted into columns."""

BROKEN = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
"""Of what SQLite complains where no room and no right would help."""


class Database:
    """The file of a library, open.

    Parameters
    ----------
    path : Path
        Created when missing, with its folder. One that cannot be written can still be read.

    Raises
    ------
    LibraryError
        From every method: if the file is not a library, comes from a newer program, or cannot be
        used.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._advice = MAKE_YOURS
        with self._explained():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = self._connected()
            try:
                self._migrate()
            except BaseException:
                self.close()
                raise

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def read(self, query: str, values: Sequence[object] | dict[str, object] = ()) -> list[Any]:
        """Return the rows that answer a query."""
        with self._explained():
            return self._db.execute(query, values).fetchall()

    def parts(self, query: str) -> Iterator[list[Any]]:
        """Yield the rows that answer a query some at a time, so that few are there at once."""
        with self._explained():
            cursor = self._db.execute(query)
            while rows := cursor.fetchmany(AT_A_TIME):
                yield rows

    def write(self, statement: str, rows: Sequence[tuple[object, ...]]) -> int:
        """Run a statement on each of `rows`, and return how many rows of the table changed."""
        with self.transaction() as db:
            return db.executemany(statement, rows).rowcount

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Write all of it or nothing; what returned is on disk, even if the power fails next."""
        with self._explained():
            # Taking the lock before reading spares the upgrade that SQLite refuses at once.
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                if self._db.in_transaction:  # a full disk has SQLite roll back by itself
                    self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def _migrate(self) -> None:
        if self._version() == len(MIGRATIONS):
            return  # who only reads shall write nothing
        try:
            with self.transaction():
                version = self._version()  # another run may have been quicker
                for statement in chain.from_iterable(MIGRATIONS[version:]):
                    self._db.execute(statement)
                self._db.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        except LibraryError as error:
            if error.__cause__ is None or _kind(error.__cause__) != sqlite3.SQLITE_READONLY:
                raise
            raise LibraryError(
                f"library {self.path} was written by an older tempo and must be brought up to "
                f"date, but cannot be written: {self._advice}, or name a copy of it with --library"
            ) from error

    def _version(self) -> int:
        """Return how many migrations the file has been through; more than there are is refused."""
        ((version,),) = self._db.execute("PRAGMA user_version")
        if version > len(MIGRATIONS):
            raise LibraryError(
                f"library {self.path} was written by a newer tempo: "
                "update this one, or name another file with --library"
            )
        return int(version)

    def _connected(self) -> sqlite3.Connection:
        """Open the file to be written, or, where that cannot be, to be read."""
        db = sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None)
        try:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
        except sqlite3.Error as error:
            db.close()
            is_full = error.sqlite_errorcode in FULL
            if not (is_full or _kind(error) in READ_ONLY) or not _is_at_rest(self.path):
                raise
            self._advice = MAKE_ROOM if is_full else MAKE_YOURS
            # Reading, too, makes files beside it, unless SQLite is told that nobody writes.
            place = f"{self.path.absolute().as_uri()}?immutable=1"
            return sqlite3.connect(place, uri=True, isolation_level=None)
        return db

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn whatever SQLite or the disk says into a sentence."""
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise LibraryError(
                f"library {self.path} {_trouble(error, self._advice)}, or name another file with "
                "--library"
            ) from error


def _is_at_rest(path: Path) -> bool:
    """Tell whether a file is all there is to a library: what was written last may lie beside it."""
    log = path.with_name(f"{path.name}-wal")
    return path.is_file() and not (log.exists() and log.stat().st_size)


def _kind(error: BaseException) -> int | None:
    code = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF


def _trouble(error: BaseException, to_write: str) -> str:
    """Return what SQLite or the disk says, and what to do, such as `to_write` there."""
    if _kind(error) in BROKEN:
        advice = "it is damaged or no library: put a copy from before in its place"
    elif _kind(error) == sqlite3.SQLITE_READONLY:
        return f"can be read here, but not written: {to_write}"
    else:
        advice = "check that it may be read and written and the disk has room"
    why = getattr(error, "strerror", None) or str(error)
    return f"cannot be used ({why.lower()}): {advice}"
