"""FIT workout files: targets, ends and repeats mean what the format says."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playlists.effort import Athlete
from playlists.errors import WorkoutError
from playlists.fit import parse
from playlists.workout import Step, Workout
from tests.fit_writer import (
    CADENCE,
    HEART_RATE,
    METERS,
    NO_TARGET,
    OPEN,
    POWER,
    SECONDS,
    SPEED,
    TIMES,
    fit_workout,
    step,
)

KNOWN = Athlete(ftp=250, pace=300, max_hr=180)
MINUTE = 60_000


def read(*steps: Mapping[int, int | str], sport: int = 2, athlete: Athlete = KNOWN) -> Workout:
    """Return the workout of a file with these steps."""
    raw = fit_workout(steps, sport=sport, name="Name")
    return parse(raw, name="file", athlete=athlete)[0]


def efforts(workout: Workout) -> list[float]:
    """Return the intensity at the start of each step."""
    return [step.intensity[0] for step in workout.steps]


def test_a_ride() -> None:
    """Name, sport, names of steps and lengths arrive."""
    workout = read(step(SECONDS, 90_500, name="First", target=POWER, value=0, low=80, high=90))
    expected = Workout("Name", (Step(90.5, (0.85, 0.85), name="First"),), "ride")
    assert workout == expected


@pytest.mark.parametrize(
    ("target", "low", "high", "intensity"),
    [
        (POWER, 80, 90, 0.85),  # percent of threshold
        (POWER, 1200, 1300, 1.0),  # 200 and 300 W
        (POWER, 1250, 1250, 1.0),
        (HEART_RATE, 90, 90, 0.98),  # percent of the highest, which is threshold
        (HEART_RATE, 262, 262, 0.98),  # 162 beats of 180
        (SPEED, 3333, 3334, 1.0),  # millimeters a second: 5:00 a kilometer
        (SPEED, 2667, 2667, 0.8),
    ],
)
def test_targets(target: int, low: int, high: int, intensity: float) -> None:
    """Limits are read in percent or with their offsets; the middle is held."""
    (found,) = efforts(read(step(SECONDS, MINUTE, target=target, value=0, low=low, high=high),
                            sport=1))  # fmt: skip
    assert found == pytest.approx(intensity, abs=0.01)


@pytest.mark.parametrize("target", [POWER, HEART_RATE, SPEED])
def test_zones(target: int) -> None:
    """A zone goes before limits."""
    (found,) = efforts(read(step(SECONDS, MINUTE, target=target, value=4, low=10, high=10)))
    assert found == 0.98


@pytest.mark.parametrize(
    ("sport", "low", "high", "expected"),
    [
        (1, 85, 87, (170, 174)),
        (1, 170, 174, (170, 174)),
        (2, 85, 95, (85, 95)),
        (11, 55, 55, (110, 110)),
    ],
)
def test_cadence(sport: int, low: int, high: int, expected: tuple[float, float]) -> None:
    """Runners' and walkers' strides become steps; a rider's turns stay; effort is beside it."""
    plain = step(SECONDS, MINUTE, target=CADENCE, value=0, low=low, high=high)
    second = step(
        SECONDS, MINUTE, target=POWER, value=3, target2=CADENCE, low2=low, high2=high
    )  # fmt: skip
    first, other = read(plain, second, sport=sport).steps
    assert (first.cadence, other.cadence) == (expected, expected)
    assert other.intensity == (0.83, 0.83)


def test_distance() -> None:
    """A kilometer takes as long as the athlete's pace says at that effort, by sport."""
    kilometer = step(METERS, 100_000, target=POWER, value=0, low=80, high=80)
    assert read(kilometer, sport=1).duration == 375
    assert read(kilometer, sport=2).duration == pytest.approx(300 / 0.8 ** (1 / 3), abs=0.01)


def test_open_steps() -> None:
    """A step without an end or a target gets a length and an effort, which are noted."""
    raw = fit_workout(
        [step(OPEN, 0, target=NO_TARGET, kind=kind) for kind in (0, 1, 2, 3, 4, 5, 6)], sport=1
    )
    workout, notes = parse(raw, name="lap by lap", athlete=Athlete())
    assert workout.name == "lap by lap"
    assert [s.duration for s in workout.steps] == [300, 300, 600, 600, 300, 300, 300]
    assert efforts(workout) == [0.6, 0.5, 0.55, 0.5, 0.5, 1.0, 0.6]
    assert [s.name for s in workout.steps][:4] == ["active", "rest", "warm-up", "cool-down"]
    assert any("without an end" in note for note in notes)
    assert any("without a target" in note for note in notes)


def test_what_is_assumed_is_said_once() -> None:
    """Each default is noted once, and not where the athlete is known."""
    steps = [step(METERS, 50_000, target=POWER, value=0, low=1200, high=1200)] * 3
    steps += [step(SECONDS, MINUTE, target=HEART_RATE, value=0, low=240, high=250)]
    raw = fit_workout(steps)
    _, notes = parse(raw, name="", athlete=Athlete())
    assert [word for note in notes for word in note.split() if word.startswith("--")] == [
        "--ftp", "--pace", "--max-hr"
    ]  # fmt: skip
    assert parse(raw, name="", athlete=KNOWN)[1] == ()


def test_repeats() -> None:
    """A repeat counts its steps in all, may hold another, and need not be promised."""
    power = {"target": POWER, "value": 0}
    inner = [step(SECONDS, MINUTE, low=n, high=n, **power) for n in (50, 100, 60)]
    nested = read(*inner, step(TIMES, 1, value=2), step(TIMES, 0, value=3))
    assert efforts(nested) == [0.5, 1.0, 0.6, 1.0, 0.6] * 3
    last = step(SECONDS, MINUTE, low=40, high=40, **power)
    assert efforts(read(*inner, step(TIMES, 1, value=1), last)) == [0.5, 1.0, 0.6, 0.4]


@pytest.mark.parametrize(
    ("ends", "value", "times"),
    [(7, 5 * MINUTE, 5), (7, 4 * MINUTE + 1, 5), (8, 100_000, 5), (11, 80, 3), (12, 1200, 3)],
)
def test_repeats_until(ends: int, value: int, times: int) -> None:
    """Repeats end with time or distance, or after a usual number where nobody knows."""
    once = step(SECONDS, MINUTE, target=POWER, value=0, low=100, high=100)
    workout = read(once, step(ends, 0, value=value), sport=1)
    assert len(workout.steps) == times


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ([step(TIMES, 0, value=2)], "step 1: it repeats nothing"),
        ([step(SECONDS, MINUTE), step(TIMES, 5, value=2)], "step 2: it repeats nothing"),
        ([step(SECONDS, MINUTE), step(TIMES, 0, value=0)], "step 2: 0 repeats"),
        ([step(SECONDS, MINUTE), step(TIMES, 0, value=2**31)], "step 2: .* the limit"),
        ([step(SECONDS, 0)], "step 1: a step lasts 0 s"),
        ([step(SECONDS, MINUTE, target=POWER, value=9)], "step 1: there is no zone 9"),
        ([step(SECONDS, MINUTE, target=POWER, value=0, low=900, high=900)], "step 1: intensity"),
        ([], "no steps"),
    ],
)
def test_what_makes_no_sense_is_refused(steps: list[dict[int, int | str]], said: str) -> None:
    """A workout that cannot be gets a sentence with the step."""
    with pytest.raises(WorkoutError, match=said):
        read(*steps)


def test_other_fit_files_are_refused() -> None:
    """An activity is no workout."""
    with pytest.raises(WorkoutError, match="something else"):
        parse(fit_workout([], kind=4), name="", athlete=KNOWN)


GOOD = fit_workout([step(SECONDS, MINUTE, target=POWER, value=4), step(TIMES, 0, value=3)])


@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255))
def test_damage_is_found(place: int, change: int) -> None:
    """A byte that changed is found by the checksum."""
    raw = bytearray(GOOD)
    raw[place] ^= change
    with pytest.raises(WorkoutError):
        parse(bytes(raw), name="", athlete=KNOWN)


@given(st.integers(0, len(GOOD) - 1))
def test_truncation_is_found(length: int) -> None:
    """A file that was cut off is refused."""
    with pytest.raises(WorkoutError):
        parse(GOOD[:length], name="", athlete=KNOWN)
