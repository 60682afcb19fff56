"""tempo measures music: the tempo, beat, energy and shape of every track in a folder.

It knows nothing of workouts or playlists; the package `playlists` builds on it.
"""

from tempo.errors import AudioError, LibraryError, TempoError
from tempo.track import (
    Analysis,
    AudioFile,
    Failure,
    Tags,
    TempoCandidate,
    TempoEstimate,
    Track,
)

__all__ = [
    "Analysis",
    "AudioError",
    "AudioFile",
    "Failure",
    "LibraryError",
    "Tags",
    "TempoCandidate",
    "TempoError",
    "TempoEstimate",
    "Track",
]
