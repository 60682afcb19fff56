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
def _lifted(slope: Floats, center: Floats, reach: float, weight: Floats, price: Floats) -> None:
    """Fill in the prices to which planes of such weights lead from the center."""
    for song in range(len(center)):
        rise = 0.0
        for plane in range(len(weight)):
            rise += weight[plane] * slope[plane, song]
        price[song] = center[song] + reach * rise


@part
def _prices(slope: Floats, center: Floats, reach: float, weight: Floats, price: Floats) -> None:
    """Fill in the same, where none may be below 0."""
    _lifted(slope, center, reach, weight, price)
    for song in range(len(price)):
        price[song] = max(price[song], 0.0)


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
    flat, none = np.zeros(len(slope)), np.zeros(len(ray))
    for _ in range(TURNS):
        _values(flat, slope, none, ray, image)
        _lifted(slope, none, 1.0, image, ray)
        square = 0.0
        for one in ray:
            square += one * one
        most = square**0.5
        for song in range(len(ray) if most else 0):
            ray[song] /= most
    return most


@part
def _share(weight: Floats) -> None:
    """Change weights to the nearest that are at least 0 and add up to 1.

    Those that would fall below 0 are left out until none does (Michelot, Journal of Optimization
    Theory and Applications 50:195-200, 1986).
    """
    over, count = -np.inf, len(weight) + 1
    while True:
        total, many = 0.0, 0
        for one in weight:
            if one > over:
                total, many = total + one, many + 1
        if not 0 < many < count:  # Rounding may bring one back: it ends there, too.
            break
        over, count = (total - 1) / many, many
    for plane in range(len(weight)):
        weight[plane] = max(weight[plane] - over, 0.0)


@part
def _least(values: Floats) -> float:
    least = np.inf
    for one in values:
        least = min(least, one)
    return least


@compiled
def highest(value: Floats, slope: Floats, center: Floats, reach: float) -> tuple[Floats, float]:
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
    center : ndarray, shape (songs,)
        Prices to start from.
    reach : float

    Returns
    -------
    price : ndarray, shape (songs,)
        At least 0.
    promise : float
    """
    size, count = 1.05 * reach * _steepness(slope) + 1e-9, len(value)
    weight, ahead = np.full(count, 1 / count), np.full(count, 1 / count)
    last, now, price, pace = np.empty(count), np.empty(count), np.empty(len(center)), 1.0
    best, promise = center.copy(), _least(value)
    most = promise
    for _ in range(STEPS):
        _prices(slope, center, reach, ahead, price)
        _values(value, slope, center, price, now)
        least, away = _least(now), 0.0
        for song in range(len(center)):
            away += (price[song] - center[song]) ** 2
        if least - away / (2 * reach) > most:  # Rounding and haste may lead past it.
            most, promise = least - away / (2 * reach), least
            for song in range(len(center)):
                best[song] = price[song]
        for plane in range(count):
            last[plane], weight[plane] = weight[plane], ahead[plane] - now[plane] / size
        _share(weight)
        beyond, faster = 0.0, (1 + (1 + 4 * pace * pace) ** 0.5) / 2
        for plane in range(count):
            beyond += (ahead[plane] - weight[plane]) * (weight[plane] - last[plane])
        push, pace = (0.0, 1.0) if beyond > 0 else ((pace - 1) / faster, faster)
        for plane in range(count):
            ahead[plane] = weight[plane] + push * (weight[plane] - last[plane])
    return best, promise
