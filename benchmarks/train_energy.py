"""Fit the weights of `tempo.energy` to published energies, with the loudness taken out.

    python -m benchmarks.train_energy MANIFEST CATALOG

MANIFEST is a CSV of sound files (path, source, title, artist, true_bpm; paths relative to it),
CATALOG a CSV, gzipped or not, of published features (artist, title, tempo, energy, loudness,
duration_ms). Recordings of both are paired by artist, title and tempo up to the octave.

Target. Two masters of one recording (same artist, title, tempo and length) differ in loudness
and not in music: the slope of energy on loudness within such groups is what loudness alone
does. It is taken out of every published energy, which becomes the energy at `REFERENCE`.

Fit. Ridge regression of the target on the traits. Each file is heard four times: as it is,
clipped by 6 and by 12 dB, and limited; that the traits of all should give one energy is part of
the cost. Predictions are then spread as widely as the targets: playlists ask for a share of the
library ("the most intense tenth"), which a mean-seeking regression would leave empty.

Report. Every source in turn is predicted by weights fitted on the others.
"""

import argparse
import csv
import gzip
import io
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tempo.audio import decoders
from tempo.bands import bands
from tempo.energy import Traits, traits
from tempo.features import SAMPLE_RATE, SpectrogramMeter

Array = NDArray[np.float64]

REFERENCE = -7.6
"""LUFS (or what the catalog calls loudness): median of 141,951 published tracks."""
RIDGE = 3.0
"""Weight of the penalty, in songs: enough to tame traits that go together."""
SAMENESS = 10.0
"""Weight of the difference that mastering makes, relative to the error of the fit."""
CLIPPED_DB = (6.0, 12.0)
"""How far above full scale the peaks of a master are pushed that is too loud, and much too loud."""
ALIKE = 0.03
"""Energies that differ by less are one."""
OTHER_RECORDING = re.compile(
    r"remix|mix\b|live|acoustic|unplugged|karaoke|version|edit|cover", re.IGNORECASE
)
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Published:
    """A row of the catalog."""

    title: str
    tempo: float
    seconds: float
    energy: float
    loudness: float


@dataclass(frozen=True, slots=True, eq=False)
class Songs:
    """What was measured: traits [shape=(4, n, 3)] as in `masters`; and targets."""

    traits: Array
    target: Array
    source: NDArray[np.str_]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("manifest", type=Path)
    parser.add_argument("catalog", type=Path)
    options = parser.parse_args()
    catalog = read_catalog(options.catalog)
    slope = mastering_slope(catalog)
    songs = measure(options.manifest, catalog, slope)
    report(songs)
    center, weights, offset = fit(songs, np.ones(len(songs.target), bool))
    print(f"CENTER = {numbers(center)}\nWEIGHTS = {numbers(weights)}\nOFFSET = {offset:.3f}")


def read_catalog(path: Path) -> dict[Key, list[Published]]:
    catalog = defaultdict(list)
    text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    with io.StringIO(text.decode()) as file:
        for row in csv.DictReader(file):
            fields = (row["tempo"], row["duration_ms"], row["energy"], row["loudness"])
            if all(fields) and float(row["tempo"]) > 0:
                tempo, duration, energy, loudness = map(float, fields)
                published = Published(row["title"], tempo, duration / 1000, energy, loudness)
                catalog[key(row["artist"], row["title"])].append(published)
    return catalog


def key(artist: str, title: str) -> Key:
    """Return what spellings of one song have in common."""
    first = re.split(r"\s(?:feat|ft|and|x|with)\b\.?|[,;&]", artist.lower())[0]
    return plain(first).removeprefix("the"), plain(title)


def plain(text: str) -> str:
    bare = re.sub(r"\(.*?\)|\[.*?\]| - .*$|feat\..*$", "", text.lower())
    return re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFKD", bare))


def mastering_slope(catalog: dict[Key, list[Published]]) -> float:
    """Return the energy that one dB adds, from masters of one recording."""
    x, y = [], []
    for rows in catalog.values():
        same = {row for row in rows if one_recording(row, rows[0])}
        loudness = np.array(sorted((row.loudness, row.energy) for row in same)).T
        if len(same) > 1 and np.ptp(loudness[0]) > 1:
            x.append(loudness[0] - loudness[0].mean())
            y.append(loudness[1] - loudness[1].mean())
    dx, dy = np.concatenate(x), np.concatenate(y)
    slope = float(dx @ dy / (dx @ dx))
    print(f"{len(x)} recordings in several masters: {slope:.4f} a dB, r {pearson(dx, dy):.2f}")
    return slope


def one_recording(a: Published, b: Published) -> bool:
    return abs(a.tempo / b.tempo - 1) < 0.01 and abs(a.seconds / b.seconds - 1) < 0.02


