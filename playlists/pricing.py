"""Prices of songs under which the bound is high.

The bound (see `playlists.relaxation`) bends down over the prices. It is at most what any path
through the arcs costs, which rises with the price of each song that the path uses twice, and falls
with that of each that it does not use: a plane above the bound. We look for the prices near the
best so far at which the planes of many paths promise most, and add the paths that are shortest
there (Kiwiel, Mathematical Programming 46:105-122, 1990). One path names twenty songs of thousands,
and those that would take their places are nearly as cheap: many paths that are charged little more
name them all at once.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from playlists import walks
from playlists.arcs import Arcs
from playlists.planes import Planes, highest
from playlists.pool import Floats
from playlists.relaxation import Potentials, potentials

PATHS = 16  # Added each time: more changed nothing.
ASTRAY = 0.03  # Share of the gap that an arc of such a path costs more than the best, at most.
KEPT = 160  # Planes, those that promise least at the best prices.
LENGTH = 0.5  # Of the first step, as a share of Polyak's, which is for a bound without a gap.
KEEPING, BREAKING = 0.5, 0.1  # Shares of a promise that the bound rises by ...
LONGER, SHORTER = 1.5, 0.7  # ... so that steps get longer, or shorter.
TRIES, NEARER = 3, 0.25  # Shorter steps where a longer one promises nothing: it is hard to find.
PATIENCE = 12  # Steps in a row without a higher bound.
ENOUGH = 1e-4  # Rise of the bound, as a share of the best known charge, that is worth a step.

NONE = Planes(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))


@dataclass(frozen=True, slots=True, eq=False)
class _Ascent:
    """How high the bound is, and where it may rise."""

    best: Floats
    """Prices under which it is highest."""
    bound: float = -np.inf
    planes: Planes = NONE
    reach: float = 0.0
    """How long steps are."""
    promise: float = np.inf
    """What the last was to bring at most."""
    stale: int = 0
    """Steps that brought nothing."""


def prices(
    net: Arcs, least: float, *, rounds: int, first: Floats, enough: float = np.inf,
    judge: Callable[[Arcs, Floats], Potentials] = potentials,
) -> Floats:  # fmt: skip
    """Return prices under which the bound is high.

    Parameters
    ----------
    net : Arcs
    least : float
        Charge of the best playlist known; it sets the length of the first step (Polyak, USSR
        Computational Mathematics and Mathematical Physics 9:14-29, 1969).
    rounds : int
        How many steps at most.
    first : ndarray, shape (groups of the pool,)
        Prices to start from.
    enough : float
        Bound from which nothing more is sought.
    judge : callable
        What tells the bound: `guess` or what is proved.

    Returns
    -------
    ndarray, shape (groups of the pool,)
    """
    if np.isinf(least):
        return first
    price = np.zeros_like(first)
    price[net.task.ways.group] = first[net.task.ways.group]
    now, lots = _Ascent(price), np.random.default_rng(0)
    for _ in range(rounds):
        hopes = judge(net, price)
        now = _judged(now, hopes, ENOUGH * abs(least))
        if now.bound >= enough or now.stale == PATIENCE:
            break
        gap = max(least - hopes.bound, 0.0)
        planes = now.planes.joined(strewn(net, hopes, ASTRAY * gap, lots))
        now, price = _step(replace(now, planes=planes), gap, least)
        if now.promise < ENOUGH * abs(least):
            break
    return now.best


def _judged(now: _Ascent, hopes: Potentials, worth: float) -> _Ascent:
    """Return the better of the best and new prices, and longer or shorter steps."""
    rise = hopes.bound - now.bound
    stale = 0 if rise > worth else now.stale + 1
    factor = LONGER if rise > KEEPING * now.promise else 1.0
    factor = SHORTER if rise < BREAKING * now.promise else factor
    now = replace(now, stale=stale, reach=factor * now.reach)
    return replace(now, best=hopes.price, bound=hopes.bound) if rise > 0 else now


def _step(now: _Ascent, gap: float, least: float) -> tuple[_Ascent, Floats]:
    """Return the prices near the best that promise most; of planes, those that matter are kept."""
    count = len(now.best)
    songs = np.union1d(np.flatnonzero(now.best), now.planes.again(count))
    slope, center = now.planes.slopes(songs, count), now.best[songs]
    value = now.planes.free + slope @ center
    few = np.argsort(value, kind="stable")[:KEPT]
    # Within a cell of time a path may cost less than it can: none promises less than is proved.
    slope, value = slope[few], np.maximum(value[few], now.bound)
    reach = now.reach or LENGTH * gap / max(_uphill(slope, center), 1e-9)
    price, most = np.zeros(count), now.bound
    for _ in range(TRIES):
        price[songs], most = highest(value, slope, center, reach)
        if most - now.bound > ENOUGH * abs(least):
            break
        reach *= NEARER
    planes = now.planes.some(few)
    return replace(now, planes=planes, reach=reach, promise=most - now.bound), price


def _uphill(slope: Floats, center: Floats) -> float:
    """Return the squared slope of the mean of the planes, but for prices that cannot fall."""
    mean = slope.mean(axis=0)
    return float((mean[(mean > 0) | (center > 0)] ** 2).sum())


def strewn(net: Arcs, hopes: Potentials, astray: float, lots: np.random.Generator) -> Planes:
    """Return the planes of the shortest path and of others drawn by lot.

    Each goes on, time and again, with an arc that costs up to `astray` more than the best. It may
    use a song again.
    """
    left, right = (hopes.go[: net.count] >= net.stop[: net.count]).T
    stopping = left & right
    stopping[0] = hopes.on[0, 0] >= net.stop[0, 0]
    option, path, over = walks.strewn(
        net.first, net.option, net.starts, net.ends, net.gates, hopes.over, hopes.late, stopping,
        net.begin, astray, PATHS, lots,
    )  # fmt: skip
    song = net.task.ways.group[option]
    paid = np.bincount(path, hopes.price[song], minlength=PATHS)
    return Planes(song, path, hopes.bound + over + hopes.price.sum() - paid)
