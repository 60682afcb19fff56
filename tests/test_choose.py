"""Tracks are found by what a person types."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tempo.choose import ChoiceError, matching, no_field, one
from tempo.track import Tags, Track
from tests.crates import song


def track(title: str, artist: str, bpm: float = 120.0, energy: float = 0.5) -> Track:
    """Return a track with tags."""
    made = song(f"{artist} {title}", bpm=bpm, energy=energy, duration=240.0)
    return replace(made, tags=Tags(title=title, artist=artist, album="Moving Pictures"))


TRACKS = [
    track("Limelight", "Rush", 132.0, 0.8),
    track("Rush Rush", "Paula Abdul", 96.0, 0.4),
    track("Time", "Pink Floyd", 120.0, 0.6),
    track("Pink", "Floyd Time", 140.0, 0.9),
]


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("rush", ["Limelight", "Rush Rush"]),
        ("artist:RUSH", ["Limelight"]),
        ('artist:"pink floyd"', ["Time"]),
        ('"pink floyd"', ["Time"]),
        ("title:pink", ["Pink"]),
        ("path:abdul", ["Rush Rush"]),
        ("album:pictures floyd", ["Time", "Pink"]),
        ("bpm:120-132", ["Limelight", "Time"]),
        ("bpm:132 energy:0.7-", ["Limelight"]),
        ("energy:-0.5", ["Rush Rush"]),
        ("minutes:5-", []),
        ("genre:rock", []),
        ("", ["Limelight", "Rush Rush", "Time", "Pink"]),
    ],
)
def test_queries(query: str, titles: list[str]) -> None:
    """Words are looked for everywhere or in one field, numbers in a range; all must hold."""
    assert titles == [found.title for found in matching(TRACKS, query)]


@pytest.mark.parametrize("typed", ["\u00fcml\u00e4ut", "u\u0308mla\u0308ut", "don't", "don\u2019t"])
@pytest.mark.parametrize("title", ["Don't \u00dcml\u00e4ut", "Don\u2019t U\u0308mla\u0308ut"])
def test_letters_are_found_however_they_are_written(typed: str, title: str) -> None:
    """macOS names files with letters and accents apart; tags have curly apostrophes."""
    found = track(title, "Ann")
    assert [found] == matching([found], f"title:{typed}")
    assert found == one([found, track(f"{title} Two", "Ann")], "Don't \u00fcml\u00e4ut")


@pytest.mark.parametrize(
    ("query", "count"),
    [("bpm:135-139", 1), ("bpm:130-134.9999", 1), ("bpm:130-134.9", 0), ("energy:0.7-", 1),
     ("energy:0.701-", 0), ("confidence:0.9-", 1)],
)  # fmt: skip
def test_numbers_lie_where_lists_show_them(query: str, count: int) -> None:
    """A tempo that is listed as 135.0 is found from 135 on, and where it is to the last digit."""
    track = song("x", bpm=134.9998, energy=0.6998, confidence=0.8951)
    assert len(matching([track], query)) == count


@pytest.mark.parametrize("query", ["bpm:0-50", "bpm:-120", "bpm:0-"])
def test_what_has_no_beat_has_no_tempo_below_any(query: str) -> None:
    """A track without a beat lies in no range of tempos."""
    quiet = song("x", bpm=None)
    assert matching([quiet, song("y", bpm=45.0)], query) != []
    assert matching([quiet], query) == []


@pytest.mark.parametrize("query", ["bpm:fast", "bpm:140-120", "energy:0.7", "minutes:x-y"])
def test_what_is_no_range_is_said(query: str) -> None:
    """A range that cannot be read is a mistake in one sentence, not a query without results."""
    with pytest.raises(ChoiceError, match="range"):
        matching(TRACKS, query)


@given(st.text(max_size=30))
def test_any_words_are_a_query(text: str) -> None:
    """Whatever is typed without a field is looked for, and nothing breaks."""
    plain = text.replace(":", "")
    assert all(found in TRACKS for found in matching(TRACKS, plain))


def test_one_is_named_by_a_query() -> None:
    """A query that fits one track alone names it."""
    assert one(TRACKS, "artist:rush") is TRACKS[0]


def test_copies_are_told_apart_by_their_places() -> None:
    """Where a title is there twice, the choice is between paths; else between names."""
    copies = [*TRACKS, replace(TRACKS[2], location=Path("/cd/Time.flac"))]
    with pytest.raises(ChoiceError, match=r"'/cd/Time\.flac'; add words, or give its path"):
        one(copies, "pink floyd album:pictures time")
    with pytest.raises(ChoiceError, match="'Rush Limelight', 'Paula Abdul Rush Rush'; add"):
        one(copies, "rush")


def test_a_file_that_was_not_measured_is_said_to_be_such(tmp_path: Path) -> None:
    """Who names a file that is there is told what to do with it, not what else there is."""
    (tmp_path / "new.mp3").touch()
    with pytest.raises(ChoiceError, match="the file is not measured yet: run `tempo analyze`"):
        one(TRACKS, str(tmp_path / "new.mp3"))


def test_a_path_may_lead_through_links(tmp_path: Path) -> None:
    """A folder of music is often a link to another disk; its files go by either name."""
    file = tmp_path / "disk" / "new.mp3"
    file.parent.mkdir()
    file.touch()
    (tmp_path / "Music").symlink_to(file.parent)
    (tmp_path / "best.mp3").symlink_to(file)
    known = replace(TRACKS[0], location=file)
    for name in ("Music/new.mp3", "best.mp3", "disk/../Music/new.mp3"):
        assert one([TRACKS[1], known], str(tmp_path / name)) is known
    linked = replace(TRACKS[0], location=tmp_path / "Music" / "new.mp3")
    assert one([TRACKS[1], linked], str(file)) is linked


def test_what_is_no_field_is_said() -> None:
    """A word before a colon that looks like a field is named where nothing fits; others are not."""
    with pytest.raises(ChoiceError, match="artists: is no field: there are artist, title"):
        one(TRACKS, "artists:rush")
    for text in ("artist:nobody", "Re: Stacks", "https://a.example/b", "spotify:track:x"):
        assert no_field(text) == ""
