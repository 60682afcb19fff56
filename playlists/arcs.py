"""Tracks by the moments that they may start, in cells of time, and what they cost there at least.

An arc is an option and the cell that it starts in. Between the edges of a cell the cost of a track
is linear in its start but for one kink, where it begins to end in the next cell; the least of a
stretch is at one of its ends.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import ceil

import numpy as np
from numpy.typing import NDArray

from playlists.matching import missing_charge
from playlists.pool import Floats, Ints
from playlists.problem import Problem
from playlists.targets import Targets

BLOCK = 1 << 15  # Arcs worked on at once: arrays of that size stay in the cache.


@dataclass(frozen=True, eq=False)
class Arcs:
    """Options by the cell of time that they start in, with least charges; sorted by cell."""

    task: Problem
    fine: int
    """Cells a tick."""
    option: Ints
    cell: Ints
    end: Ints
    """First cell that it may end in; it ends there, or one later."""
    early: Floats
    """Charge where it ends in the earlier of these cells."""
    late: Floats
    """Charge where it ends in the later one."""
    ceiling: Floats
    """What potentials need not exceed, by cell, less what all prices add up to."""

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
    def shortest(self) -> int:
        """Whole cells of the shortest arc."""
        return int((self.end - self.cell).min(initial=self.count))

    @cached_property
    def stop(self) -> Floats:
        """Charge for ending the music, by cell, beyond the workout too."""
        last = self.count + int(self.task.ways.pool.duration.max() / self.step) + 2
        edge, goal = self.step * np.arange(last), self.task.targets.duration
        nearest = np.clip(goal, edge, edge + self.step)
        stop = missing_charge(nearest, self.task.targets, self.task.weights)
        return np.where(edge + self.step <= self.task.rules.until, np.inf, stop)

    @cached_property
    def saved(self) -> Floats:
        """What a song change saves at most, by cell."""
        edges = np.arange(self.count + 1) / self.fine
        saved = np.interp(edges, np.arange(len(self.task.saved)), self.task.saved)
        return np.maximum(saved[1:], saved[:-1])

    def part(self, chosen: NDArray[np.bool_]) -> "Arcs":
        """Return some of the arcs."""
        return replace(
            self,
            option=self.option[chosen],
            cell=self.cell[chosen],
            end=self.end[chosen],
            early=self.early[chosen],
            late=self.late[chosen],
        )

    def of(self, options: Ints) -> "Arcs":
        """Return the arcs of some options, all that have any, numbered anew."""
        return replace(
            self, task=self.task.part(options), option=np.searchsorted(options, self.option)
        )


def together(nets: Sequence[Arcs]) -> Arcs:
    """Return the arcs of all, where the options of each follow those of the one before."""
    first, *others = nets
    sizes = [len(net.task.charge) for net in nets]
    shift = np.cumsum(sizes) - sizes
    option = np.concatenate([net.option + low for net, low in zip(nets, shift, strict=True)])
    cell, end, early, late = (
        np.concatenate([getattr(net, name) for net in nets])
        for name in ("cell", "end", "early", "late")
    )
    by = np.argsort(cell, kind="stable")
    task = first.task.joined([net.task for net in others])
    return Arcs(task, first.fine, option[by], cell[by], end[by], early[by], late[by], first.ceiling)


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
    option, cell = np.tile(net.option, 2), np.append(2 * net.cell, 2 * net.cell + 1)
    by = np.argsort(cell, kind="stable")
    fine = arcs(net.task, 2 * net.fine, option[by], cell[by])
    return replace(fine, ceiling=np.repeat(net.ceiling, 2))


def arcs(task: Problem, fine: int, option: Ints, cell: Ints) -> Arcs:
    """Return the arcs of options from cells, `fine` a tick, in order of the cells."""
    length = task.ways.duration * (fine / task.tick)
    whole = length.astype(np.int64)
    early, late = np.empty((2, len(option)))
    for low in range(0, len(option), BLOCK):
        part = slice(low, low + BLOCK)
        some, start = option[part], cell[part]
        least = _least(task, fine, some, start, (length - whole)[some], start + whole[some])
        early[part], late[part] = least
    ceiling = np.full(fine * len(task.targets.bpm), np.inf)
    net = Arcs(task, fine, option, cell, cell + whole[option], early, late, ceiling)
    return net.part(~_clashing(net)) if task.rules.pins else net


def _least(
    task: Problem, fine: int, option: Ints, cell: Ints, rest: Floats, end: Ints
) -> tuple[Floats, Floats]:
    """Return the least charge before and after the kink, by option and cell of the start."""
    start, past, _ = _edges(task, fine, option, cell)
    here, there, beyond = _edges(task, fine, option, end)
    once = task.charge[option]
    kink = there - past + rest * (past - start) + once
    before = here + rest * (there - here) - start + once
    after = there + rest * (beyond - there) - past + once
    return np.minimum(before, kink), np.minimum(kink, after)


def _edges(task: Problem, fine: int, option: Ints, edge: Ints) -> tuple[Floats, Floats, Floats]:
    """Return what each option has spent at an edge of the cells and the next two."""
    spent, last = task.spent.ravel(), task.spent.shape[1] - 1
    tick = np.minimum(edge // fine, last - 1)
    index = option * (last + 1) + tick
    below = spent.take(index)
    rise = (spent.take(index + 1) - below) / fine
    place = np.minimum(edge - tick * fine, fine)
    here, there = below + place * rise, below + np.minimum(place + 1, fine) * rise
    tick = np.minimum((edge + 2) // fine, last - 1)
    index = option * (last + 1) + tick
    below = spent.take(index)
    place = np.minimum(edge + 2 - tick * fine, fine)
    return here, there, below + place * ((spent.take(index + 1) - below) / fine)


def _clashing(net: Arcs) -> NDArray[np.bool_]:
    """Return which arcs surely cover another's pin, or surely not their own."""
    task, edge = net.task, net.step * net.cell
    length, no = task.ways.duration[net.option], np.zeros(len(net.option), dtype=bool)
    for wanted, at in task.rules.pins:
        surely = (edge + net.step <= at) & (edge + length > at)
        hardly = (edge <= at) & (edge + net.step + length > at)
        no |= np.where(task.ways.track[net.option] == wanted, ~hardly, surely)
    return no


def pinning(net: Arcs) -> Arcs:
    """Return the arcs without those that start in the cell of another's pin.

    What moves within that cell may pass by the pin: a bound must allow for it, a search need not.
    """
    passing = np.zeros(len(net.option), dtype=bool)
    for wanted, at in net.task.rules.pins:
        here = net.cell == int(at / net.step)
        passing |= here & (net.task.ways.track[net.option] != wanted)
    return net.part(~passing)
