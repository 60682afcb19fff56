"""What `build` keeps of each playlist it writes, and how it raises what was done."""

import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from playlists.errors import PlaylistError
from tempo.cli import opened
from tempo.errors import LibraryError
from tempo.past import Built
from tempo.screen import printable

if TYPE_CHECKING:
    from playlists.playlist import Playlist

ABOUT_THE_FILE = {
    "output", "kind", "absolute", "force", "dry_run", "as_json", "explain", "strict", "jobs",
    "time_limit", "library", "harder", "alternatives",
}  # fmt: skip
"""Options of `build` that do not change which songs are chosen."""
RAISED = "tempo.raised"
"""Where a run keeps which notch it raised."""


def remember(playlist: "Playlist", output: Path, library: Path, now: float) -> None:
    """Keep a playlist that `build` wrote, with what the user asked for.

    Parameters
    ----------
    playlist : Playlist
    output : Path
    library : Path
    now : float
        Seconds since 1970; alternatives are known by having the same.
    """
    from playlists.training import hardness

    built = Built(
        now,
        playlist.workout.name,
        playlist.mode,
        playlist.seed,
        playlist.target_duration / 60,
        hardness(playlist.workout),
        output.absolute(),
        tuple(entry.track.location for entry in playlist.entries),
        _asked(click.get_current_context()),
    )
    try:
        with opened(library) as opened_library:
            opened_library.history.add_built(built)
    except LibraryError as error:
        said = f"warning: `tempo done` will not know this playlist: {error}"
        click.echo(printable(said), err=True)


def _asked(ctx: click.Context) -> dict[str, Any]:
    """Return the options that are not as usual, as plain values."""
    asked = {
        param.name: _plain(ctx.params[param.name])
        for param in ctx.command.params
        if param.name and param.name in ctx.params
        and param.name not in ABOUT_THE_FILE
        and ctx.params[param.name] not in (param.get_default(ctx), None, ())
    }  # fmt: skip
    if "workout" in asked:
        asked["workout"] = _whole_name(str(asked["workout"]))
    return asked | ({"raised": ctx.meta[RAISED]} if RAISED in ctx.meta else {})


def _plain(value: object) -> object:
    if isinstance(value, Path):
        return str(value.absolute())
    if isinstance(value, float):
        return min(value, sys.float_info.max)  # JSON knows nothing that is infinite
    return [_plain(each) for each in value] if isinstance(value, tuple) else value


def _given(param: click.Parameter, value: object) -> object:
    """Return what `_plain` made plain as the command takes it."""
    if isinstance(value, list):
        return tuple(_given(param, each) for each in value)
    return Path(str(value)) if isinstance(param.type, click.Path) else value


def _whole_name(workout: str) -> str:
    """Return the name of a workout, of a file wherever one stands."""
    from playlists.files import is_file

    return str(Path(workout).absolute()) if is_file(workout) else workout


def raised(ctx: click.Context) -> dict[str, Any]:
    """Return the options of `build` for one notch more than what was done last, and say so."""
    from playlists.training import day, notch, sessions

    fixed = [name for name in ("minutes", "effort", "bpm", "plan") if _is_said(ctx, name)]
    if fixed:
        raise click.UsageError(f"--harder says itself what --{fixed[0]} says: leave one out")
    workout = ctx.params["workout"]
    with opened(ctx.params["library"]) as library:
        done = sessions(library.history.built(), library.history.done())
    if workout:
        names = {workout, _whole_name(workout)}
        done = [s for s in done if {s.built.name, s.built.options.get("workout")} & names]
    if not done:
        what = printable(workout) if workout else "no workout"
        raise PlaylistError(
            f"{what} was{' not' * bool(workout)} done yet: build it without --harder, "
            "and after it run `tempo done`"
        )
    last = done[-1]
    step = notch(last, time.time())
    click.echo(f"{printable(last.built.name)} of {day(last.done.time)}: {step.why}", err=True)
    ctx.meta[RAISED] = step.raised
    options = _repeated(ctx, last.built.options)
    return options | {"minutes": step.minutes, "effort": step.effort, "harder": False}


def _repeated(ctx: click.Context, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of this run, and where they are not given, those of another."""
    return ctx.params | {
        param.name: _given(param, options[param.name])
        for param in ctx.command.params
        if param.name in options and not _is_said(ctx, param.name)
    }


def _is_said(ctx: click.Context, name: str) -> bool:
    said = ctx.get_parameter_source(name)
    return said not in (None, click.core.ParameterSource.DEFAULT)
