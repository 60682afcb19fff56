"""Where Spotify is, as a user may say it."""

import pytest

from playlists.errors import ConfigError
from playlists.spotify.account import account


@pytest.mark.parametrize(
    "url",
    [
        "http://api.spotify.com/v1", "https://evil.example/v1", "http://127.0.0.1@evil.example",
        "http://127.0.0.1:80\\@evil.example", "http://evil.example\\@127.0.0.1",
        "http://127.0.0.1.evil.example", "http://localhost:1", "http://127.0.0.1/?x=", "ftp://[::1]",
    ],
)  # fmt: skip
def test_strange_hosts(url: str) -> None:
    """The token goes to Spotify and this machine alone."""
    with pytest.raises(ConfigError):
        account({"api_url": url})


@pytest.mark.parametrize("sources", ["deezer", ["napster"], [["deezer"]], 3, ["getsongbpm"]])
def test_strange_sources(sources: object) -> None:
    """Services that are not there, or need a key that is not there, are refused."""
    with pytest.raises(ConfigError, match=r"spotify\.(sources|getsongbpm_key)"):
        account({"sources": sources})
