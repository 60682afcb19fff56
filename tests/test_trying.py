"""Trying all that could be better finds the best, and claims no more than is so."""

from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from playlists.arcs import Arcs, every
from playlists.builtin import builtin
from playlists.pool import options, pool
from playlists.problem import problem
from playlists.relaxation import no_prices, potentials
from playlists.rules import FREE, Rules
from playlists.search import NONE, charges
from playlists.settings import load
from playlists.targets import targets
from playlists.trying import tried
from tests.crates import crate

SETTINGS = load()
GOAL = targets(builtin("intervals", 14), SETTINGS)
RULES = st.sampled_from(
    [FREE, Rules(max_per_artist=1), Rules(no_repeat_artist=2), Rules(((1, 300.0),))]
)
few = hypothesis_settings(max_examples=20)


def of_four(seed: int, rules: Rules) -> tuple[Arcs, float]:
    """Return the arcs of four tracks, two by one artist, and the charge of the best order."""
    held = pool(crate(4, seed))
    net = every(problem(options(held, np.arange(4)), GOAL, SETTINGS, rules), 2)
    rows = [
        [3 * track + level for track, level in zip(order, levels, strict=True)]
        + [NONE] * (4 - count)
        for count in range(5)
        for order in permutations(range(4), count)
        for levels in product(range(3), repeat=count)
    ]
    return net, float(charges(net.task, np.array(rows)).min())


@few
@given(st.integers(0, 99), RULES, st.floats(0, 60))
def test_what_is_tried_whole_is_the_best(seed: int, rules: Rules, price: float) -> None:
    """As long as nothing is given up, the bound is the charge of the best playlist."""
    net, best = of_four(seed, rules)
    hopes = potentials(net, no_prices(net.task.ways.pool) + price)
    found = tried(net, hopes, np.inf, 10_000)
    assert (found.charge, found.bound) == pytest.approx((best, best))
    assert charges(net.task, found.order[None])[0] == pytest.approx(best)


@few
@given(st.integers(0, 99), RULES, st.integers(1, 9), st.floats(0.8, 1.2))
def test_what_is_given_up_lowers_the_bound(
    seed: int, rules: Rules, width: int, share: float
) -> None:
    """However few go on, and whatever matters, no playlist is charged less than the bound."""
    net, best = of_four(seed, rules)
    found = tried(net, potentials(net, no_prices(net.task.ways.pool)), share * best, width)
    assert found.bound <= best + 1e-6
    assert found.charge >= best - 1e-6


def test_what_does_not_matter_is_given_up() -> None:
    """With nothing to gain, trying proves just that."""
    net, best = of_four(0, FREE)
    found = tried(net, potentials(net, no_prices(net.task.ways.pool)), 0.98 * best, 10_000)
    assert found.bound == pytest.approx(0.98 * best)
