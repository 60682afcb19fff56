"""`tempo done`, `tempo history` and `tempo build --harder` as a user meets them."""

import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playlists.builtin import BUILT_IN, builtin
from playlists.formats.listing import Item
from playlists.training import Session, chosen, hardness, notch, streak, weeks
from playlists.workout import Step, Workout
from tempo.library import Library
from tempo.past import Built, Done
from tempo.track import ANALYSIS_VERSION, AudioFile
from tests.conftest import Tempo
from tests.crates import crate

DAY = 86_400.0
NOON = 1_780_000_000.0
"""Some day in 2026."""


@pytest.fixture
def stocked(tempo: Tempo) -> Tempo:
    """Return the program with a library of 60 tracks."""
    with Library(tempo.library) as library:
        for track in crate(60):
            at = Path("/").joinpath(track.location)
            library.add(AudioFile(at, 1, 1), b"", replace(track, location=at), ANALYSIS_VERSION)
    return tempo


def session(day: float = 0.0, rpe: float | None = None, **options: object) -> Session:
    """Return 40 minutes at threshold that were done some days after `NOON`."""
    built = Built(NOON, "w", "async", 0, 40.0, 1.0, Path("/p/a.m3u8"), (), options, 1)
    return Session(built, Done(1, NOON + day * DAY, rpe))


# ------------------------------------------------------------------- numbers


@given(st.floats(0, 2), st.floats(0, 2))
def test_hardness_of_a_ramp_is_its_integral(start: float, end: float) -> None:
    """The fourth-power mean of a ramp is that of many short even steps."""
    ramp = Workout("w", (Step(1000.0, (start, end)),))
    values = [ramp.intensity(second + 0.5) for second in range(1000)]
    mean = (sum(value**4 for value in values) / 1000) ** 0.25
    assert hardness(ramp) == pytest.approx(mean, rel=1e-3, abs=1e-6)


def test_hard_intervals_are_harder_than_their_mean() -> None:
    """Hard parts count most; an even workout is as hard as each of its moments."""
    assert hardness(Workout("w", (Step(60, (0.8, 0.8)),))) == pytest.approx(0.8)
    steps = (Step(60, (0.5, 0.5)), Step(60, (1.1, 1.1)))
    assert 0.9 < hardness(Workout("w", steps)) < 1.1


def test_load_is_rating_times_minutes() -> None:
    """The given rating counts; else the one that the intensity usually gets: 8 at threshold."""
    assert (session(rpe=7).load, session().load) == (7.0 * 40, 8.0 * 40)


def test_weeks_without_a_workout_are_shown() -> None:
    """Each week from the first to the last is there, from Monday on."""
    found = weeks([session(0), session(1), session(21)])
    assert sum(len(week.sessions) for week in found) == 3
    assert all(week.monday.weekday() == 0 for week in found)
    mondays = [week.monday for week in found]
    assert mondays == [mondays[0] + timedelta(weeks=i) for i in range(len(found))]
    assert (found[-2].load, found[-2].intensity) == (0.0, None)
    assert weeks([]) == []


def test_streak_counts_weeks_in_a_row() -> None:
    """A week without a workout ends a row of weeks."""
    assert streak(weeks([session(0), session(7), session(28)])) == 2


@given(st.floats(1, 1440), st.floats(50, 200))
def test_notches_are_small_and_in_turn(minutes: float, effort: float) -> None:
    """Length and effort rise in turn, by at most 10 %, never both."""
    last = session(effort=effort)
    last = replace(last, built=replace(last.built, minutes=minutes))
    longer = notch(last, NOON + DAY)
    assert (effort, "minutes") == (longer.effort, longer.raised)
    assert f" instead of {round(minutes, 1):g}, at" in longer.why
    assert minutes < longer.minutes <= 1.1 * minutes or longer.minutes == 1440
    again = replace(
        last, built=replace(last.built, options={"effort": effort, "raised": "minutes"})
    )
    harder = notch(again, NOON + DAY)
    assert (minutes, "effort") == (harder.minutes, harder.raised)
    assert effort < harder.effort <= 1.1 * effort or harder.effort == 200


