"""What a library has for one moment of a workout."""

from dataclasses import dataclass, replace
from math import log

import numpy as np
from numpy.typing import NDArray

from playlists.matching import FAR, energy_rate, tempo_rate
from playlists.pool import LEVELS, Floats, Ints, Pool
from playlists.settings import Settings
from playlists.targets import SONG, Targets

FITS = 0.4  # Rate up to which tempo fits, and energy: "good", at the edge of its range.
HEARD = 0.5  # Salience, relative to the best, from which people count at a level.
WIDEST = 0.1  # A range widened by more is another effort, a cadence another stride.


@dataclass(frozen=True, slots=True, eq=False)
class Ordered:
    """The usable tracks of a pool by tempo, those without a beat last."""

    pool: Pool
    track: Ints
    log_bpm: Floats
    usual: float
    """Seconds of a track, the median; of published ones, where there are none."""

    def between(self, low: float, high: float, counted: NDArray[np.bool_]) -> Ints:
        """Return the tracks with a level that is `counted`, shape (n, 3), from `low` to `high`."""
        found = np.zeros(len(self.pool), dtype=bool)
        for level, shift in enumerate(np.log(LEVELS).tolist()):
            first, end = np.searchsorted(self.log_bpm, [low - shift, high - shift])
            some = self.track[first:end]
            found[some] |= counted[some, level]
        return np.flatnonzero(found)


def by_tempo(held: Pool, usable: Ints) -> Ordered:
    """Return the usable tracks of a pool in the order of their tempo."""
    track = usable[np.argsort(held.log_bpm[usable], kind="stable")]
    usual = float(np.median(held.duration[usable])) if len(usable) else SONG
    return Ordered(held, track, held.log_bpm[track], usual)


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What the library has for one moment; arrays have one value a track."""

    bpm: tuple[float, float]
    track: Ints
    """Those whose tempo is near enough to be looked at, in the order of the pool."""
    apart: Floats
    """Log distance from the tempo that is wanted, at the level that people hear."""
    log_bpm: Floats
    """Logarithm of the tempo at that level."""
    moody: NDArray[np.bool_]
    """Whether it has the energy."""
    other: Floats
    """What the tempo would have to be multiplied by to fit, at a level nobody hears; else 0."""

    @property
    def fits(self) -> NDArray[np.bool_]:
        """Whether tempo and energy fit."""
        return np.asarray(self.moody & (self.apart == 0))


def look(
    held: Ordered, tick: int, goal: Targets, settings: Settings, *, widely: bool = False
) -> Look:
    """Return what fits a moment; if `widely`, also what nearly does, or at a level unheard."""
    tiers = settings.tiers_sync if goal.mode == "sync" else settings.tiers_async
    low, high = log(goal.low[tick]), log(goal.high[tick])
    # Tempo is counted so where people hear that level, or follow it in sync.
    heard = (goal.mode == "sync") | (held.pool.heard >= HEARD)
    # A look at all tracks of a large library would take longer than to find the playlist.
    margin = tiers.poor + FITS / FAR + WIDEST * widely
    pool, track = held.pool, held.between(low - margin, high + margin, heard | widely)
    moment = _moment(goal, tick)
    moody = energy_rate(pool.energy[track, None], moment, settings.weights)[:, 0] <= FITS
    if not widely:
        track, moody = track[moody], moody[moody]
    heard, log_bpm = heard[track], pool.log_bpm[track, None] + np.log(LEVELS)
    rates = tempo_rate(log_bpm[..., None], moment, settings)[..., 0]
    outside = np.maximum(np.maximum(low - log_bpm, log_bpm - high), 0)
    outside = np.where(rates <= FITS, 0.0, outside)
    near = np.where(heard, outside, np.inf).argmin(axis=1)[:, None]
    apart = np.take_along_axis(outside, near, axis=1)[:, 0]
    unheard = np.where(heard, np.inf, outside)
    other = np.where(unheard.min(axis=1) == 0, np.array(LEVELS)[unheard.argmin(axis=1)], 0.0)
    return Look(
        (float(goal.low[tick]), float(goal.high[tick])),
        track,
        apart,
        np.take_along_axis(log_bpm, near, axis=1)[:, 0],
        moody,
        np.where(apart > 0, other, 0.0),
    )


def _moment(goal: Targets, tick: int) -> Targets:
    """Return the targets of one tick alone."""
    one = slice(tick, tick + 1)
    return replace(
        goal,
        low=goal.low[one],
        bpm=goal.bpm[one],
        high=goal.high[one],
        energy_low=goal.energy_low[one],
        energy_high=goal.energy_high[one],
        build=goal.build[one],
        step=goal.step[one],
    )
