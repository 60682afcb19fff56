"""Tracks as arrays, so that a whole library is judged at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from playlists.errors import PlaylistError
from tempo.track import Track

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEVELS = (1.0, 0.5, 2.0)  # The plain level first: it wins ties.
SAME_LEVEL = 0.04  # Two tempos this close are one: the tolerance of MIREX tempo evaluation.


@dataclass(frozen=True, eq=False)
class Pool:
    """Tracks as arrays, one value a track; NaN where a track has no beat."""

    tracks: tuple[Track, ...]
    duration: Floats
    log_bpm: Floats
    heard: Floats
    """Salience of each of `LEVELS` relative to the most salient, shape (n, 3)."""
    confidence: Floats
    drift: Floats
    beat: Floats
    energy: Floats
    build: Floats
    intro: Floats
    artist: Ints
    """Number of the artist; negative where unknown, and then unlike all others."""
    group: Ints
    """Number of the song, from 0: of tracks with the same, a playlist has one at most."""
    extra: Floats
    """Seconds of poor music that playing the track counts for, whenever it is."""

    def __len__(self) -> int:
        return len(self.tracks)

    def find(self, location: Path | str) -> int:
        """Return the index of the track at `location`.

        Raises
        ------
        PlaylistError
            If there is none.
        """
        for i, track in enumerate(self.tracks):
            if track.location == location:
                return i
        raise PlaylistError(f"{location} is not among the tracks to choose from")


def pool(tracks: Sequence[Track]) -> Pool:
    """Return `tracks` as arrays, in the order given."""
    rows = [_row(track) for track in tracks]
    columns = np.array(rows, dtype=np.float64).reshape(len(rows), 11).T
    return Pool(
        tuple(tracks),
        duration=columns[0],
        log_bpm=columns[1],
        heard=columns[2:5].T,
        confidence=columns[5],
        drift=columns[6],
        beat=columns[7],
        energy=columns[8],
        build=columns[9],
        intro=columns[10],
        artist=_artists(tracks),
        group=np.arange(len(rows)),
        extra=np.zeros(len(rows)),
    )


def _row(track: Track) -> tuple[float, ...]:
    a = track.analysis
    candidates = a.tempo.candidates
    if not candidates:
        return (
            a.duration,
            np.nan,
            1.0,
            0.0,
            0.0,
            0.0,
            0.0,
            a.beat_strength,
            a.energy,
            a.build,
            0.0,
        )
    bpm, top = candidates[0].bpm, candidates[0].salience
    half = double = 0.0
    for candidate in candidates[1:]:
        ratio = candidate.bpm / bpm
        if abs(ratio - 0.5) < 0.5 * SAME_LEVEL:
            half = max(half, candidate.salience / top)
        elif abs(ratio - 2) < 2 * SAME_LEVEL:
            double = max(double, candidate.salience / top)
    return (
        a.duration,
        log(bpm),
        1.0,
        half,
        double,
        a.tempo.confidence,
        a.tempo.drift,
        a.beat_strength,
        a.energy,
        a.build,
        a.intro,
    )


def _artists(tracks: Sequence[Track]) -> Ints:
    numbers: dict[str, int] = {}
    codes = np.empty(len(tracks), dtype=np.int64)
    for i, track in enumerate(tracks):
        name = track.artist.strip().casefold()
        codes[i] = numbers.setdefault(name, len(numbers)) if name else -1 - i
    return codes


@dataclass(frozen=True, eq=False)
class Options:
    """Ways to play tracks: a track at a metrical level; arrays have one value an option."""

    pool: Pool
    track: Ints
    level: Ints
    """Index into `LEVELS`."""

    @cached_property
    def duration(self) -> Floats:
        """Length, seconds."""
        return self.pool.duration[self.track]

    @cached_property
    def group(self) -> Ints:
        """Number of the song."""
        return self.pool.group[self.track]

    @cached_property
    def log_bpm(self) -> Floats:
        """Natural logarithm of the tempo that is followed; NaN without a beat."""
        return self.pool.log_bpm[self.track] + np.log(LEVELS)[self.level]


def options(pool: Pool, tracks: Ints) -> Options:
    """Return every way to play each of `tracks`: three levels, or one where there is no beat."""
    track, level = np.repeat(tracks, len(LEVELS)), np.tile(np.arange(len(LEVELS)), len(tracks))
    useful = (level == 0) | ~np.isnan(pool.log_bpm[track])
    return Options(pool, track[useful], level[useful])
