"""Tracks as rows of the library, and back."""

import json
import os
from itertools import starmap
from pathlib import Path
from typing import Any

from tempo.remote import is_url
from tempo.track import (
    UNKNOWN_METER,
    Analysis,
    Meter,
    Tags,
    TempoCandidate,
    TempoEstimate,
    TempoSection,
    Track,
    fixed,
)

MEASURED = (
    "title, artist, album, isrc, tag_bpm, duration, candidates, confidence, drift, "
    "beat_strength, energy, loudness, build, intro, sections, meter, "
    "meter_confidence"
)
FILES = f"SELECT path, fixed_bpm, 'analysis', {MEASURED} FROM file WHERE failure IS NULL"  # noqa: S608 - constants
IMPORTED = f"SELECT uri, fixed_bpm, source, {MEASURED} FROM imported WHERE TRUE"  # noqa: S608 - constants
CANDIDATES = 9
"""Place of the candidates in a row of `FILES` or `IMPORTED`."""


def leading(candidates: str, most: int) -> str:
    """Return the first candidates of JSON as `to_row` writes it: what is not read costs nothing."""
    parts = candidates.split("], ", most)
    return candidates if len(parts) <= most else "], ".join(parts[:most]) + "]]"


def to_path(raw: bytes) -> Path:
    """Return the path of a file."""
    return Path(os.fsdecode(raw))


def to_file(raw: bytes) -> Path | str:
    """Return the path or the URL of a file."""
    text = os.fsdecode(raw)
    return text if is_url(text) else Path(text)


def to_raw(location: Path | str) -> bytes | str:
    """Return what stands for a path, URL or URI."""
    return os.fsencode(location) if isinstance(location, Path) else location


def to_location(raw: bytes | str) -> Path | str:
    """Return the path, URL or URI that something stands for."""
    return to_file(raw) if isinstance(raw, bytes) else raw


def to_row(track: Track) -> tuple[object, ...]:
    """Return the values of `MEASURED` of a track."""
    tags, analysis, tempo = track.tags, track.analysis, track.analysis.tempo
    candidates = json.dumps([[c.bpm, c.salience] for c in tempo.candidates])
    sections = json.dumps([[s.start, s.bpm] for s in tempo.sections]) if tempo.sections else None
    return (
        *(tags.title, tags.artist, tags.album, tags.isrc, tags.bpm),
        *(analysis.duration, candidates, tempo.confidence, tempo.drift),
        *(analysis.beat_strength, analysis.energy, analysis.loudness),
        *(analysis.build, analysis.intro, sections),
        *(analysis.meter.beats, analysis.meter.confidence),
    )


def to_track(row: tuple[Any, ...], levels: list[list[float]]) -> Track:
    """Return the track of a row of `FILES` or `IMPORTED`.

    Parameters
    ----------
    row : tuple
    levels : list of [bpm, salience]
        What its candidates say as JSON: many are read faster together.
    """
    place, bpm, source, *tags = row[:8]
    duration, _, confidence, drift, *shape, sections, beats, sure = row[8:]
    strength, energy, loudness, build, intro = shape
    changes = tuple(starmap(TempoSection, json.loads(sections))) if sections else ()
    tempo = TempoEstimate(tuple(starmap(TempoCandidate, levels)), confidence, drift, changes)
    meter = UNKNOWN_METER if sure is None else Meter(beats, sure)  # NULL: measured before it was
    analysis = Analysis(duration, tempo, strength, energy, loudness, build, intro, meter)
    track = Track(to_location(place), Tags(*tags), analysis, source)
    return track if bpm is None else fixed(track, bpm)
