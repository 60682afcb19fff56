"""How good a playlist could be at best: a bound that every order of the library respects.

Leave out that a track must not come twice, and what passes between neighbors (jump, artist).
Then the best playlist is a shortest path through time: from every moment, one of the tracks
leads to a later moment. What it costs to go on from each moment is its potential, found from the
end backwards. A price on each use of a track, paid back once, makes repeating tracks
dear without raising the cost of any playlist that uses each once (Lagrangian relaxation: Held and
Karp, Mathematical Programming 1:6-25, 1971). Hence ::

    potential(0) - sum of prices  <=  charge of any playlist

Potentials are linear between the edges of a time grid. So is everything that they are made of
but for kinks where a track ends on an edge of the grid; where such a kink lies below the line,
the potentials on both sides are lowered by as much. The bound thus holds in continuous time.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit

from playlists.matching import (
    at,
    change_charge,
    charges_once,
    closeness,
    integral,
    missing_charge,
    term_rates,
)
from playlists.pool import Floats, Ints, Options
from playlists.settings import Settings, Weights
from playlists.targets import Targets

BLOCK = 1 << 15  # Edges times options worked on at once: arrays of that size stay in the cache.
FINEST = 10  # Edges a tick: half a second decides which track fits before the end.
PATIENCE = 4  # Steps without a higher bound before they get shorter.
WORTH = 8_000_000  # Edges times options that are worth the time they take, about 0.2 s.


@dataclass(frozen=True, eq=False)
class Problem:
    """Everything the search asks for again and again."""

    ways: Options
    targets: Targets
    weights: Weights
    spent: Floats
    """Integral of each option's rates at the edges of the ticks, shape (n, N + 1)."""
    charge: Floats
    """What each option costs once."""
    saved: Floats
    """What a song change at each edge saves."""
    asked: Floats
    """Integral of the logarithm of the wanted tempo at each edge."""
    base: float
    """Charge of every playlist: the changes of effort, before any is met."""

    @property
    def tick(self) -> float:
        """Seconds between two edges."""
        return self.targets.tick


def problem(ways: Options, targets: Targets, settings: Settings) -> Problem:
    """Return the problem of sequencing `ways`."""
    return Problem(
        ways,
        targets,
        settings.weights,
        _spending(ways, targets, settings),
        sum(charges_once(ways, settings.weights).values(), np.zeros(len(ways.track))),
        closeness(targets, settings.weights),
        integral(np.log(targets.bpm), targets.tick),
        change_charge(targets, settings.weights),
    )


def _spending(ways: Options, targets: Targets, settings: Settings) -> Floats:
    count, ticks = len(ways.track), len(targets.bpm)
    spent, size = np.empty((count, ticks + 1)), BLOCK // ticks + 1
    for low in range(0, count, size):
        part = slice(low, low + size)
        some = Options(ways.pool, ways.track[part], ways.level[part])
        rate = sum(term_rates(some, targets, settings).values(), np.zeros(()))
        spent[part] = integral(rate, targets.tick)
    return spent


def cost(task: Problem, option: Ints, start: Floats) -> Floats:
    """Return the charge of each option from each start, neighbors left aside; broadcast."""
    end = start + task.ways.duration[option]
    return _spent(task, option, end) - _spent(task, option, start) + task.charge[option]


def _spent(task: Problem, option: Ints, time: Floats) -> Floats:
    last = task.spent.shape[1] - 1
    place = np.minimum(time / task.tick, last)
    edge = np.minimum(place.astype(np.int64), last - 1)
    index = option * (last + 1) + edge
    below = task.spent.ravel().take(index)
    return np.asarray(below + (place - edge) * (task.spent.ravel().take(index + 1) - below))


@dataclass(frozen=True, eq=False)
class Potentials:
    """The least charge from every moment to the end, prices included."""

    step: float
    """Seconds between edges."""
    go: Floats
    """Where a track ends on an edge: another starts, or the music stops for good."""
    on: Floats
    """Where another starts, before what the song change saves."""
    price: Floats
    """Price of each track of the pool."""
    slack: Floats
    """Least that a playlist with the option in it is charged beyond the bound."""
    bound: float
    """No playlist is charged less."""


def ahead(task: Problem, potentials: Potentials, time: Floats) -> Floats:
    """Return the potential where a track ends at `time`, seconds."""
    line = at(potentials.go, time / potentials.step)
    return np.asarray(np.minimum(line, missing_charge(time, task.targets, task.weights)))


