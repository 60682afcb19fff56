"""Files are written whole or not at all."""

import os
import resource
import stat
from pathlib import Path

import pytest

from playlists.disk import write_file
from playlists.errors import PlaylistError


def test_written_whole_with_usual_rights(tmp_path: Path) -> None:
    """A written file has its bytes and usual permissions, and leaves nothing beside it."""
    path = tmp_path / "run.m3u8"
    write_file(path, b"caf\xc3\xa9\xff\n", force=False)
    assert path.read_bytes() == b"caf\xc3\xa9\xff\n"
    assert [path] == list(tmp_path.iterdir())
    umask = os.umask(0)
    os.umask(umask)
    assert 0o666 & ~umask == stat.S_IMODE(path.stat().st_mode)


def test_existing_file_is_kept(tmp_path: Path) -> None:
    """An existing file stays as it is without force, and is replaced with it."""
    path = tmp_path / "run.m3u8"
    path.write_text("mine")
    with pytest.raises(PlaylistError, match="exists already"):
        write_file(path, b"new", force=False)
    assert path.read_text() == "mine"
    write_file(path, b"new", force=True)
    assert path.read_text() == "new"


def test_only_files_are_replaced(tmp_path: Path) -> None:
    """A pipe or a device stays what it is, whoever asks for force."""
    path = tmp_path / "run.m3u8"
    os.mkfifo(path)
    with pytest.raises(PlaylistError, match="no usual file"):
        write_file(path, b"new", force=True)
    assert path.is_fifo()


def test_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    """A write that the disk cuts short says so and leaves the old file, and nothing else."""
    path = tmp_path / "run.m3u8"
    path.write_text("mine")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, hard))
    try:
        with pytest.raises(PlaylistError, match="cannot be written"):
            write_file(path, b"new\n" * 1_000, force=True)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert ("mine", [path]) == (path.read_text(), list(tmp_path.iterdir()))


def test_missing_folder_is_one_sentence(tmp_path: Path) -> None:
    """Writing where no folder is says so."""
    with pytest.raises(PlaylistError, match="cannot be written"):
        write_file(tmp_path / "none" / "run.m3u8", b"new", force=True)
