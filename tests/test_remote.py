"""Music on other machines: found, measured and listed by its URL."""

import errno
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.synth import clicks, save
from playlists.formats import location
from tempo.analysis import analyze
from tempo.batch import analyze_many
from tempo.library import Library
from tempo.remote import COPIES, _named, _silence, _stamp, address, clear_copies, is_url
from tempo.scan import scan
from tempo.track import ANALYSIS_VERSION, AudioFile, Failure, Track
from tempo.update import survey, update
from tests.conftest import Tempo

fsspec = pytest.importorskip("fsspec")

ROOT = "memory:///bucket/music"


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder and says nothing of it."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base has this name
        """Say nothing."""


@pytest.fixture(scope="module", autouse=True)
def unanswered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[subprocess.Popen[str]]:
    """Start a run whose server takes calls and never answers: others may run while it waits."""
    folder = tmp_path_factory.mktemp("unanswered")
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/music/"
        with Tempo(folder / "library.db").start("analyze", url) as running:
            yield running
            running.kill()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """Return the address of a web server on this machine, and the folder that it serves."""
    folder = tmp_path / "served"
    folder.mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/", folder
    server.shutdown()
    server.server_close()


@pytest.fixture
def bucket(tmp_path: Path) -> Iterator[Any]:
    """Return fsspec's file system in memory with songs of 90, 120 and 150 BPM."""
    memory = fsspec.filesystem("memory")
    for bpm in (90, 120, 150):
        local = save(tmp_path / "local.flac", clicks(bpm, 12))
        memory.put_file(str(local), f"/bucket/music/{bpm}.flac")
    memory.pipe("/bucket/music/notes.txt", b"no music")
    memory.pipe("/bucket/music/.hidden.flac", b"no music")
    yield memory
    memory.rm("/bucket", recursive=True)


def found(*roots: str) -> list[AudioFile]:
    """Return what `scan` finds, all of which must be files."""
    files = list(scan(roots))
    assert not [file for file in files if isinstance(file, Failure)]
    return [file for file in files if isinstance(file, AudioFile)]


@pytest.mark.parametrize(
    ("place", "expected"),
    [("s3://b/m", True), ("HTTPS://h/", True), ("memory://a", True), ("/home/a", False),
     ("C:\\music", False), ("spotify:track:4PTG3Z6ehGkBFwjybzWkR8", False), (Path("a"), False)],
)  # fmt: skip
def test_urls_are_told_from_paths_and_uris(place: object, expected: bool) -> None:
    """What has a scheme and two slashes is a URL."""
    assert is_url(place) == expected


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("S3://bucket/My music", "s3://bucket/My%20music"),
        ("s3://bucket/#1 100% é?.mp3", "s3://bucket/%231%20100%25%20%C3%A9%3F.mp3"),
        ("s3://bucket/a%20b&c.mp3", "s3://bucket/a%20b&c.mp3"),
        ("ftp://me@[::1]:21/a", "ftp://me@[::1]:21/a"),
        ("https://host/a%2Fb?x=1#y", "https://host/a%2Fb?x=1#y"),
        ("https://host/a b", "https://host/a%20b"),
    ],
)
def test_a_url_is_known_by_its_address(typed: str, known: str) -> None:
    """Names are percent-encoded, unless they are so already."""
    assert known == address(typed)


@given(st.sampled_from(["s3", "https"]), st.text(st.characters(exclude_categories=["Cs"])))
def test_an_address_stays(scheme: str, name: str) -> None:
    """The address of an address is the same, and holds what a playlist may."""
    known = address(f"{scheme}://{name}")
    assert (known, known) == (address(known), location.address(known))


def test_a_name_keeps_the_host_that_its_file_system_leaves_out() -> None:
    """What is named by its path alone is known by the URL that it was found under."""
    system, name = fsspec.filesystem("memory"), "/my music/#1.mp3"
    expected = "ftp://me@host/my%20music/%231.mp3"
    for typed in ("ftp://me@host/my music", "ftp://me@host/my%20music/"):
        assert expected == _named(system, typed, "/my music", name)
    assert expected == _named(system, "ftp://me@host", "/", name)


