"""One export at a time into a folder.

The lock lies in the user's cache: memory sticks, watches and what phones show as a folder need not
know locks, and get nothing that is of no use to them. The system lets go of it when a run ends, in
whatever way.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import filelock
import platformdirs

from playlists.errors import PlaylistError


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Keep other exports of this user out of a folder meanwhile.

    Parameters
    ----------
    path : Path
        Need not be there yet.

    Raises
    ------
    PlaylistError
        If another export is writing there.
    """
    lock = _lock(path)
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout as error:
        raise PlaylistError(
            f"another export is writing to {path}: wait until it is done, or name another folder"
        ) from error
    except (OSError, NotImplementedError):
        pass  # a cache that cannot be written, or locked: most exports are alone
    try:
        yield
    finally:
        if lock.is_locked:  # nobody waits for the file; Windows removes it by itself
            with suppress(OSError):
                Path(lock.lock_file).unlink()
        lock.release()


def _lock(path: Path) -> filelock.BaseFileLock:
    folder = platformdirs.user_cache_path("tempo", appauthor=False) / "exports"
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    digest = hashlib.blake2b(os.fsencode(os.path.realpath(path)), digest_size=16)
    return filelock.FileLock(folder / f"{digest.hexdigest()}.lock")
