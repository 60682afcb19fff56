"""Meter: waltzes and jigs are told from common time, and what has no bars is unknown."""

import numpy as np
import pytest
import soxr
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import synth
from tempo.estimate import find_pulse
from tempo.features import RATE, SAMPLE_RATE, Spectrogram
from tempo.meter import LAGS, METERS, find_meter, repetition, weights
from tempo.track import UNKNOWN_METER, Meter
from tests.sounds import Sound, drums, noise, spectrogram


def song(style: str, bpm: float, seconds: float = 30.0, seed: int = 1) -> Sound:
    y = synth.song(bpm, seconds, style, seed=seed, drive=0.3).mean(axis=1)
    return np.asarray(soxr.resample(y, synth.SAMPLE_RATE, SAMPLE_RATE), np.float32)


def heard(y: Sound, bpm: float | None) -> Meter:
    found = spectrogram(y)
    return find_meter(found, find_pulse(found).envelopes, bpm)


@pytest.mark.parametrize(("bpm", "seed"), [(120, 1), (150, 2), (180, 3)])
def test_waltz(bpm: float, seed: int) -> None:
    """A waltz has three beats a bar."""
    assert heard(song("waltz", bpm, seed=seed), bpm).beats == 3


@pytest.mark.parametrize("bpm", [60, 66])
def test_compound_time(bpm: float) -> None:
    """Slow rock, whose beats divide into three, is compound time."""
    assert heard(song("slow rock", bpm), bpm).beats == 6


@pytest.mark.parametrize(
    ("style", "bpm"),
    [("house", 126), ("rock", 110), ("hip-hop", 90), ("drum and bass", 172), ("ballad", 72),
     ("disco", 118), ("swing", 150)],
)  # fmt: skip
def test_common_time(style: str, bpm: float) -> None:
    """No style in common time is called triple, the swung one included."""
    assert heard(song(style, bpm), bpm).beats in {4, None}


@pytest.mark.parametrize("y", [np.zeros(0, np.float32), np.zeros(SAMPLE_RATE, np.float32)])
def test_nothing_has_no_meter(y: Sound) -> None:
    """Nothing, silence and music without a beat have an unknown meter."""
    assert heard(y, None) == heard(y, 120) == UNKNOWN_METER
    assert heard(noise(20), None) == UNKNOWN_METER


def test_short_music_has_no_meter() -> None:
    """Too few bars to compare are no ground to say anything."""
    assert heard(drums(100, 8), 100) == UNKNOWN_METER


@settings(max_examples=3)
@given(gain=st.floats(-30, 0), polarity=st.sampled_from([-1, 1]))
def test_gain_does_not_change_the_meter(gain: float, polarity: int) -> None:
    """Neither gain nor polarity changes what is said."""
    y = song("waltz", 120)
    quiet = heard(np.asarray(polarity * 10 ** (gain / 20) * y, np.float32), 120)
    assert quiet.beats == 3
    assert quiet.confidence == pytest.approx(heard(y, 120).confidence, abs=0.05)


@settings(max_examples=30)
@given(seed=st.integers(0, 1000), count=st.integers(1, 3000), bpm=st.floats(40, 300))
def test_confidence_is_a_probability(seed: int, count: int, bpm: float) -> None:
    """Whatever the spectrogram, the meter is one that exists and its confidence a share."""
    rng = np.random.default_rng(seed)
    found = Spectrogram(rng.uniform(-90, 0, (count, 64)).astype(np.float16), RATE)
    meter = find_meter(found, rng.random((count, 6), np.float32), bpm)
    assert meter.beats in {*METERS, None}
    assert 0 <= meter.confidence <= 1


def test_exact_repetition() -> None:
    """A loop of three beats repeats exactly after 3, 6, 9 and 12 beats and not after 4."""
    rng = np.random.default_rng(0)
    db = np.tile(rng.uniform(-60, 0, (36 * 3, 64)), (16, 1)).astype(np.float16)
    onsets = np.tile(rng.random((36 * 3, 6), np.float32), (16, 1))
    found = repetition(Spectrogram(db, RATE), onsets, 36.0)
    spectra = dict(zip(LAGS, found[len(LAGS) :], strict=True))
    assert [spectra[lag] for lag in (3, 6, 9, 12)] == pytest.approx([1] * 4, abs=0.05)
    assert spectra[4] < 0.5


def test_probabilities_sum_to_one() -> None:
    """For any features, some meter it must be."""
    features = np.random.default_rng(0).uniform(-1, 1, (50, 2 * len(LAGS)))
    assert weights().probabilities(features).sum(axis=1) == pytest.approx(np.ones(50))
