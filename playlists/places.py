"""The places on Spotify that hold music, and their tracks."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from playlists.errors import PlaylistError, SpotifyError
from playlists.finding import is_own, recordings
from playlists.recording import Recording, of_spotify
from playlists.spotify.api import Spotify
from playlists.statuses import FORBIDDEN, MISSING

PLACES = re.compile(
    r"spotify:(liked|playlists)|"
    r"(?:spotify:|https://open\.spotify\.com/(?:intl-\w+/)?)(playlist|track)[:/]([0-9A-Za-z]{22})"
    r"(?:\?.*)?"
)
LIKED_PAGE = "https://open.spotify.com/collection/tracks"


def read(
    spotify: Spotify, places: Sequence[str], warn: Callable[[str], None]
) -> Iterator[Recording]:
    """Yield the tracks at some places on Spotify as they are read, each once.

    Parameters
    ----------
    spotify : Spotify
    places : sequence of str
        ``spotify:liked``, ``spotify:playlists``, ``spotify:playlist:ID``, ``spotify:track:ID``,
        or addresses of Spotify's pages.
    warn : callable
        Gets a sentence for each playlist that cannot be read, if others can.

    Raises
    ------
    PlaylistError
        If a place is none of these.
    SpotifyError
        If Spotify gives up, or opens none of the places.
    """
    seen: set[str] = set()
    closed: list[tuple[str, SpotifyError]] = []
    for place in places:
        try:
            for one in _at(spotify, place, warn):
                if one.uri not in seen:
                    seen.add(one.uri)
                    yield one
        except SpotifyError as error:
            if error.status not in {FORBIDDEN, MISSING}:
                raise
            closed.append((place, error))
    if closed and len(closed) == len(places):
        raise closed[0][1]
    for place, why in closed:
        warn(f"{place} is left out: {why}")


def _at(spotify: Spotify, place: str, warn: Callable[[str], None]) -> Iterator[Recording]:
    match = PLACES.fullmatch("spotify:liked" if place == LIKED_PAGE else place)
    if match is None:
        raise PlaylistError(
            f"{place} is nothing tempo can read: spotify:liked, spotify:playlists, "
            "spotify:playlist:ID, or a link to a playlist or track"
        )
    whole, kind, key = match.groups()
    if whole == "liked":
        yield from _tracks(spotify.liked())
    elif whole == "playlists":
        yield from _all_playlists(spotify, warn)
    elif kind == "playlist":
        yield from _tracks(spotify.playlist_items(key))
    else:
        one = of_spotify(spotify.track(key))
        yield from [one] if one else []


def _tracks(pages: Iterable[dict[str, Any]]) -> Iterator[Recording]:
    for page in pages:
        yield from recordings(page)


def _all_playlists(spotify: Spotify, warn: Callable[[str], None]) -> Iterator[Recording]:
    user = spotify.me()
    closed = False  # once refused, playlists of others need not be asked for
    for page in spotify.playlists():
        for playlist in filter(None, page.get("items") or []):
            own = is_own(playlist, user)
            try:
                if own or not closed:
                    yield from _tracks(spotify.playlist_items(playlist["id"]))
                    continue
            except SpotifyError as error:
                if error.status not in {FORBIDDEN, MISSING}:
                    raise
                closed = closed or not own
            warn(f"{playlist.get('name')} is left out: Spotify opens only what you made or edit")
