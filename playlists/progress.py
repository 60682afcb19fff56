"""How far a search has come, and what brings it further where no other track matters.

Coarse cells make the bound loose, and fine ones for every track everywhere cost too much. What is
in no better playlist than the best so far is left out, track by track and cell by cell; the rest is
cut in halves, prices are bettered, and a beam follows them.
"""

from dataclasses import dataclass, replace

import numpy as np

from playlists.arcs import Arcs, finer
from playlists.pool import Floats, Ints
from playlists.pricing import prices
from playlists.problem import Problem
from playlists.relaxation import Potentials, away, guess, lowest, potentials, sharp
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
NEARER = 3.0  # Times that a margin is less where there is no room for all arcs.
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
    margin: float = 0.0
    """Excess of these arcs, at most; all that matter are among them where it is closed."""
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

    @property
    def depth(self) -> int:
        """How often the longest cells were cut in halves."""
        return (self.net.fine // self.fine).bit_length() - 1

    def joined(self, new: Ints, task: Problem) -> "Progress":
        """Return the same with new options; `task` is that of sequencing these alone."""
        known = np.append(self.known, new)
        return replace(self, known=known, task=self.task.joined([task]))

    def gap(self, owed: float = 0.0) -> float:
        """Return the share of the charge that is not proved to be needed, 1 where it is infinite.

        The bound is too high by what is `owed`.
        """
        if np.isinf(self.least):
            return 1.0
        return (self.least - self.hopes.bound + owed) / max(self.least, 1e-9)


def sharpened(now: Progress, depth: int, price: Floats, margin: float = 0.0) -> Progress:
    """Look at all known options in short cells, under other prices; nearer where there is much."""
    while True:
        try:
            net, hopes = sharp(now.task, now.fine, depth, price, margin)
        except MemoryError:
            margin /= NEARER
        else:
            return replace(now, net=net, hopes=hopes, margin=margin)


def thinned(now: Progress, margin: float) -> Progress:
    """Return what was looked at in short cells with only the arcs within another margin."""
    if now.margin < margin:
        return sharpened(now, now.depth, now.hopes.price, margin)
    few = now.hopes.over <= margin
    hopes = replace(now.hopes, over=now.hopes.over[few], late=now.hopes.late[few])
    return replace(now, net=now.net.part(few), hopes=hopes, margin=margin)


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
    hopes = guess(now.net, now.hopes.price) if now.gap() > LOOSE else now.hopes
    order, least = beam(now.net, hopes, width, known=now.least)
    if least < now.least:
        return replace(now, best=now.known[order], least=least)
    return now


def closer(now: Progress) -> Progress:
    """Look at what is closed in cells of half the length, or again if it is too much."""
    net = now.net
    if net.step >= 2 * FINEST and 2 * len(net.cell) <= ARCS:
        net = finer(net)
    return priced(now, net, ROUNDS)


def worthwhile(last: Progress, now: Progress) -> bool:
    """Tell whether a closer look took away enough to be worth another."""
    seeking = np.isinf(now.least) and last.net.step > now.net.step > HEARD
    return bool(seeking or now.gap() < (1 - WORTH) * last.gap())
