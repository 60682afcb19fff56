"""Fit the weights of `tempo.meter`, and judge them on music that they were not fitted on.

    python -m benchmarks.meter --train CSV [CSV ...] --judge CSV [CSV ...] [--out tempo/meter.npz]

The CSVs name sound files: path (relative to the CSV), true_bpm, meter (3, 4, or 6 whose beat is
the dotted quarter), genre; `benchmarks.render` writes one. A style belongs to one side only.
Without --train, the weights that are there are judged.

What is right depends on the tempo that was found: a jig counted in eighths has three of them a
bar, a waltz counted by bars has beats that divide into three. Where triple music was counted at
a level that fits neither (3/2, 2/3) it is not fitted on, and any triple answer counts as right.
"""

import argparse
import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from benchmarks.excerpts import spectrogram
from tempo.estimate import find_pulse, tempo_of
from tempo.meter import METERS, SURE, Weights, repetition, weights

Array = NDArray[np.float64]

TRIPLE_SHARE = 0.08
"""Of music; 8.0 % of 100,810 published time signatures are 3."""
PENALTY = 1.0
"""Of squared weights, in songs: chosen by leaving out styles of the training music."""
NEAR = 0.04
"""Tolerance of Accuracy1 (Gouyon et al. 2006)."""


@dataclass(frozen=True, slots=True, eq=False)
class Song:
    """What was measured of a song, and its meter relative to the tempo found, if one fits."""

    name: str
    genre: str
    triple: bool
    meter: int | None
    features: Array


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--train", type=Path, nargs="+", default=[])
    parser.add_argument("--judge", type=Path, nargs="+", default=[])
    parser.add_argument("--cache", type=Path, help="folder that keeps spectrograms")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    fitted = weights() if not options.train else fit(read(options.train, options.cache))
    for path in options.judge:
        print(f"\n{path.name}")
        judge(fitted, read([path], options.cache))
    if options.out:
        np.savez(
            options.out,
            mean=fitted.mean.astype(np.float32),
            scale=fitted.scale.astype(np.float32),
            slopes=fitted.slopes.astype(np.float32),
            offsets=fitted.offsets.astype(np.float32),
        )


def read(manifests: Sequence[Path], cache: Path | None) -> list[Song]:
    songs = []
    for manifest in manifests:
        with manifest.open(newline="") as file:
            rows = list(csv.DictReader(file))
        songs += [song for row in rows if (song := measure(manifest.parent, row, cache))]
    return songs


def measure(folder: Path, row: dict[str, str], cache: Path | None) -> Song | None:
    """Return a song, or None if no beat is found in it."""
    heard = spectrogram(folder / row["path"], cache)
    pulse = find_pulse(heard)
    bpm = tempo_of(pulse).bpm
    if bpm is None:
        return None
    features = repetition(heard, pulse.envelopes, 60 / bpm * heard.rate)
    true = int(row["meter"])
    relative = relative_meter(true, bpm / float(row["true_bpm"]))
    return Song(Path(row["path"]).stem, row["genre"], true != 4, relative, features)


def relative_meter(meter: int, count: float) -> int | None:
    """Return the meter as seen from a tempo that is `count` times the true one."""

    def near(ratio: float) -> bool:
        return abs(count / ratio - 1) < NEAR

    if meter == 4 or near(1):
        return meter
    return {3: {True: 6}, 6: {True: 3}}[meter].get(near(1 / 3 if meter == 3 else 3))


def fit(songs: Sequence[Song]) -> Weights:
    """Fit by maximum likelihood, as if `TRIPLE_SHARE` of the songs were triple."""
    known = [song for song in songs if song.meter is not None]
    x = np.array([song.features for song in known])
    y = np.array([METERS.index(song.meter) for song in known if song.meter])
    triple = y > 0
    prior = np.where(triple, TRIPLE_SHARE / triple.mean(), (1 - TRIPLE_SHARE) / (~triple).mean())
    mean, scale = x.mean(axis=0), x.std(axis=0) + 1e-3
    z, target = (x - mean) / scale, np.eye(len(METERS))[y]
    shape = (z.shape[1] + 1, len(METERS))

    def loss(flat: Array) -> tuple[float, Array]:
        slopes, offsets = flat.reshape(shape)[:-1], flat.reshape(shape)[-1]
        share = Weights(np.zeros(1), np.ones(1), slopes, offsets).probabilities(z)
        error = (share - target) * prior[:, None]
        likelihood = prior @ np.log((share * target).sum(axis=1) + 1e-12)
        gradient = np.vstack([z.T @ error + 2 * PENALTY * slopes, error.sum(axis=0)])
        return float(PENALTY * (slopes**2).sum() - likelihood), gradient.ravel()

    found = optimize.minimize(loss, np.zeros(shape).ravel(), jac=True, method="L-BFGS-B")
    best = found.x.reshape(shape)
    return Weights(mean, scale, best[:-1], best[-1])


def judge(fitted: Weights, songs: Sequence[Song]) -> None:
    """Print how often triple meter is found, and how often where there is none."""
    shares = fitted.probabilities(np.array([song.features for song in songs]))
    said = [METERS[row.argmax()] if row.max() >= SURE else None for row in shares]
    pairs = list(zip(songs, said, strict=True))
    triple = [pair for pair in pairs if pair[0].triple]
    duple = [pair for pair in pairs if not pair[0].triple]
    hits = [pair for pair in triple if pair[1] in {3, 6}]
    alarms = [pair for pair in duple if pair[1] in {3, 6}]
    exact = [pair for pair in hits if pair[0].meter in {None, pair[1]}]
    missed = [pair for pair in triple if pair[1] == 4]
    said_duple = sum(answer == 4 for _, answer in duple)
    recall, rate = len(hits) / max(1, len(triple)), len(alarms) / max(1, len(duple))
    print(f"triple: {len(triple)} songs, {len(hits)} found, {len(exact)} with the right kind")
    print(f"duple: {len(duple)} songs, {said_duple} found, {100 * rate:.1f} % called triple")
    expected = TRIPLE_SHARE * recall / max(1e-9, TRIPLE_SHARE * recall + (1 - TRIPLE_SHARE) * rate)
    print(f"precision {100 * len(hits) / max(1, len(hits) + len(alarms)):.0f} % here, "
          f"{100 * expected:.0f} % if {100 * TRIPLE_SHARE:.0f} % of songs are triple")  # fmt: skip
    for song, answer in alarms + missed:
        print(f"  {song.name} ({song.genre}) called {answer}")


if __name__ == "__main__":
    main()
