"""Music on other machines: found, measured and listed by its URL."""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from benchmarks.synth import clicks, save
from tempo.analysis import analyze
from tempo.batch import analyze_many
from tempo.library import Library
from tempo.remote import is_url
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
    assert f"{url}: cannot be fetched (nothing is there, or nobody answers)" in done.stderr
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
    assert "0 analyzed, 4 unchanged" in tempo.run("analyze", url).stdout
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