def test_a_file_does_not_change_with_the_time_zone() -> None:
    """The same moment is the same, wherever the user is, and another one is not."""
    moment = datetime(2026, 1, 2, 3, tzinfo=UTC)
    there = moment.astimezone(timezone(timedelta(hours=5)))
    later = moment + timedelta(seconds=1)
    first, second, third = (_stamp({"LastModified": when}) for when in (moment, there, later))
    assert (first == second, first == third) == (True, False)


def test_an_odd_name_is_found_again_in_its_playlist(
    bucket: Any, tempo: Tempo, tmp_path: Path
) -> None:
    """A song is corrected by its name, written to a playlist, and known there."""
    bucket.mv("/bucket/music/120.flac", "/bucket/music/#1 100% é?.flac")
    with Library(tempo.library) as library, ThreadPoolExecutor(1) as executor:
        list(update(library, survey(library, [ROOT]).stale, executor))
    tempo.run("fix", f"{ROOT}/#1 100% é?.flac", "--bpm", 121)
    assert tempo.run("list", "path:é?").stdout.count("121.0*") == 1
    playlist = tmp_path / "run.m3u8"
    tempo.run("build", "--bpm", "121", "--minutes", 1, "-o", playlist)
    assert f"{ROOT}/%231%20100%25%20%C3%A9%3F.flac\n" in playlist.read_text()
    scored = tempo.run("score", playlist, "-w", "steady-run")
    assert "not in the library" not in scored.stderr


def test_copies_that_workers_left_are_removed() -> None:
    """Temporary folders of this process's workers go, those of another's stay."""
    ours, others = (Path(tempfile.mkdtemp(prefix=COPIES.format(pid))) for pid in (os.getpid(), 0))
    clear_copies()
    assert (ours.exists(), others.exists()) == (False, True)
    others.rmdir()


def test_music_in_memory_is_measured(bucket: Any) -> None:
    """Songs of any file system of fsspec have the tempo that they have as files."""
    assert bucket.exists("/bucket/music/notes.txt")
    files = found(ROOT)
    with ThreadPoolExecutor(2) as executor:
        outcomes = {file.path: outcome for file, outcome in analyze_many(files, executor, analyze)}
    assert sorted(map(str, outcomes)) == [f"{ROOT}/{bpm}.flac" for bpm in (120, 150, 90)]
    for url, outcome in outcomes.items():
        assert isinstance(outcome, Track), outcome
        expected = float(Path(str(url)).stem)
        assert (outcome.location, outcome.path, outcome.title) == (url, None, f"{expected:.0f}")
        assert min(abs((outcome.bpm or 0) / expected / k - 1) for k in (0.5, 1, 2)) < 0.005


def test_a_changed_file_is_measured_again_and_one_that_went_is_missing(
    bucket: Any, tmp_path: Path
) -> None:
    """Of remote music, too, only what is new or changed is stale."""
    with Library(tmp_path / "library.db") as library, ThreadPoolExecutor(1) as executor:
        assert len(list(update(library, survey(library, [ROOT]).stale, executor))) == 3
        again = survey(library, [ROOT])
        assert (again.stale, again.current) == ((), 3)
        bucket.cp_file("/bucket/music/150.flac", "/bucket/music/120.flac")
        bucket.rm("/bucket/music/90.flac")
        last = survey(library, [ROOT])
        assert [file.path for file in last.stale] == [f"{ROOT}/120.flac"]
        assert (last.current, last.moved, last.missing) == (1, 0, 1)


def test_a_correction_by_url_stays(bucket: Any, tmp_path: Path) -> None:
    """A remote track is found by its URL, corrected, and keeps that when measured again."""
    assert bucket.exists("/bucket/music/120.flac")
    (file,) = found(f"{ROOT}/120.flac")
    with Library(tmp_path / "library.db") as library, ThreadPoolExecutor(1) as executor:
        list(update(library, [file], executor))
        library.fix(str(file.path), 97.5)
        list(update(library, [file], executor))
        track = library.track(str(file.path))
    assert track is not None
    assert (track.bpm, track.source) == (97.5, "fixed")


