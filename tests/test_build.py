"""`tempo build` and `tempo workouts` as a user meets them."""

import json
import random
import re
import shlex
import subprocess
from collections.abc import Callable
from itertools import cycle, pairwise
from pathlib import Path

import jsonschema
import pytest

from playlists.builtin import BUILT_IN
from playlists.formats.registry import read_listing
from tempo.library import Library
from tempo.track import (
    ANALYSIS_VERSION,
    Analysis,
    AudioFile,
    Tags,
    TempoCandidate,
    TempoEstimate,
    Track,
)  # fmt: skip
from tests.conftest import Tempo

SCHEMA = json.loads(
    (Path(__file__).parent.parent / "docs" / "playlist.schema.json").read_text("utf-8")
)


def tracks(folder: Path, count: int) -> list[Track]:
    """Return tracks as a mixed library has them: 75 to 180 BPM, two to five minutes."""
    rng = random.Random(7)  # noqa: S311 - not a secret
    made = []
    for index in range(count):
        bpm = rng.uniform(75, 180)
        energy = min(1.0, max(0.0, bpm / 180 + rng.gauss(0, 0.15)))
        tempo = TempoEstimate((TempoCandidate(bpm, 0.8), TempoCandidate(bpm / 2, 0.2)), 0.9, 0.0)
        analysis = Analysis(rng.uniform(120, 300), tempo, 0.7, energy, -9.0, 0.5, 0.0)
        tags = Tags(title=f"Song {index}", artist=f"Artist {index % 40}")
        made.append(Track(folder / f"{index}.mp3", tags, analysis))
    return made


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Tempo:
    """Return the program with a library of 200 tracks; for tests that only read it."""
    program = Tempo(tmp_path_factory.mktemp("stocked") / "library.db")
    with Library(program.library) as library:
        for track in tracks(Path("/music"), 200):
            library.add(AudioFile(Path(track.location), 1, 1), b"", track, ANALYSIS_VERSION)
    return program


@pytest.mark.parametrize(
    ("workout", "mode"), list(zip(BUILT_IN, cycle(["--async", "--sync"]), strict=False))
)
def test_every_workout_is_filled(stocked: Tempo, workout: str, mode: str) -> None:
    """A playlist covers its workout to ten seconds, repeats nothing and keeps the contract."""
    playlist = stocked.json("build", workout, mode, "--minutes", 15)
    jsonschema.validate(playlist, SCHEMA)
    assert (workout, mode.lstrip("-")) == (playlist["workout"], playlist["mode"])
    assert playlist["duration"] == pytest.approx(playlist["target_duration"], abs=10)
    paths = [entry["path"] for entry in playlist["entries"]]
    assert len(paths) == len(set(paths))
    start = 0.0
    for entry in playlist["entries"]:
        assert entry["start"] == pytest.approx(start)
        start += entry["duration"]
    artists = [entry["artist"] for entry in playlist["entries"]]
    assert all(one != other for one, other in pairwise(artists))


def test_tempo_follows_the_workout(stocked: Tempo) -> None:
    """In the plateau of Hearts on Fire, most songs are within 5 % of the wanted tempo."""
    playlist = stocked.json("build", "hearts-on-fire", "--minutes", 45)
    plateau = [e for e in playlist["entries"] if e["start"] > 450 and e["start"] < 2000]
    near = [e for e in plateau if abs(e["bpm"] * e["level"] / e["target_bpm"] - 1) < 0.05]
    assert len(near) > 0.7 * len(plateau)


def test_sync_locks_to_the_cadence(stocked: Tempo) -> None:
    """With --sync --cadence, what is followed is the cadence within 4 %."""
    playlist = stocked.json("build", "steady-run", "--sync", "--cadence", 172, "--minutes", 20)
    followed = [entry["bpm"] * entry["level"] for entry in playlist["entries"]]
    assert followed == [pytest.approx(172, rel=0.04)] * len(followed)


