"""The few of many: the lowest, those that are no higher than these, and those of a cell."""

import numpy as np

from playlists.compiling import part
from playlists.pool import Floats, Ints

SEVERAL = 4  # Options that are looked at before others, as they look best from afar.


@part
def lowest(least: Floats) -> Ints:
    """Return the places of the few least."""
    found, values = np.full(SEVERAL, -1), np.full(SEVERAL, np.inf)
    for place in range(len(least)):
        if least[place] < values[SEVERAL - 1]:
            at = SEVERAL - 1
            while at and least[place] < values[at - 1]:
                found[at], values[at] = found[at - 1], values[at - 1]
                at -= 1
            found[at], values[at] = place, least[place]
    return found[found >= 0]


@part
def least_of(values: Floats, many: int) -> float:
    """Return the greatest of the `many` least; their order changes (Hoare's selection)."""
    low, high = 0, len(values) - 1
    while low < high:
        middle, left, right = values[(low + high) // 2], low, high
        while left <= right:
            while values[left] < middle:
                left += 1
            while values[right] > middle:
                right -= 1
            if left <= right:
                values[left], values[right] = values[right], values[left]
                left, right = left + 1, right - 1
        if many - 1 <= right:
            high = right
        elif many - 1 >= left:
            low = left
        else:
            break
    return float(values[many - 1])


@part
def rivals(least: Floats, others: Ints, most: float, cell: int, pin: Ints, gates: Ints) -> Ints:
    """Return the options that cost less, and those that are pinned in the cell, but for others."""
    found, count, gated = np.empty(len(least), np.int64), 0, False
    for place in others:
        least[place] = np.inf
    for gate in gates:
        gated |= gate == cell
    for place in range(len(least)):
        wanted = gated and pin[place] >= 0 and gates[max(pin[place], 0)] == cell
        if least[place] < most or (wanted and least[place] < np.inf):
            found[count] = place
            count += 1
    return found[:count]


@part
def by_leaf(leaf: Ints, held: int, first: int, size: int) -> tuple[Ints, Ints]:
    """Return the order of what is held by leaves from the `first` on, and where each begins."""
    begin = np.zeros(size + 1, np.int64)
    for at in range(held):
        begin[leaf[at] - first + 1] += 1
    for at in range(size):
        begin[at + 1] += begin[at]
    order, place = np.empty(held, np.int64), begin.copy()
    for at in range(held):
        order[place[leaf[at] - first]] = at
        place[leaf[at] - first] += 1
    return order, begin


@part
def ordered(option: Ints, charge: Floats, order: Ints) -> tuple[Ints, Floats]:
    """Return options and charges in an order."""
    options, charges = np.empty(len(order), np.int64), np.empty((len(order), 3))
    for at in range(len(order)):
        options[at] = option[order[at]]
        for point in range(3):
            charges[at, point] = charge[order[at], point]
    return options, charges
