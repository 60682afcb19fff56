"""Songs in a folder to take along: all of them, in order, and nothing else is touched."""

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.synth import save, song
from playlists.errors import PlaylistError
from playlists.export.exporting import export
from playlists.export.folder import PART
from playlists.export.manifest import MANIFEST
from playlists.formats.listing import Item, Listing
from playlists.formats.registry import FORMATS, read_listing
from tempo.ffmpeg import codec, pyav_blocks
from tempo.tags import read_tags
from tests.conftest import Tempo

M3U8 = FORMATS["m3u8"]


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """Return a folder of files that have the names and sizes of songs."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    for index, name in enumerate("abc"):
        (folder / f"{name}.mp3").write_bytes(name.encode() * (1_000 + index))
    return folder


def listing(shelf: Path, names: str) -> Listing:
    """Return a playlist of songs by their letters."""
    return Listing("Run", tuple(Item(str(shelf / f"{n}.mp3"), f"Song {n}", "X") for n in names))


def put(stick: Path, playlist: Listing, limit: float = float("inf")) -> list[str]:
    """Export a playlist; return what became of each song."""
    run = export(playlist, stick, M3U8, "run.m3u8", limit=limit)
    return [done.how for done in run]


def there(stick: Path) -> list[str]:
    """Return the names of what one sees in a folder."""
    return sorted(path.name for path in stick.iterdir() if path.name != MANIFEST)


def test_copied_in_order_with_the_playlist(shelf: Path, tmp_path: Path) -> None:
    """Songs are there byte by byte, and the playlist beside them names them in order."""
    stick = tmp_path / "stick"
    assert put(stick, listing(shelf, "cab")) == ["copied"] * 3
    assert there(stick) == ["01 X - Song c.mp3", "02 X - Song a.mp3", "03 X - Song b.mp3",
                            "run.m3u8"]  # fmt: skip
    found = read_listing(stick / "run.m3u8")
    assert [Path(item.location).read_bytes()[:1] for item in found.items] == [b"c", b"a", b"b"]
    assert "\n01 X - Song c.mp3\n" in (stick / "run.m3u8").read_text("utf-8")


def test_second_run_copies_what_changed(shelf: Path, tmp_path: Path) -> None:
    """Run again, songs are kept; one that changed is copied; one that moved is renamed."""
    stick = tmp_path / "stick"
    put(stick, listing(shelf, "abc"))
    assert put(stick, listing(shelf, "abc")) == ["kept"] * 3
    (shelf / "b.mp3").write_bytes(b"new")
    assert put(stick, listing(shelf, "abc")) == ["kept", "copied", "kept"]
    assert put(stick, listing(shelf, "ca")) == ["renamed", "renamed"]
    assert there(stick) == ["01 X - Song c.mp3", "02 X - Song a.mp3", "run.m3u8"]
    assert (stick / "01 X - Song c.mp3").read_bytes() == (shelf / "c.mp3").read_bytes()


@settings(max_examples=25)
@given(st.lists(st.tuples(st.text("abc", min_size=1, max_size=4), st.integers(0, 4)), max_size=4))
def test_any_history_ends_in_the_last_playlist(history: list[tuple[str, int]]) -> None:
    """Whatever was exported before, in full or in part, the last playlist and no more is there."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for letter in "abc":
            (folder / f"{letter}.mp3").write_bytes(letter.encode() * 100)
        for letters, count in history:
            run = export(listing(folder, letters), folder / "stick", M3U8, "run.m3u8")
            list(islice(run, count))
            run.close()
        put(folder / "stick", listing(folder, "bcab"))
        expected = [f"{n:02} X - Song {letter}.mp3" for n, letter in enumerate("bcab", 1)]
        assert there(folder / "stick") == [*expected, "run.m3u8"]
        heads = [(folder / "stick" / each).read_bytes()[:1].decode() for each in expected]
        assert "".join(heads) == "bcab"


