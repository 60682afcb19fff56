"""The best order of tracks for a workout."""

import os
from collections.abc import Iterable

import numpy as np

from playlists.matching import Misfit, score_order
from playlists.playlist import Entry, Mode, Playlist
from playlists.pool import Ints, Pool, options, pool
from playlists.relaxation import potentials, problem
from playlists.search import beam, descend
from playlists.settings import Settings
from playlists.targets import Targets, targets
from playlists.workout import Range, Workout
from tempo.track import Track

BEAM = 300


def library(tracks: Iterable[Track]) -> Pool:
    """Return the arrays that `sequence` works on, the same whatever the order of `tracks`.

    Worth keeping where several playlists are built from one library.
    """
    by_path = {os.fsencode(track.path): track for track in tracks}
    return pool([by_path[path] for path in sorted(by_path)])


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
        Shorter than the workout where the library is too small; see its `shortfalls`.

    Raises
    ------
    WorkoutError
        If in sync nothing says which cadence to follow.
    """
    held = tracks if isinstance(tracks, Pool) else library(tracks)
    goal = targets(workout, settings, mode=mode, cadence=cadence)
    task = problem(options(held, _usable(held, workout, settings)), goal, settings)
    hopes = potentials(task, np.zeros(len(held)), certified=True)
    found, _ = descend(task, beam(task, hopes, BEAM, seed))
    order = task.ways.track[found]
    misfit = score_order(held, order, goal, settings)
    return Playlist(
        workout,
        mode,
        seed,
        _entries(workout, held, order, misfit, goal),
        misfit.total,
        max(min(hopes.bound(task) / workout.duration, misfit.total), 0.0),
    )


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
        duration = track.analysis.duration
        first, last = (
            int(min(t / goal.tick, len(goal.bpm) - 1)) for t in (start, start + duration)
        )
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
                sum(terms.values()) / duration,
                tuple(terms.items()),
            )
        )
        start += duration
    return tuple(entries)
