"""Shape: crescendos build, their reverse does not, and intros end where the beat begins."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tempo.bands import Bands, bands
from tempo.features import SAMPLE_RATE
from tempo.shape import build, intro
from tests.sounds import Sound, drums, noise, spectrogram, speech


def heard(y: Sound) -> Bands:
    return bands(spectrogram(np.asarray(y, np.float32)))


def swell(y: Sound, db: float) -> Sound:
    """Return a sound that grows by `db` from its first sample to its last."""
    return np.asarray(y * 10 ** (np.linspace(-abs(db), 0, len(y))[:: 1 if db > 0 else -1] / 20))


def pad(seconds: float) -> Sound:
    """Return slowly swelling chords without attacks."""
    t = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    chord = sum(np.sin(2 * np.pi * f * t) for f in (110.0, 164.8, 220.0, 277.2, 329.6))
    return np.asarray(0.05 * chord * np.minimum(1, t), np.float32)


@pytest.mark.parametrize("music", [drums(120, 40.0), noise(40.0), pad(40.0)])
@pytest.mark.parametrize("db", [15.0, 20.0, 30.0])
def test_crescendo_builds_and_decrescendo_does_not(music: Sound, db: float) -> None:
    """15 dB up and more is near 1, down near 0, and unchanging music is level."""
    assert build(heard(swell(music, db))) >= 0.9
    assert build(heard(swell(music, -db))) <= 0.1
    assert build(heard(music)) == pytest.approx(0.5, abs=0.05)


def test_more_instruments_build() -> None:
    """Instruments that enter one after another build, though each stays as loud."""
    y = pad(60.0)
    y[len(y) // 3 :] += drums(120, 60.0)[len(y) // 3 :]
    y[2 * len(y) // 3 :] += noise(60.0)[2 * len(y) // 3 :] * np.float32(0.1)
    assert build(heard(y)) > 0.8


@settings(max_examples=20)
@given(rises=st.lists(st.floats(-30, 30), min_size=2, max_size=8))
def test_reversed_music_builds_the_other_way(rises: list[float]) -> None:
    """Build of the music played backwards is 1 minus build."""
    y = noise(30.0)
    curve = np.interp(np.linspace(0, 1, len(y)), np.linspace(0, 1, len(rises)), rises)
    y = np.asarray(y * 10 ** ((curve - 40) / 20), np.float32)
    assert build(heard(y)) + build(heard(y[::-1])) == pytest.approx(1, abs=0.03)


@settings(max_examples=15)
@given(gain=st.floats(-30, 0), rise=st.floats(-15, 15))
def test_gain_does_not_change_build(gain: float, rise: float) -> None:
    """The same music at another volume builds as much."""
    y = swell(drums(110), rise)
    quiet = np.asarray(y * 10 ** (gain / 20), np.float32)
    assert build(heard(quiet)) == pytest.approx(build(heard(y)), abs=0.02)


@pytest.mark.parametrize("fade_in", [False, True])
@pytest.mark.parametrize("seconds", [6.0, 11.0])
def test_a_fade_at_the_end_is_no_trend(fade_in: bool, seconds: float) -> None:
    """Level music that is faded out, or in, stays near 0.5."""
    y = drums(120, 120.0)
    count = round(seconds * SAMPLE_RATE)
    y[-count:] *= np.linspace(1, 0, count, dtype=np.float32) ** 2
    assert build(heard(y[::-1] if fade_in else y)) == pytest.approx(0.5, abs=0.08)


@pytest.mark.parametrize("bpm", [85.0, 120.0, 174.0])
@pytest.mark.parametrize("seconds", [3.0, 8.0, 20.0])
@pytest.mark.parametrize("start", ["silence", "pad", "noise"])
def test_intro_ends_where_the_drums_begin(start: str, seconds: float, bpm: float) -> None:
    """Silence, pads and noise before the drums are an intro, to a beat."""
    level = np.float32({"silence": 0, "pad": 1, "noise": 0.05}[start])
    before = (pad if start == "pad" else noise)(seconds) * level
    y = np.concatenate([before, drums(bpm, 40.0)])
    assert intro(heard(y), bpm) == pytest.approx(seconds, abs=60 / bpm)


@pytest.mark.parametrize("bpm", [85.0, 120.0, 174.0])
@pytest.mark.parametrize("seconds", [3.0, 8.0, 20.0])
@pytest.mark.parametrize("seed", [4, 5])
def test_talk_before_the_drums_is_an_intro(seed: int, seconds: float, bpm: float) -> None:
    """Syllables at uneven times are no beat; it is found to a beat."""
    y = np.concatenate([speech(seconds, seed), drums(bpm, 40.0)])
    assert intro(heard(y), bpm) == pytest.approx(seconds, abs=60 / bpm)


@pytest.mark.parametrize("bpm", [85.0, 120.0, 174.0])
def test_a_break_after_the_beginning_is_no_intro(bpm: float) -> None:
    """Music that begins with its beat for 32 beats, and then pauses for 32, has no intro."""
    beat = 60 / bpm
    y = drums(bpm, 60.0)
    y[int(32 * beat * SAMPLE_RATE) : int(min(64 * beat, 50) * SAMPLE_RATE)] *= 0.01
    assert intro(heard(y), bpm) == 0.0


@pytest.mark.parametrize("bpm", [70.0, 128.0, 180.0])
def test_music_that_begins_with_its_beat_has_no_intro(bpm: float) -> None:
    """Drums from the first sample, or after the gap of an encoder, leave no intro."""
    assert intro(heard(drums(bpm, 30.0)), bpm) == 0.0
    gap = np.zeros(SAMPLE_RATE // 10, np.float32)
    assert intro(heard(np.concatenate([gap, drums(bpm, 30.0)])), bpm) == 0.0


def test_a_single_noise_does_not_begin_the_beat() -> None:
    """A door that slams in the silence before the music is part of the intro."""
    y = np.concatenate([np.zeros(10 * SAMPLE_RATE, np.float32), drums(120, 40.0)])
    y[2 * SAMPLE_RATE : 2 * SAMPLE_RATE + 2000] = noise(1.0)[:2000]
    assert intro(heard(y), 120.0) == pytest.approx(10, abs=0.5)


def test_music_without_beat_is_all_intro() -> None:
    """Without a tempo the beat never begins."""
    assert intro(heard(pad(12.0)), None) == pytest.approx(12, abs=0.1)


@pytest.mark.parametrize("length", [0, 1, 300, 3_000, SAMPLE_RATE])
@pytest.mark.parametrize("level", [0.0, 1.0])
def test_shortest_sounds_and_silence_have_a_shape(length: int, level: float) -> None:
    """No length and no level makes build or intro undefined."""
    found = heard(noise(1.0)[:length] * np.float32(level))
    assert 0 <= build(found) <= 1
    for bpm in (None, 30.0, 300.0):
        assert 0 <= intro(found, bpm) <= len(found.db) / found.rate
