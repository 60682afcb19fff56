"""The book of grooves, `grooves.toml`: who plays when in a bar of each style, and how fast."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DRUMS = {
    "kick": 36, "rim": 37, "snare": 38, "clap": 39, "hat": 42, "tom": 45, "open": 46,
    "ride": 51, "tamb": 54, "cowbell": 56, "conga": 63, "shaker": 70, "clave": 75,
}  # fmt: skip
"""Lanes that drums play, and their keys in General MIDI."""
PITCHED = ("bass", "chord", "keys", "arp")
"""Lanes of the others; keys play along with the chords, another of their patterns."""


@dataclass(frozen=True, slots=True)
class Sound:
    """Programs of General MIDI, counted from 0, of which a song has one each."""

    kit: tuple[int, ...]
    bass: tuple[int, ...]
    chord: tuple[int, ...]
    lead: tuple[int, ...]
    pad: tuple[int, ...]

    def of(self, part: str) -> tuple[int, ...]:
        """Return the programs of one of `benchmarks.playing.CHANNELS`."""
        names = {"arp": "chord", "keys": "chord", "drums": "kit"}
        programs: tuple[int, ...] = getattr(self, names.get(part, part))
        return programs


@dataclass(frozen=True, slots=True)
class Groove:
    """A style.

    Attributes
    ----------
    name, family : str
    bpm : tuple of float
        Slowest and fastest that it is counted as written.
    sound : Sound
    beats : int > 0
        A bar.
    meter : int
        3, 4 or 6, as `tempo.track.Meter` has it.
    meter_only : bool
        Whether only meters, not tempos, are learned from it.
    swing : tuple of float
        Least and most delay of every second slot, as a share of a slot.
    lanes : dict
        Of `DRUMS` and `PITCHED`, the patterns of which a song has one.
    """

    name: str
    family: str
    bpm: tuple[float, float]
    sound: Sound
    beats: int
    meter: int
    meter_only: bool
    swing: tuple[float, float]
    lanes: dict[str, tuple[str, ...]]


@cache
def grooves() -> tuple[Groove, ...]:
    """Return all styles, in the order of the file."""
    with Path(__file__).with_suffix(".toml").open("rb") as file:
        book = tomllib.load(file)
    kinds = {
        name: Sound(**{part: tuple(programs) for part, programs in sound.items()})
        for name, sound in book.pop("sounds").items()
    }
    return tuple(
        Groove(
            name=name,
            family=style["family"],
            bpm=tuple(style["bpm"]),
            sound=kinds[style["sound"]],
            beats=style.get("beats", 4),
            meter=style.get("meter", 3 if style.get("beats") == 3 else 4),
            meter_only=style.get("meter_only", False),
            swing=tuple(style.get("swing", (0.0, 0.0))),
            lanes={k: tuple(style[k]) for k in (*DRUMS, *PITCHED) if k in style},
        )
        for name, style in book.items()
    )


def slots(pattern: str, beats: int) -> int:
    """Return how many slots a beat of a pattern has: 3 or 4.

    A pattern is one bar or two; what divides evenly into sixteenths is read as such, so a bar of
    twelve slots is in triplets only where it has four beats.
    """
    return 3 if len(pattern) % (3 * beats) == 0 and len(pattern) % (4 * beats) else 4
