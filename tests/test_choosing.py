"""What a person asks for is found, and what cannot be is said in a sentence."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playlists.choosing import choice, moment, read_pin, useless
from playlists.errors import PlaylistError
from playlists.rules import Pin
from tempo.library import Library
from tempo.rows import Rows
from tempo.track import ANALYSIS_VERSION, AudioFile, Tags, Track
from tests.crates import song
from tests.plans import parse

WORKOUT = parse('"warm up" 10m 50-75%, 4x("hard" 3m 100%, "easy" 2m 60%), "summit" 30s 110%')


def track(title: str, artist: str, beat: float = 0.5) -> Track:
    """Return a track with tags."""
    made = song(f"{artist} {title}", beat=beat)
    return replace(made, tags=Tags(title=title, artist=artist))


LP = track("Hearts on Fire", "John Cafferty", beat=0.5)
FILM = track('Hearts on Fire - From "Rocky IV"', "John Cafferty", beat=0.8)
ADAMS = track("Hearts on Fire", "Bryan Adams")
OTHER = track("Winter", "Tori Amos")
TRACKS = [LP, FILM, ADAMS, OTHER]


def chosen(
    only: Sequence[str] = (), banned: Sequence[str] = (), pins: Sequence[Pin] = ()
) -> Sequence[Track]:
    """Return the choice among `TRACKS`."""
    return choice(TRACKS, only=only, banned=banned, pins=pins)


@pytest.mark.parametrize(
    ("when", "expected"),
    [("12:30", 750.0), ("0:00", 0.0), ("summit", 1815.0), ("SUMMIT", 1815.0), ("warm", 300.0),
     ("step 2", 690.0), ("#10", 1815.0)],
)  # fmt: skip
def test_moments(when: str, expected: float) -> None:
    """A moment is a time, or the middle of a step by its name, a part of it, or its number."""
    assert expected == moment(when, WORKOUT)


@pytest.mark.parametrize(
    ("when", "why"),
    [
        ("hard", "4 steps are called 'hard', at 10:00, 15:00, 20:00, 25:00: give the time"),
        ("30:30", "lasts only 30:30"),
        ("1:00:00", "lasts only"),
        ("finish", "nor a step: its steps are warm up, hard, easy, summit"),
        ("step 11", "nor a step"),
        ("step 0", "nor a step"),
    ],
)
def test_no_moments(when: str, why: str) -> None:
    """What is no moment of the workout is refused with what there is."""
    with pytest.raises(PlaylistError, match=why):
        moment(when, WORKOUT)


def test_a_pin_names_a_track_and_a_moment() -> None:
    """Words before the last @ name the track; of versions, the one with the strongest beat."""
    assert read_pin("winter amos@summit", TRACKS, WORKOUT) == Pin(OTHER, 1815.0)
    assert read_pin("hearts cafferty@12:30", TRACKS, WORKOUT) == Pin(FILM, 750.0)
    assert read_pin(f"{LP.location}@12:30", TRACKS, WORKOUT) == Pin(LP, 750.0)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("hearts@summit", "3 tracks fit 'hearts': 'John Cafferty Hearts on Fire'"),
        ("nothing such@summit", "no track fits 'nothing such'"),
        ("winter", "write TRACK@12:30"),
        ("@summit", "write TRACK@12:30"),
        ("winter@", "write TRACK@12:30"),
        ("winter@99:00", "lasts only"),
    ],
)
def test_no_pins(text: str, why: str) -> None:
    """A pin that is unknown, ambiguous, incomplete or outside is refused."""
    with pytest.raises(PlaylistError, match=why):
        read_pin(text, TRACKS, WORKOUT)


def test_one_version_is_chosen() -> None:
    """Of two versions the film's stays, unless it is banned or the other is pinned."""
    assert chosen() == [FILM, ADAMS, OTHER]
    assert chosen(banned=["rocky"]) == [LP, ADAMS, OTHER]
    assert chosen(pins=[Pin(LP, 0.0)]) == [LP, ADAMS, OTHER]


def test_only_and_ban() -> None:
    """Several queries add up; a pinned track needs not fit --only."""
    assert chosen(only=["artist:adams", "winter"]) == [ADAMS, OTHER]
    assert chosen(only=["hearts"], banned=["adams"]) == [FILM]
    assert chosen(only=["adams"], pins=[Pin(OTHER, 0.0)]) == [ADAMS, OTHER]
    assert useless(TRACKS, ["winter", "summer"]) == ["summer"]


@pytest.mark.parametrize(
    ("only", "banned", "pins", "why"),
    [
        (["summer"], [], [], "no track fits --only 'summer'"),
        ([], ["hearts", "winter"], [], "--ban 'hearts', 'winter' leaves no track"),
        ([], ["winter"], [Pin(OTHER, 0.0)], "“Tori Amos - Winter” is pinned, and banned too"),
    ],
)
def test_nothing_left(only: list[str], banned: list[str], pins: list[Pin], why: str) -> None:
    """Wishes that leave nothing or contradict each other are refused."""
    with pytest.raises(PlaylistError, match=why):
        chosen(only, banned, pins)


def test_rows_of_a_library_are_as_good(tmp_path: Path) -> None:
    """The same is chosen from rows as from tracks, titles that only file names tell included."""
    named = replace(song("John Cafferty - Hearts on Fire", beat=0.9), tags=Tags())
    with Library(tmp_path / "library.db") as library:
        for each in (*TRACKS, named):
            file = AudioFile(Path(each.location), 1, 1)
            library.add(file, b"", each, ANALYSIS_VERSION)
        library.fix(OTHER.location, 100.0)
        rows, tracks = library.rows(), library.tracks()
    for pins in ([], [Pin(LP, 0.0)]):
        from_rows = choice(rows, only=[], banned=["adams"], pins=pins)
        from_tracks = choice(tracks, only=[], banned=["adams"], pins=pins)
        assert isinstance(from_rows, Rows)
        assert list(from_rows) == from_tracks
        assert {each.location for each in from_tracks} == {
            OTHER.location, pins[0].track.location if pins else named.location
        }  # fmt: skip


@given(st.permutations(TRACKS), st.sets(st.sampled_from(["rocky", "adams", "winter"])))
def test_the_order_does_not_matter(tracks: list[Track], banned: set[str]) -> None:
    """The same tracks are chosen in whatever order the library has them, and none is banned."""
    if len(banned) < 3:
        found = choice(tracks, only=[], banned=sorted(banned), pins=[])
        again = choice(TRACKS, only=[], banned=sorted(banned), pins=[])
        assert {each.location for each in found} == {each.location for each in again}
        assert (
            not {"adams", "winter"}
            & banned
            & {word for each in found for word in f"{each.artist} {each.title}".casefold().split()}
        )
