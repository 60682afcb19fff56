"""All at once that may be in a better playlist, so that no other track need be looked at again.

An arc that costs more beyond the potentials than the best playlist costs beyond the bound is in no
better playlist. That does not depend on what else is let in, and later prices do not change it. As
soon as few enough tracks of a library are left with an arc that costs less, all of these come in.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from playlists.arcs import Arcs, together
from playlists.candidates import Outside, outside
from playlists.pool import Floats, Ints
from playlists.problem import Problem, problem
from playlists.progress import ARCS, Progress, lean, pruned
from playlists.relaxation import potentials, sought
from playlists.survey import Survey

MANY = 10_000  # Options outside, up to which it is quicker to let all in than the best again.
FEW = 1_000_000  # Arcs in better playlists, as far as known, up to which all come in.
EXAMINED = 500  # Options looked at exactly at once, to save memory.


def part(found: Survey, some: Ints) -> Problem:
    """Return the problem of sequencing some options."""
    return problem(found.part(some), found.targets, found.settings, found.rules)


def examined(
    found: Survey, sieve: Progress, due: Ints, room: Floats
) -> Iterator[tuple[Ints, Arcs]]:
    """Yield options, some at a time, with those of their arcs whose excess is less than `room`."""
    for low in range(0, len(due), EXAMINED):
        some = due[low : low + EXAMINED]
        yield some, sought(part(found, some), sieve.fine, sieve.hopes, room)


def closed(found: Survey, sieve: Progress, others: Outside, owed: float) -> Progress | None:
    """Let in all that may be in a better playlist, whatever the prices; nothing if that is much.

    Parameters
    ----------
    found : Survey
    sieve : Progress
    others : Outside
        What was looked at last.
    owed : float
        What a playlist may cost less than the bound, at most, for what is not in the sieve.

    Returns
    -------
    Progress or None
    """
    room = sieve.room + owed
    if not np.isfinite(room) or len(pruned(sieve.net, sieve.hopes, room).cell) > FEW:
        return None
    due = outside(found, sieve.hopes, sieve.known, others, room).due(found, room)
    if len(due) > MANY:
        return None
    rooms, known = np.full(len(sieve.hopes.on), room), [sieve.known]
    near = [sought(sieve.task, sieve.fine, sieve.hopes, rooms)]
    for some, net in examined(found, sieve, due, rooms):
        used = np.flatnonzero(np.bincount(net.option))
        known.append(some[used])
        near.append(net.of(used))
        if sum(len(net.cell) for net in near) > 2 * ARCS:
            return None
    net = together(near)
    now = replace(
        sieve,
        known=np.concatenate(known),
        net=net,
        hopes=potentials(net, sieve.hopes.price),
        closed=True,
        left_out=sieve.hopes.bound + sieve.room,
    )
    now = lean(now)
    return now if 2 * len(now.net.cell) <= ARCS else None  # Else no shorter cells would follow.
