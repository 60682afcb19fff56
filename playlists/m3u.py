"""Extended M3U8: a playlist that every player reads.

Conventions
-----------
UTF-8 without a byte order mark; forward slashes; names as they are, not percent-encoded, because
few players decode them; ``#EXTINF:<whole seconds>,Artist - Title`` before each name. A file name
that is no UTF-8 is written byte by byte, so that the file is found.
"""

import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePath
from urllib.parse import quote, unquote_to_bytes, urlsplit

from playlists.errors import PlaylistError
from tempo.tags import clean
from tempo.track import Track

HEADER = "#EXTM3U"
SPOTIFY = "spotify:track:"


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of a playlist file."""

    location: str
    """A path, or an address such as ``spotify:track:…``."""
    seconds: float | None = None
    name: str = ""
    """Artist and title, for people."""


def format_m3u(tracks: Iterable[Track], folder: Path, *, absolute: bool, title: str = "") -> str:
    """Return tracks as the text of an M3U8 file.

    Parameters
    ----------
    tracks : iterable of Track
    folder : Path
        Where the file will lie; names are relative to it.
    absolute : bool
        Write full paths instead.
    title : str
        Name of the playlist.

    Returns
    -------
    str
        Tracks that no player could find are left out; see `is_playable`. Bytes of names that are no
        UTF-8 stand as surrogates (`os.fsdecode`).
    """
    lines = [HEADER, *([f"#PLAYLIST:{clean(title)}"] if title else [])]
    for track in filter(is_playable, tracks):
        name = f"{track.artist} - {track.title}" if track.artist else track.title
        lines.append(f"#EXTINF:{round(track.analysis.duration)},{clean(name)}")
        lines.append(_location(track.location, folder, absolute=absolute))
    return "\n".join(lines) + "\n"


def is_playable(track: Track) -> bool:
    """Tell whether a playlist can name a track so that a player finds it.

    Players know files, and some know Spotify's URIs; an ISRC or a name leads nowhere.
    """
    return track.uri is None or track.uri.startswith(SPOTIFY)


def _location(location: Path | str, folder: Path, *, absolute: bool) -> str:
    if isinstance(location, str):
        return location
    full = Path(os.path.abspath(location))
    try:
        shown = full if absolute else PurePath(os.path.relpath(full, os.path.abspath(folder)))
    except ValueError:  # another drive
        shown = full
    name = shown.as_posix()
    if name != name.strip() or any(ord(c) < 32 or c in "\x7f\x85\u2028\u2029" for c in name):  # noqa: PLR2004 - controls
        # A line cannot hold this name as it is; an address can.
        return "file://" + quote(os.fsencode(full.as_posix()))
    # A comment or an address would be something else to a player.
    return (
        f"./{name}"
        if name.startswith("#") or (":" in name.split("/")[0] and not absolute)
        else name
    )


def parse_m3u(text: str, folder: Path) -> list[Line]:
    """Read the entries of an M3U or M3U8 file.

    Parameters
    ----------
    text : str
    folder : Path
        Where the file lies; relative names are resolved against it.

    Returns
    -------
    list of Line
        Paths are absolute; addresses other than ``file:`` are left as they are.
    """
    lines: list[Line] = []
    seconds, name = None, ""
    for raw in text.removeprefix("\ufeff").split("\n"):
        line = raw.strip()
        if line.startswith("#EXTINF:"):
            seconds, name = _extinf(line.removeprefix("#EXTINF:"))
        elif line and not line.startswith("#"):
            lines.append(Line(_resolved(line, folder), seconds, name))
            seconds, name = None, ""
    return lines


def _extinf(text: str) -> tuple[float | None, str]:
    length, _, name = text.partition(",")
    try:
        seconds = float(length.split()[0])
    except (ValueError, IndexError):
        seconds = -1.0
    return (seconds if seconds >= 0 else None), name.strip()


def _resolved(location: str, folder: Path) -> str:
    if location.startswith("file://"):
        return os.fsdecode(unquote_to_bytes(urlsplit(location).path))
    scheme = location.partition(":")[0]
    if ":" in location and scheme.isalnum() and len(scheme) > 1 and "/" not in scheme:
        return location
    return os.path.abspath(folder / location)


def read_m3u(path: Path) -> list[Line]:
    """Read a playlist file; see `parse_m3u`.

    Raises
    ------
    PlaylistError
        If the file cannot be read.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise PlaylistError(f"playlist {path} cannot be read: {error.strerror}") from error
    return parse_m3u(os.fsdecode(raw.replace(b"\r\n", b"\n")), path.parent)


def known(lines: Iterable[Line], tracks: Iterable[Track]) -> tuple[list[Track], list[Line]]:
    """Return the tracks that entries name, in their order, and the entries that name none."""
    by_place = {str(track.location): track for track in tracks}
    lines = list(lines)
    return (
        [by_place[line.location] for line in lines if line.location in by_place],
        [line for line in lines if line.location not in by_place],
    )


def write_file(path: Path, text: str, *, force: bool) -> None:
    """Write a text file whole or not at all.

    Parameters
    ----------
    path : Path
    text : str
        Surrogates are written as the bytes they stand for.
    force : bool
        Replace a file that is there.

    Raises
    ------
    PlaylistError
        If the file exists and `force` is off, or cannot be written.
    """
    if path.exists() and not force:
        raise PlaylistError(f"{path} exists already: give --force to replace it, or another name")
    try:
        _replace(path, text.encode("utf-8", "surrogateescape"))
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise PlaylistError(f"{path} cannot be written ({why}): name another place") from error


def _replace(path: Path, raw: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:50]}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        umask = os.umask(0)
        os.umask(umask)
        Path(name).chmod(0o666 & ~umask)  # mkstemp makes it private; a playlist is not
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink()
        raise
