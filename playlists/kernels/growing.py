"""Arrays of arcs that grow, as nobody knows before how many there are."""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from playlists.compiling import part
from playlists.pool import Floats, Ints

FIRST = 1 << 16  # Arcs that there is memory for at first; it doubles when it is full.
Number = TypeVar("Number", np.int64, np.float64, np.bool_)


@part
def doubled(values: NDArray[Number]) -> NDArray[Number]:
    """Return the same with room for twice as many."""
    more = np.empty(2 * len(values), values.dtype)
    for at in range(len(values)):
        more[at] = values[at]
    return more


@part
def twice(option: Ints, place: Ints, charge: Floats) -> tuple[Ints, Ints, Floats]:
    """Return the same with room for twice as many."""
    charges = np.empty((2 * len(charge), 3))
    for arc in range(len(charge)):
        for point in range(3):
            charges[arc, point] = charge[arc, point]
    return doubled(option), doubled(place), charges
