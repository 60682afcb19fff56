"""Spectra of windows, and values between bins: those of numpy, whatever the number of windows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tempo.spectra import AT_ONCE, between, magnitudes


@pytest.mark.parametrize("count", [1, AT_ONCE - 1, AT_ONCE, AT_ONCE + 1])
def test_spectra_are_those_of_each_window_alone(count: int) -> None:
    """Windows that are transformed together have the spectra that numpy gives each."""
    envelope = np.random.default_rng(count).random(40 * count + 100, np.float32)
    starts = range(0, 40 * count, 40)
    taper = np.hanning(102)[1:-1]
    expected = [
        np.abs(np.fft.rfft((x - x.mean()) * taper, 256))
        for x in (envelope[s : s + 100].astype(float) for s in starts)
    ]
    assert np.concatenate(list(magnitudes(envelope, starts, 100, 256))) == pytest.approx(
        np.array(expected), abs=1e-4
    )


@given(st.lists(st.floats(0, 9), min_size=1), st.integers(0, 99))
def test_values_between_lie_on_straight_lines(positions: list[float], seed: int) -> None:
    """Rows are read as numpy interpolates them."""
    rows = np.random.default_rng(seed).random((2, 3, 10), np.float32)
    found = between(rows, np.array(positions))
    for i, j in np.ndindex(2, 3):
        expected = np.interp(positions, np.arange(10), rows[i, j])
        assert found[i, j] == pytest.approx(expected, abs=1e-6)


def test_nothing_lies_beyond_the_last_value() -> None:
    """Positions behind the end read 0, the last value itself is read."""
    found = between(np.ones((1, 4), np.float32), np.array([3.0, 3.01, 50.0]))
    assert np.array_equal(found, [[1, 0, 0]])
