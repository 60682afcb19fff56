"""Tempo tags: asked for, proved, and nothing else in the file is touched."""

import hashlib
import os
import resource
import shutil
from collections.abc import Callable
from pathlib import Path

import mutagen
import pytest
from mutagen.flac import FLAC
from mutagen.id3 import ID3, TIT2, TXXX
from mutagen.mp4 import MP4

from tempo.audio import decoders
from tempo.errors import AudioError, TagError
from tempo.ffmpeg import sound_digest
from tempo.library import Library
from tempo.tagging import STALE, changes, sweep, write_tag
from tempo.tags import bpm_text, read_tags
from tempo.track import Analysis, Tags, TempoCandidate, TempoEstimate, Track
from tests.conftest import FORMATS, Tempo

TAGGABLE = [suffix for suffix in FORMATS if suffix != ".aac"]


@pytest.fixture
def song(music: Path, tmp_path: Path) -> Callable[[str], Path]:
    """Return a function that copies the song of a format into a folder of the test."""

    def copied(suffix: str) -> Path:
        folder = tmp_path / "songs"
        folder.mkdir(exist_ok=True)
        return Path(shutil.copy(music / f"{suffix[1:]} song{suffix}", folder))

    return copied


def heard(path: Path) -> str:
    """Return a hash of the decoded sound of a file."""
    for decode in decoders(path):
        digest = hashlib.sha256()
        try:
            for block in decode(path):
                digest.update(block.y.tobytes())
        except AudioError:
            continue
        return digest.hexdigest()
    raise AssertionError(path)


@pytest.mark.parametrize("suffix", TAGGABLE)
def test_tag_is_written_and_the_sound_is_the_same(suffix: str, song: Callable[[str], Path]) -> None:
    """The tempo is in the tags, the decoded sound and all other tags are what they were."""
    path = song(suffix)
    before, (tags, promised) = heard(path), read_tags(path)
    path.chmod(0o640)
    write_tag(path, 136.6, keep_mtime=False)
    after, _ = read_tags(path)
    assert after.bpm == 136.6
    assert (after.title, after.artist, after.album, after.isrc) == (
        tags.title, tags.artist, tags.album, tags.isrc,
    )  # fmt: skip
    assert heard(path) == before
    assert read_tags(path)[1] == promised
    assert path.stat().st_mode & 0o777 == 0o640
    assert [path] == list(path.parent.iterdir())


def test_fields(song: Callable[[str], Path]) -> None:
    """Each container gets the field that other programs read."""
    for suffix in (".mp3", ".flac", ".m4a"):
        write_tag(song(suffix), 136.6, keep_mtime=False)
    folder = song(".wav").parent
    assert ID3(folder / "mp3 song.mp3")["TBPM"].text == ["136.6"]
    assert FLAC(folder / "flac song.flac")["bpm"] == ["136.6"]
    tags = MP4(folder / "m4a song.m4a").tags
    assert tags["tmpo"] == [137]
    assert [bytes(value) for value in tags["----:com.apple.iTunes:BPM"]] == [b"136.6"]


@pytest.mark.parametrize("version", [3, 4])
def test_id3_keeps_its_version_and_frames(version: int, song: Callable[[str], Path]) -> None:
    """A file keeps the version of ID3 that it has, with frames that only this version knows."""
    path = song(".mp3")
    tags = ID3(path)
    tags.add(TIT2(encoding=1, text=["Tïtle"]))
    tags.add(TXXX(encoding=1, desc="own", text=["a/b", "c"]))
    tags.update_to_v23() if version == 3 else tags.update_to_v24()
    tags.save(path, v2_version=version, v23_sep=None)
    before = ID3(path, translate=False)
    write_tag(path, 140, keep_mtime=False)
    after = ID3(path, translate=False)
    assert after.version == (2, version, 0)
    assert after.pop("TBPM").text == ["140"]
    before.pop("TBPM")
    assert {key: frame.pprint() for key, frame in before.items()} == {
        key: frame.pprint() for key, frame in after.items()
    }


def test_file_without_tags_gets_them(song: Callable[[str], Path]) -> None:
    """A file that has no tags at all gets some."""
    for suffix in (".mp3", ".flac", ".wav", ".m4a", ".ogg"):
        path = song(suffix)
        mutagen.File(path).delete()
        assert not bpm_text(path)
        write_tag(path, 99.5, keep_mtime=False)
        assert read_tags(path)[0].bpm == 99.5


def test_time_is_kept_on_request(song: Callable[[str], Path]) -> None:
    """The time of last change stays to the nanosecond if asked, and moves if not."""
    path = song(".flac")
    os.utime(path, ns=(10**18, 10**18 + 1))
    write_tag(path, 120, keep_mtime=True)
    assert path.stat().st_mtime_ns == 10**18 + 1
    write_tag(path, 121, keep_mtime=False)
    assert path.stat().st_mtime_ns > 10**18 + 1


def test_link_stays_a_link(song: Callable[[str], Path], tmp_path: Path) -> None:
    """Where a library holds links, the music behind them is tagged and the links stay."""
    path, link = song(".flac"), tmp_path / "link.flac"
    link.symlink_to(path)
    write_tag(link, 120, keep_mtime=False)
    assert link.is_symlink()
    assert read_tags(path)[0].bpm == 120


