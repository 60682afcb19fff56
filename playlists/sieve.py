"""The search in a library too large to look at every track everywhere.

A few tracks are looked at closely. The potentials that follow from them (see
`playlists.relaxation`) say which others could do better, and these come in. Prices are found first
by a guess, then by what is proved in ever shorter cells, of the arcs that come near; what these
prices prove is told by all known options. Then all tracks are tried: what no potential can rule out
comes in, and what is still owed is taken off the bound, which so holds for the library. Where
prices can do no more, all comes in that may be in a better playlist (see `playlists.closing`).
"""

from dataclasses import replace

import numpy as np

from playlists.arcs import Arcs, cells, every
from playlists.candidates import Outside, lacking, outside
from playlists.closing import DEPTH, closed, examined, part
from playlists.pool import Ints, Pool
from playlists.pricing import prices
from playlists.progress import HOPED, NARROW, ROUNDS, Progress, led, sharpened, thinned
from playlists.proof import proved
from playlists.relaxation import (
    Potentials,
    debt,
    glimpsed,
    guess,
    no_prices,
    potentials,
    sharp,
)
from playlists.reseeding import CLOSE, nearest, varied
from playlists.rules import Rules
from playlists.search import Found, beam, descend
from playlists.settings import Settings
from playlists.survey import Survey, promising, survey
from playlists.targets import Targets

FIELD = 6000  # Options that the first are chosen from, at least ...
FIELDED = 0.04  # ... of each track: that few look good anywhere.
FIRST = 500  # Options that a sieve starts from.
MORE, NEXT = 1000, 600  # Added at most, before there are prices, and by them.
LITTLE = 20  # Options that are worth new prices.
ROUGH = 5.0  # Seconds a cell: at first.
CHEAP, PLENTY = 60, 1.2  # Options looked at from each of these: so many, or times all songs.
BEGINNING = 12  # Steps towards better prices while options are few.
SHALLOW, DEEP = 2, 7  # Times that cells are cut in halves: at first, and at most.
THIN, MOST = 0.07, 0.015  # Shares of the gap, and of the charge, within which arcs tell prices ...
FAR_OFF = 3.0  # Times the bound from which a playlist is not near the best.
AGAIN, THICK = 2.0, 0.8  # ... more where they told wrong ones, up to this share of the gap.
CROWD = 400_000  # Arcs that tell better prices, at most.
NEAR = 0.12  # Gap from which others are looked at.
GROWN = 1.1  # Times as many options as before, from which prices are guessed anew.
ALL_IN = 16_000_000  # Arcs, as far as is known, up to which all that matter may come in.
BROAD = 300  # Playlists that a beam follows at once.
AROUND = 0.4  # Share of the gap that the arcs of these cost more than the potentials.
FEW, MANY = 50, 4000  # Options outside that are examined; that come in without.
MOMENTS = 5_000_000  # These times the ticks of the workout, to save memory.
AT_ONCE = 1000  # Options that are let in together.
OWING = 100  # Options that are told what they owe.
EARLY = 4  # Times that cells are cut in halves before all that matters may come in.
WORTH = 0.1  # Share of the gap that better prices must take away to be worth more.
LOSS = 0.02  # Share of the gap that is lost in halves of the cell of a pin.
BACK = 4  # Times that prices are taken back half way.
SETTLING = 4  # Times that all options are tried in a row.
LOOKS = 16  # Times that prices are bettered at most.
TRIED = 1000  # Options that a beam tries for another seed.


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
    sieve, bound = _settled(found, _begun(found))
    sieve = _descended(led(sieve, BROAD))
    order, charge = _places(sieve.known, sieve.best), sieve.least
    if seed:
        order, charge = _other(sieve, order, charge, settings, seed)
    return Found(sieve.net.task.ways.track[order], charge, bound)


def _begun(found: Survey) -> Progress:
    """Look at what is promising, with prices by a guess."""
    count = max(FIELD, int(FIELDED * len(found.tracks)))
    field, pins = promising(found, count), [track for track, _ in found.rules.pins]
    known = np.union1d(field[:FIRST], found.ways(np.array(pins, np.int64)))
    fine, task = cells(found.targets, ROUGH, float(found.length.min())), part(found, known)
    price = no_prices(found.pool)
    now = Progress(known, task, fine, *sharp(task, fine, SHALLOW, price), known[:0], np.inf)
    for many, rounds in ((MORE, BEGINNING), (NEXT, ROUNDS)):
        new = lacking(found, now.hopes, np.setdiff1d(field, now.known))[:many]
        if len(new) < LITTLE and len(now.best):
            break
        now = _guessed(now.joined(new, part(found, new)), rounds)
    return now


