"""A proof by trying: of all playlists that could be better, each is begun and given up in time.

Playlists are built from the start, all at once, one track longer in each round, as a beam does (see
`playlists.search`). Each hopes for its charge so far, neighbors included, and for the potential of
the time that is left. Those that hope for too little to matter are given up; of those that have the
same songs, end with the same one, and keep the same artists away, only the cheapest goes on, since
all that can follow costs the same for each. If some that matter must be given up, as they are too
many, the bound is the least that any of these hoped for.
"""

import numpy as np
from numpy.typing import NDArray

from playlists.arcs import Arcs
from playlists.pool import Floats, Ints
from playlists.relaxation import Potentials, ahead
from playlists.search import Found, Front, branches, ending, extended, lots, nothing, songs

LAST = np.uint64(0x9E3779B97F4A7C15)  # Odd: it tells apart which of the songs comes last.
BEGUN = 2  # Playlists begun in a round for each that goes on: many end in the same songs.


def tried(net: Arcs, hopes: Potentials, most: float, width: int) -> Found:
    """Return the best playlist found, by its options, and a bound for all that `net` holds.

    Parameters
    ----------
    net : Arcs
    hopes : Potentials
    most : float
        Charge from which a playlist does not matter: the bound is no higher.
    width : int
        Playlists that go on from one round, at most.
    """
    task, song = net.task, songs(net)
    marks, artist = lots(int(song.max(initial=0)) + 1), _artists(net)
    front, has = nothing(task), np.zeros((1, len(marks)), dtype=bool)
    paid = float(hopes.price.sum())
    best, least, bound = np.empty(0, np.int64), task.base + float(ending(task, np.zeros(()))), most
    while len(front.time):
        row, option, hope = branches(net, hopes, front, has, song, most + paid)
        few, given_up = _least(hope, BEGUN * width)
        bound, row, option = min(bound, given_up - paid), row[few], option[few]
        front = extended(task, hopes, front.rows(row), option, song, marks)
        stop = front.charge + ending(task, front.time)
        if stop.min(initial=np.inf) < least:
            least, best = float(stop.min()), front.order[stop.argmin()]
        hope = front.charge + front.paid + ahead(hopes, front.time, task.rules.moments)
        open_ = np.flatnonzero((hope < most + paid) & (front.time < task.targets.duration))
        open_ = open_[_unlike(front.rows(open_), hope[open_], artist)]
        few, given_up = _least(hope[open_], width)
        bound, kept = min(bound, given_up - paid), open_[few]
        has = has[row[kept]]
        has[np.arange(len(kept)), song[option[kept]]] = True
        front = front.rows(kept)
    return Found(best, least, min(bound, least))


def _least(hope: Floats, count: int) -> tuple[Ints, float]:
    """Return the places of the `count` least, in order, and the least of the others."""
    if len(hope) <= count:
        return np.arange(len(hope)), np.inf
    by = np.argpartition(hope, count)
    return np.sort(by[:count]), float(hope[by[count]])


def _unlike(front: Front, hope: Floats, artist: NDArray[np.uint64]) -> Ints:
    """Return the rows that are the cheapest of those after which the same costs the same."""
    key = front.mark + LAST * front.order[:, -1].astype(np.uint64)
    for gap in range(2, min(len(artist), front.order.shape[1]) + 1):
        key += artist[gap - 1][front.order[:, -gap]]
    by = np.lexsort((hope, key))
    new = np.ones(len(by), dtype=bool)
    new[1:] = key[by[1:]] != key[by[:-1]]
    return np.sort(by[new])


def _artists(net: Arcs) -> NDArray[np.uint64]:
    """Return a number for the artist of each option by how long ago it was played.

    Shape (songs ago, options); 0 for an artist who has no other song.
    """
    task, ways = net.task, net.task.ways
    reach = max(int(task.weights.artist_reach), task.rules.no_repeat_artist, 1)
    artist = ways.artist
    some = np.unique(np.column_stack([artist, ways.group])[net.option], axis=0)[:, 0]
    names, count = np.unique(some, return_counts=True)
    again = np.isin(artist, names[(count > 1) & (names >= 0)])
    number = np.unique(artist, return_inverse=True)[1]
    told = lots(reach * (int(number.max(initial=0)) + 1)).reshape(reach, -1)
    return np.asarray(np.where(again, told[:, number], np.uint64(0)))