@pytest.mark.parametrize(("rpe", "days"), [(9.0, 1), (10.0, 1), (None, 31), (5.0, 400)])
def test_what_was_too_hard_or_long_ago_is_repeated(rpe: float | None, days: int) -> None:
    """After a rating of 9, or 30 days, the same comes again."""
    last = session(rpe=rpe, effort=104.0, raised="effort")
    step = notch(last, NOON + days * DAY)
    assert (step.minutes, step.effort, step.raised) == (40.0, 104.0, "effort")
    assert step.why.startswith("the same again")


def test_effort_raises_all_that_is_asked() -> None:
    """Intensity, cadence and tempo rise by the same factor, and no further than they may."""
    step = Step(60, (0.5, 1.0), cadence=(90, 200), bpm=(100, 399))
    (harder,) = Workout("w", (step,)).at_effort(1.1).steps
    assert harder.intensity == pytest.approx((0.55, 1.1))
    assert harder.cadence == pytest.approx((99, 220))
    assert harder.bpm == pytest.approx((110, 400))


@pytest.mark.parametrize("name", BUILT_IN)
def test_full_effort_changes_nothing(name: str) -> None:
    """100 % of a workout is that workout."""
    assert builtin(name) == builtin(name).at_effort(1.0)


def test_playlists_are_known_by_songs_then_by_name() -> None:
    """A moved file is known by its songs; a changed one by its place; others not at all."""
    first = Built(0, "w", "async", 0, 1, 1, Path("/p/a.m3u8"), (Path("/m/x"), "u:1"), {}, 1)
    second = replace(first, tracks=(Path("/m/y"),), number=2)
    built = [first, second]
    called: dict[Path | str, str] = {Path("/m/x"): "A - X", "u:1": "B - U", Path("/m/y"): "C - Y"}
    elsewhere, here = Path("/q/b.m3u8"), Path("/p/a.m3u8")
    assert first == chosen(built, elsewhere, [Item("/m/x"), Item("u:1")], {})
    assert first == chosen(built, elsewhere, [Item("/elsewhere/x"), Item("u:1")], {})
    copies = [Item("/usb/01 x.mp3", "X", "A"), Item("/usb/02 u.mp3", "U", "B")]
    assert first == chosen(built, elsewhere, copies, called)
    assert second == chosen(built, here, [], {})
    assert second == chosen(built, here, [Item("/m/z")], called)
    assert chosen(built, elsewhere, [Item("/m/z")], called) is None
    assert chosen(built, elsewhere, [Item("/m/z")], {}) is None


def test_playlists_are_known_where_songs_went() -> None:
    """An exported playlist stays known after songs were renamed and deleted; half is too few."""
    tracks = tuple(Path(f"/m/{name}") for name in "abcde")
    first = Built(0, "w", "async", 0, 1, 1, Path("/p/a.m3u8"), tracks, {}, 1)
    near = replace(first, tracks=(*tracks[:3], Path("/m/x"), Path("/m/y")), number=2)
    called: dict[Path | str, str] = {Path("/m/b"): "A - B", Path("/m/c"): "A - C"}
    copies = [Item("/usb/1", "?"), *(Item(f"/usb/{n}", n.upper(), "A") for n in "bc")]
    elsewhere = Path("/q/b.m3u8")
    left = [*copies, Item("/m/d"), Item("/usb/2", "gone")]
    assert first == chosen([first, near], elsewhere, left, called)
    assert chosen([first, near], elsewhere, [*copies, *copies[:1] * 2], called) is None


# ------------------------------------------------------------------- program


