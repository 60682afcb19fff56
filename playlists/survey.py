"""What the tracks of a large library would cost at best, by bins of tempo, energy and build.

To look at a hundred thousand tracks in a tenth of a second, tempo, energy and build are sorted into
narrow bins, and every rate is taken at the place in the bin that suits best: what is found out is a
lower bound.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playlists.matching import (
    BEATLESS,
    build_rate,
    charges_once,
    constant_rates,
    energy_rate,
    tempo_rate,
)
from playlists.pool import Floats, Ints, Options, Pool, options
from playlists.rules import Rules
from playlists.settings import Settings
from playlists.targets import Targets

TEMPO_BIN = 0.0025  # A quarter of a percent: a quarter of what is free in sync.
ENERGY_BIN = 0.005  # A fortieth of a usual energy range.
BUILD_BIN = 0.01
SLOTS = 24  # Stretches of the workout that each get candidates of their own.
POOR = 1.0  # Rate of tempo from which the moment does not matter: it will not be chosen.
PROMISING = 0.3  # Rate up to which a track is looked at first; good playlists stay below 0.1.


@dataclass(frozen=True, eq=False)
class Survey:
    """Ways to play a library, and lower bounds of their rates by bins, each of shape (bins, N)."""

    ways: Options
    targets: Targets
    settings: Settings
    rules: Rules
    tempo: Floats
    energy: Floats
    build: Floats
    tempo_bin: Ints
    """Bin of each option."""
    energy_bin: Ints
    build_bin: Ints
    constant: Floats
    """Rate of each option that does not change over time."""
    charge: Floats
    least: Floats
    """Lower bound of the rate of each option at the moment that suits it best."""
    free: float
    """Seconds that may be missed at no charge."""
    looks: dict[float, list[Floats]] = field(default_factory=dict)
    """Integrals of the rates at the edges of cells, by their length: looks come again and again."""

    @property
    def longest(self) -> float:
        """Length of the longest option, seconds."""
        return float(self.ways.duration.max())

    def part(self, chosen: Ints) -> Options:
        """Return some of the options."""
        return Options(self.ways.pool, self.ways.track[chosen], self.ways.level[chosen])


def survey(held: Pool, tracks: Ints, targets: Targets, settings: Settings, rules: Rules) -> Survey:
    """Return the survey of `tracks`, indices into `held`."""
    ways = options(held, tracks)
    weights = settings.weights
    beatless = np.isnan(ways.log_bpm)
    log_bpm = np.where(beatless, 0.0, ways.log_bpm)
    first = np.floor(log_bpm.min() / TEMPO_BIN)
    tempo_bin = (log_bpm / TEMPO_BIN - first).astype(np.int64)
    energy_bin = (np.clip(held.energy[ways.track], 0, 1) / ENERGY_BIN).astype(np.int64)
    build_bin = (np.clip(held.build[ways.track], 0, 1) / BUILD_BIN).astype(np.int64)
    tempo = tempo_rate(
        _nearest(
            (first + np.arange(tempo_bin.max() + 1)) * TEMPO_BIN, TEMPO_BIN, np.log(targets.bpm)
        ),
        targets,
        settings,
    )
    energy = energy_rate(
        _nearest(np.arange(energy_bin.max() + 1) * ENERGY_BIN, ENERGY_BIN, targets.energy),
        targets,
        weights,
    )
    build = build_rate(
        _nearest(np.arange(build_bin.max() + 1) * BUILD_BIN, BUILD_BIN, targets.build),
        targets,
        weights,
    )
    tempo_bin[beatless] = len(tempo)
    tempo = np.vstack([tempo, np.full(len(targets.bpm), weights.tempo * BEATLESS)])
    constant = sum(constant_rates(ways, targets, weights).values(), np.zeros(len(ways.track)))
    least = _least(tempo, energy)[tempo_bin, energy_bin] + build.min(axis=1)[build_bin] + constant
    return Survey(
        ways,
        targets,
        settings,
        rules,
        tempo,
        energy,
        build,
        tempo_bin,
        energy_bin,
        build_bin,
        constant,
        sum(charges_once(ways, weights).values(), np.zeros(len(ways.track))),
        least,
        weights.missing_free,
    )


def promising(found: Survey, count: int) -> Ints:
    """Return about `count` options, those first that are best for a stretch of the workout."""
    ticks = len(found.targets.bpm)
    slots = np.unique(np.linspace(0, ticks - 1, SLOTS).astype(np.int64))
    few = np.flatnonzero(found.least < PROMISING)
    if len(few) < count:
        few = np.argpartition(found.least, min(count, len(found.least)) - 1)[:count]
    rank = np.full(len(few), len(few))
    places = np.arange(min(count, len(few)))
    for slot in slots:
        rate = found.tempo[found.tempo_bin[few], slot] + found.energy[found.energy_bin[few], slot]
        rate += found.constant[few]
        best = np.argpartition(rate, len(places) - 1)[: len(places)]
        best = best[np.argsort(rate[best], kind="stable")]
        rank[best] = np.minimum(rank[best], places)
    return few[np.argsort(rank, kind="stable")[:count]]


def _least(tempo: Floats, energy: Floats) -> Floats:
    """Return the least sum of both rates at one moment, for every pair of bins, or less."""
    least = np.add.outer(tempo.min(axis=1), energy.min(axis=1))
    for i in np.flatnonzero(tempo.min(axis=1) < POOR):
        least[i] = (energy + tempo[i]).min(axis=1)
    return np.asarray(least)


def _nearest(low: NDArray[np.floating[Any]], width: float, wanted: Floats) -> Floats:
    """Return the value in each bin that is nearest to what is wanted, shape (bins, N)."""
    return np.clip(wanted, low[:, None], low[:, None] + width)