def _guessed(now: Progress, rounds: int) -> Progress:
    """Return prices that a guess finds, and the best playlist that it leads to."""
    price = now.hopes.price
    songs = now.task.targets.duration / now.task.ways.duration.mean()
    net = glimpsed(now.task, now.fine, price, max(CHEAP, int(PLENTY * songs)))
    now = _followed(now, net, guess(net, price), NARROW)
    price = prices(net, now.least, rounds=rounds, first=price, judge=guess)
    now = _followed(now, net, guess(net, price), BROAD if rounds == ROUNDS else NARROW)
    return sharpened(now, SHALLOW, price)


def _followed(now: Progress, net: Arcs, hopes: Potentials, width: int) -> Progress:
    """Return the best playlist that some potentials lead to, where it is better than the best."""
    order, least = beam(net, hopes, width, known=now.least)
    return replace(now, best=now.known[order], least=least) if least < now.least else now


def _settled(found: Survey, now: Progress) -> tuple[Progress, float]:
    """Look in ever shorter cells, with better prices; also return a bound for the library."""
    others, bound, share, rise, led_at, near = None, -np.inf, THIN, np.inf, SHALLOW, HOPED
    for look in range(LOOKS):
        sure, gap = -np.inf, now.least - now.hopes.bound
        stuck = rise < WORTH * gap or now.depth == DEEP
        if now.gap() < near or stuck:
            now, others, sure = _widened(found, now, others)
            bound, led_at = max(bound, sure), min(led_at, now.depth + 1)
        unled = now.depth > led_at or not look
        if unled and not _proved(now, bound) and (now.gap() < NEAR or stuck):
            last, now = now, _led(now)
            led_at = now.depth + (now.least == last.least)  # If it was in vain, not so soon again.
        near = HOPED if np.isfinite(sure) else NEAR  # Where all is known, once more at the end.
        if _proved(now, bound):
            return now, bound
        if now.gap() <= HOPED:
            continue
        if now.depth > EARLY and rise < WORTH * gap < np.inf and np.isfinite(sure):
            last, now = now, _descended(led(now, BROAD))
            won = last.least - now.least
            if not won or (won < WORTH * gap and _few(now)):
                break
        last, (now, share) = now, _bettered(now, share)
        rise = now.hopes.bound - last.hopes.bound
    if others and _few(now) and not _proved(now, bound) and (all_in := closed(found, now, others)):
        now, least = proved(all_in)
        bound = max(bound, least)
    return now, bound


def _widened(
    found: Survey, now: Progress, others: Outside | None
) -> tuple[Progress, Outside, float]:
    """Let in others, with prices from a guess again where those were of too few."""
    few = len(now.known)
    now, others, bound = _completed(found, now, others)
    if now.gap() > NEAR and len(now.known) > GROWN * few:
        price = no_prices(found.pool)
        now = _guessed(sharpened(now, SHALLOW, price), ROUNDS)
    return now, others, bound


def _few(now: Progress) -> bool:
    """Tell whether arcs are so few that all that matter may come in."""
    arcs = ALL_IN << max(now.depth - DEPTH, 0)  # They are looked at in cells of that depth.
    return now.least - now.hopes.bound < _fair(now, arcs)


def _proved(now: Progress, bound: float) -> bool:
    """Tell whether a bound is near enough, or too high for any playlist."""
    return bool(bound >= (1 - HOPED) * now.least) if np.isfinite(now.least) else bound == np.inf


