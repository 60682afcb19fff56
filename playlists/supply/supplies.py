"""How many tracks of a library suit each effort of a workout."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from math import ceil

import numpy as np

from playlists.bundle import Block
from playlists.playlist import Correction
from playlists.pool import Floats, Ints, Pool
from playlists.settings import Range, Settings
from playlists.supply.advice import advice, doubtful
from playlists.supply.look import Ordered, by_tempo, look
from playlists.targets import Targets

MOMENTS = 5  # Looked at in each ramp: its ends can lack what its middle has.


@dataclass(frozen=True, slots=True)
class Supply:
    """How many tracks suit an effort of a workout."""

    step: int
    """The first step of that effort."""
    fitting: int
    """Tracks that fit its tempo and energy."""
    needed: int
    """Tracks that it takes: some of those that fit, or all, and others of the usual length."""
    bpm: Range
    """Tempo range that is looked for, over the whole effort."""
    advice: str
    """Where the library is thinnest, and the smallest change that would help."""
    doubtful: tuple[Correction, ...]
    """Tracks that would count if they were corrected."""

    @property
    def suffices(self) -> bool:
        """Whether as many tracks fit as it takes."""
        return self.fitting >= self.needed


def supplies(held: Pool, usable: Ints, *, goal: Targets, settings: Settings) -> tuple[Supply, ...]:
    """Return how many tracks suit each effort of a workout.

    Parameters
    ----------
    held : Pool
    usable : ndarray of int
        Tracks of a sensible length.
    goal : Targets
    settings : Settings

    Returns
    -------
    tuple of Supply
        In the order of the workout; blocks that ask for the same are one effort.
    """
    ordered = by_tempo(held, usable)
    found = (supply(ordered, blocks, goal, settings) for blocks in alike(goal.blocks))
    return tuple(sorted(found, key=lambda each: each.step))


def alike(blocks: tuple[Block, ...]) -> Iterator[tuple[Block, ...]]:
    """Yield the blocks that ask for the same together."""
    ordered = sorted(blocks, key=lambda block: (block.intensity, block.start))
    for _, group in groupby(ordered, key=lambda block: block.intensity):
        yield tuple(group)


def supply(held: Ordered, blocks: tuple[Block, ...], goal: Targets, settings: Settings) -> Supply:
    """Return how many tracks suit blocks that ask for the same."""
    times = (np.arange(len(goal.bpm)) + 0.5) * goal.tick
    length = sum(block.duration for block in blocks)
    first, end = np.searchsorted(times, [blocks[0].start, blocks[0].end])
    moments = np.unique(
        np.linspace(first, end - 1, MOMENTS if blocks[0].is_ramp else 1).astype(int)
    )
    looks = [look(held, int(moment), goal, settings) for moment in moments]
    fits = np.zeros(len(held.pool), dtype=bool)
    fits[np.concatenate([each.track[each.fits] for each in looks])] = True
    durations = held.pool.duration[fits]
    fitting, needed = len(durations), _needed(durations, length, held.usual)
    thin, moment = min(zip(looks, moments, strict=True), key=lambda found: int(found[0].fits.sum()))
    lacking = fitting < needed or not thin.fits.any()
    there = int(thin.fits.sum())
    # What a ramp lacks in all, it lacks here; with enough, it needs one for each of its moments.
    wanted = there + max(needed - fitting, 1 - there)
    if there < wanted:
        thin = look(held, int(moment), goal, settings, widely=True)
    return Supply(
        blocks[0].leads[0],
        fitting,
        needed,
        (float(goal.low[moments].min()), float(goal.high[moments].max())),
        advice(
            thin,
            wanted,
            blocks[0],
            goal.mode,
            _obstacle(durations, length),
        ),
        doubtful(held.pool, thin) if lacking else (),
    )


def _needed(durations: Floats, length: float, usual: float) -> int:
    """Return how many tracks fill an effort, all in seconds: those that fit, and usual ones."""
    heard = float(durations.sum())
    if heard < length:
        return len(durations) + ceil((length - heard) / usual)
    return ceil(length / (heard / len(durations)))


def _obstacle(durations: Floats, length: float) -> str:
    """Return what keeps enough tracks that fit from being played, in seconds, and what helps."""
    if len(durations) and durations.min() > length:
        return "too long; add shorter ones"
    return "needed elsewhere, or of the wrong length; add a few more"
