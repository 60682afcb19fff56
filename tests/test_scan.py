"""Folders to files."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tempo.scan import SAMPLE, fingerprint, look, scan
from tempo.track import AudioFile, Failure


def names(folder: Path) -> list[str]:
    """Return what a scan of `folder` finds, relative to it."""
    return [os.path.relpath(found.path, folder) for found in scan([folder])]


def make(folder: Path, *files: str) -> None:
    """Make empty files."""
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


def test_found_in_order(tmp_path: Path) -> None:
    """Files of a folder come before those of its folders, each in order of name."""
    make(tmp_path, "b/2.mp3", "b/1.flac", "a/z.ogg", "z.mp3", "A.MP3", "notes.txt", "b/c/0.wav")
    expected = ["A.MP3", "z.mp3", "a/z.ogg", "b/1.flac", "b/2.mp3", "b/c/0.wav"]
    assert expected == names(tmp_path)


def test_each_path_once(tmp_path: Path) -> None:
    """Roots that overlap give each file once."""
    make(tmp_path, "a/1.mp3", "a/2.mp3")
    found = list(scan([tmp_path / "a" / "1.mp3", tmp_path, tmp_path / "a"]))
    assert [tmp_path / "a/1.mp3", tmp_path / "a/2.mp3"] == sorted(item.path for item in found)


def test_linked_folder_is_entered_once(tmp_path: Path) -> None:
    """A folder that two links lead to is read once, and a loop ends."""
    make(tmp_path, "real/1.mp3")
    (tmp_path / "again").symlink_to(tmp_path / "real")
    (tmp_path / "real" / "up").symlink_to(tmp_path)
    assert len(names(tmp_path)) == 1


def test_what_can_be_tagged_is_found(tmp_path: Path) -> None:
    """Of every format whose tags take a tempo, folders are looked through for its names."""
    files = [f"a{suffix}" for suffix in (".dsf", ".flac", ".mpc", ".spx", ".tak", ".tta", ".wv")]
    make(tmp_path, *files)
    assert files == names(tmp_path)


def test_named_file_needs_no_suffix(tmp_path: Path) -> None:
    """A file that is named itself is taken whatever its name, even hidden."""
    make(tmp_path, ".song")
    assert [AudioFile(tmp_path / ".song", 0, (tmp_path / ".song").stat().st_mtime_ns)] == list(
        scan([tmp_path / ".song"])
    )


def test_folder_named_like_music(tmp_path: Path) -> None:
    """A folder whose name ends in .mp3 is a folder."""
    make(tmp_path, "live.mp3/1.ogg")
    assert names(tmp_path) == ["live.mp3/1.ogg"]


def test_deep_folders(tmp_path: Path) -> None:
    """Three hundred folders deep is not too deep."""
    folder = tmp_path
    for _ in range(300):
        folder /= "d"
        folder.mkdir()
    make(folder, "1.mp3")
    assert len(names(tmp_path)) == 1


def test_vanished_file_is_a_failure(tmp_path: Path) -> None:
    """What is gone before it is looked at is a failure worth another try."""
    found = look(tmp_path / "gone.mp3")
    assert isinstance(found, Failure)
    assert found.transient


@given(st.binary(max_size=2_000), st.integers(0, 5 * SAMPLE), st.integers(0, 2_000))
def test_fingerprint_tells_ends_apart(
    tmp_path_factory: pytest.TempPathFactory, head: bytes, middle: int, flip: int
) -> None:
    """Equal files have equal fingerprints; a change near either end shows."""
    folder = tmp_path_factory.mktemp("prints")
    raw = head + bytes(middle) + b"tail"
    changed = bytearray(raw)
    changed[flip % len(head) if head else -1] ^= 1
    paths = [folder / name for name in "abc"]
    for path, content in zip(paths, (raw, raw, bytes(changed)), strict=True):
        path.write_bytes(content)
    first, second, third = (fingerprint(AudioFile(path, path.stat().st_size, 0)) for path in paths)
    assert first == second != third
