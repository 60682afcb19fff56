"""Workouts as files, from the name on the command line to the playlist."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playlists.effort import Athlete, read_pace
from playlists.errors import WorkoutError
from playlists.files import LARGEST, SUFFIXES, is_file, read_workout
from tests.conftest import Tempo
from tests.fit_writer import METERS, POWER, SECONDS, fit_workout, step
from tests.test_erg import course
from tests.test_zwo import zwo

STEP = '<SteadyState Duration="600" Power="0.8"/>'
FILES = {
    "ride.zwo": zwo(STEP).encode(),
    "ride.ERG": course("0 160\n10 160", unit="MINUTES WATTS").encode(),
    "ride.mrc": course("0 80\n10 80").encode(),
    "ride.fit": fit_workout([step(SECONDS, 600_000, target=POWER, value=0, low=80, high=80)]),
    "ride.txt": b"- 10m 80% 90rpm\n",
    "ride.md": b"# A ride\n\nMain set 2x\n- 5m 80% 90rpm\n",
}


@pytest.mark.parametrize("name", FILES)
def test_every_format(tmp_path: Path, name: str) -> None:
    """Ten minutes at 80 % are the same in every format."""
    path = tmp_path / name
    path.write_bytes(FILES[name])
    workout, _ = read_workout(path, Athlete())
    assert is_file(name)
    assert (workout.name, workout.duration, workout.activity) == ("ride", 600, "ride")
    assert {s.intensity for s in workout.steps} == {(0.8, 0.8)}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1252"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    """Names keep their letters, whatever the encoding and whatever the file says of it."""
    path = tmp_path / "a.zwo"
    head = '<?xml version="1.0" encoding="utf-8"?>\n'
    text = head + zwo(STEP, head="<name>Höhe “Über”</name>").replace("\n", "\r\n")
    path.write_bytes(text.encode(encoding))
    assert read_workout(path, Athlete())[0].name == "Höhe “Über”"


def test_what_is_no_workout_is_refused(tmp_path: Path) -> None:
    """Large, missing and foreign files get one sentence that names them."""
    large = tmp_path / "large.zwo"
    large.write_bytes(bytes(LARGEST + 1))
    plan = tmp_path / "plan.txt"
    plan.write_text("- 10m 80%\n- 10m much\n")
    for path, said in (
        (large, "large.zwo is larger than 1 MiB"),
        (plan, r"plan\.txt, line 2, column 7"),
        (tmp_path / "none.zwo", "cannot be read: no such file"),
        (tmp_path, "cannot be read"),
    ):
        with pytest.raises(WorkoutError, match=said):
            read_workout(path, Athlete())


@given(st.binary(max_size=200), st.sampled_from(SUFFIXES))
def test_any_bytes_end_in_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, raw: bytes, suffix: str
) -> None:
    """No file makes a reader stumble; the sentence names the file."""
    path = tmp_path_factory.getbasetemp() / f"any{suffix}"
    path.write_bytes(raw)
    with pytest.raises(WorkoutError, match=path.name):
        read_workout(path, Athlete())


@given(st.integers(1, 59), st.integers(0, 59))
def test_paces(minutes: int, seconds: int) -> None:
    """A pace is minutes and seconds, for a kilometer or a mile."""
    assert read_pace(f"{minutes}:{seconds:02}") == 60 * minutes + seconds
    mile = read_pace(f"{minutes}:{seconds:02}/mi")
    assert mile == pytest.approx(read_pace(f"{minutes}:{seconds:02}/km") / 1.609344)
    for text in (f"{minutes}", f"{minutes}:{seconds:02}/m", "0:00", "5:60", ""):
        with pytest.raises(ValueError, match="is no pace"):
            read_pace(text)


def test_build_takes_a_file(tempo: Tempo, tmp_path: Path) -> None:
    """`build` and `workouts` take a file for a workout; --minutes stretches it."""
    table = tmp_path / "t.csv"
    rows = [f"{n:022},Song {n},Artist {n},180000,{100 + n % 60},0.7" for n in range(60)]
    table.write_text("\n".join(["id,title,artist,duration_ms,tempo,energy", *rows]))
    tempo.run("import", table)
    run = tmp_path / "run.fit"
    run.write_bytes(fit_workout([step(METERS, 300_000, target=POWER, value=4)], sport=1))
    done = tempo.run("workouts", run)
    assert "note: taken: 5:00 a kilometer at threshold; say --pace for yours" in done.stderr
    assert tempo.json("build", run, "--pace", "6:00")["target_duration"] == pytest.approx(1102.04)
    assert tempo.run("workouts", run, "--minutes", 12).stdout.startswith("run, 12:00\n")


def test_what_nobody_holds_is_doubted(tempo: Tempo, tmp_path: Path) -> None:
    """Watts in a file that promises percent get a warning; a sprint gets none."""
    path = tmp_path / "ride.mrc"
    head = "[COURSE HEADER]\nMINUTES PERCENT\n[END COURSE HEADER]\n[COURSE DATA]\n"
    path.write_text(f"{head}0 100\n5 100\n5 250\n10 250\n")
    said = tempo.run("workouts", path).stderr
    assert "step 2 asks 250% of threshold for 5:00, which nobody holds: check its unit" in said
    path.write_text(f"{head}0 100\n5 100\n5 250\n6 250\n")
    assert tempo.run("workouts", path).stderr == ""


def test_files_of_other_kinds_are_told(tempo: Tempo, tmp_path: Path) -> None:
    """A file that is named like no workout is said to be none, and no mistyped name."""
    (tmp_path / "song.flac").write_bytes(b"fLaC\0")
    said = tempo.run("workouts", tmp_path / "song.flac", code=1).stderr
    assert said.startswith("Error: song.flac, this is no workout: known are .zwo, .erg")
    said = tempo.run("workouts", "nosuch", code=1).stderr
    assert said.startswith("Error: no workout 'nosuch'; there are training-montage, hearts-on-fire")


def test_damaged_file_is_one_sentence(tempo: Tempo, tmp_path: Path) -> None:
    """A damaged file ends with status 1 and one line on standard error."""
    path = tmp_path / "a.zwo"
    path.write_text(zwo(STEP)[:-30])
    done = tempo.run("build", path, code=1)
    assert done.stderr.count("\n") == 1
    assert "a.zwo, line 4: the XML is damaged" in done.stderr