def test_only_what_is_written_is_kept(stocked: Tempo, tmp_path: Path) -> None:
    """`build -o` leaves a record that holds what was asked; a dry run or no file leaves none."""
    stocked.run("build", "walk", "-m", 6)
    stocked.run("build", "walk", "-m", 6, "-o", tmp_path / "dry.m3u8", "--dry-run")
    assert stocked.json("history")["built"] == []
    stocked.run("build", "walk", "-m", 6, "--seed", 3, "-o", tmp_path / "a.m3u8")
    stocked.run("build", "--bpm", "120-130", "-m", 6, "-o", tmp_path / "b.json")
    first, second = stocked.json("history")["built"]
    assert first["options"] == {"workout": "walk", "minutes": 6.0, "seed": 3}
    assert second["options"] == {"bpm": [120.0, 130.0], "minutes": 6.0}
    assert (6.0, str(tmp_path / "a.m3u8")) == (first["minutes"], first["output"])
    assert "a.m3u8" in stocked.run("history", "--built").stdout


def test_best_alternative_is_the_one_that_is_done(stocked: Tempo, tmp_path: Path) -> None:
    """Of several playlists built at once, `tempo done` means the first."""
    stocked.run("build", "walk", "-m", 6, "--alternatives", 2, "-o", tmp_path / "a.m3u8")
    assert "(a.m3u8)" in stocked.run("done").stdout
    assert stocked.run("history").stdout.count("load ~") == 2  # longest and hardest: no rating
    assert [one["output"] for one in stocked.json("history")["built"]] == [
        str(tmp_path / "a-2.m3u8"),
        str(tmp_path / "a.m3u8"),
    ]
    stocked.run("build", "--harder", "-o", tmp_path / "b.m3u8")
    assert not (tmp_path / "b-2.m3u8").exists()


def test_extreme_options_are_kept(stocked: Tempo, tmp_path: Path) -> None:
    """A range without an end and the largest seed are kept as JSON has them; more is refused."""
    stocked.run("build", "--bpm", "100-", "-m", 6, "--seed", 2**63 - 1, "-o", tmp_path / "a.m3u8")
    options = stocked.json("history")["built"][0]["options"]
    assert [100.0, sys.float_info.max] == options["bpm"]
    stocked.run("done")
    assert "6.3 minutes" in stocked.run("build", "--harder").stderr
    for seed in (-1, 2**63):
        stocked.run("build", "walk", "--seed", seed, code=2)


def test_done_is_shown_by_week(stocked: Tempo, tmp_path: Path) -> None:
    """Marks by path, by songs after a move, and of the last playlist make a history."""
    assert "no playlist was built yet" in stocked.run("done", code=1).stderr
    assert "nothing is marked" in stocked.run("history").stderr
    for name in ("a", "b"):
        stocked.run("build", "walk", "-m", 6 if name == "a" else 9, "-o", tmp_path / f"{name}.m3u8")
    (tmp_path / "a.m3u8").rename(tmp_path / "moved.m3u8")
    stocked.run("done", tmp_path / "moved.m3u8", "--rpe", 4, "--on", "2026-05-01")
    stocked.run("done", tmp_path / "a.m3u8", "--on", "2026-05-12", "--note", "rain")
    stocked.run("done", "--rpe", 5.5, "--on", "2026-05-13")
    stocked.run("done", "--note", "again", "--on", "2026-05-13")
    found = stocked.json("history")
    assert [(one["minutes"], one["rpe"], one["note"]) for one in found["done"]] == [
        (6.0, 4.0, None),
        (6.0, None, "rain"),
        (9.0, 5.5, "again"),
    ]
    assert [w["monday"] for w in found["weeks"]] == ["2026-04-27", "2026-05-04", "2026-05-11"]
    assert [week["workouts"] for week in found["weeks"]] == [1, 0, 2]
    assert found["weeks"][0]["load"] == 24.0
    assert [week["intensity"] is None for week in found["weeks"]] == [False, True, False]
    text = stocked.run("history").stdout
    assert "walk (rain)" in text
    assert "best week of 2026-05-11: 2 workouts, 15:00" in text
    stocked.run("done", "--undo")
    assert len(stocked.json("history")["done"]) == 2
    assert "not marked" in stocked.run("done", "--undo", code=1).stderr


