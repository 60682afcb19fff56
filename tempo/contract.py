"""What `--json` and `--csv` say of a track; `docs/json.md` is the promise kept here."""

from typing import Any

from tempo.track import Failure, Track

SCHEMA = 1
"""Raised when a key changes its meaning or goes; new keys may come at any time."""

COLUMNS = (
    "path", "uri", "title", "artist", "album", "isrc", "duration", "bpm", "confidence", "drift",
    "beat_strength", "energy", "loudness", "build", "intro", "source", "tag_bpm", "change",
    "meter", "meter_confidence",
)  # fmt: skip
"""Columns of the CSV form, which leaves out the lists."""


def track_json(track: Track) -> dict[str, Any]:
    """Return a track as plain values; unknown texts and numbers are None."""
    analysis, tags = track.analysis, track.tags
    return {
        "schema": SCHEMA,
        "path": None if track.path is None else str(track.path),
        "uri": track.uri,
        "title": track.title,
        "artist": track.artist or None,
        "album": tags.album or None,
        "isrc": tags.isrc or None,
        "duration": analysis.duration,
        "bpm": track.bpm,
        "confidence": analysis.tempo.confidence,
        "candidates": [
            {"bpm": candidate.bpm, "salience": candidate.salience}
            for candidate in analysis.tempo.candidates
        ],
        "drift": analysis.tempo.drift,
        "change": analysis.tempo.change,
        "sections": [
            {"start": section.start, "bpm": section.bpm} for section in analysis.tempo.sections
        ],
        "meter": analysis.meter.beats,
        "meter_confidence": analysis.meter.confidence,
        "beat_strength": analysis.beat_strength,
        "energy": analysis.energy,
        "loudness": analysis.loudness,
        "build": analysis.build,
        "intro": analysis.intro,
        "source": track.source,
        "tag_bpm": tags.bpm,
        "doubtful": track.is_doubtful,
    }


def failure_json(failure: Failure) -> dict[str, Any]:
    """Return a failure as plain values."""
    return {"schema": SCHEMA, "path": str(failure.path), "reason": failure.reason}
