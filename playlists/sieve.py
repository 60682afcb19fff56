"""The search in a library too large to look at every track everywhere.

A few tracks are looked at closely. The potentials that follow from them (see
`playlists.relaxation`) say which others could do better, and these come in. What can be in no
better playlist than the best so far is left out, track by track and cell by cell, so that the rest
can be looked at in ever shorter cells. Now and then all tracks are tried: what no potential can
rule out comes in, and what is still owed is taken off the bound, which so holds for the library. As
soon as little enough is left, all of it comes in, and no other track matters any more (see
`playlists.closing`).
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from playlists.arcs import Arcs, cells, every, together
from playlists.candidates import LOOK, Outside, lacking, outside
from playlists.closing import closed, examined, part
from playlists.pool import Ints, Pool
from playlists.problem import Problem
from playlists.progress import (
    NARROW,
    WORTH,
    Progress,
    ceiling,
    closer,
    led,
    priced,
    pruned,
    refined,
    worthwhile,
)
from playlists.proof import proved
from playlists.relaxation import (
    debt,
    no_prices,
    potentials,
    sought,
)
from playlists.reseeding import CLOSE, nearest, varied
from playlists.rules import Rules
from playlists.search import Found, beam, descend
from playlists.settings import Settings
from playlists.survey import Survey, promising, survey
from playlists.targets import Targets

FIELD = 10_000  # Options that the first exchanges choose from, at least ...
FIELDED = 0.04  # ... of each track: that few look good anywhere.
FIRST = 500  # Options that a sieve starts from ...
NEXT = 600  # ... and that one exchange adds at most.
EXCHANGES = 2  # Exchanges among the field, before all of the library is looked at ...
MORE = 4  # ... and where that takes longer, in a field larger than usual.
ROUGH = 5.0  # Seconds a cell: at first.
BROAD = 1000  # Playlists that a beam follows at once where much is left to prove ...
LAST = 300  # ... and once when all is proved that is worth it.
AT_A_TIME = 4  # How much shorter cells get until all of the library is looked at again.
TRIED = 1000  # Options that a beam tries for another seed.
WANTED = 0.0195  # Gap from which it is not worth looking any closer.
OWED, PART = 0.003, 0.15  # Share of the misfit, or of what the gap is, that others may owe.
AGAIN = 6  # Steps towards better prices when options come in ...
FEW = 50  # ... if these are more.
FALLEN = 0.05  # Share of the gap by which the bound may fall without that.
AT_ONCE = 1000  # Options that are let in together.
SETTLING = 6  # Times that all options are tried at most, until none is charged less.


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
    wanted = found.ways(np.array([track for track, _ in rules.pins], np.int64))
    field = promising(found, max(FIELD, int(FIELDED * len(usable))))
    sieve = _first(found, np.union1d(field[:FIRST], wanted))
    for _ in range(EXCHANGES if len(field) <= FIELD else MORE):
        others = np.setdiff1d(field, sieve.known)
        new = lacking(found, sieve.hopes, others)[:NEXT]
        sieve = _joined(sieve, new, part(found, new))
    sieve, bound = _settled(found, sieve)
    sieve = led(sieve, LAST)
    task, order = sieve.net.task, _places(sieve.known, sieve.best)
    order, charge = descend(task, order, nearest(sieve.net, sieve.hopes, CLOSE))
    if seed:
        order, charge = _other(sieve, order, charge, settings, seed)
    return Found(task.ways.track[order], charge, bound)


def _first(found: Survey, known: Ints) -> Progress:
    fine = cells(found.targets, ROUGH, float(found.length.min()))
    net = every(part(found, known), fine)
    hopes = potentials(net, no_prices(found.pool))
    order, least = beam(net, hopes, NARROW)
    return Progress(known, net.task, fine, net, hopes, known[order], least)


def _settled(found: Survey, sieve: Progress) -> tuple[Progress, float]:
    """Look at all that comes near in ever shorter cells; also return a bound for the library."""
    bound = -np.inf
    sieve, others, owed = _completed(found, refined(sieve, LOOK), None)
    while sieve.gap(owed) > WANTED:
        bound = max(bound, sieve.hopes.bound - owed)
        if all_in := closed(found, sieve, others, owed):
            sieve, least = proved(all_in)
            return sieve, max(bound, least)
        last, gap, sieve = sieve, sieve.gap(owed), closer(sieve)
        stuck = not worthwhile(last, sieve)
        sieve = led(sieve, BROAD) if stuck else refined(sieve, last.net.step / AT_A_TIME)
        sieve, others, owed = _completed(found, sieve, others)
        if stuck and sieve.gap(owed) > (1 - WORTH) * gap:
            break
    return sieve, max(bound, sieve.hopes.bound - owed)


def _completed(
    found: Survey, sieve: Progress, others: Outside | None
) -> tuple[Progress, Outside, float]:
    """Let in what is charged less than the potentials; also return what others still owe."""
    left = SETTLING
    while True:
        others, left = outside(found, sieve.hopes, sieve.known, others), left - 1
        new, low, whole = _owing(found, sieve, others)
        # What many owe need not be told as long as they may come in.
        told = whole and (len(new) <= FEW or not left)
        owed = debt(low, sieve.hopes) if told else np.inf
        little = owed <= max(OWED * sieve.least, PART * (sieve.least - sieve.hopes.bound))
        if (
            not owed
            or (little and np.isfinite(sieve.least))
            or sieve.gap(owed) <= WANTED
            or not left
        ):
            return sieve, others, owed
        if len(new) > FEW:
            task, *more = (net.task for net in low[1:])
            sieve = _joined(sieve, new, task.joined(more))
        else:
            sieve = _mended(sieve, new, low)


def _near(sieve: Progress, task: Problem) -> Arcs:
    """Return the arcs of a task that are in better playlists, as far as potentials tell."""
    room = np.full(len(sieve.hopes.on), sieve.room)
    near = sought(task, sieve.fine, sieve.hopes, room)
    return replace(near, ceiling=ceiling(sieve.hopes, room))


def _owing(found: Survey, sieve: Progress, others: Outside) -> tuple[Ints, list[Arcs], bool]:
    """Return options outside that are charged less than the potentials, by which arcs, and if all.

    Arcs of known options, which were left out too soon, come first.
    """
    due, none = others.due(found), np.zeros(len(sieve.hopes.on))
    low, new, seen = [sought(sieve.task, sieve.fine, sieve.hopes, none)], due[:0], 0
    for some, net in examined(found, sieve, due, none):
        used = np.flatnonzero(np.bincount(net.option))
        low.append(net.of(used))
        new, seen = np.append(new, some[used]), seen + len(some)
        if len(new) >= AT_ONCE:
            break
    return new, low, seen == len(due)


def _joined(sieve: Progress, new: Ints, task: Problem) -> Progress:
    """Return better prices with `new` options too, and the best playlist that they lead to.

    `task` is that of sequencing these alone.
    """
    near = _near(sieve, sieve.task)
    if len(new):
        near = together([near, _near(sieve, task)])
        sieve = replace(sieve, task=near.task, known=np.append(sieve.known, new))
        # Without new options, known arcs that were left out too soon come back: they must stay.
        if near.fine > sieve.fine:
            near = pruned(near, sieve.hopes, sieve.room)
    return priced(sieve, near, AGAIN)


def _mended(sieve: Progress, new: Ints, low: Sequence[Arcs]) -> Progress:
    """Return a sieve with `low` arcs too, of known options first, then of `new` ones.

    Under the same prices these owe nothing more, and others no more than before.
    """
    more = together(low)
    net = replace(sieve.net, task=more.task).joined(more)
    hopes = potentials(net, sieve.hopes.price)
    fell, gap = sieve.hopes.bound - hopes.bound, sieve.least - hopes.bound
    now = replace(sieve, known=np.append(sieve.known, new), task=net.task, net=net, hopes=hopes)
    return priced(now, net, AGAIN) if fell > FALLEN * gap else now


def _other(
    sieve: Progress, order: Ints, charge: float, settings: Settings, seed: int
) -> tuple[Ints, float]:
    """Return another good playlist of a sieve, by its options, and its charge."""
    some = np.union1d(nearest(sieve.net, sieve.hopes, TRIED), order)
    net = every(sieve.net.task.part(some), sieve.fine)
    hopes = potentials(net, sieve.hopes.price)
    order, charge = varied(
        net, hopes, np.searchsorted(some, order), charge, settings, seed=seed, width=NARROW
    )
    return some[order], charge


def _places(known: Ints, some: Ints) -> Ints:
    """Return where `some` are among `known`."""
    order = np.argsort(known)
    return order[np.searchsorted(known, some, sorter=order)]
