"""The command that builds a playlist."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from playlists.again import raised, remember
from playlists.analyze_cli import Place
from playlists.built_cli import say, unlike_steps, write
from playlists.carry import format_option, wanted_format
from playlists.choice_cli import Wishes, choice_options, numbered
from playlists.errors import PlaylistError
from playlists.goal_cli import goal
from playlists.workout_cli import (
    UNCHANGED,
    at_effort,
    athlete_options,
    complete_workout,
    current_settings,
    for_athletes,
    read_range,
    warn_of_idle,
)
from tempo.analyze_cli import jobs_options, run_analysis
from tempo.cli import Number, Whole, library_option, opened
from tempo.screen import clock, counted, paragraph, printable

if TYPE_CHECKING:
    from playlists.playlist import Mode
    from playlists.workout import Range
    from tempo.track import Track

LARGEST_SEED = 2**63 - 1
"""What the library can keep."""


def _output(ctx: click.Context, _: click.Parameter, value: Path | None) -> Path | None:
    """Refuse before the work is done what could not be written after it."""
    if value is None:
        return None
    if str(value) == "-":
        raise click.BadParameter("it takes the name of a file, such as run.m3u8", ctx)
    if not value.absolute().parent.is_dir():
        raise click.BadParameter(f"there is no folder {printable(value.absolute().parent)}", ctx)
    return value


class Here(Place):
    """A file or folder; what is elsewhere must be analyzed first."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path; see `click.ParamType.convert`."""
        place = super().convert(value, param, ctx)
        if isinstance(place, str):
            self.fail(
                "it takes a folder or a file of this machine; run "
                f"`tempo analyze {printable(place)}` first, then build without it",
                param, ctx,
            )  # fmt: skip
        return place


