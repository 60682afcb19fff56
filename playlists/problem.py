"""The charges of options from any start, as the search asks for them again and again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from playlists.matching import change_charge, charges_once, closeness, integral, term_rates
from playlists.pool import Floats, Ints, Options
from playlists.rules import FREE, Rules
from playlists.settings import Settings, Weights
from playlists.targets import Targets

BLOCK = 1 << 15  # Ticks times options worked on at once: arrays of that size stay in the cache.


@dataclass(frozen=True, eq=False)
class Problem:
    """Ways to play tracks, and what each costs."""

    ways: Options
    targets: Targets
    weights: Weights
    rules: Rules
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

    @cached_property
    def pin(self) -> Ints:
        """Which pin each option is for, -1 for none."""
        pin = np.full(len(self.ways.track), -1)
        for place, (track, _) in enumerate(self.rules.pins):
            pin[self.ways.track == track] = place
        return pin

    def edges(self, fine: int) -> Floats:
        """Return what each option has spent at the edges of cells, of which `fine` make a tick."""
        ticks = np.arange(self.spent.shape[1])
        cells = np.arange(fine * ticks[-1] + 1) / fine
        if fine == 1:
            return self.spent
        return np.stack([np.interp(cells, ticks, one) for one in self.spent])

    def part(self, chosen: Ints) -> "Problem":
        """Return the same with some of the options only."""
        ways = Options(self.ways.pool, self.ways.track[chosen], self.ways.level[chosen])
        return replace(
            self,
            ways=ways,
            spent=self.spent.take(chosen, axis=0),
            charge=self.charge[chosen],
        )

    def joined(self, others: Sequence["Problem"]) -> "Problem":
        """Return the same with other options, which follow these."""
        tasks = [self, *others]
        track = np.concatenate([task.ways.track for task in tasks])
        level = np.concatenate([task.ways.level for task in tasks])
        return replace(
            self,
            ways=Options(self.ways.pool, track, level),
            spent=np.concatenate([task.spent for task in tasks]),
            charge=np.concatenate([task.charge for task in tasks]),
        )


def problem(ways: Options, targets: Targets, settings: Settings, rules: Rules = FREE) -> Problem:
    """Return the problem of sequencing `ways`."""
    spent = _spending(ways, targets, settings)
    charge = sum(charges_once(ways, settings.weights).values(), np.zeros(len(ways.track)))
    return Problem(
        ways,
        targets,
        settings.weights,
        rules,
        spent,
        charge,
        closeness(targets, settings.weights),
        integral(np.log(targets.bpm), targets.tick),
        change_charge(targets, settings.weights),
    )


def _spending(ways: Options, targets: Targets, settings: Settings) -> Floats:
    count, ticks = len(ways.track), len(targets.bpm)
    kinds, kind = targets.kinds
    spent, size = np.empty((count, ticks + 1)), BLOCK // ticks + 1
    for low in range(0, count, size):
        part = slice(low, low + size)
        some = Options(ways.pool, ways.track[part], ways.level[part])
        rate = sum(term_rates(some, kinds, settings).values(), np.zeros(()))
        spent[part] = integral(rate.take(kind, axis=1), targets.tick)
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