def test_nothing_else_is_removed_or_replaced(shelf: Path, tmp_path: Path) -> None:
    """What others put there stays, as does a song that was changed there; a clash is refused."""
    stick = tmp_path / "stick"
    put(stick, listing(shelf, "abc"))
    (stick / "mine.mp3").write_bytes(b"mine")
    (stick / "02 X - Song b.mp3").write_bytes(b"changed")
    put(stick, listing(shelf, "a"))
    assert there(stick) == ["01 X - Song a.mp3", "02 X - Song b.mp3", "mine.mp3", "run.m3u8"]
    with pytest.raises(PlaylistError, match="was not put there by tempo"):
        put(stick, listing(shelf, "cb"))
    other = tmp_path / "other"
    other.mkdir()
    (other / "RUN.m3u8").write_text("mine")  # FAT does not tell case
    with pytest.raises(PlaylistError, match="was not put there by tempo"):
        put(other, listing(shelf, "a"))
    assert there(other) == ["RUN.m3u8"]


def test_interrupted_run_goes_on(shelf: Path, tmp_path: Path) -> None:
    """A run that stops after a song keeps it; the next one copies the others."""
    stick = tmp_path / "stick"
    run = export(listing(shelf, "abc"), stick, M3U8, "run.m3u8")
    assert [done.how for done in islice(run, 1)] == ["copied"]
    run.close()
    left, mine = (stick / f".{MANIFEST}.{end}" for end in ("ab_c12fg", "bak"))
    for path in (stick / PART, left, mine):
        path.write_bytes(b"half a song")
    assert put(stick, listing(shelf, "abc")) == ["kept", "copied", "copied"]
    assert [path.exists() for path in (stick / PART, left, mine)] == [False, False, True]


HOLDER = """
import sys
from pathlib import Path
from playlists.export.exporting import export
from playlists.formats.registry import FORMATS, read_listing
playlist, stick = map(Path, sys.argv[1:])
run = export(read_listing(playlist), stick, FORMATS['m3u8'], 'run.m3u8')
print(next(run).how, flush=True)
sys.stdin.read()
"""
"""Takes the first song of a playlist to a folder, and then its time."""


def test_one_export_at_a_time(tempo: Tempo, shelf: Path, tmp_path: Path) -> None:
    """A second export into a folder is refused, by any name of it; one that was killed goes on."""
    playlist, stick, link = tmp_path / "run.m3u8", tmp_path / "stick", tmp_path / "link"
    playlist.write_text("".join(f"{shelf / name}.mp3\n" for name in "abc"), "utf-8")
    link.symlink_to(stick)
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    first = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(playlist), str(stick)], env=env, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    with first:
        assert first.stdout
        assert first.stdout.readline() == "copied\n"
        before = {path: path.read_bytes() for path in stick.iterdir()}
        for name in (stick, link):
            said = tempo.run("export", playlist, "--to", name, code=1).stderr
            assert said == (
                f"Error: another export is writing to {name}: wait until it is done, or name "
                "another folder\n"
            )
        assert {path: path.read_bytes() for path in stick.iterdir()} == before
        tempo.run("export", playlist, "--to", tmp_path / "other")
        first.kill()
    said = tempo.run("export", playlist, "--to", stick).stderr
    assert [line.rsplit(": ", 1)[1] for line in said.splitlines()] == ["kept", "copied", "copied"]


def test_an_export_needs_no_cache(shelf: Path, tmp_path: Path) -> None:
    """Where no lock can be made, songs are exported all the same; elsewhere, none is left."""
    (tmp_path / "none").write_text("no folder")
    with pytest.MonkeyPatch.context() as patch:
        for name, how in (("none", "copied"), ("cache", "kept")):
            patch.setenv("XDG_CACHE_HOME", str(tmp_path / name))
            assert put(tmp_path / "stick", listing(shelf, "a")) == [how]
    assert list((tmp_path / "cache").rglob("*.lock")) == []


