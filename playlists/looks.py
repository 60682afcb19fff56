"""Rates and potentials in cells of time of one length, to compare options with what is known."""

from dataclasses import dataclass, replace

import numpy as np

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
    parts: int
    """Cells from one edge to the next that spendings are told at; straight in between."""
    spent: tuple[Floats, ...]
    """Integrals of the rates at these edges, by bins of tempo, energy and build."""
    on: Floats
    go: Floats
    """Least of each cell and the next."""

    @property
    def left(self) -> Floats:
        """How long the workout lasts after each cell, seconds."""
        edge = self.cell * np.arange(1, len(self.on) + 1)
        return np.asarray(np.maximum(self.found.targets.duration - edge, 0))

    @property
    def pins(self) -> Floats:
        """Moments of pins, in cells.

        Another track cannot start where it would surely be playing then: the potentials know of
        none there, and any that they are compared with would seem to be worth a lot.
        """
        return np.array([at / self.cell for _, at in self.found.rules.pins], np.float64)


def look_at(found: Survey, hopes: Flat, size: int, bins: int) -> Look:
    """Return the look in cells of so many cells of the potentials, and so many bins at once."""
    tick, cell, longest = found.targets.tick, size * hopes.step, float(found.length.max())
    count, beyond = -(-len(hopes.on) // size), int(longest / cell) + 3
    ticks = max(round(cell / tick), 1)
    if (ticks, bins) not in found.looks:
        rates = (found.tempo, found.energy, found.build)
        found.looks[ticks, bins] = tuple(_spent(lowest(rate, bins), tick, ticks) for rate in rates)
    # A track that does not outlast a cell may start and end in that of a pin.
    known = hopes if cell <= found.length.min() else replace(hopes, gates=hopes.gates[:0])
    wide = known.wider(size)
    on = np.where(np.isinf(wide.on), BARRED, wide.on)
    go = np.pad(wide.go, (0, max(count + beyond + 1 - len(wide.go), 0)), mode="edge")
    parts = max(round(tick / cell), 1)
    return Look(found, cell, parts, found.looks[ticks, bins], on, landing(go, wide.gates))


def landing(go: Floats, gates: Ints) -> Floats:
    """Return the least of each potential and the next: a track ends in either cell.

    But not after a `gate`: it would be playing at the moment of the pin.
    """
    least = np.minimum(go[:-1], go[1:])
    least[gates] = go[gates]
    return least


def _spent(rate: Floats, tick: float, size: int) -> Floats:
    """Return the integral of rates at the edges of cells of so many ticks."""
    if size == 1:
        return integral(rate, tick)
    short = np.zeros((len(rate), -rate.shape[1] % size))
    rate = np.hstack([rate, short]).reshape(len(rate), -1, size).mean(axis=2)
    return integral(rate, size * tick)
