"""The best order of tracks for a workout.

A small library is searched whole. Of a large one, a few tracks are looked at closely; the
potentials that follow from them (see `playlists.relaxation`) say which others could do better,
and these take the place of those that cannot. At last all tracks are tried: what no potential
can rule out comes in, and the bound holds for the whole library.
"""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import NamedTuple

import numpy as np

from playlists.candidates import Outside, Survey, nearby, outside, promising, survey
from playlists.matching import Misfit, missing_charge, score, score_order
from playlists.playlist import Entry, Mode, Playlist
from playlists.pool import Ints, Pool, options, pool, pool_of_rows
from playlists.relaxation import (
    Cells,
    Potentials,
    cells,
    no_prices,
    potentials,
    prices,
    problem,
    risen,
)
from playlists.rules import FREE, Pin, Rules, impossible, pinned
from playlists.search import beam, descend
from playlists.settings import Settings
from playlists.shortfalls import shortfalls
from playlists.targets import Targets, outline, targets
from playlists.workout import Range, Workout
from tempo.rows import Rows
from tempo.timing import timed
from tempo.track import Track

FEW = 400  # Tracks up to which all are looked at closely; more are sieved first.
TINY = 100  # Tracks up to which prices are found as closely as the search looks.
FIELD = 10_000  # Options that the first exchanges choose from.
FIRST = 500  # Options that a sieve starts from ...
NEXT = 350  # ... and that one exchange adds at most.
KEPT = 350  # Options that one exchange takes over from the last.
ROUGH, LOOK, CLOSE_LOOK = 5.0, 2.5, 1.0  # Seconds a cell: for prices, a search, a last bound.
NARROW, WIDE = 60, 5000  # Playlists that a beam follows at once, least and most.
TRIED = 1000  # Options that a beam tries in a large library.
LAST = 120  # Those that it follows at last in a large library.
EFFORT = 60_000  # Playlists times tracks in a beam.
ROUNDS = 30  # Steps towards better prices; the bound hardly rises after them.
CLOSE = 150  # Options tried in the last descent; those beyond would cost more than they save.
RATES = 500  # Rates tried at which options outside pay what they owe.
SHORTEST = 1.0  # Seconds; the grid of time is no finer.


class Look(NamedTuple):
    """How closely one exchange looks."""

    above: float
    """Share of the misfit that is not proved from which it is worth the time."""
    seconds: float
    """Length of a cell."""
    examined: int
    """Options outside that are looked at exactly."""
    rounds: int
    """Steps towards better prices."""


LOOKS = (
    Look(0.0, 5.0, 500, 6),
    Look(0.0, 2.5, 800, 10),
    Look(0.02, 2.5, 1000, 20),
    Look(0.05, 1.0, 1000, 25),
)
EXAMINED = 6_000_000  # Cells times options outside that are looked at exactly at last, where ...
MARGIN = (0.0005, 0.01)  # ... they come so near to the potentials, as a share of the misfit ...
WANTED = 0.012  # ... for a gap like this. The nearer, the fewer: proofs cost more than songs gain.
REACH = 0.06  # Share of the misfit by which options may stay outside and still be tried again.
OWED = 0.25  # Share of the margin that a bound may lack for options that nobody has looked at.
SETTLING = 3  # Times that all options are tried at last, until none is charged less.


def library(tracks: Iterable[Track]) -> Pool:
    """Return the arrays that `sequence` works on, the same whatever the order of `tracks`.

    Worth keeping where several playlists are built from one library.
    """
    if isinstance(tracks, Rows):
        return pool_of_rows(tracks.by_place())
    by_place = {os.fsencode(track.location): track for track in tracks}
    return pool([by_place[place] for place in sorted(by_place)])


