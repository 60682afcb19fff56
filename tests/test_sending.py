"""Requests are sent again where that helps, and what does not help is a sentence."""

from dataclasses import replace
from typing import Any

import pytest

from playlists.errors import SpotifyError, StoppedError, UnsureError
from playlists.spotify.api import Spotify
from playlists.spotify.quota import local_time
from tempo.library import Library
from tests.conftest import Tempo
from tests.slow_host import dripping
from tests.spotify_fake import FakeSpotify, Fault, error, make_track, quota
from tests.spotify_server import serving
from tests.spotify_user import NOW, connected
from tests.test_push import MINE, die, pushed, uris


def test_quota(online: Tempo, library: Library, fake: FakeSpotify) -> None:
    """A long stop ends the run at once, says until when, and is kept by the next run."""
    fake.faults.append(Fault("POST", MINE, skip=1, **quota()))
    wanted = uris(fake)
    with pytest.raises(StoppedError, match=r"100 of 251 tracks are in place") as stopped:
        pushed(connected(online, library, sleep=die), wanted)
    assert stopped.value.exit_code == 75
    asked = len(fake.calls)
    with pytest.raises(StoppedError, match=f"until {local_time(NOW + 48_925)}"):
        pushed(connected(online, library), wanted)
    assert asked == len(fake.calls)
    late = connected(online, library, now=lambda: NOW + 48_926)
    assert wanted == fake.playlists[pushed(late, wanted)].uris


def test_quota_without_an_end(online: Tempo, library: Library, fake: FakeSpotify) -> None:
    """Where Spotify does not say when a quota comes back, it is left alone for an hour."""
    fake.faults.append(Fault("POST", MINE, **(quota() | {"headers": {}})))
    with pytest.raises(StoppedError, match=f"until {local_time(NOW + 3600)}"):
        pushed(connected(online, library, sleep=die), uris(fake))


@pytest.mark.parametrize("after", ["31", "9" * 400, "Fri, 15 Jan 2999 08:01:00 GMT"])
def test_long_wait(online: Tempo, library: Library, fake: FakeSpotify, after: str) -> None:
    """A pause longer than --max-wait stops the run without a wait, be it seconds or a date."""
    fake.faults.append(Fault("POST", MINE, 429, error(429, "x")[1], {"Retry-After": after}))
    with pytest.raises(StoppedError):
        pushed(connected(online, library, sleep=die), uris(fake))


def test_short_waits_are_said(online: Tempo, library: Library, fake: FakeSpotify) -> None:
    """A short pause is as long as Spotify asks, and said before."""
    fake.faults.append(Fault("POST", MINE, 429, error(429, "x")[1], {"Retry-After": "7"}))
    heard: list[object] = []
    pushed(connected(online, library, sleep=heard.append, say=heard.append), uris(fake))
    assert heard == ["Spotify asks for a pause of 7 s", 7.0]


@pytest.mark.parametrize(
    ("status", "text", "said"),
    [
        (403, "Active premium subscription required for the owner of the app.", "Premium"),
        (403, "Check settings on developer.spotify.com/dashboard, the user may not be registered.",
         "User Management"),
        (403, "User not registered in the Developer Dashboard", "User Management"),
        (403, error(403, "Forbidden")[1], "you made or edit"),
        (403, error(403, "Insufficient client scope")[1], "permission"),
        (404, error(404, "Resource not found")[1], "nothing there"),
        (400, error(400, "Invalid track uri: spotify:track:s")[1], "spotify:track:s"),
        (400, error(400, "Invalid limit")[1], "Invalid limit"),
        (502, error(502, "Bad gateway.")[1], "trouble of its own"),
    ],
)  # fmt: skip
def test_errors_are_sentences(
    spotify: Spotify, fake: FakeSpotify, status: int, text: object, said: str
) -> None:
    """Each error body of Spotify has a sentence of its own."""
    fake.faults.append(Fault("GET", "/me", status, text, times=9))
    with pytest.raises(SpotifyError, match=said):
        spotify.me()


def test_nobody_there(online: Tempo, library: Library) -> None:
    """An address where nobody answers is a sentence."""
    env = {**online.env, "TEMPO_SPOTIFY_API_URL": "http://127.0.0.1:9/v1"}
    with pytest.raises(SpotifyError, match="network"):
        connected(replace(online, env=env), library).me()


def test_dripping_answers_end(online: Tempo, library: Library) -> None:
    """An answer, or a new sign-in, that drips is given up, though each byte comes in time."""
    with dripping() as url:
        env = {**online.env, "TEMPO_SPOTIFY_API_URL": f"{url}/v1"}
        slow = connected(replace(online, env=env), library, timeout=(1.0, 5.0), patience=0.3)
        with pytest.raises(SpotifyError, match="no answer in time"):
            slow.me()
        with pytest.raises(UnsureError, match="no answer in time"):
            slow.create("Run", "", public=False)
        env = {**online.env, "TEMPO_SPOTIFY_ACCOUNTS_URL": url}
        slow = connected(replace(online, env=env), library, patience=0.3)
        with pytest.raises(SpotifyError, match="sign-in service does not answer"):
            slow.sign_in.renew(slow.sign_in.token())


def test_no_foreign_address_gets_the_token(spotify: Spotify, fake: FakeSpotify) -> None:
    """Neither a `next` link nor a redirect takes a request to another host."""
    with serving(FakeSpotify()) as other:
        fake.add(*(make_track(n) for n in range(60)), liked=True)
        fake.links_to = other.url
        assert [len(page["items"]) for page in spotify.liked()] == [50, 10]
        fake.faults.append(
            Fault("GET", "/me", 307, "", {"Location": f"{other.url}/v1/me"}, times=9)
        )
        with pytest.raises(SpotifyError):
            spotify.me()
        assert other.headers == []


def test_nothing_is_logged(spotify: Spotify, fake: FakeSpotify, caplog: Any) -> None:
    """With all logging on, no line holds the token."""
    caplog.set_level("DEBUG")
    fake.faults.append(Fault("GET", "/me", 401, error(401, "The access token expired")[1]))
    spotify.me()
    assert not any(token in caplog.text for token in [*fake.access, "refresh-0"])
