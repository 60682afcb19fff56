"""Potentials in short cells are those of every arc, though few of these are looked at."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from playlists.arcs import every
from playlists.builtin import builtin
from playlists.errors import PlaylistError
from playlists.kernels.points import NEVER
from playlists.pool import Floats, options, pool
from playlists.problem import Problem, problem
from playlists.relaxation import glimpsed, guess, no_prices, potentials, sharp
from playlists.rules import FREE, Pin, Rules, pinned
from playlists.settings import load
from playlists.targets import targets
from tests.crates import crate, song

SETTINGS = load()
WORKOUT = builtin("intervals", 20)
GOAL = targets(WORKOUT, SETTINGS)
unhurried = hypothesis_settings(max_examples=25)
moments = st.lists(st.floats(0, WORKOUT.duration - 1), max_size=3)


def drawn(seed: int, at: list[float]) -> tuple[Problem, Floats]:
    """Return the problem of a few tracks, some of them pinned, and prices of some songs.

    Two are so short that they end among the cells that others are looked at in together.
    """
    brief = [song(f"brief {i}", bpm=150, duration=45 + 25 * i) for i in range(2)]
    tracks, lots = crate(12, seed) + brief, np.random.default_rng(seed)
    held = pool(tracks)
    pins = [Pin(track, moment) for track, moment in zip(tracks, sorted(at), strict=False)]
    try:
        rules = Rules(pinned(pins, held, WORKOUT.duration))
    except PlaylistError:
        rules = FREE
    task = problem(options(held, np.arange(14)), GOAL, SETTINGS, rules)
    price = no_prices(held)
    return task, np.asarray(lots.choice([0.0, 5.0, 20.0], len(price)) * lots.random(len(price)))


def near(one: Floats, other: Floats) -> bool:
    """Tell whether two potentials are the same, as far as a playlist may have them."""
    return bool(np.allclose(np.minimum(one, NEVER), np.minimum(other, NEVER), atol=1e-6))


@unhurried
@given(st.integers(0, 99), st.integers(0, 3), st.floats(0, 50), moments)
def test_what_is_not_looked_at_lowers_nothing(
    seed: int, depth: int, margin: float, at: list[float]
) -> None:
    """Potentials, bound and near arcs are as with all arcs, whatever the prices and pins."""
    task, price = drawn(seed, at)
    net, hopes = sharp(task, 1, depth, price, margin)
    whole = every(task, 1 << depth)
    all_ = potentials(whole, price)
    assert near(hopes.on, all_.on)
    assert near(hopes.go, all_.go)
    assert hopes.bound == pytest.approx(all_.bound)
    within, told = all_.over < margin - 1e-6, set(zip(net.cell, net.option, strict=True))
    expected = set(zip(whole.cell[within], whole.option[within], strict=True))
    assert expected <= told
    assert (hopes.over <= margin + 1e-6).all()
    assert (np.diff(net.cell) >= 0).all()


def test_more_arcs_than_there_is_room_for_are_refused() -> None:
    """A margin that lets in more arcs than may be held ends with that, not without memory."""
    task, price = drawn(1, [])
    with pytest.raises(MemoryError, match="more than 500 arcs"):
        sharp(task, 1, 3, price, 1000.0, 500)


@unhurried
@given(st.integers(0, 99), st.integers(2, 60), moments)
def test_a_glimpse_has_what_is_cheapest(seed: int, many: int, at: list[float]) -> None:
    """From each cell as many options as are asked for, and the cheapest: the guess stays."""
    task, price = drawn(seed, at)
    net, whole = glimpsed(task, 1, price, many), every(task, 1)
    counts = np.bincount(net.cell, minlength=net.count)
    pinned = (task.pin >= 0).sum()
    assert (counts <= many + pinned).all()
    if not len(task.rules.pins):
        assert (counts == min(many, len(task.charge))).all()
        some, all_ = guess(net, price), guess(whole, price)
        # Between the starts of cells it is a glimpse, so what costs nearly the same may differ.
        assert some.bound == pytest.approx(all_.bound, abs=0.05 * abs(all_.bound) + 5)