def test_done_refuses_what_cannot_be(stocked: Tempo, tmp_path: Path) -> None:
    """Other playlists, days to come and impossible ratings are refused in a sentence."""
    stocked.run("build", "walk", "-m", 6, "-o", tmp_path / "a.m3u8")
    other = tmp_path / "other.m3u8"
    other.write_text("/nowhere/x.mp3\n")
    assert "no playlist that was built here" in stocked.run("done", other, code=1).stderr
    assert "is not there" in stocked.run("done", tmp_path / "no.m3u8", code=1).stderr
    tomorrow = date.today() + timedelta(days=2)  # noqa: DTZ011 - the user's own day
    assert "has not come yet" in stocked.run("done", "--on", tomorrow, code=2).stderr
    said = stocked.run("done", "--on", "1.5.2026", code=2).stderr
    assert "'1.5.2026' is no day: write it like 2026-05-01" in said
    for early in ("0001-01-01", "0226-05-01"):
        assert "is before 1970" in stocked.run("done", "--on", early, code=2).stderr
    stocked.run("done", "--rpe", 11, code=2)


def test_harder_raises_what_was_done_last(stocked: Tempo, tmp_path: Path) -> None:
    """Length and effort rise in turn, other options stay, until it takes 9 of 10."""
    assert "no workout was done yet" in stocked.run("build", "--harder", code=1).stderr
    stocked.run("build", "walk", "-m", 6, "--sync", "-o", tmp_path / "a.m3u8")
    assert "no workout was done yet" in stocked.run("build", "--harder", code=1).stderr
    stocked.run("done")
    done = stocked.run("build", "--harder", "-o", tmp_path / "b.m3u8")
    assert "6.3 minutes instead of 6" in done.stderr
    stocked.run("done")
    assert (
        "102 % of its effort"
        in stocked.run("build", "walk", "--harder", "-o", tmp_path / "c.m3u8").stderr
    )
    stocked.run("done", "--rpe", 9)
    done = stocked.run("build", "--harder", "-o", tmp_path / "d.m3u8")
    assert "the same again: it took 9 of 10" in done.stderr
    asked = [one["options"] for one in stocked.json("history")["built"]]
    walk = {"workout": "walk", "is_async": False}
    assert asked == [
        walk | {"minutes": 6.0},
        walk | {"minutes": 6.3, "raised": "minutes"},
        walk | {"minutes": 6.3, "effort": 102.0, "raised": "effort"},
        walk | {"minutes": 6.3, "effort": 102.0, "raised": "effort"},
    ]


def test_harder_minds_what_is_said(stocked: Tempo, tmp_path: Path) -> None:
    """An option given again counts; one that --harder says itself is refused; plans rise, too."""
    stocked.run("build", "--plan", "3m 60%, 3m 80%", "-o", tmp_path / "a.m3u8")
    stocked.run("done")
    stocked.run("build", "--harder", "--seed", 4, "-o", tmp_path / "b.m3u8")
    expected = {"plan": "3m 60%, 3m 80%", "minutes": 6.3, "seed": 4, "raised": "minutes"}
    assert expected == stocked.json("history")["built"][-1]["options"]
    assert "leave one out" in stocked.run("build", "--harder", "-m", 9, code=2).stderr
    assert "walk was not done yet" in stocked.run("build", "walk", "--harder", code=1).stderr


def test_harder_finds_a_workout_file_again(stocked: Tempo, tmp_path: Path) -> None:
    """A workout from a file is raised by its path or its name, from any folder."""
    plan = tmp_path / "hill.txt"
    plan.write_text("3m 60%\n3m 90%\n")
    stocked.run("build", plan, "-o", tmp_path / "a.m3u8")
    stocked.run("done")
    assert "6.3 minutes" in stocked.run("build", plan, "--harder").stderr
