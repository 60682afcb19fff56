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


def timed(action: Callable[[], object], repeats: int = 5) -> tuple[float, float]:
    """Return the median seconds and processor seconds of an action, finished children included."""
    durations, works = [], []
    for _ in range(repeats):
        start, work = time.perf_counter(), sum(os.times()[:4])
        action()
        durations.append(time.perf_counter() - start)
        works.append(sum(os.times()[:4]) - work)
    return statistics.median(durations), statistics.median(works)


@click.command()
@click.option("--files", default=10_000, show_default=True, type=click.IntRange(min=1))
def main(files: int) -> None:
    """Print the time of an unchanged run beside that of a bare walk."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "music")
        # Installed programs have their bytecode; one that may not keep it compiles at each start.
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        program = [sys.executable, "-m", "playlists", "--library", str(Path(name, "library.db"))]

        def run(*args: str) -> None:
            command = [*program, *args]
            subprocess.run(command, check=True, capture_output=True, env=environment)

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
    click.echo(f"{files} files, median of 5 runs\n{'':28}seconds  of processor  x bare walk")
    for label, (seconds, work) in rows.items():
        click.echo(f"{label:28}{seconds:7.2f}  {work:12.2f}  {seconds / bare[0]:11.1f}")


if __name__ == "__main__":
    main()
