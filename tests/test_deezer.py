"""Sound clips of Deezer, which come and go."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from playlists.deezer import CLIP_BYTES, Deezer
from playlists.recording import Recording
from playlists.web import Service, UnansweredError
from tempo.analysis import measure_clip
from tests.spotify_fake import FakeSpotify, Fault, deezer_track
from tests.spotify_server import serving


@pytest.fixture
def fake() -> Iterator[FakeSpotify]:
    """Return services of our own."""
    with serving(FakeSpotify()) as fake:
        yield fake


def test_clip_address_that_ended(fake: FakeSpotify, music: Path) -> None:
    """A clip whose address has ended is looked up once more."""
    fake.clips = {"a.mp3": (music / "clicks.flac").read_bytes()}
    one = Recording("Song", "Ann", 200.0, "USAAA0000001", "spotify:track:" + "1" * 22)
    row = deezer_track(1, "Song", "Ann", isrc=one.isrc)
    fake.deezer = [row]
    deezer = Deezer(Service(f"{fake.url}/deezer", 0.0, lambda _: None), measure_clip)
    row["preview"] = f"{fake.url}/deezer/stream/a.mp3?exp=1"
    assert list(deezer.tempos([one])) == [(one, None)]
    row["preview"] = f"{fake.url}/deezer/stream/a.mp3"
    ((_, found),) = deezer.clips([one])
    assert found is not None
    assert round(found.tempo.bpm or 0) == 120


def test_clips_that_cannot_be_had(fake: FakeSpotify) -> None:
    """An address that cannot be and a clip that is too long are none; trouble is no answer."""
    one = Recording("Song", "Ann", 200.0, "USAAA0000001", "spotify:track:" + "1" * 22)
    row = deezer_track(1, "Song", "Ann", isrc=one.isrc)
    fake.deezer = [row]
    fake.clips = {"long.mp3": bytes(CLIP_BYTES + 1)}
    deezer = Deezer(Service(f"{fake.url}/deezer", 0.0, lambda _: None), measure_clip)
    for url in (f"https://{'a' * 64}.dzcdn.net/x", f"{fake.url}/deezer/stream/long.mp3"):
        row["preview"] = url
        assert list(deezer.clips([one])) == [(one, None)]
        deezer = replace(deezer, _rows={})
    fake.faults.append(Fault("GET", "/deezer/stream/.*", 503, "busy"))
    with pytest.raises(UnansweredError):
        list(deezer.clips([one]))
