"""What many songs cost: ``python -m benchmarks.million FOLDER [--songs 1000000]``.

Measures the parts on the songs of FOLDER and on a library of made-up rows, and multiplies. What
grows with the library (opening, storing, listing) is measured at two sizes, to show how.
"""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from tempo.library import Library
from tempo.pool import WORKER_VARIABLES
from tempo.track import (
    ANALYSIS_VERSION,
    Analysis,
    AudioFile,
    Tags,
    TempoCandidate,
    TempoEstimate,
    Track,
)

ROWS = (2_000, 20_000)
"""Tracks in the made-up libraries."""
STORED = 200
"""Tracks that are stored one by one, as `tempo analyze` does."""
CORES = (1, 2, 8, 64, 512)
HOUR = 3600.0


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--songs", default=1_000_000, show_default=True, type=click.IntRange(min=1))
@click.option("--limit", default=20, show_default=True, help="Songs of FOLDER to measure.")
def main(folder: Path, songs: int, limit: int) -> None:
    """Print what SONGS songs cost, from measured parts."""
    workers = {**os.environ, **WORKER_VARIABLES}
    if workers != os.environ:
        # It must be there before the numeric libraries are loaded, so this starts anew.
        sys.exit(subprocess.call([sys.executable, *sys.orig_argv[1:]], env=workers))
    # First, because a child's memory counts from what its parent held.
    libraries = {count: library_costs(count) for count in ROWS}
    start, decoding, analysis, memory = measured(folder, limit)
    click.echo(f"start of a worker        {start:9.2f} CPU s")
    click.echo(f"decoding, a song         {decoding:9.3f} CPU s")
    click.echo(f"analysis with decoding   {analysis:9.3f} CPU s")
    click.echo(f"memory of a worker       {memory:9.0f} MB")
    for count, (stored, listed, size, rows) in libraries.items():
        click.echo(
            f"library of {count:7,} tracks: storing one {1e3 * stored:.2f} ms, "
            f"`tempo list` {listed:.2f} s and {rows:.0f} MB, on disk {size / count:.0f} bytes each"
        )
    click.echo(f"\n{songs:,} songs:")
    for cores in CORES:
        hours = (songs * analysis / cores + start) / HOUR
        click.echo(
            f"{cores:4} cores {hours:9.1f} h, {cores * memory / 1e3:7.1f} GB of memory in workers"
        )
    stored = libraries[ROWS[-1]][0]
    floor = songs * stored / HOUR
    click.echo(
        f"storing is one process's work: {floor:.2f} h, so more than "
        f"{analysis / stored:.0f} cores wait for it"
    )


def measured(folder: Path, limit: int) -> tuple[float, float, float, float]:
    """Return CPU seconds of starting, and of decoding and of analyzing a song; and peak MB."""
    began = time.process_time()
    from tempo.analysis import analyze  # noqa: PLC0415 - its loading is measured
    from tempo.scan import scan  # noqa: PLC0415

    files = [file for file in scan([folder]) if isinstance(file, AudioFile)][:limit]
    if not files:
        raise click.ClickException("no music found")
    analyze(files[0])
    start = time.process_time() - began
    decoding = cpu(_decode, files)
    analysis = cpu(analyze, files)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    count = len(files)
    return max(0.0, start - analysis / count), decoding / count, analysis / count, peak


def _decode(file: AudioFile) -> None:
    from tempo.audio import decoders  # noqa: PLC0415
    from tempo.errors import AudioError  # noqa: PLC0415

    path = Path(file.path)
    for decode in decoders(path):
        try:
            for _ in decode(path):
                pass
        except AudioError:
            continue
        return


def library_costs(count: int) -> tuple[float, float, float, float]:
    """Return seconds to store one track and to list all, bytes on disk, and MB while listing."""
    with TemporaryDirectory() as name:
        path = Path(name, "library.db")
        with Library(path) as library:
            library.add_imported([_track(f"made:{index}") for index in range(count)])
            began = time.perf_counter()
            for index in range(STORED):
                file = AudioFile(Path(f"/music/{index}.flac"), index, 0)
                library.add(file, str(index).encode(), _track(Path(file.path)), ANALYSIS_VERSION)
            stored = (time.perf_counter() - began) / STORED
        command = [sys.executable, "-m", "playlists", "--library", str(path), "list"]
        began = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        listed = time.perf_counter() - began
        memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        return stored, listed, path.stat().st_size, memory


def _track(location: Path | str) -> Track:
    levels = tuple(TempoCandidate(120.0 * level, 0.25) for level in (1, 2, 0.5, 1.5))
    analysis = Analysis(200.0, TempoEstimate(levels, 0.9, 0.01), 0.7, 0.5, -9.0, 0.5, 0.0)
    return Track(location, Tags("A title of usual length", "An artist", "An album"), analysis)


def cpu(action: Callable[[AudioFile], object], files: list[AudioFile]) -> float:
    """Return the CPU seconds of an action on all files."""
    began = time.process_time()
    for file in files:
        action(file)
    return time.process_time() - began


if __name__ == "__main__":
    main()
