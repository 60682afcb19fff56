"""Tracks by the moments that they may start, in cells of time, and what they cost there.

An arc is an option and the cell that it starts in. Between the edges of a cell the cost of a track
is linear in its start but for one kink, where it begins to end in the next cell.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from math import ceil

import numpy as np
from numpy.typing import NDArray

from playlists import walks
from playlists.kernels.gates import rows
from playlists.kernels.points import FAR, charged
from playlists.matching import missing_charge
from playlists.pool import Floats, Ints
from playlists.problem import Problem
from playlists.targets import Targets

ROUNDING = 1e-9  # Share of a charge.


@dataclass(frozen=True, eq=False)
class Arcs:
    """Options by the cell of time that they start in, with their charges; sorted by cell."""

    task: Problem
    fine: int
    """Cells a tick."""
    option: Ints
    cell: Ints
    charge: Floats
    """Charge where it starts with the cell, at the kink, and at the end of it; shape (n, 3)."""

    @property
    def step(self) -> float:
        """Seconds a cell."""
        return self.task.tick / self.fine

    @property
    def count(self) -> int:
        """Cells that the workout lasts."""
        return self.fine * len(self.task.targets.bpm)

    @cached_property
    def first(self) -> Ints:
        """Where the arcs of each cell begin, and the last end; shape (count + 1,)."""
        return np.searchsorted(self.cell, np.arange(self.count + 1))

    @cached_property
    def whole(self) -> Ints:
        """Whole cells that each option lasts."""
        return (self.task.ways.duration * (self.fine / self.task.tick)).astype(np.int64)

    @cached_property
    def rest(self) -> Floats:
        """What each option lasts beyond these, in cells."""
        return self.task.ways.duration * (self.fine / self.task.tick) - self.whole

    @property
    def end(self) -> Ints:
        """First cell that each may end in; it ends there, or one later."""
        return self.cell + self.whole[self.option]

    @property
    def gates(self) -> Ints:
        """Cell of each pin."""
        return gates(self.task, self.fine)

    @property
    def begin(self) -> int:
        """Row that a playlist starts from: at the gate, if the first pin is in the first cell."""
        return -1 - len(self.gates) if len(self.gates) and not self.gates[0] else 0

    @property
    def starts(self) -> Ints:
        """Row that each starts from."""
        return self._rows[0] if self.task.rules.pins else self.cell

    @property
    def ends(self) -> Ints:
        """Row where it goes on after each, that ends in one cell or the next; shape (n, 2)."""
        return self._rows[1]

    @cached_property
    def _rows(self) -> tuple[Ints, Ints]:
        return rows(self.option, self.cell, self.whole, self.task.pin, self.gates)

    @cached_property
    def stop(self) -> Floats:
        """Charge for ending the music, at both ends of each cell, beyond the workout too.

        Between them it is no less than on a straight line. Before a pin it does not end.
        """
        last = self.count + int(self.task.ways.pool.duration.max() / self.step) + 2
        edge = self.step * np.arange(last + 1)
        left, right, missing = edge[:-1], edge[1:], self._missing(edge)
        ends = np.column_stack([missing[:-1], missing[1:]])
        off = ends.mean(axis=1) - self._missing((left + right) / 2)
        bent = np.abs(off) > ROUNDING * (1 + ends[:, 0])
        nearest = np.clip(self.task.targets.duration, left[bent], right[bent])
        ends[bent] = self._missing(nearest)[:, None]
        ends[right <= self.task.rules.until] = FAR
        return np.vstack([ends, np.full((len(self.gates) + 1, 2), FAR)])

    def _missing(self, time: NDArray[np.floating]) -> Floats:
        return missing_charge(np.asarray(time), self.task.targets, self.task.weights)

    @cached_property
    def saved(self) -> Floats:
        """What a song change saves at both ends of each cell; in between it is straight."""
        edges = np.arange(self.count + 1) / self.fine
        saved = np.interp(edges, np.arange(len(self.task.saved)), self.task.saved)
        return np.column_stack([saved[:-1], saved[1:]])

    def part(self, chosen: NDArray[np.bool_] | Ints) -> "Arcs":
        """Return some of the arcs; sorted by cell, if by index."""
        some = np.flatnonzero(chosen) if chosen.dtype == bool else chosen
        option, cell = self.option.take(some), self.cell.take(some)
        return replace(self, option=option, cell=cell, charge=self.charge.take(some, axis=0))

    def of(self, options: Ints) -> "Arcs":
        """Return the arcs of some options, all that have any, numbered anew."""
        return replace(
            self, task=self.task.part(options), option=np.searchsorted(options, self.option)
        )


def by_cell(task: Problem, fine: int, option: Ints, cell: Ints, charge: Floats) -> Arcs:
    """Return arcs that are in no order yet."""
    by = walks.by_cell(cell, fine * len(task.targets.bpm))
    return Arcs(task, fine, option.take(by), cell.take(by), charge.take(by, axis=0))


def gates(task: Problem, fine: int) -> Ints:
    """Return the cell of each pin, where `fine` make a tick."""
    return np.array([int(at * fine / task.tick) for _, at in task.rules.pins], np.int64)


def every(task: Problem, fine: int) -> Arcs:
    """Return the arcs of all options, in cells of which `fine` make a tick."""
    count, options = fine * len(task.targets.bpm), len(task.ways.track)
    cell = np.repeat(np.arange(count), options)
    return arcs(task, fine, np.tile(np.arange(options), count), cell)


def cells(goal: Targets, seconds: float, shortest: float) -> int:
    """Return how many cells of about `seconds` make a tick: one at least.

    A cell is shorter than the shortest track, in seconds, so that none ends where it starts.
    """
    return max(round(goal.tick / seconds), ceil(goal.tick / shortest), 1)


def finer(net: Arcs) -> Arcs:
    """Return the arcs in cells of half the length."""
    place = np.arange(len(net.cell))
    option, cell = np.empty((2, 2 * len(net.cell)), np.int64)
    for half in range(2):
        # Of each cell, first what starts in the earlier half, then what starts in the later.
        here = place + net.first[net.cell + half]
        option[here], cell[here] = net.option, 2 * net.cell + half
    return arcs(net.task, 2 * net.fine, option, cell)


def arcs(task: Problem, fine: int, option: Ints, cell: Ints) -> Arcs:
    """Return the arcs of options from cells, `fine` a tick, in order of the cells."""
    net = Arcs(task, fine, option, cell, np.empty((0, 3)))
    charge = charged(task.spent, task.charge, net.whole, net.rest, fine, option, cell)
    net = replace(net, charge=charge)
    return net.part(~clashing(net)) if task.rules.pins else net


def clashing(net: Arcs) -> NDArray[np.bool_]:
    """Return which arcs surely cover another's pin, or surely not their own."""
    task, edge = net.task, net.step * net.cell
    latest = np.where(net.cell, edge + net.step, 0.0)  # The first track starts at 0.
    length, no = task.ways.duration[net.option], np.zeros(len(net.option), dtype=bool)
    for wanted, at in task.rules.pins:
        surely = (latest <= at) & (edge + length > at)
        hardly = (edge <= at) & (latest + length > at)
        no |= np.where(task.ways.track[net.option] == wanted, ~hardly, surely)
    return no