def measure(manifest: Path, catalog: dict[Key, list[Published]], slope: float) -> Songs:
    found, targets, sources = [], [], []
    with manifest.open() as file:
        for row in csv.DictReader(file):
            rows = catalog.get(key(row["artist"], row["title"]), [])
            matches = [p for p in rows if matching(p, row["title"], float(row["true_bpm"]))]
            if matches and all(key(row["artist"], row["title"])):
                y = mono(manifest.parent / row["path"])
                found.append([astuple(heard(z)) for z in masters(y)])
                targets.append(
                    np.median([p.energy + slope * (REFERENCE - p.loudness) for p in matches])
                )
                sources.append(row["source"])
    return Songs(np.swapaxes(np.array(found), 0, 1), np.array(targets), np.array(sources))


def matching(row: Published, title: str, bpm: float) -> bool:
    octaves = np.log2(row.tempo / bpm)
    other = OTHER_RECORDING.search(row.title) and not OTHER_RECORDING.search(title)
    return abs(octaves - round(octaves)) < 0.06 and not other


def mono(path: Path) -> NDArray[np.float32]:
    """Return a file as the analysis hears it."""
    import soxr  # noqa: PLC0415

    blocks = list(decoders(path)[0](path))
    y = np.concatenate([block.y.mean(1) for block in blocks])
    resampled: NDArray[np.float32] = soxr.resample(y, blocks[0].sample_rate, SAMPLE_RATE)
    return resampled


def heard(y: NDArray[np.float32]) -> Traits:
    meter = SpectrogramMeter()
    meter.add(y)
    return traits(bands(meter.spectrogram()))


def masters(y: NDArray[np.float32]) -> Iterator[NDArray[np.float32]]:
    """Yield the music as it is, clipped by 6 and 12 dB, and limited at -8 dB of full scale."""
    yield y
    highest = y / max(float(np.abs(y).max()), 1e-9)
    for db in CLIPPED_DB:
        yield np.clip(highest * np.float32(10 ** (db / 20)), -1, 1)
    unit = y / max(float(np.sqrt(np.mean(y**2))), 1e-9)
    yield limited(unit * np.float32(10 ** (-8 / 20)))


def limited(y: NDArray[np.float32]) -> NDArray[np.float32]:
    """Keep peaks under 1 by a gain that takes 100 ms to change, as mastering limiters do."""
    width = SAMPLE_RATE // 50
    peaks = np.abs(np.pad(y, (0, -len(y) % width))).reshape(-1, width).max(1)
    around = np.lib.stride_tricks.sliding_window_view(np.pad(peaks, 2, mode="edge"), 5).max(1)
    smooth = np.convolve(
        np.pad(1 / np.maximum(around, 1), 2, mode="edge"), np.full(5, 0.2), "valid"
    )
    at = (np.arange(len(smooth)) + 0.5) * width
    return (y * np.interp(np.arange(len(y)), at, smooth)).astype(np.float32)


def fit(songs: Songs, train: NDArray[np.bool_]) -> tuple[Array, Array, float]:
    """Return center, weights and offset fitted on some of the songs."""
    x, y = songs.traits[:, train], songs.target[train]
    center, spread, offset = x[0].mean(0), x[0].std(0), float(y.mean())
    changes = np.sqrt(SAMENESS) * (x[1:] - x[0]).reshape(-1, x.shape[2]) / spread
    rows = np.vstack([(x[0] - center) / spread, changes, np.sqrt(RIDGE) * np.eye(x.shape[2])])
    wanted = np.concatenate([y - offset, np.zeros(len(rows) - len(y))])
    weights = np.linalg.lstsq(rows, wanted)[0] / spread
    return center, weights * y.std() / ((x[0] - center) @ weights).std(), offset


def report(songs: Songs) -> None:
    predicted = np.zeros(songs.traits.shape[:2])
    for source in np.unique(songs.source):
        center, weights, offset = fit(songs, songs.source != source)
        test = songs.source == source
        predicted[:, test] = np.clip((songs.traits[:, test] - center) @ weights + offset, 0, 1)
    target = songs.target
    print(f"{'source left out':20} songs  Pearson  RMSE")
    for source in (*np.unique(songs.source), ""):
        test = (songs.source == source) | (source == "")
        if np.count_nonzero(test) > 4:
            r, error = pearson(predicted[0, test], target[test]), predicted[0, test] - target[test]
            rmse = np.sqrt(np.mean(error**2))
            print(f"{source or 'all':20} {np.count_nonzero(test):5}  {r:7.2f}  {rmse:.3f}")
    for name, change in zip(
        ("clipped by 6 dB", "clipped by 12 dB", "limited"),
        np.abs(predicted[1:] - predicted[0]),
        strict=True,
    ):
        print(
            f"{name}: median change {np.median(change):.4f}, 95 % {np.percentile(change, 95):.3f}, "
            f"largest {change.max():.3f}, within {ALIKE}: {100 * np.mean(change <= ALIKE):.1f} %"
        )
    print(
        f"spread (5, 50, 95 %) {numbers(np.percentile(predicted[0], [5, 50, 95]))}, "
        f"of targets {numbers(np.percentile(target, [5, 50, 95]))}"
    )


def pearson(x: Array, y: Array) -> float:
    return float(np.corrcoef(x, y)[0, 1])


def numbers(values: Sequence[float] | Array) -> str:
    return "(" + ", ".join(f"{value:.3f}" for value in values) + ")"


if __name__ == "__main__":
    main()
