"""The search sees the same charges as the objective."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from playlists.arcs import every
from playlists.builtin import builtin
from playlists.matching import score_order
from playlists.pool import LEVELS, options, pool
from playlists.pricing import prices
from playlists.problem import cost, problem
from playlists.relaxation import (
    ahead,
    away,
    debt,
    guess,
    lowest,
    no_prices,
    potentials,
    sought,
)
from playlists.search import LONG, NONE, beam, charges, descend
from playlists.sequencing import sequence
from playlists.settings import load
from playlists.targets import targets
from tests.crates import crate, song

SETTINGS = load()
WORKOUT = builtin("intervals", 25)
GOAL = targets(WORKOUT, SETTINGS)
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
    net = every(task, 1)
    price = prices(net, least, rounds=5, first=none)
    bounds = [
        potentials(each, price).bound for price in (none, price) for each in (net, every(task, 10))
    ]
    assert max(bounds) <= least


def test_a_descent_never_climbs() -> None:
    """The descent ends at a playlist that costs no more than the one it came from."""
    held = pool(crate(12))
    task = problem(options(held, np.arange(12)), targets(WORKOUT, SETTINGS), SETTINGS)
    net = every(task, 1)
    start, charge = beam(net, potentials(net, no_prices(held)), 1)
    assert charge == pytest.approx(charges(task, start[None])[0])
    assert descend(task, start, np.arange(36))[1] <= charge


@pytest.mark.parametrize("seed", [0, 4, 5])
def test_songs_that_are_all_alike_do_not_crowd_out_others(seed: int) -> None:
    """With sixty songs that may stand in for one another, a narrow beam finds what a wide one does.

    Playlists that differ in these alone are one to it, and leave room for others.
    """
    alike = [song(f"{i}", bpm=100, energy=0.4, duration=180 + i / 100) for i in range(60)]
    held = pool(crate(40, seed) + alike)
    goal = targets(builtin("intervals", 40), SETTINGS)
    net = every(problem(options(held, np.arange(100)), goal, SETTINGS), 2)
    free = potentials(net, no_prices(held))
    hopes = potentials(net, prices(net, beam(net, free, 60)[1], rounds=24, first=free.price))
    assert beam(net, hopes, 20)[1] < 1.05 * beam(net, hopes, 3000)[1]


def test_playlists_of_many_hours_are_not_changed_song_by_song() -> None:
    """That would take minutes and gigabytes: one song more than the most stays as it is."""
    held, workout = pool(crate(LONG + 1)), builtin("long-run", 400)
    ways = options(held, np.arange(LONG + 1))
    task, order = problem(ways, targets(workout, SETTINGS), SETTINGS), 3 * np.arange(LONG + 1)
    assert descend(task, order, order)[0].tolist() == order.tolist()
    assert descend(task, order[:9], order[:12])[0].tolist() != order[:9].tolist()


def test_one_track_and_any_seed() -> None:
    """A library of one track is played, whatever the seed."""
    only = [song("only")]
    names = [
        [e.track.title for e in sequence(WORKOUT, only, settings=SETTINGS, seed=i).entries]
        for i in range(3)
    ]
    assert names == [["only"]] * 3


@unhurried
@given(st.integers(0, 20), st.permutations(range(12)), st.integers(1, 11))
def test_what_others_owe_makes_a_bound_hold_for_them(seed: int, order: list[int], few: int) -> None:
    """Potentials of some tracks, less the debt of the others, bound every playlist of all."""
    held, goal = pool(crate(12, seed)), targets(WORKOUT, SETTINGS)
    task = problem(options(held, np.arange(12)), goal, SETTINGS)
    hopes = potentials(every(task.part(np.arange(3 * few)), 4), no_prices(held))
    owing = sought(task, 1, hopes, np.zeros(len(hopes.on)))
    rows = np.array(
        [[3 * track for track in order[:count]] + [NONE] * (12 - count) for count in range(13)]
    )
    assert hopes.bound - debt([owing], hopes) <= charges(task, rows).min()


@unhurried
@given(st.integers(0, 99), st.floats(-100, 1000))
def test_arcs_sought_from_long_cells_on_are_those_of_short_ones(seed: int, room: float) -> None:
    """What is ruled out in cells of a tick is ruled out in all that they are cut into."""
    held, goal = pool(crate(16, seed)), targets(WORKOUT, SETTINGS)
    known, others = (
        problem(options(held, np.arange(low, low + 8)), goal, SETTINGS) for low in (0, 8)
    )
    hopes = potentials(every(known, 4), no_prices(held))
    rooms = np.full(len(hopes.on), room)
    found, net = sought(others, 1, hopes, rooms), lowest(every(others, 4), hopes, rooms)
    expected = sorted(zip(net.cell.tolist(), net.option.tolist(), strict=True))
    assert expected == sorted(zip(found.cell.tolist(), found.option.tolist(), strict=True))


@unhurried
@given(st.integers(0, 99), st.floats(0, 1))
def test_potentials_claim_too_much_at_no_moment(seed: int, place: float) -> None:
    """From every moment within a cell, no way on costs less than its line."""
    held, goal = pool(crate(8, seed)), targets(WORKOUT, SETTINGS)
    task = problem(options(held, np.arange(8)), goal, SETTINGS)
    net = every(task, 2)
    hopes = potentials(net, no_prices(held))
    start = np.asarray(net.step * (np.arange(1, net.count) + place), np.float64)
    left, right = hopes.on[1 : net.count].T
    line = left + place * (right - left)
    for option in range(len(task.charge)):
        reach = cost(task, np.array(option), start)
        reach = reach + ahead(hopes, start + task.ways.duration[option])
        assert (line <= reach + 1e-6).all()


@unhurried
@given(st.integers(0, 20), st.integers(0, 4), st.floats(0, 30))
def test_nothing_is_guessed_to_cost_less_than_is_proved(
    seed: int, priced: int, price: float
) -> None:
    """What it costs to go on is guessed no lower than the potentials, whatever the prices."""
    held = pool(crate(12, seed))
    net = every(problem(options(held, np.arange(12)), GOAL, SETTINGS), 1)
    dear = no_prices(held)
    dear[priced] = price
    hopes = potentials(net, dear)
    later = slice(1, None)  # The first track starts at 0, not anywhere in the first cell.
    assert (guess(net, dear).go[later] >= hopes.go[later] - 1e-9).all()


def test_a_guess_is_closer_than_what_is_proved() -> None:
    """In cells a sixteenth as long the two hardly differ: that is nearer to what was guessed."""
    held = pool(crate(12))
    task = problem(options(held, np.arange(12)), GOAL, SETTINGS)
    low, near = (potentials(every(task, fine), no_prices(held)) for fine in (1, 16))
    guessed, count = guess(every(task, 1), low.price), len(GOAL.bpm)
    proved, true = low.go[:count, 0], near.go[: 16 * count : 16, 0]
    assert np.abs(guessed.go[:count, 0] - true).mean() < np.abs(proved - true).mean() / 2


def test_leaving_out_what_is_far_from_the_best_leaves_the_bound() -> None:
    """Arcs of playlists beyond some charge are left out, and the bound is what it was."""
    held, goal = pool(crate(40)), targets(WORKOUT, SETTINGS)
    net = every(problem(options(held, np.arange(40)), goal, SETTINGS), 2)
    hopes = potentials(net, no_prices(held))
    near = net.part(hopes.over + away(net, hopes)[net.cell] < 20.0)
    assert len(near.cell) < len(net.cell) / 4
    assert potentials(near, hopes.price).bound == pytest.approx(hopes.bound)