def potentials(task: Problem, price: Floats, *, worth: int = WORTH) -> Potentials:
    """Return the potentials under `price`, and with them a bound.

    Parameters
    ----------
    task : Problem
        With an option at least.
    price : ndarray, shape (tracks in the pool,)
        Charge for each use of a track, at least 0.
    worth : int
        Edges times options to look at, at most: the more, the closer the bound.

    Returns
    -------
    Potentials
    """
    fine = int(np.clip(worth // max(task.spent.size, 1), 1, FINEST))
    step = task.tick / fine
    length = task.ways.duration / step
    whole = length.astype(np.int64)
    spent = _refined(task.spent, fine)
    edges = np.arange(spent.shape[1] + int(whole.max(initial=0)) + 2)
    # What may be missed is a step more than is free: then no line between edges is too high.
    missed = np.abs(edges * step - task.targets.duration) - task.weights.missing_free - step
    stop = task.weights.missing * np.maximum(missed, 0)
    go, on = stop.copy(), np.full(spent.shape[1], np.inf)
    slack = np.full(len(length), np.inf)
    fixed = task.charge + price[task.ways.track]
    saved = _refined(task.saved, fine)
    _backwards(spent, whole, length - whole, fixed, saved, stop, go, on, slack)
    bound = min(float(on[0]), float(stop[0])) + task.base - float(price.sum())
    return Potentials(step, go, on, price, slack, bound)


@njit(cache=True)
def _backwards(
    spent: Floats,
    whole: Ints,
    part: Floats,
    fixed: Floats,
    saved: Floats,
    stop: Floats,
    go: Floats,
    on: Floats,
    slack: Floats,
) -> None:
    """Fill `go`, `on` and `slack` from the end backwards, a block of edges at a time.

    No track is shorter than a block, so that its edges do not depend on one another; within it,
    every option is looked at from edge to edge, as it lies in memory.
    """
    last, count = spent.shape[1] - 1, len(whole)
    size = max(min(int(whole.min()) - 1, 64), 1)
    exact = np.full(last + 1, np.inf)
    dip = np.zeros(last + 2)
    for i in range(count):
        exact[last] = min(exact[last], fixed[i] + stop[last + whole[i]])
    total = np.empty((count, size + 1))
    for high in range(last, 0, -size):
        low = max(high - size, 0)
        span = high - low
        best, dips = exact[low : high + 1], dip[low + 1 : high + 1]
        for i in range(count):
            start, end = spent[i, low : high + 1], low + whole[i]
            cell = total[i]
            if end + span <= last:
                cell[: span + 1] = spent[i, end : end + span + 1]
            else:
                for k in range(span + 1):
                    cell[k] = spent[i, min(end + k, last)]
            cell[: span + 1] += go[end : end + span + 1] + fixed[i]
            for k in range(span):
                reach = cell[k] + part[i] * (cell[k + 1] - cell[k]) - start[k]
                best[k] = min(best[k], reach)
        for i in range(count):
            start, cell, least = spent[i, low : high + 1], total[i], slack[i]
            for k in range(span):
                # A track that starts on this edge, and one that ends on the edge after its end.
                line, next_line = start[k] + best[k], start[k + 1] + best[k + 1]
                first = cell[k] + part[i] * (cell[k + 1] - cell[k]) - line
                second = cell[k + 1] - (next_line - part[i] * (next_line - line))
                least = min(least, first, second)
                dips[k] = max(dips[k], -second)
            slack[i] = least
        for j in range(high, low or -1, -1):
            on[j] = exact[j] - max(dip[j], dip[j + 1])
            go[j] = min(on[j] - saved[j], stop[j])


def prices(task: Problem, least: float, *, rounds: int, worth: int) -> Floats:
    """Return prices under which the bound is high: ascent along smoothed subgradients.

    Parameters
    ----------
    task : Problem
    least : float
        Charge of the best playlist known; it sets the length of the steps (Polyak, USSR
        Computational Mathematics and Mathematical Physics 9:14-29, 1969).
    rounds, worth : int
        How many steps, and how fine each.

    Returns
    -------
    ndarray, shape (tracks in the pool,)
    """
    track = task.ways.track
    price, direction = np.zeros((2, len(task.ways.pool)))
    best, highest, length, stale = price, -np.inf, 0.5, 0
    for _ in range(rounds):
        hopes = potentials(task, price, worth=worth)
        stale += 1
        if hopes.bound > highest:
            best, highest, stale = price, hopes.bound, 0
        elif stale == PATIENCE:
            length, stale = length / 2, 0
        uses = np.bincount(track[path(task, hopes)], minlength=len(price))
        if uses.max(initial=0) <= 1 and not price.any():
            break
        wanted = np.where((uses > 0) | (price > 0), uses - 1.0, 0.0)
        direction = 0.6 * direction + 0.4 * wanted
        reach = length * max(least - hopes.bound, 0) / max(float((direction**2).sum()), 1e-9)
        price = np.maximum(price + reach * direction, 0)
    return best


def path(task: Problem, hopes: Potentials) -> Ints:
    """Return the options that the potentials lead to, in order; they may use a track again."""
    length, time = task.ways.duration, 0.0
    found: list[int] = []
    fixed = hopes.price[task.ways.track]
    every = np.arange(len(length))
    while True:
        reach = cost(task, every, np.array(time)) + fixed + ahead(task, hopes, time + length)
        best = int(reach.argmin()) if len(reach) else -1
        met = float(at(task.saved, np.array(time / task.tick))) if time else 0.0
        stop = float(missing_charge(np.array(time), task.targets, task.weights))
        if best < 0 or stop <= reach[best] - met:
            return np.array(found, dtype=np.int64)
        found.append(best)
        time += float(length[best])


def _refined(values: Floats, fine: int) -> Floats:
    """Return `values`, linear along the last axis, with `fine` for each but the last."""
    if fine == 1:
        return values
    between = values[..., :-1, None] + np.arange(fine) / fine * np.diff(values)[..., None]
    flat = between.reshape(*values.shape[:-1], -1)
    return np.concatenate([flat, values[..., -1:]], axis=-1)
