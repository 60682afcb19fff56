from importlib import resources

import numpy as np
import pytest

from tempo.estimate import find_pulse, metrical_levels
from tempo.pattern import CHANNELS, POSITIONS
from tempo.ranker import POWERS, describe, ranker, shortlist
from tempo.tempogram import PER_OCTAVE, Tempogram
from tests.sounds import drums, spectrogram

LARGEST = 2_000_000


def test_probabilities() -> None:
    """The ranker gives every candidate a share, and the shares sum to 1."""
    tempograms = find_pulse(spectrogram(drums(104))).tempogram
    levels = ranker().level_scores(describe(tempograms, metrical_levels(tempograms)))
    chosen = shortlist(levels)
    shares = ranker().probabilities(levels, chosen, np.arange(len(chosen), dtype=np.float64))
    assert np.all(shares > 0)
    assert shares.sum() == pytest.approx(1)


def test_shortlist() -> None:
    """The patterns of the best four are looked at, and only these change places."""
    levels = np.array([0.1, 0.6, 0.5, 0.2, 0.4, 0.3])
    chosen = shortlist(levels)
    assert chosen.tolist() == [1, 2, 4, 5]
    shares = ranker().probabilities(levels, chosen, np.array([0.0, 5.0, 0.0, 0.0]))
    assert int(np.argmax(shares)) == 2
    assert shares[[0, 3]].max() < shares[chosen].min()


@pytest.mark.parametrize("shift", [1, 8, 31])
def test_bars_start_anywhere(shift: int) -> None:
    """Where in the pattern a bar starts does not matter."""
    rng = np.random.default_rng(0)
    patterns = rng.normal(size=(3, POSITIONS, CHANNELS)).astype(np.float32)
    pace = rng.normal(size=(3, POWERS)).astype(np.float32)
    expected = ranker().pattern_scores(patterns, pace)
    actual = ranker().pattern_scores(np.roll(patterns, shift, axis=1), pace)
    np.testing.assert_allclose(actual, expected, rtol=1e-3, atol=1e-3)


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
