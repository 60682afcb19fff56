"""The search for the best order: a beam guided by potentials, then a descent from its best.

The beam builds playlists from the start, track by track. It keeps those whose charge so far plus
the potential of the time that is left (see `playlists.relaxation`) is least; all charges between
neighbors are counted, and no track comes twice. The descent then replaces, inserts, removes,
swaps and moves single tracks as long as that helps.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playlists.matching import integral, jump_charge, mean_until, missing_charge
from playlists.pool import Floats, Ints
from playlists.relaxation import Potentials, Problem, ahead, cost

NONE = -1  # Fills the rows of shorter playlists.


def charges(task: Problem, orders: Ints) -> Floats:
    """Return the charge of each playlist, that of `playlists.matching.score` at these levels.

    Parameters
    ----------
    task : Problem
    orders : ndarray, shape (playlists, tracks)
        Options in order; `NONE` after the last.

    Returns
    -------
    ndarray, shape (playlists,)
    """
    ways, real = task.ways, orders != NONE
    length = np.where(real, ways.duration[orders], 0.0)
    end = np.cumsum(length, axis=1)
    start = end - length
    own = np.where(real, cost(task, orders, start), 0.0)
    met = np.where(real, saved(task, start), 0.0)
    asked = mean_target(task, start, end)
    jump = jump_charge(np.diff(ways.log_bpm[orders], axis=1), np.diff(asked, axis=1), task.weights)
    total = task.base + own.sum(axis=1) - met[:, 1:].sum(axis=1)
    total += np.where(real[:, 1:], jump, 0.0).sum(axis=1)
    total += _artists(task, orders, real)
    return np.asarray(
        total
        + missing_charge(
            end[:, -1] if orders.shape[1] else np.zeros(len(orders)), task.targets, task.weights
        )
    )


def saved(task: Problem, time: Floats) -> Floats:
    """Return what a song change at each time saves."""
    edges = task.step * np.arange(task.last + 1)
    return np.interp(time, edges, task.saved, right=0.0)


def mean_target(task: Problem, start: Floats, end: Floats) -> Floats:
    """Return the mean logarithm of the wanted tempo from `start` to `end`."""
    targets = task.targets
    return mean_until(integral(np.log(targets.bpm), targets.tick), targets.tick, start, end)


def _artists(task: Problem, orders: Ints, real: NDArray[np.bool_]) -> Floats:
    artist = task.ways.pool.artist[task.ways.track[orders]]
    total = np.zeros(len(orders))
    for gap in range(1, min(int(task.weights.artist_reach), orders.shape[1] - 1) + 1):
        again = (artist[:, gap:] == artist[:, :-gap]) & real[:, gap:]
        total += task.weights.artist / gap**2 * again.sum(axis=1)
    return total


@dataclass(frozen=True, eq=False)
class _Beam:
    """Partial playlists, one a row, sorted by nothing."""

    order: Ints
    time: Floats
    charge: Floats
    paid: Floats
    """Prices of the tracks used."""
    used: NDArray[np.bool_]
    mark: NDArray[np.uint64]
    """Number that stands for the set of tracks used."""


def beam(task: Problem, potentials: Potentials, width: int, seed: int = 0) -> Ints:
    """Return the best playlist that a beam of `width` partial playlists finds: its options."""
    ways = task.ways
    tracks = len(ways.pool)
    marks = np.random.default_rng(seed).integers(0, 2**63, tracks, dtype=np.uint64)
    front = _Beam(
        np.empty((1, 0), np.int64),
        np.zeros(1),
        np.full(1, task.base),
        np.zeros(1),
        np.zeros((1, tracks), bool),
        np.zeros(1, np.uint64),
    )
    best = np.empty(0, np.int64)
    least = task.base + float(missing_charge(np.zeros(()), task.targets, task.weights))
    price = potentials.price[ways.track]
    while len(front.time):
        end = front.time[:, None] + ways.duration
        charge = front.charge[:, None] + _step_charge(task, front, end)
        stop = charge + missing_charge(end, task.targets, task.weights)
        b, o = np.unravel_index(stop.argmin(), stop.shape)
        if stop[b, o] < least:
            least, best = float(stop[b, o]), np.append(front.order[b], o)
        hope = charge + ahead(task, potentials, end) + front.paid[:, None] + price
        hope[(charge - task.base + 0 >= np.inf) | (end >= task.targets.duration)] = np.inf
        front = _kept(front, ways.track, charge, end, hope, price, marks, width)
    return best


def _step_charge(task: Problem, front: _Beam, end: Floats) -> Floats:
    """Return the charge of playing each option next, infinite where its track is used."""
    ways = task.ways
    options = np.arange(len(ways.track))
    total = cost(task, options, front.time[:, None])
    total[front.used[:, ways.track]] = np.inf
    if not front.order.shape[1]:
        return total
    total -= saved(task, front.time)[:, None]
    before = front.order[:, -1]
    asked = mean_target(task, front.time[:, None], end)
    asked -= mean_target(task, front.time - ways.duration[before], front.time)[:, None]
    total += jump_charge(ways.log_bpm - ways.log_bpm[before][:, None], asked, task.weights)
    artist = ways.pool.artist[ways.track]
    for gap in range(1, min(int(task.weights.artist_reach), front.order.shape[1]) + 1):
        again = artist == artist[front.order[:, -gap]][:, None]
        total += task.weights.artist / gap**2 * again
    return total


def _kept(front, track, charge, end, hope, price, marks, width) -> _Beam:
    flat = hope.ravel()
    few = min(4 * width, int(np.isfinite(flat).sum()))
    if not few:
        return _rows(front, np.empty(0, np.int64))
    pick = np.argpartition(flat, few - 1)[:few]
    pick = pick[np.lexsort((pick, flat[pick]))]
    b, o = np.unravel_index(pick, hope.shape)
    mark = front.mark[b] ^ marks[track[o]]
    key = mark + o.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    first = np.sort(np.unique(key, return_index=True)[1])[:width]
    b, o, mark = b[first], o[first], mark[first]
    used = front.used[b]
    used[np.arange(len(b)), track[o]] = True
    return _Beam(
        np.column_stack([front.order[b], o]),
        end[b, o],
        charge[b, o],
        front.paid[b] + price[o],
        used,
        mark,
    )


def _rows(front: _Beam, rows: Ints) -> _Beam:
    return _Beam(
        front.order[rows],
        front.time[rows],
        front.charge[rows],
        front.paid[rows],
        front.used[rows],
        front.mark[rows],
    )


def descend(task: Problem, order: Ints) -> tuple[Ints, float]:
    """Return the playlist reached by the best single change, again and again, and its charge."""
    least = float(charges(task, order[None])[0])
    while True:
        around = neighbors(task, order)
        found = charges(task, around)
        best = int(found.argmin())
        if found[best] >= least - 1e-9:
            return order, least
        order, least = around[best][around[best] != NONE], float(found[best])


def neighbors(task: Problem, order: Ints) -> Ints:
    """Return all playlists one change away, one a row."""
    track = task.ways.track
    count = len(order)
    used = np.isin(track, track[order])
    free = np.flatnonzero(~used)
    rows = []
    for k in range(count):
        same = np.flatnonzero(track == track[order[k]])
        rows.append(_with(order, k, np.concatenate([same, free])))
    for k in range(count + 1):
        rows.append(_with(np.insert(order, k, NONE), k, free))
    for k in range(count):
        rest = np.delete(order, k)
        rows.append(np.append(rest, NONE)[None])
        rows.extend(np.insert(rest, m, order[k])[None] for m in range(count) if m != k)
        for m in range(k + 1, count):
            swapped = order.copy()
            swapped[[k, m]] = order[[m, k]]
            rows.append(swapped[None])
    widest = count + 1
    return np.concatenate(
        [
            np.pad(r, ((0, 0), (0, widest - r.shape[1])), constant_values=NONE)
            for r in rows
            if len(r)
        ]
    )


def _with(order: Ints, place: int, choices: Ints) -> Ints:
    rows = np.repeat(order[None], len(choices), axis=0)
    rows[:, place] = choices
    return rows
