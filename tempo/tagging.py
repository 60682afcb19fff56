"""Tempo tags: which to write, and how to write one without risk to the music."""

import contextlib
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from tempo.errors import AudioError, TagError
from tempo.ffmpeg import sound_digest
from tempo.files import Known
from tempo.library import Library
from tempo.scan import fingerprint, look
from tempo.tags import bpm_text, read_tags, write_bpm
from tempo.track import AudioFile, Track

NEAR = 0.005
"""BPM; tags hold two decimals."""
DRAFT = ".tempo-"
LEFT = re.compile(rf"{re.escape(DRAFT)}[a-z0-9_]{{8}}\..+")
"""Copies that are being tagged, as `tempfile` names them."""
STALE = 3600.0
"""Seconds after which nobody works on a copy any more."""


class Verdict(Enum):
    """Whether a tag is to be written, and why not."""

    WRITE = "to write"
    SAME = "as it is already"
    TAKEN = "has another tempo: --force replaces it"
    NO_BEAT = "has no beat"
    DOUBTFUL = "is doubtful: check it with `tempo fix`, or name it"
    CHANGED = "changed since it was analyzed: run `tempo analyze` first"


@dataclass(frozen=True, slots=True)
class Change:
    """The tempo tag of a track as it is, and as it would be."""

    track: Track
    path: Path
    bpm: float
    """BPM, as the tag would hold it; 0 where there is no beat."""
    old: str
    """What the tag says, as it stands; empty for nothing."""
    verdict: Verdict


def changes(
    tracks: Iterable[Track],
    known: Mapping[Path | str, Known],
    *,
    force: bool,
    named: bool,
    whole: bool,
) -> list[Change]:
    """Decide for each track that is a file whether its tag is to be written.

    Parameters
    ----------
    tracks : iterable of Track
    known : mapping of Path to Known
        What the library remembers of the files.
    force : bool
        Replace a tempo that a tag has.
    named : bool
        The user asked for just these tracks, so that doubt is no reason to pass over one.
    whole : bool
        Write whole numbers.
    """
    return [
        _change(track, track.path, known[track.path], force=force, named=named, whole=whole)
        for track in tracks
        if track.path
    ]


def _change(
    track: Track, path: Path, known: Known, *, force: bool, named: bool, whole: bool
) -> Change:
    bpm = round(track.bpm or 0.0, 0 if whole else 2)
    old = bpm_text(path)
    if not track.bpm:
        verdict = Verdict.NO_BEAT
    elif track.is_doubtful and not named:
        verdict = Verdict.DOUBTFUL
    elif not _is_as_known(path, known):
        verdict = Verdict.CHANGED
    elif not old:
        verdict = Verdict.WRITE
    elif _is_near(old, bpm):
        verdict = Verdict.SAME
    else:
        verdict = Verdict.WRITE if force else Verdict.TAKEN
    return Change(track, path, bpm, old, verdict)


def _is_as_known(path: Path, known: Known) -> bool:
    file = look(path)
    return isinstance(file, AudioFile) and known.is_current(file, known.version)


def _is_near(old: str, bpm: float) -> bool:
    try:
        return abs(float(old) - bpm) < NEAR
    except ValueError:
        return False


def apply(library: Library, change: Change, *, keep_mtime: bool) -> None:
    """Write a tag, and let the library know the file as it is now.

    Raises
    ------
    TagError
        If that cannot be; the file is as it was.
    """
    write_tag(change.path, change.bpm, keep_mtime=keep_mtime)
    file = look(change.path)
    if isinstance(file, AudioFile):
        with contextlib.suppress(OSError):  # it will be measured again, nothing worse
            library.files.retag(file, fingerprint(file), change.bpm)


def write_tag(path: Path, bpm: float, *, keep_mtime: bool) -> None:
    """Write the tempo into the tags of a file: on a copy that takes its place once it is proved.

    Parameters
    ----------
    path : Path
        A link is followed, and stays.
    bpm : float
    keep_mtime : bool
        Leave the time of last change as it is.

    Raises
    ------
    TagError
        If that cannot be; the file is as it was.
    """
    real = Path(os.path.realpath(path))
    if not os.access(real, os.W_OK):
        raise TagError("may not be written: change its rights, or those of its disk")
    try:
        before = real.stat()
        handle, name = tempfile.mkstemp(prefix=DRAFT, suffix=real.suffix, dir=real.parent)
        os.close(handle)
        try:
            _copy_tagged(real, Path(name), bpm)
            if keep_mtime:
                os.utime(name, ns=(before.st_atime_ns, before.st_mtime_ns))
            _check_unchanged(real, before)
            Path(name).replace(real)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise TagError(f"cannot be written ({why}): check its folder and the disk") from error


def sweep(paths: Iterable[Path], now: float | None = None) -> None:
    """Remove copies beside some files that were left by runs which were killed.

    Parameters
    ----------
    paths : iterable of Path
    now : float, optional
        The clock, seconds since 1970.
    """
    now = time.time() if now is None else now
    for folder in {Path(os.path.realpath(path)).parent for path in paths}:
        for left in folder.glob(f"{DRAFT}*"):
            with contextlib.suppress(OSError):  # it stays: it is hidden, nothing worse
                # The time of last change is that of the music; the system's own is the copy's.
                if LEFT.fullmatch(left.name) and now - left.stat().st_ctime > STALE:
                    left.unlink()


def _check_unchanged(path: Path, before: os.stat_result) -> None:
    now = path.stat()
    if (now.st_mtime_ns, now.st_size) != (before.st_mtime_ns, before.st_size):
        raise TagError("was changed by another program just now: try again")


def _copy_tagged(source: Path, copy: Path, bpm: float) -> None:
    """Make a copy with the tag, and prove that it has the same sound."""
    shutil.copyfile(source, copy)
    shutil.copystat(source, copy)
    status = source.stat()
    with contextlib.suppress(PermissionError, AttributeError):  # Windows knows no owners
        os.chown(copy, status.st_uid, status.st_gid)
    write_bpm(copy, bpm)
    os.utime(copy)  # taggers that write through memory maps leave the time
    with copy.open("rb") as file:
        os.fsync(file.fileno())
    try:
        proved = sound_digest(source) == sound_digest(copy)
    except AudioError as error:
        raise TagError(str(error)) from error
    tags, _ = read_tags(copy)
    if not proved or tags.bpm is None or abs(tags.bpm - bpm) > NEAR:
        raise TagError("did not come out as it should, and was left as it is")
