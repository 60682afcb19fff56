"""What a library holds: tempos, energies, and the workouts that it can fill."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playlists.playlist import Mode
from playlists.pool import Pool
from playlists.settings import Settings
from playlists.supply.supplies import Supply, supplies
from playlists.targets import targets
from playlists.workout import Workout

Counts = NDArray[np.int64]

SLOWEST, FASTEST, STEP = 60, 200, 10
"""BPM of the first and the last bin of tempos, and their width; beyond lies next to nothing."""
ENERGIES = 10
"""Bins of energy."""


@dataclass(frozen=True, eq=False)
class Stock:
    """Counts of tracks."""

    tracks: int
    seconds: float
    """Length of all together."""
    sources: Mapping[str, int]
    """By where their tempo comes from, most first."""
    beatless: int
    doubtful: int
    """Low confidence, or an ambiguous octave."""
    tempos: Counts
    """By tempo, shape (bins, 2): sure, doubtful. The outer bins hold what lies beyond them."""
    plane: Counts
    """By energy (rising) and tempo, shape (ENERGIES, bins)."""


@dataclass(frozen=True, slots=True)
class Fill:
    """What a library has for a workout."""

    workout: Workout
    supplies: tuple[Supply, ...]

    @property
    def is_full(self) -> bool:
        """Whether every effort has as many tracks as it takes."""
        return all(each.fitting >= each.needed for each in self.supplies)

    @property
    def thinnest(self) -> Supply:
        """The effort with the fewest tracks for what it takes."""
        return min(self.supplies, key=lambda each: each.fitting / each.needed)


def stock(held: Pool) -> Stock:
    """Count the tracks of a library."""
    doubtful = np.array([track.is_doubtful for track in held.tracks], dtype=bool)
    beating = ~np.isnan(held.log_bpm)
    last = (FASTEST - SLOWEST) // STEP
    bpm = np.array([track.bpm for track in held.tracks if track.bpm])
    tempo = np.clip((bpm - SLOWEST) // STEP, 0, last).astype(np.int64)
    energy = np.clip(held.energy[beating] * ENERGIES, 0, ENERGIES - 1).astype(np.int64)
    tempos = np.zeros((last + 1, 2), dtype=np.int64)
    np.add.at(tempos, (tempo, doubtful[beating].astype(np.int64)), 1)
    plane = np.zeros((ENERGIES, last + 1), dtype=np.int64)
    np.add.at(plane, (energy, tempo), 1)
    return Stock(
        tracks=len(held),
        seconds=float(held.duration.sum()),
        sources=dict(Counter(track.source for track in held.tracks).most_common()),
        beatless=int((~beating).sum()),
        doubtful=int((doubtful & beating).sum()),
        tempos=tempos,
        plane=plane,
    )


def fills(
    workouts: Sequence[Workout], held: Pool, *, settings: Settings, mode: Mode = "async"
) -> list[Fill]:
    """Return what a library has for each workout."""
    sensible = (held.duration >= settings.shortest_track) & (
        held.duration <= settings.longest_track
    )
    usable = np.flatnonzero(sensible)
    return [
        Fill(
            workout,
            supplies(held, usable, goal=targets(workout, settings, mode=mode), settings=settings),
        )
        for workout in workouts
    ]
