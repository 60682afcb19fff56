"""Rates and potentials in cells of time of one length, to compare options with what is known."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playlists.matching import integral
from playlists.pool import Floats, Ints
from playlists.relaxation import Flat
from playlists.survey import Survey, lowest

BARRED = 1e9  # Stands for an infinite potential: sums of it stay numbers.


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """Rates and potentials in cells of one length."""

    found: Survey
    cell: float
    spent: tuple[Floats, ...]
    """Integrals of the rates at the edges of the cells, by bins of tempo, energy and build."""
    on: Floats
    go: Floats
    """Least of each cell and the next."""

    @property
    def left(self) -> Floats:
        """How long the workout lasts after each cell, seconds."""
        edge = self.cell * np.arange(1, len(self.on) + 1)
        return np.asarray(np.maximum(self.found.targets.duration - edge, 0))

    def barred(self, start: Ints, whole: Ints) -> NDArray[np.bool_]:
        """Return where a track that nobody pinned cannot start, by its whole cells.

        There it would surely be playing at the moment of a pin: the potentials know of no other
        track, and any that they are compared with would seem to be worth a lot.
        """
        no = np.zeros(np.broadcast_shapes(start.shape, whole.shape), dtype=bool)
        for _, at in self.found.rules.pins:
            no |= (self.cell * (start + 1) <= at) & (self.cell * (start + whole) > at)
        return no


def look_at(found: Survey, hopes: Flat, size: int, bins: int) -> Look:
    """Return the look in cells of so many cells of the potentials, and so many bins at once."""
    cell, longest = size * hopes.step, float(found.length.max())
    count, beyond = -(-len(hopes.on) // size), int(longest / cell) + 3
    if (cell, bins) not in found.looks:
        rates = (found.tempo, found.energy, found.build)
        found.looks[cell, bins] = tuple(
            np.pad(_spent(lowest(rate, bins), found, cell), ((0, 0), (0, beyond)), mode="edge")
            for rate in rates
        )
    on = np.where(np.isinf(hopes.on), BARRED, hopes.on)
    on, go = -lowest(-on, size), lowest(hopes.go, size)
    go = np.pad(go, (0, max(count + beyond + 1 - len(go), 0)), mode="edge")
    return Look(found, cell, found.looks[cell, bins], on, np.minimum(go[:-1], go[1:]))


def _spent(rate: Floats, found: Survey, cell: float) -> Floats:
    """Return the integral of rates at the edges of cells longer or shorter than ticks."""
    tick, ticks = found.targets.tick, rate.shape[1]
    if cell <= tick:
        return integral(np.repeat(rate, round(tick / cell), axis=1), cell)
    size = round(cell / tick)
    short = np.zeros((len(rate), -ticks % size))
    return integral(np.hstack([rate, short]).reshape(len(rate), -1, size).mean(axis=2), cell)
