"""Playlists as files: what is written is found again, whatever the tags and names hold."""

import os
import resource
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playlists.errors import PlaylistError
from playlists.m3u import format_m3u, parse_m3u, read_m3u, write_file
from tempo.track import Analysis, Tags, TempoEstimate, Track


def track(path: Path, title: str = "T", artist: str = "A", seconds: float = 200.4) -> Track:
    """Return a track that has all that an M3U8 file needs."""
    analysis = Analysis(seconds, TempoEstimate((), 0.0, 0.0), 0.0, 0.0, -70.0, 0.5, 0.0)
    return Track(path, Tags(title=title, artist=artist), analysis)


# Any bytes but / and NUL are a file name.
names = (
    st.binary(min_size=1, max_size=40)
    .map(lambda raw: raw.replace(b"/", b"_").replace(b"\0", b"_"))
    .filter(lambda raw: raw not in {b".", b".."})
    .map(os.fsdecode)
)


@given(st.lists(st.tuples(names, names)), st.booleans())
def test_paths_come_back(parts: list[tuple[str, str]], absolute: bool) -> None:
    """Every path that was written is read back, relative or absolute, whatever its bytes."""
    paths = [Path("/music", folder, name) for folder, name in parts]
    text = format_m3u(map(track, paths), Path("/music/lists"), absolute=absolute)
    lines = parse_m3u(text, Path("/music/lists"))
    assert [str(path) for path in paths] == [line.location for line in lines]


@given(st.text(), st.text(), st.text())
def test_tags_cannot_break_the_format(title: str, artist: str, name: str) -> None:
    """Whatever the tags hold, a track is one header, one name and one path."""
    text = format_m3u(
        [track(Path("/m/a.mp3"), title, artist)], Path("/m"), absolute=False, title=name
    )
    lines = [line for line in text.split("\n") if not line.startswith("#PLAYLIST:")]
    assert [lines[0], *lines[2:]] == ["#EXTM3U", "a.mp3", ""]
    assert lines[1].startswith("#EXTINF:200,")
    assert text.splitlines()[-1] == "a.mp3"


def test_form() -> None:
    """The file is what players expect, to the letter."""
    tracks = [
        track(
            Path("/music/Vince DiCola/Training Montage.mp3"),
            "Training Montage",
            "Vince DiCola",
            217.6,
        ),
        track(Path("/music/lists/#1 Hit.mp3"), "#1 Hit", "", 60),
        track(Path("/music/lists/12:30.mp3"), "12:30", "X", 60),
    ]
    expected = (
        "#EXTM3U\n#PLAYLIST:Run\n"
        "#EXTINF:218,Vince DiCola - Training Montage\n../Vince DiCola/Training Montage.mp3\n"
        "#EXTINF:60,#1 Hit\n./#1 Hit.mp3\n"
        "#EXTINF:60,X - 12:30\n./12:30.mp3\n"
    )
    assert expected == format_m3u(tracks, Path("/music/lists"), absolute=False, title="Run")


def test_foreign_playlist_is_read() -> None:
    """A byte order mark, Windows line ends, addresses and missing headers are understood."""
    parts = ["\ufeff#EXTM3U", "#EXTINF:-1,Some Radio", "http://example.com/a", "", "b/c.mp3"]
    text = "\r\n".join([*parts, "spotify:track:abc", "file:///m/a%20b.mp3", ""])
    lines = parse_m3u(text, Path("/lists"))
    expected = ["http://example.com/a", "/lists/b/c.mp3", "spotify:track:abc", "/m/a b.mp3"]
    assert expected == [line.location for line in lines]
    assert (lines[0].seconds, lines[0].name) == (None, "Some Radio")


def test_written_whole_with_usual_rights(tmp_path: Path) -> None:
    """A written file has its bytes and usual permissions, and leaves nothing beside it."""
    path = tmp_path / "run.m3u8"
    write_file(path, "caf\u00e9 \udcff\n", force=False)
    assert "café ".encode() + b"\xff\n" == path.read_bytes()
    assert [path] == list(tmp_path.iterdir())
    umask = os.umask(0)
    os.umask(umask)
    assert 0o666 & ~umask == stat.S_IMODE(path.stat().st_mode)


def test_existing_file_is_kept(tmp_path: Path) -> None:
    """An existing file stays as it is without force, and is replaced with it."""
    path = tmp_path / "run.m3u8"
    path.write_text("mine")
    with pytest.raises(PlaylistError, match="exists already"):
        write_file(path, "new", force=False)
    assert path.read_text() == "mine"
    write_file(path, "new", force=True)
    assert path.read_text() == "new"


def test_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    """A write that the disk cuts short says so and leaves the old file, and nothing else."""
    path = tmp_path / "run.m3u8"
    path.write_text("mine")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, hard))
    try:
        with pytest.raises(PlaylistError, match="cannot be written"):
            write_file(path, "new\n" * 1_000, force=True)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert ("mine", [path]) == (path.read_text(), list(tmp_path.iterdir()))


def test_missing_folder_is_one_sentence(tmp_path: Path) -> None:
    """Writing where no folder is says so."""
    with pytest.raises(PlaylistError, match="cannot be written"):
        write_file(tmp_path / "none" / "run.m3u8", "new", force=True)


def test_missing_playlist_is_one_sentence(tmp_path: Path) -> None:
    """Reading what is not there says which file."""
    with pytest.raises(PlaylistError, match=r"gone\.m3u8 cannot be read"):
        read_m3u(tmp_path / "gone.m3u8")
