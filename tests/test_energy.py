"""Energy: it follows the music and not the master."""

import numpy as np
import pytest
import soxr
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from benchmarks import synth
from tempo.bands import bands
from tempo.energy import energy
from tempo.features import RATE, SAMPLE_RATE, Spectrogram
from tests.sounds import Sound, drums, spectrogram


def energy_of(y: NDArray[np.floating]) -> float:
    return energy(bands(spectrogram(np.asarray(y, np.float32))))


def chords(seconds: float, shape: float) -> Sound:
    """Return four saws, softly overdriven: the more `shape`, the more like metal."""
    t = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    saw = sum((f * t) % 1 - 0.5 for f in (110.0, 164.8, 220.0, 277.2))
    return np.asarray(np.tanh(shape * saw) / max(1.0, shape), np.float32)


def rock(bpm: float = 140.0) -> Sound:
    return drums(bpm) + np.float32(0.3) * chords(20.0, 3.0)


@settings(max_examples=20)
@given(gain=st.sampled_from([-6.0, -18.0]) | st.floats(-40, 0), bpm=st.floats(70, 180))
def test_gain_does_not_change_energy(gain: float, bpm: float) -> None:
    """The same recording at another level has the same energy."""
    y = rock(bpm)
    y /= np.abs(y).max()
    assert energy_of(y * 10 ** (gain / 20)) == pytest.approx(energy_of(y), abs=0.01)


@pytest.mark.parametrize("level", [-6.0, -18.0])
@pytest.mark.parametrize("drive", [3.0, 6.0])
def test_clipping_does_not_change_energy(drive: float, level: float) -> None:
    """A recording that was clipped by some dB and turned down again is within 0.03."""
    y = rock()
    y /= np.abs(y).max()
    clipped = np.clip(y * 10 ** (drive / 20), -1, 1) * 10 ** (level / 20)
    assert energy_of(clipped) == pytest.approx(energy_of(y), abs=0.03)


@pytest.mark.parametrize("level", [-6.0, -18.0])
@pytest.mark.parametrize("style", ["house", "rock", "hip-hop", "disco", "punk", "swing"])
def test_hard_clipping_does_not_change_the_energy_of_clean_music(style: str, level: float) -> None:
    """Peaks cut by 12 dB leave the energy of music that was not distorted within 0.03."""
    y = synth.song(120, 15, style, seed=2, drive=0.2).mean(axis=1)
    y = soxr.resample(y / np.abs(y).max(), synth.SAMPLE_RATE, SAMPLE_RATE)
    clipped = np.clip(y * 10 ** (12 / 20), -1, 1) * 10 ** (level / 20)
    assert energy_of(clipped) == pytest.approx(energy_of(y), abs=0.03)


def test_silence_around_the_music_hardly_counts() -> None:
    """The same music after ten seconds of silence has much the same energy."""
    y = rock()
    padded = np.concatenate([np.zeros(2 * SAMPLE_RATE, np.float32), y])
    assert energy_of(padded) == pytest.approx(energy_of(y), abs=0.05)


def test_energy_orders_music() -> None:
    """A pad is calmer than rock, and slow rock than fast and overdriven rock."""
    pad = np.convolve(chords(20.0, 0.1), np.hanning(60) / 30, "same")
    fast = drums(180.0) + np.float32(0.5) * chords(20.0, 10.0)
    found = [energy_of(y) for y in (pad, rock(90.0), fast)]
    assert found == sorted(found)
    assert found[0] < 0.3
    assert found[1] > 0.45


def test_energy_rises_with_the_strokes() -> None:
    """Twice as many strokes are more energy."""
    assert energy_of(rock(160.0)) > energy_of(rock(80.0))


@pytest.mark.parametrize("length", [0, 1, 1_000, SAMPLE_RATE])
def test_silence_has_no_energy(length: int) -> None:
    """Digital silence of any length, none included, has energy 0."""
    assert energy_of(np.zeros(length, np.float32)) == 0.0


@settings(max_examples=50)
@given(seed=st.integers(0, 1000), count=st.integers(1, 300), low=st.floats(-120, -1))
def test_energy_is_a_share(seed: int, count: int, low: float) -> None:
    """Whatever the spectrogram, energy is between 0 and 1."""
    db = np.random.default_rng(seed).uniform(low, 0, (count, 64)).astype(np.float16)
    assert 0 <= energy(bands(Spectrogram(db, RATE))) <= 1
