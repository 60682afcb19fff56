"""When the steps of a workout begin, told by the songs that play then.

Steps too short for a song share one (the rule stands in `playlists.blocks`), but nobody should
have to guess when the next effort starts: these are the cues.
"""

from dataclasses import dataclass

from playlists.playlist import Entry, Playlist

SHARED = 2  # Steps that begin in one song make cues worth a line.


@dataclass(frozen=True, slots=True)
class Cue:
    """A step that begins while a song plays."""

    at: float
    """Seconds from the start of the workout."""
    into: float
    """Seconds from the start of the song."""
    step: int
    """Index of the step."""
    name: str


def cues(playlist: Playlist, entry: Entry) -> tuple[Cue, ...]:
    """Return the steps that begin while `entry` plays, in order."""
    workout = playlist.workout
    return tuple(
        Cue(start, start - entry.start, i, step.name)
        for i, (start, step) in enumerate(zip(workout.starts, workout.steps, strict=True))
        if entry.start <= start < entry.end
    )
