"""The command `import`, for songs that are not files here."""

from pathlib import Path

import click

from tempo.cli import library_option, opened

WHY = {
    "file": "files, which are for `tempo analyze`",
    "title": "no title given",
    "duration": "no length given",
    "tempo": "no tempo given",
    "energy": "no energy given",
}


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--remove", is_flag=True, help="Forget the tracks of FILE instead.")
@library_option
def import_tracks(file: Path, remove: bool, library: Path) -> None:
    """Bring the tracks of a table into the library: songs that are not files here.

    FILE is a CSV as Exportify writes it, or any with columns for title, duration, tempo and
    energy, best also for Spotify's id, artist, loudness and danceability; it may be gzipped.
    Their tempo is what the table says, with less confidence than one that was measured.

    \b
    Examples:
      tempo import liked_songs.csv
      tempo import --remove liked_songs.csv
    """
    from tempo.catalog import read_catalog

    catalog = read_catalog(file)
    with opened(library, create=not remove) as opened_library:
        if remove:
            click.echo(f"{opened_library.remove_imported(catalog.tracks)} removed")
            return
        new, changed = opened_library.add_imported(catalog.tracks)
    parts = [f"{new} new", f"{changed} changed", f"{len(catalog.tracks) - new - changed} unchanged"]
    parts += [f"{catalog.repeated} repeated"] * bool(catalog.repeated)
    parts += [f"{count} left out: {WHY[lacking]}" for lacking, count in catalog.left.items()]
    click.echo(", ".join(parts))
