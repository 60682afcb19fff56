"""Lines by cells: one below several, or above them, and the ends of all in two rows."""

import numpy as np

from playlists.compiling import compiled, part
from playlists.kernels.points import FAR, NEVER
from playlists.pool import Floats, Ints


@compiled
def coarser(lines: Floats, most: bool) -> Floats:
    """Return one line for each two that is on one side of them both."""
    joined = np.empty((len(lines) // 2, 2))
    for at in range(len(joined)):
        start, before = lines[2 * at, 0], lines[2 * at, 1]
        after, end = lines[2 * at + 1, 0], lines[2 * at + 1, 1]
        middle = max(before, after) if most else min(before, after)
        beyond = middle - (start + end) / 2
        beyond = max(beyond, 0.0) if most else min(beyond, 0.0)
        if max(start, before, after, end) > NEVER:  # It had better be level.
            start = end = max(start, end, middle) if most else min(start, end, middle)
            beyond = 0.0
        joined[at, 0], joined[at, 1] = start + beyond, end + beyond
    return joined


@part
def under(cell: int, depth: int, go: Floats, gates: Ints, into: Floats) -> None:
    """Fill in a line below the potentials of all the shortest parts of a cell.

    From the first end to the last, or lower, as far as they bend down in between.
    """
    low, high, least, level = cell << depth, (cell + 1) << depth, FAR, False
    for part_ in range(low, high):
        least = min(least, go[part_, 0], go[part_, 1])
        level |= max(go[part_, 0], go[part_, 1]) > NEVER
    for each in range(len(gates)):
        if low <= gates[each] < high:
            row = each - 1 - len(gates)
            least, level = min(least, go[row, 0], go[row, 1]), True
    start, rise, bend = go[low, 0], (go[high - 1, 1] - go[low, 0]) / (high - low), 0.0
    for part_ in range(low, high):
        bend = min(bend, go[part_, 0] - start - (part_ - low) * rise)
        bend = min(bend, go[part_, 1] - start - (part_ - low + 1) * rise)
    into[0, cell] = least if level else start + bend
    into[1, cell] = least if level else start + (high - low) * rise + bend


@part
def by_side(lines: Floats, count: int, gates: Ints) -> Floats:
    """Return the lines of cells as two rows; those of a gate are below both of its rows."""
    sides = np.empty((2, count))
    for side in range(2):
        for cell in range(count):
            sides[side, cell] = lines[cell, side]
        for each in range(len(gates)):
            gate, row = gates[each], each - 1 - len(gates)
            sides[side, gate] = min(sides[side, gate], lines[row, side])
    return sides
