"""The best order of tracks for a workout.

A small library is searched whole. Of a large one, a few tracks are looked at closely; the
potentials that follow from them (see `playlists.relaxation`) say which others could do better,
and these take the place of those that cannot, until the rest is proved useless.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from playlists.candidates import Survey, promising, slack, survey, worthwhile
from playlists.matching import Misfit, score_order
from playlists.playlist import Entry, Mode, Playlist
from playlists.pool import Ints, Pool, options, pool
from playlists.relaxation import WORTH, Potentials, Problem, potentials, prices, problem
from playlists.search import beam, charges, descend
from playlists.settings import Settings
from playlists.shortfalls import shortfalls
from playlists.targets import Targets, targets
from playlists.workout import Range, Workout
from tempo.track import Track

FEW = 400  # Tracks up to which all are looked at closely; more are sieved first.
FIRST = 800  # Options that a sieve starts from ...
NEXT = 1500  # ... and that one exchange adds at most.
FIRST_LOOK, LOOK = 1_000_000, 4_000_000  # How closely, in edges times options.
EXCHANGES = 2  # After which hardly a track of 142,000 is left that could improve on the rest.
BEAM = 600  # Options that the beam tries.
NARROW, WIDE = 20, 5000  # Playlists that a beam follows at once, least and most.
EFFORT = 600_000  # Playlists times options in a beam: about a second for 12 to 400 tracks.
ROUNDS = 40  # Steps towards better prices; the bound hardly rises after them.
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
        found = search(held, usable, goal, settings, seed)
    misfit = score_order(held, found.order, goal, settings)
    entries = _entries(workout, held, found.order, misfit, goal)
    return Playlist(
        workout,
        mode,
        seed,
        entries,
        misfit.total,
        max(min(found.bound / workout.duration, misfit.total), 0.0),
        shortfalls(workout, held, usable, entries, goal=goal, settings=settings),
    )


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
    sieve = _sieve(found, promising(found, FIRST), np.inf, settings, worth=FIRST_LOOK)
    for _ in range(EXCHANGES):
        sieve = _sieve(found, sieve.next, sieve.least, settings, worth=LOOK)
    order, _ = descend(sieve.task, sieve.order, _nearest(sieve.hopes, CLOSE))
    order = _varied(sieve.task, sieve.hopes, order, settings, seed=seed, width=NARROW)
    # No better playlist is longer than this, and none owes more than the debt for all its time.
    weights = settings.weights
    longest = goal.duration + weights.missing_free + sieve.least / weights.missing
    return _Found(sieve.task.ways.track[order], sieve.hopes.bound - sieve.debt * longest)


@dataclass(frozen=True, slots=True, eq=False)
class _Sieve:
    """What a close look at some options of a library found."""

    task: Problem
    hopes: Potentials
    order: Ints
    least: float
    """Charge of the best playlist so far."""
    next: Ints
    """The options to look at next: those that may still matter."""
    debt: float
    """By how much a second the potentials are too high for the library as a whole."""


def _sieve(found: Survey, chosen: Ints, least: float, settings: Settings, *, worth: int) -> _Sieve:
    task = problem(found.part(chosen), found.targets, settings)
    hopes = potentials(task, np.zeros(len(task.ways.pool)), worth=worth)
    order = beam(task, hopes, NARROW, _nearest(hopes, BEAM))
    least = min(least, float(charges(task, order[None])[0]))
    following, debt = _exchanged(found, chosen, hopes, least - hopes.bound)
    return _Sieve(task, hopes, order, least, following, debt)


def _exchanged(found: Survey, chosen: Ints, hopes: Potentials, budget: float) -> tuple[Ints, float]:
    """Return the options that matter under `hopes`, and by how much a second these are too high.

    What costs more than `budget` beyond the bound cannot be in a better playlist.
    """
    others = np.setdiff1d(worthwhile(found, hopes), chosen)
    over = slack(found, others, hopes, coarse=True)
    close = np.flatnonzero(over < 0)
    over[close] = slack(found, others[close], hopes, coarse=False)
    debt = float(np.max(-over / found.ways.duration[others], initial=0.0))
    new = others[np.argsort(over, kind="stable")[:NEXT]]
    new = new[np.sort(over)[:NEXT] <= budget]
    return np.union1d(chosen[hopes.slack <= budget], new), debt


def _varied(
    task: Problem, hopes: Potentials, order: Ints, settings: Settings, *, seed: int, width: int
) -> Ints:
    """Return `order` for seed 0; for others the playlist that a dice for every track makes best.

    The dice cannot cost more than `variety` of the misfit, even if they hit all of the best
    playlist's tracks and none of the others.
    """
    if not seed or not len(order):
        return order
    most = settings.variety * float(charges(task, order[None])[0]) / len(order)
    dice = np.random.default_rng(seed).uniform(0, most, len(task.ways.pool))
    shaken = replace(task, charge=task.charge + dice[task.ways.track])
    near = _nearest(hopes, BEAM)
    return descend(shaken, beam(shaken, hopes, width, near), _nearest(hopes, CLOSE))[0]


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
    workout: Workout, held: Pool, order: Ints, misfit: Misfit, goal: Targets
) -> tuple[Entry, ...]:
    entries, start = [], 0.0
    for i, level, terms in zip(order.tolist(), misfit.levels, misfit.entries, strict=True):
        track = held.tracks[i]
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
