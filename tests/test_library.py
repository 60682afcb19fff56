"""The library file keeps what it is given, to the last bit."""

import os
import sqlite3
from contextlib import closing
from dataclasses import replace
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tempo.database import Database
from tempo.errors import LibraryError
from tempo.library import Library
from tempo.schema import MIGRATIONS
from tempo.track import (
    ANALYSIS_VERSION,
    UNKNOWN_METER,
    Analysis,
    AudioFile,
    Failure,
    Meter,
    Tags,
    TempoCandidate,
    TempoEstimate,
    TempoSection,
    Track,
    fixed,
)  # fmt: skip
from tests.crates import song

MEMORY = Path(":memory:")
PUBLISHED = 3
"""Version of the libraries that were written before sections and meters were stored."""

texts = st.text(max_size=20).filter(lambda text: "\0" not in text)
floats = st.floats(allow_nan=False, allow_infinity=False)
paths = st.binary(min_size=1, max_size=30).filter(lambda raw: b"\0" not in raw).map(
    lambda raw: Path(os.fsdecode(b"/m/" + raw))
)  # fmt: skip
estimates = st.builds(
    TempoEstimate,
    st.lists(st.builds(TempoCandidate, floats, floats), max_size=4).map(tuple),
    floats,
    floats,
    st.lists(st.builds(TempoSection, floats, floats), max_size=3).map(tuple),
)
meters = st.builds(Meter, st.sampled_from([3, 4, 6, None]), floats)
analyses = st.builds(Analysis, floats, estimates, *[floats] * 5, meters)
tags = st.builds(Tags, texts, texts, texts, texts, st.none() | floats)
tracks = st.builds(Track, paths, tags, analyses)


def file(path: Path | str, size: int = 1, mtime_ns: int = 2) -> AudioFile:
    """Return a file as a scan would find it."""
    return AudioFile(Path(path), size, mtime_ns)


@given(st.lists(tracks, unique_by=lambda track: os.fsencode(track.location)))
def test_tracks_come_back_unchanged(given_tracks: list[Track]) -> None:
    """Names of any bytes and floats of any size are stored exactly, listed by path."""
    with Library(MEMORY) as library:
        for track in given_tracks:
            library.add(file(track.location), b"x", track, 1)
        expected = sorted(given_tracks, key=lambda track: os.fsencode(track.location))
        assert expected == library.tracks()


@given(tracks, st.floats(1, 500))
def test_correction_comes_first(track: Track, bpm: float) -> None:
    """A correction replaces the measured tempo until it is taken back, across rescans."""
    with Library(MEMORY) as library:
        library.add(file(track.location), b"x", track, 1)
        library.fix(track.location, bpm)
        library.add(file(track.location), b"y", track, 2)
        assert fixed(track, bpm) == library.track(track.location)
        library.fix(track.location, None)
        assert track == library.track(track.location)


@given(tracks)
def test_failure_and_track_replace_each_other(first: Track) -> None:
    """A file is either a track or a failure, whichever came last."""
    with Library(MEMORY) as library:
        failure = Failure(Path(first.location), "is damaged")
        library.add(file(first.location), b"x", first, 1)
        library.add(file(first.location), b"x", failure, 1)
        assert ([], [failure]) == (library.tracks(), library.failures())
        library.add(file(first.location), b"x", first, 1)
        assert ([first], []) == (library.tracks(), library.failures())


def test_transient_failure_is_never_current() -> None:
    """What failed for a reason outside the file is due at the next run."""
    with Library(MEMORY) as library:
        path = Path("/m/a.mp3")
        library.add(file(path), b"", Failure(path, "cannot be read", transient=True), 7)
        assert not library.files.known()[path].is_current(file(path), 7)
        library.add(file(path), b"", Failure(path, "is damaged"), 7)
        assert library.files.known()[path].is_current(file(path), 7)
        assert not library.files.known()[path].is_current(file(path, size=9), 7)
        assert not library.files.known()[path].is_current(file(path, mtime_ns=9), 7)
        assert not library.files.known()[path].is_current(file(path), 8)


