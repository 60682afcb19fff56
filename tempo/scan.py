"""Folders to sound files, without opening any."""

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from tempo.errors import UnavailableError
from tempo.remote import remote_files
from tempo.track import AudioFile, Failure

SUFFIXES = frozenset(
    (
        *(".aac", ".aif", ".aifc", ".aiff", ".alac", ".ape", ".caf", ".dsf", ".flac", ".m4a"),
        *(".m4b", ".mka", ".mp2", ".mp3", ".mp4", ".mpc", ".oga", ".ogg", ".opus", ".spx"),
        *(".tak", ".tta", ".wav", ".wave", ".webm", ".wma", ".wv"),
    )
)
"""Names that a folder's music goes by; a file that is named itself is read whatever its name."""
SAMPLE = 65_536
"""Bytes read at three places for a fingerprint: enough to hold any tag, quick on any disk."""
LAST = 2**63
"""Nanoseconds from 1970 to 2262, where a library's numbers end. Clocks err beyond, and there any
number will do that changes with the file."""


def scan(roots: Iterable[Path | str]) -> Iterator[AudioFile | Failure]:
    """Find the sound files under some folders.

    Parameters
    ----------
    roots : iterable of Path or str
        Folders and files, or their URLs. Links are followed, each folder is entered once. Names
        that start with a dot are passed over unless they are given here.

    Yields
    ------
    AudioFile or Failure
        Sorted by name within a folder, each path once. A folder or file that the system keeps
        back is a `Failure`.
    """
    seen: set[str] = set()
    entered: set[tuple[int, int]] = set()
    for root in roots:
        if isinstance(root, str):
            yield from _remote(root, seen)
            continue
        for path in _walk(os.path.abspath(root), entered):
            if isinstance(path, Failure):
                yield path
            elif path not in seen:
                seen.add(path)
                found = look(Path(path))
                if found is not None:
                    yield found


def _remote(url: str, seen: set[str]) -> Iterator[AudioFile | Failure]:
    """Yield the sound files under a URL, or that which it names."""
    try:
        for file in remote_files(url):
            name = str(file.path)
            hidden = any(part.startswith(".") for part in name.removeprefix(url).split("/"))
            music = os.path.splitext(name)[1].lower() in SUFFIXES and not hidden
            if name not in seen and (music or name == url):
                seen.add(name)
                yield file
    except UnavailableError as error:
        yield Failure(url, str(error), transient=True)


def look(path: Path) -> AudioFile | Failure | None:
    """Return the file at `path` as it is now, a `Failure`, or None for what is no file."""
    try:
        status = path.stat()
    except OSError as error:
        return _failure(str(path), error)
    if not stat.S_ISREG(status.st_mode):
        return None  # a pipe or device would hang whoever reads it
    return AudioFile(path, status.st_size, (status.st_mtime_ns + LAST) % (2 * LAST) - LAST)


def _walk(root: str, entered: set[tuple[int, int]]) -> Iterator[str | Failure]:
    if not os.path.isdir(root):
        yield root
        return
    folders = [root]
    while folders:
        folder = folders.pop()
        try:
            status = os.stat(folder)
            identity = (status.st_dev, status.st_ino)
            if identity in entered:
                continue  # a loop, or a second way in
            entered.add(identity)
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            yield _failure(folder, error)
            continue
        visible = [entry for entry in entries if not entry.name.startswith(".")]
        yield from (entry.path for entry in visible if _is_sound(entry))
        folders.extend(entry.path for entry in reversed(visible) if _is_folder(entry))


def _is_sound(entry: os.DirEntry[str]) -> bool:
    return os.path.splitext(entry.name)[1].lower() in SUFFIXES and not _is_folder(entry)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False  # a link in a circle, or into a locked folder


def _failure(path: str, error: OSError) -> Failure:
    why = (error.strerror or str(error)).lower()
    hint = "the link leads nowhere" if os.path.islink(path) else "check that you may read it"
    return Failure(Path(path), f"cannot be opened ({why}): {hint}", transient=True)


def fingerprint(file: AudioFile) -> bytes:
    """Return a digest by which a file is known again after it was moved or renamed.

    It covers the size and the bytes at the beginning, middle and end, so that it costs the same
    for a song and a day of recording.

    Raises
    ------
    OSError
        If the file cannot be read.
    """
    digest = hashlib.blake2b(str(file.size).encode(), digest_size=16)
    with open(file.path, "rb") as stream:
        for start in (0, (file.size - SAMPLE) // 2, file.size - SAMPLE):
            stream.seek(max(0, start))
            digest.update(stream.read(SAMPLE))
    return digest.digest()
