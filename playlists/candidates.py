"""Which tracks of a large library can matter beside those that are known.

A track that suits no moment of the workout cannot be in the best playlist. Most are told at once
by their length and by what they cost at best (see `playlists.survey`), others at a glance (see
`playlists.glances`).
"""

from dataclasses import dataclass

import numpy as np

from playlists import walks
from playlists.glances import glances
from playlists.looks import BARRED, landing
from playlists.pool import LEVELS, Floats, Ints
from playlists.relaxation import Flat, Potentials, risen
from playlists.survey import LEAST, SLOTS, Short, Survey

ROUNDING = 1e-3  # Seconds: more than half of the digits lose.
BLOCK = 1 << 14  # Tracks worked on at once: their arrays stay in the cache.
KNOTS = LEAST[::15]  # Of 256: the first, the last, and some between.
LOOK = 1.25  # Seconds a cell, at least: shorter ones take longer and rule out little more.


@dataclass(frozen=True, slots=True, eq=False)
class Outside:
    """How much more options cost than potentials, before the prices of their own songs."""

    hopes: Flat
    slack: Short
    """At least, of each option of a survey; negative where the potentials may be too high.

    Infinite where it is known: nothing need be said of it.
    """

    def due(self, found: Survey, room: float = 0.0) -> Ints:
        """Return the options that may be charged less than potentials and `room`, best first."""
        due = np.flatnonzero(self.slack < room - self.hopes.price.min())
        over = self.slack[due] + _price(found, self.hopes, due)
        due, over = due[over < room], over[over < room]
        return due[np.argsort(over, kind="stable")]


def outside(
    found: Survey, hopes: Potentials, known: Ints, last: Outside | None = None, room: float = 0.0
) -> Outside:
    """Return by how much the options of a survey that are not `known` miss the potentials.

    Only those are looked at again that the `last` look does not show to miss them by `room`.
    """
    flat = hopes.flat
    while flat.step < LOOK / 1.5 and 2 * flat.step <= found.length.min():
        flat = flat.coarse
    whole = (found.length / flat.step).astype(np.int64)
    slack = _alone(found, flat, whole)
    if last:
        slack = np.maximum(slack, _remembered(found, last, flat), out=slack)
    slack[known] = np.inf
    due = Outside(flat, slack).due(found, room)
    price = _price(found, flat, due) - room
    over, _ = glances(found, flat, due, price)
    slack[due] = np.maximum(slack[due], over - price)
    return Outside(flat, slack)


def lacking(found: Survey, hopes: Potentials, among: Ints) -> Ints:
    """Return the options `among` some that may lower the potentials, best of a stretch first."""
    over, moment = glances(found, hopes.flat, among, np.zeros(len(among)))
    slot = moment * SLOTS // len(hopes.flat.on)
    order = np.lexsort((over, slot))
    order = order[over[order] < 0]
    rank = np.arange(len(order)) - np.searchsorted(slot[order], slot[order])
    return among[order[np.argsort(rank, kind="stable")]]


def _price(found: Survey, hopes: Flat, some: Ints) -> Floats:
    return hopes.price[found.pool.group[found.tracks[some // len(LEVELS)]]]


def _alone(found: Survey, hopes: Flat, whole: Ints) -> Short:
    """Return the slack of all options by their whole cells and what they cost at best."""
    rooms, slack = _rooms(found, hopes, whole), np.empty(len(found.least), np.float32)
    for low in range(0, len(whole), BLOCK):
        part, some = slice(low, low + BLOCK), slice(len(LEVELS) * low, len(LEVELS) * (low + BLOCK))
        kind = np.repeat(whole[part] * len(LEAST), len(LEVELS)) + found.least[some]
        slack[some] = rooms.take(kind) + np.repeat(found.charge[part], len(LEVELS))
    return slack


def _remembered(found: Survey, last: Outside, hopes: Flat) -> Short:
    """Return what the slack of an earlier look, in longer cells maybe, says now."""
    while hopes.step < last.hopes.step / 1.5:
        hopes = hopes.coarse
    whole = (found.length / hopes.step).astype(np.int64)
    rise = np.minimum(risen(last.hopes, hopes), BARRED).astype(np.float32) + np.float32(ROUNDING)
    return np.asarray(last.slack - np.repeat(rise[whole], len(LEVELS)))


def _rooms(found: Survey, hopes: Flat, whole: Ints) -> Short:
    """Return the least over the potentials of tracks of so many whole cells, by their `LEAST`."""
    count, longest = len(hopes.on), int(whole.max(initial=0))
    on, go = np.minimum(hopes.on, BARRED), landing(hopes.go, hopes.gates)
    go = np.pad(go, (0, max(count + longest + 1 - len(go), 0)), mode="edge")
    left = np.maximum(found.targets.duration - hopes.step * np.arange(1, count + 1), 0)
    rooms = np.full((longest + 1, len(LEAST)), np.inf, np.float32)
    lengths = np.flatnonzero(np.bincount(whole))
    go, pins = np.minimum(go, 2 * BARRED), np.array(found.rules.moments) / hopes.step
    before, ends = walks.rooms(on, go, left, lengths, pins, hopes.step, KNOTS)
    # A least of lines bends down: it is no less than what lies between two of its points.
    knot = np.minimum(np.searchsorted(KNOTS, LEAST, "right"), len(KNOTS) - 1)
    share = (LEAST - KNOTS[knot - 1]) / (KNOTS[knot] - KNOTS[knot - 1])
    between = ends[:, knot - 1] + share * (ends[:, knot] - ends[:, knot - 1])
    inside = before[:, None] + np.outer(lengths * hopes.step, LEAST)
    rooms[lengths] = np.minimum(inside, between) - ROUNDING
    return rooms
