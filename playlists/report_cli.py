"""The command that shows a playlist: `report`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from playlists.carry import say_gone
from playlists.disk import write_file
from playlists.goal_cli import remembered
from playlists.workout_cli import (
    UNCHANGED,
    at_effort,
    complete_workout,
    current_settings,
    for_athletes,
    goal_options,
    named_workout,
    warn_of_idle,
)
from tempo.cli import library_option, opened
from tempo.screen import clock, printable

if TYPE_CHECKING:
    from playlists.effort import Athlete
    from playlists.formats.listing import Listing
    from playlists.report.reading import Asked
    from playlists.report.view import View
    from playlists.workout import Range
    from tempo.track import Track

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("playlist", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("-o", "--output", type=FILE, help="The page.  [default: PLAYLIST with .html]")
@click.option("--png", type=FILE, help="Instead: the arc alone, as a picture.")
@click.option("--svg", type=FILE, help="Instead: the same, to be drawn at any size.")
@click.option("--dark", is_flag=True, help="Dark colors in the PNG; page and SVG have both.")
@click.option("--embed", is_flag=True, help="Put the songs into the page: it plays anywhere.")
@click.option(
    "-w", "--workout", metavar="WORKOUT", shell_complete=complete_workout,
    help="As for `tempo build`.",
)  # fmt: skip
@goal_options
@click.option("--playlist", "name", metavar="NAME", help="Which one, where PLAYLIST holds several.")
@click.option("--force", is_flag=True, help="Replace files that are there.")
@library_option
def report(
    playlist: Path, output: Path | None, png: Path | None, svg: Path | None, dark: bool,
    embed: bool, workout: str | None, minutes: float | None, effort: float, is_async: bool,
    cadence: "Range | None", ftp: float | None, pace: float | None, max_hr: float | None,
    name: str | None, force: bool, library: Path,
) -> None:  # fmt: skip
    """Draw PLAYLIST as a page with its arc, its songs, and a player for the gym floor.

    The page needs no network. It plays the songs where they are, so keep it beside them, or give
    --embed to take everything along in one large file.

    What a playlist was built for is in the .json of `tempo build`, and for its other files in the
    library; else the title may say it, and --workout does.

    \b
    Examples:
      tempo report run.json
      tempo report run.m3u8 --workout hearts-on-fire --minutes 45 -o report.html
      tempo report run.json --png arc.png
      tempo report run.json --embed -o phone.html
    """
    from playlists.effort import Athlete

    given = (minutes is not None, effort != UNCHANGED, cadence is not None, not is_async)
    if workout is None and any(given):
        raise click.UsageError("--minutes, --effort, --sync and --cadence go with --workout")
    warn_of_idle(cadence=is_async and "--sync", **for_athletes(workout))
    athlete = Athlete(ftp, pace, max_hr)
    asked = _asked(workout, minutes, effort, cadence, athlete, is_async=is_async)
    shown = read(playlist, name, asked, library)
    if not (output or png or svg):
        output = playlist.with_suffix(".html")
    if output:
        say_gone(playlist, [song.path for song in shown.songs])
    for path, raw in _files(shown, output, png, svg, dark=dark, embed=embed):
        write_file(path, raw, force=force)
        click.echo(f"wrote {printable(path)}", err=True)


def _asked(
    workout: str | None, minutes: float | None, effort: float, cadence: "Range | None",
    athlete: "Athlete", *, is_async: bool,
) -> "Asked | None":  # fmt: skip
    from playlists.report.reading import Asked

    if workout is None:
        return None
    goal, cadence = at_effort(named_workout(workout, minutes, athlete), cadence, effort)
    return Asked(goal, "async" if is_async else "sync", cadence)


def read(playlist: Path, name: str | None, asked: "Asked | None", library: Path) -> "View":
    """Return what there is to show of a playlist file, and say what is assumed or left out."""
    from playlists.report.reading import built, listed, measured

    if asked is None and (shown := built(playlist)):
        return shown
    found, tracks = listed(playlist, name), _tracks(library)
    if asked is None:
        asked = _assumed(playlist, found, tracks, library)
    shown, unknown = measured(found, tracks, asked, current_settings())
    for item in unknown:
        click.echo(f"warning: not in the library: {printable(item.location)}", err=True)
    if not asked:
        click.echo("note: give --workout to see what was wanted", err=True)
    return shown


def _assumed(
    playlist: Path, found: "Listing", tracks: "list[Track]", library: Path
) -> "Asked | None":
    """Return what a playlist was built for, by the library or by its title, and say so."""
    from playlists.report.reading import guessed
    from playlists.training import day

    if tracks:
        with opened(library) as opened_library:
            past = opened_library.history.built()
        if known := remembered(playlist, found, tracks, past):
            built, asked = known
            how = f"{printable(built.name)}, {clock(60 * built.minutes)} --{built.mode}"
            _say_measure(f"{how}, as it was built on {day(built.time)}")
            return asked
    guess = guessed(found, tracks)
    if guess:
        _say_measure(f"{found.title} --{guess.mode}, going by its title")
    return guess


def _say_measure(measure: str) -> None:
    click.echo(f"note: measured by {measure}; or say --workout", err=True)


def _tracks(library: Path) -> "list[Track]":
    if not library.exists():
        return []
    with opened(library) as opened_library:
        return opened_library.tracks()


def _files(
    shown: "View", output: Path | None, png: Path | None, svg: Path | None, *, dark: bool,
    embed: bool,
) -> "list[tuple[Path, bytes]]":  # fmt: skip
    """Return the bytes of all files that are asked for."""
    from playlists.report.arc import arc

    files = []
    if output:
        from playlists.report.page import page

        files.append((output, page(shown, output.absolute().parent, embed=embed).encode()))
    if png:
        from playlists.report import raster

        files.append((png, raster.png(arc(shown, headed=True), dark=dark)))
    if svg:
        from playlists.report.svg import alone

        files.append((svg, alone(arc(shown, headed=True)).encode()))
    return files
