"""How good a playlist could be at best: a bound that every order of the library respects.

Leave out that a song must not come twice, and what passes between neighbors (jump, artist).
Then the best playlist is a shortest path through time: from every moment, one of the tracks
leads to a later moment. What it costs to go on from each moment is its potential, found from the
end backwards. A price on each use of a song, paid back once, makes repeating songs
dear without raising the cost of any playlist that uses each once (Lagrangian relaxation: Held and
Karp, Mathematical Programming 1:6-25, 1971). Hence ::

    potential(0) - sum of prices  <=  charge of any playlist

Time is cut into cells of equal length. The potential of a cell is the least of all moments in it,
so the bound holds in continuous time: a path may gain at each song change by moving within a cell,
never lose. Between the edges of a cell the cost of a track is linear in its start but for one
kink, where it begins to end in the next cell; the least of a stretch is at one of its ends.
"""

from dataclasses import dataclass, replace
from math import ceil

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from playlists.matching import (
    change_charge,
    charges_once,
    closeness,
    integral,
    missing_charge,
    term_rates,
)
from playlists.pool import Floats, Ints, Options, Pool
from playlists.rules import FREE, Rules
from playlists.settings import Settings, Weights
from playlists.targets import Targets

BLOCK = 1 << 15  # Cells times options worked on at once: arrays of that size stay in the cache.
WIDEST_BLOCK = 64  # Cells: beyond, the calls are few anyway.
WORTH = 16_000_000  # Cells times options that fit into memory: 256 MB.
PATIENCE = 3  # Steps without a higher bound before they get shorter.
INERTIA = 0.3  # Share of the last direction in the next: damps the zigzag of subgradients.
ENOUGH = 1e-4  # Rise of the bound, as a share of the best known, that is worth a step.
DONE = 0.05  # Length of steps, as a share of Polyak's, from which the bound rises no more.


@dataclass(frozen=True, eq=False)
class Problem:
    """Everything the search asks for again and again."""

    ways: Options
    targets: Targets
    weights: Weights
    rules: Rules
    spent: Floats
    """Integral of each option's rates at the edges of the ticks, shape (n, N + 1)."""
    charge: Floats
    """What each option costs once."""
    saved: Floats
    """What a song change at each edge saves."""
    asked: Floats
    """Integral of the logarithm of the wanted tempo at each edge."""
    base: float
    """Charge of every playlist: the changes of effort, before any is met."""

    @property
    def tick(self) -> float:
        """Seconds between two edges."""
        return self.targets.tick


def problem(ways: Options, targets: Targets, settings: Settings, rules: Rules = FREE) -> Problem:
    """Return the problem of sequencing `ways`."""
    return Problem(
        ways,
        targets,
        settings.weights,
        rules,
        _spending(ways, targets, settings),
        sum(charges_once(ways, settings.weights).values(), np.zeros(len(ways.track))),
        closeness(targets, settings.weights),
        integral(np.log(targets.bpm), targets.tick),
        change_charge(targets, settings.weights),
    )


def _spending(ways: Options, targets: Targets, settings: Settings) -> Floats:
    count, ticks = len(ways.track), len(targets.bpm)
    spent, size = np.empty((count, ticks + 1)), BLOCK // ticks + 1
    for low in range(0, count, size):
        part = slice(low, low + size)
        some = Options(ways.pool, ways.track[part], ways.level[part])
        rate = sum(term_rates(some, targets, settings).values(), np.zeros(()))
        spent[part] = integral(rate, targets.tick)
    return spent


def cost(task: Problem, option: Ints, start: Floats) -> Floats:
    """Return the charge of each option from each start, neighbors left aside; broadcast."""
    end = start + task.ways.duration[option]
    return _spent(task, option, end) - _spent(task, option, start) + task.charge[option]


def _spent(task: Problem, option: Ints, time: Floats) -> Floats:
    last = task.spent.shape[1] - 1
    place = np.minimum(time / task.tick, last)
    edge = np.minimum(place.astype(np.int64), last - 1)
    index = option * (last + 1) + edge
    below = task.spent.ravel().take(index)
    return np.asarray(below + (place - edge) * (task.spent.ravel().take(index + 1) - below))


@dataclass(frozen=True, eq=False)
class Cells:
    """A problem in cells of time: least charges of each option by the cell that it starts in."""

    task: Problem
    step: float
    """Seconds a cell."""
    whole: Ints
    """Whole cells that each option lasts; it ends that many cells later, or one more."""
    early: Floats
    """Charge where it ends in the earlier of these cells, shape (n, cells)."""
    late: Floats
    """Charge where it ends in the later one."""
    stop: Floats
    """Charge for ending the music, by cell, beyond the workout too."""
    saved: Floats
    """What a song change saves at most, by cell."""

    def part(self, chosen: Ints) -> "Cells":
        """Return the same with some of the options only."""
        task, ways = self.task, self.task.ways
        return replace(
            self,
            task=replace(
                task,
                ways=Options(ways.pool, ways.track[chosen], ways.level[chosen]),
                spent=task.spent[chosen],
                charge=task.charge[chosen],
            ),
            whole=self.whole[chosen],
            early=self.early[chosen],
            late=self.late[chosen],
        )


