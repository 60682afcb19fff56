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
from playlists.formats.listing import Item, Listing, completed, item, known
from playlists.formats.own import as_json
from playlists.formats.registry import read_listing
from playlists.playlist import Mode
from playlists.report.view import View, view
from playlists.sequencing import arranged
from playlists.settings import Settings
from playlists.workout import Range, Workout
from tempo.track import Track

TITLE = re.compile(r"(.+) (\d+(?:\.\d+)?) min")
"""How `tempo build` calls the playlists that it writes."""


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
    return view(said) if is_ours else None


def titled(title: str) -> Workout | None:
    """Return the built-in workout that a playlist was built for, if its title says so."""
    match = TITLE.fullmatch(title)
    if match is None or match[1] not in BUILT_IN:
        return None
    try:
        return builtin(match[1], float(match[2]))
    except WorkoutError:
        return None


def shown(path: Path, tracks: Iterable[Track], settings: Settings) -> View:
    """Return what a file and the library say of a playlist, without further questions.

    Raises
    ------
    PlaylistError
        If it is no playlist, or holds no song.
    """
    found = built(path)
    if found:
        return found
    held, listing = list(tracks), listed(path, None)
    return measured(listing, held, guessed(listing, held), settings)[0]


def guessed(found: Listing, tracks: Iterable[Track]) -> Asked | None:
    """Return what a playlist was built for, if its title says so and the library knows a song."""
    workout = titled(found.title)
    return Asked(workout) if workout and known(found, tracks)[0] else None


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
    if asked is None:
        by_place = {item(track).location: track for track in held}
        items = (
            completed(each, by_place[each.location]) if each.location in by_place else each
            for each in found.items
        )
        return view(as_json(replace(found, items=tuple(items)))), []
    chosen, unknown = known(found, held)
    if not chosen:
        raise PlaylistError("none of these songs is in the library: run `tempo analyze FOLDER`")
    playlist = arranged(
        asked.workout, chosen, held, settings=settings, mode=asked.mode, cadence=asked.cadence
    )
    return view(playlist_json(playlist)), unknown
