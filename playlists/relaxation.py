"""How good a playlist could be at best: a bound that every order of the library respects.

Leave out that a song must not come twice, and what passes between neighbors (jump, artist).
Then the best playlist is a shortest path through time: from every moment, one of the tracks
leads to a later moment. What it costs to go on from each moment is its potential, found from the
end backwards. A price on each use of a song, paid back once, makes repeating songs
dear without raising the cost of any playlist that uses each once (Lagrangian relaxation: Held and
Karp, Mathematical Programming 1:6-25, 1971). Hence ::

    potential(0) - sum of prices  <=  charge of any playlist

Time is cut into cells of equal length. The potential of a cell is the least of all moments in it,
so the bound holds in continuous time: a path may gain at each song change by moving within a cell,
never lose.

An arc (see `playlists.arcs`) that costs more beyond the potentials than
a known playlist costs beyond the bound is in no better playlist and is left out for good (reduced
cost fixing), so that the few that are left can be looked at in ever shorter cells.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from playlists.arcs import Arcs, finer
from playlists.pool import Floats, Pool


@dataclass(frozen=True, eq=False)
class Potentials:
    """The least charge from every cell of time to the end, prices included."""

    step: float
    """Seconds a cell."""
    go: Floats
    """Where a track ends in a cell: another starts, or the music stops for good."""
    on: Floats
    """Where another starts in it, before what the song change saves."""
    price: Floats
    """Price of each song, that is group, of the pool."""
    over: Floats
    """Least that a playlist with the arc in it is charged beyond the bound."""
    bound: float
    """No playlist is charged less."""

    @cached_property
    def coarse(self) -> "Potentials":
        """The same for cells twice as long: an excess is no less than by these."""
        on = self.on.reshape(-1, 2).max(axis=1)
        go = np.pad(self.go, (0, 4 + len(self.go) % 2), mode="edge").reshape(-1, 2).min(axis=1)
        return replace(self, step=2 * self.step, on=on, go=go)


def ahead(potentials: Potentials, time: Floats) -> Floats:
    """Return the potential where a track ends at `time`, seconds."""
    return np.asarray(potentials.go.take((time / potentials.step).astype(np.int64), mode="clip"))


def no_prices(held: Pool) -> Floats:
    """Return a price of 0 for every song of a pool."""
    return np.zeros(int(held.group.max()) + 1)


def potentials(net: Arcs, price: Floats) -> Potentials:
    """Return the potentials under `price`, and with them a bound.

    Parameters
    ----------
    net : Arcs
    price : ndarray, shape (groups of the pool,)
        Charge for each use of a song, at least 0.

    Returns
    -------
    Potentials
    """
    fixed, first = price[net.task.ways.group][net.option], net.first
    early, late = net.early + fixed, net.late + fixed
    go, on, reach = net.stop.copy(), net.ceiling + price.sum(), np.empty(len(fixed))
    for high in range(net.count, 0, -max(net.shortest, 1)):
        low = max(high - max(net.shortest, 1), 0)
        some = slice(first[low], first[high])
        end = net.end[some]
        reach[some] = np.minimum(early[some] + go[end], late[some] + go[end + 1])
        begin = first[low:high]
        filled = np.flatnonzero(np.diff(first[low : high + 1]))
        if len(filled):
            least = np.minimum.reduceat(reach[some], begin[filled] - first[low])
            on[low + filled] = np.minimum(on[low + filled], least)
        go[low:high] = np.minimum(on[low:high] - net.saved[low:high], go[low:high])
    bound = min(float(on[0]), float(net.stop[0])) + net.task.base - float(price.sum())
    with np.errstate(invalid="ignore"):  # Where pins forbid all arcs, both are infinite.
        over = np.nan_to_num(reach - on[net.cell], nan=np.inf, posinf=np.inf, neginf=-np.inf)
    return Potentials(net.step, go, on, price, over, bound)


def away(net: Arcs, hopes: Potentials) -> Floats:
    """Return by cell how much more than the bound a playlist costs at least that starts a song."""
    fixed, first, size = hopes.price[net.task.ways.group][net.option], net.first, net.shortest
    early, late = net.early + fixed, net.late + fixed
    come = np.full(len(net.stop), np.inf)
    come[0] = net.saved[0]
    for low in range(0, net.count, size):
        high = min(low + size, net.count)
        some = slice(first[low], first[high])
        start = (come[low:high] - net.saved[low:high])[net.cell[some] - low]
        np.minimum.at(come, net.end[some], start + early[some])
        np.minimum.at(come, net.end[some] + 1, start + late[some])
    with np.errstate(invalid="ignore"):
        far = come[: net.count] - net.saved + hopes.on - hopes.on[0]
    return np.asarray(np.nan_to_num(far, nan=np.inf, posinf=np.inf))


def slack(net: Arcs, hopes: Potentials) -> Floats:
    """Return the least that a playlist with each option is charged beyond the bound."""
    over = np.full(len(net.task.charge), np.inf)
    np.minimum.at(over, net.option, hopes.over)
    return over


def excess(net: Arcs, hopes: Potentials) -> Floats:
    """Return how much more than the potentials other arcs cost at least, each.

    Negative where the potentials hold only without the arc.
    """
    reach = np.minimum(net.early + hopes.go[net.end], net.late + hopes.go[net.end + 1])
    reach += hopes.price[net.task.ways.group][net.option]
    with np.errstate(invalid="ignore"):  # Where nothing leads to the end, whatever is known.
        return np.nan_to_num(reach - hopes.on[net.cell], nan=np.inf, posinf=np.inf, neginf=-np.inf)


def lowest(net: Arcs, hopes: Potentials, room: Floats) -> Arcs:
    """Return the arcs, in cells of the potentials, whose excess is less than `room` in each."""
    if net.fine < round(net.task.tick / hopes.step):
        net = finer(lowest(net, hopes.coarse, room.reshape(-1, 2).max(axis=1)))
    return net.part(excess(net, hopes) < room[net.cell])


def debt(low: Sequence[Arcs], hopes: Potentials) -> float:
    """Return by how much the bound is too high for arcs of negative excess, at most.

    A playlist may have several of them, one after the other: the dearest such chain.
    """
    over = np.concatenate([excess(net, hopes) for net in low])
    cell = np.concatenate([net.cell for net in low])
    end = np.concatenate([net.end for net in low])
    start, most = list[int](), [0.0]  # From each cell on (negative), the most that a chain owes.
    for k in np.lexsort((over, -cell)).tolist():
        owed = most[bisect_right(start, -int(end[k]))] - float(over[k])
        if owed > most[-1]:
            start.append(-int(cell[k]))
            most.append(owed)
    return most[-1]


def risen(first: Potentials, now: Potentials) -> Floats:
    """Return by how much an excess may be less than it was at first, by whole cells of the arc.

    Both in the same cells, prices left aside.
    """
    with np.errstate(invalid="ignore"):  # Where a pin forbids it, both may be infinite.
        last = min(len(now.go), len(first.go))
        start, end = now.on - first.on, now.go[:last] - first.go[:last]
    start, end = (np.nan_to_num(rise, nan=0.0, posinf=np.inf) for rise in (start, end))
    least = np.minimum(end[:-1], end[1:])
    ends = sliding_window_view(least, len(start))
    return np.array([(start - later).max() for later in ends])
