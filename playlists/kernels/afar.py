"""How cheap options look from afar: each in many cells, one after the other, at once."""

import numpy as np

from playlists.compiling import inner, part
from playlists.kernels.gates import landing
from playlists.pool import Floats, Ints

BLOCK = 16  # Cells that options are looked at in together; faster by eights.
Options = tuple[Ints, int]  # With how many cells these are looked at in.


@part
def by_length(length: Floats) -> tuple[Options, Options]:
    """Return the options that outlast a block of cells, and the others, with a block for these."""
    order, last, shortest = np.empty(len(length), np.int64), len(length), BLOCK
    count = 0
    for row in range(len(length)):
        if length[row] < BLOCK:
            last -= 1
            order[last], shortest = row, min(shortest, int(length[row]))
        else:
            order[count] = row
            count += 1
    return (order[:count], BLOCK), (order[count:], max(shortest, 1))


@inner
def least_from(
    spent: Floats, row: int, add: float, length: float, low: int, high: int, go: Floats,
    least: Floats,
) -> None:  # fmt: skip
    """Fill in the least that an option costs from cells `low` to `high`.

    Potentials are two rows here, one for each end of the cells, and `spent` is by cell. Slices, as
    then several cells are looked at with one instruction.
    """
    whole, last = int(length), spent.shape[1] - 1
    rest, inside = length - whole, min(max(last - 1 - whole, low), high)
    before, after = spent[row, low : inside + 1], spent[row, low + whole :]
    left, right = go[0, low + whole :], go[1, low + whole :]
    for at in range(inside - low):
        start, rise = before[at] - add, before[at + 1] - before[at]
        end, step, far = after[at], after[at + 1] - after[at], after[at + 2] - after[at + 1]
        first = end + rest * step - start + left[at] + rest * (right[at] - left[at])
        kink = end + step - start - (1 - rest) * rise + min(left[at + 1], right[at])
        stop = end + step + rest * far - start - rise
        stop += left[at + 1] + rest * (right[at + 1] - left[at + 1])
        first = min(stop, first)
        least[at] = min(kink, first)
    for cell in range(inside, high):  # Where it goes on after the workout.
        at, end = cell - low, min(cell + whole, last)
        start, rise = spent[row, cell] - add, spent[row, cell + 1] - spent[row, cell]
        step, far = spent[row, min(end + 1, last)], spent[row, min(end + 2, last)]
        first = spent[row, end] + rest * (step - spent[row, end]) - start
        kink = step - start - (1 - rest) * rise
        stop = step + rest * (far - step) - start - rise
        first += left[at] + rest * (right[at] - left[at])
        stop += left[at + 1] + rest * (right[at + 1] - left[at + 1])
        least[at] = min(first, kink + min(right[at], left[at + 1]), stop)


@part
def glanced(
    some: Ints, spent: Floats, once: Floats, length: Floats, fixed: Floats, ends: Floats, low: int,
    high: int, least: Floats,
) -> None:  # fmt: skip
    """Fill in the least that some options cost from cells `low` to `high`, time and again."""
    mine = np.empty(high - low)
    for row in some:
        least_from(spent, row, once[row] + fixed[row], length[row], low, high, ends, mine)
        for at in range(high - low):
            least[(low + at) % BLOCK, row] = mine[at]


@part
def from_edges(
    some: Ints, spent: Floats, once: Floats, length: Floats, fixed: Floats, go: Floats, low: int,
    high: int, pin: Ints, gates: Ints, least: Floats,
) -> None:  # fmt: skip
    """Fill in what some options cost from the starts of cells, `low` to `high`, time and again.

    Two rows of `go` are for both ends of the cells.
    """
    last, cost = spent.shape[1] - 1, np.empty(high - low)
    for row in some:
        whole, add = int(length[row]), once[row] + fixed[row]
        rest, inside = length[row] - whole, min(max(last - whole, low), high)
        before, after = spent[row, low:], spent[row, low + whole :]
        left, right = go[0, low + whole :], go[1, low + whole :]
        for at in range(inside - low):
            cost[at] = after[at] + rest * (after[at + 1] - after[at]) - before[at] + add
        for at in range(inside - low, high - low):
            cost[at] = spent[row, last] - before[at] + add
        for gate in gates:
            for cell in range(max(gate - whole, low), min(gate + 1, high)):
                end, plain = landing(cell, cell + whole, pin[row], gates), cell + whole
                cost[cell - low] += go[0, end] + rest * (go[1, end] - go[0, end])
                cost[cell - low] -= go[0, plain] + rest * (go[1, plain] - go[0, plain])
        for at in range(high - low):
            cost[at] += left[at] + rest * (right[at] - left[at])
        for at in range(high - low):
            least[(low + at) % BLOCK, row] = cost[at]
