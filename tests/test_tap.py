"""Tapping a tempo."""

import os
import pty
import subprocess
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tempo.library import Library
from tempo.tap import FEWEST, PAUSE, tapped_bpm
from tempo.track import ANALYSIS_VERSION, AudioFile
from tests.conftest import Tempo
from tests.crates import song


@given(st.floats(30, 240), st.integers(FEWEST, 60), st.randoms(use_true_random=False))
def test_steady_taps(bpm: float, count: int, random: object) -> None:
    """Taps that are 10 ms off now and then give the tempo within 3 %."""
    assert hasattr(random, "uniform")
    taps = [60 / bpm * i + random.uniform(-0.01, 0.01) * min(1, 60 / bpm) for i in range(count)]
    assert tapped_bpm(taps) == pytest.approx(bpm, rel=0.03)


@given(st.floats(60, 180), st.sets(st.integers(6, 26), max_size=6))
def test_missed_taps_are_beats(bpm: float, missed: set[int]) -> None:
    """A beat that is not tapped does not slow the tempo."""
    taps = [60 / bpm * i for i in range(32) if i not in missed]
    assert tapped_bpm(taps) == pytest.approx(bpm, rel=1e-6)


def test_pause_starts_anew() -> None:
    """After a pause, only the new taps count, and too few say nothing."""
    first, second = [0.5 * i for i in range(8)], [10 + 0.4 * i for i in range(8)]
    assert tapped_bpm(first + second) == pytest.approx(150)
    assert tapped_bpm([*first, first[-1] + PAUSE + 0.1]) is None
    assert tapped_bpm([]) is None


@pytest.fixture
def path(tempo: Tempo) -> Path:
    """Return the path of the song in a library of one."""
    track = song("a", bpm=126.0)
    with Library(tempo.library) as library:
        library.add(AudioFile(Path(track.location), 1, 1), b"", track, ANALYSIS_VERSION)
    return Path(track.location)


def test_tapping_without_a_terminal(tempo: Tempo, path: Path) -> None:
    """Where there is no terminal, one sentence says what to do instead."""
    run = tempo.start("fix", path, "--tap")
    _, said = run.communicate(timeout=60)
    assert run.returncode == 1
    assert said.splitlines()[1:] == [
        "Error: there is no terminal to tap on: say the tempo with --bpm"
    ]


def tap(tempo: Tempo, path: Path, beat: float, last: bytes) -> tuple[int, str]:
    """Press a key eight times, `beat` seconds apart, and `last`; return status and output."""
    leader, follower = pty.openpty()
    run = subprocess.Popen(
        tempo.command("fix", path, "--tap"), env=tempo.environment(), stdin=follower,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert run.stderr is not None
    assert "tap any key on the beat" in run.stderr.readline()
    start = time.monotonic() + 0.2
    for index in range(8):
        time.sleep(max(0.0, start + beat * index - time.monotonic()))
        os.write(leader, b" ")
    while run.poll() is None:
        assert time.monotonic() < start + 30
        time.sleep(0.3)
        os.write(leader, last)
    out, err = run.communicate(timeout=30)
    os.close(leader)
    os.close(follower)
    return run.returncode, out + err


@pytest.mark.parametrize("last", [b"\r", b"\x04"])
def test_tapping_on_a_terminal(tempo: Tempo, path: Path, last: bytes) -> None:
    """Keys that are pressed on the beat and Enter, or Ctrl-D, store the tapped tempo."""
    status, said = tap(tempo, path, 0.5, last)
    assert status == 0, said
    assert "now 1" in said
    track = tempo.json("show", path)
    assert track["source"] == "fixed"
    assert track["bpm"] == pytest.approx(120, rel=0.1)


def test_a_key_that_is_held_is_no_tempo(tempo: Tempo, path: Path) -> None:
    """What is faster than any music is refused, as it is for --bpm."""
    status, said = tap(tempo, path, 0.03, b"\r")
    assert status == 1, said
    assert tempo.json("show", path)["source"] == "analysis"
