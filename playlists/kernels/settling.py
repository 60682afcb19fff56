"""The potentials of one cell, from those of later ones."""

import numpy as np
from numpy.typing import NDArray

from playlists.compiling import inner
from playlists.kernels.gates import landings, starting
from playlists.kernels.points import FAR, NEVER, missed, played
from playlists.pool import Floats, Ints


@inner
def settle(
    cell: int, low: int, high: int, option: Ints, charge: Floats, whole: Ints, rest: Floats,
    fixed: Floats, saved: Floats, pin: Ints, gates: Ints, on: Floats, go: Floats, over: Floats,
    late: NDArray[np.bool_], points: Floats,
) -> None:  # fmt: skip
    """Fill in the potentials of a cell, and what its arcs, `low` to `high`, cost beyond them.

    There is room for the `points` of as many arcs as start in a cell.
    """
    for each in range(-1, len(gates)):
        if each < 0 or gates[each] == cell:
            row = starting(cell, each, gates)
            if low < high:  # Most of the shortest cells have none.
                _start(
                    row, cell, low, high, option, charge, whole, rest, fixed, pin, gates, on, go,
                    over, late, points,
                )  # fmt: skip
            for side in range(2):
                go[row, side] = min(on[row, side] - saved[cell, side], go[row, side])


@inner
def _start(
    row: int, cell: int, low: int, high: int, option: Ints, charge: Floats, whole: Ints,
    rest: Floats, fixed: Floats, pin: Ints, gates: Ints, on: Floats, go: Floats, over: Floats,
    late: NDArray[np.bool_], points: Floats,
) -> None:  # fmt: skip
    """Fill in the potential of a row, and what each arc that starts from it costs beyond it."""
    least = FAR
    for arc in range(low, high):
        way, at = option[arc], arc - low
        if starting(cell, pin[way], gates) == row:
            ends = landings(cell, whole[way], pin[way], gates)
            start, before, after, stop = played(charge, arc, rest[way], go, ends)
            price = fixed[way]
            points[at, 0], points[at, 1] = start + price, before + price
            points[at, 2], points[at, 3] = after + price, stop + price
            if cell:
                start = min(start, before, after, stop)
            least = min(least, start + price)
    left, right = _line(row, cell, low, high, option, rest, pin, gates, least, points)
    left, right = min(on[row, 0], left), min(on[row, 1], right)
    on[row, 0], on[row, 1] = left, right
    for arc in range(low, high):
        way, at = option[arc], arc - low
        if starting(cell, pin[way], gates) == row:
            reach = points[at, 0], points[at, 1], points[at, 2], points[at, 3]
            here, there = missed(reach, rest[way], left, right, cell == 0)
            over[arc], late[arc] = min(here, there), there < here
            if least > NEVER or over[arc] > NEVER:
                over[arc] = np.inf


@inner
def _line(
    row: int, cell: int, low: int, high: int, option: Ints, rest: Floats, pin: Ints, gates: Ints,
    least: float, points: Floats,
) -> tuple[float, float]:  # fmt: skip
    """Return of the lines from the least at one of the ends the steepest that points allow."""
    rise, fall = (0.0, 0.0) if least > NEVER or not cell else (FAR, FAR)
    for arc in range(low, high if rise else low):
        way, at = option[arc], arc - low
        if starting(cell, pin[way], gates) == row:
            kink = min(points[at, 1], points[at, 2]) - least
            rise, fall = min(rise, points[at, 3] - least), min(fall, points[at, 0] - least)
            before, after = max(1 - rest[way], 1e-6), max(rest[way], 1e-6)
            if kink < rise * before:  # Dividing is slow, and needed for few.
                rise = kink / before
            if kink < fall * after:
                fall = kink / after
    return (least, least + rise) if rise > fall else (least + fall, least)
