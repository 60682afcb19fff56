"""All at once that may be in a better playlist, so that no other track need be looked at again.

An arc that costs more beyond the potentials than the best playlist costs beyond the bound is in no
better playlist. That does not depend on what else is let in, and later prices do not change it. As
soon as few enough tracks of a library are left with an arc that costs less, all of these come in.
"""

from dataclasses import replace

import numpy as np

from playlists.arcs import every, together
from playlists.candidates import Outside, outside
from playlists.pool import Ints
from playlists.problem import Problem, problem
from playlists.progress import ARCS, Progress, pruned
from playlists.relaxation import lowest, potentials
from playlists.survey import Survey

MANY = 6000  # Options outside, up to which it is quicker to let all in than the best again.
FEW = 1_000_000  # Arcs in better playlists, as far as known, up to which all come in.
EXAMINED = 500  # Options looked at exactly at once, to save memory.


def part(found: Survey, some: Ints) -> Problem:
    """Return the problem of sequencing some options."""
    return problem(found.part(some), found.targets, found.settings, found.rules)


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
    room = sieve.least - sieve.hopes.bound + owed
    if not np.isfinite(room) or len(pruned(sieve.net, sieve.hopes, room).cell) > FEW:
        return None
    others = outside(found, sieve.hopes, others, room)
    due = others.due(found, room)
    due = due[~np.isin(due, sieve.known)]
    if len(due) > MANY:
        return None
    rooms, known = np.full(len(sieve.hopes.on), room), [sieve.known]
    near = [lowest(net, sieve.hopes, rooms) for net in sieve.base]
    for low in range(0, len(due), EXAMINED):
        some = due[low : low + EXAMINED]
        net = lowest(every(part(found, some), sieve.base[0].fine), sieve.hopes, rooms)
        used = np.unique(net.option)
        known.append(some[used])
        near.append(net.of(used))
        if sum(len(net.cell) for net in near) > 2 * ARCS:
            return None
    net = together(near)
    hopes = potentials(net, sieve.hopes.price)
    return replace(sieve, known=np.concatenate(known), net=net, hopes=hopes, closed=True)
