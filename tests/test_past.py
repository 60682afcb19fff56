"""The library remembers what was built and done."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tempo.library import Library
from tempo.past import Built, Done, Use
from tempo.schema import MIGRATIONS
from tempo.track import AudioFile
from tests.crates import song

MEMORY = Path(":memory:")
HOUR = 3600.0

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
paths = st.binary(min_size=1, max_size=20).filter(lambda raw: b"\0" not in raw).map(
    lambda raw: Path(os.fsdecode(b"/m/" + raw))
)  # fmt: skip
finite = st.floats(allow_nan=False, allow_infinity=False)
built_ones = st.builds(
    Built, finite, texts, st.sampled_from(["async", "sync"]), st.integers(-(2**63), 2**63 - 1),
    finite, finite, paths, st.lists(paths | texts, max_size=5).map(tuple),
    st.dictionaries(texts, st.none() | finite | texts | st.lists(texts)),
)  # fmt: skip


def playlist(time: float, output: str, *tracks: str, minutes: float = 30.0) -> Built:
    """Return a playlist with an output and files as tracks."""
    places = tuple(Path("/m") / track for track in tracks)
    return Built(time, "walk", "async", 0, minutes, 0.6, Path("/p") / output, places)


@given(st.lists(built_ones, max_size=4))
def test_playlists_come_back_unchanged(given_ones: list[Built]) -> None:
    """Names of any bytes, options and numbers are stored exactly, in the order of building."""
    with Library(MEMORY) as library:
        stored = [library.history.add_built(one) for one in given_ones]
        assert stored == library.history.built()
        assert list(range(1, len(stored) + 1)) == [one.number for one in stored]


def test_done_is_kept_replaced_and_removed() -> None:
    """What was done comes back in order; a correction takes the place of what was said."""
    with Library(MEMORY) as library:
        number = library.history.add_built(playlist(0, "a.m3u8")).number
        first, second = Done(number, 20.0, 7.5, "hot"), Done(number, 10.0)
        library.history.add_done(first)
        library.history.add_done(second)
        assert [second, first] == library.history.done()
        third = Done(number, 30.0, 8.0)
        library.history.add_done(third, instead_of=first)
        assert [second, third] == library.history.done()
        library.history.remove_done(second)
        assert [third] == library.history.done()


def test_use_is_counted_by_playlist() -> None:
    """Each track has the number of its playlists, the last time, and how many came after each."""
    with Library(MEMORY) as library:
        library.history.add_built(playlist(0, "a.m3u8", "x", "y", "x"))
        library.history.add_built(playlist(5, "b.m3u8", "y", "z"))
        expected = {
            Path("/m/x"): Use(1, 0.0, (1,)),
            Path("/m/y"): Use(2, 5.0, (0, 1)),
            Path("/m/z"): Use(1, 5.0, (0,)),
        }
        assert expected == library.history.recent_use()


@pytest.mark.parametrize(("later", "counted"), [(29 * 60, False), (30 * 60, True)])
def test_what_was_replaced_at_once_was_not_heard(later: float, *, counted: bool) -> None:
    """A playlist replaced in its file before it could have ended is no use of its tracks."""
    with Library(MEMORY) as library:
        first = library.history.add_built(playlist(0, "a.m3u8", "x"))
        library.history.add_built(playlist(later, "a.m3u8", "y"))
        assert counted == (Path("/m/x") in library.history.recent_use())
        library.history.add_done(Done(first.number, later))
        assert Path("/m/x") in library.history.recent_use()


def test_of_alternatives_the_best_was_heard_or_what_was_done() -> None:
    """Of playlists of one run only the last is a use, unless others of them were done."""
    with Library(MEMORY) as library:
        library.history.add_built(playlist(0, "b.m3u8", "old"))
        third, second, _ = (
            library.history.add_built(playlist(5, f"a-{name}.m3u8", name)).number
            for name in ("third", "second", "best")
        )

        def heard() -> dict[str, int]:
            uses = library.history.recent_use()
            return {Path(at).name: min(use.ago) for at, use in uses.items()}

        assert heard() == {"best": 0, "old": 1}
        library.history.add_done(Done(second, 9.0))
        assert heard() == {"second": 0, "old": 1}
        library.history.add_done(Done(third, 10.0))
        assert heard() == {"second": 0, "third": 1, "old": 2}
        library.history.add_built(playlist(6, "a-best.m3u8", "other"))
        library.history.remove_done(Done(second, 9.0))
        library.history.remove_done(Done(third, 10.0))
        assert heard() == {"other": 0, "old": 1}


def test_history_follows_a_file_that_moves(tmp_path: Path) -> None:
    """Tracks of old playlists are found under the new names of their files."""
    old, new = tmp_path / "old.ogg", tmp_path / "new.ogg"
    track = song("old")
    with Library(MEMORY) as library:
        library.add(AudioFile(old, 1, 1), b"x", track, 1)
        built = Built(0, "walk", "async", 0, 30, 0.6, tmp_path / "a.m3u8", (old,))
        library.history.add_built(built)
        library.files.copy({AudioFile(new, 1, 1): old})
        assert [(new,)] == [one.tracks for one in library.history.built()]


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS)))
def test_older_libraries_get_a_history(version: int, tmp_path: Path) -> None:
    """A library of every earlier version keeps its notes and takes playlists once opened."""
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path)) as old, old:
        for statements in MIGRATIONS[:version]:
            for statement in statements:
                old.execute(statement)
        old.execute(f"PRAGMA user_version = {version}")
        old.execute(
            "INSERT INTO file (path, size, mtime_ns, fingerprint, version, failure) "
            "VALUES (?, 1, 1, x'', 1, 'is damaged')",
            (b"/m/a.mp3",),
        )
    old.close()
    with Library(path) as library:
        stored = library.history.add_built(playlist(1.5, "a.m3u8", "x"))
        assert [failure.reason for failure in library.failures()] == ["is damaged"]
    with Library(path) as library:
        assert [stored] == library.history.built()
