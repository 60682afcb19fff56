"""The same recording is known again under other names, and no other is taken for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playlists.recording import Recording, best, difference, of_spotify
from playlists.titles import words
from tests.spotify_fake import make_track

SONG = Recording("Eye of the Tiger", "Survivor", 245.0)


@pytest.mark.parametrize(
    ("title", "artist", "seconds"),
    [
        ("Eye Of The Tiger", "SURVIVOR", 246.9),
        ("Eye of the Tiger - 2006 Remaster", "Survivor", 245.0),
        ("Eye of the Tiger (Remastered)", "Survivor, Somebody", 245.0),
        ('Eye of the Tiger - From "Rocky III"', "Survivor", 245.0),
        ("Eye of the Tiger (feat. A Live Band)", "The Survivor", 245.0),
        ("Éye of the Tiger - Album Version", "Survivor & Friends", 245.0),
        ("Eye of the Tiger", "Survivor", None),
    ],
)
def test_same(title: str, artist: str, seconds: float | None) -> None:
    """Case, accents, guests, remasters and soundtracks make no other recording."""
    assert difference(SONG, Recording(title, artist, seconds)) == ""


@pytest.mark.parametrize(
    ("title", "artist", "seconds", "why"),
    [
        ("Eye of the Tiger - Live at Wembley", "Survivor", 245.0, "another version"),
        ("Eye of the Tiger (Sped Up)", "Survivor", 245.0, "another version"),
        ("Eye of the Tiger - Karaoke", "Survivor", 245.0, "another version"),
        ("Eye of the Tiger (Workout Mix)", "Survivor", 245.0, "another version"),
        ("Eye of the Storm", "Survivor", 245.0, "another title"),
        ("Eye of the Tiger", "Tiger Kings", 245.0, "another artist"),
        ("Eye of the Tiger", "Survivor", 248.0, "3 s longer"),
        ("Eye of the Tiger", "Survivor", 200.0, "45 s shorter"),
    ],
)
def test_different(title: str, artist: str, seconds: float, why: str) -> None:
    """Version words, title, artist and length must agree, and what does not is said."""
    assert why == difference(SONG, Recording(title, artist, seconds))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Song (Ann Remix)", "Song - Ann Remix", True),
        ("Song (Ann Remix)", "Song (Bo Remix)", False),
        ("Song (Part 1)", "Song (Part 2)", False),
        ("Live Forever", "Live Forever", True),
        ("Live Forever", "Live Forever - Live", False),
        ("Satisfaction", "(I Can't Get No) Satisfaction - Mono", True),
        ("Don\u2019t Stop", "Don't Stop", True),
        ("夜に駆ける", "夜に駆ける", True),
        ("夜に駆ける", "群青", False),
        ("???", "!!!", False),
    ],
)
def test_titles(one: str, other: str, *, same: bool) -> None:
    """Whose remix and which part it is counts; dashes and brackets are alike."""
    found = difference(Recording(one, "A", 200.0), Recording(other, "A", 200.0))
    assert same == (found == "")


def test_isrc_decides() -> None:
    """An equal ISRC outweighs the texts, unless the lengths are far apart or it cannot be had."""
    wanted = Recording("A", "B", 200.0, "USAAA0000001")
    assert difference(wanted, Recording("C - Live", "D", 206.0, "USAAA0000001")) == ""
    assert difference(wanted, Recording("C", "D", 208.0, "USAAA0000001")) == "8 s longer"
    assert "country" in difference(wanted, Recording("A", "B", 200.0, playable=False))


def test_no_artist_is_no_match() -> None:
    """A title alone is not enough."""
    assert "not known" in difference(Recording("A", "", 200.0), Recording("A", "B", 200.0))


def test_nearest() -> None:
    """Of many, the closest in length is taken, and the likest of the wrong ones shown."""
    right = [
        Recording("Eye of the Tiger", "Survivor", s, uri=str(s)) for s in (246.5, 245.1, 243.5)
    ]
    wrong = [Recording("Eye", "X", 245.0), Recording("Eye of the Tiger - Live", "Survivor", 300.0)]
    assert (right[1], wrong[1]) == best(SONG, [*wrong, *right])
    assert best(SONG, []) == (None, None)


@given(st.text(max_size=40), st.text(max_size=20))
def test_any_text(title: str, artist: str) -> None:
    """No text breaks the comparison; each recording is itself, if its artist is known."""
    one = Recording(title, artist, 200.0)
    assert words(title)
    assert difference(one, one) in {"", "the artist of your file is not known"}


@pytest.mark.parametrize(
    "item",
    [None, {}, {"type": "episode", "id": "x"}, {"id": None, "uri": "spotify:local:a:b:c:1"}],
)
def test_no_tracks(item: dict[str, object] | None) -> None:
    """Gaps, episodes and local files of a playlist are no recordings."""
    assert of_spotify(item) is None


def test_spotify_words() -> None:
    """A track of Spotify is read whole; what may be missing may be missing."""
    track = make_track(1, "Song", "Ann; Bo", 200.5, "us-aaa-00-00001")
    uri = f"spotify:track:{track['id']}"
    assert Recording("Song", "Ann, Bo", 200.5, "USAAA0000001", uri, album="Album") == of_spotify(
        track
    )
    bare = {"id": "x", "name": None, "artists": None, "external_ids": None}
    assert Recording("", "", None, "", "spotify:track:x") == of_spotify(bare)
