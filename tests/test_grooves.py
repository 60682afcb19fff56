"""The book of grooves is complete."""

import numpy as np
import pytest

from benchmarks.grooves import Groove, grooves, slots
from benchmarks.render import FASTEST, SLOWEST
from tempo.meter import METERS


@pytest.mark.parametrize("groove", grooves(), ids=lambda groove: groove.name)
def test_patterns_fill_one_bar_or_two(groove: Groove) -> None:
    """Every pattern is of hits, soft hits and rests, and has as many slots as its bars."""
    for pattern in [pattern for lane in groove.lanes.values() for pattern in lane]:
        bar = groove.beats * slots(pattern, groove.beats)
        assert len(pattern) in (bar, 2 * bar)
        assert set(pattern) <= set("xo.")


@pytest.mark.parametrize("groove", grooves(), ids=lambda groove: groove.name)
def test_meter_is_that_of_the_patterns(groove: Groove) -> None:
    """Every beat of compound time divides into three, and a bar in three has three beats."""
    divisions = {slots(p, groove.beats) for lane in groove.lanes.values() for p in lane}
    assert groove.meter in METERS
    assert groove.meter != 6 or divisions == {3}
    assert groove.meter != 3 or groove.beats == 3


@pytest.mark.parametrize("bpm", np.geomspace(SLOWEST, FASTEST, 20).round(1))
def test_many_styles_are_played_at_every_tempo(bpm: float) -> None:
    """No tempo says which style it is: at each there are some of several families."""
    fitting = [g for g in grooves() if g.bpm[0] <= bpm <= g.bpm[1] and not g.meter_only]
    assert len(fitting) >= 5
    assert len({g.family for g in fitting}) >= 3
