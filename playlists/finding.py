"""The user's tracks on Spotify: what is remembered, what is in their own library there, search.

Reading 50 tracks with their ISRC costs as much as searching for one, so the user's own library
comes first; and as each request counts, what was found and what was not are remembered.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from playlists.errors import SpotifyError
from playlists.recording import Recording, best, difference, index, of_spotify
from playlists.spotify.api import Spotify
from playlists.statuses import FORBIDDEN, MISSING, REFUSED
from playlists.titles import JOINTS, base
from tempo.screen import counted

MATCHES = "spotify.match"
"""Topic of notes: by recording, its address on Spotify or why it has none."""
MISS_SECONDS = 30 * 86_400.0
"""Catalogs grow: after a month, another look at what was not found."""


@dataclass(frozen=True, slots=True)
class Found:
    """What came of looking for a recording."""

    wanted: Recording
    uri: str = ""
    """Empty where nothing was found."""
    how: str = ""
    """`given`, `remembered`, `yours`, `ISRC` or `name`."""
    why: str = ""
    """Why nothing was found, with the nearest candidate."""


def find(
    spotify: Spotify, wanted: Sequence[Recording], user: str, said: Callable[[str], None]
) -> list[Found]:
    """Look for recordings on Spotify.

    Parameters
    ----------
    spotify : Spotify
    wanted : sequence of Recording
    user : str
        ID of the signed-in user.
    said : callable
        Gets a line for each step.

    Returns
    -------
    list of Found
        One for each wanted recording, in their order.

    Raises
    ------
    SpotifyError
        If Spotify stops answering; what was found until then is remembered.
    """
    notes = spotify.library.notes.of(MATCHES, spotify.now())
    found = {one: known for one in wanted if (known := _known(one, notes)) is not None}
    missing = [one for one in dict.fromkeys(wanted) if one not in found]
    if missing:
        said(f"{counted(len(missing), 'track')} to look for: reading your library on Spotify")
        _in_own_library(spotify, missing, user, found)
        missing = [one for one in missing if one not in found]
        said(
            f"{counted(len(missing), 'track')} to search for"
            if missing
            else "all are in your library"
        )
    for one in missing:
        found[one] = _remembered(spotify, _searched(spotify, one))
    return [found[one] for one in wanted]


def _known(wanted: Recording, notes: dict[str, str]) -> Found | None:
    if wanted.uri:
        return Found(wanted, wanted.uri, "given")
    if (note := notes.get(_key(wanted))) is None:
        return None
    kept = json.loads(note)
    return Found(wanted, kept["uri"], "remembered" if kept["uri"] else "", kept["why"])


def _key(wanted: Recording) -> str:
    return json.dumps(
        [wanted.isrc, wanted.artist, wanted.title, wanted.seconds and round(wanted.seconds)]
    )


def remember(spotify: Spotify, wanted: Recording, uri: str) -> None:
    """Store where a recording is on Spotify."""
    _remembered(spotify, Found(wanted, uri))


def _remembered(spotify: Spotify, found: Found) -> Found:
    until = None if found.uri else spotify.now() + MISS_SECONDS
    value = json.dumps({"uri": found.uri, "why": found.why})
    spotify.library.notes.add(MATCHES, _key(found.wanted), value, until)
    return found


def old(found: Iterable[Found]) -> list[Found]:
    """Return what was found without asking Spotify, which may have lost it since."""
    return [one for one in found if one.how in {"given", "remembered"}]


def dead(spotify: Spotify, found: Iterable[Found]) -> list[Found]:
    """Return those whose addresses lead to no track, and forget these; each costs a request."""
    leads = {uri: _leads_somewhere(spotify, uri) for uri in dict.fromkeys(o.uri for o in found)}
    gone = [one for one in found if not leads[one.uri]]
    for one in gone:
        spotify.library.notes.add(MATCHES, _key(one.wanted), "", until=spotify.now())
    return gone


def _leads_somewhere(spotify: Spotify, uri: str) -> bool:
    try:
        spotify.track(uri.rpartition(":")[2])
    except SpotifyError as error:
        if error.status not in {REFUSED, MISSING}:
            raise
        return False
    return True


# ---------------------------------------------------------- the user's own


def _in_own_library(
    spotify: Spotify, missing: list[Recording], user: str, found: dict[Recording, Found]
) -> None:
    """Look through liked songs and playlists, in no more requests than searching would take."""
    wanted: dict[str, list[Recording]] = {}
    for one in missing:
        for key in index(one):
            wanted.setdefault(key, []).append(one)
    start = spotify.quota.count
    for page in _own_pages(spotify, user):
        for theirs in page:
            for one in (each for key in index(theirs) for each in wanted.get(key, [])):
                if one not in found and not difference(one, theirs):
                    found[one] = _remembered(spotify, Found(one, theirs.uri, "yours"))
        if spotify.quota.count - start >= len(missing) or all(one in found for one in missing):
            return


def _own_pages(spotify: Spotify, user: str) -> Iterator[list[Recording]]:
    for page in _open(spotify.liked()):
        yield recordings(page)
    for page in _open(spotify.playlists()):
        for playlist in page.get("items") or []:
            if playlist and is_own(playlist, user):
                for items in _open(spotify.playlist_items(playlist["id"])):
                    yield recordings(items)


def is_own(playlist: dict[str, Any], user: str) -> bool:
    """Tell whether Spotify lets `user` read a playlist."""
    owner = (playlist.get("owner") or {}).get("id")
    return owner == user or bool(playlist.get("collaborative"))


def _open(pages: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield pages as long as Spotify permits it."""
    try:
        yield from pages
    except SpotifyError as error:
        if error.status not in {FORBIDDEN, MISSING}:
            raise


def recordings(page: dict[str, Any]) -> list[Recording]:
    """Return the tracks of a page, whatever name it has for them."""
    entries = [entry for entry in page.get("items") or [] if entry]
    found = (of_spotify(entry.get("item") or entry.get("track")) for entry in entries)
    return [recording for recording in found if recording is not None]


# ------------------------------------------------------------------- search


def _searched(spotify: Spotify, wanted: Recording) -> Found:
    """Ask by ISRC, then by title and artist."""
    nearest: list[Recording] = []
    for how, query in _queries(wanted):
        items = map(of_spotify, spotify.search(query))
        candidates = [item for item in items if item is not None]
        match, other = best(wanted, candidates)
        if match is not None:
            return Found(wanted, match.uri, how)
        nearest += [other] if other else []
    if not nearest:
        return Found(wanted, why="nothing of this name is there")
    _, other = best(wanted, nearest)
    close = other or nearest[0]
    return Found(wanted, why=f"nearest is {close.name}: {difference(wanted, close)}")


def _queries(wanted: Recording) -> Iterator[tuple[str, str]]:
    if wanted.isrc:
        yield "ISRC", f"isrc:{wanted.isrc}"
    title = _plain(base(wanted.title))
    first = JOINTS.split(wanted.artist)[0].strip() or wanted.artist
    by = f' artist:"{_plain(first)}"' if first else ""
    if title:
        yield "name", f'track:"{title}"{by}'


def _plain(text: str) -> str:
    """Return text that a search takes as words; very long ones are refused."""
    return " ".join(text.replace('"', " ").split())[:100]
