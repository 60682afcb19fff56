"""How good, how sure and how fast sequencing is, beside what others do.

Run ``python -m benchmarks.sequencing --catalog tracks.csv.gz``; the catalog has a row a track
with the columns artist, title, duration_ms, tempo, energy and danceability, which stands in for
beat strength. Times are those of one core, loading aside. Baselines
play the same tracks: greedy takes the track that fits best next, by BPM
takes any of the right tempos and sorts them, as music players do. With ``--exact 50`` small random
libraries are solved to proved optimality instead (see `benchmarks.exact`), with ``--small 40``
libraries of 50 to 400 tracks are used as people do, rules and pins included, with ``--tile
1000000`` the catalog is repeated with noise.
"""

import csv
import gzip
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import numpy as np

from benchmarks.exact import optimum
from playlists.builtin import BUILT_IN, builtin
from playlists.matching import constant_rates, score_order
from playlists.playlist import Mode
from playlists.pool import Ints, Pool, options
from playlists.problem import cost, problem
from playlists.rules import Pin
from playlists.sequencing import library, sequence
from playlists.settings import Settings, load
from playlists.targets import Targets, targets
from tempo.library import Library
from tempo.track import Analysis, Tags, TempoCandidate, TempoEstimate, Track

CONFIDENCE = 0.8  # Published tempos have the wrong octave in one of twenty, and are old.


def read_catalog(path: Path) -> Iterator[Track]:
    """Yield the tracks of a catalog; rows without a number where one belongs are left out."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for number, row in enumerate(csv.DictReader(lines)):
            try:
                yield _track(number, row)
            except ValueError:
                continue


def _track(number: int, row: dict[str, str]) -> Track:
    bpm, duration = float(row["tempo"]), float(row["duration_ms"]) / 1000
    levels = ((bpm, 0.8), (bpm / 2, 0.1), (bpm * 2, 0.1)) if bpm > 0 else ()
    tempo = TempoEstimate(
        tuple(TempoCandidate(value, salience) for value, salience in levels),
        CONFIDENCE if levels else 0.0,
        0.0,
    )
    analysis = Analysis(
        duration, tempo, float(row["danceability"]), float(row["energy"]), -10.0, 0.5, 0.0
    )
    tags = Tags(title=row["title"], artist=row["artist"])
    return Track(Path(f"catalog/{number}"), tags, analysis, "import")


def greedy(held: Pool, goal: Targets, settings: Settings) -> Ints:
    """Return the tracks that fit best, one after the other, until the time is full."""
    ways = options(held, np.arange(len(held)))
    rates = constant_rates(ways, goal, settings.weights)
    few = np.argsort(sum(rates.values(), np.zeros(len(ways.track))), kind="stable")[:6000]
    task = problem(options(held, np.unique(ways.track[few])), goal, settings)
    length, track = task.ways.duration, task.ways.track
    order: list[int] = []
    now, used = 0.0, np.zeros(len(held), dtype=bool)
    while now < goal.duration and not used[track].all():
        rate = cost(task, np.arange(len(track)), np.array(now)) / length
        best = int(np.where(used[track], np.inf, rate).argmin())
        order.append(int(track[best]))
        used[track[best]] = True
        now += float(length[best])
    return np.array(order, dtype=np.int64)


def by_bpm(held: Pool, goal: Targets) -> Ints:
    """Return tracks of the workout's tempos, at random until the time is full, slow ones first."""
    bpm = np.exp(held.log_bpm)
    fits = np.flatnonzero((bpm >= goal.low.min()) & (bpm <= goal.high.max()))
    fits = fits if len(fits) else np.arange(len(held))
    shuffled = np.random.default_rng(0).permutation(fits)
    count = int(np.searchsorted(np.cumsum(held.duration[shuffled]), goal.duration)) + 1
    return shuffled[:count][np.argsort(bpm[shuffled[:count]], kind="stable")]


def tiled(tracks: Sequence[Track], count: int) -> Iterator[Track]:
    """Yield `count` tracks: those given, then again and again a little different ones."""
    rng = np.random.default_rng(0)
    for number in range(count):
        track = tracks[number % len(tracks)]
        if number < len(tracks):
            yield replace(track, location=f"table:{number}")
            continue
        analysis, factor = track.analysis, rng.normal(1, 0.01, 2).tolist()
        levels = (
            TempoCandidate(level.bpm * factor[0], level.salience)
            for level in analysis.tempo.candidates
        )
        tempo = replace(analysis.tempo, candidates=tuple(levels))
        energy = min(max(analysis.energy + 0.02 * float(rng.normal()), 0.0), 1.0)
        length = analysis.duration * factor[1]
        other = replace(analysis, duration=length, tempo=tempo, energy=energy)
        yield replace(track, location=f"table:{number}", analysis=other)


