"""Names that songs get on players: in order, plain, and leading nowhere."""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from playlists.formats.listing import Item, Listing

FORBIDDEN = re.compile(r'["*/:<>?\\|\0-\x1f\x7f]')
"""What FAT keeps out of names (Microsoft FAT specification, section 7)."""
LONGEST = 60
"""Characters of a name: displays cut more off, and some players stop at a path of 128."""


@dataclass(frozen=True, slots=True)
class Song:
    """A song, and the name it gets in the folder."""

    item: Item
    name: str


def songs(playlist: Listing, as_format: str | None) -> list[Song]:
    """Return the songs of a playlist under numbered names that any player can bear."""
    width = max(2, len(str(len(playlist.items))))
    return [
        Song(item, f"{number:0{width}} {_called(item)}{_suffix(item, as_format)}")
        for number, item in enumerate(playlist.items, 1)
    ]


def _called(item: Item) -> str:
    return safe_name(item.name or Path(item.location).stem)


def _suffix(item: Item, as_format: str | None) -> str:
    return f".{as_format}" if as_format else Path(item.location).suffix.lower()


def safe_name(text: str) -> str:
    """Return a text as the name of a file that FAT, Windows and watches take.

    Signs that FAT forbids become ``_``; letters beyond the Basic Multilingual Plane, which some
    players cannot show, go; the rest is composed (NFC) and cut to `LONGEST`.
    """
    composed = unicodedata.normalize("NFC", text)
    kept = (c for c in composed if unicodedata.category(c)[0] not in "CZ" or c == " ")
    plain = FORBIDDEN.sub("_", "".join(c for c in kept if ord(c) < 0x10000))  # noqa: PLR2004 - BMP
    return " ".join(plain[:LONGEST].split()).strip(" .") or "song"
