"""What may only be read can be read, and what may not be written is a sentence."""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from itertools import chain
from pathlib import Path

import pytest

from benchmarks.synth import clicks, save
from tempo.library import Library
from tempo.scan import fingerprint, look
from tempo.schema import MIGRATIONS
from tempo.track import ANALYSIS_VERSION, AudioFile
from tests.conftest import Tempo
from tests.crates import crate, song

BOUND = (
    "import ctypes, os, sys\n"
    "for right in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH: what root may do\n"
    "    ctypes.CDLL(None).prctl(24, right, 0, 0, 0)  # PR_CAPBSET_DROP\n"
    "os.execv(sys.argv[1], sys.argv[1:])\n"
)
"""Runs a program so that the rights of files bind it, also where root runs the tests."""

CRAMPED = (
    "import os, resource, sys\n"
    "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
    "os.execv(sys.argv[1], sys.argv[1:])\n"
)
"""Runs a program as on a full disk: no file grows."""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="drops rights as Linux has it")


@pytest.fixture(params=[(0o555, 0o644), (0o755, 0o444), (0o555, 0o444)])
def read_only(tempo: Tempo, request: pytest.FixtureRequest) -> Iterator[Tempo]:
    """Return the program with a library that may not be written: its folder, its file, or both."""
    fill(tempo)
    of_folder, of_file = request.param
    tempo.library.chmod(of_file)
    tempo.library.parent.chmod(of_folder)
    yield tempo
    tempo.library.parent.chmod(0o755)


READ = (("list", "--json"), ("show", "0-3"), ("library",), ("history",))
"""Commands that only read."""


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Return what `READ` prints of the same library where it may be written."""
    program = Tempo(tmp_path_factory.mktemp("usual") / "library.db")
    fill(program)
    return [program.run(*command).stdout for command in READ]


def fill(program: Tempo) -> None:
    """Put 30 tracks into a library."""
    with Library(program.library) as library:
        for track in crate(30):
            library.add(AudioFile(Path(track.location), 1, 1), b"", track, ANALYSIS_VERSION)


@contextmanager
def rights(folder: Path, mode: int) -> Iterator[None]:
    """Give a folder other rights for a while."""
    folder.chmod(mode)
    try:
        yield
    finally:
        folder.chmod(0o755)


def run(
    tempo: Tempo, *args: object, code: int = 0, within: str = BOUND
) -> subprocess.CompletedProcess[str]:
    """Run a command as somebody whom rights bind, or otherwise bound."""
    done = subprocess.run(
        [sys.executable, "-c", within, *tempo.command(*args)], env=tempo.environment(),
        capture_output=True, encoding="utf-8", check=False, timeout=60,
    )  # fmt: skip
    assert code == done.returncode, done.stderr
    return done


def test_library_can_be_read(read_only: Tempo, usual: list[str], tmp_path: Path) -> None:
    """A library in a folder or file that may not be written is listed, and playlists are built."""
    assert usual == [run(read_only, *command).stdout for command in READ]
    path = tmp_path / "run.m3u8"
    said = run(read_only, "build", "walk", "--minutes", 6, "-o", path).stderr
    assert "wrote" in said
    assert "warning: `tempo done` will not know this playlist: library" in said
    assert path.exists()


def test_library_on_a_full_disk_can_be_read(tempo: Tempo, usual: list[str]) -> None:
    """Where there is no room for what SQLite keeps beside it, it is listed, and no more."""
    fill(tempo)
    before = tempo.library.read_bytes()
    assert usual == [run(tempo, *command, within=CRAMPED).stdout for command in READ]
    said = run(tempo, "fix", "0-3", "--bpm", 120, code=1, within=CRAMPED).stderr
    assert said == (
        f"Error: library {tempo.library} can be read here, but not written: make room on its disk, "
        "or name another file with --library\n"
    )
    assert before == tempo.library.read_bytes()
    tempo.run("fix", "0-3", "--bpm", 120)


def test_library_is_not_written(read_only: Tempo) -> None:
    """A command that would write there says so, with a next step, and changes nothing."""
    before = read_only.library.read_bytes()
    said = run(read_only, "fix", "0-3", "--bpm", 120, code=1).stderr
    assert said == (
        f"Error: library {read_only.library} can be read here, but not written: make the file and "
        "its folder yours to write, or name another file with --library\n"
    )
    assert before == read_only.library.read_bytes()


@pytest.mark.parametrize(("of_folder", "of_file"), [(0o555, 0o644), (0o755, 0o444)])
def test_older_library_is_said_to_be_older(tempo: Tempo, of_folder: int, of_file: int) -> None:
    """A library that must be brought up to date first, and may not be written, says both."""
    tempo.library.parent.mkdir()
    with closing(sqlite3.connect(tempo.library)) as old:
        for statement in chain.from_iterable(MIGRATIONS[:-1]):
            old.execute(statement)
        old.execute(f"PRAGMA user_version = {len(MIGRATIONS) - 1}")
    tempo.library.chmod(of_file)
    tempo.library.parent.chmod(of_folder)
    said = run(tempo, "list", code=1).stderr
    tempo.library.parent.chmod(0o755)
    assert said == (
        f"Error: library {tempo.library} was written by an older tempo and must be brought up to "
        "date, but cannot be written: make the file and its folder yours to write, or name a copy "
        "of it with --library\n"
    )


def test_library_that_is_kept_back_is_a_sentence(tempo: Tempo) -> None:
    """A library that may not even be looked at is not said to be missing."""
    with Library(tempo.library):
        pass
    with rights(tempo.library.parent, 0o000):
        said = run(tempo, "list", code=1).stderr
    assert "cannot be used (unable to open database file): check that it may be read" in said


def test_closed_folders_say_what_to_do(tempo: Tempo, tmp_path: Path) -> None:
    """Where nothing can be made or exported to, the system's reason comes with a next step."""
    closed = tmp_path / "closed"
    closed.mkdir()
    (tmp_path / "a.mp3").write_bytes(b"a song")
    playlist = tmp_path / "run.m3u8"
    playlist.write_text("a.mp3\n")
    closed.chmod(0o555)
    said = run(tempo, "export", playlist, "--to", closed, code=1).stderr
    assert f"{closed} cannot be used (permission denied): make it yours to write" in said
    said = run(tempo, "export", playlist, "--to", "/dev/null", code=1).stderr
    assert "/dev/null cannot be used (not a directory): name a folder" in said
    at = closed / "new" / "library.db"
    said = run(tempo, "--library", at, "analyze", tmp_path, code=1).stderr
    assert f"library {at} cannot be used (permission denied): check that it may be" in said


