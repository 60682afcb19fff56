"""What a playlist must keep to, whatever it costs: pins, and how often an artist may come."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from playlists.errors import PlaylistError
from playlists.pool import Floats, Ints, Pool
from tempo.track import Track


@dataclass(frozen=True, slots=True)
class Pin:
    """A track that must be playing at a moment of the workout."""

    track: Track
    at: float
    """Seconds from the start."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What must hold of a playlist; tracks are indices into its pool."""

    pins: tuple[tuple[int, float], ...] = ()
    """Each track that is pinned, and the second that it must cover."""
    max_per_artist: int | None = None
    no_repeat_artist: int = 0
    """Songs that must lie between two of one artist."""

    @property
    def moments(self) -> tuple[float, ...]:
        """Seconds that pinned tracks must cover."""
        return tuple(at for _, at in self.pins)

    @property
    def until(self) -> float:
        """Second that the music must outlast."""
        return max(self.moments, default=-1.0)


FREE = Rules()


def pinned(pins: Iterable[Pin], held: Pool, duration: float) -> tuple[tuple[int, float], ...]:
    """Return the pins as indices into `held`.

    Raises
    ------
    PlaylistError
        If a track is not there, a moment lies outside the workout, or two pins exclude each other.
    """
    pins = sorted(pins, key=lambda pin: pin.at)
    for pin in pins:
        if not 0 <= pin.at < duration:
            raise PlaylistError(
                f"{_name(pin)}: the workout lasts from 0:00 to {_clock(duration)}; pin it in there"
            )
    found = tuple((held.find(pin.track.location), pin.at) for pin in pins)
    for (one, (a, _)), (other, (b, _)) in combinations(zip(pins, found, strict=True), 2):
        if held.group[a] == held.group[b]:
            raise PlaylistError(f"{_name(one)} and {_name(other)}: a song comes only once")
    return found


def impossible(pins: Iterable[Pin]) -> PlaylistError:
    """Return the error that says that no playlist has these pins."""
    names = " and ".join(_name(pin) for pin in sorted(pins, key=lambda pin: pin.at))
    return PlaylistError(f"no order of the songs has {names}: move a pin, or take one away")


def _name(pin: Pin) -> str:
    return f"“{pin.track.title}” at {_clock(pin.at)}"


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def clashes(rules: Rules, track: Ints, start: Floats, end: Floats) -> NDArray[np.bool_]:
    """Return whether each track from `start` to `end` denies a pin; broadcast."""
    clash = np.zeros(np.broadcast_shapes(track.shape, start.shape, end.shape), dtype=bool)
    for wanted, at in rules.pins:
        clash |= ((start <= at) & (at < end)) != (track == wanted)
    return clash
