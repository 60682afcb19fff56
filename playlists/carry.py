"""The commands that carry a playlist elsewhere: `convert` and `export`."""

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from playlists.disk import write_file
from tempo.cli import library_option, opened
from tempo.screen import counted, paragraph, printable, weight

if TYPE_CHECKING:
    from playlists.formats.listing import Listing
    from playlists.formats.registry import Format

F = TypeVar("F", bound=Callable[..., Any])

NAMES = ("m3u8", "m3u", "pls", "xspf", "jspf", "csv", "rekordbox", "itunes", "json")
UNITS = {"": 1, "k": 1e3, "m": 1e6, "g": 1e9}
"""As makers of memory count, and `ls` does not: the smaller reading always fits."""


def format_option(command: F) -> F:
    """Add `--format` to a command, which gets the format's name, or None, as `kind`."""
    return click.option(
        "--format", "kind", type=click.Choice(NAMES),
        help="Format of the playlist.  [default: as its name says]",
    )(command)  # fmt: skip


def wanted_format(path: Path, kind: str | None) -> "Format":
    """Return the format in which to write `path`; a name that does not tell is wrong usage."""
    from playlists.errors import PlaylistError
    from playlists.formats.registry import by_name

    try:
        return by_name(path, kind)
    except PlaylistError as error:
        raise click.UsageError(str(error)) from error


@click.command()
@click.argument("source", metavar="A", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("target", metavar="B", type=click.Path(dir_okay=False, path_type=Path))
@format_option
@click.option("--playlist", metavar="NAME", help="Which one, where A holds several.")
@click.option("--absolute", is_flag=True, help="Write full paths.  [default: relative to B]")
@click.option("--force", is_flag=True, help="Replace B if it is there.")
@library_option
def convert(
    source: Path, target: Path, kind: str | None, playlist: str | None, absolute: bool,
    force: bool, library: Path,
) -> None:  # fmt: skip
    """Write playlist A as B, in another format or for another folder.

    The format of A shows in what it holds. What A does not say of a song, the library adds.

    \b
    Examples:
      tempo convert run.m3u8 run.xspf
      tempo convert run.m3u8 for-rekordbox.xml --format rekordbox
      tempo convert "Library.xml" gym.m3u8 --playlist Gym
    """
    from playlists.formats.registry import read_listing, written

    into = wanted_format(target, kind)
    found = with_library(read_listing(source, playlist), library)
    folder = None if absolute else target.parent
    write_file(target, written(found, into, folder), force=force)
    say_gone(source, [item.location for item in found.items])
    lost = sum(not item.location for item in found.items)
    if lost:
        click.echo(f"warning: {counted(lost, 'song')} without file or address: left out", err=True)
    click.echo(f"wrote {printable(target)}: {counted(len(found.items) - lost, 'song')}", err=True)


def say_gone(playlist: Path, places: Iterable[str]) -> None:
    """Warn of files that are not where a playlist says, as if it was moved without them."""
    from playlists.formats.location import is_address, is_there

    files = [place for place in places if place and not is_address(place)]
    gone = sum(not is_there(place) for place in files)
    if gone:
        paragraph(
            f"warning: {gone:,} of {counted(len(files), 'file')} {'is' if gone == 1 else 'are'} "
            f"not where {printable(playlist.name)} says: take it from where it was, or build it "
            "again",
            indent=2,
            err=True,
        )


def with_library(found: "Listing", library: Path) -> "Listing":
    """Return a playlist with what the library knows of its songs, if there is one."""
    from dataclasses import replace

    from playlists.formats.listing import completed, item

    if not library.exists():
        return found
    with opened(library) as opened_library:
        known = {item(track).location: track for track in opened_library.tracks()}
    items = (
        completed(each, known[each.location]) if each.location in known else each
        for each in found.items
    )
    return replace(found, items=tuple(items))


def _bytes(_: click.Context, __: click.Parameter, value: str | None) -> float:
    if value is None:
        return float("inf")
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([kmg]?)i?b?\s*", value, re.IGNORECASE)
    if not match:
        raise click.BadParameter(f"{value!r} is no size: write 500MB or 4GB")
    return float(match[1]) * UNITS[match[2].lower()]


@click.command()
@click.argument(
    "source", metavar="PLAYLIST", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option(
    "--to", "folder", required=True, metavar="FOLDER",
    type=click.Path(file_okay=False, path_type=Path), help="Created if its parent is there.",
)  # fmt: skip
@click.option(
    "--transcode",
    "as_format",
    type=click.Choice(["mp3", "m4a"]),
    help="Songs of other formats become this one.",
)
@click.option(
    "--max-size",
    "limit",
    callback=_bytes,
    metavar="SIZE",
    help="Stop at the first song beyond SIZE, such as 500MB.",
)
@format_option
@click.option("--playlist", metavar="NAME", help="Which one, where PLAYLIST holds several.")
@click.option("-q", "--quiet", is_flag=True, help="Print the summary only.")
@library_option
def export(
    source: Path, folder: Path, as_format: str | None, limit: float, kind: str | None,
    playlist: str | None, quiet: bool, library: Path,
) -> None:  # fmt: skip
    """Copy the songs of PLAYLIST in order to FOLDER, with the playlist beside them.

    For memory sticks, watches and phones: names are numbered and plain, each copy is read back
    and compared. Run it again after an interruption and it goes on; after another playlist, and
    it removes the songs that it put there and that are no longer wanted. It never touches
    anything else in FOLDER.

    \b
    Examples:
      tempo export run.m3u8 --to /media/stick/run
      tempo export run.m3u8 --to ~/watch --transcode mp3 --max-size 500MB
    """
    from playlists.export import exporting
    from playlists.export.naming import safe_name
    from playlists.formats.registry import FORMATS, read_listing

    into = FORMATS[kind or "m3u8"]
    found = with_library(read_listing(source, playlist), library)
    name = safe_name(source.stem) + into.suffix
    done, before = [], exporting.held(folder)
    for outcome in exporting.export(found, folder, into, name, as_format=as_format, limit=limit):
        done.append(outcome)
        if outcome.how == "no room":
            continue
        if not (quiet and outcome.size):
            text = f"[{len(done)}/{len(found.items)}] {outcome.song.name}: {outcome.how}"
            click.echo(printable(text), err=True)
    there = [outcome for outcome in done if outcome.size]
    left = sum(outcome.how == "no room" for outcome in done)
    failed = len(done) - len(there) - left
    after = exporting.held(folder)
    kept = {*after.values()}
    gone = sum(not (name in after or digest in kept) for name, digest in before.items())
    paragraph(_summary(len(there), sum(each.size for each in there), folder, left, failed, gone))
    if failed:
        click.get_current_context().exit(1)


def _summary(count: int, size: int, folder: Path, left: int, failed: int, gone: int) -> str:
    parts = [f"{counted(count, 'song')}, {weight(size)}, in {printable(folder)}"]
    parts += [f"{left} had no room"] * bool(left)
    parts += [f"{failed} could not be taken"] * bool(failed)
    parts += [f"{gone} of an earlier export removed"] * bool(gone)
    return ", ".join(parts)
