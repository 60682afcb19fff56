"""Rows of potentials: where tracks start, and where it goes on after them.

Most are cells. But nothing gets past the moment of a pin but its own track. So its cell, the gate,
has two potentials: one before the pin, from which only that track goes on, and one after it, to
which nothing else leads. Those before pins are in rows of their own at the end, but for the very
last row: there nothing goes on.
"""

import numpy as np

from playlists.compiling import compiled, part
from playlists.pool import Ints


@part
def starting(cell: int, pin: int, gates: Ints) -> int:
    """Return the row from which a track starts in a cell; `pin` says which gate is its, or -1."""
    return pin - 1 - len(gates) if pin >= 0 and gates[pin] == cell else cell


@part
def landing(cell: int, end: int, pin: int, gates: Ints) -> int:
    """Return the row from which it goes on after a track that starts in a cell and ends in one."""
    for each in range(len(gates)):
        if pin == each:
            if end < gates[each]:
                return -1
        elif cell < gates[each] <= end:
            return each - 1 - len(gates) if end == gates[each] else -1
    return end


@part
def landings(cell: int, whole: int, pin: int, gates: Ints) -> tuple[int, int]:
    """Return the rows where a track goes on that ends in one cell, and in the next."""
    end = cell + whole
    return landing(cell, end, pin, gates), landing(cell, end + 1, pin, gates)


@compiled
def rows(option: Ints, cell: Ints, whole: Ints, pin: Ints, gates: Ints) -> tuple[Ints, Ints]:
    """Return the row that each arc starts from, and those where it goes on, shape (arcs, 2)."""
    start, end = np.empty(len(cell), np.int64), np.empty((len(cell), 2), np.int64)
    for arc in range(len(cell)):
        way, last = option[arc], cell[arc] + whole[option[arc]]
        start[arc] = starting(cell[arc], pin[way], gates)
        for later in range(2):
            end[arc, later] = landing(cell[arc], last + later, pin[way], gates)
    return start, end
