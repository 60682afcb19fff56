"""A bound by potentials that remember which of a few songs were played.

Prices (see `playlists.relaxation`) make repeating a song dear, but where one song is worth a lot
and nothing comes near it, no price is right: cheap, it is played twice, and dear, not at all.
Potentials by moment and by which of the dearest songs were played need no prices for those. The
songs are found one by one: that which the shortest path is most wrong about (Boland, Dethridge and
Dumitrescu, Operations Research Letters 34:58-68, 2006, add all that a path repeats; Righini and
Salani, Networks 51:155-170, 2008).
"""

from dataclasses import dataclass

import numpy as np

from playlists.arcs import Arcs
from playlists.compiling import compiled
from playlists.pool import Floats, Ints
from playlists.relaxation import Potentials, beyond

STATES = 100_000_000  # Arcs times sets of songs that are looked at, at most: a third of a second.
HELD = 8_000_000  # Moments times sets, at most: each takes eight bytes.
TWICE = 1e-3  # Charge that a song without a price is wrong by where it comes again.


@dataclass(frozen=True, slots=True, eq=False)
class _Graph:
    """Arcs from the moments at which any begins."""

    net: Arcs
    moment: Ints
    """These moments, as numbers in the order of time (see `_moments`)."""
    first: Ints
    """Where the arcs of each begin, and the last end."""
    early: Ints
    """Index in `moment` of the earlier that each arc may end at; one too many where none is."""
    late: Ints
    over: Floats
    """What each arc costs beyond the potentials, where it ends in one and in the other."""
    slack: Floats
    """What going on from each moment costs beyond them."""
    stop: Floats
    """What stopping for good after each arc costs beyond them, as `over`."""


@dataclass(frozen=True, slots=True, eq=False)
class _Costs:
    """What arcs cost beyond the potentials, but for the prices of what is remembered."""

    early: Floats
    late: Floats
    last: Floats
    """Where the music stops after it."""
    bit: Ints
    """The set of the song alone, 0 for one that is not remembered."""


def remembered(net: Arcs, hopes: Potentials, enough: float) -> float:
    """Return a bound of the charge of playlists that keep to the arcs of `net`.

    Parameters
    ----------
    net : Arcs
        Nothing is said about what is not in it.
    hopes : Potentials
        Their prices are at least 0.
    enough : float
        Bound from which nothing more is sought.

    Returns
    -------
    float
    """
    graph, price, bound = _graph(net, hopes), hopes.price.copy(), -np.inf
    songs: list[int] = []
    start = hopes.on[net.begin, 0] + net.task.base - price.sum()
    while bound < enough and len(net.cell) and _small(graph, len(songs)):
        costs = _costs(graph, hopes.price, songs)
        ahead = _ahead(graph, costs, 1 << len(songs))
        least = start + ahead[0, 0] + hopes.price[songs].sum()
        bound = max(bound, float(min(least, net.stop[0, 0] + net.task.base)))
        wrong = _wrong(net, price, _path(graph, costs, ahead))
        wrong[songs] = 0.0
        if not wrong.any():
            break
        songs.append(int(wrong.argmax()))
        price[songs[-1]] = 0.0
    return bound


def _graph(net: Arcs, hopes: Potentials) -> _Graph:
    starts = _moments(net, net.starts)
    net = net.part(np.argsort(starts, kind="stable")) if net.task.rules.pins else net
    moment, first = np.unique(np.sort(starts), return_index=True)
    place = np.full((len(net.stop) + 1) * (1 + len(net.gates)), len(moment))
    place[moment] = np.arange(len(moment))
    early, late = place[_moments(net, net.ends)].T
    row, cell = net.starts[first], net.cell[first]
    slack = (hopes.on[row] - net.saved[cell] - hopes.go[row]).min(axis=1)
    slack[cell == 0] = 0.0  # The first track does not go on from another.
    stop = (net.stop - hopes.go).min(axis=1)[net.ends]
    first = np.append(first, len(net.cell))
    return _Graph(net, moment, first, early, late, beyond(net, hopes), slack, stop)


