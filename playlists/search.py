"""The search for the best order: a beam guided by potentials, then a descent from its best.

The beam builds playlists from the start, track by track. It keeps those whose charge so far plus
the potential of the time that is left (see `playlists.relaxation`) is least; all charges between
neighbors are counted, and no track comes twice. The descent then replaces, inserts, removes,
swaps and moves single tracks as long as that helps.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playlists.matching import at, jump_charge, mean_until, missing_charge
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
    return at(task.saved, time / task.tick)


def mean_target(task: Problem, start: Floats, end: Floats) -> Floats:
    """Return the mean logarithm of the wanted tempo from `start` to `end`."""
    return mean_until(task.asked, task.tick, start, end)


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


def beam(task: Problem, hopes: Potentials, width: int, among: Ints | None = None) -> Ints:
    """Return the best playlist that a beam of `width` partial playlists finds: its options.

    Only options `among` come in, by default all.
    """
    among = np.arange(len(task.charge)) if among is None else among
    ways = task.ways
    length, track = ways.duration[among], ways.track[among]
    price = hopes.price[track]
    # Any numbers do that tell sets of tracks apart when they are xored.
    marks = np.random.default_rng(0).integers(0, 2**63, len(ways.pool), dtype=np.uint64)
    front = _Beam(
        np.empty((1, 0), np.int64),
        np.zeros(1),
        np.full(1, task.base),
        np.zeros(1),
        np.zeros((1, len(ways.pool)), bool),
        np.zeros(1, np.uint64),
    )
    best = np.empty(0, np.int64)
    least = task.base + float(missing_charge(np.zeros(()), task.targets, task.weights))
    while len(front.time) and len(among):
        end = front.time[:, None] + length
        charge = front.charge[:, None] + _step_charge(task, front, among, end)
        stop = charge + missing_charge(end, task.targets, task.weights)
        b, o = np.unravel_index(stop.argmin(), stop.shape)
        if stop[b, o] < least:
            least, best = float(stop[b, o]), np.append(front.order[b], among[o])
        hope = charge + ahead(task, hopes, end) + front.paid[:, None] + price
        hope[end >= task.targets.duration] = np.inf
        front = _kept(
            front,
            among=among,
            track=track,
            charge=charge,
            end=end,
            hope=hope,
            price=price,
            marks=marks,
            width=width,
        )
    return best


def _step_charge(task: Problem, front: _Beam, among: Ints, end: Floats) -> Floats:
    """Return the charge of playing each option next, infinite where its track is used."""
    ways = task.ways
    track = ways.track[among]
    total = cost(task, among, front.time[:, None])
    total[front.used[:, track]] = np.inf
    if not front.order.shape[1]:
        return total
    total -= saved(task, front.time)[:, None]
    before = front.order[:, -1]
    asked = mean_target(task, front.time[:, None], end)
    asked -= mean_target(task, front.time - ways.duration[before], front.time)[:, None]
    step = ways.log_bpm[among] - ways.log_bpm[before][:, None]
    total += jump_charge(step, asked, task.weights)
    artist = ways.pool.artist[track]
    for gap in range(1, min(int(task.weights.artist_reach), front.order.shape[1]) + 1):
        earlier = ways.pool.artist[ways.track[front.order[:, -gap]]]
        total += task.weights.artist / gap**2 * (artist == earlier[:, None])
    return total


def _kept(
    front: _Beam,
    *,
    among: Ints,
    track: Ints,
    charge: Floats,
    end: Floats,
    hope: Floats,
    price: Floats,
    marks: NDArray[np.uint64],
    width: int,
) -> _Beam:
    """Return the `width` extensions with the least hope, of equal sets and ends only the best."""
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
        np.column_stack([front.order[b], among[o]]),
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


def descend(task: Problem, order: Ints, among: Ints | None = None) -> tuple[Ints, float]:
    """Return the playlist reached by the best single change, again and again, and its charge.

    Only options `among` come in, by default all.
    """
    among = np.arange(len(task.charge)) if among is None else among
    least = float(charges(task, order[None])[0])
    while True:
        around = neighbors(task, order, among)
        found = charges(task, around)
        best = int(found.argmin())
        if found[best] >= least - 1e-9:
            return order, least
        order, least = around[best][around[best] != NONE], float(found[best])


def neighbors(task: Problem, order: Ints, among: Ints) -> Ints:
    """Return the playlist itself and all that are one change away, one a row."""
    track = task.ways.track
    count = len(order)
    free = among[~np.isin(track[among], track[order])]
    rows = [order[None]]
    for k in range(count):
        same = np.flatnonzero(track == track[order[k]])
        rows.append(_with(order, k, np.concatenate([same, free])))
    rows.extend(_with(np.insert(order, k, NONE), k, free) for k in range(count + 1))
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