def _bettered(now: Progress, share: float) -> tuple[Progress, float]:
    """Return better prices, as told in shorter cells, and the share of the gap that they need."""
    margin = _margin(now, now.hopes.bound, share)
    if now.depth == SHALLOW:
        last = sharpened(now, SHALLOW + 1, now.hopes.price, margin)
    else:
        last = thinned(now, margin) if not margin / 2 < now.margin < 2 * margin else now
    if len(last.net.cell) > CROWD:
        margin = float(np.partition(last.hopes.over, CROWD)[CROWD])
        last, share = thinned(last, margin), share * margin / max(last.margin, 1e-9)
    enough = (1 - HOPED) * now.least
    price = prices(last.net, now.least, rounds=ROUNDS, first=now.hopes.price, enough=enough)
    hoped, depth = potentials(last.net, price).bound, min(last.depth + 1, DEEP)
    if depth == last.depth and hoped - last.hopes.bound < WORTH / 2 * (now.least - hoped):
        return last, share
    lowest = last.hopes.bound - LOSS * (now.least - last.hopes.bound)
    for _ in range(BACK):
        now = sharpened(last, depth, price, _margin(last, hoped, share))
        if now.hopes.bound >= lowest:
            return now, share
        hoped, share = last.hopes.bound, min(AGAIN * share, THICK)
        price = (last.hopes.price + price) / 2
    return sharpened(last, depth, last.hopes.price, _margin(last, hoped, share)), share


def _margin(now: Progress, bound: float, share: float) -> float:
    """Return how much more than the potentials arcs cost that tell better prices."""
    least = _charge(now)
    if np.isinf(least):
        return 0.0
    return min(share * max(least - bound, least / 100), _most(now, bound), _fair(now, CROWD))


def _most(now: Progress, bound: float) -> float:
    """Return the margin beyond which arcs are in no playlist that is any good."""
    return MOST * min(_charge(now), FAR_OFF * abs(bound) + 1)


def _charge(now: Progress) -> float:
    """Return the charge of the best playlist, or what it may be where none is known."""
    return now.least if np.isfinite(now.least) else max(2 * abs(now.hopes.bound), 1.0)


def _fair(now: Progress, arcs: int) -> float:
    """Return the margin within which there are about so many arcs, if there are more now."""
    return now.margin * arcs / len(now.net.cell) if len(now.net.cell) > CROWD else np.inf


def _led(now: Progress) -> Progress:
    """Return the best playlist that a broader beam finds in longer cells."""
    gap = max(now.least - now.hopes.bound, 0.0)
    margin = min(AROUND * gap, _most(now, now.hopes.bound), _fair(now, 4 * CROWD))
    if np.isinf(now.least):  # Whatever keeps the rules is better than nothing.
        margin = max(abs(now.hopes.bound), 1.0) if np.isfinite(now.hopes.bound) else 0.0
    wide = sharpened(now, max(now.depth - 2, SHALLOW), now.hopes.price, margin)
    return _followed(now, wide.net, guess(wide.net, now.hopes.price), BROAD)


def _descended(now: Progress) -> Progress:
    """Return the best playlist that single changes of the best lead to."""
    order = _places(now.known, now.best)
    order, least = descend(now.net.task, order, nearest(now.net, now.hopes, CLOSE))
    return replace(now, best=now.known[order], least=least) if least < now.least else now


def _completed(
    found: Survey, now: Progress, others: Outside | None
) -> tuple[Progress, Outside, float]:
    """Let in what is charged less than the potentials; also return a bound for the library."""
    bound, left = -np.inf, SETTLING
    while True:
        others, left = outside(found, now.hopes, now.known, others), left - 1
        seeking = np.isinf(now.least)  # Then what comes near may do, too.
        due = others.due(found, np.inf)[:NEXT] if seeking else others.due(found)
        many = min(MANY, MOMENTS // len(found.targets.bpm))
        told = not seeking and not FEW < len(due) <= many
        new, owed = _owing(found, now, due) if told else (due, np.inf if len(due) else 0.0)
        bound = max(bound, now.hopes.bound - owed)
        if len(new):
            now = now.joined(new, part(found, new))
            margin = _margin(now, now.hopes.bound, THIN)
            now = sharpened(now, now.depth, now.hopes.price, margin)
        if not len(new) or not left or _proved(now, bound) or now.gap() > HOPED:
            return now, others, bound


def _owing(found: Survey, now: Progress, due: Ints) -> tuple[Ints, float]:
    """Return options outside that are charged less than the potentials, and what they owe."""
    new, low, none, seen = due[:0], list[Arcs](), np.zeros(len(now.hopes.on)), 0
    for some, net in examined(found, now, due, none):
        used = np.flatnonzero(np.bincount(net.option))
        low.append(net.of(used))
        new, seen = np.append(new, some[used]), seen + len(some)
        if len(new) >= AT_ONCE:
            break
    if seen < len(due) or len(new) > OWING:
        return new, np.inf
    return new, debt(low, now.hopes) if len(new) else 0.0


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
