"""PLS: the playlist of Winamp, and of radio stations.

Conventions
-----------
``File1=``, ``Title1=``, ``Length1=`` in whole seconds (-1: unknown), counted from 1. Locations are
written as in M3U8. The name of the playlist stands where GNOME puts it, others pass it over.
"""

import re
from pathlib import Path

from playlists.formats.listing import Item, Listing
from playlists.formats.location import explained, plain
from playlists.formats.m3u import split_name

HEADER = "[playlist]"
NAME = "X-GNOME-Title"
LINE = re.compile(r"\s*(file|title|length)(\d{1,9})\s*=\s*(.*?)\s*", re.IGNORECASE)
NAME_LINE = re.compile(NAME + r"\s*=\s*(.*?)\s*", re.IGNORECASE)


def write_pls(playlist: Listing, folder: Path | None) -> bytes:
    """Return a playlist as a PLS file; see `registry.Format`."""
    lines = [HEADER, *([f"{NAME}={playlist.title}"] if playlist.title else [])]
    for number, item in enumerate(playlist.items, 1):
        lines.append(f"File{number}={plain(item.location, folder)}")
        lines.append(f"Title{number}={item.name}")
        lines.append(f"Length{number}={-1 if item.seconds is None else round(item.seconds)}")
    lines += [f"NumberOfEntries={len(playlist.items)}", "Version=2"]
    return ("\n".join(lines) + "\n").encode("utf-8", "surrogateescape")


def read_pls(raw: bytes, folder: Path) -> list[Listing]:
    """Return the playlist of a PLS file; see `registry.Format`."""
    title = ""
    found: dict[int, dict[str, str]] = {}
    for line in raw.decode("utf-8", "surrogateescape").split("\n"):
        if match := LINE.fullmatch(line):
            found.setdefault(int(match[2]), {})[match[1].lower()] = match[3]
        elif match := NAME_LINE.fullmatch(line):
            title = match[1]
    items = [_item(found[number], folder) for number in sorted(found) if "file" in found[number]]
    return [Listing(title, tuple(items))]


def _item(fields: dict[str, str], folder: Path) -> Item:
    artist, title = split_name(fields.get("title", ""))
    try:
        seconds = float(fields.get("length", ""))
    except ValueError:
        seconds = -1.0
    return Item(
        explained(fields["file"], folder), title, artist, seconds=seconds if seconds >= 0 else None
    )
