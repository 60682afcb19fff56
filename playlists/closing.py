"""All at once that may be in a better playlist, so that no other track need be looked at again.

An arc that costs more beyond the potentials than the best playlist costs beyond the bound is in no
better playlist. That does not depend on what else is let in, and later prices do not change it. As
soon as few enough tracks of a library are left with an arc that costs less, all of these come in.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from playlists.arcs import Arcs, finer
from playlists.candidates import Outside, outside
from playlists.pool import Floats, Ints
from playlists.problem import Problem, problem
from playlists.progress import ARCS, Progress, lean, sharpened
from playlists.relaxation import potentials, sharp, sought
from playlists.survey import Survey

MANY = 20_000  # Options outside, up to which all come in.
DEPTH = 5  # Times that cells are cut in halves, at most, while they are many.
TURNS = 4  # Times that others are looked at.
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


def closed(found: Survey, sieve: Progress, others: Outside) -> Progress | None:
    """Let in all that may be in a better playlist, whatever the prices; nothing if that is much.

    Parameters
    ----------
    found : Survey
    sieve : Progress
    others : Outside
        What was looked at last.

    Returns
    -------
    Progress or None
    """
    short, now = sieve.depth, sharpened(sieve, min(sieve.depth, DEPTH), sieve.hopes.price)
    for _ in range(TURNS):
        room = now.least - now.hopes.bound
        if not np.isfinite(room):
            return None
        others = outside(found, now.hopes, now.known, others, room)
        due = others.due(found, room)
        if not len(due) and now.margin >= room:
            break
        if len(due) > MANY:
            return None
        now = now.joined(due, part(found, due)) if len(due) else now
        try:
            net, hopes = sharp(now.task, now.fine, now.depth, now.hopes.price, room)
        except MemoryError:
            return None
        now = replace(now, net=net, hopes=hopes, margin=room)
    else:
        return None
    now = lean(replace(now, closed=True, left_out=now.least))
    while now.depth < short and 2 * len(now.net.cell) <= ARCS:
        net = finer(now.net)
        now = lean(replace(now, net=net, hopes=potentials(net, now.hopes.price)))
    return now
