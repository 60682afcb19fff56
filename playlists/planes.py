"""Planes above the bound, one for each path, and the prices at which all of them promise most."""

from dataclasses import dataclass

import numpy as np

from playlists.compiling import compiled, part
from playlists.pool import Floats, Ints

STEPS = 60  # Of the search for these prices: more changed nothing.
TURNS = 8  # To find how steep the planes are in all: it need not be exact.


@dataclass(frozen=True, slots=True, eq=False)
class Planes:
    """What paths say of the bound: it is at most what they cost."""

    song: Ints
    """Songs of one path after the other."""
    path: Ints
    """Which path each is in."""
    free: Floats
    """What each path costs where all songs are free."""

    def joined(self, other: "Planes") -> "Planes":
        """Return these planes, and the others."""
        return Planes(
            np.concatenate([self.song, other.song]),
            np.concatenate([self.path, len(self.free) + other.path]),
            np.concatenate([self.free, other.free]),
        )

    def some(self, few: Ints) -> "Planes":
        """Return some of the planes."""
        place = np.full(len(self.free), -1)
        place[few] = np.arange(len(few))
        path = place[self.path]
        return Planes(self.song[path >= 0], path[path >= 0], self.free[few])

    def again(self, count: int) -> Ints:
        """Return the songs, of so many, that come twice in a path."""
        use, uses = np.unique(self.path * count + self.song, return_counts=True)
        return np.unique(use[uses > 1] % count)

    def slopes(self, songs: Ints, count: int) -> Floats:
        """Return how each rises with the prices of `songs`, of so many; shape (planes, songs)."""
        place = np.full(count, -1)
        place[songs] = np.arange(len(songs))
        here = place[self.song]
        slope = np.full((len(self.free), len(songs)), -1.0)  # What each song may be used once for.
        np.add.at(slope, (self.path[here >= 0], here[here >= 0]), 1.0)
        return slope


@part
def _prices(
    slope: Floats, center: Floats, lowest: Floats, reach: float, weight: Floats, price: Floats
) -> None:
    """Fill in the prices to which planes of such weights lead from the center."""
    for song in range(len(center)):
        rise = 0.0
        for plane in range(len(weight)):
            rise += weight[plane] * slope[plane, song]
        price[song] = max(center[song] + reach * rise, lowest[song])


@part
def _values(value: Floats, slope: Floats, center: Floats, price: Floats, now: Floats) -> None:
    """Fill in what planes say at some prices; `value` is what they say at the center."""
    for plane in range(len(value)):
        now[plane] = value[plane]
        for song in range(len(price)):
            now[plane] += slope[plane, song] * (price[song] - center[song])


@part
def _steepness(slope: Floats) -> float:
    """Return the largest singular value of the slopes, squared, or a little less."""
    most, ray, image = 0.0, np.ones(slope.shape[1]), np.empty(len(slope))
    for _ in range(TURNS):
        _values(np.zeros(len(slope)), slope, np.zeros(len(ray)), ray, image)
        _prices(slope, np.zeros(len(ray)), np.full(len(ray), -np.inf), 1.0, image, ray)
        most = np.sqrt((ray * ray).sum())
        if not most:
            break
        ray /= most
    return most


@part
def _shares(weight: Floats) -> Floats:
    """Return the nearest weights that are at least 0 and add up to 1."""
    total, over = 0.0, 0.0
    ordered = np.sort(weight)[::-1]
    for count in range(len(ordered)):
        total += ordered[count]
        if ordered[count] <= (total - 1) / (count + 1):
            break
        over = (total - 1) / (count + 1)
    return np.maximum(weight - over, 0.0)


@compiled
def highest(
    value: Floats, slope: Floats, center: Floats, lowest: Floats, reach: float
) -> tuple[Floats, float]:
    """Return the prices near the center at which planes promise most, and what they promise.

    Most less the squared distance by twice the `reach`, that is. Of the planes that are lowest
    there, it is the weights that are sought, by the fast gradient method of Beck and Teboulle (SIAM
    Journal on Imaging Sciences 2:183-202, 2009), begun anew where it overshoots (O'Donoghue and
    Candes, Foundations of Computational Mathematics 15:715-732, 2015).

    Parameters
    ----------
    value : ndarray, shape (planes,)
        What they say at the center.
    slope : ndarray, shape (planes, songs)
    center, lowest : ndarray, shape (songs,)
        Prices to start from, and what none may be below.
    reach : float

    Returns
    -------
    price : ndarray, shape (songs,)
    promise : float
    """
    size = 1.05 * reach * _steepness(slope) + 1e-9
    weight = np.full(len(value), 1 / len(value))
    ahead, pace, price, now = weight.copy(), 1.0, center.copy(), value.copy()
    for _ in range(STEPS):
        _prices(slope, center, lowest, reach, ahead, price)
        _values(value, slope, center, price, now)
        last, weight = weight, _shares(ahead - now / size)
        faster = (1 + np.sqrt(1 + 4 * pace * pace)) / 2
        if ((ahead - weight) * (weight - last)).sum() > 0:
            ahead, pace = weight.copy(), 1.0
        else:
            ahead, pace = weight + (pace - 1) / faster * (weight - last), faster
    _prices(slope, center, lowest, reach, weight, price)
    _values(value, slope, center, price, now)
    return price, now.min()
