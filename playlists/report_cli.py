"""The command that shows a playlist: `report`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from playlists.carry import say_gone
from playlists.disk import write_file
from playlists.goal_cli import asked_for, assumed, measure_options
from playlists.workout_cli import current_settings
from tempo.cli import library_option, opened
from tempo.screen import printable

if TYPE_CHECKING:
    from playlists.report.reading import Asked
    from playlists.report.view import View
    from tempo.past import Built
    from tempo.track import Track

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("playlist", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("-o", "--output", type=FILE, help="The page.  [default: PLAYLIST with .html]")
@click.option("--png", type=FILE, help="Instead: the arc alone, as a picture.")
@click.option("--svg", type=FILE, help="Instead: the same, to be drawn at any size.")
@click.option("--dark", is_flag=True, help="Dark colors in the PNG; page and SVG have both.")
@click.option("--embed", is_flag=True, help="Put the songs into the page: it plays anywhere.")
@measure_options
@click.option("--playlist", "name", metavar="NAME", help="Which one, where PLAYLIST holds several.")
@click.option("--force", is_flag=True, help="Replace files that are there.")
@library_option
def report(
    playlist: Path, output: Path | None, png: Path | None, svg: Path | None, dark: bool,
    embed: bool, name: str | None, force: bool, library: Path, **measure: Any,
) -> None:  # fmt: skip
    """Draw PLAYLIST as a page with its arc, its songs, and a player for the gym floor.

    The page needs no network. It plays the songs where they are, so keep it beside them, or give
    --embed to take everything along in one large file.

    What a playlist was built for is in the .json of `tempo build`, and for its other files in the
    library; else the title may say it, and --workout, --plan or --bpm does.

    \b
    Examples:
      tempo report run.json
      tempo report run.m3u8 --workout hearts-on-fire --minutes 45 -o report.html
      tempo report run.json --png arc.png
      tempo report run.json --embed -o phone.html
    """
    shown = read(playlist, name, asked_for(**measure), library)
    if not (output or png or svg):
        output = playlist.with_suffix(".html")
    if output:
        say_gone(playlist, [song.path for song in shown.songs])
    for path, raw in _files(shown, output, png, svg, dark=dark, embed=embed):
        write_file(path, raw, force=force)
        click.echo(f"wrote {printable(path)}", err=True)


def read(playlist: Path, name: str | None, asked: "Asked | None", library: Path) -> "View":
    """Return what there is to show of a playlist file, and say what is assumed or left out."""
    from playlists.report.reading import built, listed, measured

    if asked is None and (shown := built(playlist)):
        return shown
    found, (tracks, past) = listed(playlist, name), _kept(library)
    if asked is None and tracks:
        asked = assumed(playlist, found, tracks, past)
    shown, unknown = measured(found, tracks, asked, current_settings())
    for item in unknown:
        click.echo(f"warning: not in the library: {printable(item.location)}", err=True)
    if not asked:
        click.echo("note: give --workout, --plan or --bpm to see what was wanted", err=True)
    return shown


def _kept(library: Path) -> "tuple[list[Track], list[Built]]":
    """Return the tracks of the library, and the playlists that were built; a report needs none."""
    if not library.exists():
        return [], []
    with opened(library) as opened_library:
        return opened_library.tracks(), opened_library.history.built()


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
