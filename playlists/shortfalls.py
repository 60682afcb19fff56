"""What a library lacks for a workout, in numbers."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby, islice
from math import ceil, exp, log

import numpy as np
from numpy.typing import NDArray

from playlists.blocks import Block
from playlists.matching import FAR, energy_rate, tempo_rate
from playlists.playlist import Correction, Entry, Shortfall
from playlists.pool import LEVELS, Floats, Ints, Pool
from playlists.settings import Range, Settings
from playlists.targets import SONG, Targets
from playlists.workout import Workout

POOR = 1.0  # Rate of tempo and energy together from which a song does not suit.
FITS = 0.4  # Rate up to which tempo fits, and energy: "good", at the edge of its range.
HEARD = 0.5  # Salience, relative to the best, from which people count at a level.
NOTED = 30.0  # Seconds of poor music worth a word: less is the end of a song.
WIDEST = 0.1  # A range widened by more is another effort, a cadence another stride.
MOMENTS = 5  # Looked at in each ramp: its ends can lack what its middle has.
BROAD = 6.0  # BPM; the thirds of a narrower range sound alike.
ENOUGH = 10_000  # Tracks that are counted at first: where these suffice, there is no need for all.
NAMED = 10  # Doubtful tracks that are named; nobody corrects more at once.


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
    poor, few = _poor(entries, goal), _sorted(held, usable[:: len(usable) // ENOUGH + 1])
    missed = {
        blocks: _missed(blocks, poor, goal)
        for blocks in _alike(goal.blocks)
        if _missed(blocks, poor, goal) >= NOTED or not _supply(few, blocks, goal, settings).suffices
    }
    every = _sorted(held, usable) if missed else few
    found = (
        _shortfall(workout, seconds, _supply(every, blocks, goal, settings))
        for blocks, seconds in missed.items()
    )
    return tuple(sorted((each for each in found if each), key=lambda each: each.step))


@dataclass(frozen=True, slots=True)
class Supply:
    """How many tracks suit an effort of a workout."""

    step: int
    """The first step of that effort."""
    fitting: int
    """Tracks that fit its tempo and energy."""
    needed: int
    """Tracks of usual length that it takes."""
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
    """Return how many tracks suit each effort of a workout; parameters as above."""
    ordered = _sorted(held, usable)
    found = (_supply(ordered, blocks, goal, settings) for blocks in _alike(goal.blocks))
    return tuple(sorted(found, key=lambda each: each.step))


def _alike(blocks: tuple[Block, ...]) -> Iterator[tuple[Block, ...]]:
    """Yield the blocks that ask for the same together."""
    ordered = sorted(blocks, key=lambda block: (block.intensity, block.start))
    for _, group in groupby(ordered, key=lambda block: block.intensity):
        yield tuple(group)


def _poor(entries: tuple[Entry, ...], goal: Targets) -> NDArray[np.bool_]:
    """Return for every tick whether its music does not suit, or there is none."""
    times = (np.arange(len(goal.bpm)) + 0.5) * goal.tick
    poor = np.ones(len(times), dtype=bool)
    for entry in entries:
        terms = dict(entry.terms)
        during = (times >= entry.start) & (times < entry.end)
        poor[during] = (terms["tempo"] + terms["energy"]) / entry.duration > POOR
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


@dataclass(frozen=True, slots=True, eq=False)
class _Sorted:
    """The usable tracks of a pool by tempo, those without a beat last."""

    pool: Pool
    track: Ints
    log_bpm: Floats

    def between(self, low: float, high: float, counted: NDArray[np.bool_]) -> Ints:
        """Return the tracks with a level that is `counted`, shape (n, 3), from `low` to `high`."""
        found = np.zeros(len(self.pool), dtype=bool)
        for level, shift in enumerate(np.log(LEVELS).tolist()):
            first, end = np.searchsorted(self.log_bpm, [low - shift, high - shift])
            some = self.track[first:end]
            found[some] |= counted[some, level]
        return np.flatnonzero(found)


def _sorted(held: Pool, usable: Ints) -> _Sorted:
    track = usable[np.argsort(held.log_bpm[usable], kind="stable")]
    return _Sorted(held, track, held.log_bpm[track])


def _supply(held: _Sorted, blocks: tuple[Block, ...], goal: Targets, settings: Settings) -> Supply:
    times = (np.arange(len(goal.bpm)) + 0.5) * goal.tick
    needed = ceil(sum(block.duration for block in blocks) / SONG)
    is_ramp = blocks[0].intensity[0] != blocks[0].intensity[1]
    first, end = np.searchsorted(times, [blocks[0].start, blocks[0].end])
    moments = np.unique(np.linspace(first, end - 1, MOMENTS if is_ramp else 1).astype(int))
    looks = [_look(held, int(moment), goal, settings) for moment in moments]
    fits = np.zeros(len(held.pool), dtype=bool)
    fits[np.concatenate([look.track[look.fits] for look in looks])] = True
    fitting = int(fits.sum())
    thin, moment = min(zip(looks, moments, strict=True), key=lambda found: int(found[0].fits.sum()))
    lacking = fitting < needed or not thin.fits.any()
    # A ramp with enough tracks in all needs one for each of its moments.
    wanted = 1 if is_ramp and fitting >= needed else needed
    if int(thin.fits.sum()) < wanted:
        thin = _look(held, int(moment), goal, settings, widely=True)
    return Supply(
        blocks[0].first,
        fitting,
        needed,
        (float(goal.low[moments].min()), float(goal.high[moments].max())),
        _advice(thin, wanted, "where it is thinnest, at " * is_ramp),
        _doubtful(held.pool, thin) if lacking else (),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Look:
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


def _look(
    held: _Sorted, tick: int, goal: Targets, settings: Settings, *, widely: bool = False
) -> _Look:
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
    return _Look(
        (float(goal.low[tick]), float(goal.high[tick])),
        track,
        apart,
        np.take_along_axis(log_bpm, near, axis=1)[:, 0],
        moody,
        np.where(apart > 0, other, 0.0),
    )


def _doubtful(held: Pool, look: _Look) -> tuple[Correction, ...]:
    """Return tracks of doubtful tempo that would fit if it were corrected, least sure first."""
    may = np.flatnonzero((look.other > 0) & look.moody)
    may = may[np.argsort(held.confidence[look.track[may]], kind="stable")]
    found = (
        Correction(track, float(look.other[i]))
        for i in may
        if (track := held.tracks[look.track[i]]).is_doubtful
    )
    return tuple(islice(found, NAMED))


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


def _advice(look: _Look, needed: int, where: str) -> str:
    low, high = look.bpm
    tempo = where + (
        f"{low:.0f} to {high:.0f} BPM" if f"{high:.0f}" > f"{low:.0f}" else f"{low:.0f} BPM"
    )
    missing = needed - int(look.fits.sum())
    if int((look.apart == 0).sum()) >= needed > needed - missing:
        return f"{tempo}: enough tracks have the tempo; what lacks is the energy of the effort"
    if missing <= 0:
        return f"{tempo}: the tracks that fit are needed elsewhere; add a few more"
    near = np.sort(look.apart[look.moody])
    if len(near) >= needed and near[needed - 1] <= WIDEST:
        by = exp(float(near[needed - 1]))
        wider = f"{low / by:.0f} to {high * by:.0f} BPM"
        return f"{tempo}: widen it to {wider}, or add such tracks{_rarest(look)}"
    tracks = "track" if missing == 1 else "tracks"
    return f"{tempo}: add {missing} {tracks} of that tempo{_rarest(look)}"


def _rarest(look: _Look) -> str:
    """Return which third of the range has the fewest tracks, where they differ."""
    low, high = look.bpm
    edges = np.linspace(log(low), log(high), 4)
    fitting = np.clip(look.log_bpm[look.fits], edges[0], edges[-1])
    counts = np.histogram(fitting, edges)[0] if high - low >= BROAD else np.zeros(3)
    rarest = int(counts.argmin())
    if counts.min() == counts.max():
        return ""
    return f", above all at {exp(edges[rarest]):.0f} to {exp(edges[rarest + 1]):.0f}"
