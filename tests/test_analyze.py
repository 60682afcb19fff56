"""`tempo analyze`, `list`, `show` and `fix` as a user meets them."""

import csv
import io
import json
import os
import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from mutagen.flac import FLAC

from benchmarks.synth import noise, save, song
from tempo.library import Library
from tempo.track import ANALYSIS_VERSION, AudioFile
from tempo.update import survey
from tests import crates
from tests.conftest import FORMATS, Tempo

Maker = Callable[..., Path]
TRACK = json.loads((Path(__file__).parents[1] / "docs/track.schema.json").read_text("utf-8"))


def test_every_format_is_measured(analyzed: Tempo) -> None:
    """A song's tempo is found within 0.5 % in every format."""
    tracks = {Path(track["path"]).suffix: track for track in analyzed.json("list", "song")}
    expected = {suffix: 100 + 8 * index for index, suffix in enumerate(FORMATS)}
    actual = {suffix: tracks[suffix]["bpm"] for suffix in FORMATS}
    assert {s: pytest.approx(bpm, rel=0.005) for s, bpm in expected.items()} == actual


def test_tags_are_read_in_every_format(analyzed: Tempo) -> None:
    """Title, artist, album, ISRC and BPM come from the tags of every format that has them."""
    for track in analyzed.json("list", "artist"):
        expected = ("The Album", "USRC17607839", 99.0)
        assert expected == (track["album"], track["isrc"], track["tag_bpm"]), track["path"]
        assert track["title"].endswith("song")
        assert track["artist"].startswith("Artist ")


def test_duration_is_that_of_the_audio(analyzed: Tempo) -> None:
    """Durations are within a codec's padding of what was encoded."""
    for track in analyzed.json("list"):
        assert track["duration"] == pytest.approx(20, abs=0.06), track["path"]


def test_saliences_sum_to_one(analyzed: Tempo) -> None:
    """The candidates of a track share one whole."""
    for track in analyzed.json("list", "song"):
        assert sum(c["salience"] for c in track["candidates"]) == pytest.approx(1)
        assert track["bpm"] == track["candidates"][0]["bpm"]


def test_silence_has_no_tempo(analyzed: Tempo) -> None:
    """Silence is a track without tempo, with confidence 0 and no beat."""
    track = analyzed.json("show", "silence")
    assert (
        track["bpm"], track["confidence"], track["beat_strength"], track["candidates"],
    ) == (None, 0.0, 0.0, [])  # fmt: skip
    assert track["loudness"] <= -70


def test_scores_lie_between_0_and_1(analyzed: Tempo) -> None:
    """Confidence, beat strength, energy and build are fractions, whatever the audio."""
    for track in analyzed.json("list"):
        for key in ("confidence", "beat_strength", "energy", "build"):
            assert 0 <= track[key] <= 1, (track["path"], key)


def test_second_run_decodes_nothing(tempo: Tempo, small_song: Maker) -> None:
    """An unchanged file is not measured again, a changed one is, all with --force."""
    first, _ = small_song("a.flac", 120), small_song("b.flac", 130)
    assert "2 analyzed, 0 unchanged" in tempo.run("analyze", first.parent).stdout
    assert "0 analyzed, 2 unchanged" in tempo.run("analyze", first.parent).stdout
    small_song("a.flac", 140)
    assert "1 analyzed, 1 unchanged" in tempo.run("analyze", first.parent).stdout
    assert tempo.json("show", first)["bpm"] == pytest.approx(140, rel=0.005)
    assert "2 analyzed, 0 unchanged" in tempo.run("analyze", "--force", first.parent).stdout


def test_any_time_of_change_is_remembered(tempo: Tempo, small_song: Maker) -> None:
    """A file of the year 2400, where no library counts nanoseconds, is like any other."""
    path = small_song("a.flac")
    os.utime(path, (0, 13_569_465_600))
    assert "1 analyzed, 0 unchanged" in tempo.run("analyze", path).stdout
    assert "0 analyzed, 1 unchanged" in tempo.run("analyze", path).stdout


def test_moved_file_is_recognized(tempo: Tempo, small_song: Maker) -> None:
    """A renamed file keeps its measures and its correction without being decoded."""
    path = small_song("Old Artist - Old Title.flac")
    tempo.run("analyze", path.parent)
    tempo.run("fix", path, "--bpm", "61.5")
    moved = path.with_name("New Artist - New Title.flac")
    path.rename(moved)
    assert "0 analyzed, 0 unchanged, 1 moved" in tempo.run("analyze", path.parent).stdout
    tracks = tempo.json("list")
    assert [(str(moved), 61.5, "New Title")] == [(t["path"], t["bpm"], t["title"]) for t in tracks]


