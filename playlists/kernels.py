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

Points = tuple[float, float, float]  # Charge at the start, at the kink, and at the end.
Four = tuple[float, float, float, float]

FAR = 1e12  # Stands for an infinite charge: differences of it stay numbers ...
NEVER = FAR / 4  # ... and what is more than this cannot be.
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
def _landings(cell: int, whole: int, pin: int, gates: Ints) -> tuple[int, int]:
    """Return the rows where a track goes on that ends in one cell, and in the next."""
    end = cell + whole
    return landing(cell, end, pin, gates), landing(cell, end + 1, pin, gates)


@part
def _reach(charge: Points, rest: float, go: Floats, ends: tuple[int, int]) -> Four:
    """Return what it costs at the four points to play a track and go on."""
    here, there = ends
    left, right = go[here, 0], go[here, 1]
    past, beyond = go[there, 0], go[there, 1]
    return (
        charge[0] + left + rest * (right - left),
        charge[1] + right,
        charge[1] + past,
        charge[2] + past + rest * (beyond - past),
    )


@part
def _played(charge: Floats, arc: int, rest: float, go: Floats, ends: tuple[int, int]) -> Four:
    """Return that of an arc: single numbers, as a slice of an array takes longer than they do."""
    return _reach((charge[arc, 0], charge[arc, 1], charge[arc, 2]), rest, go, ends)


@part
def _beyond(
    reach: Four, rest: float, left: float, right: float, first: bool
) -> tuple[float, float]:
    """Return by how much it misses a potential where it ends in one cell and in the next.

    The first track starts at 0, not anywhere in the cell.
    """
    start, before, after, stop = reach
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
    most = 0
    for cell in range(len(first) - 1):
        most = max(most, first[cell + 1] - first[cell])
    points = np.empty((most, 4))
    for cell in range(len(first) - 2, -1, -1):
        for each in range(-1, len(gates)):
            if each < 0 or gates[each] == cell:
                row = starting(cell, each, gates)
                if first[cell] < first[cell + 1]:  # Most of the shortest cells have none.
                    _start(
                        row, cell, first, option, charge, whole, rest, fixed, pin, gates, on, go,
                        over, late, points,
                    )  # fmt: skip
                for side in range(2):
                    go[row, side] = min(on[row, side] - saved[cell, side], go[row, side])


@part
def _start(
    row: int, cell: int, first: Ints, option: Ints, charge: Floats, whole: Ints, rest: Floats,
    fixed: Floats, pin: Ints, gates: Ints, on: Floats, go: Floats, over: Floats,
    late: NDArray[np.bool_], points: Floats,
) -> None:  # fmt: skip
    """Fill in the potential of a row, and what each arc that starts from it costs beyond it.

    There is room for the `points` of as many arcs as start in a cell.
    """
    low, high, least = first[cell], first[cell + 1], FAR
    for arc in range(low, high):
        way, at = option[arc], arc - low
        if starting(cell, pin[way], gates) == row:
            ends = _landings(cell, whole[way], pin[way], gates)
            start, before, after, stop = _played(charge, arc, rest[way], go, ends)
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
            here, there = _beyond(reach, rest[way], left, right, cell == 0)
            over[arc], late[arc] = min(here, there), there < here
            if least > NEVER or over[arc] > NEVER:
                over[arc] = np.inf


@part
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


@compiled
def guessed(
    first: Ints, option: Ints, charge: Floats, whole: Ints, rest: Floats, fixed: Floats,
    saved: Floats, pin: Ints, gates: Ints, go: Floats,
) -> None:  # fmt: skip
    """Fill in about what it costs to go on: exact where songs change at the ends of cells."""
    for cell in range(len(first) - 2, -1, -1):
        for each in range(-1, len(gates)):
            if each < 0 or gates[each] == cell:
                row, left, right = starting(cell, each, gates), FAR, FAR
                for arc in range(first[cell], first[cell + 1]):
                    way = option[arc]
                    if starting(cell, pin[way], gates) == row:
                        ends = _landings(cell, whole[way], pin[way], gates)
                        reach = _played(charge, arc, rest[way], go, ends)
                        left = min(left, reach[0] + fixed[way])
                        right = min(right, reach[3] + fixed[way])
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
                ends = _landings(cell, whole[way], pin[way], gates)
                reach, price = _played(charge, arc, rest[way], go, ends), fixed[way]
                left, right = on[row, 0] - price, on[row, 1] - price
                over = _beyond(reach, rest[way], left, right, cell == 0)
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
        ends = _landings(cell[arc], whole[way], pin[way], gates)
        reach, price = _played(charge, arc, rest[way], go, ends), fixed[way]
        left, right = on[row, 0] - price, on[row, 1] - price
        here, there = _beyond(reach, rest[way], left, right, cell[arc] == 0)
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
    charge, share = np.empty((len(option), 3)), 1 / fine
    for arc in range(len(option)):
        row, start = option[arc], cell[arc]
        points = _charge(spent, row, once[row], rest[row], start, start + whole[row], fine, share)
        charge[arc, 0], charge[arc, 1], charge[arc, 2] = points
    return charge


@part
def _tick(cell: int, share: float) -> int:
    """Return the tick of a cell that is such a share of it: as `//` says, but dividing is slow."""
    return int((cell + 0.5) * share)


