"""Make a small crate of songs with known tempo: ``python -m benchmarks.crate FOLDER``.

Thirty songs in nine styles and six formats, 80 to 176 BPM, about an hour in all. Their tags do
not tell the tempo; ``truth.csv`` beside them does.
"""

import csv
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import click

from benchmarks.synth import save, song


@dataclass(frozen=True, slots=True)
class Record:
    """What makes one song of the crate."""

    artist: str
    title: str
    style: str
    bpm: float
    seconds: float
    suffix: str
    intro: float = 0.0
    rise: float = 0.0

    @property
    def drive(self) -> float:
        """Ballads are soft and anthems are not: from 0.1 at 80 BPM to 0.9 from 140 on."""
        return min(0.9, max(0.1, 0.1 + 0.8 * (self.bpm - 80) / 60))


RECORDS = (
    Record("Velvet Motor", "First Light", "ballad", 80, 122, ".ogg", intro=6),
    Record("The Long Straights", "Lace Up", "hip-hop", 84, 118, ".mp3"),
    Record("Marlow Quay", "Slow Water", "ballad", 88, 126, ".flac"),
    Record("Nine Ton Feather", "Corner Store", "hip-hop", 93, 124, ".ogg"),
    Record("Velvet Motor", "Easy Gears", "rock", 98, 131, ".opus"),
    Record("Kite & Anchor", "Down the Towpath", "rock", 104, 117, ".ogg"),
    Record("Marlow Quay", "Morning Shift", "disco", 110, 128, ".flac"),
    Record("Sable Run", "Warm Hands", "disco", 114, 133, ".m4a"),
    Record("Paper Engines", "Rolling Out", "house", 118, 125, ".ogg", intro=8),
    Record("Nine Ton Feather", "Ring the Bell", "rock", 121, 121, ".mp3"),
    Record("Sable Run", "Glass Floor", "house", 124, 137, ".flac"),
    Record("Kite & Anchor", "Second Wind", "rock", 126.5, 119, ".ogg"),
    Record("Paper Engines", "Turbine", "house", 128, 142, ".opus", rise=0.6),
    Record("Iron Meridian", "Northern Steel", "rock", 130, 124, ".ogg"),
    Record("Marlow Quay", "All the Lights", "disco", 131, 118, ".flac"),
    Record("Sable Run", "Overdrive", "house", 132.4, 136, ".ogg"),
    Record("The Long Straights", "Hold the Line", "rock", 133.7, 127, ".mp3"),
    Record("Iron Meridian", "Win the Hill", "rock", 135, 122, ".flac"),
    Record("Paper Engines", "Anthem for Legs", "house", 136.6, 139, ".ogg", rise=0.4),
    Record("Kite & Anchor", "Burn Bright", "rock", 137.2, 126, ".opus"),
    Record("Sable Run", "Hard Forty", "disco", 138, 129, ".ogg"),
    Record("Iron Meridian", "Heart of Iron", "rock", 139.1, 123, ".m4a"),
    Record("Nine Ton Feather", "Last Interval", "house", 140, 134, ".flac"),
    Record("The Long Straights", "Bell Lap", "rock", 142.8, 121, ".ogg"),
    Record("Paper Engines", "Redline", "house", 145, 131, ".ogg", rise=0.8),
    Record("Halfpipe Saints", "Shin Splints", "punk", 152, 105, ".mp3"),
    Record("Halfpipe Saints", "Kick It Down", "punk", 165, 102, ".ogg"),
    Record("Low Orbit Union", "Breaker", "drum and bass", 170, 128, ".flac"),
    Record("Low Orbit Union", "Night Sprint", "drum and bass", 176, 124, ".ogg"),
    Record("Velvet Motor", "Old Ballroom", "waltz", 90, 120, ".ogg"),
)


def make(record: Record, folder: Path) -> Path:
    """Synthesize and encode one song."""
    y = song(
        record.bpm, record.seconds, record.style,
        seed=round(100 * record.bpm), intro=record.intro, rise=record.rise, drive=record.drive,
    )  # fmt: skip
    path = folder / record.artist / f"{record.title}{record.suffix}"
    tags = {"title": record.title, "artist": record.artist, "album": "The Crate"}
    return save(path, y, tags)


def write_truth(folder: Path) -> None:
    """Write the true tempo of each song beside them, as `benchmarks.tempo` reads it."""
    with (folder / "truth.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["path", "true_bpm", "group", "source", "genre"])
        for record in RECORDS:
            path = f"{record.artist}/{record.title}{record.suffix}"
            rows.writerow([path, record.bpm, "synthetic", "crate", record.style])


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
def main(folder: Path) -> None:
    """Make the crate in FOLDER, unless it is there already."""
    if (folder / "truth.csv").exists():
        return
    with ProcessPoolExecutor() as pool:
        for path in pool.map(make, RECORDS, [folder] * len(RECORDS)):
            click.echo(f"made {path}")
    write_truth(folder)


if __name__ == "__main__":
    main()
