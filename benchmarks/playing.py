"""Drummers who play a groove, and what they share with the rest of the band.

Time is in beats from the start, pitch and programs as General MIDI has them, velocity from 1 to
127.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from benchmarks.grooves import DRUMS, slots

CHANNELS = {"bass": 0, "chord": 1, "arp": 2, "lead": 3, "pad": 4, "keys": 5, "drums": 9}
LOUD, SOFT = 104, 62
"""Velocities of ``x`` and ``o``."""
CRASH, TOMS = 49, (50, 47, 45, 43)
LIFTED = ("hat", "ride", "open")
"""One of these plays the pattern of the hi-hat in choruses."""
HALF_TIME = "........x......."
"""Snare of a section that feels half as fast."""


@dataclass(frozen=True, slots=True, order=True)
class Note:
    """When and how long (beats), where, what and how loud."""

    start: float
    length: float
    channel: int
    pitch: int
    velocity: int


@dataclass(frozen=True, slots=True)
class Section:
    """Some bars, and who plays in them."""

    first: int
    bars: int
    parts: frozenset[str]
    chorus: bool
    half_time: bool


def hits(pattern: str, beats: int, section: Section) -> Iterator[tuple[int, float, str]]:
    """Yield (slot of the pattern, beat, mark) of what is played in a section.

    Parameters
    ----------
    pattern : str
    beats : int > 0
        A bar.
    section : Section
    """
    division = slots(pattern, beats)
    first, last = (bar * beats * division for bar in (section.first, section.first + section.bars))
    for slot in range(first, last):
        mark = pattern[slot % len(pattern)]
        if mark != ".":
            yield slot % len(pattern), slot / division, mark


def drums(
    lanes: dict[str, str], beats: int, sections: list[Section], rng: Generator
) -> Iterator[Note]:
    """Play patterns, leave some hits out, and lead from section to section.

    Parameters
    ----------
    lanes : dict
        Pattern of each of `DRUMS` that plays.
    beats : int > 0
        A bar.
    sections : list of Section
    rng : np.random.Generator
    """
    sloppy = rng.uniform(0, 0.06)
    fills, crashes = rng.random(2) < 0.7
    levels = {name: 2 ** rng.normal(0, 0.25) for name in lanes}
    lifted = DRUMS[str(rng.choice(LIFTED))]
    for section in sections:
        parts = sorted(section.parts & lanes.keys())
        end = (section.first + section.bars) * beats
        fill = end - int(rng.integers(1, 3)) if fills and parts and section.bars > 1 else end
        for name in parts:
            halved = section.half_time and name in ("snare", "clap") and len(lanes[name]) % 16 == 0
            key = lifted if name == "hat" and section.chorus else DRUMS[name]
            for _, beat, mark in hits(HALF_TIME if halved else lanes[name], beats, section):
                if rng.random() > sloppy and (beat < fill or name == "kick"):
                    yield _hit(beat, key, (LOUD if mark == "x" else SOFT) * levels[name], rng)
        yield from _fill(fill, end, rng)
        if crashes and parts:
            yield _hit(section.first * beats, CRASH, LOUD, rng)


def _hit(beat: float, key: int, velocity: float, rng: Generator) -> Note:
    loud = int(np.clip(velocity * rng.normal(1, 0.07), 8, 127))
    return Note(float(beat), 0.2, CHANNELS["drums"], key, loud)


def _fill(start: float, end: float, rng: Generator) -> Iterator[Note]:
    """Play snare and toms down to the next section."""
    beats = np.arange(start, end - 1e-6, float(rng.choice([1 / 4, 1 / 2, 1 / 3])))
    for i, beat in enumerate(beats):
        if rng.random() < 0.85:
            key = (DRUMS["snare"], *TOMS)[i * 5 // len(beats)]
            yield _hit(beat, key, LOUD * (0.7 + 0.3 * i / len(beats)), rng)
