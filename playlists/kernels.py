"""What arcs cost, and what they cost beyond potentials: loops over millions of them.

Potentials (see `playlists.relaxation`) are straight lines in each cell, given at its two ends. The
start of a track moves through a cell, and its end through one cell into the next: the charge, and
what is to come, are straight but for that moment. So the least of anything is at one of four
points: the start of the cell, just before and after that moment, and the end of the cell.

Nothing gets past the moment of a pin but its own track. So its cell, the gate, has two potentials:
one before the pin, from which only that track goes on, and one after it, to which nothing else
leads. Those before pins are in rows of their own at the end, but for the very last row: there
nothing goes on.
"""

import numpy as np
from numpy.typing import NDArray

from playlists.compiling import compiled, part
from playlists.pool import Floats, Ints

FAR = 1e12  # Stands for an infinite charge: differences of it stay numbers ...
NEVER = FAR / 4  # ... and what is more than this cannot be.
STRETCH = 12  # Ticks: a minute, in which a song costs about as much wherever it starts.
FIRST = 1 << 16  # Arcs that there is memory for at first; it doubles when it is full.


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
def _reach(
    charge: Floats, rest: float, go: Floats, cell: int, whole: int, pin: int, gates: Ints
) -> tuple[float, float, float, float]:
    """Return what it costs at the four points to play a track and go on."""
    here = landing(cell, cell + whole, pin, gates)
    there = landing(cell, cell + whole + 1, pin, gates)
    left, right = go[here, 0], go[here, 1]
    past, beyond = go[there, 0], go[there, 1]
    return (
        charge[0] + left + rest * (right - left),
        charge[1] + right,
        charge[1] + past,
        charge[2] + past + rest * (beyond - past),
    )


@part
def _beyond(
    charge: Floats, rest: float, on: Floats, price: float, go: Floats, cell: int, whole: int,
    pin: int, gates: Ints, first: bool,
) -> tuple[float, float]:  # fmt: skip
    """Return by how much it misses the potentials where it ends in one cell and in the next.

    The first track starts at 0, not anywhere in the cell.
    """
    start, before, after, stop = _reach(charge, rest, go, cell, whole, pin, gates)
    left, right = on[0] - price, on[1] - price
    if first:
        return start - left, FAR
    kink = right - rest * (right - left)
    return min(start - left, before - kink), min(after - kink, stop - right)


@compiled
def backward(
    first: Ints, option: Ints, charge: Floats, whole: Ints, rest: Floats, fixed: Floats,
    saved: Floats, pin: Ints, gates: Ints, on: Floats, go: Floats, over: Floats,
    late: NDArray[np.bool_],
) -> None:  # fmt: skip
    """Fill in potentials from the last cell on, and what each arc costs beyond them."""
    for cell in range(len(first) - 2, -1, -1):
        for each in range(-1, len(gates)):
            if each < 0 or gates[each] == cell:
                row = starting(cell, each, gates)
                some = slice(first[cell], first[cell + 1])
                _start(
                    row, cell, option[some], charge[some], whole, rest, fixed, pin, gates, on, go,
                    over[some], late[some],
                )  # fmt: skip
                onward = starting(cell, each, gates)
                for side in range(2):
                    least = on[row, side] - saved[cell, side]
                    go[onward, side] = min(least, go[onward, side])