@part
def _charge(
    spent: Floats, row: int, once: float, rest: float, cell: int, end: int, fine: int, share: float
) -> Points:
    """Return what the option of a row is charged from a cell at the points.

    Cells are a `share` of a tick, `fine` make one.
    """
    last = spent.shape[1] - 2
    tick = _tick(cell, share)
    rise = (spent[row, tick + 1] - spent[row, tick]) * share
    start = spent[row, tick] + (cell - tick * fine) * rise
    tick = min(_tick(end, share), last)
    place, step = min(end - tick * fine, fine), (spent[row, tick + 1] - spent[row, tick]) * share
    here, there = spent[row, tick] + place * step, spent[row, tick] + min(place + 1, fine) * step
    if place + 1 >= fine:
        tick = min(_tick(end + 1, share), last)
        step = (spent[row, tick + 1] - spent[row, tick]) * share
        place = min(end + 1 - tick * fine, fine)
        step = spent[row, tick] + min(place + 1, fine) * step - there
    return (
        here + rest * (there - here) - start + once,
        there - (start + (1 - rest) * rise) + once,
        there + rest * step - (start + rise) + once,
    )


@part
def _over(
    spent: Floats, row: int, add: float, length: float, low: int, high: int, on: Floats,
    go: Floats, over: Floats,
) -> None:  # fmt: skip
    """Fill in the least by which an option misses potentials from cells `low` to `high`.

    Potentials are two rows here, one for each end of the cells, and `spent` is by cell. Slices, as
    then several cells are looked at with one instruction.
    """
    whole, last = int(length), spent.shape[1] - 1
    rest, inside = length - whole, min(max(last - 1 - whole, low), high)
    before, after = spent[row, low : inside + 1], spent[row, low + whole :]
    left, right = go[0, low + whole :], go[1, low + whole :]
    here, there = on[0, low:inside], on[1, low:inside]
    for at in range(inside - low):
        start, rise = before[at] - add, before[at + 1] - before[at]
        end, step, far = after[at], after[at + 1] - after[at], after[at + 2] - after[at + 1]
        first = end + rest * step - start + left[at] + rest * (right[at] - left[at]) - here[at]
        kink = end + step - start - (1 - rest) * rise - there[at] + rest * (there[at] - here[at])
        kink += right[at] if right[at] < left[at + 1] else left[at + 1]
        stop = end + step + rest * far - start - rise - there[at]
        stop += left[at + 1] + rest * (right[at + 1] - left[at + 1])
        first = first if first < stop else stop
        over[at] = first if first < kink else kink
    for cell in range(inside, high):  # Where it goes on after the workout.
        at, end = cell - low, min(cell + whole, last)
        start, rise = spent[row, cell] - add, spent[row, cell + 1] - spent[row, cell]
        step, far = spent[row, min(end + 1, last)], spent[row, min(end + 2, last)]
        first = spent[row, end] + rest * (step - spent[row, end]) - start - on[0, cell]
        kink = step - start - (1 - rest) * rise - on[1, cell] + rest * (on[1, cell] - on[0, cell])
        stop = step + rest * (far - step) - start - rise - on[1, cell]
        first += left[at] + rest * (right[at] - left[at])
        stop += left[at + 1] + rest * (right[at + 1] - left[at + 1])
        over[at] = min(first, kink + min(right[at], left[at + 1]), stop)


@part
def _sides(lines: Floats, count: int, gates: Ints, most: bool) -> Floats:
    """Return the lines of cells as two rows; those of a gate are on one side of its rows."""
    sides = np.empty((2, count))
    for side in range(2):
        for cell in range(count):
            sides[side, cell] = lines[cell, side]
        for each in range(len(gates)):
            gate, row = gates[each], each - 1 - len(gates)
            one, other = sides[side, gate], lines[row, side]
            sides[side, gate] = max(one, other) if most else min(one, other)
    return sides


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
def _next(cell: int, deep: int) -> tuple[int, int]:
    """Return the cell that follows once all in this one are looked at, and its depth."""
    while deep and cell & 1:
        cell, deep = cell >> 1, deep - 1
    return cell + 1, deep


@part
def _among(begin: Ints, deep: int, row: int) -> int:
    """Return where a row of a depth is among those of all, which begin there."""
    return int(begin[deep] + row if row >= 0 else begin[deep + 1] + row)


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
    count = cells[1] - 1 - gates.shape[1]
    near = np.empty((cells[1], 2))
    for row in range(cells[1]):
        near[row, 0], near[row, 1] = on[row, 0] + room[row], on[row, 1] + room[row]
    starts, ends = (
        _sides(near, count, gates[0], True),
        _sides(go[: goes[1]], goes[1], gates[0], False),
    )
    option, place = np.empty(FIRST, np.int64), np.empty(FIRST, np.int64)
    charge, found, over = np.empty((FIRST, 3)), 0, np.empty(count)
    for row in range(len(once)):
        price = fixed[row]
        while found + (count << depth) > len(option):  # Here, as in the loop it would slow that.
            option, place, charge = _twice(option, place, charge)
        _over(spent, row, once[row] + price, length[row], 0, count, starts, ends, over)
        for first in range(count):
            cell, deep = first, 0
            while over[first] < 0 and (deep or cell == first):
                long, many = length[row] * (1 << deep), 1 << deep
                end = cell + int(long)
                rest = long - int(long)
                points = _charge(spent, row, once[row], rest, cell, end, many, 1 / many)
                at = _among(cells, deep, starting(cell, pin[row], gates[deep]))
                here, there = _landings(cell, int(long), pin[row], gates[deep])
                reach = _reach(
                    points, rest, go, (_among(goes, deep, here), _among(goes, deep, there))
                )
                left, right = on[at, 0] - price, on[at, 1] - price
                excess = _beyond(reach, rest, left, right, cell == 0 and deep == depth)
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
