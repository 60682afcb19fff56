"""What to do where a library is thin: which tracks to add or to correct."""

from itertools import islice
from math import ceil, exp, floor, log

import numpy as np

from playlists.bundle import Block
from playlists.playlist import Correction, Mode
from playlists.pool import Pool
from playlists.supply.look import WIDEST, Look
from tempo.screen import counted

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


def advice(look: Look, needed: int, block: Block, mode: Mode, obstacle: str) -> str:
    """Return where a library is thin, and the smallest change that would help.

    Parameters
    ----------
    look : Look
        Where it is thinnest.
    needed : int
        Tracks that it takes there.
    block : Block
        The effort.
    mode : {"async", "sync"}
    obstacle : str
        What tracks are that fit and yet are not played, where there are enough, and what to add.
    """
    fitting, in_tempo = int(look.fits.sum()), int((look.apart == 0).sum())
    missing = needed - fitting
    where = f"where it is thinnest, at {_spread(*look.bpm)} BPM" if block.is_ramp else (
        f"{_spread(*look.bpm)} BPM"
    )  # fmt: skip
    if missing <= 0:
        return f"{where}: the tracks that fit are {obstacle}"
    if block.is_ramp:
        where += f", {_fit(fitting)}"
    tracks = counted(missing, "track")
    if in_tempo >= needed:
        others = in_tempo - fitting
        return (
            f"{where}: {counted(others, 'track')} {'has' if others == 1 else 'have'} the tempo, "
            f"but not the energy of the effort; add {missing} with both"
        )
    near = np.sort(look.apart[look.moody])
    if len(near) >= needed and near[needed - 1] <= WIDEST:
        by = exp(float(near[needed - 1]))
        wider = floor(look.bpm[0] / by), ceil(look.bpm[1] * by)
        near_by = f"within {_spread(*wider)} BPM{_asking(wider, block, mode)}"
        lie = "lies" if missing == 1 else "lie"
        return f"{where}: add {tracks} of that tempo{_rarest(look)}; the nearest {lie} {near_by}"
    also = " and the energy of the effort" * (in_tempo > fitting)
    return f"{where}: add {tracks} of that tempo{also}{_rarest(look)}"


def _spread(low: float, high: float) -> str:
    return " to ".join(dict.fromkeys(f"{bpm:.0f}" for bpm in (low, high)))


def _fit(count: int) -> str:
    return {0: "none fits", 1: "1 fits"}.get(count, f"{count} fit")


def _asking(wider: tuple[int, int], block: Block, mode: Mode) -> str:
    """Return how music of a wider range of tempo is asked for, where one can."""
    low, high = wider
    if block.bpm:
        return ", if you ask for that"
    if mode == "sync":
        return f", which `tempo build --sync --cadence {low}-{high}` takes"
    if block.is_ramp:
        return ""
    effort = f"{100 * block.intensity[0]:.0f}%"
    return f", which a --plan of your own may ask for: {effort} {low}-{high}bpm"


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
