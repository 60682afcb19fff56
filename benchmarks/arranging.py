"""Write a song in the style of a groove.

What a song is made of is drawn once for it (patterns, instruments, key, melody), as a band repeats
itself; who plays changes from section to section.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import Generator

from benchmarks.grooves import DRUMS, Groove, slots
from benchmarks.harmony import harmonies
from benchmarks.playing import CHANNELS, Note, Section, drums

SECTION_SECONDS = 12.0
"""Eight bars at 160 BPM, four at 80."""
VOLUMES = {"bass": 100, "chord": 80, "arp": 74, "lead": 94, "pad": 62, "keys": 70, "drums": 106}
"""Of 127, in the middle."""
EXTRA = {
    4: ("x.x.x.x.x.x.x.x.", "xoxoxoxoxoxoxoxo", "....x.......x...", "x...x...x...x...",
        "..x...x...x...x."),
    3: ("x..x..x..x..", "x.xx.xx.xx.x", "...x.....x.."),
}  # fmt: skip
"""Patterns of one more drum, in four beats of so many slots."""
MOST_HITS = 10.0
"""A second that it plays."""
HALF_TIME_FROM = 110.0
"""BPM from which a section may feel half as fast; its half would be too slow below."""


@dataclass(frozen=True, slots=True)
class Score:
    """A song: notes in order, and the program and volume (0 to 127) of each channel."""

    notes: tuple[Note, ...]
    programs: dict[int, int]
    volumes: dict[int, int]


def arrange(groove: Groove, bpm: float, seconds: float, rng: Generator) -> Score:
    """Write a song.

    Parameters
    ----------
    groove : Groove
    bpm : float > 0
    seconds : float > 0
        Up to a bar less than its length.
    rng : np.random.Generator
    """
    lanes = _lanes(groove, bpm, rng)
    bars = int(np.ceil(seconds * bpm / 60 / groove.beats))
    sections = list(_sections(groove, lanes, bpm, bars, rng))
    swing = rng.uniform(*groove.swing)
    played = {name: lanes[name] for name in DRUMS if name in lanes}
    notes = [*drums(played, groove.beats, sections, rng)]
    notes += harmonies(groove, lanes, sections, bpm, rng)
    programs = {CHANNELS[p]: int(rng.choice(groove.sound.of(p))) for p in CHANNELS}
    volumes = {CHANNELS[p]: _volume(v, rng) for p, v in VOLUMES.items()}
    return Score(tuple(sorted(_swung(note, swing) for note in notes)), programs, volumes)


def _volume(usual: int, rng: Generator) -> int:
    return int(np.clip(usual * 2 ** rng.normal(0, 0.3), 30, 127))


def _swung(note: Note, swing: float) -> Note:
    """Delay every second sixteenth."""
    late = swing / 4 if abs(note.start * 4 % 2 - 1) < 1e-6 else 0.0
    return replace(note, start=note.start + late)


def _lanes(groove: Groove, bpm: float, rng: Generator) -> dict[str, str]:
    """Choose a pattern of each lane, and change them a little."""
    lanes = {name: str(rng.choice(choice)) for name, choice in groove.lanes.items()}
    if "kick" in lanes and rng.random() < 0.5:
        lanes["kick"] = _varied(lanes["kick"], groove.beats, rng)
    if DRUMS.keys() & lanes.keys() and groove.beats == 4 and rng.random() < 0.3:
        extra = str(rng.choice(EXTRA[slots(lanes["bass"], groove.beats)]))
        if sum(mark != "." for mark in extra) / 4 * bpm / 60 < MOST_HITS:
            lanes.setdefault(str(rng.choice(["tamb", "shaker", "conga", "cowbell"])), extra)
    if rng.random() < 0.5:
        lanes["keys"] = str(rng.choice(groove.lanes["chord"]))
    if "arp" in lanes and "chord" in lanes and rng.random() < 0.6:
        del lanes[str(rng.choice(["arp", "arp", "chord"]))]
    return lanes


def _varied(pattern: str, beats: int, rng: Generator) -> str:
    """Return two bars of the pattern with a hit between two beats more or less in one."""
    division = slots(pattern, beats)
    marks = list(pattern if len(pattern) > beats * division else pattern * 2)
    slot = int(rng.choice(np.arange(len(marks))[division // 2 :: division]))
    marks[slot] = "." if marks[slot] == "x" else "x"
    return "".join(marks)


def _sections(
    groove: Groove, lanes: dict[str, str], bpm: float, bars: int, rng: Generator
) -> Iterator[Section]:
    """Divide the song: an intro or none, verses, choruses, breaks."""
    usual = SECTION_SECONDS * 2 ** rng.normal(0, 0.4) * bpm / 60 / groove.beats
    length = int(2 ** np.clip(round(np.log2(usual)), 1, 4))
    sung, chorus, some_half = rng.random(3) < (0.8, 0.5, 0.15)
    for first in range(0, bars, length):
        parts = {*lanes, "lead", "pad"}
        if not sung or rng.random() < 0.2:
            parts.remove("lead")
        if not chorus and rng.random() < 0.6:
            parts.remove("pad")
        chance = rng.random()
        if chance < (0.35 if first == 0 else 0.08):
            parts -= DRUMS.keys()
        elif chance > 0.85:
            parts -= set(rng.choice(sorted(parts), len(parts) // 3, replace=False))
        half = bool(some_half and bpm > HALF_TIME_FROM and rng.random() < 0.3)
        playing = frozenset(parts or {"pad"})
        yield Section(first, min(length, bars - first), playing, bool(chorus), half)
        chorus ^= rng.random() < 0.7
