"""The JSON that `tempo build` writes, for what is known of a playlist from elsewhere.

`playlists.contract` writes it in full; here, what only a built playlist knows is null.
"""

import json
from itertools import accumulate
from pathlib import Path
from typing import Any

from playlists.formats.fields import decoded, expected
from playlists.formats.listing import Item, Listing
from playlists.formats.location import is_address
from playlists.formats.xspf import number

SCHEMA = 1
"""Raised when a key changes its meaning or goes; new keys may come at any time."""


def write_json(playlist: Listing, folder: Path | None) -> bytes:  # noqa: ARG001 - whole always
    """Return a playlist as JSON; see `registry.Format`."""
    return (json.dumps(as_json(playlist), indent=2) + "\n").encode()


def as_json(playlist: Listing) -> dict[str, Any]:
    """Return a playlist as plain values."""
    lengths = [item.seconds or 0.0 for item in playlist.items]
    starts = accumulate(lengths, initial=0.0)
    unknown = dict.fromkeys(("mode", "seed", "target_duration", "misfit", "bound", "gap"))
    return (
        {"schema": SCHEMA, "title": playlist.title or None, "workout": playlist.title or None}
        | {"duration": sum(lengths)}
        | unknown
        | {
            "entries": [_entry(*pair) for pair in zip(playlist.items, starts, strict=False)],
            "steps": [],
            "wanted": [],
            "shortfalls": [],
        }
    )


def _entry(item: Item, start: float) -> dict[str, Any]:
    elsewhere = is_address(item.location)
    known = {
        "start": start,
        "duration": item.seconds,
        "path": None if elsewhere else item.location,
        "uri": item.location if elsewhere else None,
        "title": item.title,
        "artist": item.artist or None,
        "album": item.album or None,
        "isrc": item.isrc or None,
        "bpm": item.bpm,
        "energy": item.energy,
    }
    unknown = (
        *("level", "target_bpm", "target_energy", "confidence", "step", "step_index"),
        *("misfit", "why"),
    )
    return known | dict.fromkeys(unknown)


def read_json(raw: bytes, folder: Path) -> list[Listing]:
    """Return the playlist of `tempo build --json`, or the tracks of `tempo list --json`."""
    found = decoded(raw)
    if isinstance(found, list):
        found = {"entries": found}
    entries = expected(expected(found, dict, "it").get("entries"), list, "entries")
    items = (_item(entry, folder, f"entry {n}") for n, entry in enumerate(entries, 1))
    return [Listing(_title(found), tuple(items))]


def _title(found: dict[str, Any]) -> str:
    """Return what `tempo build` calls the same playlist in other formats."""
    if found.get("title"):
        return str(found["title"])
    # Files of before say it in parts.
    name, length = str(found.get("workout") or ""), number(found.get("target_duration"))
    return f"{name} {length / 60:g} min" if name and length else name


def _item(raw: Any, folder: Path, name: str) -> Item:
    entry = expected(raw, dict, name)
    path = expected(entry.get("path") or "", str, f"path of {name}")
    return Item(
        location=str(folder / path) if path else str(entry.get("uri") or ""),
        title=str(entry.get("title") or ""),
        artist=str(entry.get("artist") or ""),
        album=str(entry.get("album") or ""),
        isrc=str(entry.get("isrc") or ""),
        seconds=number(entry.get("duration")),
        bpm=number(entry.get("bpm")),
        energy=number(entry.get("energy")),
    )