def cells(task: Problem, seconds: float) -> Cells:
    """Return `task` in cells of about `seconds`, but no coarser than ticks."""
    shortest = float(task.ways.duration.min())
    fine = int(np.clip(round(task.tick / seconds), 1, max(WORTH // task.spent.size, 1)))
    fine = max(fine, ceil(task.tick / shortest))  # No track may end in the cell it starts in.
    step = task.tick / fine
    length = task.ways.duration / step
    whole = length.astype(np.int64)
    early, late = np.empty((2, len(whole), fine * len(task.targets.bpm)))
    size = max(BLOCK // early.shape[1], 1)
    for low in range(0, len(whole), size):
        part = slice(low, low + size)
        spent = _refined(task.spent[part], fine)
        least = _least(spent, whole[part], (length - whole)[part])
        for found, each in zip((early, late), least, strict=True):
            np.add(each, task.charge[part, None], out=found[part])
    saved = _refined(task.saved, fine)
    stop = _stopping(task, step, early.shape[1] + int(whole.max()) + 2)
    _pin(task, step, early, late)
    return Cells(task, step, whole, early, late, stop, np.maximum(saved[1:], saved[:-1]))


def _least(spent: Floats, whole: Ints, rest: Floats) -> tuple[Floats, Floats]:
    """Return the least that is spent before and after the kink, by the cell of the start."""
    last = spent.shape[1] - 1
    place = np.minimum(whole[:, None] + np.arange(last + 2), last)
    ends, part = np.take_along_axis(spent, place, axis=1), rest[:, None]
    edge = ends[:, :-1] + part * np.diff(ends) - spent
    kink = ends[:, 1:-1] - spent[:, 1:] + part * np.diff(spent)
    return np.minimum(edge[:, :-1], kink), np.minimum(kink, edge[:, 1:])


def _stopping(task: Problem, step: float, count: int) -> Floats:
    """Return the least charge for what is missing where the music ends in each cell."""
    edge, last = step * np.arange(count), task.targets.duration
    nearest = np.clip(last, edge, edge + step)
    stop = missing_charge(nearest, task.targets, task.weights)
    return np.where(edge + step <= task.rules.until, np.inf, stop)


def _pin(task: Problem, step: float, early: Floats, late: Floats) -> None:
    """Forbid starts from which a track surely covers another's pin, or surely not its own."""
    edge, length = step * np.arange(early.shape[1]), task.ways.duration[:, None]
    for wanted, at in task.rules.pins:
        surely = (edge + step <= at) & (edge + length > at)
        hardly = (edge <= at) & (edge + step + length > at)
        no = np.where((task.ways.track == wanted)[:, None], ~hardly, surely)
        early[no] = late[no] = np.inf


@dataclass(frozen=True, eq=False)
class Potentials:
    """The least charge from every cell of time to the end, prices included."""

    step: float
    """Seconds a cell."""
    go: Floats
    """Where a track ends in a cell: another starts, or the music stops for good."""
    on: Floats
    """Where another starts in it, before what the song change saves."""
    price: Floats
    """Price of each song, that is group, of the pool."""
    slack: Floats
    """Least that a playlist with the option in it is charged beyond the bound."""
    bound: float
    """No playlist is charged less."""


def ahead(potentials: Potentials, time: Floats) -> Floats:
    """Return the potential where a track ends at `time`, seconds."""
    return np.asarray(potentials.go.take((time / potentials.step).astype(np.int64), mode="clip"))


def no_prices(held: Pool) -> Floats:
    """Return a price of 0 for every song of a pool."""
    return np.zeros(int(held.group.max()) + 1)


def potentials(grid: Cells, price: Floats, *, slack: bool = True) -> Potentials:
    """Return the potentials under `price`, and with them a bound.

    Parameters
    ----------
    grid : Cells
    price : ndarray, shape (groups of the pool,)
        Charge for each use of a song, at least 0.
    slack : bool
        Whether to find the slack of the options too, which takes half as long again.

    Returns
    -------
    Potentials
    """
    go, on = grid.stop.copy(), np.empty(len(grid.saved))
    over = np.full(len(grid.whole), np.inf)
    fixed = price[grid.task.ways.group]
    size = int(np.clip(grid.whole.min(), 1, WIDEST_BLOCK))
    for high in range(len(on), 0, -size):
        low = max(high - size, 0)
        reach = _reach(grid, go, fixed, low, high)
        on[low:high] = reach.min(axis=0)
        go[low:high] = np.minimum(on[low:high] - grid.saved[low:high], go[low:high])
        if slack:
            np.minimum(over, _over(reach, on[low:high]), out=over)
    bound = min(float(on[0]), float(grid.stop[0])) + grid.task.base - float(price.sum())
    return Potentials(grid.step, go, on, price, over, bound)


def _reach(grid: Cells, go: Floats, fixed: Floats, low: int, high: int) -> Floats:
    """Return the least charge to the end by option and cell of its start, `low` to `high`."""
    ends = sliding_window_view(go, high - low + 1)[grid.whole + low]
    reach: Floats = ends[:, :-1] + grid.early[:, low:high]
    np.minimum(reach, ends[:, 1:] + grid.late[:, low:high], out=reach)
    reach += fixed[:, None]
    return reach


def _over(reach: Floats, on: Floats) -> Floats:
    """Return how far each option stays above the potentials at least."""
    return np.asarray((reach - np.where(np.isinf(on), -1e9, on)).min(axis=1))


def slack(grid: Cells, hopes: Potentials) -> Floats:
    """Return how much more than the potentials other options cost at least, each.

    Negative where the potentials hold only without the option.
    """
    short = int(grid.whole.max()) + len(hopes.on) + 2 - len(hopes.go)
    go = np.concatenate([hopes.go, grid.stop[len(hopes.go) :][: max(short, 0)]])
    over = np.full(len(grid.whole), np.inf)
    fixed = hopes.price[grid.task.ways.group]
    for low in range(0, len(hopes.on), WIDEST_BLOCK):
        high = min(low + WIDEST_BLOCK, len(hopes.on))
        reach = _reach(grid, go, fixed, low, high)
        np.minimum(over, _over(reach, hopes.on[low:high]), out=over)
    return over


def risen(first: Potentials, now: Potentials) -> float:
    """Return by how much the slack of options outside may be less than it was at first.

    Both in the same cells. After the workout nothing has changed.
    """
    count = len(now.on)
    with np.errstate(invalid="ignore"):  # Where a pin forbids it, both may be infinite.
        start, end = now.on - first.on, first.go[:count] - now.go[:count]
    start, end = (np.nan_to_num(rise, nan=0.0, posinf=np.inf) for rise in (start, end))
    price = float((first.price - now.price).max())
    return max(float(start.max()), 0.0) + max(float(end.max()), 0.0) + max(price, 0.0)


def prices(grid: Cells, least: float, *, rounds: int, first: Floats) -> Floats:
    """Return prices under which the bound is high: ascent along smoothed subgradients.

    Parameters
    ----------
    grid : Cells
    least : float
        Charge of the best playlist known; it sets the length of the steps (Polyak, USSR
        Computational Mathematics and Mathematical Physics 9:14-29, 1969).
    rounds : int
        How many steps at most.
    first : ndarray, shape (groups of the pool,)
        Prices to start from. Those of pinned songs may fall below 0, as they must be used.

    Returns
    -------
    ndarray, shape (groups of the pool,)
    """
    if np.isinf(least):
        return first
    group = grid.task.ways.group
    price, best, highest = first, first, -np.inf
    direction, length, stale = np.zeros(len(first)), 0.5, 0
    pinned = np.zeros(len(first), dtype=bool)
    pinned[[grid.task.ways.pool.group[track] for track, _ in grid.task.rules.pins]] = True
    for _ in range(rounds):
        hopes = potentials(grid, price, slack=False)
        stale += 1
        if hopes.bound > highest + ENOUGH * abs(least):
            best, highest, stale = price, hopes.bound, 0
        elif stale == PATIENCE:
            length, stale = length / 2, 0
            price, direction = best, np.zeros(len(first))
            continue
        uses = np.bincount(group[path(grid, hopes)], minlength=len(price))
        wanted = np.where((uses > 0) | (price > 0) | pinned, uses - 1.0, 0.0)
        if not wanted.any() or length < DONE:
            break
        direction = INERTIA * direction + (1 - INERTIA) * wanted
        reach = length * max(least - hopes.bound, 0) / max(float((direction**2).sum()), 1e-9)
        price = np.maximum(price + reach * direction, np.where(pinned, -np.inf, 0.0))
    return best


def path(grid: Cells, hopes: Potentials) -> Ints:
    """Return the options that the potentials lead to, in order; they may use a song again."""
    fixed, cell, found = hopes.price[grid.task.ways.group], 0, list[int]()
    while cell < len(hopes.on) and (not found or hopes.go[cell] < grid.stop[cell]):
        ends = cell + grid.whole
        early = grid.early[:, cell] + hopes.go[ends] + fixed
        late = grid.late[:, cell] + hopes.go[ends + 1] + fixed
        best = int(np.minimum(early, late).argmin())
        if not found and grid.stop[0] <= min(early[best], late[best]):
            break
        found.append(best)
        cell = int(ends[best]) + int(late[best] < early[best])
    return np.array(found, dtype=np.int64)


def _refined(values: Floats, fine: int) -> Floats:
    """Return `values`, linear along the last axis, with `fine` for each but the last."""
    if fine == 1:
        return values
    between = values[..., :-1, None] + np.arange(fine) / fine * np.diff(values)[..., None]
    flat = between.reshape(*values.shape[:-1], -1)
    return np.concatenate([flat, values[..., -1:]], axis=-1)
