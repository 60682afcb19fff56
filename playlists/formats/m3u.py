"""Extended M3U and M3U8: the playlists that every player reads.

Conventions
-----------
Forward slashes; names as they are, not percent-encoded, because few players decode them;
``#EXTINF:<whole seconds>,Artist - Title`` before each name.

M3U8 is UTF-8 without a byte order mark; a file name that is no UTF-8 is written byte by byte, so
that the file is found. M3U is Windows-1252, as old players have it; a name beyond that is written
as an address.
"""

from collections.abc import Callable
from pathlib import Path

from playlists.formats.listing import Item, Listing
from playlists.formats.location import address, explained, plain

HEADER = "#EXTM3U"
TITLE = "#PLAYLIST:"
ENTRY = "#EXTINF:"
LEGACY = "cp1252"


def write_m3u8(playlist: Listing, folder: Path | None) -> bytes:
    """Return a playlist as an M3U8 file; see `registry.Format`."""
    return _text(playlist, folder, lambda _: True).encode("utf-8", "surrogateescape")


def write_m3u(playlist: Listing, folder: Path | None) -> bytes:
    """Return a playlist as an M3U file in Windows-1252; see `registry.Format`."""
    raw = _text(playlist, folder, _is_legacy).encode(LEGACY, "replace")
    if decoded(raw) == raw.decode(LEGACY):
        return raw
    # It happens to be UTF-8 as well, and would be read as such.
    return _text(playlist, folder, str.isascii).encode("ascii", "replace")


def decoded(raw: bytes) -> str:
    """Return the text of an M3U file: UTF-8 if it can be, else Windows-1252."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode(LEGACY, "surrogateescape")


def _is_legacy(text: str) -> bool:
    try:
        text.encode(LEGACY)
    except UnicodeEncodeError:
        return False
    return True


def _text(playlist: Listing, folder: Path | None, fits: Callable[[str], bool]) -> str:
    lines = [HEADER, *([TITLE + playlist.title] if playlist.title else [])]
    for item in playlist.items:
        lines.append(f"{ENTRY}{-1 if item.seconds is None else round(item.seconds)},{item.name}")
        place = plain(item.location, folder)
        lines.append(place if fits(place) else address(item.location))
    return "\n".join(lines) + "\n"


def read_m3u8(raw: bytes, folder: Path) -> list[Listing]:
    """Return the playlist of an M3U8 file; see `registry.Format`."""
    return [_parsed(raw.decode("utf-8", "surrogateescape"), folder)]


def read_m3u(raw: bytes, folder: Path) -> list[Listing]:
    """Return the playlist of an M3U file; see `registry.Format`."""
    return [_parsed(decoded(raw), folder)]


def _parsed(text: str, folder: Path) -> Listing:
    items: list[Item] = []
    title, seconds, name = "", None, ""
    if "\n" not in text:  # Mac OS 9
        text = text.replace("\r", "\n")
    for raw in text.removeprefix("\ufeff").split("\n"):
        line = raw.strip()
        if line.startswith(ENTRY):
            seconds, name = _entry(line.removeprefix(ENTRY))
        elif line.startswith(TITLE):
            title = line.removeprefix(TITLE).strip()
        elif line and not line.startswith("#"):
            artist, called = split_name(name)
            items.append(Item(explained(line, folder), called, artist, seconds=seconds))
            seconds, name = None, ""
    return Listing(title, tuple(items))


def _entry(text: str) -> tuple[float | None, str]:
    """Return length and name; between them may stand attributes, of which no song has any."""
    length, _, name = text.partition(",")
    try:
        seconds = float(length.split()[0])
    except (ValueError, IndexError):
        return None, name
    return (seconds if seconds >= 0 else None), name


def split_name(name: str) -> tuple[str, str]:
    """Return artist (or empty) and title of ``Artist - Title``."""
    artist, dash, title = name.partition(" - ")
    return (artist.strip(), title.strip()) if dash else ("", name.strip())
