"""What services say is taken for a tempo only if it can be one."""

from collections.abc import Iterator
from typing import Any

import pytest

from playlists import getsongbpm, reccobeats
from playlists.deezer import Deezer
from playlists.recording import Recording
from playlists.web import Service
from tempo.analysis import measure_clip
from tests.spotify_fake import FakeSpotify, Fault, deezer_track, getsong_song
from tests.spotify_server import serving

NUMBERS = {"tempo": 172.0, "energy": 0.8, "loudness": -6.0, "danceability": 0.6}
ODD: tuple[object, ...] = (
    None,
    True,
    [],
    [120],
    {},
    "",
    "x",
    "NaN",
    float("nan"),
    float("inf"),
    -1,
    0,
    10**400,
)
"""What should be a tempo, and is none."""


@pytest.fixture
def fake() -> Iterator[FakeSpotify]:
    """Return services of our own."""
    with serving(FakeSpotify()) as fake:
        yield fake


@pytest.mark.parametrize("value", ODD, ids=lambda value: repr(value)[:9])
def test_what_is_no_tempo(fake: FakeSpotify, value: Any) -> None:
    """Whatever a service says instead of a tempo, a length or a text is passed over."""
    one = Recording("Song", "Ann", 200.0, "USAAA0000001", "spotify:track:" + "1" * 22)
    usual = deezer_track(1, "Song", "Ann", isrc=one.isrc, bpm=120.0)
    for name in ("bpm", "duration", "title", "artist", "id", "preview", "isrc"):
        fake.faults += [Fault("GET", "/deezer/.*", 200, {**usual, name: value})]
        fake.faults += [
            Fault("GET", "/deezer/search", 200, {"data": [value, {**usual, name: value}]})
        ]
        deezer = Deezer(Service(f"{fake.url}/deezer", 0.0, lambda _: None), measure_clip)
        ((_, said),) = deezer.tempos([one])
        assert (name, said) == ("bpm", None) or name != "bpm"
        fake.faults.clear()
    song = getsong_song("Song", "Ann", value)
    rows = [value, {**song, "artist": value}, {**song, "title": value}, song]
    fake.faults += [Fault("GET", "/getsong/.*", 200, {"search": rows})]
    fake.faults += [Fault("GET", "/getsong/.*", 200, {"search": value})]
    getsong = Service(f"{fake.url}/getsong", 0.0, lambda _: None)
    assert list(getsongbpm.tempos([one, one], getsong)) == [(one, None)] * 2
    link = f"https://open.spotify.com/track/{'1' * 22}"
    row = {**NUMBERS, "href": link, "tempo": value}
    fake.faults += [Fault("GET", "/reccobeats/.*", 200, {"content": [{"href": value}, row]})]
    recco = Service(f"{fake.url}/reccobeats", 0.0)
    assert list(reccobeats.tempos([one], recco)) == [(one, None)]
