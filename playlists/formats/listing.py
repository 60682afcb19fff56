"""What a playlist file says, whatever its format."""

import math
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from tempo.remote import is_url
from tempo.rows import Rows
from tempo.tags import HIGHEST_BPM, clean
from tempo.track import Track

PLAYABLE = "spotify:track:"
"""Of the URIs that stand for tracks without a file, only these lead a program to the music."""
NOT_XML = str.maketrans("", "", "\ufffe\uffff")
"""Noncharacters that XML 1.0 forbids (section 2.2), and no title needs."""
LEADING = re.compile("^//+")
LONGEST = 86_400.0
"""Seconds; what claims to last longer than a day is a mistake."""


@dataclass(frozen=True, slots=True)
class Item:
    """One song of a playlist file; what is not known is empty or None."""

    location: str
    """A full path, or an address such as ``spotify:track:…``."""
    title: str = ""
    artist: str = ""
    album: str = ""
    isrc: str = ""
    seconds: float | None = None
    bpm: float | None = None
    energy: float | None = None
    """In [0, 1]."""

    @property
    def name(self) -> str:
        """Artist and title, for people."""
        return f"{self.artist} - {self.title}" if self.artist else self.title


@dataclass(frozen=True, slots=True)
class Listing:
    """A playlist as a file holds it."""

    title: str
    items: tuple[Item, ...]


def listing(title: str, tracks: Iterable[Track]) -> Listing:
    """Return tracks as a playlist file would hold them."""
    return Listing(title, tuple(map(item, tracks)))


def item(track: Track) -> Item:
    """Return all that a playlist file can say of a track."""
    return Item(
        location=_place(track),
        title=track.title,
        artist=track.artist,
        album=track.tags.album,
        isrc=track.tags.isrc,
        seconds=track.analysis.duration,
        bpm=track.bpm,
        energy=track.analysis.energy,
    )


def _place(track: Track) -> str:
    at = track.location
    return at if isinstance(at, str) else os.path.abspath(at)


def playable(tracks: Sequence[Track]) -> Sequence[Track]:
    """Return the tracks that a playlist can name so that a player finds them."""
    if isinstance(tracks, Rows):
        places = tracks.column("place")  # A path is stored as bytes.
        return tracks.where(isinstance(at, bytes) or at.startswith(PLAYABLE) for at in places)
    return [t for t in tracks if not t.uri or t.uri.startswith(PLAYABLE) or is_url(t.uri)]


def completed(found: Item, track: Track) -> Item:
    """Return `found` with what the library knows better."""
    return replace(item(track), location=found.location)


def purged(playlist: Listing) -> Listing:
    """Return a playlist without anything that could break a file, a terminal or a computation.

    Texts are on one line, numbers in their range, locations such as a system can have; what is
    not becomes empty or None.
    """
    return Listing(_text(playlist.title), tuple(map(_purged, playlist.items)))


def _purged(raw: Item) -> Item:
    return Item(
        location=_location(raw.location),
        title=_text(raw.title),
        artist=_text(raw.artist),
        album=_text(raw.album),
        isrc=_text(raw.isrc),
        seconds=_within(raw.seconds, 0.0, LONGEST),
        bpm=_within(raw.bpm, 1.0, HIGHEST_BPM),
        energy=_within(raw.energy, 0.0, 1.0),
    )


def _text(text: str) -> str:
    return clean(text.translate(NOT_XML))


def _within(value: float | None, low: float, high: float) -> float | None:
    return value if value is not None and math.isfinite(value) and low <= value <= high else None


def _location(location: str) -> str:
    try:
        os.fsencode(location)
    except UnicodeEncodeError:  # half a character: no system has such a name
        return ""
    # POSIX lets a system make something of two slashes in front; none of today's does.
    return "" if "\0" in location else LEADING.sub("/", location)