def test_damaged_copy_is_made_again(shelf: Path, tmp_path: Path) -> None:
    """A copy that lost bytes since is noticed and made again."""
    stick = tmp_path / "stick"
    put(stick, listing(shelf, "ab"))
    os.truncate(stick / "02 X - Song b.mp3", 10)
    assert put(stick, listing(shelf, "ab")) == ["kept", "copied"]


def test_room_ends_the_playlist(shelf: Path, tmp_path: Path) -> None:
    """The first song beyond --max-size ends the playlist, and what was there of it goes."""
    stick = tmp_path / "stick"
    put(stick, listing(shelf, "abc"))
    assert put(stick, listing(shelf, "abc"), limit=2_500) == ["kept", "kept", "no room"]
    assert there(stick) == ["01 X - Song a.mp3", "02 X - Song b.mp3", "run.m3u8"]
    assert len(read_listing(stick / "run.m3u8").items) == 2


def test_empty_playlist_removes_nothing(shelf: Path, tmp_path: Path) -> None:
    """A playlist without songs is taken for a mistake, not for a wish to clear the folder."""
    stick = tmp_path / "stick"
    put(stick, listing(shelf, "ab"))
    before = there(stick)
    with pytest.raises(PlaylistError, match="no song to export"):
        put(stick, listing(shelf, ""))
    assert there(stick) == before


def test_nothing_that_fits_removes_nothing(shelf: Path, tmp_path: Path) -> None:
    """Where not even the first song fits, or none can be had, what is there stays."""
    stick = tmp_path / "stick"
    put(stick, listing(shelf, "ab"))
    before = {path: path.read_bytes() for path in stick.iterdir()}
    with pytest.raises(PlaylistError, match=r"Song c\.mp3 takes 1 kB, more than the 900 bytes of"):
        put(stick, listing(shelf, "ca"), limit=900)
    (shelf / "c.mp3").unlink()
    with pytest.raises(PlaylistError, match=r"as it is: 01 X - Song c\.mp3 is not there"):
        put(stick, listing(shelf, "c"))
    assert {path: path.read_bytes() for path in stick.iterdir()} == before


def test_refused_export_leaves_no_folder(shelf: Path, tmp_path: Path) -> None:
    """Where nothing is exported, no folder is made for it."""
    stick = tmp_path / "stick"
    for names, limit in (("", 1e9), ("z", 1e9), ("a", 900)):
        with pytest.raises(PlaylistError, match="stays as it is"):
            put(stick, listing(shelf, names), limit)
        assert not stick.exists()


def test_transcoded_song_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    """What a song takes once it is transcoded decides whether it fits."""
    wav = save(tmp_path / "a.wav", song(120, 5, "rock", seed=1), {})
    playlist = Listing("", (Item(str(wav), "T"),))
    with pytest.raises(PlaylistError, match=r"01 T.mp3 takes 1\d\d kB, more than the 100 kB"):
        list(export(playlist, tmp_path / "stick", M3U8, "r.m3u8", as_format="mp3", limit=100_000))
    run = export(playlist, tmp_path / "stick", M3U8, "r.m3u8", as_format="mp3", limit=200_000)
    assert [done.how for done in run] == ["transcoded"]


