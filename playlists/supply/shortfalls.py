"""What a library lacks for a workout, in numbers."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from playlists.bundle import Block
from playlists.playlist import Entry, Playlist, Shortfall
from playlists.pool import Ints, Pool
from playlists.settings import Settings
from playlists.supply.look import by_tempo
from playlists.supply.supplies import Supply, alike, supply
from playlists.targets import Targets
from playlists.workout import Workout

POOR = 1.0  # Rate of tempo and energy together from which a song does not suit.
NOTED = 30.0  # Seconds of poor music worth a word: less is the end of a song.
ENOUGH = 10_000  # Tracks that are counted at first: where these suffice, there is no need for all.


def shortfalls(
    workout: Workout,
    held: Pool,
    usable: Ints,
    entries: tuple[Entry, ...],
    *,
    goal: Targets,
    settings: Settings,
) -> tuple[Shortfall, ...]:
    """Return the efforts of `workout` that have too few tracks, or music that does not suit.

    Parameters
    ----------
    workout : Workout
    held : Pool
    usable : ndarray of int
        Tracks of a sensible length.
    entries : tuple of Entry
        The playlist.
    goal : Targets
    settings : Settings

    Returns
    -------
    tuple of Shortfall
        Blocks that ask for the same are counted together, under their first step.
    """
    poor, few = _poor(entries, goal), by_tempo(held, usable[:: len(usable) // ENOUGH + 1])
    missed = {
        blocks: _missed(blocks, poor, goal)
        for blocks in alike(goal.blocks)
        if _missed(blocks, poor, goal) >= NOTED or not supply(few, blocks, goal, settings).suffices
    }
    every = by_tempo(held, usable) if missed else few
    found = (
        _shortfall(workout, seconds, supply(every, blocks, goal, settings))
        for blocks, seconds in missed.items()
    )
    return tuple(sorted((each for each in found if each), key=lambda each: each.step))


def beside_pins(playlist: Playlist, goal: Targets) -> Playlist:
    """Return a playlist that lacks nothing for songs that are pinned: no library helps there."""
    poor = _poor(playlist.entries, goal)
    efforts = {blocks[0].leads[0]: blocks for blocks in alike(goal.blocks)}
    lacks = (
        replace(each, seconds=_missed(efforts[each.step], poor, goal))
        for each in playlist.shortfalls
    )
    left = (each for each in lacks if each.seconds >= NOTED or each.fitting < each.needed)
    return replace(playlist, shortfalls=tuple(left))


def _poor(entries: tuple[Entry, ...], goal: Targets) -> NDArray[np.bool_]:
    """Return for every tick whether its music does not suit unasked, or there is none."""
    times = (np.arange(len(goal.bpm)) + 0.5) * goal.tick
    poor = np.ones(len(times), dtype=bool)
    for entry in entries:
        terms = dict(entry.terms)
        during = (times >= entry.start) & (times < entry.end)
        suits = (terms["tempo"] + terms["energy"]) / entry.duration <= POOR
        poor[during] = not (suits or entry.is_pinned)
    return poor


def _missed(blocks: tuple[Block, ...], poor: NDArray[np.bool_], goal: Targets) -> float:
    """Return for how many seconds of some blocks the music does not suit."""
    times = (np.arange(len(goal.bpm)) + 0.5) * goal.tick
    during = np.any([(times >= b.start) & (times < b.end) for b in blocks], axis=0)
    return float(poor[during].sum() * goal.tick)


def _shortfall(workout: Workout, seconds: float, supply: Supply) -> Shortfall | None:
    if seconds < NOTED and supply.suffices:
        return None
    return Shortfall(
        supply.step,
        workout.steps[supply.step].name,
        seconds,
        supply.fitting,
        supply.needed,
        supply.bpm,
        supply.advice,
        supply.doubtful,
    )
