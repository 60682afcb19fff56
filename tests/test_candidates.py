"""Tracks that may matter: looked at roughly, never wrongly ruled out."""

import numpy as np
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from playlists.arcs import every
from playlists.builtin import builtin
from playlists.candidates import lacking, outside
from playlists.looks import BARRED
from playlists.pool import Options, pool
from playlists.problem import problem
from playlists.relaxation import Potentials, excess, no_prices, potentials
from playlists.rules import FREE, Rules
from playlists.settings import load
from playlists.survey import Survey, survey
from playlists.targets import targets
from tests.crates import crate

SETTINGS = load()
GOAL = targets(builtin("intervals", 30), SETTINGS)
TRACKS = np.arange(60)
NONE = np.empty(0, np.int64)


def all_of(found: Survey) -> Options:
    """Return all options of a survey."""
    return found.part(np.arange(3 * len(found.tracks)))


unhurried = hypothesis_settings(max_examples=12)


def hopes_of(seed: int, known: int, fine: int = 2) -> Potentials:
    """Return potentials of the first `known` tracks of a crate."""
    held = pool(crate(60, seed))
    task = problem(
        survey(held, TRACKS, GOAL, SETTINGS, FREE).part(np.arange(3 * known)), GOAL, SETTINGS
    )
    return potentials(every(task, fine), no_prices(held))


@unhurried
@given(st.integers(0, 99), st.integers(5, 30), st.integers(31, 60), st.sampled_from([1, 2, 4]))
def test_no_track_is_ruled_out_that_lowers_the_potentials(
    seed: int, few: int, more: int, fine: int
) -> None:
    """A rough look finds no more slack than there is, nor one after a look in longer cells."""
    held = pool(crate(60, seed))
    found = survey(held, TRACKS, GOAL, SETTINGS, FREE)
    net = every(problem(all_of(found), GOAL, SETTINGS), fine)
    first, then = hopes_of(seed, more, 1), hopes_of(seed, few, fine)
    least = np.full(3 * len(TRACKS), np.inf)
    np.minimum.at(least, net.option, excess(net, then))
    assert (outside(found, then, NONE).slack <= least + 1e-9).all()
    last = outside(found, first, NONE)
    assert (outside(found, then, NONE, last).slack <= least + 1e-9).all()


@unhurried
@given(st.integers(0, 99), st.integers(1, 60))
def test_what_is_known_is_not_looked_at(seed: int, few: int) -> None:
    """Nothing known is due, and what is due of the rest does not depend on it."""
    found = survey(pool(crate(60, seed)), TRACKS, GOAL, SETTINGS, FREE)
    hopes, known = hopes_of(seed, few, 1), np.arange(30)
    due = outside(found, hopes, NONE).due(found)
    expected = due[~np.isin(due, known)]
    assert expected.tolist() == outside(found, hopes, known).due(found).tolist()


@unhurried
@given(st.integers(0, 99), st.lists(st.floats(60, 1700), min_size=1, max_size=2))
def test_pins_rule_out_no_track_that_leaves_them_room(seed: int, moments: list[float]) -> None:
    """Only where a pinned track must be playing does no other track seem worth anything."""
    held = pool(crate(60, seed))
    rules = Rules(tuple(enumerate(sorted(moments))))
    found = survey(held, TRACKS, GOAL, SETTINGS, rules)
    known = problem(found.part(np.arange(60)), GOAL, SETTINGS, rules)
    hopes = potentials(every(known, 2), no_prices(held))
    net = every(problem(all_of(found), GOAL, SETTINGS, rules), 2)
    least = np.full(3 * len(TRACKS), np.inf)
    np.minimum.at(least, net.option, excess(net, hopes))
    others = np.setdiff1d(np.arange(3 * len(TRACKS)), found.ways(np.arange(len(moments))))
    # Where nothing known leads to the end, an excess is infinite, and a slack nearly so.
    least = np.maximum(least, -BARRED / 2)
    assert (outside(found, hopes, NONE).slack[others] <= least[others] + 1e-9).all()


def test_those_lack_that_cost_less_than_the_potentials() -> None:
    """Every option that lowers the potentials of a few tracks is among those that these lack."""
    held = pool(crate(60))
    found, hopes = survey(held, TRACKS, GOAL, SETTINGS, FREE), hopes_of(0, 10)
    net = every(problem(all_of(found), GOAL, SETTINGS), 2)
    lower = np.unique(net.option[excess(net, hopes) < -1e-9])
    among = lacking(found, hopes, np.arange(3 * len(TRACKS)))
    assert len(lower) > 10
    assert np.isin(lower, among).all()
