"""The command that scores a playlist: `score`."""

import json
from pathlib import Path
from typing import Any

import click

from playlists.errors import PlaylistError
from playlists.goal_cli import asked_for, assumed, measure_options
from playlists.workout_cli import current_settings
from tempo.cli import library_option, opened
from tempo.screen import clock, paragraph, printable

SLACK = 30.0
"""Seconds by which a playlist may miss the length of its workout: nobody means another minute."""


@click.command()
@click.argument("playlist", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@measure_options
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@library_option
def score(playlist: Path, as_json: bool, library: Path, **measure: Any) -> None:
    """Score PLAYLIST, of any format, by how well it fits a workout, term by term.

    Without a workout, plan or tempo, that is the one it was built for, as the library keeps it.

    Its tracks must be in the library; those that are not are named and left out. A copy, as `tempo
    export` makes it, is known by its name and length.

    \b
    Examples:
      tempo score run.m3u8
      tempo score run.m3u8 --workout hearts-on-fire --minutes 45
      tempo score ride.m3u8 --workout my.zwo --json
    """
    from playlists.contract import score_json
    from playlists.matching import score as misfit_of
    from playlists.report.reading import listed, recognized
    from playlists.screen import show_score
    from playlists.targets import targets

    given = asked_for(**measure)
    settings = current_settings()
    with opened(library) as opened_library:
        known, past = opened_library.tracks(), opened_library.history.built()
    found = listed(playlist, None)
    songs = recognized(found, known)
    tracks = [track for _, track in songs if track]
    unknown = [entry.location for entry, track in songs if not track]
    for place in unknown:
        click.echo(f"warning: not in the library: {printable(place)}", err=True)
    if not tracks:
        raise PlaylistError(f"{printable(playlist)} names no track of the library")
    asked = given or assumed(playlist, found, known, past)
    if asked is None:
        raise click.UsageError(
            f"nothing says what {printable(playlist)} was built for: give --workout, --plan or "
            "--bpm"
        )
    if given and measure["minutes"] is None:
        _say_length(asked.workout.duration, sum(track.analysis.duration for track in tracks))
    goal = targets(asked.workout, settings, mode=asked.mode, cadence=asked.cadence)
    misfit = misfit_of(tracks, goal, settings)
    if as_json:
        said = score_json(misfit, asked.workout, asked.mode, tracks, unknown)
        click.echo(json.dumps(said, indent=2))
    else:
        show_score(misfit, tracks, asked.workout)


def _say_length(wanted: float, length: float) -> None:
    """Say where a playlist is of another length than the workout, both in seconds."""
    if abs(length - wanted) > SLACK:
        paragraph(
            f"note: this workout takes {clock(wanted)}, the playlist {clock(length)}: "
            f"--minutes {max(round(length / 60), 1)} scores it over its own length",
            indent=2,
            err=True,
        )