def test_cadence_is_no_slip(stocked: Tempo) -> None:
    """A cadence or tempo that nobody has is wrong usage; one without --sync gets a warning."""
    for slip in ("17", "1-2", "1700"):
        said = stocked.run("build", "steady-run", "--sync", "--cadence", slip, code=2).stderr
        assert f"'{slip}' is outside 20 to 400 a minute" in said
    stocked.run("build", "--bpm", "0-5", code=2)
    said = stocked.run("build", "steady-run", "-m", 6, "--cadence", 172, "--dry-run").stderr
    assert "warning: --cadence is for --sync, and changes nothing here" in said
    beside = ("--bpm", 160, "--sync", "--cadence", 172)
    said = stocked.run("build", *beside, "-m", 6, "--dry-run").stderr
    assert "warning: --cadence is for workouts and plans, and changes nothing here" in said


def test_what_changes_nothing_is_said(stocked: Tempo, tmp_path: Path) -> None:
    """An option that was given and is for something else gets a warning; the others get none."""
    (tmp_path / "plan.txt").write_text("5m 60%")
    idle = ("--ftp", 250, "--absolute", "--format", "pls", "--time-limit", 9, "--cadence", 90)
    said = stocked.run("build", "walk", "-m", 6, *idle).stderr
    expected = {"--ftp": "workouts from files and plans", "--absolute": "-o", "--format": "-o",
                "--time-limit": "--from", "--cadence": "--sync"}  # fmt: skip
    for option, use in expected.items():
        assert f"warning: {option} is for {use}, and changes nothing here\n" in said
    assert said.count("changes nothing") == len(expected)
    assert "nothing here" in stocked.run("workouts", "walk", "--pace", "5:00").stderr
    for args in (("--plan", "5m 60%"), (tmp_path / "plan.txt",)):
        assert "changes nothing" not in stocked.run("build", *args, "--ftp", 250).stderr


def test_montage_rises(stocked: Tempo) -> None:
    """The songs of Training Montage get faster and stronger to the end."""
    entries = stocked.json("build", "training-montage", "--minutes", 30)["entries"]
    third = len(entries) // 3
    for key in ("target_bpm", "energy"):
        first, last = ([e[key] for e in part] for part in (entries[:third], entries[-third:]))
        assert sum(first) < sum(last), key


def test_quick_form(stocked: Tempo) -> None:
    """`--bpm LOW-HIGH` gives music of that tempo, counted at half or double where it fits."""
    playlist = stocked.json("build", "--bpm", "165-175", "--minutes", 30)
    followed = [entry["bpm"] * entry["level"] for entry in playlist["entries"]]
    assert all(160 <= bpm <= 180 for bpm in followed)
    assert playlist["target_duration"] == 1800


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("172", "172 BPM"), ("170\u2013174", "170-174 BPM"), ("170-171", "170-171 BPM")],
)
def test_one_tempo_is_named_as_it_was_typed(stocked: Tempo, typed: str, expected: str) -> None:
    """A playlist of one tempo is called by it, though half a BPM around it is allowed."""
    found = stocked.json("build", "--bpm", typed, "--minutes", 3)
    assert found["workout"] == expected


def test_plan(stocked: Tempo) -> None:
    """`--plan TEXT` builds for the plan's steps and length."""
    plan = "10m 60%, 4x(3m 95%, 2m 60%), 5m 50%"
    playlist = stocked.json("build", "--plan", plan)
    assert playlist["target_duration"] == 35 * 60
    assert [step["duration"] for step in playlist["steps"][:3]] == [600, 180, 120] * 1
    assert len(playlist["steps"]) == 10


def test_same_seed_same_playlist(stocked: Tempo) -> None:
    """The same seed gives the same playlist, another seed another good one."""
    first = stocked.json("build", "intervals", "--minutes", 12, "--seed", 5)
    assert first == stocked.json("build", "intervals", "--minutes", 12, "--seed", 5)
    other = stocked.json("build", "intervals", "--minutes", 12, "--seed", 6)
    assert [e["path"] for e in first["entries"]] != [e["path"] for e in other["entries"]]
    assert other["misfit"] < 2 * first["misfit"] + 0.1


