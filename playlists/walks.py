"""Ways through arcs and cells, step by step."""

import numpy as np
from numpy.typing import NDArray

from playlists.compiling import compiled, part
from playlists.pool import Floats, Ints


@part
def _cell(row: int, gates: Ints) -> int:
    """Return the cell of a row of potentials (see `playlists.kernels.gates`)."""
    return row if row >= 0 else gates[row + 1 + len(gates)]


@compiled
def branches(
    first: Ints, option: Ints, charge: Floats, starts: Ints, ends: Ints, gates: Ints, rest: Floats,
    fixed: Floats, go: Floats, state: Ints, place: Floats, paid: Floats, has: NDArray[np.bool_],
    song: Ints, most: float,
) -> tuple[Ints, Ints, Floats]:  # fmt: skip
    """Return what may come next in playlists that cost less than `most`: rows, options, hopes.

    The `state` of each is a row of potentials, and its `place` in the cell is from 0 to 1. It has
    `paid` so much, and has some songs.
    """
    count = 0
    for row in state:
        count += first[_cell(row, gates) + 1] - first[_cell(row, gates)]
    rows, options, hopes = np.empty(count, np.int64), np.empty(count, np.int64), np.empty(count)
    count = 0
    for row in range(len(state)):
        cell = _cell(state[row], gates)
        for arc in range(first[cell], first[cell + 1]):
            way = option[arc]
            if starts[arc] == state[row] and not has[row, song[way]]:
                end, at = ends[arc, 0], place[row] + rest[way]
                if at < 1:
                    share = place[row] / (1 - rest[way])
                    cost = charge[arc, 0] + share * (charge[arc, 1] - charge[arc, 0])
                else:
                    end, at = ends[arc, 1], min(at - 1, rest[way])
                    share = at / max(rest[way], 1e-9)
                    cost = charge[arc, 1] + share * (charge[arc, 2] - charge[arc, 1])
                hope = paid[row] + cost + fixed[way] + go[end, 0] + at * (go[end, 1] - go[end, 0])
                if hope < most:
                    rows[count], options[count], hopes[count] = row, way, hope
                    count += 1
    return rows[:count], options[:count], hopes[:count]


@compiled
def by_cell(cell: Ints, count: int) -> Ints:
    """Return the places of arcs in order of their cells, of which there are `count`."""
    begin = np.zeros(count + 1, np.int64)
    for one in cell:
        begin[one + 1] += 1
    for one in range(count):
        begin[one + 1] += begin[one]
    order = np.empty(len(cell), np.int64)
    for arc in range(len(cell)):
        order[begin[cell[arc]]] = arc
        begin[cell[arc]] += 1
    return order


@compiled
def risen(on: Floats, go: Floats) -> Floats:
    """Return the most by which on rises over where it leads, by whole cells on the way."""
    most, least = np.full(len(go) - len(on), -np.inf), np.minimum(go[:-1], go[1:])
    for cell in range(len(on)):  # In this order, several are looked at with one instruction.
        for whole in range(len(most)):
            rise = on[cell] - least[cell + whole]
            most[whole] = max(most[whole], rise)
    return most


@compiled
def strewn(
    first: Ints, option: Ints, starts: Ints, ends: Ints, gates: Ints, over: Floats,
    late: NDArray[np.bool_], stopping: NDArray[np.bool_], begin: int, astray: float, paths: int,
    lots: np.random.Generator,
) -> tuple[Ints, Ints, Floats]:  # fmt: skip
    """Return the options of paths, which path each is in, and what paths cost over the shortest.

    They begin at a row and go on until music had better stop. The first is the shortest; the
    others, drawn by lot, go on with arcs that cost up to `astray` more than the best.
    """
    found, paths_of = np.empty((2, paths * len(first)), np.int64)
    extra, count = np.zeros(paths), 0
    for path in range(paths):
        row, most = begin, astray if path else 0.0
        while row < len(first) - 1 and not (row >= 0 and stopping[row]):
            best, least, cell = -1, np.inf, _cell(row, gates)
            for arc in range(first[cell], first[cell + 1]):
                if starts[arc] == row and over[arc] <= most + 1e-9:
                    draw = over[arc] + most * lots.random()
                    if draw < least:
                        best, least = arc, draw
            if best < 0:
                break
            found[count], paths_of[count] = option[best], path
            extra[path] += over[best]
            count, row = count + 1, ends[best, int(late[best])]
    return found[:count], paths_of[:count], extra


@part
def _barred(start: int, whole: int, pins: Floats) -> bool:
    """Tell whether a track that lasts so many cells surely is playing at the moment of a pin."""
    met = 0
    for pin in pins:
        met += start + 1 <= pin < start + whole
    return met > 0


@compiled
def rooms(
    on: Floats, go: Floats, left: Floats, lengths: Ints, pins: Floats, step: float, rates: Floats
) -> tuple[Floats, Floats]:
    """Return the least over the potentials by whole cells: within the workout, and beyond its end.

    The first is without what is played, the second, shape (lengths, rates), for some rates of it.
    """
    before, last = np.full(len(lengths), np.inf), np.full((len(lengths), len(rates)), np.inf)
    for place in range(len(lengths)):
        length = lengths[place]
        inside = max(len(on) - length - 1, 0)
        least = np.inf
        for cell in range(inside):
            over = go[cell + length] - on[cell]
            least = over if over < least and not _barred(cell, length, pins) else least
        before[place] = least
        for cell in range(inside, len(on)):
            over, played = go[cell + length] - on[cell], min(left[cell], length * step)
            if not _barred(cell, length, pins):
                for one in range(len(rates)):
                    last[place, one] = min(last[place, one], rates[one] * played + over)
    return before, last


