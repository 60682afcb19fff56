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


def test_music_of_a_short_effort_runs_on_into_the_rest() -> None:
    """Two hard minutes get a hard song, which plays half a minute longer."""
    expected = [(600, 0.6), *[(150, 0.95), (150, 0.55)] * 2, (300, 0.5)]
    assert intensities("10m 60%, 2x(2m 95%, 3m 55%), 5m 50%") == expected


def test_hard_music_stays_through_rests_that_can_spare_nothing() -> None:
    """Where no song fits between two efforts, theirs go on; the cool-down is easy."""
    found = blocks(parse("10m 60%, 4x(1m 110%, 3m 55%), 5m 50%"), SETTINGS)
    efforts = [block for block in found if block.intensity[0] == 1.1]
    assert (efforts[0].start, efforts[-1].end) == (600, 1560 - 180)
    assert found[-1].intensity == (0.5, 0.5)


def test_music_of_a_short_finish_begins_sooner() -> None:
    """Of an effort that ends the workout nothing can come after."""
    assert intensities("10m 60%, 2m 110%") == [(570, 0.6), (150, 1.1)]


def test_a_ramp_that_lends_time_is_cut() -> None:
    """What is left of it has the efforts that it had at these moments."""
    rest = blocks(parse("5m 60%, 2m 100%, 5m 90-40%"), SETTINGS)[-1]
    assert (rest.start, rest.duration) == (450, 270)
    assert rest.intensity == pytest.approx((0.85, 0.4))


def test_a_short_cool_down_is_no_effort() -> None:
    """It begins a little harder than the rest before it, and ends the workout all the same."""
    assert intensities("5m 60%, 4m 105%, 3m 55%, 100s 60-35%")[-1] == (280, 0.55)


def test_a_sprint_changes_no_music() -> None:
    """Thirty seconds are over before a song has begun."""
    assert intensities("5m 60%, 30s 140%, 5m 60%") == [(330, 0.6), (300, 0.6)]


@given(st.sampled_from(sorted(BUILT_IN)), st.floats(1, 200))
def test_blocks_cover_the_workout(name: str, minutes: float) -> None:
    """Blocks follow each other from the start of a workout to its end."""
    parts = blocks(builtin(name, minutes), SETTINGS)
    ends = np.array([0.0, *(part.end for part in parts)])
    assert np.allclose(ends[:-1], [part.start for part in parts])
    assert ends[-1] == pytest.approx(minutes * 60)
