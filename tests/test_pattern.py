import numpy as np
import pytest
from numpy.typing import NDArray

from tempo.onsets import Flux, spectral_flux
from tempo.pattern import BEATS, CHANNELS, MOST_WINDOWS, POSITIONS, rhythm_patterns
from tests.sounds import Sound, drums, spectrogram

BEAT = POSITIONS // BEATS
KICK, SNARE = 0, CHANNELS // 2 - 3
"""Registers in which each sounds nearly alone."""


def patterns(y: Sound, bpm: float) -> NDArray[np.float32]:
    return np.asarray(rhythm_patterns(spectral_flux(spectrogram(y)), np.array([bpm]), bpm)[0])


def likeness(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    """Return the correlation of two patterns, wherever their bars start."""
    turned = [np.roll(b, shift, axis=0).ravel() for shift in range(POSITIONS)]
    return float(max(np.corrcoef(a.ravel(), row)[0, 1] for row in turned))


def test_kick_and_snare() -> None:
    """In a rock beat the kick comes every other beat and the snare a beat later."""
    pattern = patterns(drums(110), 110).mean(axis=0)
    kick, snare = pattern[:, KICK], pattern[:, SNARE]
    first = int(np.argmax(kick)) % (2 * BEAT)
    assert kick[[first, first + 2 * BEAT]].min() > 3 * kick[[first + BEAT, first - BEAT]].max()
    assert abs((int(np.argmax(snare)) - first) % (2 * BEAT) - BEAT) <= 1


def test_windows_agree() -> None:
    """Every window of a steady beat shows the same pattern at the same place."""
    found = patterns(drums(97, 40), 97)
    mean = found.mean(axis=0).ravel()
    assert min(np.corrcoef(window.ravel(), mean)[0, 1] for window in found) > 0.9


@pytest.mark.parametrize("bpm", [70, 140])
def test_same_at_any_tempo(bpm: float) -> None:
    """A beat looks alike however fast it is played."""
    usual = patterns(drums(100), 100).mean(axis=0)
    assert likeness(usual, patterns(drums(bpm), bpm).mean(axis=0)) > 0.85


def test_double() -> None:
    """A beat at double its tempo does not look like itself."""
    y = drums(100)
    assert likeness(patterns(y, 100).mean(axis=0), patterns(y, 200).mean(axis=0)) < 0.7


def test_drift() -> None:
    """A band that has become 2 % faster still plays the same pattern."""
    steady, faster = patterns(drums(100), 100).mean(axis=0), patterns(drums(102), 100).mean(axis=0)
    assert likeness(steady, faster) > 0.9


def test_long_music() -> None:
    """Of an hour of music no more windows are folded than of a few minutes."""
    rng = np.random.default_rng(0)
    rise = rng.random((60_000, CHANNELS // 2), np.float32)
    found = rhythm_patterns(Flux(rise, rise, 86.0), np.array([120.0]), 120.0)
    assert found.shape == (1, MOST_WINDOWS, POSITIONS, CHANNELS)
