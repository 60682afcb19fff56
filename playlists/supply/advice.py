"""What to do where a library is thin: which tracks to add or to correct."""

from itertools import islice
from math import exp, log

import numpy as np

from playlists.playlist import Correction
from playlists.pool import Pool
from playlists.supply.look import WIDEST, Look

BROAD = 6.0  # BPM; the thirds of a narrower range sound alike.
NAMED = 10  # Doubtful tracks that are named; nobody corrects more at once.


def doubtful(held: Pool, look: Look) -> tuple[Correction, ...]:
    """Return tracks of doubtful tempo that would fit if it were corrected, least sure first."""
    may = np.flatnonzero((look.other > 0) & look.moody)
    may = may[np.argsort(held.confidence[look.track[may]], kind="stable")]
    found = (
        Correction(track, float(look.other[i]))
        for i in may
        if (track := held.tracks[look.track[i]]).is_doubtful
    )
    return tuple(islice(found, NAMED))


def advice(look: Look, needed: int, where: str, obstacle: str) -> str:
    """Return where a library is thin, and the smallest change that would help.

    Parameters
    ----------
    look : Look
        Where it is thinnest.
    needed : int
        Tracks that it takes there.
    where : str
        What to say before the tempo.
    obstacle : str
        What tracks are that fit and yet are not played, where there are enough.
    """
    low, high = look.bpm
    tempo = where + (
        f"{low:.0f} to {high:.0f} BPM" if f"{high:.0f}" > f"{low:.0f}" else f"{low:.0f} BPM"
    )
    fitting, in_tempo = int(look.fits.sum()), int((look.apart == 0).sum())
    missing = needed - fitting
    if in_tempo >= needed > fitting:
        return f"{tempo}: enough tracks have the tempo; what lacks is the energy of the effort"
    if missing <= 0:
        return f"{tempo}: the tracks that fit are {obstacle}; add a few more"
    near = np.sort(look.apart[look.moody])
    if len(near) >= needed and near[needed - 1] <= WIDEST:
        by = exp(float(near[needed - 1]))
        wider = f"{low / by:.0f} to {high * by:.0f} BPM"
        return f"{tempo}: widen it to {wider}, or add such tracks{_rarest(look)}"
    tracks = "track" if missing == 1 else "tracks"
    also = " and the energy of the effort" * (in_tempo > fitting)
    return f"{tempo}: add {missing} {tracks} of that tempo{also}{_rarest(look)}"


def _rarest(look: Look) -> str:
    """Return which third of the range has the fewest tracks, where they differ."""
    low, high = look.bpm
    edges = np.linspace(log(low), log(high), 4)
    fitting = np.clip(look.log_bpm[look.fits], edges[0], edges[-1])
    counts = np.histogram(fitting, edges)[0] if high - low >= BROAD else np.zeros(3)
    rarest = int(counts.argmin())
    if counts.min() == counts.max():
        return ""
    return f", above all at {exp(edges[rarest]):.0f} to {exp(edges[rarest + 1]):.0f}"
