"""Songs are written where their groove and tempo say."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.arranging import arrange
from benchmarks.grooves import Groove, grooves

STYLES = {groove.name: groove for groove in grooves()}


@given(st.sampled_from([g for g in grooves() if g.swing == (0, 0)]), st.integers(0, 10**6))
@settings(max_examples=30, deadline=None)
def test_notes_are_written_on_the_grid(groove: Groove, seed: int) -> None:
    """Without swing every note starts on a sixteenth or a triplet."""
    score = arrange(groove, groove.bpm[0], 20, np.random.default_rng(seed))
    starts = np.array([note.start for note in score.notes])
    assert np.allclose(starts * 12, np.round(starts * 12), atol=1e-6)
    assert starts.max() * 60 / groove.bpm[0] > 10


def test_swing_delays_every_second_sixteenth() -> None:
    """Garage is played between sixteenths, rock is not."""
    for name, swung in (("uk-garage", True), ("rock-in-eighths", False)):
        groove = STYLES[name]
        score = arrange(groove, groove.bpm[0], 30, np.random.default_rng(1))
        off = np.array([note.start * 12 % 1 for note in score.notes])
        assert swung == bool(((off > 0.05) & (off < 0.95)).any())
