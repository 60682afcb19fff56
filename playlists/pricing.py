"""Prices of songs under which the bound is high.

The bound (see `playlists.relaxation`) is concave in the prices. How often a shortest path uses each
song says which way it rises, but of thousands of songs one path names twenty, and those that
would take their places are nearly as cheap: one path after another has its songs made dear. The
mean of many paths that are charged little more names them all at once (Barahona and Anbil,
Mathematical Programming 87:385-399, 2000, take the mean over the steps instead).
"""

import numpy as np

from playlists import walks
from playlists.arcs import Arcs
from playlists.pool import Floats, Ints
from playlists.relaxation import Potentials, potentials

PATHS = 16  # Of which the mean is taken: more changed nothing.
ASTRAY = 0.03  # Share of the gap that an arc of such a path costs more than the best, at most.
LENGTH = 0.5  # Of the first steps, as a share of Polyak's, which is for a bound without a gap.
PATIENCE = 3  # Steps without a higher bound before they get shorter, at least ...
PATIENT = 0.1  # ... and as a share of all.
INERTIA = 0.3  # Share of the last direction in the next: damps the zigzag.
ENOUGH = 1e-5  # Rise of the bound, as a share of the best known, that is worth a step.
DONE = 0.01  # Length of steps, as a share of Polyak's, from which the bound rises no more.


def prices(net: Arcs, least: float, *, rounds: int, first: Floats) -> Floats:
    """Return prices under which the bound is high.

    Parameters
    ----------
    net : Arcs
    least : float
        Charge of the best playlist known; it sets the length of the steps (Polyak, USSR
        Computational Mathematics and Mathematical Physics 9:14-29, 1969).
    rounds : int
        How many steps at most.
    first : ndarray, shape (groups of the pool,)
        Prices to start from. Those of pinned songs may fall below 0, as they must be used.

    Returns
    -------
    ndarray, shape (groups of the pool,)
    """
    if np.isinf(least):
        return first
    songs, song = np.unique(net.task.ways.group, return_inverse=True)
    pins = [net.task.ways.pool.group[track] for track, _ in net.task.rules.pins]
    pinned, lots = np.isin(songs, pins), np.random.default_rng(0)
    price, best, highest = first[songs], first[songs], -np.inf
    direction, length, stale = np.zeros(len(songs)), LENGTH, 0
    patience = max(PATIENCE, int(PATIENT * rounds))
    for _ in range(rounds):
        hopes = potentials(net, _placed(price, songs, first))
        stale += 1
        if hopes.bound > highest + ENOUGH * abs(least):
            best, highest, stale = price, hopes.bound, 0
        elif stale == patience:
            length, stale = length / 2, 0
            price, direction = best, np.zeros(len(songs))
            continue
        gap = max(least - hopes.bound, 0)
        used = strewn(net, hopes, ASTRAY * gap, lots)
        uses = np.bincount(song[used], minlength=len(songs)) / PATHS
        wanted = np.where((uses > 0) | (price > 0) | pinned, uses - 1, 0.0)
        if not wanted.any() or length < DONE:
            break
        direction = INERTIA * direction + (1 - INERTIA) * wanted
        reach = length * gap / max(float((direction**2).sum()), 1e-9)
        price = np.maximum(price + reach * direction, np.where(pinned, -np.inf, 0.0))
    return _placed(best, songs, first)


def _placed(price: Floats, songs: Ints, like: Floats) -> Floats:
    """Return a price for every song of the pool: 0 for those that are not among `songs`."""
    placed = np.zeros_like(like)
    placed[songs] = price
    return placed


def strewn(net: Arcs, hopes: Potentials, astray: float, lots: np.random.Generator) -> Ints:
    """Return the options of `PATHS` paths, drawn by lot, one after the other.

    Each goes on, time and again, with an arc that costs up to `astray` more than the best. It may
    use a song again.
    """
    stopping = np.logical_and.reduce(hopes.go[: net.count] >= net.stop[: net.count], axis=1)
    stopping[0] = hopes.on[0, 0] >= net.stop[0, 0]
    return walks.strewn(
        net.first, net.option, net.whole, hopes.over, hopes.late, stopping, astray, PATHS, lots
    )
