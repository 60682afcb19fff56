"""The best order of tracks for a workout."""

from collections.abc import Iterable

from playlists.playlist import Mode, Playlist
from playlists.settings import Settings
from playlists.workout import Range, Workout
from tempo.track import Track


def sequence(
    workout: Workout,
    tracks: Iterable[Track],
    *,
    settings: Settings,
    mode: Mode = "async",
    seed: int = 0,
    cadence: Range | None = None,
) -> Playlist:
    """Return the tracks of the best playlist for `workout`, in order."""
    raise NotImplementedError