@part
def _start(
    row: int, cell: int, option: Ints, charge: Floats, whole: Ints, rest: Floats, fixed: Floats,
    pin: Ints, gates: Ints, on: Floats, go: Floats, over: Floats, late: NDArray[np.bool_],
) -> None:  # fmt: skip
    """Fill in the potential of a row, and what each arc that starts from it costs beyond it."""
    least = FAR
    for arc in range(len(option)):
        way = option[arc]
        if starting(cell, pin[way], gates) == row:
            start, before, after, stop = _reach(
                charge[arc], rest[way], go, cell, whole[way], pin[way], gates
            )
            if cell:
                start = min(start, before, after, stop)
            least = min(least, start + fixed[way])
    # Of the lines from the least at one of the ends, the steepest that all points allow.
    rise, fall = (0.0, 0.0) if least > NEVER or not cell else (FAR, FAR)
    for arc in range(len(option) if rise else 0):
        way = option[arc]
        if starting(cell, pin[way], gates) == row:
            start, before, after, stop = _reach(
                charge[arc], rest[way], go, cell, whole[way], pin[way], gates
            )
            base, kink = least - fixed[way], min(before, after)
            rise = min(rise, stop - base, (kink - base) / max(1 - rest[way], 1e-6))
            fall = min(fall, start - base, (kink - base) / max(rest[way], 1e-6))
    left, right = least, least
    if rise > fall:
        right += rise
    else:
        left += fall
    on[row, 0], on[row, 1] = min(on[row, 0], left), min(on[row, 1], right)
    for arc in range(len(option)):
        way = option[arc]
        if starting(cell, pin[way], gates) == row:
            here, there = _beyond(
                charge[arc], rest[way], on[row], fixed[way], go, cell, whole[way], pin[way], gates,
                cell == 0,
            )  # fmt: skip
            over[arc], late[arc] = min(here, there), there < here
            if least > NEVER or over[arc] > NEVER:
                over[arc] = np.inf


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
                before = starting(cell, each, gates)
                start[row] = far[before]
                if cell:
                    slack = on[row] - saved[cell] - go[before]
                    start[row] += max(min(slack[0], slack[1]), 0.0)
        for arc in range(first[cell], first[cell + 1]):
            way = option[arc]
            row = starting(cell, pin[way], gates)
            if start[row] < NEVER:
                here, there = _beyond(
                    charge[arc], rest[way], on[row], fixed[way], go, cell, whole[way], pin[way],
                    gates, cell == 0,
                )  # fmt: skip
                end = landing(cell, cell + whole[way], pin[way], gates)
                after = landing(cell, cell + whole[way] + 1, pin[way], gates)
                far[end] = min(far[end], start[row] + here)
                far[after] = min(far[after], start[row] + there)
    return start


@compiled
def excesses(
    option: Ints, cell: Ints, charge: Floats, whole: Ints, rest: Floats, fixed: Floats,
    pin: Ints, gates: Ints, on: Floats, go: Floats,
) -> Floats:  # fmt: skip
    """Return how much more than potentials arcs cost where they end in one cell and the next."""
    over = np.empty((len(cell), 2))
    for arc in range(len(cell)):
        way, start = option[arc], cell[arc]
        here, there = _beyond(
            charge[arc], rest[way], on[starting(start, pin[way], gates)], fixed[way], go, start,
            whole[way], pin[way], gates, start == 0,
        )  # fmt: skip
        over[arc, 0] = here if here < NEVER else np.inf
        over[arc, 1] = there if there < NEVER else np.inf
    return over


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


@compiled
def charged(
    spent: Floats, once: Floats, whole: Ints, rest: Floats, fine: int, option: Ints, cell: Ints
) -> Floats:
    """Return the charge of options from cells, `fine` a tick, at the points; shape (arcs, 3)."""
    charge = np.empty((len(option), 3))
    for arc in range(len(option)):
        row, start = option[arc], cell[arc]
        _charge(spent[row], once[row], rest[row], start, start + whole[row], fine, charge[arc])
    return charge