def test_moved_and_retagged_file_is_recognized(tempo: Tempo, small_song: Maker) -> None:
    """A file that is renamed and retagged at once keeps its correction, and another gets none."""
    path, other = small_song("a.flac"), small_song("b.flac", 130)
    tempo.run("analyze", path.parent)
    tempo.run("fix", path, "--bpm", "61.5")
    tempo.run("build", "--bpm", "55-140", "-m", "1", "-o", path.with_name("run.m3u8"))
    moved, new = path.with_name("01.flac"), other.with_name("02.flac")
    for old, name in ((path, moved), (other, new)):
        tagged = FLAC(old)
        tagged["title"] = name.stem
        tagged.save()
        old.rename(name)
    done = tempo.run("analyze", path.parent)
    assert "61.5 BPM  01" in done.stderr
    tracks = {track["title"]: track["source"] for track in tempo.json("list")}
    assert tracks == {"01": "fixed", "02": "analysis"}
    assert "no longer there" not in tempo.run("library").stdout
    with Library(tempo.library) as library:
        assert {path, other} & set(library.history.recent_use()) == set()
    shutil.copy(moved, path)
    tagged = FLAC(path)
    tagged["title"] = "copy"
    tagged.save()
    tempo.run("analyze", path)
    assert {track["bpm"] for track in tempo.json("list") if track["title"] != "02"} == {61.5}


def test_copy_is_recognized(tempo: Tempo, small_song: Maker) -> None:
    """A copy of a known file is not decoded; both are listed."""
    path = small_song("a.flac")
    tempo.run("analyze", path.parent)
    shutil.copy(path, path.with_name("copy.flac"))
    assert "0 analyzed, 1 unchanged, 1 moved or copied" in tempo.run("analyze", path.parent).stdout
    assert len(tempo.json("list")) == 2


def test_removed_file_is_marked_and_comes_back(tempo: Tempo, small_song: Maker) -> None:
    """A file that is gone is no longer listed; when it returns it is known again."""
    path, other = small_song("a.flac"), small_song("b.flac", 130)
    tempo.run("analyze", path.parent)
    away = path.parent.parent / "a.flac"
    path.rename(away)
    assert "1 unchanged, 1 no longer there" in tempo.run("analyze", path.parent).stdout
    assert [str(other)] == [track["path"] for track in tempo.json("list")]
    away.rename(path)
    assert "0 analyzed, 2 unchanged" in tempo.run("analyze", path.parent).stdout
    assert len(tempo.json("list")) == 2


def test_other_folders_are_left_alone(tempo: Tempo, small_song: Maker) -> None:
    """Analyzing one folder does not mark the files of another as gone."""
    first, second = small_song("one/a.flac"), small_song("two/b.flac", 130)
    tempo.run("analyze", first.parent)
    tempo.run("analyze", second.parent)
    assert len(tempo.json("list")) == 2


def test_another_song_of_the_same_name_is_not_corrected(tempo: Tempo, small_song: Maker) -> None:
    """A file that holds a song of another length by now loses its correction, and that is said."""
    path, other = small_song("a.flac"), small_song("b.flac", 130)
    tempo.run("analyze", path.parent)
    for each in (path, other):
        tempo.run("fix", each, "--bpm", "61.5")
    shutil.copy(save(path.parent.parent / "long.flac", song(140, 30)), path)
    said = tempo.run("analyze", path.parent).stderr
    assert f"warning: {path}: holds another song than the one whose tempo you corrected" in said
    found = {track["title"]: track["bpm"] for track in tempo.json("list")}
    assert found == {"a": pytest.approx(140, rel=0.005), "b": 61.5}


