"""The commands that carry a playlist elsewhere: `convert` and `export`."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from playlists.disk import write_file
from tempo.cli import library_option, opened
from tempo.screen import printable

if TYPE_CHECKING:
    from playlists.formats.listing import Listing
    from playlists.formats.registry import Format

F = TypeVar("F", bound=Callable[..., Any])

NAMES = ("m3u8", "m3u", "pls", "xspf", "jspf", "csv", "rekordbox", "itunes", "json")


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
    lost = sum(not item.location for item in found.items)
    if lost:
        click.echo(f"warning: {lost} songs have neither file nor address: left out", err=True)
    click.echo(f"wrote {printable(target)}: {len(found.items) - lost} songs", err=True)


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
