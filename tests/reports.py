"""Playlists as `tempo build` writes them, for tests of what shows them."""

from pathlib import Path
from typing import Any

HOSTILE = '</script><img src=x onerror="window.broken=1"> {{ 7*7 }} \'"&<b>'
"""A title that breaks a page which trusts it."""


def entry(number: int, **said: Any) -> dict[str, Any]:
    """Return one song of a playlist, four minutes long."""
    usual = {
        "start": 240.0 * number, "duration": 240.0, "path": None,
        "uri": f"spotify:track:{number:022}", "title": f"Song {number}",
        "artist": f"Artist {number}", "bpm": 120.0 + 3 * number, "level": 1.0,
        "target_bpm": 122.0 + 3 * number, "energy": min(0.1 * number, 1.0),
        "target_energy": 0.5, "confidence": 0.9, "step": "warm-up", "step_index": 0,
        "misfit": 0.1, "why": f"For song {number}, there is a reason.",
    }  # fmt: skip
    return usual | said


def playlist(*entries: dict[str, Any], **said: Any) -> dict[str, Any]:
    """Return a playlist of two steps; by default, of ten songs."""
    songs = list(entries) or [entry(number) for number in range(10)]
    length = sum(song["duration"] or 0.0 for song in songs)
    half = length / 2
    usual = {
        "schema": 1, "workout": "hearts-on-fire", "mode": "async", "seed": 0, "duration": length,
        "target_duration": length, "misfit": 0.2, "bound": 0.1, "gap": 0.5, "entries": songs,
        "steps": [
            {"name": "warm-up", "start": 0.0, "duration": half, "intensity": [0.5, 0.8],
             "cadence": None, "bpm": None},
            {"name": "work", "start": half, "duration": half, "intensity": [0.95, 0.95],
             "cadence": [84, 92], "bpm": None},
        ],
        "wanted": [
            {"at": 0.0, "bpm": [110.0, 118.0, 126.0], "energy": [0.4, 0.6]},
            {"at": length, "bpm": [140.0, 148.0, 156.0], "energy": [0.8, 1.0]},
        ],
        "shortfalls": [
            {"step": "work", "step_index": 1, "seconds": 80.0, "fitting": 1, "needed": 4,
             "bpm": [131.0, 140.0], "advice": "add songs", "doubtful": [
                {"title": "Slow", "artist": "Ann", "bpm": 70.0, "fitting_bpm": 140.0}]},
        ],
    }  # fmt: skip
    return usual | said


def with_files(*paths: Path, seconds: float, **said: Any) -> dict[str, Any]:
    """Return a playlist of sound files of the same length."""
    songs = [
        entry(n, start=seconds * n, duration=seconds, path=str(path), uri=None, title=path.stem)
        for n, path in enumerate(paths)
    ]
    return playlist(*songs, **said)
