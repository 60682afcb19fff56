"""What was made of the music: playlists that were built, and those that were done.

Conventions
-----------
Times are in seconds since 1970.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Built:
    """A playlist that was written to a file."""

    time: float
    """Alternatives, of which the best is stored last, have the same."""
    name: str
    """Of the workout."""
    mode: str
    seed: int
    minutes: float
    """Length of the workout."""
    intensity: float
    """Of the workout as a whole; 1 is threshold."""
    output: Path
    """The file as it was written; it may have moved since."""
    tracks: tuple[Path | str, ...]
    """Their locations, in order."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """What the user asked for, as plain values, so that it can be built again."""
    number: int = 0
    """In the library, from 1 on in the order of building; 0 before it is stored."""


@dataclass(frozen=True, slots=True)
class Done:
    """A workout that was done to a playlist."""

    built: int
    """Number of the playlist."""
    time: float
    rpe: float | None = None
    """Rating of perceived exertion, 0 to 10, if it was given."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Use:
    """How often and how lately a track was in a playlist."""

    count: int
    """Of playlists with the track."""
    last: float
    """When the latest of them was built."""
    ago: tuple[int, ...]
    """How many playlists were built after each, the latest first."""
