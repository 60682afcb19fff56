"""The commands that look at the library: `list` and `show`."""

import csv
import gc
import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tempo.cli import Number, library_option, opened, titles
from tempo.screen import cells, portrait, printable, table

if TYPE_CHECKING:
    from tempo.track import Failure, Track


def _range(_: click.Context, __: click.Parameter, value: str | None) -> tuple[float, float] | None:
    from tempo.choose import bpm_range

    try:
        return None if value is None else bpm_range(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


@click.command("list")
@click.argument("words", nargs=-1)
@click.option("--bpm", callback=_range, metavar="LOW-HIGH", help="Only tempos in this range.")
@click.option("--min-confidence", type=Number(0, 1), help="Only tempos this sure.")
@click.option("--max-confidence", type=Number(0, 1), help="Only tempos this unsure.")
@click.option(
    "--doubtful", is_flag=True, help="Only low confidence, an ambiguous octave or a changing tempo."
)
@click.option(
    "--source",
    type=click.Choice([
        "analysis", "fixed", "import", "file", "spotify", "reccobeats", "deezer", "preview",
        "getsongbpm",
    ]),
    help="Only tempos that were measured, corrected, imported, or come from a file or service.",
)  # fmt: skip
@click.option("--failed", is_flag=True, help="The files that could not be measured, and why.")
@click.option(
    "--sort",
    type=click.Choice(
        ["path", "title", "artist", "bpm", "confidence", "strength", "energy", "build",
         "loudness", "duration"]
    ),
    default="path", show_default=True, help="What to sort by.",
)  # fmt: skip
@click.option("--reverse", is_flag=True, help="Highest first.")
@click.option("--json", "as_json", is_flag=True, help="A JSON list.")
@click.option("--csv", "as_csv", is_flag=True, help="CSV with a header.")
@library_option
def list_tracks(
    words: tuple[str, ...], bpm: tuple[float, float] | None, min_confidence: float | None,
    max_confidence: float | None, doubtful: bool, source: str | None, failed: bool, sort: str,
    reverse: bool, as_json: bool, as_csv: bool, library: Path,
) -> None:  # fmt: skip
    """List the tracks of the library; WORDS must all occur in artist, title, album or path.

    A word may be bound to artist:, title:, album: or path:, and bpm:, energy:, strength:, build:,
    confidence: and minutes: to a range.

    \b
    Examples:
      tempo list artist:rush bpm:120-140 energy:0.7-
      tempo list --bpm 165-175 --sort energy --reverse
      tempo list --doubtful
      tempo list --json rocky | jq '.[].bpm'
    """
    if as_json and as_csv:
        raise click.UsageError("choose one of --json and --csv")
    with opened(library) as opened_library:
        if failed:
            _show_failures(opened_library.failures(), as_json=as_json, as_csv=as_csv)
            return
        # The second candidate tells whether the first is doubtful; more shows in JSON alone.
        tracks = opened_library.tracks() if as_json or as_csv else opened_library.tracks(most=2)
    gc.freeze()  # what was read stays to the end: looking for garbage in it takes a fifth longer
    from tempo.choose import SORT_KEYS, lies, matching, no_field

    sure = (min_confidence or 0.0, 1.0 if max_confidence is None else max_confidence)
    tracks = [
        track
        for track in matching(tracks, " ".join(words))
        if (bpm is None or lies(track, "bpm", *bpm))
        and lies(track, "confidence", *sure)
        and (not doubtful or track.is_doubtful)
        and source in {None, track.source}
    ]
    if not tracks and not (as_json or as_csv):
        why = no_field(" ".join(words))
        click.echo("no track fits" + f": {why}" * bool(why), err=True)
        return
    _show_tracks(sorted(tracks, key=SORT_KEYS[sort], reverse=reverse), as_json, as_csv)


def _show_tracks(tracks: list["Track"], as_json: bool, as_csv: bool) -> None:
    from tempo.contract import COLUMNS, track_json

    if as_json:
        click.echo(json.dumps([track_json(track) for track in tracks], indent=2))
    elif as_csv:
        _write_csv(COLUMNS, map(track_json, tracks))
    else:
        heads = ("BPM", "sure", "beat", "energy", "build", "LUFS", "length", "track")
        table(heads, [cells(track) for track in tracks], spare=(5, 4, 2, 6, 3))


def _show_failures(failures: list["Failure"], *, as_json: bool, as_csv: bool) -> None:
    from tempo.contract import failure_json

    if as_json:
        click.echo(json.dumps([failure_json(failure) for failure in failures], indent=2))
    elif as_csv:
        _write_csv(("path", "reason"), map(failure_json, failures))
    elif not failures:
        click.echo("no file failed", err=True)
    else:
        for failure in failures:
            click.echo(f"{printable(failure.path)}: {failure.reason}")


def _write_csv(columns: tuple[str, ...], rows: Iterable[dict[str, Any]]) -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    # A name that is no UTF-8 goes out as the bytes that it is.
    click.echo(text.getvalue().encode("utf-8", "surrogateescape"), nl=False)


@click.command()
@click.argument("track", shell_complete=titles)
@click.option("--json", "as_json", is_flag=True, help="A JSON object.")
@library_option
def show(track: str, as_json: bool, library: Path) -> None:
    """Show all that is known of TRACK: its path or URI, or words that fit it alone.

    \b
    Examples:
      tempo show "hearts on fire"
      tempo show song.mp3 --json
    """
    from tempo.choose import one
    from tempo.contract import track_json

    with opened(library) as opened_library:
        found = one(opened_library.tracks(), track)
    if as_json:
        click.echo(json.dumps(track_json(found), indent=2))
        return
    for text in portrait(found):
        click.echo(text)
