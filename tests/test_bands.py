"""Bands: relative to the loudness of the track, and flat for noise."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tempo.bands import CHUNK, EDGES, RANGE_DB, Bands, bands
from tempo.features import N_MELS, RATE, SAMPLE_RATE, Spectrogram
from tests.sounds import Sound, drums, noise, spectrogram


def heard(y: Sound) -> Bands:
    return bands(spectrogram(np.asarray(y, np.float32)))


@pytest.mark.parametrize(("hertz", "band"), [(60, 0), (180, 1), (400, 2), (1_000, 3), (9_000, 6)])
def test_a_tone_is_in_its_band(hertz: float, band: int) -> None:
    """A sine is loudest in the band that its frequency belongs to."""
    y = np.sin(2 * np.pi * hertz * np.arange(SAMPLE_RATE) / SAMPLE_RATE)
    assert heard(y).db[20:-20].mean(0).argmax() == band
    assert EDGES[band] <= hertz < EDGES[band + 1]


@settings(max_examples=20)
@given(gain=st.floats(-30, 0))
def test_gain_does_not_change_bands(gain: float) -> None:
    """The same music at another volume has the same bands, to the precision of the input."""
    y = drums(120, 5.0)
    loud, quiet = heard(y), heard(y * np.float32(10 ** (gain / 20)))
    np.testing.assert_allclose(quiet.db, loud.db, atol=0.15)
    # Digital silence between the drums' partials stays at the floor of the input.
    full, best = np.maximum(quiet.fullness, -30), loud.level > -10
    np.testing.assert_allclose(full[best], np.maximum(loud.fullness, -30)[best], atol=0.15)


def test_noise_is_fuller_than_a_tone() -> None:
    """Fullness is near 0 dB for white noise and near -12 dB for a sine."""
    tone = np.sin(2 * np.pi * 1_000 * np.arange(SAMPLE_RATE) / SAMPLE_RATE)
    assert heard(noise(1.0)).fullness[10:-10].mean() > -6
    assert heard(tone).fullness[10:-10].mean() < -10


def test_long_music_is_measured_as_short_music_is() -> None:
    """Bands of a piece longer than a chunk are those of its parts, but for the loudness."""
    db = np.random.default_rng(0).uniform(-60, 0, (CHUNK + 100, N_MELS)).astype(np.float16)
    whole, end = bands(Spectrogram(db, RATE)), bands(Spectrogram(db[CHUNK - 50 :], RATE))
    above = end.db > 5 - RANGE_DB
    shift = (whole.db[-150:] - end.db)[above]
    assert np.ptp(shift) == pytest.approx(0, abs=1e-4)
    np.testing.assert_allclose(whole.fullness[-150:], end.fullness, atol=1e-5)


@pytest.mark.parametrize("count", [0, 1, 50])
@pytest.mark.parametrize("db", [-120.0, 0.0])
def test_any_length_and_level_is_finite(count: int, db: float) -> None:
    """Nothing, one frame and silence have finite bands within their range."""
    found = bands(Spectrogram(np.full((count, N_MELS), db, np.float16), RATE))
    assert found.db.shape == (count, len(EDGES) - 1)
    assert len(found.level) == len(found.fullness) == count
    assert np.isfinite(found.level).all()
    assert (found.db >= -RANGE_DB).all()