def test_file_is_written(stocked: Tempo, tmp_path: Path) -> None:
    """`-o` writes the playlist in its order; an existing file is kept without --force."""
    path = tmp_path / "run.m3u8"
    playlist = stocked.json("build", "walk", "-m", 6, "-o", path)
    expected = [entry["path"] for entry in playlist["entries"]]
    assert expected == [item.location for item in read_listing(path).items]
    before = path.read_bytes()
    assert "exists already" in stocked.run("build", "walk", "-m", 6, "-o", path, code=2).stderr
    stocked.run("build", "recovery", "-m", 6, "-o", path, "--dry-run")
    assert before == path.read_bytes()
    stocked.run("build", "recovery", "-m", 6, "-o", path, "--force")
    assert before != path.read_bytes()
    json_path = tmp_path / "run.json"
    stocked.run("build", "walk", "-m", 6, "-o", json_path)
    assert playlist == json.loads(json_path.read_text("utf-8"))
    stocked.run("build", "walk", "-m", 6, "-o", tmp_path / "run.mp3", code=2)
    stocked.run("build", "walk", "-m", 6, "-o", tmp_path / "none" / "run.m3u8", code=2)


def test_a_short_workout_is_named_as_it_sounds(stocked: Tempo) -> None:
    """Of ends too short for a song, songs bear the name of their effort, and cues say the rest."""
    args = ("build", "hearts-on-fire", "--minutes", 6)
    assert {"hearts on fire"} == {entry["step"] for entry in stocked.json(*args)["entries"]}
    bare = stocked.json("build", "--bpm", "100-140", "--minutes", 20)
    assert {None} == {entry["step"] for entry in bare["entries"]}
    cues = [line for line in stocked.run(*args).stdout.splitlines() if "cues: " in line]
    assert cues[0].endswith("cues: warm-up at 0:00; hearts on fire at 1:12")
    assert "cool-down at 4:48" in cues[-1]
    said = stocked.run(*args, "--explain").stdout
    assert ("warm-up at 0:00" in said, "cool-down at 4:48" in said) == (True, True)


