"""The program `tempo`: its main command, and the commands that build playlists.

It lives in the upper package, because it needs both; `tempo.cli` holds the commands that measure.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from playlists.carry import convert, export, format_option, wanted_format
from playlists.disk import write_file
from playlists.errors import PlaylistError
from tempo.cli import COMMANDS, ErrorBoundary, jobs_options, library_option, opened, run_analysis
from tempo.tag_cli import tag

if TYPE_CHECKING:
    from playlists.formats.registry import Format
    from playlists.playlist import Mode, Playlist
    from playlists.settings import Settings
    from playlists.workout import Range, Workout
    from tempo.track import Track

USUAL_MINUTES = 45.0
"""Length of a quick playlist: what Hearts on Fire takes too."""


@click.group(cls=ErrorBoundary, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="tempo-playlists", prog_name="tempo")
@click.option(
    "--library",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Library file, for every command.",
)
def main(library: Path | None) -> None:
    """Find the tempo of your music and build workout playlists that fit.

    \b
    tempo analyze ~/Music
    tempo build hearts-on-fire --minutes 45 -o run.m3u8
    """


def _range(_: click.Context, __: click.Parameter, value: str | None) -> "Range | None":
    from tempo.choose import bpm_range

    try:
        return None if value is None else bpm_range(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def _output(ctx: click.Context, _: click.Parameter, value: Path | None) -> Path | None:
    """Refuse before the work is done what could not be written after it."""
    if value is None:
        return None
    if not value.absolute().parent.is_dir():
        raise click.BadParameter(f"there is no folder {value.absolute().parent}", ctx)
    return value


@click.command()
@click.argument("workout", required=False)
@click.option("--bpm", callback=_range, metavar="LOW-HIGH", help="Instead: one tempo throughout.")
@click.option("--plan", metavar="TEXT", help='Instead: "10m 60%, 4x(3m 95%, 2m 60%), 5m 50%".')
@click.option(
    "-m", "--minutes", type=click.FloatRange(min=1, max=1440), metavar="M",
    help="Length.  [default: the workout's own]",
)  # fmt: skip
@click.option(
    "--async/--sync", "is_async", default=True,
    help="Music that fits the effort (default), or beats locked to steps or pedal strokes.",
)  # fmt: skip
@click.option(
    "--cadence", callback=_range, metavar="N", help="Steps or strokes a minute for --sync."
)
@click.option(
    "--from", "folders", multiple=True, metavar="PATH",
    type=click.Path(exists=True, readable=False, path_type=Path),
    help="Analyze PATH first, and use its tracks only.",
)  # fmt: skip
@click.option("--seed", type=int, default=0, show_default=True, help="Another one, another list.")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), callback=_output,
    help="Playlist file: .m3u8, .m3u, .pls, .xspf, .jspf, .csv, .xml or .json.",
)  # fmt: skip
@format_option
@click.option("--absolute", is_flag=True, help="Write full paths.  [default: relative to FILE]")
@click.option("--force", is_flag=True, help="Replace FILE if it is there.")
@click.option("--dry-run", is_flag=True, help="Write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--explain", is_flag=True, help="Say for each track why it is there.")
@click.option("--strict", is_flag=True, help="Fail where the library cannot fill the workout.")
@jobs_options
@library_option
def build(
    workout: str | None, bpm: "Range | None", plan: str | None, minutes: float | None,
    is_async: bool, cadence: "Range | None", folders: tuple[Path, ...], seed: int,
    output: Path | None, kind: str | None, absolute: bool, force: bool, dry_run: bool,
    as_json: bool, explain: bool, strict: bool, jobs: int | None, time_limit: float, library: Path,
) -> None:  # fmt: skip
    """Build a playlist for WORKOUT (`tempo workouts` lists them), a plan, or one tempo.

    \b
    Examples:
      tempo build hearts-on-fire --minutes 45 -o run.m3u8
      tempo build training-montage --from ~/Music -o montage.m3u8
      tempo build --bpm 165-175 --minutes 45 -o cadence.m3u8
      tempo build --plan "10m 60%, 4x(3m 95%, 2m 60%), 5m 50%" --explain
      tempo build intervals --sync --cadence 172
    """
    asked = _workout(workout, bpm, plan, minutes)
    settings = _settings()
    into = wanted_format(output, kind) if output else None
    if output and output.exists() and not (force or dry_run):
        raise click.UsageError(f"{output} exists already: give --force to replace it")
    from playlists.sequencing import sequence

    tracks = _tracks(library, folders, jobs, time_limit)
    mode: Mode = "async" if is_async else "sync"
    playlist = sequence(asked, tracks, settings=settings, mode=mode, seed=seed, cadence=cadence)
    _say(playlist, as_json=as_json, explained=explain)
    if strict and playlist.shortfalls:
        raise PlaylistError("the library cannot fill this workout: nothing was written")
    if output and into and not dry_run:
        folder = None if absolute else output.parent
        write_file(output, _bytes(playlist, into, folder), force=force)
        click.echo(f"wrote {output}", err=True)


def _workout(
    name: str | None, bpm: "Range | None", plan: str | None, minutes: float | None
) -> "Workout":
    if sum(given is not None for given in (name, bpm, plan)) != 1:
        raise click.UsageError("say one of WORKOUT, --bpm and --plan; `tempo workouts` lists them")
    if bpm is not None:
        from playlists.workout import TEMPOS, steady

        low, high = (min(max(value, TEMPOS[0]), TEMPOS[1]) for value in bpm)
        return steady(f"{low:g}-{high:g} BPM", minutes or USUAL_MINUTES, (low, high))
    if plan is not None:
        from playlists.plan import parse

        workout = parse(plan)
        return workout.scaled(minutes) if minutes else workout
    from playlists.builtin import builtin

    return builtin(name or "", minutes)


def _settings() -> "Settings":
    from playlists.config import config_path, read_config
    from playlists.settings import load

    return load(read_config(config_path()))


def _tracks(
    library: Path, folders: tuple[Path, ...], jobs: int | None, limit: float
) -> "list[Track]":
    """Return the tracks to choose from: those of `folders`, analyzed now, or all."""
    if folders:
        _, said = run_analysis(library, folders, jobs, force=False, limit=limit, quiet=False)
        click.echo(said, err=True)
    with opened(library) as opened_library:
        tracks = opened_library.tracks()
    if folders:
        roots = [folder.absolute() for folder in folders]
        tracks = [t for t in tracks if any(t.path.is_relative_to(root) for root in roots)]
    if not tracks:
        raise PlaylistError("there is no music to choose from: run `tempo analyze FOLDER` first")
    return tracks


def _say(playlist: "Playlist", *, as_json: bool, explained: bool) -> None:
    from playlists.contract import playlist_json
    from playlists.screen import lack, show

    if as_json:
        click.echo(json.dumps(playlist_json(playlist), indent=2))
    else:
        show(playlist, explained=explained)
    for shortfall in playlist.shortfalls:
        click.echo(f"warning: {lack(shortfall)}", err=True)


def _bytes(playlist: "Playlist", into: "Format", folder: Path | None) -> bytes:
    from playlists.contract import playlist_json
    from playlists.formats.listing import listing
    from playlists.formats.registry import written

    if into.name == "json":  # more than any other format can say
        return (json.dumps(playlist_json(playlist), indent=2) + "\n").encode()
    title = f"{playlist.workout.name} {playlist.target_duration / 60:g} min"
    return written(listing(title, (entry.track for entry in playlist.entries)), into, folder)


@click.command()
@click.argument("name", required=False)
@click.option(
    "-m", "--minutes", type=click.FloatRange(min=1, max=1440), metavar="M",
    help="Length.  [default: each workout's own]",
)  # fmt: skip
def workouts(name: str | None, minutes: float | None) -> None:
    """List the built-in workouts with their curves, or draw the one called NAME.

    \b
    Examples:
      tempo workouts
      tempo workouts training-montage --minutes 30
    """
    from playlists.builtin import BUILT_IN, builtin
    from playlists.screen import show_workout, show_workouts

    if name:
        show_workout(builtin(name, minutes), _settings())
    else:
        show_workouts([builtin(each, minutes) for each in BUILT_IN])


for command in (*COMMANDS, tag, build, workouts, convert, export):
    main.add_command(command)
