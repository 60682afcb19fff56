"""Whether two descriptions, by a tag and by a catalog, are of the same recording.

A wrong match is worse than none: a live take at another tempo breaks a run. So what must agree
is decided by rules, not by a score; the score only chooses what to show where nothing agrees.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from playlists.titles import artists, base, same_title, versions, words
from tempo.catalog import spotify_uri
from tempo.tags import clean
from tempo.track import Track

SAME_LENGTH = 2.0
"""Seconds that one recording differs in length between shops, as spotify_to_tidal has it."""
SAME_LENGTH_ISRC = 7.0
"""The same where the ISRC agrees, which labels sometimes use twice."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A piece of music as a tag or a catalog describes it."""

    title: str
    artist: str
    """Several names with commas between them; empty where unknown."""
    seconds: float | None = None
    isrc: str = ""
    uri: str = ""
    """``spotify:track:…``, where it is known."""
    playable: bool = True
    album: str = ""

    @property
    def name(self) -> str:
        """Artist and title."""
        return f"{self.artist} - {self.title}" if self.artist else self.title


def of_track(track: Track) -> Recording:
    """Return how the library describes a track."""
    uri = spotify_uri(track.uri or "")
    return Recording(track.title, track.artist, track.analysis.duration, track.tags.isrc, uri)


def of_spotify(item: Mapping[str, Any] | None) -> Recording | None:
    """Return how Spotify describes a track; None for an episode, a local file or a gap."""
    if not item or item.get("type", "track") != "track" or not item.get("id"):
        return None
    artists = ", ".join(
        str(artist.get("name") or "") for artist in filter(None, item.get("artists") or [])
    )
    isrc = str((item.get("external_ids") or {}).get("isrc") or "")
    return Recording(
        clean(str(item.get("name") or "")),
        clean(artists),
        float(item.get("duration_ms") or 0) / 1000 or None,
        re.sub("[^A-Z0-9]", "", isrc.upper()),
        f"spotify:track:{item['id']}",
        item.get("is_playable") is not False,
        clean(str((item.get("album") or {}).get("name") or "")),
    )


def difference(wanted: Recording, found: Recording) -> str:
    """Return in what two recordings differ; nothing where they are the same.

    Parameters
    ----------
    wanted, found : Recording
        From the user's library and from a catalog.
    """
    same_isrc = bool(wanted.isrc) and wanted.isrc == found.isrc
    reasons = _length(wanted, found, SAME_LENGTH_ISRC if same_isrc else SAME_LENGTH)
    if not same_isrc:
        reasons = chain(_texts(wanted, found), reasons)
    return next(chain(["not to be played in your country"] * (not found.playable), reasons), "")


def _texts(wanted: Recording, found: Recording) -> Iterator[str]:
    if versions(wanted.title) != versions(found.title):
        yield "another version"
    if not same_title(wanted.title, found.title):
        yield "another title"
    if not wanted.artist.strip():
        yield "the artist of your file is not known"
    elif not artists(wanted.artist) & artists(found.artist):
        yield "another artist"


def _length(wanted: Recording, found: Recording, most: float) -> Iterator[str]:
    off = (found.seconds or 0.0) - (wanted.seconds or 0.0)
    if wanted.seconds and found.seconds and abs(off) > most:
        yield f"{abs(off):.0f} s {'longer' if off > 0 else 'shorter'}"


def best(
    wanted: Recording, candidates: Iterable[Recording]
) -> tuple[Recording | None, Recording | None]:
    """Return the candidate that is the wanted recording, if any, and the nearest of the others."""
    fitting: list[Recording] = []
    others: list[Recording] = []
    for candidate in candidates:
        (others if difference(wanted, candidate) else fitting).append(candidate)
    nearest = max(others, key=lambda other: _likeness(wanted, other), default=None)
    return min(fitting, key=lambda one: _off(wanted, one), default=None), nearest


def _off(wanted: Recording, found: Recording) -> float:
    return abs((found.seconds or 0.0) - (wanted.seconds or 0.0))


def _likeness(wanted: Recording, found: Recording) -> float:
    """Return how alike two recordings are; a word is worth ten seconds, an artist twenty."""
    shared = set(words(wanted.title)) & set(words(found.title))
    same_artist = bool(artists(wanted.artist) & artists(found.artist))
    return len(shared) + 2 * same_artist - min(_off(wanted, found), 30) / 10


def index(recording: Recording) -> set[str]:
    """Return keys of which two descriptions of one recording share at least one."""
    titles = {" ".join(words(title)) for title in (recording.title, base(recording.title))}
    return titles | ({recording.isrc} if recording.isrc else set())
