"""What the tracks of a large library would cost at best, by bins of tempo, energy and build.

To look at a million tracks in a tenth of a second, tempo, energy and build are sorted into
narrow bins, and every rate is taken at the place in the bin that suits best: what is found out is a
lower bound. What is kept of each track is small and rounded down.
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
from playlists.pool import LEVELS, Floats, Ints, Options, Pool
from playlists.rules import Rules
from playlists.settings import Settings
from playlists.targets import Targets

Few = NDArray[np.uint8]
Small = NDArray[np.int16]
Short = NDArray[np.float32]

TEMPO_BIN = 0.000625  # A sixteenth of a percent: of a song, an eighth of a second of poor music.
ENERGY_BIN = 0.00125  # As narrow: what is told here need not be looked at track by track.
BUILD_BIN = 0.0025
TOGETHER = 16  # Bins that a glance takes for one: 1 % of tempo.
PAIR = 4  # Bins that are taken for one where every pair of tempo and energy is looked at.
FINE = 0.002  # Rate: half a second of poor music in a song.
LEAST = np.append(FINE * np.arange(200), np.geomspace(200 * FINE, 10, 56))
"""Rates that options are told apart by at their best moments, closely where good ones are."""
BLOCK = 1 << 14  # Tracks worked on at once: their arrays stay in the cache.
SLOTS = 24  # Stretches of the workout that each get candidates of their own.
POOR = 1.0  # Rate of tempo from which the moment does not matter: it will not be chosen.
PROMISING = 0.3  # Rate up to which a track is looked at first; good playlists stay below 0.1.


@dataclass(frozen=True, eq=False)
class Survey:
    """Ways to play a library, and lower bounds of what they cost.

    An option is a number: three times the place of a track among `tracks`, plus its level.
    """

    pool: Pool
    tracks: Ints
    targets: Targets
    settings: Settings
    rules: Rules
    tempo: Floats
    """Rates by bins, shape (bins, N); the last is that of tracks without a beat."""
    energy: Floats
    build: Floats
    length: Floats
    """Of each track, seconds."""
    tempo_bin: Small
    """Bin of each option."""
    energy_bin: Small
    """Bin of each track."""
    build_bin: Small
    constant: Short
    """Rate of each option that does not change over time."""
    charge: Short
    """What each track is charged once."""
    least: Few
    """Lower bound of the rate of each option at the moment that suits it best, by `LEAST`."""
    looks: dict[tuple[int, int], tuple[Floats, ...]] = field(default_factory=dict)
    """Integrals of the rates at the edges of so many ticks, so many bins taken for one: looks come
    again and again."""

    def part(self, chosen: Ints) -> Options:
        """Return some of the options."""
        place, level = np.divmod(chosen, len(LEVELS))
        return Options(self.pool, self.tracks[place], level)

    def ways(self, tracks: Ints) -> Ints:
        """Return the options of tracks of the pool that are among these."""
        place = np.flatnonzero(np.isin(self.tracks, tracks))
        return np.asarray(np.add.outer(len(LEVELS) * place, np.arange(len(LEVELS))).ravel())


def survey(held: Pool, tracks: Ints, targets: Targets, settings: Settings, rules: Rules) -> Survey:
    """Return the survey of `tracks`, indices into `held`."""
    weights, (wanted, kind) = settings.weights, targets.kinds
    tempo_bin, tempo = _tempos(held.log_bpm[tracks], wanted, settings)
    energy_bin = (np.clip(held.energy[tracks], 0, 1) / ENERGY_BIN).astype(np.int16)
    build_bin = (np.clip(held.build[tracks], 0, 1) / BUILD_BIN).astype(np.int16)
    bins = ENERGY_BIN * np.arange(energy_bin.max() + 1)
    energy = energy_rate(_nearest(bins, ENERGY_BIN, wanted.energy), wanted, weights)
    bins = BUILD_BIN * np.arange(build_bin.max() + 1)
    build = build_rate(_nearest(bins, BUILD_BIN, wanted.build), wanted, weights)
    found = Survey(
        held, tracks, targets, settings, rules,
        tempo.take(kind, axis=1), energy.take(kind, axis=1), build.take(kind, axis=1),
        held.duration[tracks],
        tempo_bin, energy_bin, build_bin,
        np.empty(len(tempo_bin), np.float32),
        np.empty(len(tracks), np.float32),
        np.empty(len(tempo_bin), np.uint8),
    )  # fmt: skip
    both, rest = _least(lowest(tempo, PAIR), lowest(energy, PAIR)), build.min(axis=1)
    fine = FINE * np.arange(int(LEAST[-1] / FINE) + 1)
    codes = (np.searchsorted(LEAST, fine + FINE / 1000, side="right") - 1).astype(np.uint8)
    for low in range(0, len(tracks), BLOCK):
        _fill(found, low, min(low + BLOCK, len(tracks)), both, rest, codes)
    return found


def promising(found: Survey, count: int) -> Ints:
    """Return about `count` options, those first that are best for a stretch of the workout."""
    ticks = len(found.targets.bpm)
    slots = np.unique(np.linspace(0, ticks - 1, SLOTS).astype(np.int64))
    few = np.flatnonzero(found.least < np.searchsorted(LEAST, PROMISING))
    if len(few) < count:
        few = np.argpartition(found.least, min(count, len(found.least)) - 1)[:count]
    tempo_bin, energy_bin = found.tempo_bin[few], found.energy_bin[few // len(LEVELS)]
    constant, rank = found.constant[few], np.full(len(few), len(few))
    places = np.arange(min(count, len(few)))
    for slot in slots:
        tempo, energy = (rates[:, slot].astype(np.float32) for rates in (found.tempo, found.energy))
        rate = tempo[tempo_bin] + energy[energy_bin] + constant
        best = np.argpartition(rate, len(places) - 1)[: len(places)]
        best = best[np.argsort(rate[best], kind="stable")]
        rank[best] = np.minimum(rank[best], places)
    return few[np.argsort(rank, kind="stable")[:count]]


def lowest(values: Floats, size: int) -> Floats:
    """Return the least of each `size` values or rows."""
    if size == 1:
        return values
    more = [(0, -len(values) % size)] + [(0, 0)] * (values.ndim - 1)
    padded = np.pad(values, more, mode="edge")
    return np.asarray(padded.reshape(-1, size, *values.shape[1:]).min(axis=1))


def _tempos(log_bpm: Floats, targets: Targets, settings: Settings) -> tuple[Small, Floats]:
    """Return the bin of tempo of each option, and the rates of the bins.

    Tempos that suit no moment, and those of tracks without a beat, share the last bin.
    """
    beating = log_bpm[~np.isnan(log_bpm)]
    start, end = (float(f(beating)) if len(beating) else 0.0 for f in (np.min, np.max))
    start, end = start + float(np.log(LEVELS).min()), end + float(np.log(LEVELS).max())
    middle, wide = np.log(targets.bpm), TOGETHER * TEMPO_BIN
    groups = np.arange(start, end + 2 * wide, wide)
    rough = tempo_rate(_nearest(groups, wide, middle), targets, settings)
    suits = rough.min(axis=1) < POOR
    each = np.add.outer(groups[suits], TEMPO_BIN * np.arange(TOGETHER)).ravel()
    rates = tempo_rate(_nearest(each, TEMPO_BIN, middle), targets, settings)
    beatless = np.full((1, len(middle)), settings.weights.tempo * BEATLESS)
    row = np.full((len(groups), TOGETHER), len(each), np.int16)
    row[suits] = np.arange(len(each)).reshape(-1, TOGETHER)
    others = np.vstack([rough[~suits], beatless]).min(axis=0)
    return _rows(log_bpm, start, np.append(row, len(each))), np.vstack([rates, others])


def _rows(log_bpm: Floats, start: float, row: Small) -> Small:
    """Return the row of each option, of those of the bins from `start` on; the last is no beat."""
    rows = np.empty((len(log_bpm), len(LEVELS)), np.int16)
    for low in range(0, len(log_bpm), BLOCK):
        place = (np.add.outer(log_bpm[low : low + BLOCK], np.log(LEVELS)) - start) / TEMPO_BIN
        rows[low : low + BLOCK] = row[np.nan_to_num(place, nan=len(row) - 1).astype(np.int64)]
    return rows.ravel()


def _fill(found: Survey, low: int, high: int, both: Floats, rest: Floats, codes: Few) -> None:
    """Fill in what tracks from `low` to `high` cost at best, whatever the moment."""
    mine, some = slice(low, high), slice(len(LEVELS) * low, len(LEVELS) * high)
    ways = found.part(np.arange(some.start, some.stop))
    constant = sum(
        constant_rates(ways, found.targets, found.settings.weights).values(), np.zeros(())
    )
    energy, build = (
        np.repeat(bins[mine], len(LEVELS)) for bins in (found.energy_bin, found.build_bin)
    )
    least = both[found.tempo_bin[some] // PAIR, energy // PAIR] + rest[build] + constant
    found.constant[some] = below(constant)
    found.least[some] = codes[np.minimum(least / FINE, len(codes) - 1).astype(np.int64)]
    plain = Options(ways.pool, found.tracks[mine], np.zeros(high - low, np.int64))
    found.charge[mine] = below(
        sum(charges_once(plain, found.settings.weights).values(), np.zeros(()))
    )


def below(values: Floats) -> Short:
    """Return values, at least 0, in half the memory and no greater."""
    return np.nextafter(values.astype(np.float32), np.float32(0))


def _least(tempo: Floats, energy: Floats) -> Floats:
    """Return the least sum of both rates at one moment, for every pair of bins, or less."""
    least = np.add.outer(tempo.min(axis=1), energy.min(axis=1))
    for i in np.flatnonzero(tempo.min(axis=1) < POOR):
        least[i] = (energy + tempo[i]).min(axis=1)
    return np.asarray(least)


def _nearest(low: NDArray[np.floating[Any]], width: float, wanted: Floats) -> Floats:
    """Return the value in each bin that is nearest to what is wanted, shape (bins, N)."""
    return np.clip(wanted, low[:, None], low[:, None] + width)
