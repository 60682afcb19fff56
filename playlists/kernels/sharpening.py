"""Potentials in short cells, of those options only that look cheap in long ones."""

import numpy as np
from numpy.typing import NDArray

from playlists.compiling import compiled, part
from playlists.kernels.afar import BLOCK, by_length, glanced
from playlists.kernels.growing import FIRST, doubled, twice
from playlists.kernels.lines import by_side, under
from playlists.kernels.parts import far_from_pins, laid_by_pins, laid_out
from playlists.kernels.picking import by_leaf, lowest, ordered, rivals
from playlists.kernels.points import FAR, NEVER
from playlists.kernels.settling import settle
from playlists.pool import Floats, Ints

ROUNDING = 1e-9  # Charge.


@compiled
def sharpened(
    spent: Floats, once: Floats, length: Floats, fixed: Floats, depth: int, on: Floats, go: Floats,
    stop: Floats, saved: Floats, margin: float, limit: int, pin: Ints, gates: Ints, moments: Floats,
) -> tuple[Ints, Ints, Floats, Floats, NDArray[np.bool_]]:  # fmt: skip
    """Fill in potentials; return the arcs within a margin of them, and what they cost beyond.

    From the last cell on: what may be lowest in it is looked at in its shortest parts, of which
    there are 2 to the power of `depth`. `on` and `go` are for these, and `stop` for the cells;
    `gates`, shape (2, pins), are in cells and in parts, the moments of pins in cells. The last arcs
    come first. It ends early where there are more than a `limit`.
    """
    count, size = spent.shape[1] - 1, 1 << depth
    whole = (length * size).astype(np.int64)
    rest, ends = length * size - whole, by_side(stop, len(stop), gates[0])
    sides, groups = by_side(go, len(go), gates[1]), by_length(length)
    least, laid = np.empty((BLOCK, len(once))), np.empty((7, size + 2))
    way, leaf, cost = np.empty(FIRST, np.int64), np.empty(FIRST, np.int64), np.empty((FIRST, 3))
    option, place, charge = way.copy(), leaf.copy(), cost.copy()
    excess, later, found = np.empty(FIRST), np.empty(FIRST, np.bool_), 0
    for cell in range(count - 1, -1, -1):
        if found > limit:
            break
        for some, block in groups:
            if (cell + 1) % block == 0 or cell == count - 1:
                low = cell - cell % block
                glanced(some, spent, once, length, fixed, ends, low, cell + 1, least)
        held, way, leaf, cost = _entrants(
            cell, least[cell % BLOCK], spent, once, length, fixed, depth, go, sides, pin, gates,
            moments, margin, laid, way, leaf, cost,
        )  # fmt: skip
        order, begin = by_leaf(leaf, held, cell << depth, size)
        ways, costs = ordered(way, cost, order)
        over, late, points = np.empty(held), np.empty(held, np.bool_), np.empty((held, 4))
        for at in range(size - 1, -1, -1):
            row = (cell << depth) + at
            settle(
                row, begin[at], begin[at + 1], ways, costs, whole, rest, fixed, saved, pin,
                gates[1], on, go, over, late, points,
            )  # fmt: skip
            sides[0, row], sides[1, row] = go[row, 0], go[row, 1]
        under(cell, depth, go, gates[1], ends)
        while found + held > len(option):
            option, place, charge = twice(option, place, charge)
            excess, later = doubled(excess), doubled(later)
        for at in range(held - 1, -1, -1):
            if over[at] <= margin + ROUNDING:
                option[found], place[found] = ways[at], leaf[order[at]]
                for point in range(3):
                    charge[found, point] = costs[at, point]
                excess[found], later[found] = over[at], late[at]
                found += 1
    return option[:found], place[:found], charge[:found], excess[:found], later[:found]


@part
def _entrants(
    cell: int, here: Floats, spent: Floats, once: Floats, length: Floats, fixed: Floats,
    depth: int, go: Floats, sides: Floats, pin: Ints, gates: Ints, moments: Floats, margin: float,
    laid: Floats, way: Ints, leaf: Ints, cost: Floats,
) -> tuple[int, Ints, Ints, Floats]:  # fmt: skip
    """Note the arcs of all options that may be lowest in a part of a cell; those of the best first.

    `here` is the least that each may cost. Where there is no more room, there is more then.
    """
    held, few, size, most = 0, lowest(here), 1 << depth, FAR
    costs, least, top, edge = laid[:3], laid[3], laid[5, :size], laid[6]
    for part_ in range(size):
        top[part_] = FAR
    for turn in range(2):
        if turn:
            few = rivals(here, few, most + margin, cell, pin, gates[0])
        for row in few:
            add, long, price, mine = once[row], length[row], fixed[row], pin[row]
            if here[row] >= most + margin and not (mine >= 0 and gates[0, mine] == cell):
                continue
            if held + size > len(way):
                way, leaf, cost = twice(way, leaf, cost)
            if far_from_pins(cell, long, mine, gates[0]):
                laid_out(
                    spent, row, add, long, price, cell, depth, sides, costs, least, laid[4], edge
                )
            else:
                laid_by_pins(
                    spent, row, add, long, price, cell, depth, go, mine, gates[1], moments, costs,
                    least, laid[4],
                )  # fmt: skip
            before = held
            held = _entered(row, cell << depth, size, laid, top, margin, held, way, leaf, cost)
            if before < held:
                most = top[0]
                for one in top:
                    most = max(most, one)
    return held, way, leaf, cost


@part
def _entered(
    row: int, first: int, size: int, laid: Floats, top: Floats, margin: float, held: int, way: Ints,
    leaf: Ints, cost: Floats,
) -> int:  # fmt: skip
    """Note the parts of a cell in which an option may be lowest; return how many are, in all."""
    for part_ in range(size):
        if laid[3, part_] < min(top[part_] + margin, NEVER):
            way[held], leaf[held] = row, first + part_
            for point in range(3):
                cost[held, point] = laid[point, part_]
            top[part_] = min(top[part_], laid[4, part_])
            held += 1
    return held
