"""Ever shorter cells of time for ever fewer arcs, as far as a search has come.

Coarse cells make the bound loose, and fine ones for every track everywhere cost too much. What is
in no better playlist than the best so far is left out, track by track and cell by cell; the rest is
cut in halves, prices are bettered, and a beam follows them.
"""

from dataclasses import dataclass, replace

import numpy as np

from playlists.arcs import Arcs, finer, no_ceiling
from playlists.pool import Floats, Ints
from playlists.pricing import prices
from playlists.problem import Problem
from playlists.relaxation import Potentials, away, guess, lowest, potentials
from playlists.search import beam

FINEST = 0.01  # Seconds a cell: what may be gained by moving within it is next to nothing.
HEARD = 0.015  # Seconds a cell from which pins that suit no playlist will suit none.
NARROW, WIDE = 60, 10_000  # Playlists that a beam follows at once, least and most.
OFTEN = 3_000  # Songs that it tries for the next ones, each time that there is less to look at.
AMPLE = 20  # Moments for each of the playlists that it follows then, if these are more ...
MOST = 1000  # ... and how many at most.
ROUNDS = 24  # Steps towards better prices, from prices that are nearly right.
THIN = 0.2  # Share of the gap within which arcs tell better prices.
MUCH = 100_000  # Arcs from which playlists that are hardly better are not sought ...
SPARED = 0.017  # ... by this share of the charge: less than the gap that is aimed at.
HOPED = 0.0195  # Gap among the known options from which it is not worth looking any closer.
WORTH = 0.05  # Share of the gap that a closer look must take away to be worth another.
LOOSE = 0.05  # Gap from which guessing leads to better playlists than what is proved.
ARCS = 2_000_000  # Most that are looked at in shorter cells; each takes a hundred bytes.


@dataclass(frozen=True, slots=True, eq=False)
class Progress:
    """What a close look at some options found."""

    known: Ints
    """The options, as the caller numbers them."""
    task: Problem
    """That of sequencing them."""
    fine: int
    """Cells a tick that any of their arcs are sought from."""
    net: Arcs
    """Those that matter, in shorter cells."""
    hopes: Potentials
    best: Ints
    """Options of the best playlist so far, all of them known."""
    least: float
    """Its charge; infinite where none keeps the rules."""
    closed: bool = False
    """Whether `net` has all arcs of any better playlist, whatever other tracks there are."""
    left_out: float = np.inf
    """What a playlist costs at least that has any of those left out though hardly better."""

    @property
    def room(self) -> float:
        """How much more than the bound playlists cost that are worth finding.

        Where there is much to look at, those that are hardly better than the best are not.
        """
        if np.isinf(self.least):
            return np.inf
        gap, much = self.least - self.hopes.bound, len(self.net.cell) > MUCH
        return max(gap - SPARED * self.least, gap / 5) if much else gap

    def gap(self, owed: float = 0.0) -> float:
        """Return the share of the charge that is not proved to be needed, 1 where it is infinite.

        The bound is too high by what is `owed`.
        """
        if np.isinf(self.least):
            return 1.0
        return (self.least - self.hopes.bound + owed) / max(self.least, 1e-9)


def priced(last: Progress, net: Arcs, rounds: int) -> Progress:
    """Return better prices for `net`, and the best playlist that they lead to."""
    now = replace(last, net=net, hopes=potentials(net, last.hopes.price))
    if np.isfinite(now.least):
        hopes = potentials(net, _better(now, rounds))
        now = replace(now, hopes=max(now.hopes, hopes, key=lambda some: some.bound))
    now = lean(now) if now.closed else now
    return led(now, affordable(now, OFTEN))


def _better(now: Progress, rounds: int) -> Floats:
    """Return prices under which the bound is higher."""
    net, hopes = now.net, now.hopes
    # What is left out may be no better for these prices: they are judged by all arcs.
    thin = lowest(net, hopes, np.full(len(hopes.on), THIN * (now.least - hopes.bound)))
    thin = replace(thin, ceiling=no_ceiling(net.task, net.fine))
    # As long as other tracks may come in, they may lower the bound again.
    enough = (1 - HOPED) * now.least if now.closed else np.inf
    return prices(thin, now.least, rounds=rounds, first=hopes.price, enough=enough)


def affordable(now: Progress, tries: int) -> int:
    """Return how many playlists a beam may follow that tries so many songs for the next ones."""
    moments = int(np.count_nonzero(np.diff(now.net.cell, prepend=-1)))
    fair = tries * moments // max(len(now.net.cell), 1)
    return min(max(fair, min(moments // AMPLE, MOST), NARROW), WIDE)


def lean(now: Progress) -> Progress:
    """Return what is closed without the arcs that are in no better playlist than the best."""
    net, hopes = now.net, now.hopes
    few = hopes.over < (now.room - away(net, hopes))[net.starts]
    hopes = replace(hopes, over=hopes.over[few], late=hopes.late[few])
    left_out = min(now.left_out, hopes.bound + now.room)
    return replace(now, net=net.part(few), hopes=hopes, left_out=left_out)


def led(now: Progress, width: int) -> Progress:
    """Return the best playlist that the potentials lead to, where it is better than the best."""
    hopes = guess(now.net, now.hopes) if now.gap() > LOOSE else now.hopes
    order, least = beam(now.net, hopes, width, known=now.least)
    if least < now.least:
        return replace(now, best=now.known[order], least=least)
    return now


def refined(now: Progress, seconds: float) -> Progress:
    """Look in ever shorter cells, until little is left to prove among the known options."""
    while now.net.step > 1.5 * seconds and now.gap() > HOPED:
        last, now = now, closer(now)
        if not worthwhile(last, now):
            return last
    return now


def closer(now: Progress) -> Progress:
    """Look at what matters in cells of half the length, or for better prices if it is too much."""
    net = now.net if now.closed else pruned(now.net, now.hopes, now.room)
    if now.net.step >= 2 * FINEST and 2 * len(net.cell) <= ARCS:
        net = finer(net)
    return priced(now, net, ROUNDS)


def worthwhile(last: Progress, now: Progress) -> bool:
    """Tell whether a closer look took away enough to be worth another."""
    seeking = np.isinf(now.least) and last.net.step > now.net.step > HEARD
    return bool(seeking or now.gap() < (1 - WORTH) * last.gap())


def pruned(net: Arcs, hopes: Potentials, gap: float) -> Arcs:
    """Return the arcs that are in playlists charged less than `gap` beyond the bound.

    Potentials need not tell how much worse the others are.
    """
    return within(net, hopes, np.maximum(gap - away(net, hopes), 0))


def within(net: Arcs, hopes: Potentials, room: Floats) -> Arcs:
    """Return the arcs whose excess is less than `room`, by row."""
    return replace(lowest(net, hopes, room), ceiling=ceiling(hopes, room))


def ceiling(hopes: Potentials, room: Floats) -> Floats:
    """Return what potentials need not exceed where arcs are left out whose excess is `room`."""
    return np.asarray(hopes.on + room[:, None] - hopes.price.sum())
