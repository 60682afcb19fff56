"""What `tempo build --json` says of a playlist; `docs/json.md` is the promise kept here."""

from collections.abc import Sequence
from typing import Any

from playlists.cues import cues
from playlists.explaining import explain
from playlists.formats.own import SCHEMA
from playlists.matching import Misfit
from playlists.playlist import Correction, Entry, Mode, Playlist
from playlists.workout import Workout
from tempo.track import Track


def playlist_json(playlist: Playlist) -> dict[str, Any]:
    """Return a playlist as plain values."""
    return {
        "schema": SCHEMA,
        "title": playlist.title,
        "workout": playlist.workout.name,
        "mode": playlist.mode,
        "seed": playlist.seed,
        "duration": playlist.duration,
        "target_duration": playlist.target_duration,
        "misfit": playlist.misfit,
        "bound": playlist.bound,
        "gap": playlist.gap,
        "entries": [
            _entry(entry, playlist.mode) | {"cues": _cues(playlist, entry)}
            for entry in playlist.entries
        ],
        "steps": [
            {
                "name": step.name or None,
                "start": start,
                "duration": step.duration,
                "intensity": list(step.intensity),
                "cadence": step.cadence and list(step.cadence),
                "bpm": step.bpm and list(step.bpm),
            }
            for start, step in zip(playlist.workout.starts, playlist.workout.steps, strict=True)
        ],
        "wanted": [
            {"at": moment.at, "bpm": list(moment.bpm), "energy": list(moment.energy)}
            for moment in playlist.wanted
        ],
        "shortfalls": [
            {
                "step": shortfall.step_name or None,
                "step_index": shortfall.step,
                "seconds": shortfall.seconds,
                "fitting": shortfall.fitting,
                "needed": shortfall.needed,
                "bpm": list(shortfall.bpm),
                "advice": shortfall.advice,
                "doubtful": [_correction(each) for each in shortfall.doubtful],
            }
            for shortfall in playlist.shortfalls
        ],
    }


def score_json(
    misfit: Misfit, workout: Workout, mode: Mode, tracks: Sequence[Track], unknown: Sequence[str]
) -> dict[str, Any]:
    """Return what a playlist is charged for as plain values."""
    return {
        "schema": SCHEMA,
        "workout": workout.name,
        "mode": mode,
        "tracks": len(tracks),
        "unknown": list(unknown),
        "duration": sum(track.analysis.duration for track in tracks),
        "target_duration": workout.duration,
        "misfit": misfit.total,
        "terms": misfit.terms,
    }


def _cues(playlist: Playlist, entry: Entry) -> list[dict[str, Any]]:
    return [
        {"at": cue.at, "into": cue.into, "step": cue.name or None, "step_index": cue.step}
        for cue in cues(playlist, entry)
    ]


def _correction(correction: Correction) -> dict[str, Any]:
    track = correction.track
    return {
        "path": None if track.path is None else str(track.path),
        "uri": track.uri,
        "title": track.title,
        "artist": track.artist or None,
        "bpm": track.bpm,
        "fitting_bpm": correction.bpm,
    }


def _entry(entry: Entry, mode: Mode) -> dict[str, Any]:
    track = entry.track
    return {
        "start": entry.start,
        "duration": entry.duration,
        "path": None if track.path is None else str(track.path),
        "uri": track.uri,
        "title": track.title,
        "artist": track.artist or None,
        "bpm": track.bpm,
        "level": entry.level,
        "target_bpm": entry.target_bpm,
        "energy": track.analysis.energy,
        "target_energy": entry.target_energy,
        "confidence": track.analysis.tempo.confidence,
        "step": entry.step_name or None,
        "step_index": entry.step,
        "pinned": entry.is_pinned,
        "misfit": entry.misfit,
        "why": explain(entry, mode),
    }
