"""The workouts that come with the program."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playlists.builtin import BUILT_IN, builtin
from playlists.errors import WorkoutError


@given(st.sampled_from(sorted(BUILT_IN)), st.floats(1, 1440))
def test_any_workout_has_any_length(name: str, minutes: float) -> None:
    """The steps add up to the length that was asked for."""
    assert builtin(name, minutes).duration == pytest.approx(minutes * 60)


@given(st.floats(1, 1440))
def test_training_montage_rises_without_a_break(minutes: float) -> None:
    """Every step is a climb that starts where the one before it ended."""
    levels = [level for s in builtin("training-montage", minutes).steps for level in s.intensity]
    assert all(a <= b for a, b in pairwise(levels))


@given(st.floats(20, 300))
def test_intervals_change_their_number_not_their_length(minutes: float) -> None:
    """A hard interval lasts 4 minutes however long the workout is."""
    steps = builtin("intervals", minutes).steps
    assert {step.duration for step in steps if step.name == "hard"} == {240}


@pytest.mark.parametrize(("name", "seconds"), [("intervals", 240), ("tabata", 8 * 20)])
@pytest.mark.parametrize("minutes", [7, 8, 10, 11, 12])
def test_a_short_day_has_one_interval(name: str, minutes: float, seconds: float) -> None:
    """Ten minutes are enough for four hard ones; the cool-down is their rest."""
    steps = builtin(name, minutes).steps
    assert sum(step.duration for step in steps if step.intensity[0] > 1) == seconds
    if minutes < 12:
        assert steps[0].duration == pytest.approx(steps[-1].duration)


@given(st.sampled_from(["hearts-on-fire", "long-run", "tempo-run", "steady-run", "spin"]))
def test_a_long_day_has_a_short_warm_up(name: str) -> None:
    """Warm-up and cool-down do not grow with a workout of five hours."""
    steps = builtin(name, 300).steps
    assert steps[0].duration <= 12 * 60
    assert steps[-1].duration <= 8 * 60


def test_an_unknown_name_brings_close_ones() -> None:
    """The message names what was probably meant."""
    with pytest.raises(WorkoutError, match="hearts-on-fire"):
        builtin("heart-on-fire")


@pytest.mark.parametrize("minutes", [0.5, float("nan"), 1500])
def test_a_length_out_of_range_is_refused(minutes: float) -> None:
    """A built-in workout lasts from a minute to a day."""
    with pytest.raises(WorkoutError, match="minutes"):
        builtin("walk", minutes)
