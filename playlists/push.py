"""A playlist on the user's Spotify account: exactly the planned tracks, once, in order.

An answer that does not come says nothing about what happened. So after each such failure, and at
the end, what is there is read, and the next request follows from that alone.
"""

import html
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from playlists.errors import SpotifyError, UnsureError
from playlists.finding import is_own
from playlists.outgoing import MARK, Outgoing
from playlists.spotify.api import MOST_ADDED, Spotify
from playlists.statuses import REFUSED

PLAYLISTS = "spotify.playlist"
"""Topic of notes: by user and name, the ID of the playlist; empty while it is being made."""
FILES = "spotify.file"
"""Topic of notes: by the ID of a playlist, the file that was pushed to it last."""
PATIENCE = 4
"""Failures in a row of one playlist after which the next run should go on."""
GAVE_UP = "Spotify fails again and again: run the same command later, it goes on from here"


@dataclass(frozen=True, slots=True)
class Replaced:
    """Another playlist, most of whose songs make room for those of a push."""

    file: str
    """From where it was pushed, if that is known."""
    gone: int
    """Songs of it that are not in the new one."""
    count: int
    """Songs of it in all."""


def push(
    spotify: Spotify, user: str, listed: Outgoing, uris: list[str], *, public: bool, adopt: bool,
    said: Callable[[str], None], warned: Callable[[Replaced], None],
) -> str:  # fmt: skip
    """Let a playlist on the account hold exactly `uris`, and return its ID.

    A playlist that was pushed under the same name before is updated in place: known by its ID, or,
    where another library knows that, by the mark in its description.

    Parameters
    ----------
    spotify : Spotify
    user : str
        ID of the signed-in user.
    listed : Outgoing
    uris : list of str
    public : bool
        Show it on the user's profile; otherwise it is made private, or left as it is.
    adopt : bool
        Take over a playlist of this name that was not pushed.
    said : callable
        Gets a line for what is done.
    warned : callable
        Gets what is replaced, before it is, where that seems to be another playlist.

    Raises
    ------
    SpotifyError
        If Spotify gives up; the same call goes on from what is there.
    """
    playlist, is_new = _target(spotify, user, listed, public=public, adopt=adopt)
    said(f"{'made' if is_new else 'updating'} {listed.name}: {link(playlist)}")
    held = [] if is_new else contents(spotify, playlist)
    if other := _replaced(spotify, playlist, listed, held, uris):
        warned(other)
    spotify.library.notes.add(FILES, playlist, listed.file)
    fill(spotify, playlist, uris, held, said)
    return playlist


def foreseen(
    spotify: Spotify, user: str, listed: Outgoing, uris: list[str], *, adopt: bool
) -> Replaced | None:
    """Return what `push` would warn of, without writing anything."""
    known = _known(spotify, user, listed)
    there = _present(spotify, user, listed.name, known, adopt=adopt)
    if there is None:
        return None
    return _replaced(spotify, there["id"], listed, contents(spotify, there["id"]), uris)


def _replaced(
    spotify: Spotify, playlist: str, listed: Outgoing, held: list[str], uris: list[str]
) -> Replaced | None:
    """Return what is replaced, where it came from another file and has few of the same songs."""
    file = spotify.library.notes.of(FILES, spotify.now()).get(playlist, "")
    songs = set(held)
    gone = len(songs.difference(uris))
    is_other = file != listed.file and 2 * gone > len(songs)
    return Replaced(file, gone, len(songs)) if is_other else None


def _known(spotify: Spotify, user: str, listed: Outgoing) -> str | None:
    """Return the ID of the playlist that was pushed under this name, if this library knows it."""
    return spotify.library.notes.of(PLAYLISTS, spotify.now()).get(_note(user, listed))


def _note(user: str, listed: Outgoing) -> str:
    return f"{user} {listed.name}"


def link(playlist: str) -> str:
    """Return the address at which a playlist is shown."""
    return f"https://open.spotify.com/playlist/{playlist}"


def _target(
    spotify: Spotify, user: str, listed: Outgoing, *, public: bool, adopt: bool
) -> tuple[str, bool]:
    """Return the playlist to write, and whether it was made just now."""
    note, known = _note(user, listed), _known(spotify, user, listed)
    for _ in range(PATIENCE):
        there = _present(spotify, user, listed.name, known, adopt=adopt)
        if there is not None:
            spotify.library.notes.add(PLAYLISTS, note, there["id"])
            _update_details(spotify, there, listed, public=public)
            return there["id"], False
        # Noted before it is made, so that a run that is cut off here makes no second one.
        spotify.library.notes.add(PLAYLISTS, note, "")
        known = ""
        try:
            made = spotify.create(listed.name, listed.description, public=public)
        except UnsureError:
            continue
        spotify.library.notes.add(PLAYLISTS, note, made)
        return made, True
    raise SpotifyError(GAVE_UP)


