"""ERG and MRC files: curves of minutes and values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playlists.effort import Athlete
from playlists.erg import parse
from playlists.errors import WorkoutError
from playlists.workout import Step, Workout

UNKNOWN = Athlete()


def course(data: str, *, unit: str = "MINUTES PERCENT", head: str = "") -> str:
    """Return a file around its data."""
    return (
        f"[COURSE HEADER]\nVERSION = 2\n{head}{unit}\n[END COURSE HEADER]\n"
        f"[COURSE DATA]\n{data}\n[END COURSE DATA]\n"
    )


def read(data: str, *, unit: str = "MINUTES PERCENT", head: str = "") -> Workout:
    """Return the workout of a file with this data."""
    return parse(course(data, unit=unit, head=head), name="file", athlete=UNKNOWN)[0]


def test_a_curve_becomes_steps() -> None:
    """Between points effort changes linearly; two points at one minute are a jump."""
    workout = read("0.00\t50\n10.00\t75\n10.00\t100\n12.50\t100", head="DESCRIPTION = Hard\n")
    steps = (Step(600, (0.5, 0.75)), Step(150, (1.0, 1.0)))
    assert workout == Workout("file", steps, "ride", "Hard")


@pytest.mark.parametrize(
    "data", ["0 50\n10 75", "0,00;50\n10,00;75", "0 50 \r\n5 LAP\n10   75%", "0.0 50.0\n\n+10 75."]
)
def test_dialects(data: str) -> None:
    """Tabs, blanks, semicolons, decimal commas and lap marks are all out there."""
    assert read(data).steps == (Step(600, (0.5, 0.75)),)


def test_watts() -> None:
    """Watts need a threshold: the athlete's, else the file's, else a usual one, which is noted."""
    with_ftp = course("0 100\n10 250", unit="MINUTES WATTS", head="FTP=250\n")
    without = course("0 100\n10 250", unit="minutes  watts")
    own = Athlete(ftp=500)
    ends = [
        parse(text, name="", athlete=athlete)[0].steps[0].intensity
        for text, athlete in ((with_ftp, UNKNOWN), (with_ftp, own), (without, UNKNOWN))
    ]
    assert ends == [(0.4, 1.0), (0.2, 0.5), (0.5, 1.25)]
    notes = [parse(text, name="", athlete=UNKNOWN)[1] for text in (with_ftp, without)]
    assert [len(note) for note in notes] == [0, 1]


def test_texts_on_the_way_are_passed_over() -> None:
    """What stands in other sections is no data, and messages are counted; a path is not used."""
    text = course("0 50\n10 50", head="FILE NAME = ../../etc/passwd\n")
    text += "[COURSE TEXT]\n0\tGo!\t10\n[END COURSE TEXT]\n"
    workout, notes = parse(text, name="file", athlete=UNKNOWN)
    assert workout.name == "file"
    assert notes == ("left out: 1 message to be shown on the way",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1: this is no ERG"),
        ("0 50\n10 75", "line 1: this is no ERG"),
        (course("0 50\n10 75", unit=""), "line 1: the header says neither"),
        (course("0 50", unit="DISTANCE GRADE"), "line 3: this is a course over a distance"),
        (course("0 50\nfive 75"), "line 7: expected minutes and a value, found 'five 75'"),
        (course("0 50\n10"), "line 7: expected minutes and a value"),
        (course("0 50\n10 75\n9 75"), "line 8: time goes back"),
        (course("0 50\n10 -75"), "line 7: intensity"),
        (course("0 50\n10 7500"), "line 7: intensity"),
        (course("0 50\n1e9 75"), "line 7: expected minutes"),
        (course("0 50\n100000 75"), "line 7: a step lasts"),
        (course("0 50"), "has no steps"),
    ],
)
def test_damage_has_a_line(text: str, said: str) -> None:
    """What is wrong is said in a sentence, with the line."""
    with pytest.raises(WorkoutError, match=said):
        parse(text, name="file", athlete=UNKNOWN)


steps = st.lists(
    st.tuples(st.integers(1, 60), st.integers(0, 300), st.integers(0, 300)), min_size=1, max_size=20
)


@given(steps)
def test_curves_come_back(given_steps: list[tuple[int, int, int]]) -> None:
    """Every curve of whole minutes and percents is read as it was written."""
    minute, lines = 0, []
    for minutes, low, high in given_steps:
        lines += [f"{minute}.00\t{low}", f"{minute + minutes}.00\t{high}"]
        minute += minutes
    expected = tuple(Step(60 * m, (low / 100, high / 100)) for m, low, high in given_steps)
    assert read("\n".join(lines)).steps == expected


@given(st.text(max_size=100))
def test_any_data_ends_in_a_sentence(data: str) -> None:
    """No data makes the reader stumble: points are needed, letters are none."""
    with pytest.raises(WorkoutError):
        read(f"0 50\n{data}\nx")
