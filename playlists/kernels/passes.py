"""Passes over all arcs, from the last or the first: potentials, and what is beyond them."""

import numpy as np
from numpy.typing import NDArray

from playlists.compiling import compiled
from playlists.kernels.gates import landing, landings, starting
from playlists.kernels.points import FAR, NEVER, missed, played
from playlists.kernels.settling import settle
from playlists.pool import Floats, Ints


@compiled
def backward(
    first: Ints, option: Ints, charge: Floats, whole: Ints, rest: Floats, fixed: Floats,
    saved: Floats, pin: Ints, gates: Ints, on: Floats, go: Floats, over: Floats,
    late: NDArray[np.bool_],
) -> None:  # fmt: skip
    """Fill in potentials from the last cell on, and what each arc costs beyond them."""
    most = 0
    for cell in range(len(first) - 1):
        most = max(most, first[cell + 1] - first[cell])
    points = np.empty((most, 4))
    for cell in range(len(first) - 2, -1, -1):
        settle(
            cell, first[cell], first[cell + 1], option, charge, whole, rest, fixed, saved, pin,
            gates, on, go, over, late, points,
        )  # fmt: skip


@compiled
def guessed(
    first: Ints, option: Ints, charge: Floats, whole: Ints, rest: Floats, fixed: Floats,
    saved: Floats, pin: Ints, gates: Ints, on: Floats, go: Floats, over: Floats,
    late: NDArray[np.bool_],
) -> None:  # fmt: skip
    """Fill in about what it costs to go on: exact where songs change at the ends of cells."""
    for cell in range(len(first) - 2, -1, -1):
        for each in range(-1, len(gates)):
            if each < 0 or gates[each] == cell:
                row, left, right = starting(cell, each, gates), FAR, FAR
                for arc in range(first[cell], first[cell + 1]):
                    way = option[arc]
                    if starting(cell, pin[way], gates) == row:
                        ends = landings(cell, whole[way], pin[way], gates)
                        reach = played(charge, arc, rest[way], go, ends)
                        over[arc] = reach[0] + fixed[way]
                        late[arc] = 2 * rest[way] > 1 and reach[3] < NEVER
                        left, right = min(left, over[arc]), min(right, reach[3] + fixed[way])
                for arc in range(first[cell], first[cell + 1]):
                    if starting(cell, pin[option[arc]], gates) == row:
                        over[arc] = over[arc] - left if over[arc] < NEVER else np.inf
                on[row, 0], on[row, 1] = left, right
                go[row, 0] = min(go[row, 0], left - saved[cell, 0])
                go[row, 1] = min(go[row, 1], right - saved[cell, 1])


@compiled
def forward(
    first: Ints, option: Ints, charge: Floats, whole: Ints, rest: Floats, fixed: Floats,
    saved: Floats, pin: Ints, gates: Ints, on: Floats, go: Floats,
) -> Floats:  # fmt: skip
    """Return how much more than the potentials it costs at least until a track starts, by row."""
    far, start = np.full(len(go), FAR), np.full(len(on), FAR)
    far[landing(-1, 0, -1, gates)] = 0.0
    for cell in range(len(first) - 1):
        for each in range(-1, len(gates)):
            if each < 0 or gates[each] == cell:
                row = starting(cell, each, gates)
                start[row] = far[row]
                if cell:
                    slack = on[row] - saved[cell] - go[row]
                    start[row] += max(min(slack[0], slack[1]), 0.0)
        for arc in range(first[cell], first[cell + 1]):
            way = option[arc]
            row = starting(cell, pin[way], gates)
            if start[row] < NEVER:
                ends = landings(cell, whole[way], pin[way], gates)
                reach, price = played(charge, arc, rest[way], go, ends), fixed[way]
                left, right = on[row, 0] - price, on[row, 1] - price
                over = missed(reach, rest[way], left, right, cell == 0)
                for side in range(2):
                    far[ends[side]] = min(far[ends[side]], start[row] + over[side])
    return start


@compiled
def excesses(
    option: Ints, cell: Ints, charge: Floats, whole: Ints, rest: Floats, fixed: Floats,
    pin: Ints, gates: Ints, on: Floats, go: Floats,
) -> Floats:  # fmt: skip
    """Return how much more than potentials arcs cost where they end in one cell and the next."""
    over = np.empty((len(cell), 2))
    for arc in range(len(cell)):
        way, row = option[arc], starting(cell[arc], pin[option[arc]], gates)
        ends = landings(cell[arc], whole[way], pin[way], gates)
        reach, price = played(charge, arc, rest[way], go, ends), fixed[way]
        left, right = on[row, 0] - price, on[row, 1] - price
        here, there = missed(reach, rest[way], left, right, cell[arc] == 0)
        over[arc, 0] = here if here < NEVER else np.inf
        over[arc, 1] = there if there < NEVER else np.inf
    return over
