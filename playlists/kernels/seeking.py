"""Arcs that cost little beyond potentials, sought in ever shorter cells."""

import numpy as np

from playlists.compiling import compiled, part
from playlists.kernels.afar import least_from
from playlists.kernels.gates import landings, starting
from playlists.kernels.growing import FIRST, twice
from playlists.kernels.lines import by_side
from playlists.kernels.points import charged_from, missed, reached
from playlists.pool import Floats, Ints


@compiled
def sought(
    spent: Floats, once: Floats, length: Floats, fixed: Floats, depth: int, on: Floats, go: Floats,
    room: Floats, cells: Ints, goes: Ints, pin: Ints, gates: Ints,
) -> tuple[Ints, Ints, Floats]:  # fmt: skip
    """Return options, cells and charges of the arcs whose excess is less than `room`.

    Cells are cut in halves `depth` times, where the excess is so small there too. Potentials and
    `room` are one after the other, from the longest cells on; those of a depth begin at `cells` and
    `goes`. What is `spent`, and lengths, are in the longest cells, `gates`, shape (depths, pins),
    in those of each depth.
    """
    rows, count = cells[1], cells[1] - 1 - gates.shape[1]
    near = _near(on[:rows], room[:rows], count, gates[0])
    ends = by_side(go[: goes[1]], goes[1], gates[0])
    option, place = np.empty(FIRST, np.int64), np.empty(FIRST, np.int64)
    charge, found, least = np.empty((FIRST, 3)), 0, np.empty(count)
    for row in range(len(once)):
        price = fixed[row]
        while found + (count << depth) > len(option):  # Here, as in the loop it would slow that.
            option, place, charge = twice(option, place, charge)
        least_from(spent, row, once[row] + price, length[row], 0, count, ends, least)
        for first in range(count):
            cell, deep = first, 0
            while least[first] < near[first] and (deep or cell == first):
                long, many = length[row] * (1 << deep), 1 << deep
                end = cell + int(long)
                rest = long - int(long)
                points = charged_from(spent, row, once[row], rest, cell, end, many, 1 / many)
                at = _among(cells, deep, starting(cell, pin[row], gates[deep]))
                here, there = landings(cell, int(long), pin[row], gates[deep])
                reach = reached(
                    points, rest, go, (_among(goes, deep, here), _among(goes, deep, there))
                )
                left, right = on[at, 0] - price, on[at, 1] - price
                excess = missed(reach, rest, left, right, cell == 0 and deep == depth)
                close = min(excess) < room[at]
                if close and deep < depth:
                    cell, deep = 2 * cell, deep + 1
                    continue
                if close:
                    option[found], place[found] = row, cell
                    charge[found, 0], charge[found, 1], charge[found, 2] = points
                    found += 1
                cell, deep = _next(cell, deep)
    return option[:found], place[:found], charge[:found]


@part
def _near(on: Floats, room: Floats, count: int, gates: Ints) -> Floats:
    """Return what options cost less than in each cell that miss potentials by less than `room`."""
    near = np.empty(count)
    for cell in range(count):
        near[cell] = max(on[cell, 0], on[cell, 1]) + room[cell]
    for each in range(len(gates)):
        gate, row = gates[each], each - 1 - len(gates)
        near[gate] = max(near[gate], max(on[row, 0], on[row, 1]) + room[row])
    return near


@part
def _next(cell: int, deep: int) -> tuple[int, int]:
    """Return the cell that follows once all in this one are looked at, and its depth."""
    while deep and cell & 1:
        cell, deep = cell >> 1, deep - 1
    return cell + 1, deep


@part
def _among(begin: Ints, deep: int, row: int) -> int:
    """Return where a row of a depth is among those of all, which begin there."""
    return int(begin[deep] + row if row >= 0 else begin[deep + 1] + row)
