"""Files written whole or not at all."""

import contextlib
import os
import re
import tempfile
from pathlib import Path

from playlists.errors import PlaylistError


def write_file(path: Path, raw: bytes, *, force: bool) -> None:
    """Write a file whole or not at all.

    Parameters
    ----------
    path : Path
    raw : bytes
    force : bool
        Replace a file that is there.

    Raises
    ------
    PlaylistError
        If the file exists and `force` is off, or it is none, or cannot be written.
    """
    if path.exists() and not path.is_file():  # as root, a device would be replaced
        raise PlaylistError(f"{path} is no usual file: name another place")
    if path.exists() and not force:
        raise PlaylistError(f"{path} exists already: give --force to replace it, or another name")
    try:
        replace_file(path, raw)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise PlaylistError(f"{path} cannot be written ({why}): name another place") from error


def replace_file(path: Path, raw: bytes, *, mode: int | None = None) -> None:
    """Put a file in place of what may be there; it survives a power failure whole.

    Parameters
    ----------
    path : Path
    raw : bytes
    mode : int, optional
        Who may use it; by default what the system gives to a new file.

    Raises
    ------
    OSError
        If that cannot be; what was there stays.
    """
    handle, name = tempfile.mkstemp(prefix=_draft(path), dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(PermissionError):  # memory sticks know no rights
            Path(name).chmod(_usual_mode() if mode is None else mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink()
        raise


def drafts(path: Path) -> list[Path]:
    """Return what runs that were killed left beside a file when they were to replace it."""
    # So `tempfile` names them.
    left = re.compile(rf"{re.escape(_draft(path))}[a-z0-9_]{{8}}")
    return [each for each in path.parent.iterdir() if left.fullmatch(each.name)]


def _draft(path: Path) -> str:
    return f".{path.name[:50]}."


def _usual_mode() -> int:
    """Return the rights of a new file; `mkstemp` makes it private, a playlist is not."""
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask
