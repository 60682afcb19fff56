"""Workouts as text."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playlists.effort import Athlete
from playlists.errors import WorkoutError
from playlists.plan.parser import parse as read
from playlists.workout import Range, Step, Workout
from tests.plans import formatted, parse


def pairs(low: float, high: float) -> st.SearchStrategy[Range]:
    """Return ordered pairs of numbers between two."""
    number = st.floats(low, high)
    return st.tuples(number, number).map(lambda pair: (min(pair), max(pair)))


steps = st.builds(
    Step,
    st.one_of(st.integers(1, 7200).map(float), st.floats(0.01, 7200)),
    st.tuples(st.floats(0, 5), st.floats(0, 5)),
    st.none() | pairs(20, 300),
    st.none() | pairs(20, 400),
    st.text(max_size=12),
)


@given(st.lists(steps, min_size=1, max_size=8), st.booleans())
def test_reading_gives_back_what_was_written(made: list[Step], lines: bool) -> None:
    """Parsing the text of any workout gives its steps, to the last digit, in both forms."""
    workout = Workout("plan", tuple(made))
    assert parse(formatted(workout, lines=lines)).steps == workout.steps


@given(st.text(alphabet='0123456789hms%-x()," zZrampbspj\n#:', max_size=40))
def test_any_text_is_read_or_explained(text: str) -> None:
    """Whatever is typed gives a workout or one WorkoutError, never another failure."""
    with suppress(WorkoutError):
        assert parse(text).duration > 0


def test_one_line() -> None:
    """The short form of intervals reads as a person would."""
    workout = parse("10m 60%, 4x(3m 95%, 2m 60%), 5m 50%")
    assert [(s.duration, s.intensity[0]) for s in workout.steps] == [
        (600, 0.6),
        *[(180, 0.95), (120, 0.6)] * 4,
        (300, 0.5),
    ]


def test_sections() -> None:
    """Sections name and repeat their steps up to the next blank line, as on intervals.icu."""
    workout = parse(
        "Warmup\n- 10m ramp 50%-75% 90rpm\n\nMain set 2x\n- Push! 3m 95-105%\n- 2m Z1\n\n- 5m 50%"
    )
    assert [(s.name, s.duration, s.intensity) for s in workout.steps] == [
        ("Warmup", 600, (0.5, 0.75)),
        *[("Push!", 180, (1.0, 1.0)), ("Main set", 120, (0.5, 0.5))] * 2,
        ("", 300, (0.5, 0.5)),
    ]


def test_steps_as_people_write_them() -> None:
    """Semicolons, blanks before a bracket, an asterisk, and the bullets of Markdown all read."""
    wanted = parse("10m 60%, 4x(3m 95%, 2m 60%), 5m 50%")
    assert parse("10m 80% HR").steps[0].intensity[0] == pytest.approx(0.83, abs=0.01)
    assert parse("10m 60%; 4 x (3m 95%; 2m 60%); 5m 50%") == wanted
    assert parse("10m 60%, 4*(3 min 95 %, 2 min 60 %), 5m 50%") == wanted
    assert parse("* 10m 60%\n\nMain 4x\n* 3m 95%\n* 2m 60%\n\n* 5m 50%").duration == wanted.duration


@pytest.mark.parametrize(
    "title",
    ["Main set 4x", "4x", "Main set (4x)", "Main 4 x", "Main x4", "4 times:", "4\u00d7 Main"],
)
def test_a_section_says_how_often(title: str) -> None:
    """However a section's name says it, its steps come four times."""
    assert parse(f"{title}\n- 3m 95%\n- 2m 60%").duration == 4 * 300


def test_sections_of_markdown() -> None:
    """Headings count, also with an empty line or a comment below them; so do their repeats."""
    text = "# Spin\n\n## Main 3x\n\n* 3m 95%\n# easy now\n* 2m 60%\n\n**End**\n- 5m 50%"
    found = [(step.name, step.duration) for step in parse(text).steps]
    assert found == [*[("Main", 180), ("Main", 120)] * 3, ("End", 300)]


def test_repeats_may_be_nested() -> None:
    """Sets of repeats multiply."""
    assert len(parse("3x(4x(30s 120%, 30s 50%), 3m 50%)").steps) == 27


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("1h2m30s 75%", Step(3750, (0.75, 0.75))),
        ("1m30 75%", Step(90, (0.75, 0.75))),
        ("1h30 75%", Step(5400, (0.75, 0.75))),
        ("10m @ 75%", Step(600, (0.75, 0.75))),
        ("10m at 75%", Step(600, (0.75, 0.75))),
        ("10m @75%", Step(600, (0.75, 0.75))),
        ("5' 75%", Step(300, (0.75, 0.75))),
        ("1'30\" 75%", Step(90, (0.75, 0.75))),
        ("10m 60-90%", Step(600, (0.6, 0.9))),
        ("10m ramp 60-90%", Step(600, (0.6, 0.9))),
        ("- 10m 60-90%", Step(600, (0.75, 0.75))),
        ("- 10m 90-60%", Step(600, (0.9, 0.6))),
        ("10m 80% pace", Step(600, (0.8, 0.8))),
        ("10m 105% LTHR", Step(600, (1.05, 1.05))),
        ("10m Z3-Z4", Step(600, (0.83, 0.98))),
        ("10m 70% 172spm", Step(600, (0.7, 0.7), (172, 172))),
        ("10m 70% 85-95rpm", Step(600, (0.7, 0.7), (85, 95))),
        ("10m 70% 165-175bpm", Step(600, (0.7, 0.7), None, (165, 175))),
        ("warm-up: 10m 70%", Step(600, (0.7, 0.7), name="warm-up")),
        ('"2 x easy, (really)" 10m 70%', Step(600, (0.7, 0.7), name="2 x easy, (really)")),
        ("10m easy 60%", Step(600, (0.6, 0.6), name="easy")),
        ("- 10m 60% all out!", Step(600, (0.6, 0.6), name="all out!")),
        ("10:00 60%", Step(600, (0.6, 0.6))),
        ("1:02:30 60%", Step(3750, (0.6, 0.6))),
        ("1,5h 60%", Step(5400, (0.6, 0.6))),
        ("- 2,5 min 62,5 %", Step(150, (0.625, 0.625))),
        ('"1,5h" 10m 60%', Step(600, (0.6, 0.6), name="1,5h")),
        ("10 min 60 - 90 %", None),
        ("10 min 60-90 %", Step(600, (0.6, 0.9))),
        ("10 Minutes 60\u201390% 90 rpm", Step(600, (0.6, 0.9), (90, 90))),
        ("Hill 5 30 seconds 60 %", Step(30, (0.6, 0.6), name="Hill 5")),
        ("\u2022 10m 60 % 165-175 bpm", Step(600, (0.6, 0.6), None, (165, 175))),
        ("10m 70% # slowly\n# not this", None),
    ],
)
def test_every_notation(text: str, step: Step | None) -> None:
    """Each way to write a duration, an intensity, a cadence or a name has its meaning."""
    if step is None:
        with pytest.raises(WorkoutError, match=r"column [89]"):
            parse(text)
    else:
        assert parse(text).steps == (step,)


def test_a_comma_between_steps_is_no_decimal_one() -> None:
    """A comma parts steps wherever it did before, also without a blank after it."""
    assert [step.duration for step in parse("10m Z2,5m 50%,1,5h 60%").steps] == [600, 300, 5400]


