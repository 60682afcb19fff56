"""The cheapest options of each cell, looked at where cells begin only."""

import numpy as np

from playlists.compiling import compiled, part
from playlists.kernels.afar import BLOCK, by_length, from_edges
from playlists.kernels.picking import least_of
from playlists.kernels.points import FAR
from playlists.pool import Floats, Ints


@compiled
def glimpsed(
    spent: Floats, once: Floats, length: Floats, fixed: Floats, go: Floats, saved: Floats,
    many: int, pin: Ints, gates: Ints,
) -> tuple[Ints, Ints]:  # fmt: skip
    """Return the options that are cheapest from each cell, so many of them, and the cells.

    What it costs to go on is known where cells begin, and about right between: it is filled in,
    from the last cell on. Two rows of `go` are for both ends of the cells.
    """
    count, many, found = spent.shape[1] - 1, min(many, len(once)), 0
    groups = by_length(length)
    least, mine, size = np.empty((BLOCK, len(once))), np.empty(len(once)), many
    for one in pin:
        size += one >= 0
    option, place = np.empty(count * size, np.int64), np.empty(count * size, np.int64)
    for cell in range(count - 1, -1, -1):
        for some, block in groups:
            if (cell + 1) % block == 0 or cell == count - 1:
                low = cell - cell % block
                from_edges(some, spent, once, length, fixed, go, low, cell + 1, pin, gates, least)
        here = least[cell % BLOCK]
        before, pinned = _pinned(cell, here, go, saved, pin, gates, option, found)
        for at in range(found, pinned):
            place[at], here[option[at]] = cell, np.inf
        for row in range(len(once)):
            mine[row] = here[row]
        most, best, taken, found = least_of(mine, many), FAR, 0, pinned
        for row in range(len(once)):
            if here[row] <= most and taken < many:
                option[found], place[found], best = row, cell, min(best, here[row])
                taken, found = taken + 1, found + 1
        go[0, cell] = min(go[0, cell], best - saved[cell, 0])
        if cell:
            go[1, cell - 1] = min(go[1, cell - 1], go[0, before])
    return option[:found], place[:found]


@part
def _pinned(
    cell: int, here: Floats, go: Floats, saved: Floats, pin: Ints, gates: Ints, option: Ints,
    found: int,
) -> tuple[int, int]:  # fmt: skip
    """Note the options that are pinned in a cell; return the row where it begins, and how many are.

    Fill in what it costs to go on before each pin.
    """
    before = cell
    for each in range(len(gates) - 1, -1, -1):
        if gates[each] == cell:
            before = each - 1 - len(gates)
            for row in range(len(pin)):
                if pin[row] == each:
                    for side in range(2):
                        go[side, before] = min(go[side, before], here[row] - saved[cell, 0])
                    option[found] = row
                    found += 1
    return before, found