def test_the_copy_of_a_locked_file_is_known(tempo: Tempo, tmp_path: Path) -> None:
    """A copy of a file that lies in a folder which is locked by now is known without decoding."""
    locked, there = tmp_path / "locked", tmp_path / "there"
    there.mkdir()
    path = save(locked / "song.flac", clicks(120, 2))
    run(tempo, "analyze", locked)
    shutil.copy(path, there)
    with rights(locked, 0o000):
        done = run(tempo, "analyze", there)
    assert done.stdout == "0 analyzed, 0 unchanged, 1 moved or copied\n"
    assert len(tempo.json("list")) == 2


def test_what_was_written_last_is_not_passed_over(tempo: Tempo) -> None:
    """Where changes still lie beside a library that cannot be opened, it is not read without."""
    with Library(tempo.library):
        assert tempo.library.with_name("library.db-wal").stat().st_size
        shutil.copytree(tempo.library.parent, tempo.library.parents[1] / "torn")
    torn = Tempo(tempo.library.parents[1] / "torn" / "library.db")
    torn.library.with_name("library.db-shm").unlink()
    with rights(torn.library.parent, 0o555):
        said = run(torn, "list", code=1).stderr
    assert "cannot be used (unable to open database file): check that it may be read and" in said


def test_tags_wait_for_the_library(read_only: Tempo, tmp_path: Path) -> None:
    """No tag is written into a file where the library could not be told of it."""
    path = save(tmp_path / "song.flac", clicks(120, 2))
    file = look(path)
    assert isinstance(file, AudioFile)
    of_folder, of_file = (
        each.stat().st_mode for each in (read_only.library.parent, read_only.library)
    )
    read_only.library.parent.chmod(0o755)
    read_only.library.chmod(0o644)
    with Library(read_only.library) as library:
        library.add(file, fingerprint(file), replace(song("a"), location=path), ANALYSIS_VERSION)
    read_only.library.chmod(of_file)
    read_only.library.parent.chmod(of_folder)
    before = path.read_bytes()
    assert "1 to write" in run(read_only, "tag", path).stdout
    assert "can be read here, but not" in run(read_only, "tag", path, "--write", code=1).stderr
    assert before == path.read_bytes()
