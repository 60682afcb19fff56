"""What a library costs at best, kept small: never more than it costs."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from playlists.builtin import builtin
from playlists.matching import charges_once, term_rates
from playlists.pool import pool
from playlists.rules import FREE
from playlists.settings import load
from playlists.survey import LEAST, below, promising, survey
from playlists.targets import targets
from tests.crates import crate, song

SETTINGS = load()
GOAL = targets(builtin("hearts-on-fire", 20), SETTINGS)


def test_no_rate_is_less_than_a_survey_says() -> None:
    """At no moment does an option cost less than its least, and no less at once than its charge."""
    held = pool([*crate(40), song("rain", bpm=None), song("slow", energy=0.0)])
    found = survey(held, np.arange(len(held)), GOAL, SETTINGS, FREE)
    ways = found.part(np.arange(3 * len(held)))
    least = sum(term_rates(ways, GOAL, SETTINGS).values(), np.zeros(())).min(axis=1)
    assert (LEAST[found.least] <= least + 1e-9).all()
    once = sum(charges_once(ways, SETTINGS.weights).values(), np.zeros(()))
    assert (np.repeat(found.charge, 3) <= once).all()
    # A bin of tempo, energy and build is worth no more than this.
    assert (LEAST[found.least] >= np.minimum(least, 0.4) - 0.1).all()


@given(st.floats(0, 1e6))
def test_rounding_is_down(value: float) -> None:
    """In half the memory a number is no greater, and hardly less."""
    rounded = float(below(np.array([value]))[0])
    assert rounded <= value
    assert rounded >= value * (1 - 1e-6) - 1e-30


def test_the_options_of_tracks_are_found() -> None:
    """Those of a track are its three levels, whichever tracks a survey is of."""
    held = pool(crate(9))
    found = survey(held, np.array([1, 4, 7]), GOAL, SETTINGS, FREE)
    ways = found.part(found.ways(np.array([7, 4])))
    assert ways.track.tolist() == [4, 4, 4, 7, 7, 7]
    assert ways.level.tolist() == [0, 1, 2, 0, 1, 2]
    assert len(found.ways(np.empty(0, np.int64))) == 0


def test_as_many_are_promising_as_asked_for() -> None:
    """So many options are given, each once, or all."""
    held = pool(crate(50))
    found = survey(held, np.arange(50), GOAL, SETTINGS, FREE)
    for count, most in ((20, 20), (150, 150), (1000, 150)):
        some = promising(found, count)
        assert len(np.unique(some)) == len(some) == most