@part
def _edge(cell: int, parts: int, share: float, last: int) -> tuple[int, float]:
    """Return between which edges a cell begins, and how far from the first to the second.

    Dividing by `parts` is slow: multiplying by `share` does the same.
    """
    place = min(int((cell + 0.5) * share), last - 1)
    return place, min((cell - place * parts) * share, 1.0)


@part
def _since(curves: Floats, row: int, edge: tuple[int, float], until: tuple[int, float]) -> float:
    """Return by how much a curve rises from one to the other."""
    place, share = edge
    last, more = until
    start, end = curves[row, place], curves[row, last]
    start += share * (curves[row, place + 1] - start)
    return float(end + more * (curves[row, last + 1] - end) - start)


@part
def _twice(values: Ints) -> Ints:
    """Return the same with room for twice as many."""
    more = np.empty(2 * len(values), np.int64)
    for place in range(len(values)):
        more[place] = values[place]
    return more


@part
def _passed(
    tempo: Floats, energy: Floats, build: Floats, long: int, on: Floats, go: Floats, over: Floats
) -> None:
    """Fill in what tracks of `long` cells spend over the potentials, by the cell they start in.

    Slices, as then several are looked at with one instruction.
    """
    tempos, energies, builds = tempo[long:], energy[long:], build[long:]
    tempo, energy, build = tempo[1:], energy[1:], build[1:]
    for start in range(len(over)):
        spend = tempos[start] - tempo[start] + energies[start] - energy[start]
        over[start] = go[start] - on[start] + spend + builds[start] - build[start]


@compiled
def together(
    spent: tuple[Floats, ...], bins: tuple[Ints, ...], whole: Ints, played: Floats,
    constant: Floats, charge: Floats, left: Floats, on: Floats, go: Floats, pins: Floats,
    cell: float,
) -> tuple[Floats, Ints, Ints]:  # fmt: skip
    """Return the least over the potentials of each kind, and kinds and starts where it is < 0.

    What is spent only grows: a track spends no less than from the end of the cell that it starts
    in to the start of the one that it ends in.
    """
    (tempo, energy, build), (tempos, energies, builds) = spent, bins
    count, last, least = 0, tempo.shape[1] - 1, np.full(len(played), np.inf)
    kinds, starts = np.empty(len(on), np.int64), np.empty(len(on), np.int64)
    over = np.empty(len(on))
    for kind in range(len(played)):
        if count + len(on) > len(kinds):
            kinds, starts = _twice(kinds), _twice(starts)
        one, two, three, long = tempos[kind], energies[kind], builds[kind], max(whole[kind], 1)
        inside = 0  # Cells from which it is played to its end, whenever it starts in them.
        while inside < len(on) and left[inside] >= (whole[kind] + 1) * cell:
            inside += 1
        ahead = go[whole[kind] :]
        _passed(tempo[one], energy[two], build[three], long, on, ahead, over[:inside])
        for start in range(inside, len(on)):
            until, edge = min(start + long, last), min(start + 1, last)
            spend = tempo[one, until] - tempo[one, edge] + energy[two, until] - energy[two, edge]
            spend += build[three, until] - build[three, edge] + ahead[start] - on[start]
            over[start] = (
                spend + charge[kind] + constant[kind] * min(left[start], whole[kind] * cell)
            )
        for start in range(len(on)):
            total = over[start] + (played[kind] if start < inside else 0.0)
            if total < max(least[kind], 0.0) and not _barred(start, whole[kind], pins):
                least[kind] = min(least[kind], total)
                if total < 0:
                    kinds[count], starts[count] = kind, start
                    count += 1
    return least, kinds[:count], starts[:count]


@compiled
def reach(
    spent: tuple[Floats, ...], bins: tuple[Ints, ...], length: Floats, constant: Floats,
    charge: Floats, left: Floats, on: Floats, go: Floats, pins: Floats,
    options: Ints, starts: Ints, cell: float, parts: int, straight: bool,
) -> Floats:  # fmt: skip
    """Return what options cost over the potentials from their starts.

    In cells no longer than a tick, what is spent is straight: no less than at one of the edges. In
    longer ones it is no less than from the end of one to the start of another.
    """
    (tempo, energy, build), (tempos, energies, builds) = spent, bins
    over, last, share = np.empty(len(options)), tempo.shape[1] - 1, 1 / parts
    for place in range(len(options)):
        one, start = options[place], starts[place]
        end = start + int(length[one] / cell)
        begins, ends = _edge(start, parts, share, last), _edge(end, parts, share, last)
        after = _edge(start + 1, parts, share, last)
        until = _edge(end + straight, parts, share, last)
        later = _since(tempo, tempos[one], after, until)
        later += _since(energy, energies[one], after, until)
        later += _since(build, builds[one], after, until)
        total = _since(tempo, tempos[one], begins, ends)
        total += _since(energy, energies[one], begins, ends)
        total += _since(build, builds[one], begins, ends)
        total = min(total, later) if straight else max(later, 0.0)
        total += go[end] - on[start] + charge[one]
        over[place] = total + constant[one] * min(length[one], left[start])
        if _barred(start, end - start, pins):
            over[place] = np.inf
    return over


@compiled
def note(one: Ints, start: Ints, reach: Floats, over: Floats, moment: Ints) -> None:
    """Note the least reach of each, and its start."""
    for place in range(len(one)):
        if reach[place] < over[one[place]]:
            over[one[place]], moment[one[place]] = reach[place], start[place]
