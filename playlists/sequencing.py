"""The best order of tracks for a workout.

A small library is searched whole. Of a large one, a few tracks are looked at closely; the
potentials that follow from them (see `playlists.relaxation`) say which others could do better,
and these take the place of those that cannot, until the rest is proved useless.
"""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

from playlists.candidates import Survey, promising, slack, survey, worthwhile
from playlists.matching import Misfit, missing_charge, score, score_order
from playlists.playlist import Entry, Mode, Playlist
from playlists.pool import Ints, Pool, options, pool
from playlists.relaxation import WORTH, Potentials, Problem, potentials, prices, problem
from playlists.search import beam, charges, descend
from playlists.settings import Settings
from playlists.shortfalls import shortfalls
from playlists.targets import Targets, outline, targets
from playlists.workout import Range, Workout
from tempo.timing import timed
from tempo.track import Track

FEW = 400  # Tracks up to which all are looked at closely; more are sieved first.
FIRST = 800  # Options that a sieve starts from ...
NEXT = 1500  # ... and that one exchange adds at most.
FIRST_LOOK, LOOK = 1_000_000, 4_000_000  # How closely, in edges times options.
EXCHANGES = 3  # After which hardly a track of 142,000 is left that could improve on the rest.
BEAM = 600  # Options that the beam tries.
NARROW, WIDE = 20, 5000  # Playlists that a beam follows at once, least and most.
EFFORT = 150_000  # Playlists times options in a beam: a second for 12 to 400 tracks.
ROUNDS = 20  # Steps towards better prices; the bound hardly rises after them.
CLOSE = 150  # Options tried in the last descent; those beyond would cost more than they save.


def library(tracks: Iterable[Track]) -> Pool:
    """Return the arrays that `sequence` works on, the same whatever the order of `tracks`.

    Worth keeping where several playlists are built from one library.
    """
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
) -> Playlist:
    """Return the best playlist for `workout` that `tracks` hold.

    Parameters
    ----------
    workout : Workout
    tracks : iterable of Track, or Pool
        In any order; a Pool must come from `library`.
    settings : Settings
    mode : {"async", "sync"}
        Whether tempo follows the effort or the legs follow the tempo.
    seed : int
        0 gives the best playlist that is found; any other seed another good one.
    cadence : (float, float), optional
        In sync, the cadence throughout.

    Returns
    -------
    Playlist
        Shorter than the workout where the library is too small.

    Raises
    ------
    WorkoutError
        If in sync nothing says which cadence to follow.
    """
    held = tracks if isinstance(tracks, Pool) else library(tracks)
    goal = targets(workout, settings, mode=mode, cadence=cadence)
    usable = _usable(held, workout, settings)
    found = _Found(usable, np.inf)
    if len(usable):
        search = _searched if len(usable) <= FEW else _sieved
        with timed(f"playlist sought among {len(usable):,} tracks"):
            found = search(held, usable, goal, settings, seed)
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
    usable = _usable(held, workout, settings)
    lacks = shortfalls(workout, held, usable, entries, goal=goal, settings=settings)
    return Playlist(workout, mode, 0, entries, misfit.total, 0.0, lacks, outline(goal))


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    order: Ints
    """Tracks, as indices into the pool."""
    bound: float
    """No playlist is charged less."""


