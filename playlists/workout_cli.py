"""The command that looks at workouts, and what every command that takes a workout asks for."""

from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from tempo.cli import F, Number
from tempo.screen import clock, paragraph

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from playlists.effort import Athlete
    from playlists.settings import Settings
    from playlists.workout import Range, Workout

UNCHANGED = 100.0
"""Percent of the effort of a workout."""


def complete_workout(_: click.Context, __: click.Parameter, start: str) -> "list[CompletionItem]":
    """Complete the name of a workout; where none fits, that of a file."""
    from click.shell_completion import CompletionItem

    from playlists.builtin import BUILT_IN

    names = [CompletionItem(name) for name in BUILT_IN if name.startswith(start)]
    return names or [CompletionItem(start, type="file")]


def read_range(_: click.Context, __: click.Parameter, value: str | None) -> "Range | None":
    """Read one tempo, or two with a dash, as a `click` callback."""
    from playlists.workout import TEMPOS
    from tempo.choose import bpm_range

    if value is None:
        return None
    try:
        low, high = bpm_range(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error
    if high < TEMPOS[0] or low > TEMPOS[1]:
        raise click.BadParameter(f"{value!r} is outside {TEMPOS[0]:g} to {TEMPOS[1]:g} a minute")
    return low, high


def _pace(_: click.Context, __: click.Parameter, value: str | None) -> float | None:
    from playlists.effort import read_pace

    try:
        return None if value is None else read_pace(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def athlete_options(command: F) -> F:
    """Add what workout files may leave to the athlete."""
    ftp = click.option(
        "--ftp", type=Number(min=20, max=1000), metavar="W",
        help="Your threshold power, for files in watts.",
    )  # fmt: skip
    pace = click.option(
        "--pace", callback=_pace, metavar="M:SS",
        help="Your threshold pace a km, or M:SS/mi, for steps over a distance.",
    )  # fmt: skip
    max_hr = click.option(
        "--max-hr", type=Number(min=60, max=260), metavar="N",
        help="Your highest heart rate, for files in heartbeats.",
    )  # fmt: skip
    return ftp(pace(max_hr(command)))


def at_effort(
    workout: "Workout", cadence: "Range | None", percent: float
) -> "tuple[Workout, Range | None]":
    """Return a workout, and the cadence that was asked for, as `--effort` has them."""
    from playlists.workout import CADENCES, times

    factor = percent / 100
    return workout.at_effort(factor), cadence and times(cadence, factor, CADENCES)


def warn_of_idle(**idle: str | bool) -> None:
    """Warn of options that were typed and change nothing: of each, say what it is for, if so."""
    here = click.get_current_context()
    typed = ParameterSource.COMMANDLINE
    for param in here.command.params:
        name = param.name or ""
        if idle.get(name) and any(
            ctx and ctx.get_parameter_source(name) is typed
            for ctx in (here, here.parent)  # --harder runs the command within itself
        ):
            option = max(param.opts, key=len)
            said = f"warning: {option} is for {idle[name]}, and changes nothing here"
            click.echo(said, err=True)


def for_athletes(name: str | None, plan: str | None = None) -> dict[str, str | bool]:
    """Return what options of the athlete are for, if this is no workout that asks for them."""
    from playlists.files import is_file

    idle = plan is None and not (name and is_file(name)) and "workouts from files and plans"
    return dict.fromkeys(("ftp", "pace", "max_hr"), idle)


def named_workout(name: str, minutes: float | None, athlete: "Athlete") -> "Workout":
    """Return a built-in workout, or one from a file."""
    from playlists.builtin import BUILT_IN, builtin
    from playlists.errors import WorkoutError
    from playlists.files import is_file, read_workout

    if name not in BUILT_IN and Path(name).is_dir():
        raise WorkoutError(
            f"{name} is a folder, and no workout; for its music: `tempo build WORKOUT --from PATH`"
        )
    if not is_file(name):
        return builtin(name, minutes)
    return stretched(*read_workout(Path(name), athlete), minutes)


def stretched(workout: "Workout", assumed: tuple[str, ...], minutes: float | None) -> "Workout":
    """Say what was assumed of a workout, and return it in the length that is wanted."""
    for said in assumed:
        paragraph(f"note: {said}", indent=2, err=True)
    if (i := workout.unheld) is not None:
        asked = f"{workout.steps[i].intensity[0]:.0%} of threshold for"
        paragraph(
            f"warning: step {i + 1} asks {asked} {clock(workout.steps[i].duration)}, which nobody "
            "holds: check its unit, watts or percent",
            indent=2,
            err=True,
        )
    return workout.scaled(minutes) if minutes else workout


def current_settings() -> "Settings":
    """Return the defaults, and over them what the user's config file says."""
    from playlists.config import config_path, read_config
    from playlists.errors import ConfigError
    from playlists.settings import load

    config = read_config(config_path())
    try:
        return load({key: table for key, table in config.items() if key != "spotify"})
    except ConfigError as error:
        raise ConfigError(f"configuration {config_path()}: {error}") from error


@click.command()
@click.argument("name", required=False, shell_complete=complete_workout)
@click.option(
    "-m", "--minutes", type=Number(min=1, max=1440), metavar="M",
    help="Length.  [default: each workout's own]",
)  # fmt: skip
@athlete_options
def workouts(
    name: str | None, minutes: float | None, ftp: float | None, pace: float | None,
    max_hr: float | None,
) -> None:  # fmt: skip
    """List the built-in workouts with their curves, or draw the one called NAME, or a file.

    Steps too short for a song share one: neighbors under 150 s are bundled, up and down at the
    intensity of the hard ones. `tempo build` keeps their times, and prints them as cues.

    \b
    Examples:
      tempo workouts
      tempo workouts training-montage --minutes 30
      tempo workouts my.zwo
    """
    from playlists.builtin import BUILT_IN, builtin
    from playlists.effort import Athlete
    from playlists.screen import show_workout, show_workouts

    warn_of_idle(**for_athletes(name))
    if name:
        show_workout(named_workout(name, minutes, Athlete(ftp, pace, max_hr)), current_settings())
    else:
        show_workouts([builtin(each, minutes) for each in BUILT_IN])
