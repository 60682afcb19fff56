"""Whether files hold the same song: what its owner said of one holds for the other."""

from collections.abc import Iterable
from math import log2

from tempo.track import Track

SAME_LENGTH = 2.0
"""Seconds by which a song may become longer or shorter: encoders and their padding change less."""
CLOSE_LENGTH = 1.0
"""The same, where the song is known by its name."""
CLOSE_TEMPO = 0.005
"""Share by which a tempo may change: what encoders leave out hardly moves a beat."""


def is_other(before: float, now: Track) -> bool:
    """Tell whether a file that held a song of so many seconds holds another one by now."""
    return abs(before - now.analysis.duration) > SAME_LENGTH


class Songs:
    """Songs that are known again when they come under another path.

    Parameters
    ----------
    tracks : iterable of Track
        As they were measured. Of those that are alike, the last is known again.
    """

    def __init__(self, tracks: Iterable[Track]) -> None:
        self._tracks = list(tracks)[::-1]
        self._by_sound = {track.analysis: track for track in self._tracks[::-1]}

    def like(self, track: Track) -> Track | None:
        """Return the song that a track is: what measures the same, or one encoded otherwise."""
        same = self._by_sound.get(track.analysis)
        return same or next((each for each in self._tracks if _is_encoded(each, track)), None)


def _is_encoded(one: Track, other: Track) -> bool:
    """Tell whether tracks have the same tags, length and tempo, of which the octave may differ."""
    names = [(each.tags.artist.casefold(), each.tags.title.casefold()) for each in (one, other)]
    if not all(names[0]) or names[0] != names[1]:
        return False
    apart = abs(one.analysis.duration - other.analysis.duration)
    return apart <= CLOSE_LENGTH and _is_tempo(one.bpm, other.bpm)


def _is_tempo(one: float | None, other: float | None) -> bool:
    if not one or not other:
        return one == other
    octaves = log2(one / other)
    return abs(2 ** (octaves - round(octaves)) - 1) <= CLOSE_TEMPO
