"""A song is known again by its sound, or by its name, length and tempo."""

from dataclasses import replace
from pathlib import Path

import pytest

from tempo.same import Songs, is_other
from tempo.track import Track
from tests.crates import song

KNOWN = song("Song", artist="Ann", bpm=126.0, duration=200.0)


def other(**changes: object) -> Track:
    """Return what is nearly `KNOWN`, in another file."""
    made = song(**{"name": "Song", "artist": "ann", "energy": 0.61} | changes)  # type: ignore[arg-type]
    return replace(made, location=Path("music/other.ogg"))


@pytest.mark.parametrize("bpm", [126.0, 126.6, 63.1, 251.0])
def test_an_encoding_is_known(bpm: float) -> None:
    """What has the tags, nearly the length, and the tempo or its octave, is the song."""
    assert Songs([KNOWN]).like(other(bpm=bpm, duration=200.9)) is KNOWN


@pytest.mark.parametrize(
    "changes",
    [{"bpm": 127.0}, {"bpm": 84.0}, {"bpm": None}, {"bpm": 126.0, "duration": 201.1},
     {"bpm": 126.0, "name": "Song (Live)"}, {"bpm": 126.0, "artist": "Bo"},
     {"bpm": 126.0, "artist": ""}],
)  # fmt: skip
def test_another_song_is_none(changes: dict[str, object]) -> None:
    """What differs in one of them is another; without an artist nobody knows."""
    assert (
        Songs([KNOWN, replace(KNOWN, tags=replace(KNOWN.tags, artist=""))]).like(other(**changes))
        is None
    )


def test_sound_goes_before_name() -> None:
    """What measures the same is the song, whatever its tags; of several, the last."""
    named, last = other(bpm=126.0), replace(KNOWN, location=Path("music/last.ogg"))
    retagged = replace(KNOWN, tags=replace(KNOWN.tags, title="x"), location=Path("music/new.ogg"))
    assert Songs([KNOWN, last, named]).like(retagged) is last


def test_length_tells_another_song_in_a_file() -> None:
    """A file whose length changes by more than encoders change it holds another song."""
    assert [is_other(200.0, other(duration=seconds)) for seconds in (198.0, 202.1)] == [False, True]
