"""What a report reads of a playlist."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playlists.errors import PlaylistError
from playlists.report.document import view
from playlists.report.reading import titled
from tests.reports import entry, playlist


def test_songs_follow_each_other() -> None:
    """Each song starts where the one before ends, whatever the file claims."""
    shown = view(playlist(entry(0, duration=100.0), entry(1, start=7.0, duration=50.0)))
    assert [(song.start, song.end) for song in shown.songs] == [(0.0, 100.0), (100.0, 150.0)]


def test_the_level_is_followed() -> None:
    """A song that is counted double has twice its tempo in the picture."""
    shown = view(playlist(entry(0, bpm=80.0, level=2.0)))
    assert shown.songs[0].followed == 160.0
    assert shown.tempos == (160.0, 160.0)


@pytest.mark.parametrize(
    ("name", "title"), [("hearts-on-fire", "hearts on fire"), ("My Ride-1", "My Ride-1")]
)
def test_names_are_written_as_people_do(name: str, title: str) -> None:
    """Our own workouts lose their hyphens; names that somebody gave stay."""
    assert view(playlist(workout=name)).title == title


def test_playlists_from_before_are_read() -> None:
    """Keys that newer versions added may be missing."""
    old = playlist()
    del old["wanted"]
    for song in old["entries"]:
        del song["why"], song["misfit"]
    assert view(old).moments == ()
    assert view(old).songs[0].why == ""


@pytest.mark.parametrize("broken", [{}, {"entries": 1}, {"entries": [{}, 3]}, {"entries": []}])
def test_something_else_is_refused(broken: dict[str, Any]) -> None:
    """What is no playlist is said so in a sentence."""
    with pytest.raises(PlaylistError):
        view(broken)


values = st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.lists(st.integers())


@given(st.dictionaries(st.sampled_from(sorted(entry(0))), values), values, values)
def test_damage_is_refused_or_made_good(song: dict[str, Any], steps: Any, wanted: Any) -> None:
    """Any values in a file give a view with sound numbers, or a refusal."""
    try:
        shown = view(playlist(entry(0) | song | {"duration": 9.0}, steps=steps, wanted=wanted))
    except PlaylistError:
        return
    assert shown.duration == 9.0
    assert shown.songs[0].level > 0


@pytest.mark.parametrize(
    ("title", "minutes"),
    [("hearts-on-fire 45 min", 45.0), ("spin 22.5 min", 22.5), ("spin 22.5 min (2)", 22.5),
     ("Mix 45 min", None), ("spin", None), ("spin 99999 min", None)],
)  # fmt: skip
def test_titles_that_tempo_gave_say_the_workout(title: str, minutes: float | None) -> None:
    """A built-in workout and its length are known from the title, and nothing else is."""
    workout = titled(title)
    assert minutes == (None if workout is None else pytest.approx(workout.duration / 60))
