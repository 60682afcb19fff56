import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf
import soxr
from hypothesis import given, settings
from hypothesis import strategies as st

from tempo.estimate import beat_strength, estimate_tempo, find_pulse
from tempo.features import SAMPLE_RATE, Spectrogram
from tempo.track import (
    Analysis,
    Tags,
    TempoCandidate,
    TempoEstimate,
    TempoSection,
    Track,
    fixed,
)
from tests.sounds import (
    Sound,
    ambient,
    applause,
    clicks,
    decay,
    drums,
    hits,
    noise,
    rain,
    rubato,
    spectrogram,
    speech,
    waves,
    wind,
)

TOLERANCE = 0.001
OCTAVES = (1 / 3, 1 / 2, 1, 2, 3)


def estimate(y: Sound) -> TempoEstimate:
    return estimate_tempo(spectrogram(y))


def strength(y: Sound) -> float:
    return beat_strength(find_pulse(spectrogram(y)))


def tempo(y: Sound) -> float:
    bpm = estimate(y).bpm
    assert bpm is not None
    return bpm


@settings(max_examples=15)
@given(st.floats(50, 220))
def test_clicks(bpm: float) -> None:
    """A metronome has its tempo or, when very slow or fast, one of its octaves, to 0.1 %."""
    found = tempo(clicks(bpm))
    assert min(abs(found / (bpm * octave) - 1) for octave in OCTAVES) < TOLERANCE


@pytest.mark.parametrize("bpm", [60, 85, 120, 170, 200])
def test_clicks_keep_their_octave(bpm: float) -> None:
    """A metronome at a tempo that people tap is told at that tempo."""
    assert tempo(clicks(bpm)) == pytest.approx(bpm, rel=TOLERANCE)


@pytest.mark.parametrize("bpm", [60, 72, 90, 110, 128, 150])
def test_drums(bpm: float) -> None:
    """A rock beat from a slow to a fast tempo is counted with its snare on 2 and 4."""
    assert tempo(drums(bpm)) == pytest.approx(bpm, rel=TOLERANCE)


@pytest.mark.parametrize("y", [np.zeros(SAMPLE_RATE * 12, np.float32), np.zeros(0, np.float32)])
def test_silence(y: Sound) -> None:
    """Silence and nothing have no tempo, no confidence and no beat."""
    assert estimate(y) == TempoEstimate((), 0.0, 0.0)
    assert strength(y) == 0


@pytest.mark.parametrize("tilt", [0, 1, 2])
@pytest.mark.parametrize("seed", [1, 2])
def test_noise(tilt: float, seed: int) -> None:
    """White, pink and brown noise have no tempo."""
    assert estimate(noise(30, tilt, seed)).confidence < 0.1


@pytest.mark.parametrize("drops", [3.0, 25.0, 300.0, 1500.0])
def test_rain(drops: float) -> None:
    """Rain, from single drops to a downpour, has neither tempo nor beat."""
    assert estimate(rain(30, drops=drops)).confidence < 0.1
    assert strength(rain(30, drops=drops)) < 0.15


@pytest.mark.parametrize("sound", [applause, waves, wind, ambient, rubato, speech])
@pytest.mark.parametrize("seed", [0, 1])
def test_sounds_without_beat(sound: Callable[[float, int], Sound], seed: int) -> None:
    """Applause, surf, wind, pads, free playing and talk have neither tempo nor beat."""
    y = sound(40, seed)
    assert estimate(y).confidence < 0.1
    assert strength(y) < 0.15


def test_tone() -> None:
    """A steady tone has no tempo."""
    time = np.arange(20 * SAMPLE_RATE) / SAMPLE_RATE
    assert estimate(np.sin(2 * np.pi * 440 * time).astype(np.float32)).confidence < 0.1


@pytest.mark.parametrize(
    ("bpm", "least"), [(60, 0.9), (90, 0.8), (120, 0.95), (150, 0.8), (180, 0.9), (220, 0.8)]
)
def test_click_track_is_all_beat(bpm: float, least: float) -> None:
    """A metronome has a beat strength near 1."""
    assert strength(clicks(bpm)) > least


