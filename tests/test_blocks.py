"""Steps too short for a song, bundled."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playlists.blocks import blocks
from playlists.builtin import BUILT_IN, builtin
from playlists.settings import load
from tests.plans import parse

SETTINGS = load()


def intensities(plan: str) -> list[tuple[float, float]]:
    """Return length and final intensity of each block of a plan."""
    return [(b.duration, round(b.intensity[1], 3)) for b in blocks(parse(plan), SETTINGS)]


def test_long_steps_stay_as_they_are() -> None:
    """A step of 150 s or more is a block of its own."""
    assert intensities("5m 60%, 3m 95%, 5m 50%") == [(300, 0.6), (180, 0.95), (300, 0.5)]


def test_short_repeats_become_one_block_at_their_work_intensity() -> None:
    """Music stays hard through short rests."""
    assert intensities("5m 60%, 8x(20s 140%, 10s 50%), 5m 50%")[1] == (240, 1.4)


def test_a_short_staircase_becomes_a_ramp() -> None:
    """Short steps that only rise are climbed evenly."""
    (block,) = blocks(parse("1m 50%, 1m 60%, 1m 70%"), SETTINGS)
    assert block.intensity == (0.5, 0.7)


def test_a_lone_short_step_joins_the_nearer_neighbor() -> None:
    """A minute that no song fits is played by the songs of the effort most like it."""
    assert intensities("5m 60%, 1m 90%, 5m 95%") == [(300, 0.6), (360, 0.95)]


@given(st.sampled_from(sorted(BUILT_IN)), st.floats(1, 200))
def test_blocks_cover_the_workout(name: str, minutes: float) -> None:
    """Blocks follow each other from the start of a workout to its end."""
    parts = blocks(builtin(name, minutes), SETTINGS)
    ends = np.array([0.0, *(part.end for part in parts)])
    assert np.allclose(ends[:-1], [part.start for part in parts])
    assert ends[-1] == pytest.approx(minutes * 60)