@part
def _charge(
    spent: Floats, once: float, rest: float, cell: int, end: int, fine: int, charge: Floats
) -> None:
    """Fill in what an option is charged from a cell at the points."""
    last, share = len(spent) - 2, 1 / fine
    tick = cell // fine
    rise = (spent[tick + 1] - spent[tick]) * share
    start = spent[tick] + (cell - tick * fine) * rise
    tick = min(end // fine, last)
    place, step = min(end - tick * fine, fine), (spent[tick + 1] - spent[tick]) * share
    here, there = spent[tick] + place * step, spent[tick] + min(place + 1, fine) * step
    if place + 1 >= fine:
        tick = min((end + 1) // fine, last)
        step = (spent[tick + 1] - spent[tick]) * share
        place = min(end + 1 - tick * fine, fine)
        step = spent[tick] + min(place + 1, fine) * step - there
    charge[0] = here + rest * (there - here) - start + once
    charge[1] = there - (start + (1 - rest) * rise) + once
    charge[2] = there + rest * step - (start + rise) + once


@compiled
def least_charges(spent: Floats, once: Floats, length: Floats) -> Floats:
    """Return what options are charged at least that start in each stretch; lengths in ticks."""
    ticks = spent.shape[1] - 1
    least, charge = np.full((len(once), (ticks - 1) // STRETCH + 1), np.inf), np.empty(3)
    for row in range(len(once)):
        whole = int(length[row])
        for tick in range(ticks):
            _charge(spent[row], once[row], length[row] - whole, tick, tick + whole, 1, charge)
            stretch = tick // STRETCH
            least[row, stretch] = min(least[row, stretch], charge[0], charge[1], charge[2])
    return least


@part
def _needed(
    on: Floats, go: Floats, room: Floats, gates: Ints, count: int, longest: int, size: int
) -> Floats:
    """Return what options of so many whole cells may cost in each stretch, shape (wholes, n)."""
    most, least = np.empty(count), np.empty(len(go))
    for cell in range(len(go)):
        least[cell] = min(go[cell, 0], go[cell, 1])
    for cell in range(count):
        most[cell] = max(on[cell, 0], on[cell, 1]) + room[cell]
    for each in range(len(gates)):
        gate, row = gates[each], each - 1 - len(gates)
        most[gate] = max(most[gate], max(on[row, 0], on[row, 1]) + room[row])
        least[gate] = min(least[gate], least[row])
    needed = np.full((longest + 1, (count - 1) // size + 1), -np.inf)
    for whole in range(longest + 1):
        for cell in range(count):
            end, stretch = cell + whole, cell // size
            reach = most[cell] - min(least[end], least[end + 1])
            needed[whole, stretch] = max(needed[whole, stretch], reach)
    return needed


@part
def _twice(option: Ints, place: Ints, charge: Floats) -> tuple[Ints, Ints, Floats]:
    """Return the same with room for twice as many."""
    count = len(option)
    more, places = np.empty(2 * count, np.int64), np.empty(2 * count, np.int64)
    charges = np.empty((2 * count, 3))
    for arc in range(count):
        more[arc], places[arc] = option[arc], place[arc]
        for point in range(3):
            charges[arc, point] = charge[arc, point]
    return more, places, charges


@part
def _misses(
    spent: Floats, once: float, length: float, price: float, fine: int, cell: int, on: Floats,
    go: Floats, pin: int, gates: Ints, first: bool, charge: Floats,
) -> float:  # fmt: skip
    """Fill in what an option is charged from a cell; return by how much it misses potentials."""
    whole = int(length)
    _charge(spent, once, length - whole, cell, cell + whole, fine, charge)
    here, there = _beyond(charge, length - whole, on, price, go, cell, whole, pin, gates, first)
    return min(here, there)


@part
def _next(cell: int, deep: int) -> tuple[int, int]:
    """Return the cell that follows once all in this one are looked at, and its depth."""
    while deep and cell & 1:
        cell, deep = cell >> 1, deep - 1
    return cell + 1, deep


@compiled
def sought(
    spent: Floats, once: Floats, length: Floats, fixed: Floats, fine: int, depth: int,
    on: Floats, go: Floats, room: Floats, cells: Ints, goes: Ints, pin: Ints, gates: Ints,
    least: Floats,
) -> tuple[Ints, Ints, Floats]:  # fmt: skip
    """Return options, cells and charges of the arcs whose excess is less than `room`.

    Cells of which `fine` make a tick are cut in halves `depth` times, where the excess is so small
    there too. Potentials and `room` are one after the other, from the longest cells on; those of a
    depth begin at `cells` and `goes`. Lengths are in the longest cells, `gates`, shape (depths,
    pins), in those of each depth. `least` is what options cost at least from a stretch of the
    workout, shape (n, stretches).
    """
    count = cells[1] - 1 - gates.shape[1]
    needed = _needed(
        on[: cells[1]], go[: goes[1]], room[: cells[1]], gates[0], count, int(length.max()),
        fine * STRETCH,
    )  # fmt: skip
    option, place = np.empty(FIRST, np.int64), np.empty(FIRST, np.int64)
    charge, found = np.empty((FIRST, 3)), 0
    for row in range(len(once)):
        for base in range(count):
            stretch = base // (fine * STRETCH)
            if least[row, stretch] + fixed[row] >= needed[int(length[row]), stretch]:
                continue
            cell, deep = base, 0
            while deep or cell == base:
                if found == len(option):
                    option, place, charge = _twice(option, place, charge)
                at = starting(cell, pin[row], gates[deep])
                at += cells[deep] if at >= 0 else cells[deep + 1]
                over = _misses(
                    spent[row], once[row], length[row] * (1 << deep), fixed[row], fine << deep,
                    cell, on[at], go[goes[deep] : goes[deep + 1]], pin[row], gates[deep],
                    cell == 0 and deep == depth, charge[found],
                )  # fmt: skip
                if over < room[at] and deep < depth:
                    cell, deep = 2 * cell, deep + 1
                    continue
                if over < room[at]:
                    option[found], place[found] = row, cell
                    found += 1
                cell, deep = _next(cell, deep)
    return option[:found], place[:found], charge[:found]
