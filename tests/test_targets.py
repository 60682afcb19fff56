"""What music a workout asks for."""

from typing import get_args

import numpy as np
import pytest

from playlists.builtin import builtin
from playlists.errors import WorkoutError
from playlists.playlist import Mode
from playlists.settings import load
from playlists.targets import targets
from playlists.workout import steady
from tests.plans import parse

SETTINGS = load()


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


@pytest.mark.parametrize(
    ("name", "expected"),
    [("walk", 111.5), ("Brisk walking", 111.5), ("easy", 160), ("walk or jog", 160), ("", 160)],
)
def test_nobody_walks_at_the_cadence_of_a_run(name: str, expected: float) -> None:
    """A step of a run that is called a walk has the cadence of one, unless another is given."""
    workout = parse(f'"{name}" 5m 50%, "run" 5m 75%' if name else "5m 50%, 5m 75%")
    goal = targets(workout, SETTINGS, mode="sync")
    assert (goal.bpm[0], goal.bpm[-1]) == (expected, 165)
    given = targets(workout, SETTINGS, mode="sync", cadence=(170, 170))
    assert set(given.bpm.tolist()) == {170}


def test_music_rises_where_effort_does() -> None:
    """A climb asks for songs that build, a plateau for level ones, a cool-down for fading ones."""
    goal = targets(builtin("hearts-on-fire"), SETTINGS)
    assert (goal.build[0], round(float(goal.build[200]), 1), goal.build[-1]) == (1.0, 0.5, 0.0)


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        ("5m 60%, 5m 90%", {0, 1}),
        ("1m 50%, 6m 95%, 1m 40%", {1}),
        ("1m 50%, 1m 60%, 1m 70%", {0, 1, 2}),
        ("5m 60%, 4x(20s 150%, 10s 50%, 20s 140%, 10s 50%), 5m 50%",
         {0, 1, 3, 5, 7, 9, 11, 13, 15, 17}),
        ("1m 40%, 4x(20s 150%, 10s 50%), 1m 70%", {1, 3, 5, 7}),
    ],
)  # fmt: skip
def test_a_step_is_named_where_its_effort_is_heard(plan: str, expected: set[int]) -> None:
    """What is too short for a song, and unlike its block, gives no song its name."""
    assert expected == set(targets(parse(plan), SETTINGS).step.tolist())


def test_strength_has_no_cadence() -> None:
    """Where nothing says how fast the legs go, sync is refused."""
    with pytest.raises(WorkoutError, match="no cadence to follow"):
        targets(builtin("strength"), SETTINGS, mode="sync")


@pytest.mark.parametrize("plan", ["intervals", "training-montage", "spin"])
def test_moments_of_a_kind_ask_for_the_same(plan: str) -> None:
    """Kinds of moments, each at its place, are the targets again; level steps have few."""
    goal = targets(builtin(plan, 30), SETTINGS)
    kinds, kind = goal.kinds
    for name in ("low", "bpm", "high", "energy_low", "energy_high", "build"):
        assert (getattr(kinds, name)[kind] == getattr(goal, name)).all()
    level = targets(parse("30m 80%"), SETTINGS).kinds[0]
    assert len(level.bpm) == 1
