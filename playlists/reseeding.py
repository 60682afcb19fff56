"""Other good playlists than the best: one for every seed."""

from dataclasses import replace
from math import ceil

import numpy as np

from playlists.arcs import Arcs
from playlists.matching import missing_charge
from playlists.pool import Ints
from playlists.relaxation import Potentials, slack
from playlists.search import beam, descend
from playlists.settings import Settings

CLOSE = 150  # Options tried in a descent; those beyond would cost more than they save.


def varied(
    net: Arcs,
    hopes: Potentials,
    order: Ints,
    charge: float,
    settings: Settings,
    *,
    seed: int,
    width: int,
) -> tuple[Ints, float]:
    """Return `order` and its charge for seed 0; for others the best without some of its tracks.

    A third of them, drawn by lot, stay out; fewer, where that costs more than `variety`.
    """
    task = net.task
    pinned_groups = task.ways.pool.group[[track for track, _ in task.rules.pins]]
    lots = np.random.default_rng(seed).permutation(task.ways.group[order])
    lots = lots[~np.isin(lots, pinned_groups)]
    # Silence is not for sale: what is missing anyway buys no variety.
    length = np.asarray(task.ways.duration[order].sum(), np.float64)
    missing = missing_charge(length, task.targets, task.weights)
    most = charge + settings.variety * (charge - float(missing))
    near, out = nearest(net, hopes, CLOSE), ceil(len(lots) / 3) if seed else 0
    while out:
        price = hopes.price.copy()
        price[lots[:out]] = np.inf
        other, _ = beam(net, replace(hopes, price=price), width)
        other, found = descend(task, other, near[np.isfinite(price[task.ways.group[near]])])
        if found <= most:
            return other, found
        out //= 2
    return order, charge


def nearest(net: Arcs, hopes: Potentials, count: int) -> Ints:
    """Return the options that come nearest to the bound."""
    return np.sort(np.argsort(slack(net, hopes), kind="stable")[:count])
