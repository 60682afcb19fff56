"""What is played and sung has the tempo of the score."""

import numpy as np
import pytest

from benchmarks.arranging import arrange
from benchmarks.grooves import DRUMS, grooves
from benchmarks.performing import midi, performed, with_voice, without_melody
from benchmarks.playing import CHANNELS
from benchmarks.synth import SAMPLE_RATE

STYLES = {groove.name: groove for groove in grooves()}


@pytest.mark.parametrize("bpm", [61.7, 120, 199.3])
def test_midi_has_the_tempo(bpm: float) -> None:
    """In seconds, the hi-hat of surf music is heard on whole eighths of its tempo."""
    score = arrange(STYLES["surf-and-rock-and-roll"], bpm, 10, np.random.default_rng(3))
    now, heard = 0.0, []
    for message in midi(score, bpm, np.random.default_rng(0)):
        now += message.time
        if message.type == "note_on" and message.note == DRUMS["ride"]:
            heard.append(now * bpm / 30)
    assert len(heard) > 8
    assert np.allclose(heard, np.round(heard), atol=0.01)


def test_people_play_near_the_beat() -> None:
    """Played by people, notes move, but none by as much as 0.15 s, and the mean tempo stays."""
    groove = STYLES["soul"]
    for seed in range(10):
        rng = np.random.default_rng(seed)
        score = arrange(groove, 100, 40, rng)
        moved = [n.start for n in performed(score, 100, rng).notes]
        late = (np.array(moved) - [n.start for n in score.notes]) * 60 / 100
        assert np.abs(late).max() < 0.15


def test_voice_has_the_melody() -> None:
    """What is sung is no longer played, and makes the band louder."""
    score = arrange(STYLES["soul"], 90, 20, np.random.default_rng(5))
    rest = without_melody(score)
    sung = [note for note in score.notes if note.channel == CHANNELS["lead"]]
    assert len(score.notes) == len(rest.notes) + len(sung)
    band = np.random.default_rng(0).normal(0, 0.1, 20 * SAMPLE_RATE).astype(np.float32)
    assert with_voice(score, 90, band, np.random.default_rng(0)).std() > band.std()
