"""The last part of a search: what is left to look at is known, and much of it can be ruled out.

Once nothing but the arcs that a search holds can be in a better playlist, it needs no look
at other tracks: it only looks at ever fewer arcs in ever shorter cells.
Where prices can do no more, potentials that remember songs may (see `playlists.memory`), and a
wide beam finds what a narrow one missed.
"""

from math import log

import numpy as np

from playlists.memory import remembered
from playlists.progress import HOPED, WORTH, Progress, affordable, closer, lean, led, worthwhile

PATIENT = 600_000  # Arcs up to which a closer look may prove little: the next may prove more ...
PATIENCE = 10  # ... and one more for each time that there are so many times fewer.
FEW = 100_000  # Arcs up to which remembering songs proves enough.
AT_LAST = 200_000  # Songs that a beam tries for the next ones where much is left to prove.


def proved(now: Progress) -> tuple[Progress, float]:
    """Return the best playlist that is found in what is closed, and a bound for the library.

    Parameters
    ----------
    now : Progress
        Closed, and lean.

    Returns
    -------
    Progress
    float
    """
    bound = _remembered(now)
    if bound < _enough(now):
        now = _closest(now)
        bound = max(bound, _remembered(now))
    while bound < _enough(now):
        last, now = now, led(now, affordable(now, AT_LAST))
        if now.least > last.least - WORTH * (last.least - bound):
            break
        now = _closest(lean(now))
        bound = _remembered(now)
    return now, min(bound, now.left_out, now.least)


def _enough(now: Progress) -> float:
    """Return the bound from which it is not worth looking any closer."""
    return (1 - HOPED) * now.least if np.isfinite(now.least) else np.inf


def _remembered(now: Progress) -> float:
    bound = now.hopes.bound
    if bound < _enough(now) < np.inf and len(now.net.cell) < FEW:
        return max(bound, remembered(now.net, now.hopes, _enough(now)))
    return bound


def _closest(now: Progress) -> Progress:
    """Look in ever shorter cells, until little is left to prove or that proves little."""
    stuck = 0
    while now.gap() > HOPED and stuck <= _patience(now):
        last, now = now, closer(now)
        stuck = 0 if worthwhile(last, now) else stuck + 1
        if stuck and now.net.step == last.net.step:
            break  # The same cells again, as there can be no shorter ones.
    return now


def _patience(now: Progress) -> int:
    """Return how often in a row a closer look may prove little."""
    times = PATIENT / max(len(now.net.cell), 1)
    return int(1 + log(times, PATIENCE)) if times >= 1 else 0
