"""Zwift workouts, with the traps that files out there hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playlists.effort import Athlete
from playlists.errors import WorkoutError
from playlists.workout import Step, Workout
from playlists.zwo import parse

KNOWN = Athlete(pace=300)
ONCE = '<IntervalsT Repeat="1" OnDuration="60" OffDuration="0" '


def zwo(steps: str, *, head: str = "<sportType>bike</sportType>") -> str:
    """Return a Zwift file around steps."""
    return f"<workout_file>\n{head}\n<workout>\n{steps}\n</workout>\n</workout_file>\n"


def read(steps: str, *, head: str = "<sportType>bike</sportType>") -> Workout:
    """Return the workout of a file with these steps."""
    return parse(zwo(steps, head=head), name="file", athlete=KNOWN)[0]


def test_ramps_go_from_low_to_high() -> None:
    """`PowerLow` is where a step starts, also in a cool-down, which falls."""
    workout = read(
        '<Warmup Duration="600" PowerLow="0.25" PowerHigh="0.75"/>'
        '<Ramp Duration="60" PowerLow="0.9" PowerHigh="0.6"/>'
        '<Cooldown Duration="300" PowerLow="0.7" PowerHigh="0.3"/>'
    )
    assert workout.steps == (
        Step(600, (0.25, 0.75), name="warm-up"),
        Step(60, (0.9, 0.6), name="ramp"),
        Step(300, (0.7, 0.3), name="cool-down"),
    )


def test_intervals_are_unrolled() -> None:
    """`IntervalsT` gives its on and off parts in turn, each with its cadence."""
    workout = read(
        '<IntervalsT Repeat="2" OnDuration="30" OffDuration="90" OnPower="1.2" OffPower=".5" '
        'Cadence="105" CadenceResting="85"/>'
    )
    hard, easy = ((1.2, 1.2), (105, 105)), ((0.5, 0.5), (85, 85))
    assert [(s.intensity, s.cadence) for s in workout.steps] == [hard, easy, hard, easy]
    assert [s.name for s in workout.steps][::2] == ["interval 1/2", "interval 2/2"]
    assert workout.duration == 240


@pytest.mark.parametrize(
    ("step", "intensity"),
    [
        ('<SteadyState Duration="60" Power="0.8"/>', 0.8),
        ('<STEADYSTATE duration="60" power="0,8"/>', 0.8),
        ('<SteadyState Duration="60" PowerLow="0.7" PowerHigh="0.9"/>', 0.8),
        ('<SteadyState Duration="60" Zone="3"/>', 0.83),
        ('<SolidState Duration="60" Power="0.80000001"/>', 0.8),
        ('<FreeRide Duration="60" FlatRoad="1"/>', 0.6),
        ('<Freeride duration="60.000004"/>', 0.6),
        ('<FreeRide Duration="60" ftptest="1"/>', 1.05),
        ('<MaxEffort Duration="60"/>', 1.5),
        ('<Warmup Duration="60" Power="0.5"/>', 0.5),
        (ONCE + 'PowerOnLow="1" PowerOnHigh="1.1" PowerOffLow="0.5" PowerOffHigh="0.5"/>', 1.05),
        (ONCE + 'PowerOnZone="5" PowerOffZone="1"/>', 1.13),
    ],
)  # fmt: skip
def test_ways_to_say_a_step(step: str, intensity: float) -> None:
    """Tags and attributes come in any case, powers in several forms, floats with dust."""
    (found,) = read(step).steps
    assert found.duration == 60
    assert found.intensity == pytest.approx((intensity, intensity))


def test_free_rides_are_noted() -> None:
    """What a free ride leaves open is said."""
    _, notes = parse(zwo('<FreeRide Duration="60"/>'), name="", athlete=KNOWN)
    assert len(notes) == 1


def test_runs() -> None:
    """A run by distance has its steps in meters; cadence counts both feet; `pace` is rubbish."""
    head = "<sportType>run</sportType><durationType>distance</durationType>"
    steps = (
        '<SteadyState Duration="1000" Power="0.8" Cadence="85" pace="-1307163960"/>'
        '<IntervalsT Repeat="1" OnDuration="400" OffDuration="200" OnPower="1" OffPower="0.4"/>'
    )
    workout = read(steps, head=head)
    assert workout.activity == "run"
    assert [s.duration for s in workout.steps] == [375, 120, 120]
    assert workout.steps[0].cadence == (170.0, 170.0)
    timed = read(steps, head=head.replace("distance", "time"))
    assert timed.duration == 1600


@pytest.mark.parametrize("tag", ["name", "n", "Name"])
def test_names(tag: str) -> None:
    """The name stands in one of two tags, else it is that of the file."""
    step = '<SteadyState Duration="60" Power="0.8"/>'
    head = f"<author>A</author><{tag}>Over &amp;\nUnder \u2013 1</{tag}>"
    assert read(step, head=head).name == "Over & Under \u2013 1"
    assert read(step, head="<name> </name>").name == "file"


def test_what_is_no_step_is_passed_over() -> None:
    """Texts shown on the way are no steps, and counted; nor are tags with names of their own."""
    step = (
        '<textevent timeoffset="0" message="go"/><SteadyState Duration="60" Power="0.8">'
        '<textevent timeoffset="9" message="on" duration="5"/></SteadyState>'
    )
    text = zwo(step, head='<tags><tag name="workout"/></tags>')
    workout, notes = parse(text, name="file", athlete=KNOWN)
    assert len(workout.steps) == 1
    assert notes == ("left out: 2 messages to be shown on the way",)


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ('\n<SteadyState Power="0.8"/>', "line 5: steadystate needs duration"),
        ('<SteadyState Duration="60"/>', "line 4: steadystate needs powerlow"),
        ('<SteadyState Duration="sixty" Power="1"/>', "line 4: duration='sixty' is no number"),
        ('<SteadyState Duration="60" Power="75"/>', "line 4: intensity"),
        ('<SteadyState Duration="-60" Power="1"/>', "line 4: a step lasts -60 s"),
        ('<SteadyState Duration="nan" Power="1"/>', "line 4: duration='nan' is no number"),
        ('<SteadyState Duration="60" Zone="9"/>', "line 4: there is no zone 9"),
        ('<SteadyState Duration="60" Zone="inf"/>', "line 4: zone"),
        ('<Warmup Duration="60" PowerLow="0.5"', "line 5: the XML is damaged"),
        ('<SteadyState Duration="60" Power="1" note="Over & Under"/>', "line 4: the XML"),
        ('<Swim Duration="60" Power="1"/>', "line 4: <swim> is no kind of step"),
        ('<IntervalsT Repeat="1e9" OnDuration="1" OffDuration="1" OnPower="1" OffPower="1"/>',
         "line 4: repeat=1e"),
        ('<IntervalsT Repeat="nan" OnDuration="1" OffDuration="1" OnPower="1" OffPower="1"/>',
         "line 4: repeat='nan'"),
        ("", "has no steps"),
    ],
)  # fmt: skip
def test_damage_has_a_line(step: str, said: str) -> None:
    """What is wrong is said in a sentence, with the line."""
    with pytest.raises(WorkoutError, match=said):
        read(step)


@pytest.mark.parametrize(
    "attack",
    [
        '<!DOCTYPE a [<!ENTITY b "c">]>',
        '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE a SYSTEM "http://localhost/a.dtd">',
    ],
)
def test_attacks_are_refused(attack: str) -> None:
    """Entities, inner and outer, are never looked at."""
    text = attack + zwo('<SteadyState Duration="60" Power="0.8"/>')
    with pytest.raises(WorkoutError, match="entities"):
        parse(text, name="", athlete=KNOWN)


def test_declarations_do_not_matter() -> None:
    """The text is decoded already, whatever encoding it says; lines stay where they are."""
    body = zwo('<SteadyState Duration="60" Power="0.8"/>')
    for above in ('<?xml version="1.0" encoding="utf-16"?>\n', "\n\n ", "<!-- \u00e9 -->\n"):
        assert parse(above + body, name="file", athlete=KNOWN)[0].duration == 60
    text = '\n<?xml version="1.0"\nencoding="ascii"?>\n' + zwo("<Ramp/>")
    with pytest.raises(WorkoutError, match="line 7: ramp needs duration"):
        parse(text, name="", athlete=KNOWN)


@given(st.text(max_size=200))
def test_any_text_ends_in_a_sentence(text: str) -> None:
    """No text makes the reader stumble."""
    with pytest.raises(WorkoutError):
        parse(text, name="", athlete=KNOWN)


numbers = st.one_of(
    st.floats().map(str), st.integers().map(str), st.text("0123456789.,e-", max_size=6)
)


@given(numbers, numbers, numbers, numbers, numbers)
def test_any_numbers_end_in_a_sentence(a: str, b: str, c: str, d: str, e: str) -> None:
    """Whatever stands in the attributes, there is a workout or a sentence with the line."""
    step = (
        f'<IntervalsT Repeat="{a}" OnDuration="{b}" OffDuration="{c}" OnPower="{d}" '
        f'OffPower="{e}"/>'
        f'<SteadyState Duration="{a}" Zone="{b}" Cadence="{c}"/>'
    )
    try:
        read(step)
    except WorkoutError as error:
        said = str(error)
    else:
        said = "line 4: "
    assert said.startswith("line 4: ") or "24 h" in said