def test_what_cannot_be_reached_is_a_failure_with_its_reason() -> None:
    """A scheme that nobody knows is one failure, which the next run tries again."""
    (failure,) = scan(["nowhere://bucket/music"])
    assert isinstance(failure, Failure)
    assert failure.transient
    assert "cannot be fetched" in failure.reason


def test_a_server_that_is_down_keeps_its_songs(tempo: Tempo) -> None:
    """Where nobody answers, that is said but not stored, and no song there is taken for gone."""
    url = "http://127.0.0.1:9/music/"  # the port of "discard", where nobody listens
    with Library(tempo.library) as library:
        file = AudioFile(f"{url}a.flac", 1, 1)
        library.add(file, b"", Failure(file.path, "is damaged"), ANALYSIS_VERSION)
    done = tempo.run("analyze", url, code=1)
    assert done.stdout == "0 analyzed, 0 unchanged, 1 not reached\n"
    assert done.stderr == (
        f"{url}: cannot be fetched (127.0.0.1:9 does not answer: connection refused): "
        "check the address and the network\n"
    )
    kept = [failure["path"] for failure in tempo.json("list", "--failed")]
    assert kept == [file.path]


def test_a_web_server_is_analyzed_and_built_from(
    tempo: Tempo, served: tuple[str, Path], tmp_path: Path
) -> None:
    """Worker processes fetch songs themselves; a playlist names their URLs."""
    pytest.importorskip("aiohttp")
    url, folder = served
    for bpm in (120, 121, 122):
        save(folder / f"song {bpm}.flac", clicks(bpm, 40), {"title": f"Song {bpm}"})
    (folder / "broken.flac").write_bytes(b"no music")
    done = tempo.run("analyze", "--jobs", 2, url)
    assert "3 analyzed, 0 unchanged, 1 failed" in done.stdout
    assert "0 analyzed, 3 unchanged, 1 failed before" in tempo.run("analyze", url).stdout
    tracks = tempo.json("list")
    assert [track["uri"] for track in tracks] == [f"{url}song%20{b}.flac" for b in (120, 121, 122)]
    assert [track["path"] for track in tracks] == [None] * 3
    playlist = tmp_path / "run.m3u8"
    tempo.run("build", "--bpm", "110-130", "--minutes", 1, "-o", playlist)
    assert f"{url}song%20" in playlist.read_text()
    shutil.rmtree(folder)
    folder.mkdir()
    assert "4 no longer there" in tempo.run("analyze", url).stdout


def test_a_file_url_is_a_path(tempo: Tempo, tmp_path: Path) -> None:
    """Music named by a file URL is the same music as by its path."""
    song = save(tmp_path / "a song.flac", clicks(120, 12))
    tempo.run("analyze", song.as_uri())
    assert [track["path"] for track in tempo.json("list")] == [str(song)]


@pytest.mark.parametrize(
    ("cause", "expected"),
    [
        (ConnectionRefusedError(errno.ECONNREFUSED, "Connect call failed"), "connection refused"),
        (socket.gaierror(socket.EAI_NONAME, "Unknown"), "unknown"),
        (OSError(errno.ENETUNREACH, "No way"), "network is unreachable"),
    ],
)
def test_a_silent_server_is_told_from_a_lack_of_rights(cause: OSError, expected: str) -> None:
    """Whatever a file system says of it, a server that does not answer is named as such."""
    error = RuntimeError("could not connect to the endpoint")  # as botocore says it
    error.__cause__ = cause
    assert _silence(error) == f"the server does not answer: {expected}"
    assert _silence(PermissionError(errno.EACCES, "Access denied")) == ""


def test_a_server_that_never_answers_is_given_up(unanswered: subprocess.Popen[str]) -> None:
    """Where a call is taken but not answered, that is said after a while."""
    out, said = unanswered.communicate(timeout=120)
    assert (unanswered.returncode, "Traceback" in said) == (1, False)
    assert "cannot be fetched (the server does not answer: waited 30 s)" in said
    assert out == "0 analyzed, 0 unchanged, 1 not reached\n"
