"""Steps and workouts."""

from math import inf, nan

import pytest

from playlists.errors import WorkoutError
from playlists.workout import Range, Step, Workout, steady

RAMP = Workout("ramp", (Step(60, (0.4, 0.8)), Step(120, (1.0, 1.0), name="hard")))


@pytest.mark.parametrize(
    ("time", "intensity"), [(0, 0.4), (30, 0.6), (60, 1.0), (179, 1.0), (500, 1.0)]
)
def test_intensity_changes_linearly_and_holds_after_the_end(time: float, intensity: float) -> None:
    """Intensity is linear in a ramp, jumps between steps, and keeps its last value."""
    assert RAMP.intensity(time) == pytest.approx(intensity)


def test_steps_follow_each_other() -> None:
    """A step starts where the one before it ends."""
    assert (RAMP.starts, RAMP.duration) == ((0.0, 60.0), 180.0)


def test_scaled_keeps_proportions() -> None:
    """Scaling stretches every step by the same factor."""
    assert [step.duration for step in RAMP.scaled(6).steps] == [120, 240]


def test_steady_is_one_step_with_its_tempo() -> None:
    """The quick form asks for a tempo, not for an effort."""
    assert steady("run", 45, (165, 175)).steps[0].bpm == (165, 175)


@pytest.mark.parametrize(
    ("duration", "intensity", "cadence", "bpm", "said"),
    [
        (0, (0.5, 0.5), None, None, "0 s"),
        (nan, (0.5, 0.5), None, None, "nan"),
        (90_000, (0.5, 0.5), None, None, "24 h"),
        (60, (-0.1, 0.5), None, None, "intensity"),
        (60, (0.5, inf), None, None, "intensity"),
        (60, (0.5, 0.5), (500, 500), None, "cadence"),
        (60, (0.5, 0.5), None, (140, 120), "the lower comes first"),
    ],
)
def test_a_step_no_body_can_do_is_refused(
    duration: float, intensity: Range, cadence: Range | None, bpm: Range | None, said: str
) -> None:
    """The message names what is out of range."""
    with pytest.raises(WorkoutError, match=said):
        Step(duration, intensity, cadence, bpm)


def test_a_workout_has_steps() -> None:
    """A workout without steps is refused."""
    with pytest.raises(WorkoutError, match="no steps"):
        Workout("empty", ())


def test_a_workout_ends_within_a_day() -> None:
    """Steps that add up to more than 24 hours are refused."""
    with pytest.raises(WorkoutError, match="24 h"):
        Workout("long", (Step(80_000, (0.5, 0.5)),) * 2)


@pytest.mark.parametrize("minutes", [0.0, -5.0, nan, 1441.0])
def test_no_length_but_up_to_a_day(minutes: float) -> None:
    """A workout cannot be scaled to nothing or beyond a day."""
    with pytest.raises(WorkoutError, match="minutes"):
        RAMP.scaled(minutes)
