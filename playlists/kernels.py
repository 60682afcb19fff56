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

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from playlists.compiling import compiled, inner, part
from playlists.pool import Floats, Ints

Number = TypeVar("Number", np.int64, np.float64, np.bool_)
Points = tuple[float, float, float]  # Charge at the start, at the kink, and at the end.
Four = tuple[float, float, float, float]

FAR = 1e12  # Stands for an infinite charge: differences of it stay numbers ...
NEVER = FAR / 4  # ... and what is more than this cannot be.
SEVERAL = 4  # Options that are looked at before others, as they look best from afar.
BLOCK = 16  # Cells that options are looked at in together; faster by eights.
ROUNDING = 1e-9  # Charge.
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
        _settle(
            cell, first[cell], first[cell + 1], option, charge, whole, rest, fixed, saved, pin,
            gates, on, go, over, late, points,
        )  # fmt: skip


@inner
def _settle(
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
                        ends = _landings(cell, whole[way], pin[way], gates)
                        reach = _played(charge, arc, rest[way], go, ends)
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


@inner
def _least(
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
def _sides(lines: Floats, count: int, gates: Ints) -> Floats:
    """Return the lines of cells as two rows; those of a gate are below both of its rows."""
    sides = np.empty((2, count))
    for side in range(2):
        for cell in range(count):
            sides[side, cell] = lines[cell, side]
        for each in range(len(gates)):
            gate, row = gates[each], each - 1 - len(gates)
            sides[side, gate] = min(sides[side, gate], lines[row, side])
    return sides


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
def _doubled(values: NDArray[Number]) -> NDArray[Number]:
    """Return the same with room for twice as many."""
    more = np.empty(2 * len(values), values.dtype)
    for at in range(len(values)):
        more[at] = values[at]
    return more


@part
def _twice(option: Ints, place: Ints, charge: Floats) -> tuple[Ints, Ints, Floats]:
    """Return the same with room for twice as many."""
    charges = np.empty((2 * len(charge), 3))
    for arc in range(len(charge)):
        for point in range(3):
            charges[arc, point] = charge[arc, point]
    return _doubled(option), _doubled(place), charges


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
    rows, count = cells[1], cells[1] - 1 - gates.shape[1]
    near = _near(on[:rows], room[:rows], count, gates[0])
    ends = _sides(go[: goes[1]], goes[1], gates[0])
    option, place = np.empty(FIRST, np.int64), np.empty(FIRST, np.int64)
    charge, found, least = np.empty((FIRST, 3)), 0, np.empty(count)
    for row in range(len(once)):
        price = fixed[row]
        while found + (count << depth) > len(option):  # Here, as in the loop it would slow that.
            option, place, charge = _twice(option, place, charge)
        _least(spent, row, once[row] + price, length[row], 0, count, ends, least)
        for first in range(count):
            cell, deep = first, 0
            while least[first] < near[first] and (deep or cell == first):
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


@compiled
def coarser(lines: Floats, most: bool) -> Floats:
    """Return one line for each two that is on one side of them both."""
    joined = np.empty((len(lines) // 2, 2))
    for at in range(len(joined)):
        start, before = lines[2 * at, 0], lines[2 * at, 1]
        after, end = lines[2 * at + 1, 0], lines[2 * at + 1, 1]
        middle = max(before, after) if most else min(before, after)
        beyond = middle - (start + end) / 2
        beyond = max(beyond, 0.0) if most else min(beyond, 0.0)
        if max(start, before, after, end) > NEVER:  # It had better be level.
            start = end = max(start, end, middle) if most else min(start, end, middle)
            beyond = 0.0
        joined[at, 0], joined[at, 1] = start + beyond, end + beyond
    return joined


@part
def _barred(cell: int, length: float, pin: int, moments: Floats, many: int, first: bool) -> bool:
    """Tell whether a track surely plays at another's pin, or surely not at its own.

    Lengths are in cells, moments of pins in others that are so many times as long.
    """
    latest, barred = 0 if first else cell + 1, False  # The first track starts at 0.
    for each in range(len(moments)):
        at = moments[each] * many
        if pin == each:
            barred |= cell > at or latest + length <= at
        else:
            barred |= latest <= at < cell + length
    return barred


@part
def _laid(
    spent: Floats, row: int, once: float, length: float, price: float, cell: int, depth: int,
    go: Floats, cost: Floats, least: Floats, most: Floats, edge: Floats,
) -> None:  # fmt: skip
    """Fill in what an option costs in all the shortest parts of a cell: charges, least and most.

    Potentials are two rows here, one for each end of the parts.
    """
    size, last = 1 << depth, spent.shape[1] - 1
    share, long = 1 / size, length * size
    rest, end = long - int(long), (cell << depth) + int(long)
    tick, place, at = min(end >> depth, last), end & (size - 1), 0
    while at < size + 2:  # What it has spent at the edges of the parts that it may end in.
        many = min(size - place, size + 2 - at) if tick < last else size + 2 - at
        start = spent[row, tick]
        rise = (spent[row, tick + 1] - start) * share if tick < last else 0.0
        for each in range(many):
            edge[at + each] = start + (place + each) * rise
        at, tick, place = at + many, tick + 1, 0
    start, rise = spent[row, cell] - once, (spent[row, cell + 1] - spent[row, cell]) * share
    left, right, past, beyond = go[0, end:], go[1, end:], go[0, end + 1 :], go[1, end + 1 :]
    for each in range(size):
        here, there, far = edge[each], edge[each + 1], edge[each + 2]
        first = here + rest * (there - here) - (start + each * rise)
        kink = there - (start + (each + (1 - rest)) * rise)
        stop = there + rest * (far - there) - (start + (each + 1) * rise)
        cost[0, each], cost[1, each], cost[2, each] = first, kink, stop
        first += left[each] + rest * (right[each] - left[each]) + price
        stop += past[each] + rest * (beyond[each] - past[each]) + price
        before, after = kink + right[each] + price, kink + past[each] + price
        least[each] = min(first, before, after, stop)
        most[each] = max(first, before, after, stop)


@part
def _laid_by_pins(
    spent: Floats, row: int, once: float, length: float, price: float, cell: int, depth: int,
    go: Floats, pin: int, gates: Ints, moments: Floats, cost: Floats, least: Floats, most: Floats,
) -> None:  # fmt: skip
    """Fill in the same where the workout begins, and where pins may be in the way."""
    size, long = 1 << depth, length * (1 << depth)
    rest, barred = long - int(long), _barred(cell, length, pin, moments, 1, False)
    for each in range(size):
        here, least[each], most[each] = (cell << depth) + each, FAR, FAR
        if (barred and cell) or _barred(here, long, pin, moments, size, here == 0):
            continue
        points = _charge(spent, row, once, rest, here, here + int(long), size, 1 / size)
        reach = _reach(points, rest, go, _landings(here, int(long), pin, gates))
        cost[0, each], cost[1, each], cost[2, each] = points
        least[each] = price + (min(reach) if here else reach[0])
        most[each] = price + (max(reach) if here else reach[0])
        if starting(here, pin, gates) < 0 and least[each] < NEVER:  # It competes with no other.
            least[each], most[each] = -FAR, FAR


@part
def _free(cell: int, length: float, pin: int, gates: Ints) -> bool:
    """Tell whether no pin is near an option from a cell, nor the start of the workout."""
    free = cell > 0 and pin < 0
    for gate in gates:
        free &= not cell <= gate <= cell + length + 2
    return free


@part
def _lowest(least: Floats) -> Ints:
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
def _rivals(least: Floats, others: Ints, most: float, cell: int, pin: Ints, gates: Ints) -> Ints:
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
def _under(cell: int, depth: int, go: Floats, gates: Ints, into: Floats) -> None:
    """Fill in a line below the potentials of all the shortest parts of a cell.

    From the first end to the last, or lower, as far as they bend down in between.
    """
    low, high, least, level = cell << depth, (cell + 1) << depth, FAR, False
    for part_ in range(low, high):
        least = min(least, go[part_, 0], go[part_, 1])
        level |= max(go[part_, 0], go[part_, 1]) > NEVER
    for each in range(len(gates)):
        if low <= gates[each] < high:
            row = each - 1 - len(gates)
            least, level = min(least, go[row, 0], go[row, 1]), True
    start, rise, bend = go[low, 0], (go[high - 1, 1] - go[low, 0]) / (high - low), 0.0
    for part_ in range(low, high):
        bend = min(bend, go[part_, 0] - start - (part_ - low) * rise)
        bend = min(bend, go[part_, 1] - start - (part_ - low + 1) * rise)
    into[0, cell] = least if level else start + bend
    into[1, cell] = least if level else start + (high - low) * rise + bend


@part
def _by_leaf(leaf: Ints, held: int, first: int, size: int) -> tuple[Ints, Ints]:
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
def _ordered(option: Ints, charge: Floats, order: Ints) -> tuple[Ints, Floats]:
    """Return options and charges in an order."""
    options, charges = np.empty(len(order), np.int64), np.empty((len(order), 3))
    for at in range(len(order)):
        options[at] = option[order[at]]
        for point in range(3):
            charges[at, point] = charge[order[at], point]
    return options, charges


@part
def _glanced(
    some: Ints, spent: Floats, once: Floats, length: Floats, fixed: Floats, ends: Floats, low: int,
    high: int, least: Floats,
) -> None:  # fmt: skip
    """Fill in the least that some options cost from cells `low` to `high`, time and again."""
    mine = np.empty(high - low)
    for row in some:
        _least(spent, row, once[row] + fixed[row], length[row], low, high, ends, mine)
        for at in range(high - low):
            least[(low + at) % BLOCK, row] = mine[at]


@part
def _by_length(length: Floats) -> tuple[Ints, Ints, int]:
    """Return the options that outlast a block of cells, the others, and a block for these."""
    order, last, shortest = np.empty(len(length), np.int64), len(length), BLOCK
    count = 0
    for row in range(len(length)):
        if length[row] < BLOCK:
            last -= 1
            order[last], shortest = row, min(shortest, int(length[row]))
        else:
            order[count] = row
            count += 1
    return order[:count], order[count:], max(shortest, 1)


@part
def _from_edges(
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


@part
def _least_of(values: Floats, many: int) -> float:
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
def _pinned(
    cell: int, here: Floats, go: Floats, saved: Floats, pin: Ints, gates: Ints, option: Ints,
    found: int,
) -> tuple[int, int]:  # fmt: skip
    """Note the options that are pinned in a cell; return the row where it begins, and how many are.

    Fill in what it costs to go on before each pin.
    """
    before = cell
    for each in range(len(gates) - 1, -1, -1):
        if gates[each] == cell:
            before = each - 1 - len(gates)
            for row in range(len(pin)):
                if pin[row] == each:
                    for side in range(2):
                        go[side, before] = min(go[side, before], here[row] - saved[cell, 0])
                    option[found] = row
                    found += 1
    return before, found


@compiled
def glimpsed(
    spent: Floats, once: Floats, length: Floats, fixed: Floats, go: Floats, saved: Floats,
    many: int, pin: Ints, gates: Ints,
) -> tuple[Ints, Ints]:  # fmt: skip
    """Return the options that are cheapest from each cell, so many of them, and the cells.

    What it costs to go on is known where cells begin, and about right between: it is filled in,
    from the last cell on. Two rows of `go` are for both ends of the cells.
    """
    count, many, found = spent.shape[1] - 1, min(many, len(once)), 0
    long, brief, shortest = _by_length(length)
    least, mine, size = np.empty((BLOCK, len(once))), np.empty(len(once)), many
    for one in pin:
        size += one >= 0
    option, place = np.empty(count * size, np.int64), np.empty(count * size, np.int64)
    for cell in range(count - 1, -1, -1):
        for some, block in ((long, BLOCK), (brief, shortest)):
            if (cell + 1) % block == 0 or cell == count - 1:
                low = cell - cell % block
                _from_edges(some, spent, once, length, fixed, go, low, cell + 1, pin, gates, least)
        here = least[cell % BLOCK]
        before, pinned = _pinned(cell, here, go, saved, pin, gates, option, found)
        for at in range(found, pinned):
            place[at], here[option[at]] = cell, np.inf
        for row in range(len(once)):
            mine[row] = here[row]
        most, best, taken, found = _least_of(mine, many), FAR, 0, pinned
        for row in range(len(once)):
            if here[row] <= most and taken < many:
                option[found], place[found], best = row, cell, min(best, here[row])
                taken, found = taken + 1, found + 1
        go[0, cell] = min(go[0, cell], best - saved[cell, 0])
        if cell:
            go[1, cell - 1] = min(go[1, cell - 1], go[0, before])
    return option[:found], place[:found]


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


@part
def _entrants(
    cell: int, here: Floats, spent: Floats, once: Floats, length: Floats, fixed: Floats,
    depth: int, go: Floats, sides: Floats, pin: Ints, gates: Ints, moments: Floats, margin: float,
    laid: Floats, way: Ints, leaf: Ints, cost: Floats,
) -> tuple[int, Ints, Ints, Floats]:  # fmt: skip
    """Note the arcs of all options that may be lowest in a part of a cell; those of the best first.

    `here` is the least that each may cost. Where there is no more room, there is more then.
    """
    held, few, size, most = 0, _lowest(here), 1 << depth, FAR
    costs, least, top, edge = laid[:3], laid[3], laid[5, :size], laid[6]
    for part_ in range(size):
        top[part_] = FAR
    for turn in range(2):
        if turn:
            few = _rivals(here, few, most + margin, cell, pin, gates[0])
        for row in few:
            add, long, price, mine = once[row], length[row], fixed[row], pin[row]
            if here[row] >= most + margin and not (mine >= 0 and gates[0, mine] == cell):
                continue
            if held + size > len(way):
                way, leaf, cost = _twice(way, leaf, cost)
            if _free(cell, long, mine, gates[0]):
                _laid(spent, row, add, long, price, cell, depth, sides, costs, least, laid[4], edge)
            else:
                _laid_by_pins(
                    spent, row, add, long, price, cell, depth, go, mine, gates[1], moments, costs,
                    least, laid[4],
                )  # fmt: skip
            count, held = (
                held,
                _entered(row, cell << depth, size, laid, top, margin, held, way, leaf, cost),
            )
            if count < held:
                most = top[0]
                for one in top:
                    most = max(most, one)
    return held, way, leaf, cost


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
    rest, ends = length * size - whole, _sides(stop, len(stop), gates[0])
    sides = _sides(go, len(go), gates[1])
    long, brief, shortest = _by_length(length)
    least, laid = np.empty((BLOCK, len(once))), np.empty((7, size + 2))
    way, leaf, cost = np.empty(FIRST, np.int64), np.empty(FIRST, np.int64), np.empty((FIRST, 3))
    option, place, charge = way.copy(), leaf.copy(), cost.copy()
    excess, later, found = np.empty(FIRST), np.empty(FIRST, np.bool_), 0
    for cell in range(count - 1, -1, -1):
        if found > limit:
            break
        for some, block in ((long, BLOCK), (brief, shortest)):
            if (cell + 1) % block == 0 or cell == count - 1:
                low = cell - cell % block
                _glanced(some, spent, once, length, fixed, ends, low, cell + 1, least)
        held, way, leaf, cost = _entrants(
            cell, least[cell % BLOCK], spent, once, length, fixed, depth, go, sides, pin, gates,
            moments, margin, laid, way, leaf, cost,
        )  # fmt: skip
        order, begin = _by_leaf(leaf, held, cell << depth, size)
        ways, costs = _ordered(way, cost, order)
        over, late, points = np.empty(held), np.empty(held, np.bool_), np.empty((held, 4))
        for at in range(size - 1, -1, -1):
            row = (cell << depth) + at
            _settle(
                row, begin[at], begin[at + 1], ways, costs, whole, rest, fixed, saved, pin,
                gates[1], on, go, over, late, points,
            )  # fmt: skip
            sides[0, row], sides[1, row] = go[row, 0], go[row, 1]
        _under(cell, depth, go, gates[1], ends)
        while found + held > len(option):
            option, place, charge = _twice(option, place, charge)
            excess, later = _doubled(excess), _doubled(later)
        for at in range(held - 1, -1, -1):
            if over[at] <= margin + ROUNDING:
                option[found], place[found] = ways[at], leaf[order[at]]
                for point in range(3):
                    charge[found, point] = costs[at, point]
                excess[found], later[found] = over[at], late[at]
                found += 1
    return option[:found], place[:found], charge[:found], excess[:found], later[:found]