@pytest.mark.parametrize("seconds", [8, 20, 60])
def test_speech(tmp_path: Path, seconds: int) -> None:
    """Someone reading a text aloud has no tempo, however short."""
    espeak = shutil.which("espeak-ng")
    if espeak is None:
        pytest.skip("espeak-ng is not installed")
    text = (Path(__file__).parent.parent / "LICENSE").read_text()
    path = tmp_path / "speech.wav"
    subprocess.run([espeak, "-w", str(path), text], check=True)
    y, rate = sf.read(path, dtype="float32")
    assert estimate(soxr.resample(y[: seconds * rate], rate, SAMPLE_RATE)).confidence < 0.1


@settings(max_examples=8)
@given(st.floats(-30, 0), st.sampled_from([-1, 1]))
def test_gain(gain: float, polarity: int) -> None:
    """Neither gain nor polarity changes the estimate."""
    y = drums(100) + noise(20)
    quiet = (polarity * 10 ** (gain / 20) * y).astype(np.float32)
    expected, actual = estimate(y), estimate(quiet)
    assert expected.bpm == pytest.approx(actual.bpm, rel=TOLERANCE)
    assert expected.confidence == pytest.approx(actual.confidence, abs=0.02)


@settings(max_examples=8)
@given(st.floats(0.9, 1.1))
def test_time_stretch(factor: float) -> None:
    """A spectrogram played faster has a tempo as much faster."""
    slow = spectrogram(drums(105))
    fast = Spectrogram(slow.db, slow.rate * factor)
    expected, actual = estimate_tempo(slow).bpm, estimate_tempo(fast).bpm
    assert expected is not None
    assert actual == pytest.approx(expected * factor, rel=TOLERANCE)


def test_saliences() -> None:
    """Candidates are metrical levels: saliences fall and sum to 1, tempi are 4 % apart."""
    candidates = estimate(drums(140)).candidates
    saliences = [candidate.salience for candidate in candidates]
    assert sorted(saliences, reverse=True) == saliences
    assert sum(saliences) == pytest.approx(1)
    bpms = sorted(candidate.bpm for candidate in candidates)
    assert min(np.diff(np.log(bpms))) > 0.02


def test_steady_music_does_not_drift() -> None:
    """A drum machine neither drifts nor changes."""
    found = estimate(drums(120, 60))
    assert found.drift < 0.005
    assert found.sections == ()
    assert found.change == 0


@pytest.mark.parametrize(("first", "second"), [(120, 140), (140, 120), (90, 96), (170, 150)])
def test_tempo_that_changes_at_once(first: float, second: float) -> None:
    """A song that goes from 120 to 140 says so: both tempi to 0.5 %, and when, to 4 s."""
    found = estimate(np.concatenate([drums(first, 40), drums(second, 40)]))
    assert [section.start for section in found.sections] == [0, pytest.approx(40, abs=4)]
    for expected, section in zip((first, second), found.sections, strict=True):
        octaves = np.log2(section.bpm / expected)
        assert octaves == pytest.approx(round(octaves), abs=0.007)
    assert found.change == pytest.approx(max(first, second) / min(first, second) - 1, abs=0.01)


def test_tempo_that_changes_gradually() -> None:
    """A song that speeds up from 120 to 140 over a minute rises by steps between the two."""
    beats = np.cumsum(60 / np.linspace(120, 140, 130))
    y = np.concatenate([drums(120, 20), hits(beats, decay(0, 0.05), 60), drums(140, 20)])
    found = estimate(y)
    tempi = [section.bpm for section in found.sections]
    assert sorted(tempi) == tempi
    assert len(tempi) > 2
    assert found.change == pytest.approx(140 / 120 - 1, abs=0.02)


def test_owner_ends_the_doubt() -> None:
    """A tempo that changes is doubtful until its owner has spoken."""
    sections = (TempoSection(0, 120), TempoSection(60, 140))
    tempo = TempoEstimate((TempoCandidate(120, 1.0),), 1.0, 0.1, sections)
    track = Track(Path("a.mp3"), Tags(), Analysis(120, tempo, 0.7, 0.6, -9, 0.5, 0))
    assert track.is_doubtful
    assert not fixed(track, 120).is_doubtful


def test_short() -> None:
    """Ten seconds are enough."""
    assert tempo(drums(126, 10)) == pytest.approx(126, rel=TOLERANCE)