def loaded(tracks: Sequence[Track], count: int) -> Pool:
    """Return `count` tracks as a build reads them from a library, and print what that takes."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "library.db"
        with Library(path) as held:
            for some in batched(tiled(tracks, count), 20_000):
                held.add_imported(some)
        start = time.process_time()
        with Library(path) as held:
            found = library(held.rows())
        print(f"loading {len(found)} tracks took {time.process_time() - start:.2f} s")
    return found


def batched(tracks: Iterator[Track], size: int) -> Iterator[list[Track]]:
    while some := list(islice(tracks, size)):
        yield some


def exact_ones(tracks: Sequence[Track], settings: Settings, count: int, minutes: float) -> None:
    """Compare with the proved optimum of `count` libraries of 12 to 40 tracks, and print it."""
    rng = np.random.default_rng(0)
    print(f"{'workout':17}{'':10}tracks{'best':>9}{'found':>9}{'more':>8}{'bound':>9}", end="")
    print(f"{'gap':>8}{'seconds':>9}")
    more, proved, within = [], 0, 0
    for name, mode in (KINDS[i % len(KINDS)] for i in range(count)):
        chosen = rng.choice(len(tracks), int(rng.integers(12, 41)), replace=False)
        held, workout = library([tracks[i] for i in chosen]), builtin(name, minutes)
        start = time.process_time()
        made = sequence(workout, held, settings=settings, mode=mode)
        seconds = time.process_time() - start
        # What is known only helps to find better ones faster: 2 % more leaves room for itself.
        goal = targets(workout, settings, mode=mode)
        best = optimum(held, goal, settings, known=1.02 * made.misfit)
        more.append(made.misfit / best.bound - 1)
        proved += best.bound == best.misfit
        within += made.bound <= best.misfit + 1e-9
        print(
            f"{name:17}{minutes:3.0f} {mode:6}{len(held):6}{best.misfit:9.4f}{made.misfit:9.4f}",
            end="",
        )
        print(f"{more[-1]:8.2%}{made.bound:9.4f}{made.gap:8.1%}{seconds:9.2f}", flush=True)
    print(
        f"{count} libraries, {proved} optima proved: {sum(m <= 0.01 for m in more)} playlists "
        f"within 1 % of the best, {sum(m <= 0.05 for m in more)} within 5 %, "
        f"the worst {max(more):.2%} above; {within} bounds no higher than the best"
    )


def small(tracks: Sequence[Track], settings: Settings, count: int) -> None:
    """Build from `count` small libraries in each way that people use them, and print it."""
    rng, found = np.random.default_rng(1), dict[str, list[tuple[float, ...]]]()
    by = [songs for songs in _by_artist(tracks) if len(songs) >= ALBUM]
    for _ in range(count):
        name, mode = KINDS[int(rng.integers(len(KINDS)))]
        minutes, size = float(rng.choice([30, 45, 60, 90])), int(rng.choice([50, 100, 200, 400]))
        workout = builtin(name, minutes)
        mixed = _some(tracks, rng.choice(len(tracks), size, replace=False))
        albums = _albums(by, size, rng)
        two = [many for many in by if len(many) >= 40]
        only = [t for i in rng.choice(len(two), 2, replace=False) for t in two[i][:80]]
        pin = Pin(mixed[int(rng.integers(size))], float(rng.uniform(0.1, 0.9)) * workout.duration)
        for kind, held, rules in (
            ("any tracks", mixed, {}),
            ("whole albums", albums, {}),
            ("--max-per-artist 2", albums, {"max_per_artist": 2}),
            ("--no-repeat-artist 3", albums, {"no_repeat_artist": 3}),
            ("--pin", mixed, {"pins": [pin]}),
            ("--only two artists", only, {}),
        ):
            start = time.process_time()
            made = sequence(workout, held, settings=settings, mode=mode, **rules)
            seconds = time.process_time() - start
            other = sequence(workout, held, settings=settings, mode=mode, seed=1, **rules)
            ends = abs(made.duration - made.target_duration)
            row = (made.misfit, 100 * made.gap, ends, 100 * (other.misfit / made.misfit - 1))
            found.setdefault(kind, []).append((*row, seconds))
    _summary(found)


def _summary(found: dict[str, list[tuple[float, ...]]]) -> None:
    print(f"{'':21}{'misfit':>8}{'gap, %: median':>16}{'mean':>6}{'widest':>8}", end="")
    print(f"{'over 2':>8}{'ends off, s':>13}{'seed 1, %':>11}{'seconds':>9}{'longest':>9}")
    for kind, rows in found.items():
        misfit, gap, ends, other, seconds = np.array(rows).T
        print(f"{kind:21}{misfit.mean():8.4f}{np.median(gap):16.1f}{gap.mean():6.1f}", end="")
        print(f"{gap.max():8.1f}{(gap > 2).sum():5}/{len(gap):2}{ends.max():13.1f}", end="")
        print(f"{other.mean():11.1f}{seconds.mean():9.2f}{seconds.max():9.2f}")


def _some(tracks: Sequence[Track], places: Ints) -> list[Track]:
    return [tracks[i] for i in places.tolist()]


def _by_artist(tracks: Sequence[Track]) -> list[list[Track]]:
    by: dict[str, list[Track]] = {}
    for track in tracks:
        by.setdefault(track.artist.casefold(), []).append(track)
    return [by[artist] for artist in sorted(by) if artist]


def _albums(by: list[list[Track]], size: int, rng: np.random.Generator) -> list[Track]:
    """Return `size` tracks: as many as an album has of one artist after the other."""
    artists = rng.permutation(len(by))[: size // ALBUM + 1].tolist()
    some = [rng.choice(len(by[artist]), ALBUM, replace=False) for artist in artists]
    return [by[artist][i] for artist, few in zip(artists, some, strict=True) for i in few][:size]


AT_FIRST = 450  # Tracks of a small library that is searched before anything is measured.
ALBUM = 10  # Songs of an artist in a library of albums.
MODES: tuple[Mode, ...] = ("async", "sync")
NO_CADENCE = ("strength", "sync")
KINDS = [(name, mode) for name in BUILT_IN for mode in MODES if (name, mode) != NO_CADENCE]


@click.command()
@click.option("--catalog", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--minutes", type=float, multiple=True, default=(30.0, 60.0, 90.0))
@click.option("--workout", "names", multiple=True, help="These only.  [default: all]")
@click.option("--sample", type=int, default=0, help="Use this many tracks only.")
@click.option("--tile", type=int, default=0, help="Repeat the tracks with noise, to so many.")
@click.option("--small", "few", type=int, default=0, help="Use so many small libraries instead.")
@click.option("--exact", type=int, default=0, help="Compare with the optimum of small libraries.")
def main(
    catalog: Path,
    minutes: Sequence[float],
    names: Sequence[str],
    sample: int,
    tile: int,
    few: int,
    exact: int,
) -> None:
    """Print one line a workout: misfit, bound, gap, missed time, baselines, time."""
    tracks, settings = list(read_catalog(catalog)), load()
    if exact:
        exact_ones(tracks, settings, exact, minutes[0])
        return
    if few:
        small(tracks, settings, few)
        return
    if sample:
        chosen = np.random.default_rng(0).choice(len(tracks), sample, replace=False)
        tracks = [tracks[i] for i in chosen]
    held = loaded(tracks, max(tile, len(tracks)))
    _compiled(held, tracks[:: max(len(tracks) // AT_FIRST, 1)], settings)
    del tracks
    print(f"{len(held)} tracks; misfit is the share of the workout with poor music")
    print(f"{'workout':24}{'misfit':>8}{'bound':>8}{'gap':>7}{'missed':>8}", end="")
    print(f"{'greedy':>9}{'by BPM':>9}{'seconds':>9}")
    for name in names or BUILT_IN:
        for length in minutes:
            for mode in MODES:
                if (name, mode) != NO_CADENCE:
                    _line(name, length, mode, held, settings)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"at most {most:.0f} MB of memory")


def _compiled(held: Pool, few: Sequence[Track], settings: Settings) -> None:
    """Build playlists that are not measured, so that no loop is compiled in one that is."""
    start = time.process_time()
    for some in (held, library(few)):
        for mode in MODES:
            sequence(builtin("tabata", 45), some, settings=settings, mode=mode)
    seconds = time.process_time() - start
    print(f"compiling loops, on a machine's first run, and four playlists took {seconds:.1f} s")


def _line(name: str, minutes: float, mode: Mode, held: Pool, settings: Settings) -> None:
    workout = builtin(name, minutes)
    start = time.process_time()
    made = sequence(workout, held, settings=settings, mode=mode)
    seconds = time.process_time() - start
    goal = targets(workout, settings, mode=mode)
    others = [
        score_order(held, order, goal, settings).total
        for order in (greedy(held, goal, settings), by_bpm(held, goal))
    ]
    missed = made.duration - made.target_duration
    print(f"{name:17}{minutes:3.0f} {mode[:3]:3}", end="")
    print(f"{made.misfit:8.4f}{made.bound:8.4f}{made.gap:7.1%}{missed:+7.1f}s", end="")
    print("".join(f"{other:9.4f}" for other in others), f"{seconds:8.2f}")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
