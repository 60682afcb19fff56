"""Analysis on a Dask cluster: every track arrives once, also when a worker dies."""

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.synth import clicks, save
from tempo.cluster import Cluster
from tempo.errors import ClusterError
from tests.conftest import Tempo

distributed = pytest.importorskip("distributed")

NOBODY = "tcp://127.0.0.1:9"
SONGS = 24


@pytest.fixture(scope="module")
def dask() -> Iterator[Any]:
    """Return a cluster of two worker processes on this machine."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:
        yield cluster


@pytest.fixture(scope="module", autouse=True)
def unanswered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[subprocess.Popen[str]]:
    """Start a run that no scheduler answers: it waits ten seconds, in which others may run."""
    folder = tmp_path_factory.mktemp("unanswered")
    song = save(folder / "a.flac", clicks(120, 2))
    with Tempo(folder / "library.db").start("analyze", song, "--dask", NOBODY) as running:
        yield running
        running.kill()


def test_every_track_arrives_once_though_a_worker_dies(
    tempo: Tempo, dask: Any, tmp_path: Path
) -> None:
    """With a worker killed in the middle, each song is stored and shown exactly once."""
    first = save(tmp_path / "music" / "00.flac", clicks(120, 12))
    for index in range(1, SONGS):
        shutil.copy(first, first.with_name(f"{index:02}.flac"))
    (first.with_name("broken.flac")).write_bytes(b"no music")
    running = tempo.start("analyze", first.parent, "--dask", dask.scheduler_address)
    assert running.stderr is not None
    said = [running.stderr.readline() for _ in range(3)]
    os.kill(dask.workers[0].process.pid, signal.SIGKILL)
    said += running.stderr.readlines()  # What `communicate` returns lacks what was read ahead.
    out, _ = running.communicate(timeout=120)
    assert running.returncode == 0, said
    assert f"{SONGS} analyzed, 0 unchanged, 1 failed" in out
    counts = [match[1] for text in said if (match := re.match(r"\[(\d+)/", text))]
    assert counts == [str(number) for number in range(1, SONGS + 2)]
    names = [Path(track["path"]).name for track in tempo.json("list")]
    assert names == [f"{index:02}.flac" for index in range(SONGS)]


def test_a_task_that_kills_its_workers_costs_only_itself(dask: Any) -> None:
    """A task under which workers die again and again ends in OSError, and others go on."""
    cluster = Cluster(dask.scheduler_address)
    killer = cluster.submit(os.abort)
    with pytest.raises(OSError, match="died"):
        killer.result(timeout=100)
    assert cluster.submit(pow, 2, 5).result(timeout=60) == 32
    cluster.shutdown()


def test_what_is_no_address_is_refused() -> None:
    """A mistyped address is a ClusterError at once."""
    with pytest.raises(ClusterError):
        Cluster("nonsense://x")


def test_no_scheduler_is_one_sentence(unanswered: subprocess.Popen[str]) -> None:
    """Where no scheduler answers, the command says so and how to start one."""
    said = unanswered.communicate(timeout=60)[1]
    assert (unanswered.returncode, "Traceback" in said) == (1, False)
    assert f"no Dask scheduler answers at {NOBODY}" in said
