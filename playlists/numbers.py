"""What others say of recordings, in the terms of this program."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from playlists.recording import Recording
from tempo.catalog import LIMITS
from tempo.published import of_tempo, published
from tempo.track import Analysis

Said = Iterable[tuple[Recording, Analysis | None]]
"""Recordings as they are looked up, and what is said of them; None where nothing is."""
Source = Callable[[Sequence[Recording]], Said]
"""Looks recordings up. What it yielded counts, even if it ends early or raises
`playlists.web.UnansweredError`."""

NUMBERS = ("tempo", "energy", "loudness", "danceability")
"""What is needed of published numbers, in the order of `tempo.published.published`."""


def of_numbers(one: Recording, numbers: Mapping[str, Any]) -> Analysis | None:
    """Return what Spotify's numbers say, or None where they are incomplete or cannot be.

    Spotify's 0 BPM is unknown.
    """
    if not all(is_usable(name, numbers.get(name)) for name in NUMBERS):
        return None
    return published(one.seconds or 0.0, *(float(numbers[name]) for name in NUMBERS))


def of_bpm(one: Recording, bpm: object) -> Analysis | None:
    """Return what a bare tempo says, or None where it is none that can be."""
    try:
        value = float(bpm)  # type: ignore[arg-type]  # whatever a service sent
    except (TypeError, ValueError, OverflowError):
        return None
    return of_tempo(one.seconds or 0.0, value) if is_usable("tempo", value) else None


def is_usable(name: str, value: object) -> bool:
    """Tell whether something is a number that `name`, of `tempo.catalog.LIMITS`, can have."""
    low, high = LIMITS[name]
    return isinstance(value, int | float) and low <= value <= high
