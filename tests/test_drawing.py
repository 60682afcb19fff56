"""Workouts as text charts."""

import pytest

from playlists.builtin import builtin
from playlists.drawing import drawn, steps
from playlists.settings import load
from tests.plans import parse


def test_a_step_up_looks_like_one() -> None:
    """Height is intensity, width is time."""
    assert drawn(parse("10m 60%, 10m 120%"), width=8) == ["▄▄▄▄████"]


@pytest.mark.parametrize("height", [1, 3])
def test_a_chart_has_the_size_that_was_asked_for(height: int) -> None:
    """Every row has the width."""
    rows = drawn(builtin("spin"), width=30, height=height)
    assert [len(row) for row in rows] == [30] * height


def test_plain_charts_are_ascii() -> None:
    """The fallback needs no block elements."""
    assert "".join(drawn(builtin("spin"), width=30, height=2, plain=True)).isascii()


def test_a_step_shows_its_own_tempos() -> None:
    """A step that begins between two ticks shows nothing of the step before."""
    rows = steps(parse("8m2s 90%, 2m37s 100%, 10m 50%, 1s 50%"), load())
    assert [row[3] for row in rows] == ["133", "137", "112", "112"]