def test_what_a_tag_says_twice_is_said_once(song: Callable[[str], Path]) -> None:
    """FFmpeg writes the artist into a WMA in two places; several artists stay several."""
    path = song(".wma")
    for said, artist in ((["Ann", "Ann"], "Ann"), (["Ann", "Bo", "Ann"], "Ann, Bo")):
        file = mutagen.File(path)
        file.tags["Author"] = said
        file.save()
        assert read_tags(path)[0].artist == artist


def test_copies_that_were_left_go(tmp_path: Path) -> None:
    """What a killed run left beside a file is removed after an hour, and nothing else."""
    names = (".tempo-ab1_x9yz.mp3", ".tempo-part", ".tempo-export.json", ".tempo-song.mp3", "a.mp3")
    for name in names:
        (tmp_path / name).write_bytes(b"x")
    song, now = tmp_path / "a.mp3", (tmp_path / names[0]).stat().st_ctime
    sweep([song], now + STALE - 1)
    assert {path.name for path in tmp_path.iterdir()} == set(names)
    sweep([song, tmp_path / "gone" / "b.mp3"], now + STALE + 1)
    assert {path.name for path in tmp_path.iterdir()} == set(names[1:])


def test_refusals_leave_the_file_alone(song: Callable[[str], Path], tmp_path: Path) -> None:
    """Formats without tags, what is no music, and a full disk are refused, and nothing is left."""
    noise = tmp_path / "songs" / "noise.mp3"
    paths = [song(".aac"), song(".mp3")]
    noise.write_bytes(b"ID3" + bytes(100))
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = {path: path.read_bytes() for path in [*paths, noise]}
    for path in (paths[0], noise):
        with pytest.raises(TagError):
            write_tag(path, 120, keep_mtime=False)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, limits[1]))
    try:
        with pytest.raises(TagError, match="cannot be written"):
            write_tag(paths[1], 120, keep_mtime=False)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert before == {path: path.read_bytes() for path in noise.parent.iterdir()}


@pytest.mark.parametrize(("held", "name"), [(".flac", ".mp3"), (".mp3", ".flac")])
def test_a_name_of_another_format_is_said(
    held: str, name: str, song: Callable[[str], Path]
) -> None:
    """A file that is no music of the format that its name says is left alone, and that is said."""
    path = song(held)
    path = path.rename(path.with_suffix(name))
    before = path.read_bytes()
    said = f"holds {held[1:].upper()}, but its name ends in {name}, and tags go by the name: rename"
    with pytest.raises(TagError, match=said):
        write_tag(path, 120, keep_mtime=False)
    assert before == path.read_bytes()


def test_tracks_that_are_no_files_have_no_tags() -> None:
    """What was imported from a table is passed over."""
    analysis = Analysis(60, TempoEstimate((TempoCandidate(120, 1.0),), 1, 0), 0, 0, -9, 0.5, 0)
    imported = Track("spotify:track:abc", Tags(), analysis, "import")
    assert changes([imported], {}, force=False, named=True, whole=False) == []


def test_digest_is_of_the_sound_alone(song: Callable[[str], Path]) -> None:
    """Other sound has another digest, other tags the same one."""
    path = song(".mp3")
    before = sound_digest(path)
    ID3(path).delete(path)
    assert sound_digest(path) == before
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)
    assert sound_digest(path) != before


def test_command(tempo: Tempo, song: Callable[[str], Path]) -> None:
    """Dry first; written when asked; kept without --force; and no later scan takes it for new."""
    path, other = song(".mp3"), song(".flac")
    mutagen.File(other).delete()
    tempo.run("analyze", path.parent)
    tempo.run("fix", path, "--bpm", "101.25")
    tempo.run("fix", other, "--bpm", "108")
    raw = path.read_bytes(), other.read_bytes()
    said = tempo.run("tag", "--all").stdout
    assert "1 to write, 1 with another tempo" in said
    assert "add --write" in said
    assert raw == (path.read_bytes(), other.read_bytes())

    assert "1 written, 1 with another tempo" in tempo.run("tag", "--all", "--write").stdout
    assert (bpm_text(path), bpm_text(other)) == ("99", "108")
    said = tempo.run("tag", path, "--write", "--force", "--keep-mtime").stdout
    assert "101.25 (was 99)" in said
    assert (bpm_text(path), bpm_text(other)) == ("101.25", "108")
    assert "2 right already" in tempo.run("tag", "--all").stdout
    assert "0 analyzed, 2 unchanged" in tempo.run("analyze", path.parent).stdout
    assert tempo.json("show", path)["tag_bpm"] == 101.25
    moved = path.rename(path.with_name("moved.mp3"))  # known by its new fingerprint
    assert "0 analyzed, 1 unchanged, 1 moved" in tempo.run("analyze", path.parent).stdout
    tempo.run("tag", moved, "--write", "--force", "--whole")
    assert bpm_text(moved) == "101"


def test_doubt_and_change_hold_the_pen(tempo: Tempo, song: Callable[[str], Path]) -> None:
    """With --all, doubtful tempos stay out of tags; a file that changed since is not tagged."""
    path = song(".flac")
    mutagen.File(path).delete()
    tempo.run("analyze", path)
    with Library(tempo.library) as library:
        (track,) = library.tracks()
    doubtful = tempo.run("tag", "--all").stdout.startswith("0 to write, 1 doubtful")
    assert doubtful == track.is_doubtful
    assert "1 to write" in tempo.run("tag", path).stdout
    os.utime(path)
    assert "1 changed since" in tempo.run("tag", path).stdout
    assert "say which TRACK" in tempo.run("tag", code=2).stderr
