"""A file, copied whole to a disk that may be failing."""

import contextlib
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from playlists.errors import PlaylistError
from tempo.errors import UnavailableError

BLOCK = 1 << 20


def size_of(source: Path) -> int:
    """Return the bytes of a file.

    Raises
    ------
    UnavailableError
        If it cannot be read.
    """
    try:
        return source.stat().st_size
    except OSError as error:
        raise _unreadable(error) from error


@contextlib.contextmanager
def copied(source: Path, part: Path) -> Iterator[tuple[int, str]]:
    """Copy a file, and read the copy back; where it is not taken from there, it is removed.

    Parameters
    ----------
    source : Path
    part : Path
        Where the copy is made.

    Yields
    ------
    size : int
        Bytes.
    digest : str
        Of what was copied.

    Raises
    ------
    UnavailableError
        If the source cannot be read.
    PlaylistError
        If the copy holds other bytes.
    OSError
        If the copy cannot be written.
    """
    part.unlink(missing_ok=True)
    try:
        size, digest = _written(source, part)
        _verify(part, digest)
        yield size, digest
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise


def _written(source: Path, part: Path) -> tuple[int, str]:
    """Copy bytes to a new file and to the disk; return their number and digest."""
    digest, size = hashlib.blake2b(), 0
    with part.open("xb") as file:  # "x", because a link there could lead anywhere
        for block in _blocks(source):
            digest.update(block)
            size += file.write(block)
        file.flush()
        os.fsync(file.fileno())
        if hasattr(os, "posix_fadvise"):  # or else the check would read memory, not the stick
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    return size, digest.hexdigest()


def _verify(part: Path, digest: str) -> None:
    if _digest(part) != digest:
        raise PlaylistError(
            f"{part.parent} gave back other bytes than were written to it: it may be failing, "
            "unless another export writes there too; try again, or another"
        )


def _blocks(source: Path) -> Iterator[bytes]:
    try:
        with source.open("rb") as file:
            while block := file.read(BLOCK):
                yield block
    except OSError as error:
        raise _unreadable(error) from error


def _unreadable(error: OSError) -> UnavailableError:
    why = (error.strerror or str(error)).lower()
    return UnavailableError(f"cannot be read ({why}): check that it is there")


def _digest(path: Path) -> str:
    digest = hashlib.blake2b()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()