def _searched(held: Pool, usable: Ints, goal: Targets, settings: Settings, seed: int) -> _Found:
    """Search a library small enough to look at every track everywhere."""
    task = problem(options(held, usable), goal, settings)
    free = potentials(task, np.zeros(len(held)))
    width = int(np.clip(EFFORT // max(len(task.charge), 1), NARROW, WIDE))
    order, least = descend(task, beam(task, free, width))
    dear = potentials(task, prices(task, least, rounds=ROUNDS, worth=WORTH // 8))
    other, charge = descend(task, beam(task, dear, width))
    if charge < least:
        order, least = other, charge
    best = max(free, dear, key=lambda hopes: hopes.bound)
    order = _varied(task, best, order, settings, seed=seed, width=width)
    return _Found(task.ways.track[order], best.bound)


def _sieved(held: Pool, usable: Ints, goal: Targets, settings: Settings, seed: int) -> _Found:
    """Search a large library; see above."""
    found = survey(held, usable, goal, settings)
    alive = np.ones(len(found.ways.track), dtype=bool)
    sieve = _sieve(found, promising(found, FIRST), alive, np.inf, settings, worth=FIRST_LOOK)
    for _ in range(EXCHANGES):
        sieve = _sieve(found, sieve.next, sieve.alive, sieve.least, settings, worth=LOOK)
        if sieve.bound == sieve.hopes.bound:  # Nothing is owed: the rest is useless.
            break
    order, _ = descend(sieve.task, sieve.order, _nearest(sieve.hopes, CLOSE))
    order = _varied(sieve.task, sieve.hopes, order, settings, seed=seed, width=NARROW)
    return _Found(sieve.task.ways.track[order], sieve.bound)


@dataclass(frozen=True, slots=True, eq=False)
class _Sieve:
    """What a close look at some options of a library found."""

    task: Problem
    hopes: Potentials
    order: Ints
    least: float
    """Charge of the best playlist so far."""
    bound: float
    """No playlist of the library that is better than `least` is charged less."""
    next: Ints
    """The options to look at next: those that may still matter most."""
    alive: NDArray[np.bool_]
    """Which options can be in a better playlist at all."""


def _sieve(
    found: Survey,
    chosen: Ints,
    alive: NDArray[np.bool_],
    least: float,
    settings: Settings,
    *,
    worth: int,
) -> _Sieve:
    task = problem(found.part(chosen), found.targets, settings)
    hopes = potentials(task, np.zeros(len(task.ways.pool)), worth=worth)
    order = beam(task, hopes, NARROW, _nearest(hopes, BEAM))
    least = min(least, float(charges(task, order[None])[0]))
    others = np.setdiff1d(worthwhile(found, hopes), chosen)
    others = others[alive[others]]
    over = slack(found, others, hopes, coarse=True)
    close = np.flatnonzero(over < 0)
    over[close] = slack(found, others[close], hopes, coarse=False)
    # No better playlist is longer than this, and none owes more than the debt for all its time.
    longest = found.targets.duration + settings.weights.missing_free
    longest += least / settings.weights.missing
    debt = float(np.max(-over / found.ways.duration[others], initial=0.0)) * longest
    bound = hopes.bound - debt
    alive = alive.copy()
    alive[chosen[hopes.slack > least - bound]] = False
    alive[others[over > least - bound]] = False
    new = others[np.argsort(over, kind="stable")[:NEXT]]
    following = np.union1d(chosen, new)
    return _Sieve(task, hopes, order, least, bound, following[alive[following]], alive)


def _varied(
    task: Problem, hopes: Potentials, order: Ints, settings: Settings, *, seed: int, width: int
) -> Ints:
    """Return `order` for seed 0; for others the best playlist without some of its tracks.

    A third of them, drawn by lot, stay out; fewer, where that costs more than `variety`.
    """
    track = task.ways.track
    lots = np.random.default_rng(seed).permutation(track[order])
    charge = float(charges(task, order[None])[0])
    # Silence is not for sale: what is missing anyway buys no variety.
    length = np.asarray(task.ways.duration[order].sum(), np.float64)
    missing = missing_charge(length, task.targets, task.weights)
    most = charge + settings.variety * (charge - float(missing))
    out = ceil(len(order) / 3) if seed else 0
    while out:
        kept = ~np.isin(track, lots[:out])
        near, close = (
            _nearest(hopes, count)[kept[_nearest(hopes, count)]] for count in (BEAM, CLOSE)
        )
        other, charge = descend(task, beam(task, hopes, width, near), close)
        if charge <= most:
            return other
        out //= 2
    return order


def _nearest(hopes: Potentials, count: int) -> Ints:
    """Return the options that come nearest to the bound."""
    return np.sort(np.argsort(hopes.slack, kind="stable")[:count])


def _usable(held: Pool, workout: Workout, settings: Settings) -> Ints:
    """Return the tracks of a sensible length, or all where those cannot fill the workout."""
    sensible = (held.duration >= settings.shortest_track) & (
        held.duration <= settings.longest_track
    )
    if held.duration[sensible].sum() < workout.duration:
        sensible = held.duration >= settings.shortest_track / 3
    return np.flatnonzero(sensible)


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
