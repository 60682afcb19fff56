"""What a person sees of a playlist."""

from collections.abc import Iterator

import click

from playlists.explaining import explain
from playlists.playlist import Entry, Playlist
from tempo.screen import clock, name, printable, table

HEADS = ("at", "BPM", "x", "wanted", "energy", "wanted", "length", "step", "track")
LEVELS = {0.5: "½", 1.0: "", 2.0: "2"}


def show(playlist: Playlist, *, explained: bool) -> None:
    """Print a playlist: a row for each track, then how well it fits."""
    if explained:
        for entry in playlist.entries:
            click.echo(f"{clock(entry.start)}  {printable(name(entry.track))}")
            click.echo(f"      {printable(explain(entry))}")
    else:
        table(HEADS, [_cells(entry) for entry in playlist.entries])
    for line in summary(playlist):
        click.echo(line)


def _cells(entry: Entry) -> tuple[str, ...]:
    track = entry.track
    return (
        clock(entry.start),
        f"{track.bpm:.1f}" if track.bpm else "-",
        LEVELS.get(entry.level, f"{entry.level:g}"),
        f"{entry.target_bpm:.0f}",
        f"{track.analysis.energy:.2f}",
        f"{entry.target_energy:.2f}",
        clock(entry.duration),
        printable(entry.step_name),
        printable(name(track)),
    )


def summary(playlist: Playlist) -> Iterator[str]:
    """Yield what a playlist is and how well it fits, a line each."""
    off = playlist.duration - playlist.target_duration
    yield (
        f"{playlist.workout.name}, --{playlist.mode}, seed {playlist.seed}: "
        f"{len(playlist.entries)} tracks, {clock(playlist.duration)} of "
        f"{clock(playlist.target_duration)} ({off:+.0f} s)"
    )
    yield f"misfit {playlist.misfit:.3f} (0 is perfect, 1 poor); at most {playlist.gap:.0%} of it avoidable"
