"""Which tracks of a large library can matter at all.

A track that suits no moment of the workout cannot be in the best playlist. To look at a hundred
thousand tracks in a tenth of a second, tempo, energy and build are sorted into narrow bins, and
every rate is taken at the place in the bin that suits best: what is found out is a lower bound.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from playlists.matching import (
    BEATLESS,
    build_rate,
    charges_once,
    constant_rates,
    energy_rate,
    integral,
    tempo_rate,
)
from playlists.pool import Floats, Ints, Options, Pool, options
from playlists.relaxation import Potentials
from playlists.settings import Settings
from playlists.targets import Targets

TEMPO_BIN = 0.005  # Half a percent: half of what is free in sync.
ENERGY_BIN = 0.02  # A tenth of a usual energy range.
BUILD_BIN = 0.05
SLOTS = 24  # Stretches of the workout that each get candidates of their own.
PROMISING = 0.3  # Rate up to which a track is looked at first; good playlists stay below 0.1.


@dataclass(frozen=True, eq=False)
class Survey:
    """Ways to play a library, and lower bounds of their rates by bins, each of shape (bins, N)."""

    ways: Options
    targets: Targets
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

    def part(self, chosen: Ints) -> Options:
        """Return some of the options."""
        return Options(self.ways.pool, self.ways.track[chosen], self.ways.level[chosen])


def survey(held: Pool, tracks: Ints, targets: Targets, settings: Settings) -> Survey:
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
    """Return about `count` options, among them the best for every stretch of the workout."""
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
    return np.sort(few[np.argsort(rank, kind="stable")[:count]])


def worthwhile(found: Survey, hopes: Potentials) -> Ints:
    """Return the options that could cost less than the potentials, even at their best moment."""
    tick, ticks = found.targets.tick, len(found.targets.bpm)
    fine = round(tick / hopes.step)
    on, go = -_below(-hopes.on, fine), _below(hopes.go, fine)
    longest = int(found.ways.duration.max(initial=0) / tick) + 2
    go = np.pad(go, (0, max(ticks + longest + 1 - len(go), 0)), mode="edge")
    room = np.array([(on - go[i : i + ticks + 1]).max() for i in range(longest + 1)])
    whole = (found.ways.duration / tick).astype(np.int64)
    room = np.maximum(room[whole], room[whole + 1])
    # What of the last track nobody misses is not charged.
    charged = np.maximum(found.ways.duration - found.free - 2 * tick, 0)
    return np.flatnonzero(found.least * charged + found.charge < room)


def slack(found: Survey, chosen: Ints, hopes: Potentials, *, coarse: bool) -> Floats:
    """Return how much more than the potentials the options `chosen` cost at least, each.

    Negative where the potentials hold only without the option. Where `coarse`, potentials are
    read at the ticks only and rounded to the safe side: much quicker, and a little lower.
    """
    ways, fine = found.part(chosen), round(found.targets.tick / hopes.step)
    on, go = hopes.on, hopes.go
    if coarse:
        on, go, fine = -_below(-on, fine), _below(go, fine), 1
    step = found.targets.tick / fine
    length = ways.duration / step
    whole = length.astype(np.int64)
    rates = (found.tempo, found.energy, found.build)
    tempo, energy, build = (integral(np.repeat(rate, fine, axis=1), step) for rate in rates)
    short = int(whole.max(initial=0)) + len(on) + 1 - len(go)
    return np.asarray(
        _slack(
            tempo,
            energy,
            build,
            np.column_stack([found.tempo_bin, found.energy_bin, found.build_bin])[chosen],
            found.constant[chosen] * step,
            found.charge[chosen] + hopes.price[ways.track],
            whole,
            length - whole,
            on,
            np.pad(go, (0, max(short, 0)), mode="edge"),
        )
    )


@njit(cache=True)
def _slack(
    tempo: Floats,
    energy: Floats,
    build: Floats,
    bins: Ints,
    constant: Floats,
    charge: Floats,
    whole: Ints,
    part: Floats,
    on: Floats,
    go: Floats,
) -> Floats:
    """Return the least that each option costs over the potentials; see `slack`."""
    last, count = len(on) - 1, len(whole)
    least = np.full(count, np.inf)
    spent, total = np.empty(last + 1), np.empty(last + 1)
    for i in range(count):
        a, b, c = tempo[bins[i, 0]], energy[bins[i, 1]], build[bins[i, 2]]
        for j in range(last + 1):
            spent[j] = a[j] + b[j] + c[j] + constant[i] * j
        ends = go[whole[i] : whole[i] + last + 1]
        for j in range(last + 1):
            total[j] = spent[min(j + whole[i], last)] + ends[j] + charge[i]
        for j in range(last):
            # A track that starts on this edge, and one that ends on the edge after its end.
            line, next_line = spent[j] + on[j], spent[j + 1] + on[j + 1]
            first = total[j] + part[i] * (total[j + 1] - total[j]) - line
            second = total[j + 1] - (next_line - part[i] * (next_line - line))
            least[i] = min(least[i], first, second)
    return least


def _below(values: Floats, fine: int) -> Floats:
    """Return every `fine`-th value, lowered so that lines between them stay below all values."""
    cells = (len(values) - 1) // fine
    values = values[: cells * fine + 1]
    coarse = values[::fine]
    lines = coarse[:-1, None] + np.arange(fine) / fine * np.diff(coarse)[:, None]
    dip = np.zeros(cells + 2)
    dip[1:-1] = (lines - values[:-1].reshape(cells, fine)).max(axis=1)
    return np.asarray(coarse - np.maximum(dip[:-1], dip[1:]))


def _least(tempo: Floats, energy: Floats) -> Floats:
    """Return the least sum of both rates at one moment, for every pair of bins."""
    least = np.empty((len(tempo), len(energy)))
    for i, row in enumerate(tempo):
        least[i] = (energy + row).min(axis=1)
    return least


def _nearest(low: NDArray[np.floating[Any]], width: float, wanted: Floats) -> Floats:
    """Return the value in each bin that is nearest to what is wanted, shape (bins, N)."""
    return np.clip(wanted, low[:, None], low[:, None] + width)
