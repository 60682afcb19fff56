"""A user of the fake Spotify: the program as they run it, and what they have."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from playlists.recording import Recording
from playlists.spotify.account import account
from playlists.spotify.api import Spotify
from playlists.spotify.token_file import TokenFile
from tempo.library import Library
from tempo.track import (
    ANALYSIS_VERSION,
    Analysis,
    AudioFile,
    Tags,
    TempoCandidate,
    TempoEstimate,
    Track,
)  # fmt: skip
from tests.conftest import Tempo
from tests.spotify_fake import FakeSpotify, make_track
from tests.spotify_server import serving

BROWSER = f'{sys.executable} -c "import sys, urllib.request as u; u.urlopen(sys.argv[1])" %s'
"""A browser that consents to everything."""
NOW = time.time()
"""The clock stands still, unless a test moves it."""


def on_fake(tempo: Tempo, fake: FakeSpotify, folder: Path) -> Tempo:
    """Return the program with a fake Spotify."""
    env = {
        "TEMPO_SPOTIFY_CLIENT_ID": "5fe01282e44241328a84e7c5cc169165",
        "TEMPO_SPOTIFY_API_URL": f"{fake.url}/v1",
        "TEMPO_SPOTIFY_ACCOUNTS_URL": f"{fake.url}/accounts",
        "TEMPO_RECCOBEATS_URL": f"{fake.url}/reccobeats",
        "TEMPO_DEEZER_URL": f"{fake.url}/deezer",
        "TEMPO_GETSONGBPM_URL": f"{fake.url}/getsong",
        "TEMPO_SPOTIFY_TOKEN_FILE": str(folder / "private" / "token.json"),
        "BROWSER": BROWSER,
    }
    return Tempo(tempo.library, env)


def token_file(program: Tempo) -> Path:
    """Return where the program keeps its sign-in."""
    return Path(program.env["TEMPO_SPOTIFY_TOKEN_FILE"])


def sign_in(program: Tempo, fake: FakeSpotify, seconds: float = 3600) -> str:
    """Bring a token, as a user may, and return it."""
    token = fake.token(seconds=seconds)
    TokenFile(token_file(program)).write(token)
    return str(token["access_token"])


def settings(program: Tempo) -> dict[str, str]:
    """Return the environment of a program as a table of the configuration file."""
    names = ("client_id", "api_url", "accounts_url", "token_file")
    return {name: program.env[f"TEMPO_SPOTIFY_{name.upper()}"] for name in names}


def connected(program: Tempo, library: Library, **options: Any) -> Spotify:
    """Return Spotify as the fake's user; `options` are those of `Spotify`."""
    usual: dict[str, Any] = {
        "sleep": lambda _: None,
        "now": lambda: NOW,
        "timeout": (1.0, 0.3),
    }
    return Spotify(account(settings(program)), library, **(usual | options))


def stock(library: Library, *wanted: tuple[str, Recording]) -> None:
    """Put files into a library, with these tags."""
    for name, one in wanted:
        tempo = TempoEstimate((TempoCandidate(128.0, 1.0),), 0.9, 0.0)
        analysis = Analysis(one.seconds or 0.0, tempo, 0.7, 0.6, -9.0, 0.5, 0.0)
        track = Track(Path(name), Tags(one.title, one.artist, "", one.isrc), analysis)
        library.add(AudioFile(Path(name), 1, 1), b"", track, ANALYSIS_VERSION)


CATALOG = [make_track(number) for number in range(600)]


@pytest.fixture
def fake() -> Iterator[FakeSpotify]:
    """Return a Spotify of our own with 600 tracks."""
    with serving(FakeSpotify()) as fake:
        fake.add(*CATALOG)
        yield fake


@pytest.fixture
def online(tempo: Tempo, fake: FakeSpotify, tmp_path: Path) -> Tempo:
    """Return the program, signed in to the fake."""
    program = on_fake(tempo, fake, tmp_path)
    sign_in(program, fake)
    return program


@pytest.fixture
def library() -> Iterator[Library]:
    """Return an empty library."""
    with Library(Path(":memory:")) as library:
        yield library


@pytest.fixture
def spotify(online: Tempo, library: Library) -> Spotify:
    """Return Spotify as the fake's user, with a clock that does not wait."""
    return connected(online, library)