def test_a_reader_who_stops_gets_the_file(stocked: Tempo, tmp_path: Path) -> None:
    """Playlists are written even where nobody reads to the end what is printed of them."""
    path = tmp_path / "run.m3u8"
    args = ("build", "walk", "--alternatives", 3, "--explain", "-o", path)
    line = f"{shlex.join(stocked.command(*args))} 2>&1 | head -n 1"
    done = subprocess.run(  # noqa: S602 - as a person pipes it
        line, shell=True, env=stocked.environment(), capture_output=True, text=True, check=False,
        timeout=120,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("\n", "")
    assert {path.name for path in tmp_path.iterdir()} == {"run.m3u8", "run-2.m3u8", "run-3.m3u8"}


def test_who_reads_no_notes_gets_the_file(stocked: Tempo, tmp_path: Path) -> None:
    """What is said of steps too short for songs keeps no playlist from being written."""
    path = tmp_path / "run.m3u8"
    plan = "10m 60%, 8x(1m 110%, 3m 55%), 5m 50%"
    assert "note: 7 steps" in stocked.run("build", "--plan", plan).stderr
    line = f"{shlex.join(stocked.command('build', '--plan', plan, '-o', path))} 2>&1 >&- | true"
    subprocess.run(  # noqa: S602 - as a person pipes it
        line, shell=True, env=stocked.environment(), check=False, timeout=120
    )
    assert path.exists()


def test_explain_gives_a_reason_for_each(stocked: Tempo) -> None:
    """`--explain` says a sentence for each track."""
    count = len(stocked.json("build", "walk", "-m", 6)["entries"])
    said = stocked.run("build", "walk", "-m", 6, "--explain").stdout
    assert said.count(" BPM") >= count


def test_steps_without_music_of_their_own_are_said(stocked: Tempo) -> None:
    """A misfit of 0 says nothing of rests that have the music of the efforts."""
    plan = "10m 60%, 3x(1m hard 105%, 2m easy 50%), 5m 50%"
    said = stocked.run("build", "--plan", plan, "--alternatives", 2).stderr
    assert said.count("note:") == 1
    assert (
        "note: 2 steps, 4:00 in all, have the music of harder ones (first “easy” at 11:00): songs "
        "of 2:30 and more leave them no room; calmer songs need longer steps\n"
    ) in said
    assert "note:" not in stocked.run("build", "intervals").stderr


def test_steps_without_names_are_called_by_their_effort(stocked: Tempo) -> None:
    """The table says which step a song is for."""
    table = stocked.run("build", "--plan", "10m 60%, 5m hard 95%, 5m 60-40%").stdout.splitlines()
    steps = [row.split("\t")[7] for row in table if row.count("\t")]
    assert list(dict.fromkeys(steps)) == ["step", "60 %", "hard", "60-40 %"]
    bare = stocked.run("build", "--bpm", "120-130", "--minutes", 10).stdout.splitlines()
    assert {row.split("\t")[7] for row in bare if row.count("\t")} == {"step", ""}


def test_thin_library_says_what_it_lacks(tempo: Tempo) -> None:
    """Two songs cannot fill an hour: the best is built, the lack is said, --strict refuses."""
    with Library(tempo.library) as library:
        for track in tracks(Path("/music"), 2):
            library.add(AudioFile(Path(track.location), 1, 1), b"", track, ANALYSIS_VERSION)
    playlist = tempo.json("build", "hearts-on-fire", "--minutes", 60)
    jsonschema.validate(playlist, SCHEMA)
    assert len(playlist["entries"]) == 2
    assert playlist["shortfalls"]
    assert any(char.isdigit() for char in playlist["shortfalls"][0]["advice"])
    done = tempo.run("build", "hearts-on-fire", "--minutes", 60, "--strict", code=1)
    assert "cannot fill" in done.stderr


def test_correction_counts(tempo: Tempo) -> None:
    """A corrected tempo is what `build` goes by."""
    (track,) = tracks(Path("/music"), 1)
    with Library(tempo.library) as library:
        library.add(AudioFile(Path(track.location), 1, 1), b"", track, ANALYSIS_VERSION)
    tempo.run("fix", track.location, "--bpm", "170")
    (entry,) = tempo.json("build", "--bpm", "165-175", "--minutes", 3)["entries"]
    assert (entry["bpm"], entry["level"]) == (170.0, 1.0)


def test_from_folder_to_playlist(
    tempo: Tempo, small_song: Callable[..., Path], tmp_path: Path
) -> None:
    """`--from` analyzes a folder and builds from its tracks alone."""
    elsewhere = small_song("elsewhere/old.flac", 100)
    tempo.run("analyze", elsewhere)
    songs = [small_song(f"new/{bpm}.flac", bpm, 40) for bpm in (118, 124, 130)]
    path = tmp_path / "run.m3u8"
    done = tempo.run("build", "walk", "--minutes", 2, "--from", songs[0].parent, "-o", path)
    assert "3 analyzed" in done.stderr
    assert {str(song) for song in songs} == {item.location for item in read_listing(path).items}
    assert "new/" in path.read_text("utf-8")


def test_music_that_ends_early_is_said(tempo: Tempo, tmp_path: Path) -> None:
    """Three songs do not last an hour, and none fits into a minute: both are told."""
    with Library(tempo.library) as library:
        for track in tracks(Path("/music"), 3):
            library.add(AudioFile(Path(track.location), 1, 1), b"", track, ANALYSIS_VERSION)
    found = tempo.run("build", "walk", "--minutes", 60)
    (summary,) = (line for line in found.stdout.splitlines() if "seed 0" in line)
    ((there, missing),) = re.findall(r"tracks, (.*) of 1:00:00 \(-(.*)\)", summary)
    assert f"warning: the music ends at {there} of 1:00:00: each song plays" in found.stderr
    assert missing.count(":") == 1
    limited = tempo.run("build", "walk", "--minutes", 60, "--max-per-artist", 1).stderr
    assert "each song plays once, and at most 1 song of an artist; add more" in limited
    path = tmp_path / "none.m3u8"
    found = tempo.run("build", "walk", "--minutes", 1, "-o", path, code=1)
    assert found.stderr == "Error: no song is short enough for 1:00: ask for more --minutes\n"
    assert not path.exists()


def test_songs_that_no_player_finds_are_said(tempo: Tempo, tmp_path: Path) -> None:
    """Without a file or an address, songs are left out of an M3U8 and named of a JSON."""
    table, path = tmp_path / "songs.csv", tmp_path / "run.json"
    rows = (f"{n:022},Song {n},Ann {n},200000,{125 + n},0.8" for n in range(2))
    lines = ["id,title,artist,duration_ms,tempo,energy", *rows, ",Other,Bo,200000,127,0.8"]
    table.write_text("\n".join(lines))
    tempo.run("import", table)
    said = "warning: 1 song has neither a file nor a Spotify id, and no player finds it"
    for where in ([], ["-o", path], ["--json"]):
        assert said in tempo.run("build", "--bpm", "125-128", "--minutes", 10, *where).stderr
    done = tempo.run("build", "--bpm", "125-128", "--minutes", 10, "-o", tmp_path / "run.m3u8")
    assert "1 track left out, with neither a file" in done.stderr
    assert said not in done.stderr


def test_wrong_usage_is_one_sentence(stocked: Tempo, tempo: Tempo) -> None:
    """Each mistake gets exit status 2 or 1 and a sentence that says what to do."""
    assert "did you mean intervals" in stocked.run("build", "interval", code=1).stderr
    assert "one of WORKOUT" in stocked.run("build", code=2).stderr
    assert "one of WORKOUT" in stocked.run("build", "walk", "--bpm", "120", code=2).stderr
    stocked.run("build", "--plan", "10q 60%", code=1)
    stocked.run("build", "walk", "--minutes", 0, code=2)
    folder = stocked.library.parent
    assert f"{folder} is a folder, and no workout" in stocked.run("build", folder, code=1).stderr
    said = stocked.run("build", "walk", "-o", "-", "--format", "m3u8", code=2).stderr
    assert "it takes the name of a file" in said
    said = stocked.run("build", "walk", "--minutes", "45m", code=2).stderr
    assert "'45m' is no number: write it without a unit" in said
    said = stocked.run("build", "walk", "--max-per-artist", "two", code=2).stderr
    assert "'two' is no whole number" in said
    assert "is no tempo range" in stocked.run("build", "--bpm", "165 175", code=2).stderr
    assert "run `tempo analyze FOLDER`" in tempo.run("build", "walk", code=1).stderr
    for place in ("s3://bucket/music", "spotify:liked"):
        said = tempo.run("build", "walk", "--from", place, code=2).stderr.splitlines()[-1]
        assert said == (
            "Error: Invalid value for '--from': it takes a folder or a file of this machine; run "
            f"`tempo analyze {place}` first, then build without it"
        )


def test_config_is_heeded(tmp_path: Path) -> None:
    """A number in the configuration file changes the playlist; a mistyped one is refused."""
    program = Tempo(tmp_path / "library.db")
    with Library(program.library) as library:
        for track in tracks(Path("/music"), 60):
            library.add(AudioFile(Path(track.location), 1, 1), b"", track, ANALYSIS_VERSION)
    config = tmp_path / "config.toml"
    before = program.json("build", "walk", "-m", 6)
    config.write_text("[weights]\ninside = 5.0\n")
    assert before["misfit"] < program.json("build", "walk", "-m", 6)["misfit"]
    config.write_text("[weights]\nenergie = 0.0\n")
    assert "energy" in program.run("build", "walk", code=1).stderr
    config.write_text("[weights\n")
    assert "is no TOML" in program.run("build", "walk", code=1).stderr


def test_workouts_are_drawn(stocked: Tempo) -> None:
    """`workouts` lists each with its curve, and draws the one that is named."""
    lines = stocked.run("workouts").stdout.splitlines()
    assert list(BUILT_IN) == [line.split()[0] for line in lines if not line.startswith(" ")]
    assert "█" in stocked.run("workouts", "tabata", "--minutes", 30).stdout
    assert "did you mean" in stocked.run("workouts", "tabatta", code=1).stderr
