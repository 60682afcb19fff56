"""The proof that sequencing is judged by, judged by trying every order."""

from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from benchmarks.exact import optimum
from playlists.builtin import builtin
from playlists.matching import score_order
from playlists.playlist import Mode
from playlists.rules import FREE
from playlists.sequencing import library, sequence
from playlists.settings import load
from playlists.sieve import sieved
from playlists.targets import targets
from tests.crates import crate
from tests.plans import parse

SETTINGS = load()
MODES = st.sampled_from(["async", "sync"])
few = hypothesis_settings(max_examples=5)


@few
@given(
    st.sampled_from(["5m 60%, 5m 95%", "12m ramp 50-100%", "4m 60% 165spm"]),
    MODES,
    st.integers(0, 99),
)
def test_the_proof_finds_what_trying_all_orders_finds(plan: str, mode: Mode, seed: int) -> None:
    """Of four tracks, two by one artist, the least misfit is that of the best order."""
    held = library(crate(4, seed))
    goal = targets(parse(plan), SETTINGS, mode=mode)
    orders = [order for count in range(5) for order in permutations(range(4), count)]
    least = min(
        score_order(held, np.array(order, np.int64), goal, SETTINGS).total for order in orders
    )
    for known, bounded in product((np.inf, 1.02 * least), (True, False)):
        found = optimum(held, goal, SETTINGS, known=known, bounded=bounded)
        assert (found.misfit, found.bound) == pytest.approx((least, least))


@few
@given(st.sampled_from(["intervals", "tempo-run", "spin"]), MODES, st.integers(0, 99))
def test_a_small_library_is_solved_to_the_optimum(name: str, mode: Mode, seed: int) -> None:
    """Within 1 %, by a proof that takes nothing from the relaxation; the bound is no higher."""
    workout, held = builtin(name, 18), library(crate(10, seed))
    made = sequence(workout, held, settings=SETTINGS, mode=mode)
    best = optimum(held, targets(workout, SETTINGS, mode=mode), SETTINGS, bounded=False)
    assert best.bound == best.misfit
    assert made.misfit <= 1.01 * best.misfit
    assert made.bound <= best.misfit + 1e-9


@few
@given(st.sampled_from(["intervals", "tempo-run"]), MODES, st.integers(0, 99))
def test_a_sieve_is_never_surer_than_the_truth(name: str, mode: Mode, seed: int) -> None:
    """Searched as a large library is, a small one has no bound above its optimum."""
    workout, held = builtin(name, 18), library(crate(10, seed))
    goal = targets(workout, SETTINGS, mode=mode)
    best = optimum(held, goal, SETTINGS, bounded=False).misfit * goal.duration
    found = sieved(held, np.arange(10), goal, SETTINGS, FREE, 0)
    assert found.bound <= best + 1e-6
    assert best - 1e-6 <= found.charge <= 1.05 * best


@few
@given(MODES, st.integers(0, 99))
def test_another_track_never_makes_it_worse_than_the_gap(mode: Mode, seed: int) -> None:
    """With a track more, the misfit is no higher than before by more than the gap."""
    tracks, workout = crate(18, seed), builtin("intervals", 20)
    less, more = (
        sequence(workout, some, settings=SETTINGS, mode=mode) for some in (tracks[1:], tracks)
    )
    assert more.bound <= less.misfit + 1e-9
    assert more.misfit * (1 - more.gap) <= less.misfit + 1e-9
