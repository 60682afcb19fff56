"""Many files on any executor."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from pebble import ProcessExpired

from benchmarks.synth import clicks, save
from tempo.batch import AHEAD, analyze_many
from tempo.errors import AudioError, UnavailableError
from tempo.pool import PatientPool
from tempo.scan import scan
from tempo.track import Analysis, AudioFile, Failure, Tags, TempoEstimate, Track

HANDS_OUT = """
import sys
from pathlib import Path
from tempo.batch import analyze_many, load
from tempo.pool import PatientPool
from tempo.track import AudioFile

pool = PatientPool(1, 60, load)
((_, outcome),) = analyze_many([AudioFile(Path(sys.argv[1]), 1, 1)], pool)
pool.shutdown()
print(type(outcome).__name__, "numpy" in sys.modules)
"""
ANALYSIS = Analysis(1.0, TempoEstimate((), 0.0, 0.0), 0.0, 0.0, -70.0, 0.5, 0.0)


def files(count: int) -> Iterator[AudioFile]:
    """Yield files that need not exist."""
    for index in range(count):
        yield AudioFile(Path(f"/m/{index}.mp3"), index, 0)


def test_threads_will_do(tmp_path: Path) -> None:
    """The real analysis runs on a pool of threads as well as on processes."""
    for bpm in (90, 120, 150):
        save(tmp_path / f"{bpm}.flac", clicks(bpm, 12))
    with ThreadPoolExecutor(2) as executor:
        found = [f for f in scan([tmp_path]) if isinstance(f, AudioFile)]
        outcomes = dict(analyze_many(found, executor))
    for file, outcome in outcomes.items():
        assert isinstance(outcome, Track), outcome
        expected = float(Path(file.path).stem)
        assert outcome.bpm is not None
        assert min(abs(outcome.bpm / expected / level - 1) for level in (0.5, 1, 2)) < 0.005


def test_every_outcome_arrives_once() -> None:
    """Each file comes back exactly once, as a track or with the reason of its failure."""

    def measure(file: AudioFile) -> Track:
        match file.size % 5:
            case 0:
                raise AudioError("is damaged")
            case 1:
                raise UnavailableError("cannot be read")
            case 2:
                raise ZeroDivisionError("oh")
            case 3:
                raise TimeoutError
        return Track(file.path, Tags(), ANALYSIS)

    with ThreadPoolExecutor(4) as executor:
        outcomes = list(analyze_many(files(500), executor, measure))
    assert list(files(500)) == sorted((file for file, _ in outcomes), key=lambda file: file.size)
    for file, outcome in outcomes:
        assert file.path == outcome.path
        assert isinstance(outcome, Track) == (file.size % 5 == 4)
        if isinstance(outcome, Failure):
            assert outcome.transient == (file.size % 5 in {1, 2})


def test_a_song_that_came_too_slowly_is_tried_again() -> None:
    """What takes too long is given up for good if it is here; elsewhere the way may be slow."""

    def measure(_: AudioFile) -> Track:
        raise TimeoutError

    (here,) = files(1)
    there = AudioFile("https://host/a.mp3", 1, 1)
    with ThreadPoolExecutor(1) as executor:
        for file, outcome in analyze_many([here, there], executor, measure):
            assert isinstance(outcome, Failure)
            assert outcome.transient == (file == there)


@pytest.mark.parametrize(
    ("status", "said", "transient"),
    [(-9, "needs more memory than there is", True), (-11, "made its decoder crash", False)],
)
def test_a_process_that_was_killed_lacked_memory(status: int, said: str, transient: bool) -> None:
    """A song whose process Linux killed is not called broken, and is tried again."""

    def measure(_: AudioFile) -> Track:
        raise ProcessExpired("Abnormal termination", code=status)

    with ThreadPoolExecutor(1) as executor:
        ((_, outcome),) = analyze_many(files(1), executor, measure)
    assert isinstance(outcome, Failure)
    assert outcome.reason.startswith(said)
    assert outcome.transient == transient


def test_files_are_read_as_they_are_needed() -> None:
    """A hundred thousand files are not all handed over at once."""
    read = 0

    def counted() -> Iterator[AudioFile]:
        nonlocal read
        for file in files(100_000):
            read += 1
            yield file

    with ThreadPoolExecutor(2) as executor:
        outcomes = analyze_many(counted(), executor, lambda f: Track(f.path, Tags(), ANALYSIS))
        for _ in range(10):
            next(outcomes)
        outcomes.close()  # type: ignore[attr-defined]
    assert read <= 10 + 2 * AHEAD


def test_stopping_cancels_what_waits() -> None:
    """When the reader stops, files that wait are not measured."""
    gate = threading.Event()
    started: list[AudioFile] = []

    def measure(file: AudioFile) -> Track:
        started.append(file)
        if len(started) > 1:
            gate.wait(10)
        return Track(file.path, Tags(), ANALYSIS)

    with ThreadPoolExecutor(1) as executor:
        outcomes = analyze_many(files(50), executor, measure)
        next(outcomes)
        outcomes.close()  # type: ignore[attr-defined]
        gate.set()
    assert len(started) <= 3


def test_loading_takes_no_task_s_time() -> None:
    """What a process loads before its first task may take longer than a task may."""
    pool = PatientPool(1, 1.0, partial(time.sleep, 1.5))
    assert pool.submit(abs, -3).result() == 3
    pool.shutdown()


def test_numbers_are_for_workers(tmp_path: Path) -> None:
    """A process that only hands out files never loads the numeric libraries."""
    path = save(tmp_path / "song.flac", clicks(120, 12))
    program = [sys.executable, "-c", HANDS_OUT, str(path)]
    done = subprocess.run(program, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "Track False\n"


def test_pool_gives_up_one_task_alone() -> None:
    """A task past its limit ends in TimeoutError; its pool goes on."""
    pool = PatientPool(1, 1.0)
    try:
        slow, quick = pool.submit(time.sleep, 60), pool.submit(abs, -3)
        assert isinstance(slow.exception(), TimeoutError)
        assert quick.result() == 3
    finally:
        pool.shutdown(cancel_futures=True)


def test_the_limit_of_a_short_task_holds() -> None:
    """A task that ends a little late, before anybody looks, has taken too long as well."""
    pool = PatientPool(1, 0.02)
    try:
        assert isinstance(pool.submit(time.sleep, 0.03).exception(), TimeoutError)
    finally:
        pool.shutdown(cancel_futures=True)
