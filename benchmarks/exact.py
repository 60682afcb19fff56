"""The best playlist of a small library, proved: what sequencing is judged by.

Playlists are built from the start, all at once, one track longer in each round. Of those that
used the same tracks and end with the same one at the same level only the cheapest goes on, since
all that can follow costs the same for each; the last artists count too, where any comes twice.
Those that cannot beat the best known go nowhere, by the potentials of `playlists.relaxation`.
With `bounded` off nothing is taken from there: then the proof stands on the objective alone.
"""

from dataclasses import dataclass

import numpy as np

from playlists.arcs import cells, every
from playlists.matching import jump_charge
from playlists.pool import Floats, Ints, Pool, options
from playlists.pricing import prices
from playlists.problem import Problem, cost, problem
from playlists.relaxation import ahead, no_prices, potentials
from playlists.rules import FREE, Rules, clashes
from playlists.search import NONE, charges, ending, mean_target, saved
from playlists.settings import Settings
from playlists.targets import Targets

MOST = 400_000  # Playlists that go on from one round; a few hundred MB.
AT_ONCE = 2_000_000  # Extensions looked at together.


@dataclass(frozen=True, slots=True)
class Optimum:
    """What is known of the best playlist."""

    misfit: float
    """Least misfit found."""
    bound: float
    """No playlist has less; the same where that is proved."""


def optimum(
    held: Pool,
    goal: Targets,
    settings: Settings,
    *,
    known: float = np.inf,
    bounded: bool = True,
    rules: Rules = FREE,
) -> Optimum:
    """Return the least misfit that any order of `held` has.

    Parameters
    ----------
    held : Pool
        Of 63 tracks at most.
    goal : Targets
    settings : Settings
    known : float
        Misfit of a playlist that is known.
    bounded : bool
        Whether to leave out what the relaxation rules out.
    rules : Rules
        Its pins are kept; what it says of artists is not.
    """
    task = problem(options(held, np.arange(len(held))), goal, settings, rules)
    known = known * goal.duration + 1e-9
    net = every(task, cells(goal, 1.0, float(held.duration.min())))
    hopes = potentials(net, prices(net, known, rounds=100, first=no_prices(held)))
    least = min(known, float(charges(task, np.array([[NONE]]))[0]))
    dropped, orders, spent = np.inf, np.empty((1, 0), np.int64), np.array([task.base])
    while len(orders):
        found: list[tuple[Ints, Floats, Floats]] = []
        for low in range(0, len(orders), max(AT_ONCE // len(task.charge), 1)):
            part = slice(low, low + max(AT_ONCE // len(task.charge), 1))
            row, option, charge, end = _extensions(task, orders[part], spent[part])
            least = min(least, float((charge + ending(task, end)).min(initial=np.inf)))
            keep = end < goal.duration + settings.weights.missing_free
            hope = charge.copy()
            if bounded:
                paid = hopes.price[task.ways.group[orders[part]]].sum(axis=1)[row]
                hope += (
                    ahead(hopes, end, rules.moments) + paid + hopes.price[task.ways.group[option]]
                )
                hope -= hopes.price.sum()
                keep &= hope < least
            order = np.column_stack([orders[part][row[keep]], option[keep]])
            found.append((order, charge[keep], hope[keep]))
        orders, spent, hope = (np.concatenate(each) for each in zip(*found, strict=True))
        first = _cheapest(task, orders, spent)
        first = first[np.argsort(hope[first], kind="stable")]
        if len(first) > MOST:
            dropped = min(dropped, float(hope[first[MOST]]) if bounded else -np.inf)
            first = first[:MOST]
        orders, spent = orders[first], spent[first]
    return Optimum(least / goal.duration, min(least, dropped) / goal.duration)


def _extensions(task: Problem, orders: Ints, spent: Floats) -> tuple[Ints, Ints, Floats, Floats]:
    """Return each playlist with each track that it lacks: row, option, charge, and end."""
    ways = task.ways
    used = (ways.track[orders][:, :, None] == ways.track).any(axis=1)
    row, option = np.nonzero(~used)
    start = ways.duration[orders].sum(axis=1)[row]
    end = start + ways.duration[option]
    charge = spent[row] + cost(task, option, start)
    charge[clashes(task.rules, ways.track[option], start, end)] = np.inf
    if orders.shape[1]:
        before = orders[row, -1]
        asked = mean_target(task, start, end)
        asked -= mean_target(task, start - ways.duration[before], start)
        step = ways.log_bpm[option] - ways.log_bpm[before]
        charge += jump_charge(step, asked, task.weights) - saved(task, start)
        artist = ways.pool.artist[ways.track]
        for gap in range(1, min(int(task.weights.artist_reach), orders.shape[1]) + 1):
            same = artist[option] == artist[orders[row, -gap]]
            charge += task.weights.artist / gap**2 * same
    return row, option, charge, end


def _cheapest(task: Problem, orders: Ints, spent: Floats) -> Ints:
    """Return the cheapest playlist of each set of tracks, last option and last artists."""
    used = np.bitwise_or.reduce(np.int64(1) << task.ways.track[orders], axis=1)
    artist = task.ways.pool.artist[task.ways.track[orders]][:, -int(task.weights.artist_reach) :]
    count = np.bincount(task.ways.pool.artist[task.ways.pool.artist >= 0], minlength=1)
    again = np.where((artist >= 0) & (count[np.maximum(artist, 0)] > 1), artist, -1)
    key = np.column_stack([used, orders[:, -1], again])
    by = np.lexsort((spent, *key.T))
    new = np.ones(len(by), dtype=bool)
    new[1:] = (key[by[1:]] != key[by[:-1]]).any(axis=1)
    return by[new]
