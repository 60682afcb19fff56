"""The commands `done` and `history`."""

import json
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from playlists.errors import PlaylistError
from tempo.cli import Number, Whole, library_option, opened
from tempo.past import Built, Done
from tempo.screen import clock, name, printable

if TYPE_CHECKING:
    from tempo.library import Library


FIRST_YEAR = 1970
"""Clocks count from there on."""


class Day(click.DateTime):
    """A date; what is none is answered with how to write one."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Return the date; see `click.ParamType.convert`."""
        try:
            day = super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"{value!r} is no day: write it like 2026-05-01", param, ctx)
        if day.year < FIRST_YEAR:
            self.fail(f"{value!r} is before {FIRST_YEAR}: write it like 2026-05-01", param, ctx)
        return day


@click.command()
@click.argument("playlist", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--rpe", type=Number(0, 10), metavar="N",
    help="How hard it was, from 0 (rest) to 10 (maximal).",
)  # fmt: skip
@click.option("--note", metavar="TEXT", help="What else there is to say.")
@click.option(
    "--on", "when", type=Day(["%Y-%m-%d"]), metavar="DATE",
    help="When it was, such as 2026-05-01.  [default: today]",
)  # fmt: skip
@click.option("--undo", is_flag=True, help="It was not done: take the last mark back.")
@library_option
def done(
    playlist: Path | None, rpe: float | None, note: str | None, when: datetime | None, undo: bool,
    library: Path,
) -> None:  # fmt: skip
    """Mark the workout of PLAYLIST as done; without one, that of the playlist built last.

    PLAYLIST is a file that `tempo build` wrote; it is known by its songs if it was moved or
    renamed. Said again on the same day, it corrects what was said before.

    \b
    Examples:
      tempo done
      tempo done run.m3u8 --rpe 7 --note "new shoes"
      tempo done run.m3u8 --on 2026-05-01
    """
    from playlists.training import day

    at = _moment(when)
    with opened(library) as opened_library:
        built = _meant(opened_library, playlist)
        marks = [one for one in opened_library.history.done() if one.built == built.number]
        if undo:
            if not marks:
                raise PlaylistError(f"{_title(built)} is not marked as done")
            opened_library.history.remove_done(marks[-1])
            click.echo(f"not done on {day(marks[-1].time)}: {_title(built)}")
            return
        before = next((one for one in marks if day(one.time) == day(at)), None)
        mark = Done(
            built.number,
            before.time if before else at,
            rpe if rpe is not None or not before else before.rpe,
            note if note is not None else before.note if before else "",
        )
        opened_library.history.add_done(mark, instead_of=before)
    said = f", {mark.rpe:g} of 10" if mark.rpe is not None else ""
    click.echo(f"done on {day(at)}: {_title(built)}{said}")


def _moment(when: datetime | None) -> float:
    """Return now, or noon of a day that is over."""
    from playlists.training import day

    now = time.time()
    if when is None or when.date() == day(now):
        return now
    if when.date() > day(now):
        raise click.UsageError(f"{when:%Y-%m-%d} has not come yet")
    return when.replace(hour=12).timestamp()


def _meant(library: "Library", path: Path | None) -> Built:
    """Return the playlist that a file is, or the last one."""
    from playlists.formats.registry import read_listing
    from playlists.training import chosen

    built = library.history.built()
    if not built:
        raise PlaylistError("no playlist was built yet: `tempo build WORKOUT -o run.m3u8`")
    if path is None:
        return built[-1]
    songs = read_listing(path).items if path.exists() else ()
    called = {track.location: name(track) for track in library.tracks()} if songs else {}
    found = chosen(built, path.absolute(), songs, called)
    if found is None:
        fault = "is no playlist that was built here" if path.exists() else "is not there"
        raise PlaylistError(
            f"{printable(path)} {fault}: `tempo history --built` lists what was built"
        )
    return found


def _title(built: Built) -> str:
    return f"{printable(built.name)}, {clock(60 * built.minutes)} ({printable(built.output.name)})"


@click.command()
@click.option(
    "--weeks", "most", type=Whole(min=1), default=12, show_default=True, metavar="N",
    help="Show the last N weeks.",
)  # fmt: skip
@click.option("--built", "as_built", is_flag=True, help="The playlists that were built instead.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@library_option
def history(most: int, as_built: bool, as_json: bool, library: Path) -> None:
    """Show the workouts that were done: each one, week by week, and the best.

    Load is how hard it was (RPE) times minutes; where no RPE was given, the one that the
    workout's intensity usually gets is taken, with a ~ before it.

    \b
    Examples:
      tempo history
      tempo history --weeks 52
      tempo history --built
      tempo history --json | jq '.weeks[].load'
    """
    from playlists.past_screen import history_json, show_built, show_history
    from playlists.training import sessions

    with opened(library) as opened_library:
        built, marks = opened_library.history.built(), opened_library.history.done()
    found = sessions(built, marks)
    if as_json:
        click.echo(json.dumps(history_json(built, found), indent=2))
    elif as_built:
        show_built(built, marks)
    elif not found:
        click.echo("nothing is marked as done yet: `tempo done` after a workout", err=True)
    else:
        show_history(found, most)
