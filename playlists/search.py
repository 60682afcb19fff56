"""The search for the best order: a beam guided by potentials, then a descent from its best.

The beam builds playlists from the start, track by track. It keeps those whose charge so far plus
the potential of the time that is left (see `playlists.relaxation`) is least; all charges between
neighbors are counted, and no song comes twice. The descent then replaces, inserts, removes,
swaps and moves single tracks as long as that helps.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playlists import walks
from playlists.arcs import Arcs
from playlists.matching import at, jump_charge, mean_until, missing_charge
from playlists.pool import Floats, Ints
from playlists.problem import Problem, cost
from playlists.relaxation import Potentials, ahead, places
from playlists.rules import clashes

NONE = -1  # Fills the rows of shorter playlists.
BRANCHES = 20  # Options that the beam weighs exactly for each next track; the best is near the top.
LONG = 120  # Songs, seven hours: changes of more would take minutes and gigabytes.
WEIGHED = 200_000  # The same for all that it follows at most, to save memory.
UNLIKE = 8  # Playlists from which each that it follows is chosen ...
TOGETHER = 1.0  # ... and seconds within which they end together.


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What a search found."""

    order: Ints
    """Tracks, as indices into the pool."""
    charge: float
    bound: float
    """No playlist is charged less."""


def charges(task: Problem, orders: Ints) -> Floats:
    """Return the charge of each playlist, that of `playlists.matching.score` at these levels.

    Infinite for one that breaks a rule.

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
    total: Floats = task.base + own.sum(axis=1) - met[:, 1:].sum(axis=1)
    total += np.where(real[:, 1:], jump, 0.0).sum(axis=1)
    total += _artists(task, orders, real)
    total += ending(task, end[:, -1] if orders.shape[1] else np.zeros(len(orders)))
    if task.rules.pins:
        broken = clashes(task.rules, ways.track[orders], start, end) & real
        total[broken.any(axis=1)] = np.inf
    return total


def ending(task: Problem, end: Floats) -> Floats:
    """Return the charge for music that ends at `end` for good; infinite before a pin."""
    missing = missing_charge(end, task.targets, task.weights)
    return np.where(end > task.rules.until, missing, np.inf)


def saved(task: Problem, time: Floats) -> Floats:
    """Return what a song change at each time saves."""
    return at(task.saved, time / task.tick)


def mean_target(task: Problem, start: Floats, end: Floats) -> Floats:
    """Return the mean logarithm of the wanted tempo from `start` to `end`."""
    return mean_until(task.asked, task.tick, start, end)


def _artists(task: Problem, orders: Ints, real: NDArray[np.bool_]) -> Floats:
    artist = task.ways.artist[orders]
    total, before = np.zeros(len(orders)), np.zeros(orders.shape)
    for gap in range(1, min(_reach(task), orders.shape[1] - 1) + 1):
        again = (artist[:, gap:] == artist[:, :-gap]) & real[:, gap:]
        before[:, gap:] += again
        total += _again(task, gap) * again.sum(axis=1)
    if task.rules.max_per_artist is not None:
        total[(before >= task.rules.max_per_artist).any(axis=1)] = np.inf
    return total


def _reach(task: Problem) -> int:
    """Return how many tracks back an artist matters."""
    if task.rules.max_per_artist is not None:
        return 1 << 30
    return max(int(task.weights.artist_reach), task.rules.no_repeat_artist)


def _again(task: Problem, gap: int) -> float:
    """Return the charge for the artist of the track `gap` tracks before."""
    if gap <= task.rules.no_repeat_artist:
        return 1e9  # As good as infinite, and 0 where it is not so.
    return task.weights.artist / gap**2 if gap <= task.weights.artist_reach else 0.0


@dataclass(frozen=True, eq=False)
class Front:
    """Partial playlists, one a row, sorted by nothing."""

    order: Ints
    time: Floats
    charge: Floats
    paid: Floats
    """Prices of the tracks used."""
    mark: NDArray[np.uint64]
    """Number that stands for the set of songs used."""

    def rows(self, rows: Ints) -> "Front":
        """Return some of the rows."""
        return Front(
            self.order.take(rows, axis=0),
            self.time[rows],
            self.charge[rows],
            self.paid[rows],
            self.mark[rows],
        )


def beam(net: Arcs, hopes: Potentials, width: int, *, known: float = np.inf) -> tuple[Ints, float]:
    """Return the best playlist that a beam of `width` partial playlists finds, and its charge.

    Songs of infinite price do not come in. The charge is infinite where no playlist was found
    that keeps the rules, or none that is charged less than what is `known`.
    """
    task, song = net.task, songs(net)
    marks = lots(int(song.max()) + 1)
    front, has = nothing(task), np.zeros((1, len(marks)), dtype=bool)  # Which songs each has.
    dears = np.where(hopes.price[task.ways.group] > 0, marks[song], np.uint64(0))
    dear = np.zeros(1, np.uint64)  # Which of those that have a price.
    best, most = np.empty(0, np.int64), known + float(hopes.price[np.isfinite(hopes.price)].sum())
    least = task.base + float(ending(task, np.zeros(())))
    while len(front.time):
        row, option, hope = branches(net, hopes, front, has, song, most)
        row, option = _cheapest(row, option, hope, min(BRANCHES * width, WEIGHED))
        front = extended(task, hopes, front.rows(row), option, song, marks)
        stop = front.charge + ending(task, front.time)
        if len(stop) and stop.min() < least:
            least, best = float(stop.min()), front.order[stop.argmin()]
        dear = dear[row] ^ dears[option]
        kept = _kept(task, hopes, front, dear, width)
        dear = dear[kept]
        has = has.take(row[kept], axis=0)
        has[np.arange(len(kept)), song[option[kept]]] = True
        front = front.rows(kept)
    return best, least


def songs(net: Arcs) -> Ints:
    """Return a number for the song of each option that has arcs, from 0."""
    song = np.zeros(len(net.task.ways.group), np.int64)
    used = np.flatnonzero(np.bincount(net.option))
    song[used] = np.unique(net.task.ways.group[used], return_inverse=True)[1]
    return song


def lots(count: int) -> NDArray[np.uint64]:
    """Return numbers that tell sets apart when they are xored: any do that are unlike."""
    return np.random.default_rng(0).integers(0, 2**63, count, dtype=np.uint64)


def nothing(task: Problem) -> Front:
    """Return the playlist without a track."""
    none, paid = np.empty((1, 0), np.int64), np.zeros(1)
    return Front(none, np.zeros(1), np.full(1, task.base), paid, np.zeros(1, np.uint64))


def branches(
    net: Arcs, hopes: Potentials, front: Front, has: NDArray[np.bool_], song: Ints, most: float
) -> tuple[Ints, Ints, Floats]:
    """Return what may come next: rows of the front, an option for each, and what they hope for.

    That is less than `most`, prices of all songs included; charges between neighbors are not.
    """
    state, share = places(hopes, front.time, net.task.rules.moments)
    paid = front.charge + front.paid
    if front.order.shape[1]:
        paid = paid - saved(net.task, front.time)
    return walks.branches(
        net.first, net.option, net.charge, net.starts, net.ends, net.gates, net.rest,
        hopes.price[net.task.ways.group], hopes.go, state, share, paid, has, song, most,
    )  # fmt: skip


def _cheapest(row: Ints, option: Ints, hope: Floats, count: int) -> tuple[Ints, Ints]:
    """Return the `count` rows and options that hope for least."""
    if len(row) <= count:
        return row, option
    few = np.sort(np.argpartition(hope, count - 1)[:count])
    return row[few], option[few]


def extended(
    task: Problem, hopes: Potentials, front: Front, option: Ints, song: Ints,
    marks: NDArray[np.uint64],
) -> Front:  # fmt: skip
    """Return each row of `front` with one option more."""
    end = front.time + task.ways.duration[option]
    return Front(
        np.column_stack([front.order, option]),
        end,
        front.charge + _step_charge(task, front, option, end),
        front.paid + hopes.price[task.ways.group[option]],
        front.mark ^ marks[song[option]],
    )


def _step_charge(task: Problem, front: Front, option: Ints, end: Floats) -> Floats:
    """Return the charge of playing an option next in each row."""
    ways = task.ways
    total = cost(task, option, front.time)
    if task.rules.pins:
        total[clashes(task.rules, ways.track[option], front.time, end)] = np.inf
    if not front.order.shape[1]:
        return total
    before = front.order[:, -1]
    asked = mean_target(task, front.time, end)
    asked -= mean_target(task, front.time - ways.duration[before], front.time)
    step = ways.log_bpm[option] - ways.log_bpm[before]
    total += jump_charge(step, asked, task.weights) - saved(task, front.time)
    artist, again = ways.artist[option], np.zeros(len(option))
    for gap in range(1, min(_reach(task), front.order.shape[1]) + 1):
        same = artist == ways.artist.take(front.order[:, -gap])
        again += same
        total += _again(task, gap) * same
    if task.rules.max_per_artist is not None:
        total[again >= task.rules.max_per_artist] = np.inf
    return total


def _kept(
    task: Problem, hopes: Potentials, front: Front, dear: NDArray[np.uint64], width: int
) -> Ints:
    """Return the `width` rows with the least hope, of equal sets and ends only the best.

    First come the best of those that end together and used the same of the songs that have a price:
    a song without one is not in demand, so it matters little which of them were used. Thousands of
    playlists differ in such songs alone, and would leave no room for others.
    """
    hope = front.charge + front.paid + ahead(hopes, front.time, task.rules.moments)
    hope[front.time >= task.targets.duration] = np.inf
    few = min(UNLIKE * width, int(np.isfinite(hope).sum()))
    if not few:
        return np.empty(0, np.int64)
    pick = np.argpartition(hope, few - 1)[:few]
    pick = pick[np.lexsort((pick, hope[pick]))]
    pick = pick[_firsts(front.mark[pick], front.order[pick, -1])]
    unlike = np.zeros(len(pick), dtype=bool)
    unlike[_firsts(dear[pick], front.time[pick] / TOGETHER)] = True
    return np.asarray(np.concatenate([pick[unlike], pick[~unlike]])[:width])


def _firsts(mark: NDArray[np.uint64], other: NDArray[Any]) -> Ints:
    """Return in order where each pair of a mark and another whole number comes first."""
    key = mark + other.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return np.sort(np.unique(key, return_index=True)[1])


def descend(task: Problem, order: Ints, among: Ints) -> tuple[Ints, float]:
    """Return the playlist reached by the best single change, again and again, and its charge.

    Only options `among` come in. Long playlists stay as they are.
    """
    least = float(charges(task, order[None])[0])
    while len(order) <= LONG:
        around = neighbors(task, order, among)
        found = charges(task, around)
        best = int(found.argmin())
        if not found[best] < least - 1e-9:
            break
        order, least = around[best][around[best] != NONE], float(found[best])
    return order, least


def neighbors(task: Problem, order: Ints, among: Ints) -> Ints:
    """Return the playlist itself and all that are one change away, one a row."""
    group = task.ways.group
    count = len(order)
    free = among[~np.isin(group[among], group[order])]
    rows = [order[None]]
    for k in range(count):
        same = among[group[among] == group[order[k]]]
        rows.append(_with(order, k, np.concatenate([same, free])))
    rows.extend(_with(np.insert(order, k, NONE), k, free) for k in range(count + 1))
    rows.append(order[_rearranged(count)])
    rows.extend(np.delete(order, k)[None] for k in range(count))
    return _stacked(rows, count + 1)


def _rearranged(count: int) -> Ints:
    """Return the orders of `count` places in which one is moved or two are swapped, one a row."""
    one, other, place = np.ogrid[:count, :count, :count]
    back, forth = (one <= place) & (place < other), (other < place) & (place <= one)
    moved = np.where(place == other, one, place + back - forth)
    swapped = np.where(place == one, other, np.where(place == other, one, place))
    return np.concatenate(
        [moved[one[..., 0] != other[..., 0]], swapped[one[..., 0] < other[..., 0]]]
    )


def _stacked(rows: list[Ints], widest: int) -> Ints:
    stacked, low = np.full((sum(map(len, rows)), widest), NONE), 0
    for some in rows:
        stacked[low : low + len(some), : some.shape[1]] = some
        low += len(some)
    return stacked


def _with(order: Ints, place: int, choices: Ints) -> Ints:
    rows = np.repeat(order[None], len(choices), axis=0)
    rows[:, place] = choices
    return rows
