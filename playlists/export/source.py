"""The file that a song comes from, and its copy in another format."""

import hashlib
import json
import stat
from pathlib import Path

from playlists.errors import PlaylistError
from playlists.formats.listing import Item
from playlists.formats.location import is_address
from tempo.encoders import ENCODERS, transcode
from tempo.errors import AudioError, UnavailableError
from tempo.ffmpeg import codec
from tempo.scan import SUFFIXES
from tempo.tags import read_tags


def digest(item: Item, as_format: str | None) -> str:
    """Return a digest of what a file is made of, or nothing where its source is not there."""
    try:
        status = Path(item.location).stat()
    except OSError:
        return ""
    made_of = [item.location, status.st_size, status.st_mtime_ns, as_format]
    return hashlib.blake2b(json.dumps(made_of).encode(), digest_size=16).hexdigest()


def checked(item: Item) -> Path:
    """Return the file of a song; a playlist may name anything, and only music is to be copied.

    Raises
    ------
    AudioError
        If there is none.
    """
    if is_address(item.location) or not item.location:
        raise AudioError("is not a file here: it plays only where it comes from")
    path = Path(item.location)
    if path.suffix.lower() not in SUFFIXES:
        raise AudioError("is not named like music: left out")
    try:
        if stat.S_ISREG(path.stat().st_mode):
            return path
    except (FileNotFoundError, NotADirectoryError, ValueError):
        pass
    except OSError as error:  # too long a name, or a locked folder
        why = (error.strerror or str(error)).lower()
        raise UnavailableError(f"cannot be read ({why}): check that you may read it") from error
    raise UnavailableError("is not there: plug in its disk, or build the playlist again")


def is_already(source: Path, as_format: str) -> bool:
    """Tell whether a file has a format, by name and content."""
    return source.suffix.lower() == f".{as_format}" and codec(source) == ENCODERS[as_format].codec


def transcode_song(item: Item, source: Path, target: Path, as_format: str) -> None:
    """Write a song in another format, with what its playlist or its own tags say of it.

    Raises
    ------
    AudioError
        If the source cannot be decoded.
    PlaylistError
        If the target cannot be written.
    """
    tags, _ = read_tags(source)
    bpm = item.bpm or tags.bpm
    said = {
        "title": item.title or tags.title,
        "artist": item.artist or tags.artist,
        "album": item.album or tags.album,
        ENCODERS[as_format].bpm: f"{bpm:.0f}" if bpm else "",
    }
    try:
        transcode(source, target, as_format, said)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise PlaylistError(
            f"{target.parent.parent} cannot hold a song ({why}): make room there, or point $TMPDIR "
            "to another folder, and run the same command again to go on"
        ) from error
