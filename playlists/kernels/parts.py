"""What options cost in all the shortest parts of a cell."""

from playlists.compiling import part
from playlists.kernels.gates import landings, starting
from playlists.kernels.points import FAR, NEVER, charged_from, reached
from playlists.pool import Floats, Ints


@part
def laid_out(
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
def laid_by_pins(
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
        points = charged_from(spent, row, once, rest, here, here + int(long), size, 1 / size)
        reach = reached(points, rest, go, landings(here, int(long), pin, gates))
        cost[0, each], cost[1, each], cost[2, each] = points
        least[each] = price + (min(reach) if here else reach[0])
        most[each] = price + (max(reach) if here else reach[0])
        if starting(here, pin, gates) < 0 and least[each] < NEVER:  # It competes with no other.
            least[each], most[each] = -FAR, FAR


@part
def far_from_pins(cell: int, length: float, pin: int, gates: Ints) -> bool:
    """Tell whether no pin is near an option from a cell, nor the start of the workout."""
    free = cell > 0 and pin < 0
    for gate in gates:
        free &= not cell <= gate <= cell + length + 2
    return free


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
