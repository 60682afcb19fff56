"""When the steps of a workout begin, told by the songs that play then.

Steps too short for a song share one (the rule stands in `playlists.blocks`), but nobody should
have to guess when the next effort starts: these are the cues.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from playlists.playlist import Entry, Playlist
from playlists.workout import Range

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


def calls(steps: Iterable[tuple[str, Range]]) -> tuple[str, ...]:
    """Return what to call each step, of which name and intensity are given.

    A name is not enough where harder and easier steps share it; without one, effort is all.
    """
    told = [(name, _percent(intensity)) for name, intensity in steps]
    kinds = set(told)
    shared = {name for name, _ in kinds if sum(name == other for other, _ in kinds) > 1} | {""}
    return tuple(f"{name} {effort}".strip() if name in shared else name for name, effort in told)


def _percent(intensity: Range) -> str:
    first, last = (f"{100 * value:.0f}" for value in intensity)
    return f"{first} %" if first == last else f"{first}-{last} %"


def cues(playlist: Playlist, entry: Entry, lead: float = 0.0) -> tuple[Cue, ...]:
    """Return the steps that begin while `entry` plays, in order.

    Parameters
    ----------
    playlist : Playlist
    entry : Entry
        One of its songs.
    lead : float >= 0
        Seconds before a song in which a step that begins belongs to it already.
    """
    workout, last = playlist.workout, playlist.entries[-1]
    until = entry.end - lead * (entry.start < last.start)
    return tuple(
        Cue(start, start - entry.start, i, step.name)
        for i, (start, step) in enumerate(zip(workout.starts, workout.steps, strict=True))
        if entry.start - lead <= start < until
    )