def test_full_disk_is_one_sentence(shelf: Path, tmp_path: Path) -> None:
    """A disk that takes no more says so, keeps what is there whole, and the next run goes on."""
    stick = tmp_path / "stick"
    (shelf / "b.mp3").write_bytes(b"b" * 500_000)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
    try:
        with pytest.raises(PlaylistError, match=r"is full: 1 song there.*go on"):
            put(stick, listing(shelf, "abc"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert there(stick) == ["01 X - Song a.mp3"]
    assert put(stick, listing(shelf, "abc")) == ["kept", "copied", "copied"]


def test_unplugged_is_one_sentence(shelf: Path, tmp_path: Path) -> None:
    """A folder that vanishes says so and is not made anew."""
    stick = tmp_path / "stick"
    run = export(listing(shelf, "abc"), stick, M3U8, "run.m3u8")
    next(run)
    shutil.rmtree(stick)
    with pytest.raises(PlaylistError, match="plugged in, and run the same command again"):
        next(run)
    assert not stick.exists()
    run = export(listing(shelf, "abc"), stick, M3U8, "run.m3u8")
    next(run)
    shutil.rmtree(stick)
    stick.mkdir()  # as a mount point is empty without its stick
    with pytest.raises(PlaylistError, match="plugged in, and run the same command again"):
        next(run)
    assert list(stick.iterdir()) == []
    with pytest.raises(PlaylistError, match="cannot be used"):
        put(tmp_path / "none" / "stick", listing(shelf, "a"))


def test_only_music_leaves(shelf: Path, tmp_path: Path) -> None:
    """A playlist cannot make files leave that are no music, and a missing song stops nothing."""
    secret = tmp_path / "secret.key"
    secret.write_text("secret")
    (tmp_path / "link.mp3").symlink_to(tmp_path / "gone.mp3")
    places = (secret, tmp_path / "link.mp3", "spotify:track:abc", shelf / "a.mp3", "")
    playlist = Listing("", tuple(Item(str(place), "T") for place in places))
    stick = tmp_path / "stick"
    hows = put(stick, playlist)
    assert [how == "copied" for how in hows] == [False, False, False, True, False]
    assert there(stick) == ["04 T.mp3", "run.m3u8"]


def test_planted_names_lead_nowhere(shelf: Path, tmp_path: Path) -> None:
    """A manifest and links that somebody planted in the folder do not reach beyond it."""
    stick, victim = tmp_path / "stick", tmp_path / "victim.mp3"
    stick.mkdir()
    victim.write_bytes(b"12345")
    files = {"../victim.mp3": ["k", 5, ""], str(victim): ["k", 5, ""], "a.mp3": ["k", 5, ""]}
    (stick / MANIFEST).write_text(json.dumps({"schema": 1, "files": files}))
    (stick / "a.mp3").symlink_to(victim)
    (stick / PART).symlink_to(victim)
    assert put(stick, listing(shelf, "a")) == ["copied"]
    assert victim.read_bytes() == b"12345"
    (stick / MANIFEST).write_text("{")
    with pytest.raises(PlaylistError, match="is damaged"):
        put(stick, listing(shelf, "a"))


def test_source_that_is_gone_keeps_its_copy(shelf: Path, tmp_path: Path) -> None:
    """A song whose disk is not plugged in now stays where it was copied before."""
    stick = tmp_path / "stick"
    put(stick, listing(shelf, "ab"))
    (shelf / "a.mp3").unlink()
    assert put(stick, listing(shelf, "ab")) == ["kept", "kept"]


def test_export_of_an_export_is_refused(shelf: Path, tmp_path: Path) -> None:
    """The exported playlist cannot be exported onto itself."""
    stick = tmp_path / "stick"
    put(stick, listing(shelf, "ab"))
    with pytest.raises(PlaylistError, match="export the playlist that it was made of"):
        put(stick, read_listing(stick / "run.m3u8"))


@pytest.mark.parametrize("kind", ["mp3", "m4a"])
def test_transcoded(kind: str, tmp_path: Path) -> None:
    """A song becomes the wanted format, with its length and tags; one that is it is copied."""
    wav = save(tmp_path / "a.wav", song(120, 5, "rock", seed=1), {}, sample_rate=32_000)
    same = save(tmp_path / f"b.{kind}", song(120, 3, "rock", seed=1), {})
    items = (Item(str(wav), "Títle", "Ärtist", "Album", bpm=119.6), Item(str(same), "S"))
    stick = tmp_path / "stick"
    run = export(Listing("", items), stick, M3U8, "run.m3u8", as_format=kind)
    assert [done.how for done in run] == ["transcoded", "copied"]
    path = stick / f"01 Ärtist - Títle.{kind}"
    tags, _ = read_tags(path)
    assert (tags.title, tags.artist, tags.album, tags.bpm) == ("Títle", "Ärtist", "Album", 120.0)
    assert codec(path) == {"mp3": "mp3", "m4a": "aac"}[kind]
    seconds = sum(len(block.y) / block.sample_rate for block in pyav_blocks(path))
    assert seconds == pytest.approx(5 * 44_100 / 32_000, abs=0.1)


def test_a_name_that_cannot_be_one_costs_only_itself(
    analyzed: Tempo, music: Path, tmp_path: Path
) -> None:
    """Of a playlist with a name that is too long for any file, all other songs are taken."""
    path = tmp_path / "run.m3u8"
    path.write_text(f"{'y' * 300}.mp3\n{music}/mp3 song.mp3\n")
    done = analyzed.run("export", path, "--to", tmp_path / "stick", code=1)
    assert "cannot be read (file name too long): check that you may read it" in done.stderr
    assert "1 song, " in done.stdout
    analyzed.run("convert", path, tmp_path / "run.xspf")
    analyzed.run("report", path, "--embed")


def test_what_goes_is_counted(analyzed: Tempo, music: Path, tmp_path: Path) -> None:
    """Another playlist's export says how many songs it took out of the folder; the same, none."""
    first, second = tmp_path / "first.m3u8", tmp_path / "second.m3u8"
    first.write_text(f"{music}/mp3 song.mp3\n{music}/ogg song.ogg\n{music}/flac song.flac\n")
    second.write_text(f"{music}/flac song.flac\n")
    stick = tmp_path / "stick"
    for playlist, expected in (
        (first, ""),
        (first, ""),
        (second, ", 2 of an earlier export removed"),
    ):
        said = analyzed.run("export", playlist, "--to", stick).stdout.strip()
        assert said.endswith(f", in {stick}{expected}")
    assert there(stick) == ["01 Artist 1 - flac song.flac", "second.m3u8"]


def test_what_is_refreshed_is_not_counted_as_gone(
    analyzed: Tempo, music: Path, tmp_path: Path
) -> None:
    """A song whose tags changed since is copied anew, and nothing is said to be removed."""
    playlist, stick = tmp_path / "run.m3u8", tmp_path / "stick"
    playlist.write_text(f"{music}/mp3 song.mp3\n{music}/flac song.flac\n")
    analyzed.run("export", playlist, "--to", stick)
    analyzed.run("tag", music / "flac song.flac", "--write", "--force")
    done = analyzed.run("export", playlist, "--to", stick)
    assert "flac song.flac: copied" in done.stderr
    assert done.stdout.strip().endswith(f", in {stick}")


def test_command(analyzed: Tempo, music: Path, tmp_path: Path) -> None:
    """`export` says what it did, takes titles from the library, and fails where a song does."""
    path = tmp_path / "run.m3u8"
    path.write_text(f"{music}/mp3 song.mp3\n{music}/gone.mp3\n", "utf-8")
    stick = tmp_path / "stick"
    done = analyzed.run("export", path, "--to", stick, "--max-size", "1GB", code=1)
    assert "1 song, " in done.stdout
    assert "1 could not be taken" in done.stdout
    assert "02 gone.mp3: is not there" in done.stderr
    assert there(stick) == ["01 Artist 0 - mp3 song.mp3", "run.m3u8"]
    analyzed.run("export", path, "--to", stick, "--max-size", "much", code=2)
    refused = analyzed.run("export", path, "--to", stick, "--max-size", "5", code=1)
    assert "more than the 5 bytes of --max-size: give more" in refused.stderr
    assert there(stick) == ["01 Artist 0 - mp3 song.mp3", "run.m3u8"]
