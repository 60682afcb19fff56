"""What becomes of the playlists that `build` made: they are shown, and written."""

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from playlists.disk import write_file
from tempo.cli import drop_output
from tempo.screen import counted, paragraph

if TYPE_CHECKING:
    from playlists.formats.registry import Format
    from playlists.playlist import Mode, Playlist
    from playlists.settings import Settings
    from playlists.workout import Range, Workout


def say(
    playlists: "Sequence[Playlist]", *, most: int | None, notes: Iterable[str], as_json: bool,
    explained: bool,
) -> None:  # fmt: skip
    """Show playlists, the alternatives after the first, warn of what they lack, and add notes.

    `most` is how many songs of an artist they may have, if there is a limit.
    """
    try:
        _say(playlists, most, as_json=as_json, explained=explained)
        for note in notes:
            paragraph(f"note: {note}", indent=2, err=True)
    except BrokenPipeError:  # who reads it has seen enough; files are still wanted
        drop_output()


def _say(
    playlists: "Sequence[Playlist]", most: int | None, *, as_json: bool, explained: bool
) -> None:
    from playlists.contract import playlist_json
    from playlists.screen import ends_early, lack, show

    if as_json:
        first, *others = map(playlist_json, playlists)
        if others:
            first["alternatives"] = others
        click.echo(json.dumps(first, indent=2))
    for number, playlist in enumerate(playlists, 1):
        called = f"alternative {number}" * (len(playlists) > 1)
        if not as_json:
            if called:
                click.echo(f"\n{called} of {len(playlists)}")
            show(playlist, explained=explained)
        about = f"{called}, " * bool(called)
        lacks = map(lack, playlist.shortfalls)
        for said in (*ends_early(playlist, most), *lacks, *_nowhere(playlist)):
            paragraph(f"warning: {about}{said}", indent=2, err=True)


def unlike_steps(
    workout: "Workout", settings: "Settings", *, mode: "Mode", cadence: "Range | None"
) -> "Iterator[str]":
    """Yield sentences that say which steps of a workout are too short for music of their own."""
    from playlists.screen import borrowed
    from playlists.unlike import unlike

    for each in unlike(workout, settings, mode=mode, cadence=cadence):
        yield borrowed(each, workout, settings.shortest_block)


def _nowhere(playlist: "Playlist") -> "Iterator[str]":
    """Yield how many songs are nowhere that a player could find them, if any."""
    from playlists.formats.listing import playable

    tracks = [entry.track for entry in playlist.entries]
    lost = len(tracks) - len(playable(tracks))
    if lost:
        has, it = ("has", "it") if lost == 1 else ("have", "them")
        yield (
            f"{counted(lost, 'song')} {has} neither a file nor a Spotify id, and no player finds "
            f"{it}: `tempo push` looks for {it} by name, and other formats than JSON leave {it} out"
        )


def write(
    made: "list[tuple[Path, Playlist]]", into: "Format", *, absolute: bool, force: bool
) -> None:
    """Write each playlist as its file; `absolute` writes full paths."""
    for path, playlist in made:
        folder = None if absolute else path.parent
        write_file(path, _bytes(playlist, into, folder), force=force)


def _bytes(playlist: "Playlist", into: "Format", folder: Path | None) -> bytes:
    from playlists.contract import playlist_json
    from playlists.formats.listing import listing
    from playlists.formats.registry import written

    if into.name == "json":  # more than any other format can say
        return (json.dumps(playlist_json(playlist), indent=2) + "\n").encode()
    tracks = (entry.track for entry in playlist.entries)
    return written(listing(playlist.title, tracks), into, folder)
