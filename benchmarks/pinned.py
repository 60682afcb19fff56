"""Pin songs that somebody loves, whatever they suit, in a large catalog.

Songs are drawn at random, and so are the moments that they must cover: most suit them badly, as a
favorite may. Misfit is then mostly what the pinned songs cost, and the bound should know of it.
"""

import time
from pathlib import Path

import click
import numpy as np

from benchmarks.sequencing import KINDS, loaded, read_catalog
from playlists.builtin import builtin
from playlists.pool import Pool
from playlists.rules import Pin
from playlists.sequencing import sequence
from playlists.settings import load

MOST = 3  # Songs pinned in a playlist.
APART = 420.0  # Seconds between two pins: room for a song before and after each.
SONG = (90.0, 420.0)  # Seconds that a pinned song lasts.


@click.command()
@click.argument("catalog", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--count", type=int, default=24, show_default=True, help="Playlists to build.")
def main(catalog: Path, count: int) -> None:
    """Build playlists with pinned songs from CATALOG: a line each, then all of them."""
    tracks = list(read_catalog(catalog))
    held, settings, rng = loaded(tracks, len(tracks)), load(), np.random.default_rng(0)
    print(f"{'workout':17}{'':10}{'pins':>5}{'misfit':>9}{'gap':>7}{'missed':>8}{'seconds':>9}")
    found = []
    for _ in range(count):
        name, mode = KINDS[int(rng.integers(len(KINDS)))]
        workout = builtin(name, float(rng.choice([30, 45, 60])))
        pins = _pins(held, workout.duration, rng)
        start = time.process_time()
        made = sequence(workout, held, settings=settings, mode=mode, pins=pins)
        seconds, missed = time.process_time() - start, made.duration - made.target_duration
        print(f"{name:17}{workout.duration / 60:3.0f} {mode:6}{len(pins):5}", end="")
        print(f"{made.misfit:9.4f}{made.gap:7.1%}{missed:+7.1f}s{seconds:9.2f}", flush=True)
        found.append((100 * made.gap, abs(missed), seconds))
    gap, missed, seconds = np.array(found).T
    print(f"gap: median {np.median(gap):.1f} %, widest {gap.max():.1f} %; ", end="")
    print(f"seconds: median {np.median(seconds):.1f}, longest {seconds.max():.1f}; ", end="")
    print(f"ends at most {missed.max():.1f} s off")


def _pins(held: Pool, duration: float, rng: np.random.Generator) -> list[Pin]:
    """Return a few songs of ordinary length at moments that leave room for them."""
    fair = np.flatnonzero((held.duration > SONG[0]) & (held.duration < SONG[1]))
    moments = np.sort(rng.uniform(0, duration, int(rng.integers(1, MOST + 1))))
    kept = [moments[0]]
    for at in moments[1:]:
        kept += [at] if at - kept[-1] > APART else []
    chosen = rng.choice(fair, len(kept), replace=False)
    return [Pin(held.tracks[i], float(at)) for i, at in zip(chosen, kept, strict=True)]


if __name__ == "__main__":
    main()
