"""Music on Spotify is read whole, once, and as far as it is open."""

from collections.abc import Iterator

import pytest

from playlists.errors import PlaylistError, StoppedError
from playlists.places import read
from playlists.spotify.api import Spotify
from tests.conftest import Tempo
from tests.spotify_fake import FakeSpotify, Fault, Playlist, error, make_track, quota
from tests.spotify_server import serving

LIST = "1" * 22


@pytest.fixture(params=["dev2026"])
def fake(request: pytest.FixtureRequest) -> Iterator[FakeSpotify]:
    """Return a Spotify of our own."""
    with serving(FakeSpotify(request.param)) as fake:
        yield fake


modes = pytest.mark.parametrize("fake", ["dev2026", "grandfathered", "extended"], indirect=True)


def titles(spotify: Spotify, *places: str, warnings: list[str] | None = None) -> list[str]:
    """Return the titles of what is at some places."""
    said = [] if warnings is None else warnings
    return [one.title for one in read(spotify, places, said.append)]


@modes
def test_all_pages_are_read(spotify: Spotify, fake: FakeSpotify) -> None:
    """Liked songs come whole, once and in order, 50 a request, with an expired token in between."""
    fake.add(*(make_track(n, f"Song {n}") for n in range(120)), liked=True)
    expired = error(401, "The access token expired")[1]
    fake.faults.append(Fault("GET", "/me/tracks", 401, expired, skip=1))
    fake.faults.append(Fault("GET", "/me/tracks", 502, skip=1))
    assert titles(spotify, "spotify:liked") == [f"Song {n}" for n in range(120)]
    assert len(fake.token_requests) == 1
    assert fake.count("GET", "/me/tracks") == 5


@modes
def test_odd_entries(spotify: Spotify, fake: FakeSpotify) -> None:
    """Gaps, episodes and local files are passed over; old and new keys are read alike."""
    key = "track" if fake.mode == "grandfathered" else "item"
    local = {**make_track(3), "id": None, "uri": "spotify:local:A:B:C:1", "is_local": True}
    episode = {"id": "e" * 22, "type": "episode", "name": "Talk", "uri": "spotify:episode:e"}
    items = [None, episode, local, make_track(1, "One", isrc=None), make_track(2, "Two")]
    common = {"added_at": None, "is_local": False}
    fake.entries[LIST] = [{**common, key: item} for item in items]
    assert titles(spotify, f"spotify:playlist:{LIST}") == ["One", "Two"]
    assert titles(spotify, f"https://open.spotify.com/playlist/{LIST}?si=x") == ["One", "Two"]


def test_closed_playlist_is_a_warning(spotify: Spotify, fake: FakeSpotify) -> None:
    """Of ten playlists, those of others are left out with a warning, the rest is read."""
    uris = fake.add(*(make_track(n, f"Song {n}") for n in range(10)))
    for n, uri in enumerate(uris):
        owner = "somebody" if n in {3, 6} else "runner"
        fake.playlists[str(n) * 22] = Playlist(f"List {n}", owner=owner, uris=[uri])
    warnings: list[str] = []
    found = titles(spotify, "spotify:playlists", warnings=warnings)
    assert sorted(found) == [f"Song {n}" for n in range(10) if n not in {3, 6}]
    assert [text.partition(" is left out")[0] for text in warnings] == ["List 6", "List 3"]


def test_closed_among_several(online: Tempo, fake: FakeSpotify) -> None:
    """Of several playlists that are named, a closed one is a warning; alone, it is an error."""
    uris = fake.add(*(make_track(n, f"Song {n}") for n in range(2)))
    for n, owner in enumerate(["somebody", "runner"]):
        fake.playlists[str(n) * 22] = Playlist(f"List {n}", owner=owner, uris=[uris[n]])
    places = [f"spotify:playlist:{str(n) * 22}" for n in (0, 1)]
    done = online.run("analyze", *places, code=1)
    assert f"{places[0]} is left out: Spotify does not permit this" in done.stderr
    assert "no tempo: " in done.stderr
    assert "you made or edit" in online.run("analyze", places[0], code=1).stderr


def test_one_track(spotify: Spotify, fake: FakeSpotify) -> None:
    """A link to a track is that track."""
    (uri,) = fake.add(make_track(7, "Seven"))
    link = f"https://open.spotify.com/intl-de/track/{uri.rpartition(':')[2]}"
    assert titles(spotify, uri, link) == ["Seven"]


@pytest.mark.parametrize("place", ["spotify:album:" + "1" * 22, "spotify:", "spotify:playlist:x"])
def test_no_such_place(spotify: Spotify, place: str) -> None:
    """What cannot be read is refused with what can."""
    with pytest.raises(PlaylistError, match="spotify:liked"):
        titles(spotify, place)


def test_stop(spotify: Spotify, fake: FakeSpotify) -> None:
    """An exhausted quota stops the reading."""
    fake.faults.append(Fault("GET", "/me/tracks", **quota()))
    with pytest.raises(StoppedError):
        titles(spotify, "spotify:liked")