def _present(
    spotify: Spotify, user: str, name: str, known: str | None, *, adopt: bool
) -> dict[str, Any] | None:
    """Return the playlist that was pushed before, or one that may be taken for it."""
    mine = [
        playlist
        for page in spotify.playlists()
        for playlist in page.get("items") or []
        if playlist and is_own(playlist, user)
    ]
    same = [one for one in mine if one["id"] == known]
    named = [one for one in mine if html.unescape(one.get("name") or "") == name]
    # Made by a run that was cut off before it learned the ID: still empty.
    empty = [one for one in named if known == "" and not _total(one)]
    marked = [one for one in named if _is_marked(one, user)]
    return next(iter([*same, *empty, *marked, *(named if adopt else [])]), None)


def _is_marked(playlist: dict[str, Any], user: str) -> bool:
    """Tell whether a push of this user made a playlist; who wrote there themselves took it over."""
    about = html.unescape(playlist.get("description") or "")
    return about.endswith(MARK) and (playlist.get("owner") or {}).get("id") == user


def _total(playlist: dict[str, Any]) -> int:
    return int((playlist.get("items") or playlist.get("tracks") or {}).get("total") or 0)


def _update_details(
    spotify: Spotify, there: dict[str, Any], listed: Outgoing, *, public: bool
) -> None:
    changes: dict[str, Any] = {}
    if html.unescape(there.get("description") or "") != listed.description:
        changes["description"] = listed.description
    if public and not there.get("public"):
        changes["public"] = True
    if changes:
        spotify.change(there["id"], **changes)


def fill(
    spotify: Spotify, playlist: str, uris: list[str], there: list[str] | None,
    said: Callable[[str], None],
) -> None:  # fmt: skip
    """Let a playlist hold exactly `uris`.

    Parameters
    ----------
    spotify : Spotify
    playlist : str
    uris : list of str
    there : list of str, optional
        What it holds, where that is known.
    said : callable
        Gets a line on how far it is.

    Raises
    ------
    SpotifyError
        If Spotify gives up; it says how far it got.
    """
    done = 0
    try:
        for done in _steps(spotify, playlist, uris, there):
            said(f"{done} of {len(uris)} tracks are in place")
    except SpotifyError as error:
        rest = f"{done} of {len(uris)} tracks are in place"
        rest += ", the same command adds the rest" * (error.status != REFUSED)
        raise type(error)(f"{error} ({rest})", error.status) from error


def _steps(
    spotify: Spotify, playlist: str, uris: list[str], held: list[str] | None
) -> Iterator[int]:
    """Write and read until all is there; yield the number of tracks in place."""
    failures, complete = 0, False
    while failures < PATIENCE:
        if held is None:
            held = contents(spotify, playlist)
            failures += complete and held != uris  # all was written, and yet it is not there
        if held == uris:
            return
        yield _agreeing(held, uris)
        try:
            held = _step(spotify, playlist, uris, held)
        except UnsureError:
            held, failures = None, failures + 1
        complete = held == uris
        held = None if complete else held
    raise SpotifyError(GAVE_UP)


def _step(spotify: Spotify, playlist: str, uris: list[str], held: list[str]) -> list[str]:
    """Bring a playlist one request nearer to `uris`, and return what it should hold then."""
    count = len(held)
    if held != uris[:count]:
        spotify.replace(playlist, uris[:MOST_ADDED])
        return uris[:MOST_ADDED]
    spotify.add(playlist, uris[count : count + MOST_ADDED], count)
    return uris[: count + MOST_ADDED]


def _agreeing(held: list[str], uris: list[str]) -> int:
    pairs = enumerate(zip(held, uris, strict=False))
    return next((i for i, (one, other) in pairs if one != other), min(len(held), len(uris)))


def contents(spotify: Spotify, playlist: str) -> list[str]:
    """Return the addresses of what a playlist holds; empty where something is gone."""
    return [
        _address((entry or {}).get("item") or (entry or {}).get("track") or {})
        for page in spotify.playlist_items(playlist)
        for entry in page.get("items") or []
    ]


def _address(item: dict[str, Any]) -> str:
    # Where Spotify shows another release of a track, this is the one that was added.
    return str((item.get("linked_from") or item).get("uri") or "")
