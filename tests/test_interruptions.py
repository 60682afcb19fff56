"""Whatever happens to a run, what was finished is kept and the next run goes on."""

import contextlib
import os
import re
import shlex
import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

if os.name != "nt":
    import pty

from benchmarks.synth import SAMPLE_RATE, save, silence, song
from tempo.pool import PatientPool, deaf
from tests.conftest import GUARD, Tempo

COUNT = 12


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of songs that takes a few seconds to measure."""
    folder = tmp_path_factory.mktemp("many")
    sound = song(120, 50, "rock")
    for index in range(COUNT):
        save(folder / f"{index:02}.flac", sound[index * SAMPLE_RATE // 2 :])
    return folder


def endless(path: Path) -> Path:
    """Make six hours of silence, which take no room on the disk and half a minute to measure."""
    save(path, silence(0.1))
    size = 6 * 3600 * 44_100 * 4  # a WAV holds 4 GiB
    with path.open("r+b") as file:
        file.seek(4)
        file.write((size + 36).to_bytes(4, "little"))
        file.seek(40)
        file.write(size.to_bytes(4, "little"))
        file.truncate(size + 44)
    return path


def finished(library: Path) -> int:
    """Return how many tracks a library holds, while others write to it."""
    if not library.exists():
        return 0
    db = sqlite3.connect(library, timeout=10)
    try:
        return int(db.execute("SELECT count(*) FROM file").fetchone()[0])
    except sqlite3.OperationalError:  # not set up yet
        return 0
    finally:
        db.close()


def wait_for(condition: object, seconds: float = 60) -> None:
    """Wait until ``condition()`` is true, and fail when it does not come true."""
    assert callable(condition)
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.02)


def group(process: subprocess.Popen[str]) -> Iterator[int]:
    """Yield the processes in the session that `process` leads."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(ProcessLookupError, FileNotFoundError):
                zombie = ") Z " in (folder / "stat").read_text()
                if os.getsid(int(folder.name)) == process.pid and not zombie:
                    yield int(folder.name)


def check_sound(library: Path) -> None:
    """Check a library file with SQLite's own means."""
    db = sqlite3.connect(library)
    assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    db.close()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_interrupted_run_goes_on(tempo: Tempo, many: Path, how: signal.Signals) -> None:
    """After kill -9, Ctrl-C or a polite kill, nothing finished is lost and no process stays."""
    run = tempo.start("analyze", "--jobs", 2, many)
    wait_for(lambda: finished(tempo.library) >= 2)
    os.kill(run.pid, how)
    _, said = run.communicate(timeout=30)
    assert "Traceback" not in said
    assert "resource_tracker" not in said
    kept = finished(tempo.library)
    assert 2 <= kept < COUNT
    if how != signal.SIGKILL:
        # What is stored in the very moment of the interruption may not be counted any more.
        told = re.search(r"interrupted: (\d+) analyzed are kept", said)
        assert run.returncode == 128 + how
        assert told
        assert int(told[1]) <= kept <= int(told[1]) + 1
    wait_for(lambda: not list(group(run)), 15)
    check_sound(tempo.library)
    done = tempo.run("analyze", many)
    assert f"{COUNT - kept} analyzed, {kept} unchanged" in done.stdout
    assert len(tempo.json("list")) == COUNT


def test_workers_are_deaf_to_ctrl_c() -> None:
    """A worker leaves Ctrl-C to the parent, which hears it as before, and can be ended by it."""
    heard = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    pool = PatientPool(1, 60)
    held_back = pool.submit(signal.pthread_sigmask, signal.SIG_BLOCK, ()).result()
    pool.shutdown()
    assert {signal.SIGINT, signal.SIGTERM} & held_back == {signal.SIGINT}
    assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == heard


def test_a_pool_ends_in_silence_while_it_starts(capfd: pytest.CaptureFixture[str]) -> None:
    """Workers that are not needed any more before they have started end without a word."""
    pool = PatientPool(4, 60)
    pool.submit(abs, -3)
    pool.shutdown(cancel_futures=True)
    assert capfd.readouterr() == ("", "")


def test_what_is_held_back_is_heard_later() -> None:
    """Ctrl-C at a moment when it could be lost is heard as soon as that is over."""
    said = []

    def press() -> None:
        with deaf():
            signal.pthread_kill(threading.get_ident(), signal.SIGINT)
            said.append("not heard yet")

    with pytest.raises(KeyboardInterrupt):
        press()
    assert said == ["not heard yet"]


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_are_no_obstacle(tempo: Tempo, tmp_path: Path, closed: str) -> None:
    """A run whose input, output or errors were closed by who started it does all its work."""
    path = save(tmp_path / "song.flac", song(120, 12))
    for args in (("analyze", "--jobs", 1, path), ("list",)):
        line = f"{shlex.join(tempo.command(*args))} {closed}"
        done = subprocess.run(line, shell=True, env=tempo.environment(), timeout=60, check=False)  # noqa: S602 - only a shell closes
        assert done.returncode == 0
    assert [track["path"] for track in tempo.json("list")] == [str(path)]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is full")
