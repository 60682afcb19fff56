"""Rekordbox XML: how playlists reach Pioneer's players, and most other DJ programs.

Conventions
-----------
A collection of tracks, and a tree of playlists that name them by number. Tempo has two decimals,
lengths are whole seconds. Files are ``file://localhost/…``, always whole; what comes by streaming
follows ``file://localhost`` without a slash, as in ``file://localhostspotify:track:…``.
Specification: rekordbox.com, "xml_format_list", version 1.0.0.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from defusedxml.ElementTree import fromstring

from playlists.formats.listing import Item, Listing
from playlists.formats.location import address, dereferenced, is_address
from playlists.formats.xspf import number, xml_bytes

HOST = "file://localhost"
PLAYLIST, FOLDER = "1", "0"
BY_NUMBER = "0"
"""`KeyType` of a playlist that names tracks by number; the other names them by location."""


def write_rekordbox(playlist: Listing, folder: Path | None) -> bytes:  # noqa: ARG001 - whole always
    """Return a playlist as a Rekordbox collection; see `registry.Format`."""
    songs = {item.location: item for item in reversed(playlist.items)}
    numbers = {place: str(i) for i, place in enumerate(dict.fromkeys(_places(playlist)), 1)}
    root = Element("DJ_PLAYLISTS", Version="1.0.0")
    SubElement(root, "PRODUCT", Name="tempo", Version="1", Company="")
    collection = SubElement(root, "COLLECTION", Entries=str(len(numbers)))
    for place, key in numbers.items():
        SubElement(collection, "TRACK", {"TrackID": key} | _attributes(songs[place]))
    top = SubElement(SubElement(root, "PLAYLISTS"), "NODE", Type=FOLDER, Name="ROOT", Count="1")
    node = SubElement(
        top, "NODE", Name=playlist.title or "tempo", Type=PLAYLIST, KeyType=BY_NUMBER,
        Entries=str(len(playlist.items)),
    )  # fmt: skip
    for place in _places(playlist):
        SubElement(node, "TRACK", Key=numbers[place])
    return xml_bytes(root)


def _places(playlist: Listing) -> Iterator[str]:
    return (item.location for item in playlist.items)


def _attributes(item: Item) -> dict[str, str]:
    place = address(item.location, host="localhost")
    known = {
        "Name": item.title,
        "Artist": item.artist,
        "Album": item.album,
        "TotalTime": "" if item.seconds is None else str(round(item.seconds)),
        "AverageBpm": f"{item.bpm:.2f}" if item.bpm else "",
        "Location": HOST + place if is_address(item.location) else place,
    }
    return {name: value for name, value in known.items() if value}


def read_rekordbox(raw: bytes, folder: Path) -> list[Listing]:
    """Return all playlists of a Rekordbox collection; see `registry.Format`."""
    root = fromstring(raw, forbid_dtd=True)
    tracks = root.findall("COLLECTION/TRACK")
    items = {track.get("TrackID"): _item(track, folder) for track in tracks}
    places = {track.get("Location"): items[track.get("TrackID")] for track in tracks}
    found = []
    for node in root.iterfind("PLAYLISTS//NODE"):
        if node.get("Type") == PLAYLIST:
            known = items if node.get("KeyType") == BY_NUMBER else places
            keys = (entry.get("Key") for entry in node.iterfind("TRACK"))
            named = tuple(known[key] for key in keys if key in known)
            found.append(Listing(node.get("Name") or "", named))
    return found or [Listing("", tuple(items.values()))]


def _item(track: Any, folder: Path) -> Item:
    place = track.get("Location") or ""
    streamed = place.removeprefix(HOST)
    return Item(
        location=streamed
        if streamed != place and not streamed.startswith("/")
        else dereferenced(place, folder),
        title=track.get("Name") or "",
        artist=track.get("Artist") or "",
        album=track.get("Album") or "",
        seconds=number(track.get("TotalTime")),
        bpm=number(track.get("AverageBpm")),
    )