@click.command()
@click.argument("workout", required=False, shell_complete=complete_workout)
@click.option(
    "--bpm", callback=read_range, metavar="LOW-HIGH", help="Instead: one tempo throughout."
)
@click.option("--plan", metavar="TEXT", help='Instead: "10m 60%, 4x(3m 95%, 2m 60%), 5m 50%".')
@click.option(
    "-m", "--minutes", type=Number(min=1, max=1440), metavar="M",
    help="Length.  [default: the workout's own]",
)  # fmt: skip
@click.option(
    "--effort", type=Number(min=50, max=200), default=UNCHANGED, metavar="P",
    show_default=True, help="P percent of the workout's intensity, cadence and tempo.",
)  # fmt: skip
@click.option(
    "--harder", is_flag=True,
    help="What was done last, of WORKOUT if it is given: a little longer, or harder.",
)  # fmt: skip
@click.option(
    "--async/--sync", "is_async", default=True,
    help="Music that fits the effort (default), or beats locked to steps or pedal strokes.",
)  # fmt: skip
@click.option(
    "--cadence", callback=read_range, metavar="N", help="Steps or strokes a minute for --sync."
)
@athlete_options
@click.option(
    "--from", "folders", multiple=True, metavar="PATH",
    type=Here(exists=True, readable=False, path_type=Path),
    help="Analyze PATH first, and use its tracks only.",
)  # fmt: skip
@choice_options
@click.option(
    "--seed", type=Whole(0, LARGEST_SEED), default=0, metavar="N",
    show_default=True, help="Another one, another list.",
)  # fmt: skip
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
    effort: float, harder: bool, is_async: bool, cadence: "Range | None", ftp: float | None,
    pace: float | None, max_hr: float | None, folders: tuple[Path, ...], seed: int,
    output: Path | None, kind: str | None, absolute: bool, force: bool, dry_run: bool,
    as_json: bool, explain: bool, strict: bool, jobs: int | None, time_limit: float, library: Path,
    **wished: Any,
) -> None:  # fmt: skip
    """Build a playlist for WORKOUT, a plan, or one tempo.

    WORKOUT is one that `tempo workouts` lists, or a file: Zwift's .zwo, an ergometer's .erg or
    .mrc, Garmin's .fit, or a plan as .txt or .md in the syntax of intervals.icu.

    \b
    Examples:
      tempo build hearts-on-fire --minutes 45 -o run.m3u8
      tempo build my.zwo -o ride.m3u8
      tempo build training-montage --from ~/Music -o montage.m3u8
      tempo build --bpm 165-175 --minutes 45 -o cadence.m3u8
      tempo build --plan "10m 60%, 4x(3m 95%, 2m 60%), 5m 50%" --explain
      tempo build intervals --sync --cadence 172
      tempo build --harder -o run.m3u8
      tempo build training-montage --pin "hearts on fire@summit" --ban artist:enya
      tempo build tempo-run --fresh --max-per-artist 2 --alternatives 3 -o run.m3u8
    """
    if harder:
        ctx = click.get_current_context()
        ctx.invoke(build, **raised(ctx))
        return
    from playlists.effort import Athlete

    asked = goal(workout, bpm, plan, minutes, Athlete(ftp, pace, max_hr))
    asked, cadence = at_effort(asked, cadence, effort)
    warn_of_idle(
        cadence=(is_async and "--sync") or (bpm is not None and "workouts and plans"),
        kind=not output and "-o", absolute=not output and "-o",
        jobs=not folders and "--from", time_limit=not folders and "--from",
        **for_athletes(workout, plan),
    )  # fmt: skip
    settings = current_settings()
    into = wanted_format(output, kind) if output else None
    wishes = Wishes(**wished)
    outputs = [numbered(output, i + 1) for i in range(wishes.alternatives)] if output else []
    for path in outputs:
        if path.exists() and not (force or dry_run):
            raise click.UsageError(f"{printable(path)} exists already: give --force to replace it")
    tracks = _tracks(library, folders, jobs, time_limit)
    pins = wishes.read_pins(tracks, asked)
    if into and into.name != "json":
        tracks = _playable(tracks)
    mode: Mode = "async" if is_async else "sync"
    playlists = wishes.playlists(
        asked, tracks, pins, settings=settings, mode=mode, seed=seed, cadence=cadence,
        library=library,
    )  # fmt: skip
    if not all(playlist.entries for playlist in playlists):
        raise PlaylistError(
            f"no song is short enough for {clock(asked.duration)}: ask for more --minutes"
        )
    most = wishes.most_of_an_artist(settings)
    notes = unlike_steps(asked, settings, mode=mode, cadence=cadence)
    say(playlists, most=most, notes=notes, as_json=as_json, explained=explain)
    if strict and any(playlist.shortfalls for playlist in playlists):
        raise PlaylistError("the library cannot fill this workout: nothing was written")
    if into and not dry_run:
        made = list(zip(outputs, playlists, strict=False))
        write(made, into, absolute=absolute, force=force)
        now = time.time()
        for path, playlist in reversed(made):  # the best is the last: `tempo done` means it
            remember(playlist, path, library, now)
        for path, _ in made:
            click.echo(f"wrote {printable(path)}", err=True)


def _tracks(
    library: Path, folders: tuple[Path, ...], jobs: int | None, limit: float
) -> "Sequence[Track]":
    """Return the tracks to choose from: those of `folders`, analyzed now, or all."""
    from playlists.copies import without_copies

    if folders:
        _, said = run_analysis(library, folders, jobs, force=False, limit=limit, quiet=False)
        paragraph(said, err=True)
    with opened(library) as opened_library:
        tracks: Sequence[Track] = opened_library.rows()
    if folders:
        roots = [folder.absolute() for folder in folders]
        tracks = [t for t in tracks if t.path and any(map(t.path.is_relative_to, roots))]
    tracks = without_copies(tracks)
    if not tracks:
        raise PlaylistError(
            "there is no music to choose from: run `tempo analyze FOLDER` or "
            "`tempo import FILE.csv` first"
        )
    return tracks


def _playable(tracks: "Sequence[Track]") -> "Sequence[Track]":
    """Return the tracks that a playlist file can name; what it left out would be missing."""
    from playlists.formats.listing import playable

    kept = playable(tracks)
    lost = len(tracks) - len(kept)
    if lost:
        paragraph(
            f"warning: {counted(lost, 'track')} left out, with neither a file nor a Spotify id "
            "that a playlist could name",
            indent=2,
            err=True,
        )
    if not kept:
        raise PlaylistError("no track has a file or a Spotify id: write a .json, or import ids")
    return kept
