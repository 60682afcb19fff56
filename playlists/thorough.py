"""The end of the search in a small library: all playlists are tried that could be better.

Shorter cells and better prices prove little where what is left is how songs, artists and jumps fit
together. There are so few songs that this can be tried (see `playlists.trying`).
"""

from dataclasses import replace

import numpy as np

from playlists.arcs import Arcs
from playlists.pool import Ints
from playlists.progress import (
    HOPED,
    ROUNDS,
    Progress,
    affordable,
    closer,
    lean,
    led,
    priced,
    worthwhile,
)
from playlists.relaxation import potentials
from playlists.reseeding import CLOSE, nearest
from playlists.search import beam, descend
from playlists.trying import tried

GLANCE, LONG = 3_000, 30_000  # Playlists that go on at once where all are tried, and at last.
LOOKS = 6_000_000  # Arcs that are looked at for these at last: half a second.
AT_LAST = 200_000  # Songs that the last beam tries for the next ones.
PLENTY = 200_000  # Arcs from which cells get no shorter ...
SHORT = 0.2  # ... nor from this many seconds: that tells less than trying does.


def thorough(now: Progress, width: int) -> tuple[Progress, float]:
    """Return the best playlist that is found in what is closed, and a bound for the library.

    Parameters
    ----------
    now : Progress
        Closed; its `net` has all arcs.
    width : int
        Playlists that a beam follows at once.

    Returns
    -------
    Progress
    float
    """
    net = now.net
    now, bound = _tried(lean(_begun(now)), GLANCE, HOPED)
    while bound < (1 - HOPED) * now.least and len(now.net.cell) < PLENTY and now.net.step > SHORT:
        now, higher = _tried(closer(now), GLANCE, HOPED)
        bound = max(bound, higher)
    now = _descended(led(now, affordable(now, AT_LAST)), net, width)
    much = bound < (1 - HOPED) * now.least
    now, higher = _tried(now, _long(now), HOPED) if much else _tried(now, GLANCE, 0.0)
    return now, min(max(bound, higher), now.least)


def _begun(now: Progress) -> Progress:
    """Return a search that has a playlist to better, also where none kept the pins."""
    if np.isfinite(now.least):
        return now
    last, now = now, closer(now)
    while np.isinf(now.least) and worthwhile(last, now):
        last, now = now, closer(now)
    return priced(now, now.net, ROUNDS)


def _long(now: Progress) -> int:
    """Return how many playlists may go on at once at last."""
    net = now.net
    arcs = len(net.cell) / max(int(np.count_nonzero(np.diff(net.cell, prepend=-1))), 1)
    rounds = max(len(now.best), 1)
    return int(np.clip(LOOKS / max(arcs * rounds, 1), GLANCE, LONG))


def _descended(now: Progress, net: Arcs, width: int) -> Progress:
    """Return a better playlist that prices lead to among all arcs, if they do."""
    hopes = potentials(net, now.hopes.price)
    order, _ = beam(net, hopes, width)
    order, least = descend(net.task, order, nearest(net, hopes, CLOSE))
    return _better(now, order, least)


def _tried(now: Progress, width: int, spared: float) -> tuple[Progress, float]:
    """Return what trying all that could be better, but for a share, finds, and its bound."""
    if np.isinf(now.least):
        return now, now.hopes.bound
    found = tried(now.net, now.hopes, (1 - spared) * now.least, width)
    return _better(now, found.order, found.charge), min(found.bound, now.left_out)


def _better(now: Progress, order: Ints, least: float) -> Progress:
    """Return the better of two playlists, and less to look at."""
    if least >= now.least:
        return now
    return lean(replace(now, best=now.known[order], least=least))
