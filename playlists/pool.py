"""Tracks as arrays, so that a whole library is judged at once."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import compress
from math import log
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from playlists.errors import PlaylistError
from playlists.titles import NOBODY, leads
from tempo.rows import Rows, places
from tempo.track import Track

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEVELS = (1.0, 0.5, 2.0)  # The plain level first: it wins ties.
BLOCK = 1 << 14  # Tracks read at once: their numbers stay in the cache.
SAME_LEVEL = 0.04  # Two tempos this close are one: the tolerance of MIREX tempo evaluation.


@dataclass(frozen=True, eq=False)
class Pool:
    """Tracks as arrays, one value a track; NaN where a track has no beat."""

    tracks: Sequence[Track]
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
        try:
            return places(self.tracks).index(os.fsencode(location))
        except ValueError:
            raise PlaylistError(f"{location} is not among the tracks to choose from") from None


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
        artist=_numbered(track.artist for track in tracks),
        group=np.arange(len(rows)),
        extra=np.zeros(len(rows)),
    )


def pool_of_rows(rows: Rows) -> Pool:
    """Return the tracks of `rows` as arrays, as `pool` does, without making them."""
    candidates, confidence = list(rows.column("candidates")), _values(rows, "confidence").copy()
    for i, bpm in enumerate(rows.column("fixed_bpm")):
        if bpm is not None:
            candidates[i], confidence[i] = f"[[{bpm!r}, 1.0]]", 1.0
    log_bpm, heard = _levels(candidates)
    beatless = np.isnan(log_bpm)
    return Pool(
        rows,
        duration=_values(rows, "duration"),
        log_bpm=log_bpm,
        heard=heard,
        confidence=np.where(beatless, 0.0, confidence),
        drift=np.where(beatless, 0.0, _values(rows, "drift")),
        beat=_values(rows, "beat_strength"),
        energy=_values(rows, "energy"),
        build=_values(rows, "build"),
        intro=np.where(beatless, 0.0, _values(rows, "intro")),
        artist=_numbered(_artists(rows)),
        group=np.arange(len(rows)),
        extra=np.zeros(len(rows)),
    )


def _artists(rows: Rows) -> list[str]:
    """Return the artist of each track, from the tags or else the file name."""
    artists = list(rows.column("artist"))
    for i, title in enumerate(rows.column("title")):
        if not title and not artists[i]:
            artists[i] = rows[i].artist
    return artists


def _values(rows: Rows, column: str) -> Floats:
    return np.asarray(rows.column(column), dtype=np.float64)


def _levels(candidates: list[str]) -> tuple[Floats, Floats]:
    """Return the logarithm of each tempo, and the relative salience of `LEVELS`; see `_row`."""
    log_bpm, heard = np.empty(len(candidates)), np.empty((len(candidates), len(LEVELS)))
    for low in range(0, len(candidates), BLOCK):
        part = slice(low, low + BLOCK)
        log_bpm[part], heard[part] = _levels_of(candidates[part])
    return log_bpm, heard


def _levels_of(candidates: list[str]) -> tuple[Floats, Floats]:
    """Return the same of some tracks.

    Each text is JSON, ``[[bpm, salience], ...]``; all at once are read without their brackets.
    """
    count = np.array([text.count("[") - 1 for text in candidates], dtype=np.int64)
    numbers = ",".join(compress(candidates, count)).translate({ord("["): None, ord("]"): None})
    bpm, salience = np.fromstring(numbers, sep=",").reshape(-1, 2).T
    owner, first = np.repeat(np.arange(len(count)), count), np.cumsum(count) - count
    top = np.repeat(first, count)
    ratio, share = bpm / bpm[top], salience / salience[top]
    later = np.arange(len(bpm)) > top
    heard = np.zeros((len(count), len(LEVELS)))
    heard[:, 0] = 1.0
    for level, times in ((1, 0.5), (2, 2.0)):
        near = later & (np.abs(ratio - times) < times * SAME_LEVEL)
        np.maximum.at(heard[:, level], owner[near], share[near])
    log_bpm = np.full(len(count), np.nan)
    log_bpm[count > 0] = np.log(bpm[first[count > 0]])
    return log_bpm, heard


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


def _numbered(artists: Iterable[str]) -> Ints:
    """Return a number for each leading artist: guests and bands behind make no other one."""
    texts = list(artists)
    numbers, names = dict.fromkeys(NOBODY, -1), list(dict.fromkeys(["", *texts]))
    known = {
        text: numbers.setdefault(lead, len(numbers) - len(NOBODY))
        for text, lead in zip(names, leads(names), strict=True)
    }
    codes = np.fromiter(map(known.__getitem__, texts), np.int64, len(texts))
    return np.where(codes < 0, -1 - np.arange(len(texts)), codes)


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
    def artist(self) -> Ints:
        """Number of the artist."""
        return self.pool.artist[self.track]

    @cached_property
    def log_bpm(self) -> Floats:
        """Natural logarithm of the tempo that is followed; NaN without a beat."""
        return self.pool.log_bpm[self.track] + np.log(LEVELS)[self.level]


def options(pool: Pool, tracks: Ints) -> Options:
    """Return every way to play each of `tracks`: three levels, or one where there is no beat."""
    track, level = np.repeat(tracks, len(LEVELS)), np.tile(np.arange(len(LEVELS)), len(tracks))
    useful = (level == 0) | ~np.isnan(pool.log_bpm[track])
    return Options(pool, track[useful], level[useful])