@pytest.mark.parametrize(("of_failure", "is_current"), [(0, False), (7, True)])
def test_what_an_earlier_analysis_measured_outlives_a_failure(
    of_failure: int, is_current: bool
) -> None:
    """Tracks of an earlier version stay where a later one fails, and are due if it was no fault."""
    path = Path("/m/a.mp3")
    with Library(MEMORY) as library:
        library.add(file(path), b"x", song("a"), 6)
        assert not library.files.keep(file(path, size=9), of_failure)
        assert library.files.keep(file(path), of_failure)
        assert library.files.known()[path].is_current(file(path), 7) == is_current
        assert library.failures() == []
        library.add(file(path), b"x", Failure(path, "is damaged"), 7)
        assert not library.files.keep(file(path), of_failure)


def test_full_disk_is_named(tmp_path: Path) -> None:
    """A library that has no room says so, although SQLite rolls back by itself, and goes on."""
    database = Database(tmp_path / "full.db")
    database.read("PRAGMA max_page_count = 20")
    rows = [(str(i), "x" * 5000) for i in range(100)]
    with pytest.raises(LibraryError, match="disk is full"):
        database.write("INSERT INTO imported (uri, source, title) VALUES (?, 'import', ?)", rows)
    assert database.read("SELECT count(*) FROM imported") == [(0,)]
    database.close()


def test_damaged_library_asks_for_a_copy(tmp_path: Path) -> None:
    """Where the file itself is broken, nobody is sent to look at rights and room."""
    (tmp_path / "l.db").write_bytes(b"ID3" * 2000)
    with pytest.raises(LibraryError, match="put a copy from before in its place, or name another"):
        Library(tmp_path / "l.db")


def test_a_library_that_is_refused_is_closed(tmp_path: Path) -> None:
    """Neither a damaged file nor one of a newer program stays open: others may replace it."""
    damaged, newer = tmp_path / "damaged.db", tmp_path / "newer.db"
    damaged.write_bytes(b"ID3" * 2000)
    with closing(sqlite3.connect(newer)) as db:
        db.execute("PRAGMA user_version = 99")
    for path in (damaged, newer):
        with pytest.raises(LibraryError):
            Library(path)
    still = [Path(link).resolve() for link in Path("/proc/self/fd").glob("*")]
    assert not {damaged.resolve(), newer.resolve()} & set(still)


def test_libraries_of_the_first_analysis_are_read_and_measured_again(tmp_path: Path) -> None:
    """What an earlier version measured stays usable, is not current, and gets what is new."""
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path)) as old:
        for statement in chain.from_iterable(MIGRATIONS[:PUBLISHED]):
            old.execute(statement)
        old.execute(
            "INSERT INTO file VALUES (?, 1, 2, x'00', 1, 0, NULL, NULL, 'T', 'A', '', '', NULL, "
            "60.0, '[[120.0, 1.0]]', 0.9, 0.0, 0.7, 0.6, -9.0, 0.5, 0.0)",
            (b"/m/a.mp3",),
        )
        old.execute(f"PRAGMA user_version = {PUBLISHED}")
        old.commit()
    with Library(path) as library:
        (track,) = library.tracks()
        assert (
            track.bpm, track.analysis.tempo.sections, track.analysis.meter,
        ) == (120, (), UNKNOWN_METER)  # fmt: skip
        known = library.files.known()[Path("/m/a.mp3")]
        assert not known.is_current(file("/m/a.mp3"), ANALYSIS_VERSION)
        tempo = replace(track.analysis.tempo, sections=(TempoSection(0, 120), TempoSection(9, 140)))
        changed = replace(track, analysis=replace(track.analysis, tempo=tempo, meter=Meter(3, 0.9)))
        library.add(file("/m/a.mp3"), b"x", changed, ANALYSIS_VERSION)
        assert [changed] == library.tracks()
