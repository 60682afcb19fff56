"""How good a playlist could be at best: a bound that every order of the library respects.

Leave out that a song must not come twice, and what passes between neighbors (jump, artist).
Then the best playlist is a shortest path through time: from every moment, one of the tracks
leads to a later moment. What it costs to go on from each moment is its potential, found from the
end backwards. A price on each use of a song, paid back once, makes repeating songs
dear without raising the cost of any playlist that uses each once (Lagrangian relaxation: Held and
Karp, Mathematical Programming 1:6-25, 1971). Hence ::

    potential(0) - sum of prices  <=  charge of any playlist

Time is cut into cells of equal length. In each, the potential is a straight line below all that may
happen at its moments, so the bound holds in continuous time: a path may gain at each song change by
moving within a cell, but only as far as potentials bend there.

An arc (see `playlists.arcs`) that costs more beyond the potentials than
a known playlist costs beyond the bound is in no better playlist and is left out for good (reduced
cost fixing), so that the few that are left can be looked at in ever shorter cells.

Short cells are found from long ones, as in branch and bound: the least that an option may cost in a
long cell tells, for most, that another is cheaper there, and only the others are looked at in the
short cells that it is cut into, from the end of the workout on (`sharp`).
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from playlists import walks
from playlists.arcs import Arcs, arcs, by_cell, clashing
from playlists.kernels import glimpsing, lines, passes, seeking, sharpening
from playlists.kernels.points import FAR, NEVER
from playlists.pool import Floats, Ints, Pool
from playlists.problem import Problem

NO_ARCS, NO_COST = np.empty(0, np.int64), np.empty(0)
MOST = 4_000_000  # Arcs that are looked at together; each takes a hundred bytes.


@dataclass(frozen=True, eq=False)
class Flat:
    """Potentials that are level in each cell: no excess over them is more than over others."""

    step: float
    """Seconds a cell."""
    go: Floats
    """At least, where a track ends in a cell; infinite where nothing leads to the end."""
    on: Floats
    """At most, where another starts in it."""
    price: Floats
    gates: Ints
    """Cells of pins: tracks end there before the first of them, and start after the last."""

    @cached_property
    def coarse(self) -> "Flat":
        """The same for cells twice as long."""
        return self.wider(2)

    def wider(self, size: int) -> "Flat":
        """Return the same for cells so many times as long, which tracks outlast."""
        go = np.pad(self.go, (0, 4 * size), mode="edge")
        on = np.maximum.reduceat(self.on, np.arange(0, len(self.on), size))
        go = np.minimum.reduceat(go, np.arange(0, len(go), size))
        gates = self.gates // size
        for gate in np.unique(gates):
            pins = self.gates[gates == gate]
            go[gate] = self.go[gate * size : pins.min() + 1].min()
            on[gate] = self.on[pins.max() : (gate + 1) * size].max()
        return replace(self, step=size * self.step, on=on, go=go, gates=gates)


@dataclass(frozen=True, eq=False)
class Potentials:
    """The least charge from every cell of time to the end, prices included.

    Straight lines, given at both ends of each cell, of shape (cells + pins + 1, 2), in the rows
    that `playlists.kernels.gates` tells of; `FAR` stands for infinite.
    """

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
    late: NDArray[np.bool_]
    """Whether an arc goes on best from the later of the cells that it may end in."""
    bound: float
    """No playlist is charged less."""
    gates: Ints
    """Cells of pins."""

    @cached_property
    def flat(self) -> Flat:
        """Potentials that are level in each cell, for tracks that are not pinned."""
        on, go = np.maximum(*self.on.T), np.minimum(*self.go.T)
        on, go = (np.where(some > NEVER, np.inf, some) for some in (on, go))
        rows = -1 - len(self.gates)
        go[self.gates[::-1]] = go[rows:-1][::-1]  # Of several pins in a cell, before the first.
        on[self.gates[self.gates == 0]] = -NEVER  # There, none but a pinned track starts at 0.
        return Flat(self.step, go[:rows], on[:rows], self.price, self.gates)

    @cached_property
    def coarse(self) -> "Potentials":
        """Lines in cells twice as long: an excess is no less than by these. They have no arcs."""
        rows, odd = -1 - len(self.gates), self.gates % 2
        on, go = lines.coarser(self.on[:rows], True), self.go[:rows]
        go = lines.coarser(np.pad(go, ((0, 4 + len(go) % 2), (0, 0)), mode="edge"), False)
        # Where a gate gets longer at its start, what was just before it now starts or ends there.
        before = np.where(np.append(odd, 0), np.append(self.gates - 1, -1), np.arange(rows, 0))
        ons, goes = (np.stack([each[rows:], each[before]]) for each in (self.on, self.go))
        on = np.vstack([on, _level(ons.max(axis=0), np.maximum)])
        go = np.vstack([go, _level(goes.min(axis=0), np.minimum)])
        return replace(self, step=2 * self.step, on=on, go=go, gates=self.gates // 2)


def _level(lines: Floats, side: np.ufunc) -> Floats:
    return np.asarray(np.repeat(side.reduce(lines, axis=1)[:, None], 2, axis=1))


def ahead(potentials: Potentials, time: Floats, pins: Sequence[float] = ()) -> Floats:
    """Return the potential where a track ends at `time`, seconds, and others follow.

    `pins` are the moments of pins.
    """
    row, share = places(potentials, time, pins)
    left, right = potentials.go[row].T
    return np.asarray(left + share * (right - left))


def places(potentials: Potentials, time: Floats, pins: Sequence[float]) -> tuple[Ints, Floats]:
    """Return the row from which it goes on at `time`, and how far into its cell, from 0 to 1."""
    rows = -1 - len(pins)
    place = np.minimum(time / potentials.step, len(potentials.go) + rows - 1)
    cell = place.astype(np.int64)
    row = cell.copy()
    for pin, at in reversed(list(enumerate(pins))):
        row[(cell == potentials.gates[pin]) & (time <= at)] = rows + pin
    return row, place - cell


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
    fixed = price[net.task.ways.group]
    go, on = net.stop.copy(), np.full((net.count + len(net.gates) + 1, 2), FAR)
    over, late = np.empty(len(net.cell)), np.empty(len(net.cell), dtype=bool)
    passes.backward(
        net.first, net.option, net.charge, net.whole, net.rest, fixed, net.saved, net.task.pin,
        net.gates, on, go, over, late,
    )  # fmt: skip
    return Potentials(net.step, go, on, price, over, late, _bound(net, on, price), net.gates)


def guess(net: Arcs, price: Floats) -> Potentials:
    """Return about what it costs to go on: nothing is proved by it, but it is closer.

    Straight between what it costs at the ends of cells, not below all that may happen in them.
    """
    go, on = net.stop.copy(), np.full((net.count + len(net.gates) + 1, 2), FAR)
    over, late = np.empty(len(net.cell)), np.empty(len(net.cell), dtype=bool)
    passes.guessed(
        net.first, net.option, net.charge, net.whole, net.rest, price[net.task.ways.group],
        net.saved, net.task.pin, net.gates, on, go, over, late,
    )  # fmt: skip
    return Potentials(net.step, go, on, price, over, late, _bound(net, on, price), net.gates)


def _bound(net: Arcs, on: Floats, price: Floats) -> float:
    least = min(float(on[net.begin, 0]), float(net.stop[0, 0]))
    return least + net.task.base - float(price.sum()) if least < NEVER else np.inf


def away(net: Arcs, hopes: Potentials) -> Floats:
    """Return by row how much more than the bound a playlist costs at least that starts a song.

    `FAR` where none does.
    """
    fixed = hopes.price[net.task.ways.group]
    return passes.forward(
        net.first, net.option, net.charge, net.whole, net.rest, fixed, net.saved, net.task.pin,
        net.gates, hopes.on, hopes.go,
    )  # fmt: skip


def slack(net: Arcs, hopes: Potentials) -> Floats:
    """Return the least that a playlist with each option is charged beyond the bound."""
    over = np.full(len(net.task.charge), np.inf)
    np.minimum.at(over, net.option, hopes.over)
    return over


def excess(net: Arcs, hopes: Potentials) -> Floats:
    """Return how much more than the potentials other arcs cost at least, each.

    Negative where the potentials hold only without the arc.
    """
    here, there = beyond(net, hopes).T
    return np.asarray(np.minimum(here, there))


def beyond(net: Arcs, hopes: Potentials) -> Floats:
    """Return the excess of arcs where they end in one cell and in the next, shape (arcs, 2)."""
    fixed = hopes.price[net.task.ways.group]
    return passes.excesses(
        net.option, net.cell, net.charge, net.whole, net.rest, fixed, net.task.pin, net.gates,
        hopes.on, hopes.go,
    )  # fmt: skip


def lowest(net: Arcs, hopes: Potentials, room: Floats) -> Arcs:
    """Return the arcs whose excess is less than `room` in each row."""
    return net.part(excess(net, hopes) < room[net.starts])


def sought(task: Problem, fine: int, hopes: Potentials, room: Floats) -> Arcs:
    """Return the arcs of all options whose excess is less than `room` in each row.

    They are sought from cells on of which `fine` make a tick.
    """
    levels, rooms = [hopes], [room]
    while round(task.tick / levels[-1].step) > fine:
        levels.append(levels[-1].coarse)
        rooms.append(_wider(rooms[-1], levels[-1].gates))
    levels, rooms = levels[::-1], rooms[::-1]
    option, cell, charge = seeking.sought(
        task.edges(fine), task.charge, task.ways.duration * (fine / task.tick),
        hopes.price[task.ways.group], len(levels) - 1,
        np.concatenate([level.on for level in levels]),
        np.concatenate([level.go for level in levels]),
        np.concatenate(rooms),
        np.cumsum([0] + [len(level.on) for level in levels]),
        np.cumsum([0] + [len(level.go) for level in levels]),
        task.pin,
        np.array([level.gates for level in levels]),
    )  # fmt: skip
    deep = fine << (len(levels) - 1)
    net = by_cell(task, deep, option, cell, charge)
    return net.part(~clashing(net)) if task.rules.pins else net


def glimpsed(task: Problem, fine: int, price: Floats, many: int) -> Arcs:
    """Return the arcs of the options that are about cheapest from each cell, so many of them."""
    net = Arcs(task, fine, NO_ARCS, NO_ARCS, np.empty((0, 3)))
    option, cell = glimpsing.glimpsed(
        task.edges(fine), task.charge, task.ways.duration * (fine / task.tick),
        price[task.ways.group], np.ascontiguousarray(net.stop.T), net.saved, many, task.pin,
        net.gates,
    )  # fmt: skip
    return arcs(task, fine, option[::-1].copy(), cell[::-1].copy())


def sharp(
    task: Problem, fine: int, depth: int, price: Floats, margin: float = 0.0, most: int = MOST
) -> tuple[Arcs, Potentials]:
    """Return potentials in short cells, and the arcs that cost little more than these.

    Of each option the least that it may cost is found in long cells. Only where this is less than
    what others cost, it is looked at in short ones.

    Parameters
    ----------
    task : Problem
    fine : int
        Cells a tick that all options are looked at in.
    depth : int
        How often these are cut in halves.
    price : ndarray, shape (groups of the pool,)
    margin : float
        Excess of the arcs, at most.
    most : int
        Arcs that there is room for.

    Returns
    -------
    Arcs
    Potentials
        Of all options, as `potentials` says of `every` arc.

    Raises
    ------
    MemoryError
        If there are more arcs.
    """
    net = Arcs(task, fine << depth, NO_ARCS, NO_ARCS, np.empty((0, 3)))
    rough = Arcs(task, fine, NO_ARCS, NO_ARCS, np.empty((0, 3)))
    go, on = net.stop.copy(), np.full((net.count + len(net.gates) + 1, 2), FAR)
    option, cell, charge, over, late = sharpening.sharpened(
        task.edges(fine), task.charge, task.ways.duration * (fine / task.tick),
        price[task.ways.group], depth, on, go, rough.stop, net.saved, margin, most, task.pin,
        np.array([rough.gates, net.gates]),
        np.array(task.rules.moments, np.float64) * (fine / task.tick),
    )  # fmt: skip
    if len(cell) > most:
        raise MemoryError(f"more than {most:,} arcs")
    option, cell, charge = option[::-1].copy(), cell[::-1].copy(), charge[::-1].copy()
    net = replace(net, option=option, cell=cell, charge=charge)
    over, late = over[::-1].copy(), late[::-1].copy()
    return net, Potentials(net.step, go, on, price, over, late, _bound(net, on, price), net.gates)


def _wider(room: Floats, gates: Ints) -> Floats:
    """Return `room` by the rows of cells twice as long, of which `gates` are those of pins."""
    rows = -1 - len(gates)
    wide = room[:rows].reshape(-1, 2).max(axis=1)
    return np.append(wide, np.maximum(room[rows:], np.append(wide[gates], 0.0)))


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


def risen(first: Flat, now: Flat) -> Floats:
    """Return by how much an excess may be less than it was at first, by whole cells of the arc.

    Both in the same cells, prices left aside.
    """
    with np.errstate(invalid="ignore"):  # Where a pin forbids it, both may be infinite.
        last = min(len(now.go), len(first.go))
        start, end = now.on - first.on, now.go[:last] - first.go[:last]
    start, end = (np.nan_to_num(rise, nan=0.0, posinf=np.inf) for rise in (start, end))
    return walks.risen(start, end)
