"""The options of `tempo build` by which a person says what is wanted, and what they come to."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tempo.cli import F, Whole, opened, titles
from tempo.screen import paragraph
from tempo.timing import log

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from playlists.playlist import Mode, Playlist
    from playlists.pool import Pool
    from playlists.rules import Pin
    from playlists.settings import Settings
    from playlists.workout import Range, Workout
    from tempo.track import Track


def _pins(ctx: click.Context, param: click.Parameter, start: str) -> "list[CompletionItem]":
    """Complete the title of a track, as far as the moment that must be said of it."""
    found = titles(ctx, param, start)
    for item in found:
        item.value += "@" * (item.type == "plain")
    return found


def choice_options(command: F) -> F:
    """Add the options by which a person chooses."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


OPTIONS = (
    click.option(
        "--pin", "pins", multiple=True, metavar="TRACK@WHEN", shell_complete=_pins,
        help="This track must play then: at a time (12:30) or in a step (summit).",
    ),
    click.option(
        "--only", multiple=True, metavar="QUERY",
        help="Only tracks that fit, as for `tempo list`; given again, or those.",
    ),
    click.option(
        "--ban", multiple=True, metavar="QUERY", help="No tracks that fit.", shell_complete=titles
    ),
    click.option("--fresh", is_flag=True, help="Rather songs that recent playlists did not use."),
    click.option(
        "--no-repeat-artist", type=Whole(min=0), metavar="N",
        help="At least N songs between two of one artist.",
    ),
    click.option(
        "--max-per-artist", type=Whole(min=0), metavar="N",
        help="At most N songs of one artist; 0 is any number.",
    ),
    click.option(
        "--alternatives", type=Whole(1, 20), default=1, show_default=True, metavar="N",
        help="N playlists that are truly different: run.m3u8, run-2.m3u8 ...",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the options say."""

    pins: tuple[str, ...]
    only: tuple[str, ...]
    ban: tuple[str, ...]
    fresh: bool
    no_repeat_artist: int | None
    max_per_artist: int | None
    alternatives: int

    def read_pins(self, tracks: "Sequence[Track]", workout: "Workout") -> "list[Pin]":
        """Return the pins, whose tracks are among `tracks`."""
        from playlists.choosing import read_pin

        known = list(tracks) if self.pins else []  # looked through several times
        return [read_pin(text, known, workout) for text in self.pins]

    def playlists(
        self, workout: "Workout", tracks: "Sequence[Track]", pins: "Sequence[Pin]", *,
        settings: "Settings", mode: "Mode", seed: int, cadence: "Range | None", library: Path,
    ) -> "list[Playlist]":  # fmt: skip
        """Return the playlists, best first, and say what could not be."""
        from playlists.choosing import with_pins
        from playlists.compiling import heralded
        from playlists.sequencing import library as held_by
        from playlists.sequencing import sequence
        from playlists.supply.shortfalls import beside_pins
        from playlists.targets import targets
        from playlists.variety import alternatives, lately

        held = held_by(self._chosen(tracks, pins, settings))
        if self.fresh:
            with opened(library) as opened_library:
                uses = opened_library.history.recent_use()
            held = replace(held, extra=lately(held, uses, settings.choice))
        most = self.most_of_an_artist(settings)
        apart = _given(self.no_repeat_artist, settings.choice.no_repeat_artist)

        def build(pool: "Pool") -> "Playlist":
            made = sequence(
                workout, pool, settings=settings, mode=mode, seed=seed, cadence=cadence,
                pins=pins, max_per_artist=most, no_repeat_artist=apart,
            )  # fmt: skip
            if not pins:
                return made
            goal = targets(workout, settings, mode=mode, cadence=cadence)
            return beside_pins(with_pins(made, pins), goal)

        with heralded(_say_that_it_takes_longer):
            found = list(alternatives(held, build, self.alternatives, settings.choice))
        if len(found) < self.alternatives:
            paragraph(
                f"warning: {self.alternatives} lists that are truly different are not to be had "
                f"from this library; here {'is' if len(found) == 1 else 'are'} {len(found)}",
                indent=2,
                err=True,
            )
        return [replace(each, number=i) for i, each in enumerate(found, 1)]

    def most_of_an_artist(self, settings: "Settings") -> int | None:
        """Return how many songs of an artist a playlist may have, if there is a limit."""
        return _given(self.max_per_artist, settings.choice.max_per_artist) or None

    def _chosen(
        self, tracks: "Sequence[Track]", pins: "Sequence[Pin]", settings: "Settings"
    ) -> "Sequence[Track]":
        from playlists.choosing import choice, useless
        from tempo.choose import no_field

        for query in useless(tracks, self.ban):
            why = no_field(query)
            click.echo(f"warning: no track fits --ban {query!r}" + f": {why}" * bool(why), err=True)
        banned = (*settings.choice.ban, *self.ban)
        return choice(tracks, only=self.only, banned=banned, pins=pins)


def _given(option: int | None, setting: int) -> int:
    return setting if option is None else option


def _say_that_it_takes_longer() -> None:
    said = "the first playlist of its kind on a machine takes a quarter of a minute more"
    if sys.stderr.isatty():
        click.echo(said, err=True)
    else:
        log.info(said)


def numbered(output: Path, number: int) -> Path:
    """Return where an alternative is written: run.m3u8, run-2.m3u8, run-3.m3u8."""
    return output if number == 1 else output.with_stem(f"{output.stem}-{number}")
