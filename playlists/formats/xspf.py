"""XSPF and JSPF: the open playlist format of Xiph, in XML and in JSON.

Conventions
-----------
Locations are addresses, relative to the playlist if asked; lengths are milliseconds. Tempo and
ISRC stand in ``meta`` under the names of the Music Ontology, which publishes terms for both.
Specification: xspf.org/spec, version 1.
"""

import json
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from defusedxml.ElementTree import fromstring

from playlists.formats.fields import decoded, expected
from playlists.formats.listing import Item, Listing
from playlists.formats.location import dereferenced, reference

NAMESPACE = "http://xspf.org/ns/0/"
BPM = "http://purl.org/ontology/mo/bpm"
ISRC = "http://purl.org/ontology/mo/isrc"


def write_xspf(playlist: Listing, folder: Path | None) -> bytes:
    """Return a playlist as an XSPF file; see `registry.Format`."""
    root = Element("playlist", version="1", xmlns=NAMESPACE)
    if playlist.title:
        SubElement(root, "title").text = playlist.title
    tracks = SubElement(root, "trackList")
    for item in playlist.items:
        track = SubElement(tracks, "track")
        for name, value in _fields(item, folder).items():
            SubElement(track, name).text = str(value)
        for rel, text in _meta(item).items():
            SubElement(track, "meta", rel=rel).text = text
    return xml_bytes(root)


def write_jspf(playlist: Listing, folder: Path | None) -> bytes:
    """Return a playlist as a JSPF file; see `registry.Format`."""
    tracks = []
    for item in playlist.items:
        track = _fields(item, folder)
        meta = [{rel: text} for rel, text in _meta(item).items()]
        tracks.append(track | {"location": [track["location"]]} | ({"meta": meta} if meta else {}))
    title = {"title": playlist.title} if playlist.title else {}
    return (json.dumps({"playlist": title | {"track": tracks}}, indent=2) + "\n").encode()


def _fields(item: Item, folder: Path | None) -> dict[str, Any]:
    """Return what is known of a song, in the order of the specification."""
    fields = {
        "location": reference(item.location, folder),
        "title": item.title,
        "creator": item.artist,
        "album": item.album,
        "duration": None if item.seconds is None else round(1000 * item.seconds),
    }
    return {name: value for name, value in fields.items() if value not in {None, ""}}


def _meta(item: Item) -> dict[str, str]:
    bpm = {BPM: f"{item.bpm:.2f}"} if item.bpm else {}
    return bpm | ({ISRC: item.isrc} if item.isrc else {})


def read_xspf(raw: bytes, folder: Path) -> list[Listing]:
    """Return the playlist of an XSPF file; see `registry.Format`."""
    root = fromstring(raw, forbid_dtd=True)
    tracks = []
    for node in root.iterfind("{*}trackList/{*}track"):
        track: dict[str, Any] = {"meta": {}}
        for field in node:
            name, text = field.tag.rpartition("}")[2], field.text or ""
            if name == "meta":
                track["meta"].setdefault(field.get("rel"), text)
            else:
                track.setdefault(name, text)
        tracks.append(track)
    return [Listing(root.findtext("{*}title") or "", tuple(_item(t, folder) for t in tracks))]


def read_jspf(raw: bytes, folder: Path) -> list[Listing]:
    """Return the playlist of a JSPF file; see `registry.Format`."""
    playlist = expected(expected(decoded(raw), dict, "it").get("playlist"), dict, "playlist")
    tracks = []
    for n, each in enumerate(expected(playlist.get("track", []), list, "track"), 1):
        found = expected(each, dict, f"track {n}")
        parts = expected(found.get("meta", []), list, f"meta of track {n}")
        metas = (expected(part, dict, f"a meta of track {n}").items() for part in parts)
        meta = {rel: text for items in metas for rel, text in items}
        tracks.append({name: _first(value) for name, value in found.items()} | {"meta": meta})
    title = playlist.get("title") or ""
    return [Listing(str(title), tuple(_item(track, folder) for track in tracks))]


def _first(value: Any) -> Any:
    """Return a value, or the first of a list of them."""
    return (value[0] if value else "") if isinstance(value, list) else value


def _item(track: dict[str, Any], folder: Path) -> Item:
    # An identifier names the music where there is no file: ListenBrainz gives nothing else.
    place = str(track.get("location") or track.get("identifier") or "")
    return Item(
        location=dereferenced(place, folder),
        title=str(track.get("title") or ""),
        artist=str(track.get("creator") or ""),
        album=str(track.get("album") or ""),
        isrc=str(track["meta"].get(ISRC) or ""),
        seconds=number(track.get("duration"), 1e-3),
        bpm=number(track["meta"].get(BPM)),
    )


def xml_bytes(root: Element) -> bytes:
    """Return a document as other programs write it; some compare the first line by letter."""
    indent(root)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + bytes(tostring(root, "utf-8")) + b"\n"


def number(value: Any, scale: float = 1.0) -> float | None:
    """Return a number that may be written as text, or None for what is none."""
    try:
        return scale * float(value)
    except (TypeError, ValueError):
        return None
