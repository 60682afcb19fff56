"""Workouts as text charts."""

import pytest

from playlists.builtin import builtin
from playlists.drawing import drawn
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
