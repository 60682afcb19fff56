"""What music a workout asks for."""

from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playlists.builtin import BUILT_IN, builtin
from playlists.errors import WorkoutError
from playlists.playlist import Mode
from playlists.settings import load
from playlists.targets import blocks, targets
from playlists.workout import steady
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


def test_async_follows_effort_up_to_a_ceiling() -> None:
    """Tempo rises with effort, and never beyond 145 BPM."""
    goal = targets(builtin("training-montage", 30), SETTINGS)
    assert (np.diff(goal.bpm) >= 0).all()
    assert goal.high.max() <= 145


def test_sync_follows_the_legs() -> None:
    """A given cadence is the tempo throughout."""
    goal = targets(builtin("intervals"), SETTINGS, mode="sync", cadence=(172, 172))
    assert {*goal.low, *goal.bpm, *goal.high} == {172.0}


def test_the_cadence_of_a_step_is_locked_in_sync() -> None:
    """A plan's own cadence wins over the usual one."""
    goal = targets(parse("10m 60% 90rpm, 10m 90%"), SETTINGS, mode="sync")
    assert (goal.bpm[0], goal.bpm[-1]) == (90, pytest.approx(91.667, abs=0.01))


@pytest.mark.parametrize("mode", get_args(Mode))
def test_a_given_tempo_wins(mode: Mode) -> None:
    """The quick form asks for its own tempo in both modes."""
    goal = targets(steady("run", 20, (165, 175)), SETTINGS, mode=mode)
    assert (goal.low[0], goal.bpm[0], goal.high[0]) == (165, 170, 175)


def test_music_rises_where_effort_does() -> None:
    """A climb asks for songs that build, a plateau for level ones, a cool-down for fading ones."""
    goal = targets(builtin("hearts-on-fire"), SETTINGS)
    assert (goal.build[0], round(float(goal.build[200]), 1), goal.build[-1]) == (1.0, 0.5, 0.0)


def test_strength_has_no_cadence() -> None:
    """Where nothing says how fast the legs go, sync is refused."""
    with pytest.raises(WorkoutError, match="no cadence to follow"):
        targets(builtin("strength"), SETTINGS, mode="sync")