def sequence(
    workout: Workout,
    tracks: Iterable[Track] | Pool,
    *,
    settings: Settings,
    mode: Mode = "async",
    seed: int = 0,
    cadence: Range | None = None,
    pins: Iterable[Pin] = (),
    max_per_artist: int | None = None,
    no_repeat_artist: int = 0,
) -> Playlist:
    """Return the best playlist for `workout` that `tracks` hold.

    Parameters
    ----------
    workout : Workout
    tracks : iterable of Track, or Pool
        In any order; a Pool must come from `library`. Its `group` and `extra` may be replaced:
        versions of a song of which one at most is wanted, and tracks that are not wanted now.
    settings : Settings
    mode : {"async", "sync"}
        Whether tempo follows the effort or the legs follow the tempo.
    seed : int
        0 gives the best playlist that is found; any other seed another good one.
    cadence : (float, float), optional
        In sync, the cadence throughout.
    pins : iterable of Pin
        Tracks that must be playing at a moment.
    max_per_artist : int, optional
        Most songs of one artist.
    no_repeat_artist : int
        Songs that must lie between two of one artist.

    Returns
    -------
    Playlist
        Shorter than the workout where the library is too small, or too few songs keep the rules.

    Raises
    ------
    WorkoutError
        If in sync nothing says which cadence to follow.
    PlaylistError
        If no playlist has these pins.
    """
    held = tracks if isinstance(tracks, Pool) else library(tracks)
    goal, pins = targets(workout, settings, mode=mode, cadence=cadence), tuple(pins)
    rules = Rules(pinned(pins, held, workout.duration), max_per_artist, no_repeat_artist)
    usable = _usable(held, workout, settings, rules)
    found = _Found(usable, np.inf, np.inf)
    if len(usable):
        search = _searched if len(usable) <= FEW else _sieved
        with timed(f"playlist sought among {len(usable):,} tracks"):
            found = search(held, usable, goal, settings, rules, seed)
    if pins and np.isinf(found.charge):
        raise impossible(pins)
    misfit = score_order(held, found.order, goal, settings)
    entries = _entries(workout, [held.tracks[i] for i in found.order], misfit, goal)
    return Playlist(
        workout,
        mode,
        seed,
        entries,
        misfit.total,
        max(min(found.bound / workout.duration, misfit.total), 0.0),
        shortfalls(workout, held, usable, entries, goal=goal, settings=settings),
        outline(goal),
    )


def arranged(
    workout: Workout,
    chosen: Sequence[Track],
    tracks: Iterable[Track],
    *,
    settings: Settings,
    mode: Mode = "async",
    cadence: Range | None = None,
) -> Playlist:
    """Return `chosen`, in this order, as a playlist for `workout`.

    Parameters
    ----------
    workout : Workout
    chosen : sequence of Track
    tracks : iterable of Track
        What there was to choose from.
    settings : Settings
    mode : {"async", "sync"}
    cadence : (float, float), optional
        As for `sequence`.

    Returns
    -------
    Playlist
        Nothing better was looked for, so its bound is 0.
    """
    held = library(tracks)
    goal = targets(workout, settings, mode=mode, cadence=cadence)
    misfit = score(chosen, goal, settings)
    entries = _entries(workout, chosen, misfit, goal)
    usable = _usable(held, workout, settings, FREE)
    lacks = shortfalls(workout, held, usable, entries, goal=goal, settings=settings)
    return Playlist(workout, mode, 0, entries, misfit.total, 0.0, lacks, outline(goal))


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    order: Ints
    """Tracks, as indices into the pool."""
    charge: float
    bound: float
    """No playlist is charged less."""


