"""The search in a library too large to look at every track everywhere.

A few tracks are looked at closely. The potentials that follow from them (see
`playlists.relaxation`) say which others could do better, and these come in. What can be in no
better playlist than the best so far is left out, track by track and cell by cell, so that the rest
can be looked at in ever shorter cells. Now and then all tracks are tried: what no potential can
rule out comes in, and what is still owed is taken off the bound, which so holds for the library.
"""

from dataclasses import dataclass, replace

import numpy as np

from playlists.arcs import Arcs, cells, every, finer
from playlists.candidates import Outside, Survey, outside, promising, survey
from playlists.pool import Floats, Ints, Pool
from playlists.problem import Problem, problem
from playlists.relaxation import (
    Potentials,
    away,
    coarser,
    debt,
    lowest,
    no_prices,
    potentials,
    prices,
    risen,
)
from playlists.reseeding import CLOSE, nearest, varied
from playlists.rules import Rules
from playlists.search import Found, beam, descend
from playlists.settings import Settings
from playlists.targets import Targets

FIELD = 10_000  # Options that the first exchanges choose from.
FIRST = 500  # Options that a sieve starts from ...
NEXT = 350  # ... and that one exchange adds at most.
EXCHANGES = 2  # Exchanges among the field, before all of the library is looked at.
ROUGH = 5.0  # Seconds a cell: at first.
LOOK = 2.5  # Seconds a cell: when all of the library is looked at.
FINEST = 0.15  # Seconds a cell: in shorter ones a song change gains a hundredth of its worth.
NARROW = 60  # Playlists that a beam follows at once ...
BROAD = 300  # ... and those at last, where much is left to prove.
TRIED = 1000  # Options that a beam tries for another seed.
ROUNDS = 12  # Steps towards better prices, from prices that are nearly right.
WANTED = 0.019  # Gap from which it is not worth looking any closer.
HOPED = 0.018  # Gap among the known options from which it is worth looking at all others.
OWED, HARDLY = 0.003, 0.03  # Share of the misfit that others may owe, at last and at first.
REACH = 0.04  # Share of the misfit by which options may stay outside and still be tried again.
EXAMINED = 500  # Options looked at exactly at once, to save memory ...
AT_ONCE = 1500  # ... until so many of them are let in together.
SETTLING = 6  # Times that all options are tried at most, until none is charged less.
ARCS = 1_500_000  # Most that are looked at in shorter cells; each takes a hundred bytes.


def sieved(
    held: Pool, usable: Ints, goal: Targets, settings: Settings, rules: Rules, seed: int
) -> Found:
    """Return the best playlist that a large library holds, or another good one for a seed.

    Parameters
    ----------
    held : Pool
    usable : ndarray of int
        Tracks to choose from.
    goal : Targets
    settings : Settings
    rules : Rules
    seed : int

    Returns
    -------
    Found
    """
    found = survey(held, usable, goal, settings, rules)
    wanted = np.flatnonzero(np.isin(found.ways.track, [track for track, _ in rules.pins]))
    field = promising(found, FIELD)
    sieve = _first(found, np.union1d(field[:FIRST], wanted))
    for _ in range(EXCHANGES):
        near = outside(found, sieve.hopes, sieve.known, among=field)
        sieve = _joined(found, sieve, near.option[near.order(len(sieve.hopes.on))[:NEXT]])
    sieve, bound = _settled(found, sieve)
    task, order = sieve.net.task, _places(sieve.known, sieve.best)
    order, charge = descend(task, order, nearest(sieve.net, sieve.hopes, CLOSE))
    if seed:
        order, charge = _other(sieve, order, charge, settings, seed)
    return Found(task.ways.track[order], charge, bound)


@dataclass(frozen=True, slots=True, eq=False)
class _Sieve:
    """What a close look at some options of a library found."""

    known: Ints
    """The options, as indices into the survey."""
    base: Arcs
    """All their arcs, in cells of a tick."""
    net: Arcs
    """Those that matter, in shorter cells."""
    hopes: Potentials
    best: Ints
    """Options of the best playlist so far, all of them known."""
    least: float
    """Its charge."""


@dataclass(frozen=True, slots=True, eq=False)
class _Rest:
    """Options that came near some potentials."""

    hopes: Potentials
    near: Outside
    reach: float
    """All others were farther away."""
    whole: Ints
    """Whole cells that each lasts."""


def _first(found: Survey, known: Ints) -> _Sieve:
    fine = cells(found.targets, ROUGH, float(found.ways.duration.min()))
    net = every(_problem(found, known), fine)
    hopes = potentials(net, no_prices(found.ways.pool))
    order, least = beam(net, hopes, NARROW)
    return _Sieve(known, net, net, hopes, known[order], least)


def _priced(last: _Sieve, net: Arcs) -> _Sieve:
    """Return better prices for `net`, and the best playlist that they lead to."""
    price = prices(net, last.least, rounds=ROUNDS, first=last.hopes.price)
    return _led(replace(last, net=net, hopes=potentials(net, price)), NARROW)


def _led(sieve: _Sieve, width: int) -> _Sieve:
    """Return the best playlist that the potentials lead to, where it is better than the best."""
    order, least = beam(sieve.net, sieve.hopes, width, known=sieve.least)
    if least < sieve.least:
        return replace(sieve, best=sieve.known[order], least=least)
    return sieve