def test_turns_of_the_crank_make_it_a_ride() -> None:
    """Cadence in rpm says that one rides, in spm that one runs."""
    assert (parse("5m 60% 90rpm").activity, parse("5m 60% 170spm").activity) == ("ride", "run")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no steps"),
        ("10m", "column 1: expected an intensity"),
        ("60%", "column 1: expected a duration"),
        ("10m 60% 5m", "column 9: expected a comma"),
        ("5m 50%, 10m 60% 5foo", "column 17: expected .* found '5foo'"),
        ("4x(3m 95%", "column 1: 4x needs its '\\)'"),
        ("10m 60%)", "column 8: .* closes nothing"),
        ("0x(1m 50%)", "1 repeat or more"),
        ("1000000000x(1m 50%)", "more than 10000 steps"),
        ("100x(100x(100x(1s 50%)))", "more than 10000 steps"),
        ("100x(23m 50%)", "24 h"),
        ("9" * 5000 + "x(1m 50%)", "more than 10000 steps"),
        ("1x(" * 20 + "1m 50%" + ")" * 20, "10 deep"),
        ("10m 5:00", "pace needs its unit"),
        ("100y 60%", "distance in yards"),
        ("10m 900%", "column 1: intensity .* is 900; it must lie between 0 and 500"),
        ("- 5x 3m 95%", "column 3: 5x: write repeats as 4x\\(3m .*, or name a section"),
        ("4 x 3m 95%, 2m 60%", "column 3: x: write repeats"),
        ("10m RPE 5", "how hard it feels is not known"),
        ("10m easy", "column 5: expected an intensity .*; 'easy' is only its name"),
        ("1,30h 60%", "column 1: expected"),
        ("10:75 60%", "pace needs its unit"),
        ("10m HR 80%", "expected an intensity before HR"),
        ("10m 60% Z9", "found 'Z9'"),
        ("10m 60%, 4x3m 95%, 5m 50%", "column 10: 4x3m: write repeats as 4x\\(3m"),
        ('"abc 10m 60%', "never closed"),
        ("Main\n- 10m 60%\n- 5m", "line 3, column 3: expected an intensity"),
        ("1m 50%," * 20_000, "characters"),
    ],
)
def test_a_mistake_is_named_with_its_place(text: str, said: str) -> None:
    """The message says where the plan is wrong and what was expected there."""
    with pytest.raises(WorkoutError, match=said):
        parse(text)


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("10m 200w", Step(600, (0.8, 0.8))),
        ("10m 150-200W", Step(600, (0.6, 0.8))),
        ("10m 5:00/km pace", Step(600, (1.0, 1.0))),
        ("- 10m 10:00-6:15/km", Step(600, (0.65, 0.65))),
        ("2km 80%", Step(750, (0.8, 0.8))),
        ("Fast 400mtr 5:00/km 170spm", Step(120, (1.0, 1.0), (170, 170), name="Fast")),
        ("80% 1.609344km", Step(603.5, (0.8, 0.8))),
        ("1mi 8:02.8", None),
        ("20m freeride", Step(1200, (0.6, 0.6))),
        ("Freeride 20m", Step(1200, (0.6, 0.6))),
        ("20s maxeffort", Step(20, (1.5, 1.5))),
        ("2km", None),
        ("2km 10m 50%", None),
        ("10m 200w 60%", None),
        ("0km 50%", None),
    ],
)
def test_an_athlete_makes_sense_of_measures(text: str, step: Step | None) -> None:
    """Watts, paces and distances are understood where threshold power and pace are known."""
    athlete = Athlete(ftp=250, pace=300)
    if step is None:
        with pytest.raises(WorkoutError, match="line 1, column"):
            read(text, name="plan", athlete=athlete)
    else:
        workout, notes = read(text, name="plan", athlete=athlete)
        assert workout.steps == (step,)
        assert len(notes) == ("freeride" in text.casefold())


def test_what_is_assumed_of_an_athlete_is_said() -> None:
    """Defaults stand in for what is not known, and are noted."""
    workout, notes = read("10m 200w, 1km 60%", name="plan", athlete=Athlete())
    assert (workout.activity, workout.steps[0].intensity, len(notes)) == ("ride", (1.0, 1.0), 2)


@given(st.text(alphabet='0123456789wkmi/.:-%, "x(', max_size=30))
def test_any_measure_is_read_or_explained(text: str) -> None:
    """With an athlete, too, whatever is typed gives a workout or one WorkoutError."""
    with suppress(WorkoutError):
        assert read(text, name="plan", athlete=Athlete())[0].duration > 0
