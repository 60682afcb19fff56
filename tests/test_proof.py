"""The end of a search: what is let in, what is left out, and the bound that is left."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from benchmarks.exact import optimum
from playlists import sequencing, sieve
from playlists.arcs import every
from playlists.builtin import builtin
from playlists.candidates import outside
from playlists.closing import closed
from playlists.memory import remembered
from playlists.pool import pool
from playlists.problem import problem
from playlists.progress import Progress, lean
from playlists.proof import proved
from playlists.relaxation import no_prices, potentials
from playlists.rules import FREE, Pin, Rules, pinned
from playlists.search import NONE, beam, charges
from playlists.settings import load
from playlists.survey import Survey, survey
from playlists.targets import targets
from tempo.track import Track
from tests.crates import crate, song

SETTINGS = load()
WORKOUT = builtin("intervals", 20)
GOAL = targets(WORKOUT, SETTINGS)
unhurried = hypothesis_settings(max_examples=6)


def surveyed(tracks: list[Track]) -> Survey:
    """Return the survey of all tracks."""
    return survey(pool(tracks), np.arange(len(tracks)), GOAL, SETTINGS, FREE)


def looked_at(found: Survey, options: np.ndarray, fine: int = 1) -> Progress:
    """Return a search that knows some options of a survey, without prices."""
    net = every(problem(found.part(options), GOAL, SETTINGS), fine)
    hopes = potentials(net, no_prices(found.pool))
    order, least = beam(net, hopes, 100)
    return Progress(options, net.task, 1, net, hopes, options[order], least)


@unhurried
@given(st.integers(0, 99), st.integers(4, 9))
def test_no_better_playlist_has_what_was_not_let_in(seed: int, few: int) -> None:
    """Closed, a search that knew a few tracks finds the best playlist, and claims no more."""
    tracks = crate(10, seed)
    found = surveyed(tracks)
    now = looked_at(found, np.arange(3 * few))
    all_in = closed(found, now, outside(found, now.hopes, now.known))
    assert all_in is not None
    best = optimum(found.pool, GOAL, SETTINGS, bounded=False).misfit * GOAL.duration
    last, bound = proved(all_in)
    assert bound <= best + 1e-6
    assert last.least >= best - 1e-6
    # A beam as wide as here leaves nothing out that may come into a playlist of ten tracks.
    assert last.least == pytest.approx(best, rel=0.01)


def test_what_suits_no_moment_is_not_let_in() -> None:
    """Of tracks that fit nowhere none comes in, as the best playlist needs none."""
    tracks = crate(150) + [song(f"slow {i}", bpm=62.0, energy=0.0, beat=0.0) for i in range(9)]
    found = surveyed(tracks)
    now = looked_at(found, np.arange(450))
    all_in = closed(found, now, outside(found, now.hopes, now.known))
    assert all_in is not None
    assert all_in.known.max() < 450


@unhurried
@given(st.integers(0, 99), st.integers(0, 9), st.floats(0, 30))
def test_remembering_songs_claims_too_much_of_no_order(
    seed: int, priced: int, price: float
) -> None:
    """The bound with songs remembered holds for every order, whatever the prices were."""
    found = surveyed(crate(6, seed))
    net = every(problem(found.part(np.arange(18)), GOAL, SETTINGS), 2)
    prices = no_prices(found.pool)
    prices[priced % len(prices)] = price
    hopes = potentials(net, prices)
    rows = [
        list(order) + [NONE] * (5 - len(order))
        for count in range(5)
        for order in permutations(range(0, 18, 3), count)
    ]
    least = charges(net.task, np.array(rows)).min()
    assert remembered(net, hopes, np.inf) <= least + 1e-6


def test_a_song_worth_a_lot_is_remembered() -> None:
    """Where one song is far the best, remembering it raises the bound as prices alone do not."""
    found = surveyed(crate(6, 1))
    now = looked_at(found, np.arange(18))
    plain = now.hopes.bound
    assert remembered(now.net, now.hopes, -np.inf) == pytest.approx(-np.inf)
    assert remembered(now.net, now.hopes, plain) == pytest.approx(plain)
    assert remembered(now.net, now.hopes, np.inf) > 1.05 * plain


def test_what_is_lean_has_the_same_bound() -> None:
    """Arcs that are in no better playlist go, and the bound stays."""
    now = looked_at(surveyed(crate(40)), np.arange(120))
    less = lean(now)
    assert len(less.net.cell) < len(now.net.cell) / 2
    assert potentials(less.net, less.hopes.price).bound == pytest.approx(now.hopes.bound)


def test_what_is_worth_finding_stays_where_much_goes() -> None:
    """Of many arcs those of all playlists stay that cost less than is said of what is left out."""
    now = looked_at(surveyed(crate(40)), np.arange(120), fine=8)
    worse = replace(now, least=1.1 * now.least)
    less = lean(worse)
    assert now.least < less.left_out < worse.least
    assert len(less.net.cell) < len(now.net.cell) / 2
    start = np.cumsum(now.net.task.ways.duration[now.best]) - now.net.task.ways.duration[now.best]
    arcs = set(zip(less.net.option.tolist(), less.net.cell.tolist(), strict=True))
    cells = (start / now.net.step).astype(np.int64).tolist()
    assert set(zip(now.best.tolist(), cells, strict=True)) <= arcs


@hypothesis_settings(max_examples=5)
@given(st.integers(0, 99), st.booleans())
def test_a_sieve_that_knows_few_options_at_first_claims_too_much_of_none(
    seed: int, pinning: bool
) -> None:
    """Its playlist and bound are around the best, though nearly all tracks were outside."""
    tracks = crate(10, seed)
    pins = [Pin(tracks[seed % 10], 500.0)] if pinning else []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sequencing, "FEW", 0)
        for name, few in (("FIRST", 6), ("NEXT", 3), ("FIELD", 9), ("FEW", 2), ("CHEAP", 5)):
            patch.setattr(sieve, name, few)
        made = sequencing.sequence(WORKOUT, tracks, settings=SETTINGS, pins=pins)
    held = pool(tracks)
    rules = Rules(pinned(tuple(pins), held, WORKOUT.duration))
    best = optimum(held, GOAL, SETTINGS, bounded=False, rules=rules).misfit
    assert made.bound - 1e-9 <= best <= made.misfit + 1e-9
    assert made.misfit < 1.3 * best