def test_a_song_that_comes_back_is_corrected_again(tempo: Tempo, small_song: Maker) -> None:
    """A file that was looked at while it was copied has its correction when it is whole."""
    path = small_song("a.aac", 126, 30)
    whole = path.read_bytes()
    tempo.run("analyze", path)
    tempo.run("fix", path, "--bpm", "61.51234567890123")
    path.write_bytes(whole[: len(whole) // 2])
    tempo.run("analyze", path)
    assert tempo.json("show", path)["source"] == "analysis"
    path.write_bytes(whole)
    assert "61.5 BPM" in tempo.run("analyze", path).stderr
    assert tempo.json("show", path)["bpm"] == 61.51234567890123
    tempo.run("fix", path, "--undo")
    tempo.run("analyze", "--force", path)
    assert tempo.json("show", path)["source"] == "analysis"


def test_corrections_follow_songs_that_change_names(tempo: Tempo, small_song: Maker) -> None:
    """Numbered anew, as where a track is put in front, each song keeps what its owner said."""
    paths = [small_song(f"Track {i}.wav", 120 + i, 12 + 3 * i) for i in range(3)]
    tempo.run("analyze", paths[0].parent)
    for index, path in enumerate(paths):
        tempo.run("fix", path, "--bpm", 60 + index)
    songs = [path.rename(path.with_suffix(".old")) for path in paths]
    for index, old in enumerate(songs):
        old.rename(paths[index - 1])
    assert "warning" not in tempo.run("analyze", paths[0].parent).stderr
    assert [track["bpm"] for track in tempo.json("list")] == [61, 62, 60]
    assert {track["source"] for track in tempo.json("list")} == {"fixed"}


def test_a_song_that_takes_the_place_of_another_stays_corrected(
    tempo: Tempo, small_song: Maker
) -> None:
    """A correction follows a file that is moved over another one."""
    path, other = small_song("a.wav", 126, 20), small_song("b.wav", 130)
    tempo.run("analyze", path.parent)
    tempo.run("fix", path, "--bpm", "61.5")
    path.replace(other)
    tempo.run("analyze", path.parent)
    (track,) = tempo.json("list")
    assert (track["path"], track["bpm"], track["source"]) == (str(other), 61.5, "fixed")


def test_a_look_at_half_a_file_tells_songs_apart(tempo: Tempo, small_song: Maker) -> None:
    """After a failure, the song that was there is still corrected, and another one is not."""
    path, other = small_song("a.wav", 126), small_song("b.wav", 140, 20)
    first, second = path.read_bytes(), other.read_bytes()
    other.unlink()
    tempo.run("analyze", path)
    tempo.run("fix", path, "--bpm", "61.5")
    for whole, source in ((first, "fixed"), (second, "analysis"), (first, "fixed")):
        path.write_bytes(whole[: len(whole) // 2])
        assert "cut off" in tempo.run("analyze", path, code=1).stderr
        assert tempo.json("list") == []
        path.write_bytes(whole)
        tempo.run("analyze", path)
        assert tempo.json("show", path)["source"] == source


@pytest.mark.parametrize("title", ["Song", "Another"])
def test_a_song_encoded_otherwise_stays_corrected(tempo: Tempo, tmp_path: Path, title: str) -> None:
    """A file in another format is known by its tags, length and tempo, and by no less."""
    sound = song(126, 30, "rock", seed=3)
    old = save(tmp_path / "music" / "a.flac", sound, {"artist": "Ann", "title": "Song"})
    tempo.run("analyze", old)
    tempo.run("fix", old, "--bpm", "61.5")
    old.unlink()
    new = save(old.with_name("01.ogg"), sound, {"artist": "ANN", "title": title})
    tempo.run("analyze", old.parent)
    assert tempo.json("show", new)["source"] == ("fixed" if title == "Song" else "analysis")


def test_correction_survives_rescans(tempo: Tempo, small_song: Maker) -> None:
    """A corrected tempo outlives --force, and --undo brings the measured one back."""
    path = small_song("a.flac", 126)
    tempo.run("analyze", path)
    tempo.run("fix", path, "--halve")
    tempo.run("analyze", "--force", path)
    track = tempo.json("show", path)
    assert (pytest.approx(63, rel=0.005), "fixed", 1.0) == (
        track["bpm"], track["source"], track["confidence"],
    )  # fmt: skip
    tempo.run("fix", path, "--double")
    assert tempo.json("show", path)["bpm"] == pytest.approx(126, rel=0.005)
    assert "now" in tempo.run("fix", path, "--undo").stdout
    again = tempo.run("fix", path, "--undo")
    assert (again.stdout, again.stderr[:17]) == ("", "nothing to undo: ")
    assert tempo.json("show", path)["source"] == "analysis"


def test_damaged_files_become_failures(tempo: Tempo, small_song: Maker) -> None:
    """Each bad file is reported once with what is wrong, and the good ones are measured."""
    good = small_song("good.flac")
    folder = good.parent
    whole = small_song("whole.mp3", 128, 20).read_bytes()
    (folder / "whole.mp3").unlink()
    (folder / "truncated.mp3").write_bytes(whole[: len(whole) // 2])
    flac = good.read_bytes()
    (folder / "truncated.flac").write_bytes(flac[: len(flac) // 2])
    wav = small_song("whole.wav", 128).read_bytes()
    (folder / "whole.wav").unlink()
    (folder / "truncated.wav").write_bytes(wav[: len(wav) // 2])
    (folder / "empty.ogg").touch()
    small_song("blip.wav", 128, 0.1)
    (folder / "noise.mp3").write_bytes(bytes(range(256)) * 400)
    (folder / "text.m4a").write_text("no music at all")
    (folder / "gone.opus").symlink_to(folder / "nowhere")
    done = tempo.run("analyze", folder)
    assert "1 analyzed, 0 unchanged, 8 failed: see `tempo list --failed`" in done.stdout
    reasons = {Path(f["path"]).name: f["reason"] for f in tempo.json("list", "--failed")}
    for name in ("truncated.mp3", "truncated.flac", "truncated.wav"):
        assert reasons.pop(name).startswith("is cut off: it holds "), name
    assert reasons == {
        "empty.ogg": "is empty (0 bytes): copy it again from its source",
        "blip.wav": "holds 0.10 s of sound, too little for a tempo: remove it",
        "noise.mp3": "is damaged or not music: replace it, or remove it",
        "text.m4a": "is damaged or not music: replace it, or remove it",
        "gone.opus": "cannot be opened (no such file or directory): the link leads nowhere",
    }


def test_wrong_name_is_no_obstacle(tempo: Tempo, small_song: Maker) -> None:
    """A file is decoded by what it holds, not by what it is called."""
    path = small_song("a.mp3", 132)
    wrong = path.rename(path.with_suffix(".flac"))
    tempo.run("analyze", wrong)
    assert tempo.json("show", wrong)["bpm"] == pytest.approx(132, rel=0.005)


def test_all_failing_is_an_error(tempo: Tempo, tmp_path: Path) -> None:
    """The exit status is 1 when nothing could be measured, 2 for wrong usage."""
    (tmp_path / "empty.mp3").touch()
    tempo.run("analyze", tmp_path / "empty.mp3", code=1)
    tempo.run("analyze", tmp_path / "not there", code=2)
    tempo.run("analyze", code=2)


def test_failure_is_not_decoded_again(tempo: Tempo, small_song: Maker) -> None:
    """A damaged file that did not change is counted, not tried again; a repaired one is."""
    path = small_song("a.flac")
    whole = path.read_bytes()
    path.write_bytes(whole[:5000])
    tempo.run("analyze", path, code=1)
    again = tempo.run("analyze", path, code=1)
    assert (again.stdout, again.stderr) == (f"0 analyzed, 0 unchanged, 1 {FAILED_BEFORE}\n", "")
    small_song("b.flac", 130)
    tempo.run("analyze", path.parent)
    again = tempo.run("analyze", path.parent)
    assert again.stdout == f"0 analyzed, 1 unchanged, 1 {FAILED_BEFORE}\n"
    assert "1 failed: see" in tempo.run("analyze", "--force", path, code=1).stdout
    path.write_bytes(whole)
    assert "1 analyzed, 0 unchanged" in tempo.run("analyze", path).stdout
    assert tempo.json("list", "--failed") == []


FAILED_BEFORE = "failed before: `tempo list --failed` says why, `tempo analyze --force` tries again"


def test_failure_does_not_replace_what_was_measured(tempo: Tempo, small_song: Maker) -> None:
    """A file that did not change and fails with --force keeps its measures, and that is said."""
    path = small_song("a.flac")
    tempo.run("analyze", path)
    before, status, head = tempo.json("list"), path.stat(), path.read_bytes()[:5000]
    path.write_bytes(head.ljust(status.st_size, b"x"))  # as a disk that fails gives it back
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    done = tempo.run("analyze", "--force", path, code=1)
    assert done.stdout == "0 analyzed, 0 unchanged, 1 failed and kept as measured before\n"
    assert done.stderr.endswith("; what was measured before stays\n")
    assert (before, []) == (tempo.json("list"), tempo.json("list", "--failed"))
    assert tempo.run("analyze", path).stdout == "0 analyzed, 1 unchanged\n"
    path.touch()
    assert "1 failed: see" in tempo.run("analyze", path, code=1).stdout
    assert tempo.json("list") == []


def test_a_place_that_can_be_entered_again_is_no_failure(tmp_path: Path) -> None:
    """A folder that the system kept back is forgotten as a failure once it can be entered."""
    folder = tmp_path / "music"
    with Library(tmp_path / "library.db") as library:
        assert [folder] == [failure.path for failure in survey(library, [folder]).failures]
        assert [folder] == [failure.path for failure in library.failures()]
        folder.mkdir()
        survey(library, [folder])
        assert library.failures() == []


def test_odd_names_are_found(tempo: Tempo, small_song: Maker, tmp_path: Path) -> None:
    """Names with spaces, quotes, line breaks, emoji or broken UTF-8 are measured and listed."""
    names = [b"two\nlines.flac", b"\xff\xfe.flac", "émoji 🏃.flac".encode(), b"'\"$(x) -o.flac"]
    paths = [
        small_song("plain.flac", 100 + index).rename(tmp_path / os.fsdecode(name))
        for index, name in enumerate(names)
    ]
    assert "4 analyzed" in tempo.run("analyze", tmp_path).stdout
    assert {str(path) for path in paths} == {track["path"] for track in tempo.json("list")}
    assert len(tempo.run("list").stdout.splitlines()) == 5
    rows = list(csv.DictReader(io.StringIO(tempo.run("list", "--csv").stdout)))
    assert len(rows) == 4


def test_loops_and_hidden_files_are_passed_over(tempo: Tempo, small_song: Maker) -> None:
    """Links back to their own folder or to themselves end; hidden and other files are no music."""
    path = small_song("in/a.flac")
    (path.parent / "loop").symlink_to(path.parent)
    (path.parent / "itself").symlink_to("itself")
    (path.parent / "itself.flac").symlink_to("itself.flac")
    shutil.copy(path, path.parent / ".hidden.flac")
    (path.parent / "cover.jpg").write_bytes(b"\xff\xd8\xff")
    os.mkfifo(path.parent / "pipe.mp3")
    done = tempo.run("analyze", path.parent)
    assert done.stdout == "1 analyzed, 0 unchanged, 1 failed: see `tempo list --failed`\n"
    (failure,) = tempo.json("list", "--failed")
    assert (Path(failure["path"]).name, "symbolic links" in failure["reason"]) == (
        "itself.flac", True,
    )  # fmt: skip
    assert len(tempo.json("list")) == 1


def test_unavailable_file_is_tried_again(tempo: Tempo, small_song: Maker, tmp_path: Path) -> None:
    """A file that the system kept back is a failure until it is there."""
    link = tmp_path / "link.flac"
    link.symlink_to(tmp_path / "music" / "a.flac")
    tempo.run("analyze", tmp_path, code=1)
    small_song("a.flac")
    assert "2 analyzed" in tempo.run("analyze", tmp_path).stdout
    assert tempo.json("list", "--failed") == []


def test_corrections_stay_within_music(tempo: Tempo) -> None:
    """Doubling or halving once too often is refused, and what was said before stays."""
    path = (track := crates.song("a")).location
    with Library(tempo.library) as library:
        library.add(AudioFile(Path(path), 1, 1), b"", track, ANALYSIS_VERSION)
    tempo.run("fix", path, "--bpm", 300)
    said = tempo.run("fix", path, "--double", code=1).stderr
    assert said == "Error: 600 BPM is no tempo of music: say it with --bpm\n"
    assert tempo.json("show", path)["bpm"] == 300
    tempo.run("fix", path, "--bpm", 12)
    tempo.run("fix", path, "--halve", code=1)


def test_unavailable_file_is_no_missing_one(
    tempo: Tempo, small_song: Maker, tmp_path: Path
) -> None:
    """What the system keeps back is a failure at every run, and never said to have gone."""
    song = small_song("a.flac")
    link = song.with_name("link.flac")
    link.symlink_to(tmp_path / "nowhere.flac")
    tempo.run("analyze", song.parent)
    again = tempo.run("analyze", song.parent)
    assert again.stdout == "0 analyzed, 1 unchanged, 1 failed: see `tempo list --failed`\n"
    assert [str(link)] == [failure["path"] for failure in tempo.json("list", "--failed")]
    link.unlink()
    assert tempo.run("analyze", song.parent).stdout == "0 analyzed, 1 unchanged\n"
    assert tempo.json("list", "--failed") == []


def test_noise_is_doubtful(tempo: Tempo, tmp_path: Path) -> None:
    """White noise has hardly any confidence and hardly any beat."""
    path = save(tmp_path / "rain.flac", noise(20))
    tempo.run("analyze", path)
    track = tempo.json("show", path)
    assert track["confidence"] < 0.1
    assert track["beat_strength"] < 0.2
    assert [str(path)] == [t["path"] for t in tempo.json("list", "--doubtful")]


def test_list_filters_and_sorts(analyzed: Tempo) -> None:
    """`list` keeps a range of tempo, words and confidence, and sorts by any column."""
    tracks = analyzed.json("list", "--bpm", "110-135", "--sort", "bpm", "--reverse")
    bpms = [track["bpm"] for track in tracks]
    assert bpms == sorted(bpms, reverse=True)
    assert {"opus song", "wav song", "ogg song", "clicks"} == {t["title"] for t in tracks}
    assert [t["title"] for t in analyzed.json("list", "opus", "song")] == ["opus song"]
    assert analyzed.json("list", "--min-confidence", "0.1", "silence") == []
    analyzed.run("list", "--bpm", "175-165", code=2)


def test_csv_holds_what_json_holds(analyzed: Tempo) -> None:
    """`list --csv` has the same tracks and the unrounded numbers of `list --json`."""
    rows = list(csv.DictReader(io.StringIO(analyzed.run("list", "--csv").stdout)))
    tracks = analyzed.json("list")
    assert [(t["path"], t["energy"]) for t in tracks] == [
        (row["path"], float(row["energy"])) for row in rows
    ]


def test_unclear_name_is_refused(analyzed: Tempo) -> None:
    """`show` names the tracks between which it cannot choose, or says that there is none."""
    assert "tracks fit 'song'" in analyzed.run("show", "song", code=1).stderr
    assert "no track fits 'zzz'" in analyzed.run("show", "zzz", code=1).stderr
    assert "no track fits: genre: is no field" in analyzed.run("list", "genre:rock").stderr


def test_no_library_is_one_sentence(tempo: Tempo) -> None:
    """Without a library, reading commands say what to do first, and make none."""
    assert "run `tempo analyze FOLDER` first" in tempo.run("list", code=1).stderr
    assert not tempo.library.exists()


def test_library_of_another_kind_is_refused(tempo: Tempo, music: Path) -> None:
    """A file that is no library is refused and left as it is."""
    tempo.library.parent.mkdir()
    tempo.library.write_text("dear diary, " * 100)
    assert "cannot be used" in tempo.run("analyze", music, code=1).stderr
    assert tempo.library.read_text() == "dear diary, " * 100


def test_newer_library_is_refused(tempo: Tempo) -> None:
    """A library from a newer program is refused with a sentence."""
    tempo.library.parent.mkdir()
    with closing(sqlite3.connect(tempo.library)) as db, db:
        db.execute("PRAGMA user_version = 999")
    db.close()
    assert "written by a newer tempo" in tempo.run("list", code=1).stderr


def test_library_option_stands_anywhere(tempo: Tempo, music: Path, tmp_path: Path) -> None:
    """`--library` works before and after the command, and beats the environment."""
    other = tmp_path / "other.db"
    tempo.run("analyze", "--library", other, music / "clicks.flac")
    assert not tempo.library.exists()
    assert len(tempo.json("--library", other, "list")) == 1


def test_changes_of_tempo_and_the_meter_are_shown(tempo: Tempo, tmp_path: Path) -> None:
    """A waltz that goes from 120 to 150 says both: to people, to scripts, and as doubtful."""
    parts = [song(bpm, 30, "waltz", seed=1, drive=0.2) for bpm in (120, 150)]
    save(tmp_path / "waltz.flac", np.concatenate(parts))
    save(tmp_path / "steady.flac", parts[0])
    tempo.run("analyze", tmp_path)
    said = tempo.run("show", "waltz").stdout
    assert re.search(r"changes +120\.\d BPM from 0:00\n +150\.\d BPM from 0:[23]\d\n", said)
    assert "three beats a bar" in tempo.run("show", "steady").stdout
    track = tempo.json("show", "waltz")
    assert min(each["salience"] for each in track["candidates"]) < 0.005
    assert "(0.00)" not in said
    jsonschema.validate(track, TRACK)
    assert [s["bpm"] for s in track["sections"]] == pytest.approx([120, 150], rel=0.005)
    assert track["change"] == pytest.approx(0.25, abs=0.01)
    assert track["doubtful"]
    (row,) = csv.DictReader(io.StringIO(tempo.run("list", "steady", "--csv").stdout))
    assert (row["meter"], row["change"]) == ("3", "0.0")
