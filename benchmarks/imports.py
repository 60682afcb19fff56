"""How far to trust imported tempi, and how long imports take.

    python -m benchmarks.imports CATALOG --manifest MANIFEST

CATALOG is a table for `tempo import`, MANIFEST a CSV of songs of known tempo (source, title,
artist, true_bpm). Songs are paired by artist and title; of several rows the first counts.

Prints the seconds of processor time that reading, storing and loading take, and for each source
how many published tempi are right (within 4 %, the tolerance of MIREX), double, or half.
"""

import argparse
import csv
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from math import log2
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.train_energy import Key, key
from tempo.catalog import read_catalog
from tempo.library import Library
from tempo.published import FAST
from tempo.track import Track

TOLERANCE = 0.04
KINDS = ("right", "double", "half", "other")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("catalog", type=Path)
    parser.add_argument("--manifest", type=Path)
    options = parser.parse_args()
    tracks = speed(options.catalog)
    if options.manifest:
        octaves(tracks, options.manifest)


def speed(path: Path) -> tuple[Track, ...]:
    with timed("read"):
        catalog = read_catalog(path)
    print(f"{len(catalog.tracks)} tracks, {catalog.repeated} repeated, "
          f"{catalog.left['tempo']} without a tempo")  # fmt: skip
    with TemporaryDirectory() as folder, Library(Path(folder, "library.db")) as library:
        with timed("store"):
            library.add_imported(catalog.tracks)
        with timed("store again"):
            library.add_imported(catalog.tracks)
        with timed("load"):
            library.tracks()
    return catalog.tracks


@contextmanager
def timed(what: str) -> Iterator[None]:
    start = time.process_time()
    yield
    print(f"{what:12}{time.process_time() - start:6.2f} s")


def octaves(tracks: Iterable[Track], manifest: Path) -> None:
    published = tempi(tracks)
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    with manifest.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            song = key(row["artist"], row["title"])
            if song in published:
                bpm, kind = published[song], kind_of(published[song] / float(row["true_bpm"]))
                counts[row["source"]][kind] += 1
                if row["source"].startswith("hits"):
                    counts[f"hits {'from' if bpm >= FAST else 'below'} {FAST:g} BPM"][kind] += 1
    for name, count in sorted(counts.items()):
        print(f"{name:22}", *(f"{kind} {count[kind]:4}" for kind in KINDS))


def tempi(tracks: Iterable[Track]) -> dict[Key, float]:
    """Return the tempo of each song; of several rows the first counts."""
    published: dict[Key, float] = {}
    for track in tracks:
        if track.bpm and all(song := key(track.artist, track.title)):
            published.setdefault(song, track.bpm)
    return published


def kind_of(ratio: float) -> str:
    return next(
        (kind for kind, level in zip(KINDS, (1, 2, 0.5), strict=False)
         if abs(log2(ratio / level)) < log2(1 + TOLERANCE)),
        "other",
    )  # fmt: skip


if __name__ == "__main__":
    main()
