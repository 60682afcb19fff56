"""From a playlist file to what a report shows of it."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from playlists.builtin import BUILT_IN, builtin
from playlists.contract import playlist_json
from playlists.errors import PlaylistError, WorkoutError
from playlists.formats.listing import Item, Listing, completed, item
from playlists.formats.location import is_address
from playlists.formats.own import as_json
from playlists.formats.registry import read_listing
from playlists.playlist import Mode
from playlists.report.document import view
from playlists.report.view import View
from playlists.sequencing import arranged
from playlists.settings import Settings
from playlists.workout import Range, Workout
from tempo.track import Track

TITLE = re.compile(r"(.+) (\d+(?:\.\d+)?) min(?: \(\d+\))?")
"""How `tempo build` calls the playlists that it writes."""
SAME = 2.0
"""Seconds that a copy may be longer or shorter: playlists round, and so do encoders."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the music of a playlist is measured by."""

    workout: Workout
    mode: Mode = "async"
    cadence: Range | None = None


def built(path: Path) -> View | None:
    """Return what is in the JSON of `tempo build`; None for a file of any other kind.

    Raises
    ------
    PlaylistError
        If it is damaged.
    """
    try:
        said: Any = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None  # whoever reads it as a playlist of another kind says why it cannot
    is_ours = isinstance(said, dict) and "entries" in said and said.get("target_duration")
    try:
        return view(said) if is_ours else None
    except PlaylistError as error:
        raise PlaylistError(f"{path.name}: {error}") from error


def titled(title: str) -> Workout | None:
    """Return the built-in workout that a playlist was built for, if its title says so."""
    match = TITLE.fullmatch(title)
    if match is None or match[1] not in BUILT_IN:
        return None
    try:
        return builtin(match[1], float(match[2]))
    except WorkoutError:
        return None


def guessed(found: Listing, tracks: Iterable[Track]) -> Asked | None:
    """Return what a playlist was built for, if its title says so and the library knows a song."""
    workout = titled(found.title)
    is_known = workout and any(track for _, track in recognized(found, tracks))
    return Asked(workout) if workout and is_known else None


def listed(path: Path, name: str | None) -> Listing:
    """Return a playlist of any format, called after its file where it has no title."""
    found = read_listing(path, name)
    return found if found.title else replace(found, title=path.stem)


def measured(
    found: Listing, tracks: Iterable[Track], asked: Asked | None, settings: Settings
) -> tuple[View, list[Item]]:
    """Return what a playlist shows, and the songs that could not be measured by a workout.

    Parameters
    ----------
    found : Listing
    tracks : iterable of Track
        The library.
    asked : Asked, optional
        Without one, the report shows tempo and energy, and nothing that is wanted.
    settings : Settings

    Raises
    ------
    PlaylistError
        If no song is in the library, but a workout is asked for; or there is no song at all.
    """
    held = list(tracks)
    songs = recognized(found, held)
    if asked is None:
        items = (each if track is None else completed(each, track) for each, track in songs)
        return view(as_json(replace(found, items=tuple(items)))), []
    chosen = [_where(each, track) for each, track in songs if track]
    if not chosen:
        raise PlaylistError("none of these songs is in the library: run `tempo analyze FOLDER`")
    playlist = arranged(
        asked.workout, chosen, held, settings=settings, mode=asked.mode, cadence=asked.cadence
    )
    return view(playlist_json(playlist)), [each for each, track in songs if track is None]


def recognized(found: Listing, tracks: Iterable[Track]) -> list[tuple[Item, Track | None]]:
    """Return each song and the track of the library that it is, if one is.

    That is the track at its place; or of a copy elsewhere, as `tempo export` makes them, the one
    of the same name and length.
    """
    by_place: dict[str, Track] = {}
    by_name: dict[str, list[Track]] = {}
    for track in tracks:
        known = item(track)
        by_place[known.location] = track
        by_name.setdefault(known.name.casefold(), []).append(track)
    return [(each, by_place.get(each.location) or _namesake(each, by_name)) for each in found.items]


def _namesake(wanted: Item, by_name: dict[str, list[Track]]) -> Track | None:
    """Return the track of the same name whose length is nearest, and near."""
    seconds = wanted.seconds
    if seconds is None or not wanted.title:
        return None
    same = by_name.get(wanted.name.casefold(), [])
    apart = [abs(track.analysis.duration - seconds) for track in same]
    return same[apart.index(min(apart))] if apart and min(apart) <= SAME else None


def _where(found: Item, track: Track) -> Track:
    """Return a track as the file that the playlist names, if it names one."""
    is_file = found.location and not is_address(found.location)
    return replace(track, location=Path(found.location)) if is_file else track
