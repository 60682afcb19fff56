"""Which tracks of a large library can matter at all.

A track that suits no moment of the workout cannot be in the best playlist. To look at a hundred
thousand tracks in a tenth of a second, tempo, energy and build are sorted into narrow bins, and
every rate is taken at the place in the bin that suits best: what is found out is a lower bound.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
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
from playlists.relaxation import Potentials, cells, problem, slack
from playlists.rules import Rules
from playlists.settings import Settings
from playlists.targets import Targets

TEMPO_BIN = 0.005  # Half a percent: half of what is free in sync.
ENERGY_BIN = 0.02  # A tenth of a usual energy range.
BUILD_BIN = 0.05
SLOTS = 24  # Stretches of the workout that each get candidates of their own.
EXAMINED = 1500  # Options whose slack is found exactly; more are not taken in at once.
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


def outside(found: Survey, hopes: Potentials, known: Ints) -> tuple[Ints, Floats]:
    """Return options beyond `known` that may cost less than the potentials, and how much less.

    Returns
    -------
    options, slack : ndarray, shape (m,)
        The slack is a lower bound, below 0; exact to the width of a cell for the lowest.
    """
    others = np.flatnonzero(found.least * _charged(found) + found.charge < _room(found, hopes))
    others = np.setdiff1d(others, known, assume_unique=True)
    over = _roughly(found, others, hopes)
    others, over = others[over < 0], over[over < 0]
    order = np.argsort(over, kind="stable")[:EXAMINED]
    if len(order):
        task = problem(found.part(others[order]), found.targets, found.settings, found.rules)
        over[order] = np.maximum(slack(cells(task, hopes.step), hopes), over[order])
    return others[over < 0], over[over < 0]


def _charged(found: Survey) -> Floats:
    """Return how long each option is charged for at least: what nobody misses is not."""
    return np.maximum(found.ways.duration - found.free - 2 * found.targets.tick, 0)


def _room(found: Survey, hopes: Potentials) -> Floats:
    """Return what each option may cost, at its best moment, and still lower the potentials."""
    count, go = len(hopes.on), _either(hopes.go)
    whole = (found.ways.duration / hopes.step).astype(np.int64)
    longest = int(whole.max(initial=0))
    go = np.pad(go, (0, max(count + longest + 1 - len(go), 0)), mode="edge")
    ends = sliding_window_view(go, count)
    room = [float((hopes.on - ends[k]).max()) for k in range(longest + 1)]
    return np.array(room)[whole]


def _either(go: Floats) -> Floats:
    """Return the least potential of each cell and the next."""
    return np.minimum(go[:-1], go[1:])


def _roughly(found: Survey, some: Ints, hopes: Potentials) -> Floats:
    """Return a lower bound of the slack of some options, the same for all that are alike.

    Alike are those of the same bins and the same length in cells.
    """
    step, ways = hopes.step, found.part(some)
    whole = (ways.duration / step).astype(np.int64)
    bins = np.array([found.tempo_bin[some], found.energy_bin[some], found.build_bin[some]])
    curves, curve = np.unique(bins, axis=1, return_inverse=True)
    own = found.constant[some] * _charged(found)[some] + found.charge[some]
    key = curve.ravel() * (whole.max(initial=0) + 1) + whole
    kinds, kind = np.unique(key, return_inverse=True)
    cheapest = np.full(len(kinds), np.inf)
    np.minimum.at(cheapest, kind, own)
    curve, whole = np.divmod(kinds, whole.max(initial=0) + 1)
    fine = round(found.targets.tick / step)
    rate = found.tempo[curves[0]] + found.energy[curves[1]] + found.build[curves[2]]
    spent = integral(np.repeat(rate, fine, axis=1), step)
    go = np.pad(_either(hopes.go), (0, int(whole.max(initial=0)) + 1), mode="edge")
    over = np.empty(len(kinds))
    for length in np.unique(whole):
        mine = np.flatnonzero(whole == length)
        over[mine] = _alike(spent[curve[mine]], int(length), hopes.on, go)
    return np.asarray((over + cheapest)[kind])


def _alike(spent: Floats, length: int, on: Floats, go: Floats) -> Floats:
    """Return the least over the potentials of tracks of `length` cells or a part of one more."""
    count = len(on)
    length = min(length, count)
    cost = np.empty_like(spent)
    cost[:, : count + 1 - length] = spent[:, length:]
    cost[:, count + 1 - length :] = spent[:, -1:]
    cost -= spent
    reach = np.minimum(cost[:, :-1], cost[:, 1:])
    reach += go[length : length + count] - np.where(np.isinf(on), -1e9, on)
    return np.asarray(reach.min(axis=1))


def _least(tempo: Floats, energy: Floats) -> Floats:
    """Return the least sum of both rates at one moment, for every pair of bins."""
    least = np.empty((len(tempo), len(energy)))
    for i, row in enumerate(tempo):
        least[i] = (energy + row).min(axis=1)
    return least


def _nearest(low: NDArray[np.floating[Any]], width: float, wanted: Floats) -> Floats:
    """Return the value in each bin that is nearest to what is wanted, shape (bins, N)."""
    return np.clip(wanted, low[:, None], low[:, None] + width)
