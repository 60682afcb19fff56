"""Bass, chords, arpeggio, pad and melody of a song."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from benchmarks.grooves import PITCHED, Groove, slots
from benchmarks.playing import CHANNELS, LOUD, SOFT, Note, Section, hits

MAJOR, MINOR = (0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10)
LOOPS = ((0, 4, 5, 3), (0, 5, 3, 4), (5, 3, 0, 4), (0, 3, 4, 3), (0, 3, 0, 4), (0, 6, 5, 6),
         (1, 4, 0, 0), (0, 0, 3, 4), (0, 0, 0, 0), (0, 2, 3, 4))  # fmt: skip
"""Degrees of the scale on which the chords of popular music stand."""
LOWEST, HIGHEST = 40, 52
"""Keys of the tonic: E2 to D#3."""
CHORD_SECONDS = 2.2
"""A chord lasts about so long at any tempo: a bar at 110 BPM."""
SYLLABLES = 3.2
"""Notes of a melody a second, about as many as sung syllables."""


@dataclass(frozen=True, slots=True)
class Harmony:
    """Key and chords.

    Attributes
    ----------
    tonic : int
        Key in General MIDI.
    scale, loop : tuple of int
        Semitones above the tonic; degrees on which the chords stand.
    beats : float > 0
        That a chord lasts.
    """

    tonic: int
    scale: tuple[int, ...]
    loop: tuple[int, ...]
    beats: float

    def pitch(self, beat: float, step: int) -> int:
        """Return the pitch some steps of the scale above the root of the chord at a beat."""
        degree = self.loop[int(beat / self.beats + 1e-6) % len(self.loop)] + step
        return self.tonic + self.scale[degree % 7] + 12 * (degree // 7)


def harmonies(
    groove: Groove, lanes: dict[str, str], sections: list[Section], bpm: float, rng: Generator
) -> Iterator[Note]:
    """Play all but the drums.

    Parameters
    ----------
    groove : Groove
    lanes : dict
        Pattern of each of `PITCHED` that plays; melody and pad need none.
    sections : list of Section
    bpm : float > 0
    rng : np.random.Generator
    """
    chords = _harmony(groove.beats, bpm, rng)
    gates = {part: float(rng.uniform(0.4, 1.0)) for part in PITCHED}
    motif = list(_motif(groove, bpm, rng))
    style = rng.random()
    for section in sections:
        span = (section.first * groove.beats, (section.first + section.bars) * groove.beats)
        for part in [part for part in PITCHED if part in section.parts & lanes.keys()]:
            played = list(hits(lanes[part], groove.beats, section))
            ends = [beat for _, beat, _ in played[1:]] + [float(span[1])]
            for (slot, beat, mark), after in zip(played, ends, strict=True):
                length = gates[part] * min(after - beat, chords.beats)
                for step in _steps(part, slot, style):
                    loud = LOUD if mark == "x" else SOFT
                    yield _note(part, beat, length, chords.pitch(beat, step), loud, rng)
        if "pad" in section.parts:
            for beat in np.arange(*span, chords.beats):
                for step in (7, 9, 11):
                    pitch = chords.pitch(float(beat), step)
                    yield _note("pad", float(beat), chords.beats * 0.98, pitch, SOFT, rng)
        if "lead" in section.parts:
            yield from _melody(motif, span, 2 * groove.beats, chords, rng)


def _harmony(beats: int, bpm: float, rng: Generator) -> Harmony:
    """Choose a key, a mode, a loop, and from half a bar to four bars a chord."""
    usual = CHORD_SECONDS * 2 ** rng.normal(0, 0.5) * bpm / 60 / beats
    bars = 2.0 ** np.clip(round(np.log2(usual)), -1 if beats % 2 == 0 else 0, 2)
    scale = MAJOR if rng.random() < 0.5 else MINOR
    loop = LOOPS[int(rng.integers(len(LOOPS)))]
    return Harmony(int(rng.integers(LOWEST, HIGHEST)), scale, loop, float(beats * bars))


def _steps(part: str, slot: int, style: float) -> tuple[int, ...]:
    """Return what a part plays in a slot, as steps above the chord's root.

    A bass of low `style` has the fifth in every second half of two beats, one of high the octave.
    """
    if part in ("chord", "keys"):
        return (7, 9, 11) if part == "chord" else (9, 11, 14)
    if part == "arp":
        return ((7, 9, 11, 14)[slot % 4],)
    if style < 0.3 and slot % 8 >= 4:
        return (-3,)
    return (0,) if style > 0.8 and slot % 4 == 2 else (-7,)


def _note(part: str, beat: float, length: float, pitch: int, loud: float, rng: Generator) -> Note:
    velocity = int(np.clip(loud * rng.normal(0.9, 0.08), 8, 127))
    return Note(beat, max(0.05, length), CHANNELS[part], pitch, velocity)


def _motif(groove: Groove, bpm: float, rng: Generator) -> Iterator[tuple[float, int]]:
    """Yield (beat, step) of two bars of melody, likelier on the beat than between."""
    division = slots(next(iter(groove.lanes.values()))[0], groove.beats)
    weight = np.full(2 * groove.beats * division, 0.2)
    weight[division // 2 :: division] = 0.55
    weight[::division] = 1.0
    wanted = SYLLABLES * 2 ** rng.normal(0, 0.5) * 60 / bpm * 2 * groove.beats
    chances = np.clip(weight * wanted / weight.sum(), 0, 0.9)
    step = int(rng.integers(0, 5))
    for slot in np.flatnonzero(rng.random(len(weight)) < chances):
        step = int(np.clip(step + rng.integers(-2, 3), -3, 9))
        yield float(slot) / division, step


def _melody(
    motif: list[tuple[float, int]],
    span: tuple[int, int],
    beats: int,
    chords: Harmony,
    rng: Generator,
) -> Iterator[Note]:
    """Play the motif, of some beats, again and again; now and then a note changes."""
    for start in range(*span, beats):
        ends = [beat for beat, _ in motif[1:]] + [float(beats)]
        for (beat, step), after in zip(motif, ends, strict=False):
            if start + beat < span[1] and rng.random() < 0.94:
                turn = int(rng.integers(-1, 2)) if rng.random() < 0.2 else 0
                pitch = chords.pitch(start + beat, step + turn + 14)
                length = float(rng.uniform(0.6, 1.0)) * (after - beat)
                yield _note("lead", start + beat, length, pitch, LOUD, rng)