def _searched(
    held: Pool, usable: Ints, goal: Targets, settings: Settings, rules: Rules, seed: int
) -> _Found:
    """Search a library small enough to look at every track everywhere."""
    task = problem(options(held, usable), goal, settings, rules)
    grid, width = cells(task, LOOK), int(np.clip(EFFORT // len(usable), NARROW, WIDE))
    free = potentials(grid, no_prices(held))
    order, least = beam(grid, free, width)
    rough = cells(task, ROUGH) if len(usable) > TINY else grid
    price = prices(rough, least, rounds=ROUNDS, first=free.price)
    dear = potentials(grid, price)
    order, least = min(((order, least), beam(grid, dear, width)), key=lambda found: found[1])
    order, least = descend(task, order, _nearest(dear, CLOSE))
    order, least = _varied(grid, dear, order, least, settings, seed=seed, width=width)
    return _Found(task.ways.track[order], least, max(free.bound, dear.bound))


def _sieved(
    held: Pool, usable: Ints, goal: Targets, settings: Settings, rules: Rules, seed: int
) -> _Found:
    """Search a large library; see above."""
    found = survey(held, usable, goal, settings, rules)
    wanted = np.flatnonzero(np.isin(found.ways.track, [track for track, _ in rules.pins]))
    field = promising(found, FIELD)
    sieve = _first(found, np.union1d(field[:FIRST], wanted))
    for look in LOOKS:
        if sieve.least - sieve.hopes.bound > look.above * sieve.least:
            near, _ = outside(found, sieve.hopes, sieve.known, among=field, examined=look.examined)
            sieve = _looked(found, sieve, near, wanted, look)
    sieve, bound = _settled(found, sieve)
    task, order = sieve.grid.task, np.searchsorted(sieve.known, sieve.best)
    order, charge = descend(task, order, _nearest(sieve.hopes, CLOSE))
    order, charge = _varied(
        sieve.grid, sieve.hopes, order, charge, settings, seed=seed, width=NARROW
    )
    return _Found(task.ways.track[order], charge, bound)


@dataclass(frozen=True, slots=True, eq=False)
class _Sieve:
    """What a close look at some options of a library found."""

    known: Ints
    """The options, as indices into the survey."""
    grid: Cells
    hopes: Potentials
    best: Ints
    """Options of the best playlist so far, all of them known."""
    least: float
    """Its charge."""


def _first(found: Survey, known: Ints) -> _Sieve:
    grid = _grid(found, known, LOOKS[0].seconds)
    hopes = potentials(grid, no_prices(found.ways.pool))
    order, least = beam(grid, hopes, NARROW)
    return _Sieve(known, grid, hopes, known[order], least)


def _looked(found: Survey, last: _Sieve, near: Outside, wanted: Ints, look: Look) -> _Sieve:
    """Look at the options that matter most, and at the best of those outside."""
    new = near.option[near.order(len(last.hopes.on))[:NEXT]]
    kept = np.union1d(last.known[_nearest(last.hopes, KEPT)], wanted)
    known = np.union1d(np.union1d(kept, last.best), new)
    grid = _grid(found, known, look.seconds)
    price = prices(grid, last.least, rounds=look.rounds, first=last.hopes.price)
    return _best(last, known, grid, potentials(grid, price), width=NARROW)


def _settled(found: Survey, sieve: _Sieve) -> tuple[_Sieve, float]:
    """Look at all that comes near, and return what no playlist of the library is charged less."""
    bound, first, reach = -np.inf, sieve.hopes, REACH * sieve.least
    every = nearby(found, first, margin=reach)
    for _ in range(SETTLING):
        hopes, margin = sieve.hopes, _margin(sieve)
        if risen(first, hopes) > reach - margin:
            first, every = hopes, nearby(found, hopes, margin=reach)
        some = np.sort(every.below(margin + risen(first, hopes)).option)
        few = EXAMINED // len(hopes.on)
        near, far = outside(found, hopes, sieve.known, among=some, examined=few, margin=margin)
        owing = near.joined(far).below(0.0)
        bound = max(bound, hopes.bound - _debt(found, owing))
        # A playlist with an option that stays out is charged at least so much beyond the bound.
        apart = margin * (not len(far.option))
        near_known = np.union1d(sieve.known, near.option)
        if len(owing.option):
            floor = hopes.bound + float(owing.slack.sum()) + apart
            grid = _grid(found, near_known, hopes.step)
            sieve = replace(sieve, known=near_known, grid=grid, hopes=potentials(grid, hopes.price))
            bound = max(bound, min(sieve.hopes.bound, floor))
            apart -= risen(hopes, sieve.hopes)
        if apart >= (1 - OWED) * margin:
            floor = sieve.hopes.bound + apart
            known = np.union1d(_within(found, sieve, margin), near.option)
            grid = _grid(found, known, CLOSE_LOOK)
            sieve = _best(sieve, known, grid, potentials(grid, hopes.price), width=LAST)
            bound = max(bound, min(sieve.hopes.bound, floor))
            break
    return sieve, bound


def _margin(sieve: _Sieve) -> float:
    """Return how near options must come to be looked at: as much as the proof of `WANTED` needs."""
    lacking = (1 - WANTED) * sieve.least - sieve.hopes.bound
    return float(np.clip(lacking, MARGIN[0] * sieve.least, MARGIN[1] * sieve.least))


def _within(found: Survey, sieve: _Sieve, margin: float) -> Ints:
    """Return the known options that come so near, those of the best playlist and pinned ones."""
    wanted = [track for track, _ in found.rules.pins]
    kept = (sieve.hopes.slack < margin) | np.isin(found.ways.track[sieve.known], wanted)
    return np.union1d(sieve.known[kept], sieve.best)


def _grid(found: Survey, known: Ints, seconds: float) -> Cells:
    return cells(problem(found.part(known), found.targets, found.settings, found.rules), seconds)


def _best(last: _Sieve, known: Ints, grid: Cells, hopes: Potentials, *, width: int) -> _Sieve:
    near = _nearest(hopes, TRIED)
    order, least = beam(grid if len(near) == len(known) else grid.part(near), hopes, width)
    if least < last.least:
        return _Sieve(known, grid, hopes, known[near[order]], least)
    return _Sieve(known, grid, hopes, last.best, last.least)


def _debt(found: Survey, others: Outside) -> float:
    """Return by how much the potentials are too high for options of negative slack, at most.

    Each of them is used once at most, and so owes its own, or all potentials sink by some rate
    for all the time that a playlist lasts, and each owes what is left; the best rate of those
    that pay one of them off.
    """
    longest = found.targets.duration + found.settings.weights.missing_free + found.longest
    length, over = found.ways.duration[others.option], others.slack
    rate = np.sort(np.append(-over / length, 0.0))[-RATES:, None]
    owed = np.maximum(-over - rate * length, 0).sum(axis=1)
    return float((rate[:, 0] * longest + owed).min())


def _varied(
    grid: Cells,
    hopes: Potentials,
    order: Ints,
    charge: float,
    settings: Settings,
    *,
    seed: int,
    width: int,
) -> tuple[Ints, float]:
    """Return `order` and its charge for seed 0; for others the best without some of its tracks.

    A third of them, drawn by lot, stay out; fewer, where that costs more than `variety`.
    """
    task = grid.task
    pinned_groups = task.ways.pool.group[[track for track, _ in task.rules.pins]]
    lots = np.random.default_rng(seed).permutation(task.ways.group[order])
    lots = lots[~np.isin(lots, pinned_groups)]
    # Silence is not for sale: what is missing anyway buys no variety.
    length = np.asarray(task.ways.duration[order].sum(), np.float64)
    missing = missing_charge(length, task.targets, task.weights)
    most = charge + settings.variety * (charge - float(missing))
    out = ceil(len(lots) / 3) if seed else 0
    while out:
        price = hopes.price.copy()
        price[lots[:out]] = np.inf
        other, _ = beam(grid, replace(hopes, price=price), width)
        near = _nearest(hopes, CLOSE)
        other, found = descend(task, other, near[np.isfinite(price[task.ways.group[near]])])
        if found <= most:
            return other, found
        out //= 2
    return order, charge


def _nearest(hopes: Potentials, count: int) -> Ints:
    """Return the options that come nearest to the bound."""
    return np.sort(np.argsort(hopes.slack, kind="stable")[:count])


def _usable(held: Pool, workout: Workout, settings: Settings, rules: Rules) -> Ints:
    """Return the tracks of a sensible length, or all where those cannot fill the workout.

    Those that are pinned are usable whatever their length, other versions of them are not.
    """
    sensible = (held.duration >= settings.shortest_track) & (
        held.duration <= settings.longest_track
    )
    if held.duration[sensible].sum() < workout.duration:
        sensible = held.duration >= settings.shortest_track / 3
    wanted = [track for track, _ in rules.pins]
    sensible &= ~np.isin(held.group, held.group[wanted])
    sensible[wanted] = True
    return np.flatnonzero(sensible & (held.duration >= SHORTEST))


def _entries(
    workout: Workout, tracks: Sequence[Track], misfit: Misfit, goal: Targets
) -> tuple[Entry, ...]:
    entries, start = [], 0.0
    for track, level, terms in zip(tracks, misfit.levels, misfit.entries, strict=True):
        end = start + track.analysis.duration
        first, last = (int(min(t / goal.tick, len(goal.bpm) - 1)) for t in (start, end))
        during = slice(first, last + 1)
        step = int(np.bincount(goal.step[during]).argmax())
        entries.append(
            Entry(
                track,
                start,
                level,
                float(goal.bpm[during].mean()),
                float(goal.energy[during].mean()),
                step,
                workout.steps[step].name,
                sum(terms[name] for name in terms if name != "change") / (end - start),
                tuple(terms.items()),
            )
        )
        start = end
    return tuple(entries)