def _settled(found: Survey, sieve: _Sieve) -> tuple[_Sieve, float]:
    """Look at all that comes near in ever shorter cells; also return a bound for the library."""
    bound = -np.inf
    sieve, rest, _ = _completed(found, _refined(sieve, LOOK), None, HARDLY)
    sieve = _refined(sieve, FINEST)
    while True:
        sieve, rest, owed = _completed(found, sieve, rest, OWED)
        bound = max(bound, sieve.hopes.bound - owed)
        if sieve.least - bound <= WANTED * sieve.least:
            return sieve, bound
        if not _finer_helps(sieve):
            return _led(sieve, BROAD), bound
        sieve = _refined(_halved(sieve), FINEST)


def _refined(sieve: _Sieve, seconds: float) -> _Sieve:
    """Look in ever shorter cells, until little is left to prove among the known options."""
    while (
        sieve.net.step > 1.5 * seconds
        and _finer_helps(sieve)
        and sieve.least - sieve.hopes.bound > HOPED * sieve.least
    ):
        sieve = _halved(sieve)
    return sieve


def _halved(sieve: _Sieve) -> _Sieve:
    return _priced(sieve, finer(_pruned(sieve.net, sieve.hopes, sieve.least - sieve.hopes.bound)))


def _finer_helps(sieve: _Sieve) -> bool:
    return sieve.net.step >= 2 * FINEST and 2 * len(sieve.net.cell) <= ARCS


def _pruned(net: Arcs, hopes: Potentials, gap: float) -> Arcs:
    """Return the arcs that are in playlists charged less than `gap` beyond the bound.

    Potentials need not tell how much worse the others are.
    """
    far = away(net, hopes)
    return _within(net, hopes, np.where(np.isinf(far), 0.0, np.maximum(gap - far, 0)))


def _within(net: Arcs, hopes: Potentials, room: Floats) -> Arcs:
    """Return the arcs whose excess is less than `room`, by cell."""
    return replace(lowest(net, hopes, room), ceiling=hopes.on + room - hopes.price.sum())


def _completed(
    found: Survey, sieve: _Sieve, rest: _Rest | None, most: float
) -> tuple[_Sieve, _Rest, float]:
    """Let in what is charged less than the potentials; also return what others still owe."""
    for left in reversed(range(SETTLING)):
        rest = _rest(found, sieve, rest)
        new, owed = _owing(found, sieve, rest)
        lacking = sieve.least - sieve.hopes.bound + owed
        if owed <= most * sieve.least or lacking <= WANTED * sieve.least or not left:
            return sieve, rest, owed
        sieve = _joined(found, sieve, new)
    raise AssertionError


def _looked(sieve: _Sieve) -> Potentials:
    """Return the potentials in cells in which others are compared."""
    return coarser(sieve.hopes, max(round(LOOK / sieve.net.step), 1))


def _rest(found: Survey, sieve: _Sieve, last: _Rest | None) -> _Rest:
    """Return all options that may owe something: `last`, where that still says so."""
    hopes = _looked(sieve)
    if last and risen(last.hopes, hopes).max() < last.reach:
        return last
    reach = REACH * sieve.least if last else 0.0
    near = outside(found, hopes, np.empty(0, np.int64), margin=reach)
    whole = (found.ways.duration[near.option] / hopes.step).astype(np.int64)
    return _Rest(hopes, near, reach, whole)


def _owing(found: Survey, sieve: _Sieve, rest: _Rest) -> tuple[Ints, float]:
    """Return the options outside that are charged less than the potentials, and what all owe."""
    looked, none = _looked(sieve), np.zeros(len(sieve.hopes.on))
    dearer = (looked.price - rest.hopes.price)[found.ways.group[rest.near.option]]
    slack = rest.near.slack + dearer - risen(rest.hopes, looked)[rest.whole]
    slack[np.isin(rest.near.option, sieve.known)] = 0.0
    owing = np.flatnonzero(slack < 0)
    some = rest.near.option[owing[np.argsort(slack[owing], kind="stable")]]
    low, new, start = [lowest(sieve.base, sieve.hopes, none)], np.empty(0, np.int64), 0
    while start < len(some) and len(new) < AT_ONCE:
        part = some[start : start + EXAMINED]
        low.append(lowest(every(_problem(found, part), sieve.base.fine), sieve.hopes, none))
        new, start = np.append(new, part[np.unique(low[-1].option)]), start + EXAMINED
    return new, debt(low, sieve.hopes) if start >= len(some) else np.inf


def _joined(found: Survey, sieve: _Sieve, new: Ints) -> _Sieve:
    """Return better prices with `new` options too, and the best playlist that they lead to."""
    base, known = sieve.base, sieve.known
    if len(new):
        base = base.beside(every(_problem(found, new), base.fine))
        known = np.append(known, new)
    gap = sieve.least - sieve.hopes.bound
    near = _within(base, sieve.hopes, np.full(len(sieve.hopes.on), gap))
    if near.fine > base.fine and len(new):
        near = _pruned(near, sieve.hopes, gap)
    return _priced(replace(sieve, known=known, base=base), near)


def _problem(found: Survey, some: Ints) -> Problem:
    return problem(found.part(some), found.targets, found.settings, found.rules)


def _other(
    sieve: _Sieve, order: Ints, charge: float, settings: Settings, seed: int
) -> tuple[Ints, float]:
    """Return another good playlist of a sieve, by its options, and its charge."""
    some = np.union1d(nearest(sieve.net, sieve.hopes, TRIED), order)
    net = every(sieve.base.task.part(some), sieve.base.fine)
    hopes = potentials(net, sieve.hopes.price)
    order, charge = varied(
        net, hopes, np.searchsorted(some, order), charge, settings, seed=seed, width=NARROW
    )
    return some[order], charge


def _places(known: Ints, some: Ints) -> Ints:
    """Return where `some` are among `known`."""
    order = np.argsort(known)
    return order[np.searchsorted(known, some, sorter=order)]
