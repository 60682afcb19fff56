"""The workout that the options of `build` ask for, now or when a playlist was built."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from playlists.errors import WorkoutError
from playlists.workout_cli import UNCHANGED, at_effort, named_workout, stretched

if TYPE_CHECKING:
    from playlists.effort import Athlete
    from playlists.formats.listing import Listing
    from playlists.report.reading import Asked
    from playlists.workout import Range, Workout
    from tempo.past import Built
    from tempo.track import Track

USUAL_MINUTES = 45.0
"""Length of a quick playlist: what Hearts on Fire takes too."""


def goal(
    name: str | None, bpm: "Range | None", plan: str | None, minutes: float | None,
    athlete: "Athlete",
) -> "Workout":  # fmt: skip
    """Return the workout that `build` is asked for: by its name, as a tempo, or as a plan."""
    if sum(given is not None for given in (name, bpm, plan)) != 1:
        raise click.UsageError("say one of WORKOUT, --bpm and --plan; `tempo workouts` lists them")
    if bpm is not None:
        from playlists.workout import TEMPOS, steady

        low, high = (min(max(value, TEMPOS[0]), TEMPOS[1]) for value in bpm)
        return steady(f"{_spread(low, high)} BPM", minutes or USUAL_MINUTES, (low, high))
    if plan is not None:
        from playlists.plan.parser import parse

        return stretched(*parse(plan, name="plan", athlete=athlete), minutes)
    return named_workout(name or "", minutes, athlete)


def _spread(low: float, high: float) -> str:
    """Return a range of tempo as it was typed: 172 stands for 171.5 to 172.5."""
    is_one = high - low == 1 and low % 1 == 0.5  # noqa: PLR2004 - as `bpm_range` reads it
    return f"{low + 0.5:g}" if is_one else f"{low:g}-{high:g}"


def remembered(
    path: Path, found: "Listing", tracks: "Sequence[Track]", past: "Sequence[Built]"
) -> "tuple[Built, Asked] | None":
    """Return which playlist a file is, and what it was built for, if the library knows.

    Parameters
    ----------
    path : Path
    found : Listing
        What the file holds.
    tracks : sequence of Track
    past : sequence of Built
        Of the library.
    """
    from playlists.training import chosen, has_songs_of
    from tempo.screen import name

    called = {track.location: name(track) for track in tracks}
    built = chosen(past, path.absolute(), found.items, called)
    if built is None or not has_songs_of(built, found.items, called):
        return None
    try:
        return built, _goal_of(built.options)
    except WorkoutError:  # its file is gone
        return None


def _goal_of(options: Mapping[str, Any]) -> "Asked":
    """Return what a playlist was built for, by the options that the library keeps of it."""
    from playlists.effort import Athlete
    from playlists.report.reading import Asked

    said = options.get
    bpm, cadence = (said(name) and tuple(said(name, ())) for name in ("bpm", "cadence"))
    athlete = Athlete(said("ftp"), said("pace"), said("max_hr"))
    workout = goal(said("workout"), bpm, said("plan"), said("minutes"), athlete)
    workout, cadence = at_effort(workout, cadence, said("effort", UNCHANGED))
    return Asked(workout, "async" if said("is_async", True) else "sync", cadence)
