from importlib import resources

import numpy as np
import pytest

from tempo.estimate import find_pulse, metrical_levels
from tempo.ranker import describe, ranker
from tempo.tempogram import PER_OCTAVE, Tempogram
from tests.sounds import drums, spectrogram

LARGEST = 2_000_000


def test_probabilities() -> None:
    """The ranker gives every candidate a share, and the shares sum to 1."""
    tempograms = find_pulse(spectrogram(drums(104))).tempogram
    shares = ranker().probabilities(describe(tempograms, metrical_levels(tempograms)))
    assert np.all(shares > 0)
    assert shares.sum() == pytest.approx(1)


def test_pattern_moves_with_the_tempo() -> None:
    """Music played half an octave faster has the same description but for its pace."""
    slow = find_pulse(spectrogram(drums(80))).tempogram
    step = PER_OCTAVE // 2
    fast = Tempogram(np.roll(slow.fourier, step, -1), np.roll(slow.autocorrelation, step, -1))
    expected = describe(slow, np.array([160]))[0, :-3]
    np.testing.assert_array_equal(expected, describe(fast, np.array([160 + step]))[0, :-3])


def test_model_is_small() -> None:
    """What was learned fits in 2 MB."""
    size = len(resources.files("tempo").joinpath("model.npz").read_bytes())
    assert size <= LARGEST
