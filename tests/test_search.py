"""The search sees the same charges as the objective."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from playlists.builtin import builtin
from playlists.matching import score_order
from playlists.pool import LEVELS, options, pool
from playlists.relaxation import cells, no_prices, potentials, prices, problem
from playlists.search import NONE, beam, charges, descend
from playlists.sequencing import sequence
from playlists.settings import load
from playlists.targets import targets
from tests.crates import crate, song

SETTINGS = load()
WORKOUT = builtin("intervals", 25)
unhurried = hypothesis_settings(max_examples=50)


@unhurried
@given(st.integers(0, 20), st.permutations(range(9)), st.integers(0, 9))
def test_the_search_charges_what_the_objective_does(
    seed: int, order: list[int], count: int
) -> None:
    """At its best levels, a playlist's charge is its score."""
    held = pool(crate(9, seed))
    goal = targets(WORKOUT, SETTINGS)
    task = problem(options(held, np.arange(9)), goal, SETTINGS)
    played = np.array(order[:count], dtype=np.int64)
    misfit = score_order(held, played, goal, SETTINGS)
    row = [
        3 * track + LEVELS.index(level) for track, level in zip(played, misfit.levels, strict=True)
    ]
    padded = np.array([row + [NONE] * (9 - count)])
    assert charges(task, padded)[0] == pytest.approx(sum(misfit.terms.values()))


@unhurried
@given(st.integers(0, 20), st.permutations(range(12)))
def test_no_playlist_is_charged_less_than_the_bound(seed: int, order: list[int]) -> None:
    """The bound holds for any order, with and without prices, however coarse the cells."""
    held = pool(crate(12, seed))
    goal = targets(WORKOUT, SETTINGS)
    task = problem(options(held, np.arange(12)), goal, SETTINGS)
    rows = np.array(
        [[3 * track for track in order[:count]] + [NONE] * (12 - count) for count in range(13)]
    )
    least = float(charges(task, rows).min())
    none = no_prices(held)
    price = prices(cells(task, 5.0), least, rounds=5, first=none)
    bounds = [
        potentials(cells(task, seconds), each).bound
        for each in (none, price)
        for seconds in (5.0, 0.5)
    ]
    assert max(bounds) <= least


def test_a_descent_never_climbs() -> None:
    """The descent ends at a playlist that costs no more than the one it came from."""
    held = pool(crate(12))
    task = problem(options(held, np.arange(12)), targets(WORKOUT, SETTINGS), SETTINGS)
    grid = cells(task, 5.0)
    start, charge = beam(grid, potentials(grid, no_prices(held)), 1)
    assert charge == pytest.approx(charges(task, start[None])[0])
    assert descend(task, start, np.arange(36))[1] <= charge


def test_one_track_and_any_seed() -> None:
    """A library of one track is played, whatever the seed."""
    only = [song("only")]
    names = [
        [e.track.title for e in sequence(WORKOUT, only, settings=SETTINGS, seed=i).entries]
        for i in range(3)
    ]
    assert names == [["only"]] * 3
