"""Loudness: equal to pyloudnorm, whatever the blocks, and defined for silence."""

import warnings

import numpy as np
import pyloudnorm
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tempo.loudness import SILENCE, LoudnessMeter

RATES = [8_000, 11_025, 22_050, 44_056, 44_100, 48_000, 96_000]


def measure(y: NDArray[np.floating], sample_rate: int, block: int = 1 << 16) -> float:
    """Return the loudness of `y` [shape=(n, channels)], fed in blocks."""
    meter = LoudnessMeter(sample_rate, y.shape[1])
    for start in range(0, len(y), block):
        meter.add(y[start : start + block].astype(np.float32))
    return meter.loudness()


def sounds(sample_rate: int) -> dict[str, NDArray[np.float64]]:
    """Return six seconds and a bit of very different signals [shape=(n, channels)]."""
    rng = np.random.default_rng(1)
    t = np.arange(round(6.03 * sample_rate)) / sample_rate
    noise = rng.standard_normal((len(t), 5))
    brown = np.cumsum(noise[:, :1], axis=0)
    return {
        "white mono": 0.1 * noise[:, :1],
        "white stereo": noise[:, :2] * [0.1, 0.02],
        "white 5.0": 0.05 * noise,
        "brown": brown / np.abs(brown).max(),
        "sine": 0.5 * np.sin(2 * np.pi * 997 * t)[:, None],
        "subwoofer": 0.9 * np.sin(2 * np.pi * 35 * t)[:, None],
        "offset": 0.3 + 0.02 * np.sin(2 * np.pi * 440 * t)[:, None] * [1, -1],
        "kicks": (np.sin(2 * np.pi * 50 * (t % 0.5)) * np.exp(-12 * (t % 0.5)))[:, None],
        "fade": noise[:, :2] * 10 ** (-t / 2)[:, None],
        "bursts": 0.2 * noise[:, :1] * (t % 2 < 0.6)[:, None],
    }


@pytest.mark.parametrize("sample_rate", RATES)
def test_loudness_is_that_of_pyloudnorm(sample_rate: int) -> None:
    """Loudness agrees with pyloudnorm on all signals, sample rates and layouts."""
    for name, y in sounds(sample_rate).items():
        expected = pyloudnorm.Meter(sample_rate).integrated_loudness(y)
        assert measure(y, sample_rate) == pytest.approx(expected, abs=0.05), name


def test_full_scale_sine_is_the_reference_of_the_standard() -> None:
    """A full-scale 997 Hz sine in one channel is -3.01 LUFS."""
    y = np.sin(2 * np.pi * 997 * np.arange(4 * 48_000) / 48_000)[:, None]
    assert measure(y, 48_000) == pytest.approx(-3.01, abs=0.1)


def test_both_channels_of_stereo_count() -> None:
    """The same signal in two channels is 3.01 LU louder than in one."""
    y = sounds(44_100)["white mono"]
    both = measure(np.hstack([y, y]), 44_100)
    assert both - measure(y, 44_100) == pytest.approx(3.01, abs=0.01)


def test_subwoofer_channel_does_not_count() -> None:
    """5.1 measures as 5.0 does, whatever its fourth channel holds."""
    y = sounds(48_000)["white 5.0"]
    with_subwoofer = np.insert(y, 3, 0.9, axis=1)
    assert measure(with_subwoofer, 48_000) == pytest.approx(measure(y, 48_000), abs=1e-3)


@settings(max_examples=30)
@given(
    channels=st.integers(1, 3),
    cuts=st.lists(st.integers(0, 20_000), max_size=12).map(sorted),
)
def test_loudness_does_not_depend_on_the_blocks(channels: int, cuts: list[int]) -> None:
    """However the stream is cut, empty blocks included, the loudness is the same."""
    y = np.random.default_rng(2).standard_normal((20_000, channels)).astype(np.float32)
    meter = LoudnessMeter(8_000, channels)
    for block in np.split(y, cuts):
        meter.add(block)
    assert meter.loudness() == pytest.approx(measure(y, 8_000), abs=1e-4)


@settings(max_examples=30)
@given(gain=st.floats(-30.0, 12.0), name=st.sampled_from(["white stereo", "kicks", "bursts"]))
def test_gain_shifts_loudness(gain: float, name: str) -> None:
    """Music amplified by g dB is g LU louder."""
    y = sounds(8_000)[name]
    shift = measure(y * 10 ** (gain / 20), 8_000) - measure(y, 8_000)
    assert shift == pytest.approx(gain, abs=1e-3)


@pytest.mark.parametrize("length", [0, 1, 100, 40_000])
def test_silence_has_the_floor_as_its_loudness(length: int) -> None:
    """Digital silence of any length, none included, has a finite defined loudness."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert measure(np.zeros((length, 2)), 8_000) == SILENCE


def test_pauses_do_not_count() -> None:
    """Silence around the music leaves its loudness as it was."""
    y = np.random.default_rng(3).standard_normal((80_000, 1))
    padded = np.concatenate([np.zeros((80_000, 1)), y, np.zeros((160_000, 1))])
    assert measure(padded, 8_000) == pytest.approx(measure(y, 8_000), abs=0.3)


@settings(max_examples=30)
@given(length=st.integers(1, 3_199), peak=st.floats(0.01, 1.0))
def test_short_sounds_have_a_loudness(length: int, peak: float) -> None:
    """A sound shorter than a gating block is finite, and no louder than a longer one."""
    y = peak * np.sin(np.arange(3_200.0))[:, None]
    assert SILENCE <= measure(y[:length], 8_000) <= measure(y, 8_000) + 0.5
