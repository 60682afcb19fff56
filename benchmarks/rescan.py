"""How long an unchanged folder takes: ``python -m benchmarks.rescan [--files 10000]``.

Makes a folder of that many files, brings a library up to date with it, and times further runs as
whole processes against the bare cost of finding the files.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import click

from benchmarks.synth import clicks, save

FOLDER_SIZE = 20
"""Files in a folder: an album."""


def make(folder: Path, count: int) -> None:
    """Make `count` short songs that differ in name only."""
    source = save(folder / "source.flac", clicks(120, 5))
    for index in range(count - 1):
        place = folder / f"album {index // FOLDER_SIZE:04}"
        place.mkdir(exist_ok=True)
        shutil.copy(source, place / f"{index:05}.flac")


def walk(folder: Path) -> None:
    """Look at each file and do nothing else."""
    for root, _, names in os.walk(folder):
        for name in names:
            Path(root, name).stat()


def timed(action: Callable[[], object], repeats: int = 5) -> float:
    """Return the median duration of an action in seconds."""
    durations = []
    for _ in range(repeats):
        start = time.perf_counter()
        action()
        durations.append(time.perf_counter() - start)
    return statistics.median(durations)


@click.command()
@click.option("--files", default=10_000, show_default=True, type=click.IntRange(min=1))
def main(files: int) -> None:
    """Print the time of an unchanged run beside that of a bare walk."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "music")
        program = [sys.executable, "-m", "playlists", "--library", str(Path(name, "library.db"))]

        def run(*args: str) -> None:
            subprocess.run([*program, *args], check=True, capture_output=True)

        make(folder, 1)
        run("analyze", str(folder))
        make(folder, files)
        run("analyze", str(folder))
        bare = timed(lambda: walk(folder))
        rows = {
            "bare walk and stat": bare,
            "tempo analyze, unchanged": timed(lambda: run("analyze", str(folder))),
            "tempo list": timed(lambda: run("list")),
            "tempo list --json": timed(lambda: run("list", "--json")),
            "tempo --help": timed(lambda: run("--help")),
        }
    click.echo(f"{files} files, median of 5 runs\n{'':28}seconds  x bare walk")
    for label, seconds in rows.items():
        click.echo(f"{label:28}{seconds:7.2f}  {seconds / bare:11.1f}")


if __name__ == "__main__":
    main()
