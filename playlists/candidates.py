"""Which tracks of a large library can matter beside those that are known.

A track that suits no moment of the workout cannot be in the best playlist. By the bins of a survey
(see `playlists.survey`), in long cells first, most are told at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from playlists.matching import integral
from playlists.pool import Floats, Ints
from playlists.relaxation import Potentials, risen
from playlists.rules import Rules
from playlists.survey import SLOTS, Survey

COARSE = 3  # Ticks that are looked at together at first: 15 s of the right music cost little.


@dataclass(frozen=True, slots=True, eq=False)
class Outside:
    """How much more options cost than potentials, before the prices of their own songs."""

    hopes: Potentials
    slack: Floats
    """At least, of each option of a survey; negative where the potentials may be too high."""

    def due(self, found: Survey) -> Ints:
        """Return the options that may be charged less than the potentials, those first."""
        over = self.slack + self.hopes.price[found.ways.group]
        due = np.flatnonzero(over < 0)
        return due[np.argsort(over[due], kind="stable")]


def outside(found: Survey, hopes: Potentials, last: Outside | None = None) -> Outside:
    """Return by how much the options of a survey miss the potentials.

    Only those that the `last` look does not rule out are looked at again.
    """
    if last:
        whole = (found.ways.duration / hopes.step).astype(np.int64)
        slack = last.slack - risen(last.hopes, hopes)[whole]
    else:
        slack = found.least * _charged(found) + found.charge - _room(found, hopes)
    for coarse in (True, False):
        due = Outside(hopes, slack).due(found)
        slack[due] = np.maximum(slack[due], _roughly(found, due, hopes, coarse=coarse)[0])
    return Outside(hopes, slack)


def lacking(found: Survey, hopes: Potentials, among: Ints) -> Ints:
    """Return the options `among` some that may lower the potentials, best of a stretch first."""
    among = among[_roughly(found, among, hopes, coarse=True)[0] < 0]
    slack, moment = _roughly(found, among, hopes, coarse=False)
    slot = moment * SLOTS // len(hopes.on)
    order = np.lexsort((slack, slot))
    rank = np.arange(len(order)) - np.searchsorted(slot[order], slot[order])
    order = order[np.argsort(rank, kind="stable")]
    return among[order[slack[order] < 0]]


def _charged(found: Survey) -> Floats:
    """Return how long each option is charged for at least: what nobody misses is not."""
    return np.maximum(found.ways.duration - found.free - 2 * found.targets.tick, 0)


def _room(found: Survey, hopes: Potentials) -> Floats:
    """Return what each option may cost, at its best moment, and still lower the potentials."""
    count, go = len(hopes.on), _either(hopes.go)
    whole = (found.ways.duration / hopes.step).astype(np.int64)
    longest = int(whole.max(initial=0))
    go = np.pad(go, (0, max(count + longest + 1 - len(go), 0)), mode="edge")
    ends = sliding_window_view(go, count)
    with np.errstate(invalid="ignore"):  # Where a pin forbids all, both may be infinite: no room.
        room = [float(np.nanmax(hopes.on - ends[k], initial=-np.inf)) for k in range(longest + 1)]
    return np.array(room)[whole]


def _either(go: Floats) -> Floats:
    """Return the least potential of each cell and the next."""
    return np.minimum(go[:-1], go[1:])


def _roughly(found: Survey, some: Ints, hopes: Potentials, *, coarse: bool) -> tuple[Floats, Ints]:
    """Return a lower bound of the slack of some options, and the cell of the start that suits best.

    Options of the same bins and the same whole number of cells are looked at once; where
    `coarse`, the cells are a few ticks long.
    """
    cell = COARSE * found.targets.tick if coarse else hopes.step
    whole = (found.ways.duration[some] / cell).astype(np.int64)
    bins = (whole, found.tempo_bin[some], found.energy_bin[some], found.build_bin[some])
    sizes = (int(whole.max(initial=0)) + 1, len(found.tempo), len(found.energy), len(found.build))
    kinds, kind = np.unique(np.ravel_multi_index(bins, sizes), return_inverse=True)
    size = round(cell / hopes.step)
    if cell not in found.looks:
        rates = (found.tempo, found.energy, found.build)
        found.looks[cell] = [_spent(rate, found, cell) for rate in rates]
    on, go = np.where(np.isinf(hopes.on), 1e9, hopes.on), hopes.go
    if coarse:
        on, go = -_lowest(-on, size), _lowest(go, size)
    starts = _allowed(found.rules, len(on), sizes[0], cell)
    whole, *places = np.unravel_index(kinds, sizes)
    before, last, moment = _over(
        found.looks[cell], places, whole, on, _either(go), starts, coarse=coarse
    )
    constant = found.constant[some]
    before = before[kind] + constant * found.ways.duration[some]
    last = last[kind] + constant * _charged(found)[some]
    over = np.minimum(before, last) + found.charge[some]
    return over, moment[kind] * size


def _spent(rate: Floats, found: Survey, cell: float) -> Floats:
    """Return the integral of rates at the edges of cells longer or shorter than ticks."""
    tick, ticks = found.targets.tick, rate.shape[1]
    if cell <= tick:
        return integral(np.repeat(rate, round(tick / cell), axis=1), cell)
    size = round(cell / tick)
    short = np.zeros((len(rate), -ticks % size))
    return integral(np.hstack([rate, short]).reshape(len(rate), -1, size).mean(axis=2), cell)


def _lowest(values: Floats, size: int) -> Floats:
    """Return the least of each `size` values."""
    return np.asarray(
        np.pad(values, (0, -len(values) % size), mode="edge").reshape(-1, size).min(axis=1)
    )


def _allowed(rules: Rules, count: int, lengths: int, cell: float) -> NDArray[np.bool_]:
    """Return in which cells a track that nobody pinned may start, by its whole cells.

    Not where it would surely be playing at the moment of a pin: there the potentials know of no
    other track, and any that they are compared with would seem to be worth a lot.
    """
    start, length = cell * np.arange(count), cell * np.arange(lengths)[:, None]
    free = np.ones((lengths, count), dtype=bool)
    for _, at in rules.pins:
        free &= (start + cell > at) | (start + length <= at)
    return free


def _over(
    spent: Sequence[Floats],
    places: Sequence[Ints],
    whole: Ints,
    on: Floats,
    go: Floats,
    starts: NDArray[np.bool_],
    *,
    coarse: bool,
) -> tuple[Floats, Floats, Ints]:
    """Return the least over the potentials of tracks of so many whole cells, and where it is.

    First of those that end with the workout at the latest, then of the others. What is spent, the
    sum of rows of `spent` at `places`, only grows: a track spends no less than from the end of the
    cell that it starts in to the start of the one that it ends in. Where it is linear in the
    cells, it is no less than at one of the edges. `whole` is sorted.
    """
    count = len(on)
    go = np.pad(go, (0, int(whole.max(initial=0)) + 1), mode="edge")
    before, last = np.full((2, len(whole)), np.inf)
    moment = np.empty(len(whole), np.int64)
    cuts = np.searchsorted(whole, np.arange(len(starts) + 1))
    for length in np.unique(whole).tolist():
        mine = slice(cuts[length], cuts[length + 1])
        some = [place[mine] for place in places]
        if coarse:  # So many tracks last as long that it pays to look at all bins.
            reach = _summed([_grown(rows, max(length - 1, 0))[:, 1:] for rows in spent], some)
        else:
            grown = _grown(_summed(spent, some), length)
            reach = np.minimum(grown[:, :-1], grown[:, 1:])
        reach += go[length : length + count] - on
        if not starts[length].all():
            reach[:, ~starts[length]] = np.inf
        inside = max(count - length - 2, 0)
        before[mine] = reach[:, :inside].min(axis=1, initial=np.inf)
        last[mine] = reach[:, inside:].min(axis=1)
        moment[mine] = reach.argmin(axis=1)
    return before, last, moment


def _grown(total: Floats, length: int) -> Floats:
    """Return by how much each row grows from each edge over `length` cells, or to the last."""
    grown, rest = np.empty_like(total), max(total.shape[1] - length, 0)
    np.subtract(total[:, length:], total[:, :rest], out=grown[:, :rest])
    np.subtract(total[:, -1:], total[:, rest:], out=grown[:, rest:])
    return grown


def _summed(rows: Sequence[Floats], places: Sequence[Ints]) -> Floats:
    """Return the sums of the rows of each at some places."""
    total = rows[0][places[0]]
    for each, place in zip(rows[1:], places[1:], strict=True):
        total += each[place]
    return total
