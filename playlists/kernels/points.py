"""What arcs cost at the points where it may be least.

Potentials (see `playlists.relaxation`) are straight lines in each cell, given at its two ends. The
start of a track moves through a cell, and its end through one cell into the next: the charge, and
what is to come, are straight but for that moment. So the least of anything is at one of four
points: the start of the cell, just before and after that moment, and the end of the cell.
"""

import numpy as np

from playlists.compiling import compiled, part
from playlists.pool import Floats, Ints

FAR = 1e12  # Stands for an infinite charge: differences of it stay numbers ...
NEVER = FAR / 4  # ... and what is more than this cannot be.
Points = tuple[float, float, float]  # Charge at the start, at the kink, and at the end.
Four = tuple[float, float, float, float]


@compiled
def charged(
    spent: Floats, once: Floats, whole: Ints, rest: Floats, fine: int, option: Ints, cell: Ints
) -> Floats:
    """Return the charge of options from cells, `fine` a tick, at the points; shape (arcs, 3)."""
    charge, share = np.empty((len(option), 3)), 1 / fine
    for arc in range(len(option)):
        row, start = option[arc], cell[arc]
        points = charged_from(
            spent, row, once[row], rest[row], start, start + whole[row], fine, share
        )
        charge[arc, 0], charge[arc, 1], charge[arc, 2] = points
    return charge


@part
def _tick(cell: int, share: float) -> int:
    """Return the tick of a cell that is such a share of it: as `//` says, but dividing is slow."""
    return int((cell + 0.5) * share)


@part
def charged_from(
    spent: Floats, row: int, once: float, rest: float, cell: int, end: int, fine: int, share: float
) -> Points:
    """Return what the option of a row is charged from a cell at the points.

    Cells are a `share` of a tick, `fine` make one.
    """
    last = spent.shape[1] - 2
    tick = _tick(cell, share)
    rise = (spent[row, tick + 1] - spent[row, tick]) * share
    start = spent[row, tick] + (cell - tick * fine) * rise
    tick = min(_tick(end, share), last)
    place, step = min(end - tick * fine, fine), (spent[row, tick + 1] - spent[row, tick]) * share
    here, there = spent[row, tick] + place * step, spent[row, tick] + min(place + 1, fine) * step
    if place + 1 >= fine:
        tick = min(_tick(end + 1, share), last)
        step = (spent[row, tick + 1] - spent[row, tick]) * share
        place = min(end + 1 - tick * fine, fine)
        step = spent[row, tick] + min(place + 1, fine) * step - there
    return (
        here + rest * (there - here) - start + once,
        there - (start + (1 - rest) * rise) + once,
        there + rest * step - (start + rise) + once,
    )


@part
def reached(charge: Points, rest: float, go: Floats, ends: tuple[int, int]) -> Four:
    """Return what it costs at the four points to play a track and go on."""
    here, there = ends
    left, right = go[here, 0], go[here, 1]
    past, beyond = go[there, 0], go[there, 1]
    return (
        charge[0] + left + rest * (right - left),
        charge[1] + right,
        charge[1] + past,
        charge[2] + past + rest * (beyond - past),
    )


@part
def played(charge: Floats, arc: int, rest: float, go: Floats, ends: tuple[int, int]) -> Four:
    """Return that of an arc: single numbers, as a slice of an array takes longer than they do."""
    return reached((charge[arc, 0], charge[arc, 1], charge[arc, 2]), rest, go, ends)


@part
def missed(reach: Four, rest: float, left: float, right: float, first: bool) -> tuple[float, float]:
    """Return by how much it misses a potential where it ends in one cell and in the next.

    The first track starts at 0, not anywhere in the cell.
    """
    start, before, after, stop = reach
    if first:
        return start - left, FAR
    kink = right - rest * (right - left)
    return min(start - left, before - kink), min(after - kink, stop - right)