def _moments(net: Arcs, row: Ints) -> Ints:
    """Return rows as numbers in the order of time: before a pin is before the rest of its cell."""
    pins = len(net.gates)
    pin = np.where(row < 0, row + 1 + pins, pins)
    gate = np.append(net.gates, len(net.stop))[pin]
    return np.asarray(np.where(row < 0, gate, row) * (1 + pins) + pin)


def _small(graph: _Graph, songs: int) -> bool:
    return len(graph.net.cell) << songs <= STATES and len(graph.moment) << songs <= HELD


def _costs(graph: _Graph, price: Floats, songs: list[int]) -> _Costs:
    net, bits, paid = graph.net, np.zeros(len(price), np.int64), np.zeros(len(price))
    bits[songs], paid[songs] = 1 << np.arange(len(songs)), price[songs]
    song = net.task.ways.group[net.option]
    over = graph.over - paid[song, None]
    early, late, last = *over.T, (over + graph.stop).min(axis=1)
    return _Costs(early, late, last, bits[song])


def _ahead(graph: _Graph, costs: _Costs, sets: int) -> Floats:
    """Return the least charge from each moment on by what was played, shape (n + 1, sets)."""
    return _least(
        graph.first, graph.early, graph.late, graph.slack, costs.early, costs.late, costs.last,
        costs.bit, sets,
    )  # fmt: skip


@compiled
def _least(
    first: Ints, early: Ints, late: Ints, slack: Floats, soon: Floats, later: Floats, last: Floats,
    bit: Ints, sets: int,
) -> Floats:  # fmt: skip
    """Return the same, from the last moment on, each from those that its arcs lead to."""
    ahead = np.full((len(first), sets), np.inf)
    for moment in range(len(first) - 2, -1, -1):
        least = ahead[moment]
        for arc in range(first[moment], first[moment + 1]):
            one, other = ahead[early[arc]], ahead[late[arc]]
            for played in range(sets):
                if not played & bit[arc]:
                    then = played | bit[arc]
                    reach = min(soon[arc] + one[then], later[arc] + other[then], last[arc])
                    least[played] = min(reach, least[played])
        for played in range(sets):
            least[played] += slack[moment]
    return ahead


def _reach(graph: _Graph, costs: _Costs, ahead: Floats, some: slice) -> Floats:
    """Return the least charge to the end with each arc by what was played, shape (arcs, sets)."""
    reach = costs.early[some, None] + ahead[graph.early[some]]
    np.minimum(reach, costs.late[some, None] + ahead[graph.late[some]], out=reach)
    np.minimum(reach, costs.last[some, None], out=reach)
    bit, sets = costs.bit[some], np.arange(ahead.shape[1])
    known = np.flatnonzero(bit)
    with_it = np.take_along_axis(reach[known], sets | bit[known, None], axis=1)
    reach[known] = np.where(sets & bit[known, None], np.inf, with_it)
    return reach


def _path(graph: _Graph, costs: _Costs, ahead: Floats) -> Ints:
    """Return the options of a shortest path."""
    at, played, found = 0, 0, list[int]()
    while at < len(graph.moment):
        some = slice(graph.first[at], graph.first[at + 1])
        reach = _reach(graph, costs, ahead, some)[:, played]
        arc = some.start + int(reach.argmin())
        found.append(int(graph.net.option[arc]))
        if costs.last[arc] <= reach.min():
            break
        played |= int(costs.bit[arc])
        early = costs.early[arc] + ahead[graph.early[arc], played]
        late = costs.late[arc] + ahead[graph.late[arc], played]
        at = int(graph.early[arc] if early <= late else graph.late[arc])
    return np.array(found, np.int64)


def _wrong(net: Arcs, price: Floats, path: Ints) -> Floats:
    """Return how wrong a path is about each song, as a charge: it should come once if it costs."""
    uses = np.bincount(net.task.ways.group[path], minlength=len(price))
    return np.asarray(price * np.abs(uses - 1) + TWICE * (uses > 1))
