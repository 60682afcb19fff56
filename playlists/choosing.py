"""Which tracks may be played, and which must: what a person wants of a playlist in words.

A pin is ``TRACK@WHEN``: words that fit one track alone, and a time (``12:30``) or a step of the
workout (``summit``, ``step 3``) in whose middle it must be playing.
"""

import os
import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from playlists.errors import PlaylistError
from playlists.playlist import Playlist
from playlists.rules import Pin
from playlists.versions import without_versions
from playlists.workout import Workout
from tempo.choose import ChoiceError, matching, no_field, one, query
from tempo.rows import places, those
from tempo.screen import clock, name, printable
from tempo.track import Track

Truths = NDArray[np.bool_]

CLOCK = re.compile(r"(?:(\d+):)?(\d+):(\d\d)")
NUMBERED = re.compile(r"(?:step\s*)?#?(\d+)")
MOST_NAMED = 4
"""Moments that an error names."""


def choice(
    tracks: Sequence[Track], *, only: Sequence[str], banned: Sequence[str], pins: Sequence[Pin]
) -> Sequence[Track]:
    """Return the tracks to choose from: each song once, with those that are pinned.

    Parameters
    ----------
    tracks : sequence of Track
        All that can be played.
    only : sequence of str
        Queries of which a track must fit one, if there are any; see `tempo.choose`.
    banned : sequence of str
        Queries of which it must fit none.
    pins : sequence of Pin
        Their tracks need not fit `only`.

    Raises
    ------
    PlaylistError
        If no track is left, or one is pinned that is banned or cannot be played.
    """
    wanted = [pin.track for pin in pins]
    must = _among(tracks, wanted)
    may = _fit(tracks, only) if only else np.ones(len(tracks), dtype=bool)
    if not may.any():
        why = no_field(" ".join(only)) or "`tempo list` shows what there is"
        raise PlaylistError(f"no track fits --only {_quoted(only)}: {why}")
    gone = _fit(tracks, banned) if banned else np.zeros(len(tracks), dtype=bool)
    for track in those(tracks, must & gone):
        raise PlaylistError(
            f"“{printable(name(track))}” is pinned, and banned too: take one of them away"
        )
    left = those(tracks, (may | must) & ~gone)
    if not left:
        raise PlaylistError(f"--ban {_quoted(banned)} leaves no track: ban less")
    return without_versions(left, wanted)


def useless(tracks: Sequence[Track], queries: Sequence[str]) -> list[str]:
    """Return the queries that no track fits."""
    return [text for text in queries if not any(map(query(text), tracks))]


def _fit(tracks: Sequence[Track], queries: Sequence[str]) -> Truths:
    """Return for each track whether it fits any of the queries."""
    fits = [query(text) for text in queries]
    return np.array([any(fit(track) for fit in fits) for track in tracks], dtype=bool)


def _among(tracks: Sequence[Track], wanted: Sequence[Track]) -> Truths:
    """Return for each track whether it is wanted, and make sure that all those are there."""
    missing = {os.fsencode(track.location): track for track in wanted}
    if not missing:
        return np.zeros(len(tracks), dtype=bool)
    found = [missing.pop(place, None) is not None for place in places(tracks)]
    for track in missing.values():
        raise PlaylistError(
            f"“{printable(name(track))}” is pinned, but has neither a file nor a Spotify id that "
            "a playlist could name: write a .json"
        )
    return np.array(found, dtype=bool)


def _quoted(queries: Sequence[str]) -> str:
    return ", ".join(repr(query) for query in queries)


def read_pin(text: str, tracks: Sequence[Track], workout: Workout) -> Pin:
    """Return the pin that ``TRACK@WHEN`` asks for.

    Parameters
    ----------
    text : str
    tracks : sequence of Track
        The whole library.
    workout : Workout

    Raises
    ------
    PlaylistError
        If it is no pin, names no track or several, or no moment of the workout.
    """
    words, sign, when = text.rpartition("@")
    if not (sign and words.strip() and when.strip()):
        raise PlaylistError(f"--pin {text!r}: write TRACK@12:30, or TRACK@ and the name of a step")
    try:
        return Pin(_named(words.strip(), tracks), moment(when.strip(), workout))
    except (ChoiceError, PlaylistError) as error:
        raise PlaylistError(f"--pin {text!r}: {error}") from error


def _named(words: str, tracks: Sequence[Track]) -> Track:
    """Return the one track that is meant; of versions of one song that with the strongest beat."""
    try:
        return one(tracks, words)
    except ChoiceError:
        found = without_versions(matching(tracks, words))
        if len(found) == 1:
            return found[0]
        raise


def with_pins(playlist: Playlist, pins: Sequence[Pin]) -> Playlist:
    """Return a playlist with the entries of pinned tracks marked."""
    wanted = {pin.track.location for pin in pins}
    entries = (
        replace(entry, is_pinned=entry.track.location in wanted) for entry in playlist.entries
    )
    return replace(playlist, entries=tuple(entries))


def moment(when: str, workout: Workout) -> float:
    """Return the second of `workout` that `when` means; of a step, its middle.

    Raises
    ------
    PlaylistError
        If it lies outside, or several steps or none have the name.
    """
    if match := CLOCK.fullmatch(when):
        hours, minutes, seconds = (int(part or 0) for part in match.groups())
        at = float(3600 * hours + 60 * minutes + seconds)
        if at >= workout.duration:
            raise PlaylistError(f"the workout lasts only {clock(workout.duration)}")
        return at
    names = [step.name.casefold() for step in workout.steps]
    found = [i for i, each in enumerate(names) if each == when.casefold()]
    found = found or [i for i, each in enumerate(names) if when.casefold() in each]
    number = NUMBERED.fullmatch(when.casefold())
    if not found and number and 0 < int(number[1]) <= len(names):
        found = [int(number[1]) - 1]
    if len(found) != 1:
        raise PlaylistError(_no_step(when, found, workout))
    return workout.starts[found[0]] + workout.steps[found[0]].duration / 2


def _no_step(when: str, found: Sequence[int], workout: Workout) -> str:
    if found:
        times = ", ".join(clock(workout.starts[i]) for i in found[:MOST_NAMED])
        more = " …" * (len(found) > MOST_NAMED)
        return f"{len(found)} steps are called {when!r}, at {times}{more}: give the time"
    names = dict.fromkeys(step.name for step in workout.steps if step.name)
    there = f"its steps are {', '.join(names)}" if names else "its steps have no names"
    return f"{when!r} is neither a time such as 12:30 nor a step: {there}"
