"""The workout that options ask for: those of `build`, now or when a playlist was built."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from playlists.errors import WorkoutError
from playlists.workout_cli import (
    UNCHANGED,
    at_effort,
    athlete_options,
    complete_workout,
    for_athletes,
    named_workout,
    read_range,
    stretched,
    warn_of_idle,
)
from tempo.cli import F, Number
from tempo.screen import clock, printable

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


def measure_options(command: F) -> F:
    """Add what a playlist is measured by: see `asked_for`."""
    workout = click.option(
        "-w", "--workout", metavar="WORKOUT", shell_complete=complete_workout,
        help="As for `tempo build`.  [default: what it was built for]",
    )  # fmt: skip
    bpm = click.option(
        "--bpm", callback=read_range, metavar="LOW-HIGH", help="Instead: one tempo throughout."
    )
    plan = click.option("--plan", metavar="TEXT", help="Instead: a plan, as for `tempo build`.")
    minutes = click.option(
        "-m", "--minutes", type=Number(min=1, max=1440), metavar="M",
        help="Length.  [default: the workout's own]",
    )  # fmt: skip
    effort = click.option(
        "--effort", type=Number(min=50, max=200), default=UNCHANGED, metavar="P",
        show_default=True, help="As for `tempo build`.",
    )  # fmt: skip
    mode = click.option("--async/--sync", "is_async", default=True, help="As for `tempo build`.")
    cadence = click.option(
        "--cadence", callback=read_range, metavar="N", help="Steps or strokes a minute for --sync."
    )
    beside = minutes(effort(mode(cadence(athlete_options(command)))))
    return workout(bpm(plan(beside)))


def asked_for(
    workout: str | None, bpm: "Range | None", plan: str | None, minutes: float | None,
    effort: float, is_async: bool, cadence: "Range | None", ftp: float | None, pace: float | None,
    max_hr: float | None,
) -> "Asked | None":  # fmt: skip
    """Return what a playlist is to be measured by, if `measure_options` say it."""
    from playlists.effort import Athlete
    from playlists.report.reading import Asked

    warn_of_idle(
        cadence=(is_async and "--sync") or (bpm is not None and "workouts and plans"),
        **for_athletes(workout, plan),
    )
    if workout is None and bpm is None and plan is None:
        if minutes is not None or effort != UNCHANGED or cadence is not None or not is_async:
            raise click.UsageError(
                "--minutes, --effort, --sync and --cadence go with --workout, --plan or --bpm"
            )
        return None
    asked = goal(workout, bpm, plan, minutes, Athlete(ftp, pace, max_hr))
    asked, cadence = at_effort(asked, cadence, effort)
    return Asked(asked, "async" if is_async else "sync", cadence)


def assumed(
    path: Path, found: "Listing", tracks: "Sequence[Track]", past: "Sequence[Built]"
) -> "Asked | None":
    """Return what a playlist was built for, by the library or by its title, and say so.

    Parameters
    ----------
    path : Path
    found : Listing
        What the file holds.
    tracks : sequence of Track
    past : sequence of Built
        Of the library.
    """
    from playlists.report.reading import guessed
    from playlists.training import day

    if known := remembered(path, found, tracks, past):
        built, asked = known
        how = f"{printable(built.name)}, {clock(60 * built.minutes)} --{built.mode}"
        _say_measure(f"{how}, as it was built on {day(built.time)}")
        return asked
    guess = guessed(found, tracks)
    if guess:
        _say_measure(f"{printable(found.title)} --{guess.mode}, going by its title")
    return guess


def _say_measure(measure: str) -> None:
    click.echo(f"note: measured by {measure}; or say --workout", err=True)


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
