"""Perform a score: as exactly as people or machines do, by fluidsynth and a singer."""

import subprocess
from dataclasses import replace
from pathlib import Path

import mido
import numpy as np
import soundfile
from numpy.random import Generator

from benchmarks.arranging import Score
from benchmarks.playing import CHANNELS, Note
from benchmarks.singing import sing
from benchmarks.synth import SAMPLE_RATE, Audio

TICKS = 960
"""A beat of MIDI."""
LOOSE = (0.0, 0.004, 0.008, 0.014)
"""Seconds, standard deviations of what players are early or late, from a machine to amateurs."""
SINGER_LOOSE = 0.025
"""The same of a singer, who is on no grid."""
WANDER = 0.012
"""Most that the tempo is off for a while where players are loose."""
WANDER_SECONDS = (7.0, 20.0)
VOICE = (0.5, 1.6)
"""Standard deviation of the voice in that of the band."""
RANGE = (48, 69)
"""Keys of the voice: C3 to A4; notes are moved into it by octaves."""
REVERB, VOLUME = 91, 7
"""Controllers of General MIDI."""


def performed(score: Score, bpm: float, rng: Generator) -> Score:
    """Return the notes as played: early, late, and faster or slower for a while."""
    loose = float(rng.choice(LOOSE)) * bpm / 60
    lag = {channel: rng.normal(0, loose / 2) for channel in score.programs}
    wave = 2 * np.pi / (rng.uniform(*WANDER_SECONDS) * bpm / 60)
    swell = rng.uniform(0, WANDER) / wave if loose else 0.0
    phase = rng.uniform(0, 2 * np.pi)

    def moved(note: Note) -> Note:
        late = lag[note.channel] + rng.normal(0, loose) + swell * np.sin(wave * note.start + phase)
        return replace(note, start=max(0.0, float(note.start + late)))

    return replace(score, notes=tuple(sorted(moved(note) for note in score.notes)))


def midi(score: Score, bpm: float, rng: Generator) -> mido.MidiFile:
    """Write a score as MIDI, with more or less reverberation for each instrument."""
    file = mido.MidiFile(type=0, ticks_per_beat=TICKS)
    track = mido.MidiTrack()
    file.tracks.append(track)
    events = [(0, mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(bpm)))]
    for channel, program in score.programs.items():
        events.append((0, mido.Message("program_change", channel=channel, program=program)))
        for control, value in ((VOLUME, score.volumes[channel]), (REVERB, rng.integers(10, 100))):
            message = mido.Message(
                "control_change", channel=channel, control=control, value=int(value)
            )
            events.append((0, message))
    for note in score.notes:
        for kind, beat in (("note_on", note.start), ("note_off", note.start + note.length)):
            message = mido.Message(
                kind, channel=note.channel, note=note.pitch, velocity=note.velocity
            )
            events.append((round(beat * TICKS), message))
    now = 0
    for tick, message in sorted(events, key=lambda event: event[0]):
        track.append(message.copy(time=tick - now))
        now = tick
    return file


def played(score: Score, bpm: float, font: Path, scratch: Path, rng: Generator) -> Audio:
    """Return what fluidsynth makes of a score.

    Parameters
    ----------
    score : Score
    bpm : float > 0
    font : Path
        General MIDI sound font.
    scratch : Path
        Name of files that are written and removed, without suffix.
    rng : np.random.Generator

    Returns
    -------
    np.ndarray [shape=(n,), dtype=float32]
    """
    notes, wav = scratch.with_suffix(".mid"), scratch.with_suffix(".wav")
    midi(score, bpm, rng).save(notes)
    command = ["fluidsynth", "-ni", "-q", "-g", "0.4", "-r", str(SAMPLE_RATE), "-O", "float"]
    command += ["-o", "synth.dynamic-sample-loading=1", "-F", str(wav), str(font), str(notes)]
    subprocess.run(command, check=True, capture_output=True)
    y, _ = soundfile.read(wav, dtype="float32", always_2d=True)
    notes.unlink()
    wav.unlink()
    return np.asarray(y.mean(axis=1), np.float32)


def with_voice(score: Score, bpm: float, band: Audio, rng: Generator) -> Audio:
    """Sing the melody to the band [shape=(n,)]; return both."""
    beat = 60 / bpm
    syllables = [
        (note.start * beat + abs(rng.normal(0, SINGER_LOOSE)), note.length * beat, note.pitch)
        for note in score.notes
        if note.channel == CHANNELS["lead"] and note.start * beat + 1 < len(band) / SAMPLE_RATE
    ]
    low = min((key for *_, key in syllables), default=RANGE[0])
    octaves = 12 * ((low - RANGE[0]) // 12)
    voice = sing([(s, d, key - octaves) for s, d, key in syllables], len(band), rng)
    return np.asarray(band + rng.uniform(*VOICE) * band.std() * voice, np.float32)


def without_melody(score: Score) -> Score:
    """Return a score without what `with_voice` sings."""
    return replace(
        score, notes=tuple(note for note in score.notes if note.channel != CHANNELS["lead"])
    )
