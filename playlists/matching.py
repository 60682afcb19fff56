"""What makes a playlist good: one objective, term by term.

The misfit of a playlist counts how many seconds of the workout might as well have poor music,
as a share of the workout: 0 is perfect, 1 is poor throughout. Summed over tracks, each from its
start s to its end e, and over neighbors::

    misfit · T = Σ ∫ₛᵉ [ tempo(t) + energy(t) + build(t) + beat + doubt + drift ] dt
               + Σ intro  + Σ short  + Σ recent  + Σ change  + Σ jump  + Σ artist  + missing

tempo
    Distance on a log scale from the range that is wanted at t, at the metrical level that is
    followed: free, good (0.3), poor (1), then 1 more for every 10 %. Inside the range, the
    square of the distance from its middle.
energy
    Distance outside the wanted range, in units of what is poor; inside as for tempo.
build
    How far the track rises where it should fall, or falls where it should rise.
beat, doubt, drift
    A weak beat; a tempo that may be wrong, or is followed at a level that is not salient; a
    tempo that wanders.
intro
    Seconds without a beat at the start of a track, beyond the first few.
short
    A track too short to be a song: intros, jingles, interludes.
recent
    What the caller charges for a track, such as for one that was played lately.
change
    Changes of effort at which no song changes.
jump
    Tempo between neighbors that changes by more or less than the targets do.
artist
    An artist again within a few songs.
missing
    Seconds of music too long or too short.

Weights, and the reason for each, stand in ``defaults.toml``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from playlists.pool import LEVELS, Floats, Ints, Options, Pool, pool
from playlists.settings import Settings, Tiers, Weights
from playlists.targets import Targets
from tempo.track import Track

BEATLESS = 2.0  # Rate of a track without tempo: poor, and worse than one 10 % off.
FAR = 10.0  # Rate that tempo adds per unit of log distance beyond poor: 1 for every 10 %.
RATES = ("tempo", "energy", "build", "beat", "doubt", "drift")
CHARGES = ("intro", "short", "recent", "change", "jump", "artist", "missing")


@dataclass(frozen=True, slots=True)
class Misfit:
    """What a playlist is charged for, in seconds of poor music."""

    terms: dict[str, float]
    duration: float
    """Length of the workout, seconds."""
    levels: tuple[float, ...]
    """Metrical level that suits best, per track."""
    entries: tuple[dict[str, float], ...]
    """The share of each track in the terms; a jump or an artist counts for the later one."""

    @property
    def total(self) -> float:
        """Misfit per second of the workout: 0 is perfect, 1 is poor throughout."""
        return sum(self.terms.values()) / self.duration


def constant_rates(ways: Options, targets: Targets, weights: Weights) -> dict[str, Floats]:
    """Return the rates that do not change over a track: beat, doubt and drift; each (n,)."""
    pool, track = ways.pool, ways.track
    sync = targets.mode == "sync"
    heard = pool.heard[track, ways.level]
    unsure = np.clip(1 - pool.confidence[track] / weights.doubt_sure, 0, 1)
    unheard = (weights.level_sync if sync else weights.level_async) * (1 - heard)
    wander = np.maximum(pool.drift[track] - weights.drift_free, 0) / weights.drift_poor
    return {
        "beat": weights.beat * np.clip(1 - pool.beat[track] / weights.beat_clear, 0, 1),
        "doubt": weights.doubt * unsure + unheard,
        "drift": weights.drift * np.minimum(wander, 1) * (1.0 if sync else 0.5),
    }


def tempo_rate(log_bpm: Floats, targets: Targets, settings: Settings) -> Floats:
    """Return the rate of `log_bpm`, shape (n, 1) or (n,), at every tick; broadcast."""
    tiers = settings.tiers_sync if targets.mode == "sync" else settings.tiers_async
    low, middle, high = np.log(targets.low), np.log(targets.bpm), np.log(targets.high)
    outside = np.maximum(np.maximum(low - log_bpm, log_bpm - high), 0)
    inside = _inside(log_bpm, low, middle, high)
    rate = settings.weights.tempo * _tiered(outside, tiers) + settings.weights.inside * inside
    return np.where(np.isnan(rate), settings.weights.tempo * BEATLESS, rate)


def energy_rate(energy: Floats, targets: Targets, weights: Weights) -> Floats:
    """Return the rate of `energy`, shape (n, 1) or (n,), at every tick; broadcast."""
    low, high = targets.energy_low, targets.energy_high
    outside = np.maximum(np.maximum(low - energy, energy - high), 0)
    inside = _inside(energy, low, targets.energy, high)
    return weights.energy * outside / weights.energy_poor + weights.inside * inside


def build_rate(build: Floats, targets: Targets, weights: Weights) -> Floats:
    """Return the rate of `build`, shape (n, 1) or (n,), at every tick; broadcast."""
    return weights.build * np.abs(build - targets.build)


def _inside(value: Floats, low: Floats, middle: Floats, high: Floats) -> Floats:
    """Return the squared distance from the middle, 1 at the edges and beyond."""
    below, above = middle - low, high - middle
    below, above = (np.where(width > 0, width, np.inf) for width in (below, above))
    distance = np.maximum((middle - value) / below, (value - middle) / above)
    return np.minimum(distance, 1) ** 2


def _tiered(distance: Floats, tiers: Tiers) -> Floats:
    """Return 0 up to free, 0.3 at good, 1 at poor and 1 more for every 0.1 beyond."""
    first = 0.3 / (tiers.good - tiers.free)
    second = 0.7 / (tiers.poor - tiers.good)
    return (
        first * np.maximum(distance - tiers.free, 0)
        + (second - first) * np.maximum(distance - tiers.good, 0)
        + (FAR - second) * np.maximum(distance - tiers.poor, 0)
    )


def closeness(targets: Targets, weights: Weights) -> Floats:
    """Return what a song change saves of the charge for changes of effort, at the tick edges."""
    edges = targets.tick * np.arange(len(targets.bpm) + 1)
    saved = np.zeros_like(edges)
    for change, size in targets.changes:
        near = np.maximum(1 - np.abs(edges - change) / weights.change_near, 0)
        saved += weights.change * size * near
    return saved


def change_charge(targets: Targets, weights: Weights) -> float:
    """Return the charge where no song change meets any change of effort."""
    return weights.change * sum(size for _, size in targets.changes)


def charges_once(ways: Options, weights: Weights) -> dict[str, Floats]:
    """Return what each option costs once, whenever it is played; each (n,)."""
    intro = np.minimum(ways.pool.intro[ways.track], ways.duration)
    return {
        "intro": weights.intro * np.maximum(intro - weights.intro_free, 0),
        "short": weights.short * np.maximum(weights.short_free - ways.duration, 0),
        "recent": ways.pool.extra[ways.track],
    }


def jump_charge(step: Floats, asked: Floats, weights: Weights) -> Floats:
    """Return the charge for log tempos that change by `step` where targets change by `asked`."""
    excess = np.maximum(np.abs(step - asked) - weights.jump_free, 0)
    charge = weights.jump * excess / weights.jump_poor
    return np.where(np.isnan(charge), 0.0, charge)


def missing_charge(duration: Floats, targets: Targets, weights: Weights) -> Floats:
    """Return the charge for music of `duration` seconds in all."""
    missed = np.abs(duration - targets.duration) - weights.missing_free
    return weights.missing * np.maximum(missed, 0)


def mean_until(cumulative: Floats, tick: float, start: Floats, end: Floats) -> Floats:
    """Return the mean from `start` to `end` of a curve given by its integral on the grid.

    What lies after the workout counts as its last moment does.
    """
    last = tick * (len(cumulative) - 1)
    start = np.minimum(start, last - tick)
    end = np.maximum(np.minimum(end, last), start + tick)
    return np.asarray((at(cumulative, end / tick) - at(cumulative, start / tick)) / (end - start))


def at(values: Floats, place: Floats) -> Floats:
    """Return `values` at fractional indices, linear in between and level beyond the last."""
    place = np.minimum(place, len(values) - 1)
    edge = np.minimum(place.astype(np.int64), len(values) - 2)
    below = values.take(edge)
    return np.asarray(below + (place - edge) * (values.take(edge + 1) - below))


def integral(rate: Floats, tick: float) -> Floats:
    """Return the integral of `rate`, shape (..., N), at the N + 1 edges of the ticks."""
    total = np.zeros((*rate.shape[:-1], rate.shape[-1] + 1))
    np.cumsum(rate, axis=-1, out=total[..., 1:])
    total *= tick
    return total


def term_rates(ways: Options, targets: Targets, settings: Settings) -> dict[str, Floats]:
    """Return every rate of every option at every tick, each of shape (n, N) or (n, 1)."""
    pool, column = ways.pool, (slice(None), None)
    constant = constant_rates(ways, targets, settings.weights)
    return {name: rate[column] for name, rate in constant.items()} | {
        "tempo": tempo_rate(ways.log_bpm[column], targets, settings),
        "energy": energy_rate(pool.energy[ways.track][column], targets, settings.weights),
        "build": build_rate(pool.build[ways.track][column], targets, settings.weights),
    }


def score(tracks: Sequence[Track], targets: Targets, settings: Settings) -> Misfit:
    """Return the misfit of tracks played in this order, each at the level that suits best.

    Parameters
    ----------
    tracks : sequence of Track
    targets : Targets
    settings : Settings

    Returns
    -------
    Misfit
    """
    return score_order(pool(tracks), np.arange(len(tracks)), targets, settings)


def score_order(library: Pool, order: Ints, targets: Targets, settings: Settings) -> Misfit:
    """Return the misfit of the tracks of `library` with the indices `order`, played so."""
    weights, count = settings.weights, len(order)
    end = np.cumsum(library.duration[order])
    start = end - library.duration[order]
    ways = Options(library, np.repeat(order, len(LEVELS)), np.tile(np.arange(len(LEVELS)), count))
    own = _own_terms(
        ways, np.repeat(start, len(LEVELS)), np.repeat(end, len(LEVELS)), targets, settings
    )
    jumps = _jumps(ways.log_bpm.reshape(count, len(LEVELS)), start, end, targets, weights)
    level = _best_levels(
        sum(own.values(), np.zeros(len(ways.track))).reshape(count, len(LEVELS)), jumps
    )
    entries = [
        {
            name: float(values.reshape(count, len(LEVELS))[k, level[k]])
            for name, values in own.items()
        }
        for k in range(count)
    ]
    met = at(closeness(targets, weights), start / targets.tick)
    artists = library.artist[order].tolist()
    for k in range(1, count):
        entries[k]["change"] = -float(met[k])
        entries[k]["jump"] = float(jumps[k - 1, level[k - 1], level[k]])
        entries[k]["artist"] = _artist_charge(artists[: k + 1], weights)
    duration = float(end[-1]) if count else 0.0
    terms = {name: sum(entry.get(name, 0.0) for entry in entries) for name in (*RATES, *CHARGES)}
    terms["change"] += change_charge(targets, weights)
    terms["missing"] = float(missing_charge(np.array(duration), targets, weights))
    levels = tuple(LEVELS[i] for i in level)
    return Misfit(terms, targets.duration, levels, tuple(entries))


def _own_terms(
    ways: Options, start: Floats, end: Floats, targets: Targets, settings: Settings
) -> dict[str, Floats]:
    """Return the charges of each option from `start` to `end`, neighbors left aside."""
    edges = targets.tick * np.arange(len(targets.bpm) + 1)
    terms = charges_once(ways, settings.weights)
    for name, rate in term_rates(ways, targets, settings).items():
        total = integral(np.broadcast_to(rate, (len(start), len(edges) - 1)), targets.tick)
        terms[name] = np.array(
            [
                np.interp(e, edges, row) - np.interp(s, edges, row)
                for s, e, row in zip(start, end, total, strict=True)
            ]
        )
    return terms


def _jumps(
    log_bpm: Floats, start: Floats, end: Floats, targets: Targets, weights: Weights
) -> Floats:
    """Return the jump charge from each level of a track to each of the next, (K - 1, 3, 3)."""
    asked = np.diff(
        mean_until(integral(np.log(targets.bpm), targets.tick), targets.tick, start, end)
    )
    step = log_bpm[1:, None, :] - log_bpm[:-1, :, None]
    return jump_charge(step, asked[:, None, None], weights)


def _best_levels(own: Floats, jumps: Floats) -> list[int]:
    """Return the levels with the least charge in all: a shortest path from track to track."""
    if not len(own):
        return []
    cost, back = own[0], []
    for charge, jump in zip(own[1:], jumps, strict=True):
        through = cost[:, None] + jump
        back.append(through.argmin(axis=0))
        cost = through.min(axis=0) + charge
    level = [int(cost.argmin())]
    for choice in reversed(back):
        level.append(int(choice[level[-1]]))
    return level[::-1]


def _artist_charge(artists: Sequence[int], weights: Weights) -> float:
    """Return the charge of the last of `artists` for coming again too soon."""
    reach = int(weights.artist_reach)
    before = artists[-2 : -2 - reach : -1]
    return sum(weights.artist / gap**2 for gap, a in enumerate(before, 1) if a == artists[-1])
