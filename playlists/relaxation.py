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

from playlists.matching import (
    change_charge,
    closeness,
    integral,
    intro_charge,
    missing_charge,
    term_rates,
)
from playlists.pool import Floats, Ints, Options
from playlists.settings import Settings, Weights
from playlists.targets import Targets


@dataclass(frozen=True, eq=False)
class Problem:
    """Everything the search asks for again and again, on a time grid."""

    ways: Options
    targets: Targets
    weights: Weights
    step: float
    """Seconds between edges of the grid."""
    spent: Floats
    """Integral of each option's rates, shape (N + 1, n): row by time for speed."""
    charge: Floats
    """What each option costs once."""
    saved: Floats
    """What a song change at each edge of the grid saves."""
    base: float
    """Charge of every playlist: the changes of effort, before any is met."""

    @property
    def last(self) -> int:
        """Index of the edge where the workout ends."""
        return len(self.spent) - 1


def problem(ways: Options, targets: Targets, settings: Settings, *, fine: int = 1) -> Problem:
    """Return the problem of sequencing `ways`, on a grid of `fine` edges a tick."""
    step = targets.tick / fine
    rate = sum(term_rates(ways, targets, settings).values(), np.zeros(()))
    spent = np.ascontiguousarray(integral(np.repeat(rate, fine, axis=1), step).T)
    edges = np.arange(len(spent)) / fine
    return Problem(
        ways,
        targets,
        settings.weights,
        step,
        spent,
        intro_charge(ways, settings.weights),
        np.interp(edges, np.arange(len(targets.bpm) + 1), closeness(targets, settings.weights)),
        change_charge(targets, settings.weights),
    )


def cost(task: Problem, option: Ints, start: Floats) -> Floats:
    """Return the charge of each option from each start, neighbors left aside; broadcast."""
    end = start + task.ways.duration[option]
    return _at(task, option, end) - _at(task, option, start) + task.charge[option]


def _at(task: Problem, option: Ints, time: Floats) -> Floats:
    place = np.minimum(time / task.step, task.last)
    edge = np.minimum(place.astype(np.int64), task.last - 1)
    part = place - edge
    flat = task.spent.ravel()
    index = edge * task.spent.shape[1] + option
    below = flat.take(index)
    return np.asarray(below + part * (flat.take(index + task.spent.shape[1]) - below))


@dataclass(frozen=True, eq=False)
class Potentials:
    """The least charge from each edge of the grid to the end, prices included."""

    on: Floats
    """If a track starts there."""
    go: Floats
    """If a track ends there: what a change saves is taken off, or the music stops for good."""
    price: Floats
    """Price of each track of the pool."""

    def bound(self, task: Problem) -> float:
        """Return the bound on the charge of every playlist, if these potentials are certified."""
        silence = float(missing_charge(np.zeros(()), task.targets, task.weights))
        return min(float(self.on[0]), silence) + task.base - float(self.price.sum())


def ahead(task: Problem, potentials: Potentials, time: Floats) -> Floats:
    """Return the potential where a track ends at `time`, seconds."""
    place = time / task.step
    edge = place.astype(np.int64)
    below = potentials.go[edge]
    line = below + (place - edge) * (potentials.go[edge + 1] - below)
    return np.asarray(np.minimum(line, missing_charge(time, task.targets, task.weights)))


def potentials(task: Problem, price: Floats, *, certified: bool = False) -> Potentials:
    """Return the potentials under `price`, backwards in time.

    Parameters
    ----------
    task : Problem
    price : ndarray, shape (tracks in the pool,)
        Charge for each use of a track, at least 0.
    certified : bool
        Whether they must prove a bound; else they are a little quicker and a little higher.

    Returns
    -------
    Potentials
    """
    return _Backwards(task, price).run(certified=certified)


class _Backwards:
    """One pass from the end of the workout to its start."""

    def __init__(self, task: Problem, price: Floats) -> None:
        self.task, self.price = task, price
        self.length = task.ways.duration / task.step
        self.whole = self.length.astype(np.int64)
        self.part = self.length - self.whole
        self.column = np.arange(len(self.whole))
        self.fixed = task.charge + price[task.ways.track]
        edges = np.arange(task.last + int(self.whole.max(initial=0)) + 3)
        self.stop = missing_charge(edges * task.step, task.targets, task.weights)
        self.go = self.stop.copy()
        self.on = np.full(task.last + 1, np.inf)
        self.ends = self._silent_ends()

    def run(self, *, certified: bool) -> Potentials:
        """Return the potentials; where `certified`, no line between two edges is too high."""
        last, later = self.task.last, 0.0
        self.on[last] = self._reach(last)
        for j in range(last - 1, -1, -1):
            self.on[j] = self._reach(j)
            if certified:
                dip = max(self._dip(j), 0.0)
                self._settle(j + 1, max(dip, later))
                later = dip
            self._settle(j, 0.0)
        self._settle(0, later)
        return Potentials(self.on, self.go, self.price)

    def _settle(self, j: int, dip: float) -> None:
        self.on[j] -= dip
        self.go[j] = min(self.on[j] - self.task.saved[j], self.stop[j])

    def _reach(self, j: int) -> float:
        """Return the least charge to go on from edge `j`."""
        end = j + self.length
        at = ahead(self.task, Potentials(self.on, self.go, self.price), end * self.task.step)
        spent = self._spent(self.whole + j, self.part) - self.task.spent[j]
        return float((spent + self.fixed + at).min(initial=np.inf))

    def _spent(self, edge: Ints, part: Floats) -> Floats:
        """Return what each option has spent `part` of a step after `edge`."""
        count, last, flat = len(self.fixed), self.task.last, self.task.spent.ravel()
        below = flat.take(np.minimum(edge, last) * count + self.column)
        above = flat.take(np.minimum(edge + 1, last) * count + self.column)
        return np.asarray(below + part * (above - below))

    def _dip(self, j: int) -> float:
        """Return how far potentials fall below the line between edges `j` and `j + 1`.

        That can be where a track ends on an edge, or where the music stops just in time.
        """
        edge = self.whole + j + 1
        total = self._spent(edge, np.zeros(())) + self.fixed + self.go[edge]
        dip = self._below(j, 1 - self.part, total, self.column)
        for cell, part, total in self.ends:
            mine = np.flatnonzero(cell == j)
            dip = max(dip, self._below(j, part[mine], total[mine], mine))
        return dip

    def _silent_ends(self) -> list[tuple[Ints, Floats, Floats]]:
        """Return where tracks start that end when music may stop at no charge: cell and part."""
        free = self.task.weights.missing_free / self.task.step
        found = []
        for end in (self.task.last - free, self.task.last + free):
            start = end - self.length
            cell = np.floor(start).astype(np.int64)
            spent = self._spent(np.full(len(cell), int(end)), np.full(len(cell), end % 1))
            found.append((cell, start - cell, spent + self.fixed))
        return found

    def _below(self, j: int, part: Floats, total: Floats, option: Ints) -> float:
        """Return how far starts `part` after `j` that cost `total` to the end undercut the line."""
        row, next_row = self.task.spent[j, option], self.task.spent[j + 1, option]
        reach = total - (row + part * (next_row - row))
        line = self.on[j] + part * (self.on[j + 1] - self.on[j])
        return float((line - reach).max(initial=0.0))
