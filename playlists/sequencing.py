"""The best order of tracks for a workout.

A small library is searched whole, in ever shorter cells of time (see `playlists.progress`); for a
large one see `playlists.sieve`.
"""

import os
from collections.abc import Iterable, Sequence

import numpy as np

from playlists.arcs import cells, every
from playlists.matching import Misfit, integral, mean_until, score, score_order
from playlists.playlist import Entry, Mode, Playlist
from playlists.pool import Ints, Pool, options, pool, pool_of_rows
from playlists.pricing import prices
from playlists.problem import problem
from playlists.progress import Progress
from playlists.relaxation import no_prices, potentials
from playlists.reseeding import CLOSE, nearest, varied
from playlists.rules import FREE, Pin, Rules, impossible, pinned
from playlists.search import Found, beam, descend
from playlists.settings import Settings
from playlists.sieve import sieved
from playlists.supply.shortfalls import shortfalls
from playlists.targets import Targets, outline, targets
from playlists.thorough import thorough
from playlists.workout import Range, Workout
from tempo.rows import Rows
from tempo.timing import timed
from tempo.track import Track

FEW = 400  # Tracks up to which all are looked at closely; more are sieved first.
TINY = 100  # Tracks up to which prices are found as closely as the search looks.
ROUGH, LOOK = 5.0, 2.5  # Seconds a cell: for prices, a search.
NARROW, WIDE = 60, 5000  # Playlists that a beam follows at once, least and most.
EFFORT = 60_000  # Playlists times tracks in a beam.
ROUNDS = 30  # Steps towards better prices; the bound hardly rises after them.
SHORTEST = 1.0  # Seconds; the grid of time is no finer.


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
    found = Found(usable, np.inf, np.inf)
    if len(usable):
        search = _searched if len(usable) <= FEW else sieved
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


def _searched(
    held: Pool, usable: Ints, goal: Targets, settings: Settings, rules: Rules, seed: int
) -> Found:
    """Search a library small enough to look at every track everywhere."""
    task = problem(options(held, usable), goal, settings, rules)
    shortest = float(held.duration[usable].min())
    fine, coarse = (cells(goal, seconds, shortest) for seconds in (LOOK, ROUGH))
    net, width = every(task, fine), int(np.clip(EFFORT // len(usable), NARROW, WIDE))
    free = potentials(net, no_prices(held))
    order, least = beam(net, free, width)
    rough = every(task, coarse) if len(usable) > TINY else net
    price = prices(rough, least, rounds=ROUNDS, first=free.price)
    dear = potentials(net, price)
    order, least = min(((order, least), beam(net, dear, width)), key=lambda found: found[1])
    now = Progress(np.arange(len(task.charge)), task, fine, net, dear, order, least, closed=True)
    now, bound = thorough(now, width)
    order, least = descend(task, now.best, nearest(net, dear, CLOSE))
    order, least = varied(net, dear, order, least, settings, seed=seed, width=width)
    return Found(task.ways.track[order], least, max(free.bound, dear.bound, bound))


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
    bpm, energy = (integral(wanted, goal.tick) for wanted in (goal.bpm, goal.energy))
    for track, level, terms in zip(tracks, misfit.levels, misfit.entries, strict=True):
        end = start + track.analysis.duration
        first, last = (int(min(t / goal.tick, len(goal.bpm) - 1)) for t in (start, end))
        step = int(np.bincount(goal.step[first : last + 1]).argmax())
        span = np.array(start), np.array(end)
        entries.append(
            Entry(
                track,
                start,
                level,
                float(mean_until(bpm, goal.tick, *span)),
                float(mean_until(energy, goal.tick, *span)),
                step,
                workout.steps[step].name,
                sum(terms[name] for name in terms if name != "change") / (end - start),
                tuple(terms.items()),
            )
        )
        start = end
    return tuple(entries)
