"""Music (iTunes) XML: the property list that Apple's players import and export.

Conventions
-----------
Tracks by number and playlists that name them. Tempo is a whole number, lengths are milliseconds,
files are ``file:///…``, always whole.
"""

import plistlib
from pathlib import Path
from typing import Any

from playlists.formats.listing import Item, Listing
from playlists.formats.location import address, dereferenced, is_address
from playlists.formats.xspf import number

OWN = ("Master", "Distinguished Kind", "Folder")
"""Keys of what Music itself lists: all songs, films, podcasts, folders of playlists."""


def write_itunes(playlist: Listing, folder: Path | None) -> bytes:  # noqa: ARG001 - whole always
    """Return a playlist as Music's XML; see `registry.Format`."""
    numbers: dict[str, int] = {}
    for item in playlist.items:
        numbers.setdefault(item.location, len(numbers) + 1)
    tracks = {str(numbers[i.location]): _track(i, numbers[i.location]) for i in playlist.items}
    entries = [{"Track ID": numbers[item.location]} for item in playlist.items]
    head = {"Name": playlist.title or "tempo", "Playlist ID": 1, "All Items": True}
    library = {
        "Major Version": 1,
        "Minor Version": 1,
        "Application Version": "tempo",
        "Tracks": tracks,
        "Playlists": [head | {"Playlist Items": entries}],
    }
    return plistlib.dumps(library, sort_keys=False)


def _track(item: Item, key: int) -> dict[str, Any]:
    known = {
        "Track ID": key,
        "Name": item.title,
        "Artist": item.artist,
        "Album": item.album,
        "Total Time": None if item.seconds is None else round(1000 * item.seconds),
        "BPM": round(item.bpm) if item.bpm else None,
        "Track Type": "URL" if is_address(item.location) else "File",
        "Location": address(item.location),
    }
    return {name: value for name, value in known.items() if value not in {None, ""}}


def read_itunes(raw: bytes, folder: Path) -> list[Listing]:
    """Return all playlists of Music's XML that people made; see `registry.Format`."""
    library = plistlib.loads(raw)
    items = {int(key): _item(track, folder) for key, track in library["Tracks"].items()}
    found = []
    for node in library.get("Playlists", []):
        if not any(node.get(key) for key in OWN):
            keys = (entry["Track ID"] for entry in node.get("Playlist Items", []))
            named = tuple(items[key] for key in keys if key in items)
            found.append(Listing(str(node.get("Name", "")), named))
    return found or [Listing("", tuple(items.values()))]


def _item(track: dict[str, Any], folder: Path) -> Item:
    return Item(
        location=dereferenced(str(track.get("Location", "")), folder),
        title=str(track.get("Name", "")),
        artist=str(track.get("Artist", "")),
        album=str(track.get("Album", "")),
        seconds=number(track.get("Total Time"), 1e-3),
        bpm=number(track.get("BPM")),
    )