@pytest.mark.parametrize("command", ["--help", "workouts", "list --help"])
def test_full_output_is_a_sentence(tempo: Tempo, command: str) -> None:
    """Where the output takes no more, whatever is printed, that is said."""
    line = f"{shlex.join(tempo.command())} {command} > /dev/full"
    done = subprocess.run(  # noqa: S602 - as a user sends it elsewhere
        line, shell=True, env=tempo.environment(), capture_output=True, text=True, check=False,
        timeout=60,
    )  # fmt: skip
    expected = "Error: the output cannot be written (no space left on device): send it to another"
    assert (done.returncode, done.stderr) == (1, f"{expected} place\n")


def test_folder_that_is_gone_is_a_sentence(tempo: Tempo, tmp_path: Path) -> None:
    """Who works in a folder that somebody removed is told so."""
    gone = tmp_path / "gone"
    gone.mkdir()
    command = shlex.join(tempo.command("build", "walk", "-o", "x.m3u8"))
    line = f'cd "{gone}" && rmdir "{gone}" && {command}'
    env = {**tempo.environment(), "PYTHONPATH": os.pathsep.join([GUARD, str(Path.cwd())])}
    done = subprocess.run(  # noqa: S602 - only a shell stays there
        line, shell=True, env=env, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (
        1, "Error: the folder that you are in is gone: change to another\n",
    )  # fmt: skip


def test_interrupted_command_says_so(tempo: Tempo, tmp_path: Path) -> None:
    """Ctrl-C ends a command with one word and the status that shells expect."""
    os.mkfifo(tmp_path / "run.m3u8")
    tempo.library.parent.mkdir()
    run = tempo.start("convert", tmp_path / "run.m3u8", tmp_path / "run.xspf")
    # It waits for a writer that never writes. A signal just before it waits is heard afterwards.
    with (tmp_path / "run.m3u8").open("w"):
        os.kill(run.pid, signal.SIGINT)
    _, said = run.communicate(timeout=30)
    assert (run.returncode, said) == (130, "interrupted\n")


def test_the_word_takes_the_place_of_what_was_typed(tempo: Tempo, tmp_path: Path) -> None:
    """On a terminal, which shows ^C, no line is left empty and none holds more than the word."""
    os.mkfifo(tmp_path / "run.m3u8")
    tempo.library.parent.mkdir()
    command = tempo.command("convert", tmp_path / "run.m3u8", tmp_path / "run.xspf")
    pid, terminal = pty.fork()
    if pid == 0:
        os.execve(command[0], command, tempo.environment())  # noqa: S606 - a terminal of its own
    with (tmp_path / "run.m3u8").open("w"):
        os.write(terminal, b"\x03")
    _, status = os.waitpid(pid, 0)
    assert os.waitstatus_to_exitcode(status) == 130
    assert os.read(terminal, 1000) == b"^C\rinterrupted\r\n"
    os.close(terminal)


def test_two_runs_at_once(tempo: Tempo, many: Path) -> None:
    """Two runs on one library both succeed, from the moment that it does not exist."""
    runs = [tempo.start("analyze", "--jobs", 1, many) for _ in range(2)]
    for run in runs:
        out, err = run.communicate(timeout=120)
        assert (run.returncode, "analyzed" in out) == (0, True), err
    check_sound(tempo.library)
    assert len(tempo.json("list")) == COUNT


def test_endless_decoding_is_given_up(tempo: Tempo, tmp_path: Path) -> None:
    """A file that takes longer than the limit fails alone; the others are measured."""
    endless(tmp_path / "long.wav")
    save(tmp_path / "song.flac", song(120, 12))
    done = tempo.run("analyze", "--time-limit", 3, "--jobs", 1, tmp_path)
    assert "1 analyzed, 0 unchanged, 1 failed" in done.stdout
    (failure,) = tempo.json("list", "--failed")
    assert failure["path"].endswith("long.wav")
    assert failure["reason"].startswith("took too long to decode and was given up")


def test_crashing_worker_costs_one_file(tempo: Tempo, tmp_path: Path, many: Path) -> None:
    """When a worker dies, its file fails with a reason and all others are measured."""
    endless(tmp_path / "long.wav")
    run = tempo.start("analyze", "--jobs", 1, tmp_path / "long.wav", many)
    wait_for(lambda: (tmp_path / "long.wav") in set(open_files(run)))
    for pid in open_files(run)[tmp_path / "long.wav"]:
        os.kill(pid, signal.SIGSEGV)
    out, err = run.communicate(timeout=120)
    assert f"{COUNT} analyzed, 0 unchanged, 1 failed" in out, err
    (failure,) = tempo.json("list", "--failed")
    assert failure["reason"].startswith("made its decoder crash")


def open_files(run: subprocess.Popen[str]) -> dict[Path, list[int]]:
    """Return the files that the processes of a run hold open, and which hold them."""
    found: dict[Path, list[int]] = {}
    for pid in group(run):
        folder = Path(f"/proc/{pid}/fd")
        with contextlib.suppress(FileNotFoundError, PermissionError):
            for link in folder.iterdir():
                found.setdefault(link.readlink(), []).append(pid)
    return found
