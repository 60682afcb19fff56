"""Steps too short for a song, bundled."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playlists.blocks import blocks
from playlists.builtin import BUILT_IN, builtin
from playlists.settings import load
from playlists.targets import targets
from playlists.workout import Step, Workout
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


def test_music_of_a_finish_begins_sooner() -> None:
    """The music of a kick at the end of a tempo run is heard in the run, not in the cool-down."""
    assert intensities("10m 60%, 20m 85%, 1m 120%, 5m 50%")[1:] == [
        (1110, 0.85), (150, 1.2), (300, 0.5)
    ]  # fmt: skip


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


def test_all_steps_of_a_class_may_be_short() -> None:
    """A warm-up, efforts and a cool-down of two minutes and less have music of their own."""
    plan = "2m 50%, 2m 55%, 2m 60%, 3x(1m 100%, 1m 60%), 2m 60%, 2m 50%, 2m 40%"
    found = blocks(parse(plan), SETTINGS)
    assert [(b.duration, b.intensity) for b in found] == [
        (360, (0.5, 0.6)), (300, (1.0, 1.0)), (420, (0.6, 0.4))
    ]  # fmt: skip


def test_sets_of_short_efforts_stay_apart() -> None:
    """Sets of unlike efforts, and the rest between them, are not averaged."""
    plan = "10m 60%, 4x(2m 80%, 1m 50%), 2m 40%, 6x(30s 140%, 30s 50%), 5m 50%"
    assert intensities(plan) == [(600, 0.6), (660, 0.8), (180, 0.5), (360, 1.4), (300, 0.5)]


def test_a_staircase_up_and_down_turns_at_its_top() -> None:
    """Music rises and falls with it, where both ways last a song."""
    up, down = blocks(parse(", ".join(f"1m {100 - 10 * abs(i)}%" for i in range(-5, 6))), SETTINGS)
    assert (up.intensity, down.intensity) == ((0.5, 1.0), (0.9, 0.5))


def test_small_turns_divide_no_block() -> None:
    """Over and under threshold in turn, a minute each, is one effort."""
    assert intensities("5m 60%, 1m 110%, 1m 95%, 1m 80%, 1m 95%, 1m 110%, 3m 55%")[1:] == [
        (300, 1.1), (180, 0.55)
    ]  # fmt: skip


def test_a_staircase_with_rests_is_climbed_evenly() -> None:
    """Each rest has the effort before it, so that the ramp is that of the efforts."""
    (block,) = blocks(parse("1m 60%, 30s 50%, 1m 70%, 30s 50%, 1m 80%"), SETTINGS)
    assert block.intensity == (0.6, 0.8)
    assert block.leads == (0, 2, 4)


def test_a_short_effort_and_rest_are_no_ramp() -> None:
    """What falls at once does not fall evenly."""
    assert blocks(parse("5m 60%, 2m 115%, 90s 55%, 3m 115%"), SETTINGS)[1].intensity == (1.15, 1.15)


def test_short_ends_have_music_of_their_own() -> None:
    """Two minutes of warm-up and of cool-down take half a minute each from the work."""
    assert intensities("2m 50%, 10m 95%, 2m 45%") == [(150, 0.5), (540, 0.95), (150, 0.45)]


def test_a_minute_of_warm_up_has_the_music_of_the_work() -> None:
    """Most of its song would be heard in the work."""
    assert intensities("1m 50%, 10m 95%, 1m 45%") == [(720, 0.95)]


def test_the_last_rest_goes_with_the_cool_down() -> None:
    """No effort follows it, unless it is over before a song has begun."""
    assert intensities("5m 60%, 5x(1m 105%, 1m 50%), 5m 50%")[1:] == [(540, 1.05), (360, 0.5)]
    assert intensities("5m 60%, 5x(30s 105%, 30s 50%), 5m 50%")[1:] == [(300, 1.05), (300, 0.5)]


def test_a_hill_ends_where_its_steps_do() -> None:
    """Two easy minutes after a ramp have its last effort, and do not put off the climb."""
    hill = blocks(parse("6m 80-100%, 2m 60%, 4m 110%"), SETTINGS)[0]
    assert (hill.duration, hill.at(360), hill.at(480)) == (480, 1.0, 1.0)
    goal = targets(parse("6m 80-100%, 2m 60%, 4m 110%"), SETTINGS)
    assert goal.bpm[72] == goal.bpm[95] == pytest.approx(137)


def test_a_step_that_goes_on_prolongs_a_ramp() -> None:
    """The last minute of a climb is its top."""
    climb = blocks(parse("6m 80-100%, 40s 110%"), SETTINGS)[0]
    assert (climb.duration, climb.at(400)) == (400, 1.0)


steps = st.builds(
    Step,
    st.floats(1, 400),
    st.tuples(st.floats(0.3, 1.5), st.floats(0.3, 1.5)) | st.floats(0.3, 1.5).map(lambda x: (x, x)),
)


@given(st.lists(steps, min_size=1, max_size=30))
def test_blocks_of_any_plan_last_a_song(made: list[Step]) -> None:
    """Blocks cover any workout, have efforts that it has, and are never short but alone."""
    workout = Workout("any", tuple(made))
    parts = blocks(workout, SETTINGS)
    times = np.array([0.0, *(part.duration for part in parts)]).cumsum()
    assert times[:-1] == pytest.approx([part.start for part in parts], abs=1e-6)
    assert times[-1] == pytest.approx(workout.duration)
    assert len(parts) == 1 or min(part.duration for part in parts) > SETTINGS.shortest_block - 1e-6
    efforts = [effort for step in made for effort in step.intensity]
    assert all(
        min(efforts) - 1e-6 <= effort <= max(efforts) + 1e-6
        for part in parts for effort in part.intensity
    )  # fmt: skip
    assert all(part.leads for part in parts)


@given(st.sampled_from(sorted(BUILT_IN)), st.floats(1, 200))
def test_blocks_cover_the_workout(name: str, minutes: float) -> None:
    """Blocks follow each other from the start of a workout to its end."""
    parts = blocks(builtin(name, minutes), SETTINGS)
    ends = np.array([0.0, *(part.end for part in parts)])
    assert np.allclose(ends[:-1], [part.start for part in parts])
    assert ends[-1] == pytest.approx(minutes * 60)
