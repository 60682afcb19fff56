"""Where Spotify and the services beside it are, and as whom they are asked."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playlists.errors import ConfigError
from playlists.spotify.token_file import TokenFile

API = "https://api.spotify.com/v1"
ACCOUNTS = "https://accounts.spotify.com"
RECCOBEATS = "https://api.reccobeats.com"
DEEZER = "https://api.deezer.com"
GETSONGBPM = "https://api.getsong.co"
SOURCES = {
    "reccobeats": "free, of unknown make, no published terms",
    "deezer": "Deezer's own tempos; for personal, non-commercial use only",
    "preview": "measured here in Deezer's clips of 30 s, which are not kept; Deezer's terms "
    "forbid to copy its content: whether this is such a copy is for you to judge",
    "getsongbpm": "needs a key of your own, and a link to https://getsongbpm.com wherever you "
    "show its tempos",
}
"""Services that say tempos and are not asked unless the user wants it, and their terms."""
LOOPBACK = re.compile(r"http://(127\.0\.0\.1|\[::1\])(:\d{1,5})?(/[\w/-]*)?")
"""The only other addresses that ever see a token: this machine's own."""
CLIENT_ID = re.compile(r"[0-9a-f]{32}", re.IGNORECASE)
"""Spotify does not describe it; each one that it shows or gives away is so."""
VARIABLES = {
    "client_id": "TEMPO_SPOTIFY_CLIENT_ID",
    "token_file": "TEMPO_SPOTIFY_TOKEN_FILE",
    "api_url": "TEMPO_SPOTIFY_API_URL",
    "accounts_url": "TEMPO_SPOTIFY_ACCOUNTS_URL",
    "reccobeats_url": "TEMPO_RECCOBEATS_URL",
    "deezer_url": "TEMPO_DEEZER_URL",
    "getsongbpm_url": "TEMPO_GETSONGBPM_URL",
    "getsongbpm_key": "TEMPO_GETSONGBPM_KEY",
}


@dataclass(frozen=True, slots=True)
class Account:
    """How to reach one user's Spotify."""

    client_id: str
    """Of the user's own app; empty where none was named."""
    api_url: str
    accounts_url: str
    reccobeats_url: str
    deezer_url: str
    getsongbpm_url: str
    """All without a slash at the end."""
    token_file: TokenFile
    sources: tuple[str, ...] = ()
    """Of `SOURCES`, those to ask, in this order."""
    getsongbpm_key: str = field(default="", repr=False)
    """The user's own; empty where there is none."""


def account(config: Mapping[str, Any]) -> Account:
    """Return how to reach Spotify.

    Parameters
    ----------
    config : mapping
        The table ``[spotify]`` of the configuration file. Environment variables (`VARIABLES`)
        come first.

    Raises
    ------
    ConfigError
        If a name is unknown, a value is no text, or an address is neither Spotify's nor on this
        machine.
    """
    if not isinstance(config, Mapping):
        raise ConfigError(f"spotify is {config!r}; it must be a table")
    unknown = config.keys() - VARIABLES.keys() - {"sources"}
    if unknown:
        names = ", ".join([*VARIABLES, "sources"])
        raise ConfigError(f"unknown setting 'spotify.{min(unknown)}'; there are {names}")
    said = {key: _setting(key, config) for key in VARIABLES}
    path = os.path.expanduser(said["token_file"])  # noqa: PTH111 - Path's fails for unknown users
    file = TokenFile(Path(path) if path else _usual())
    return Account(
        checked_client_id(said["client_id"] or file.client_id()),
        _address("api_url", said["api_url"] or API, API),
        _address("accounts_url", said["accounts_url"] or ACCOUNTS, ACCOUNTS),
        _address("reccobeats_url", said["reccobeats_url"] or RECCOBEATS, RECCOBEATS),
        _address("deezer_url", said["deezer_url"] or DEEZER, DEEZER),
        _address("getsongbpm_url", said["getsongbpm_url"] or GETSONGBPM, GETSONGBPM),
        file,
        _sources(config.get("sources", []), said["getsongbpm_key"]),
        said["getsongbpm_key"],
    )


def checked_client_id(client_id: str) -> str:
    """Return the ID of an app as it is; nothing where none is named.

    Raises
    ------
    ConfigError
        If it cannot be one.
    """
    if client_id and not CLIENT_ID.fullmatch(client_id):
        raise ConfigError(
            f"{client_id!r} is no client ID, which is 32 digits and letters from a to f: copy it "
            "once more from developer.spotify.com/dashboard"
        )
    return client_id


def _sources(said: object, key: str) -> tuple[str, ...]:
    if not isinstance(said, list) or not all(one in list(SOURCES) for one in said):
        raise ConfigError(f"spotify.sources is {said!r}; it must be a list of {', '.join(SOURCES)}")
    if "getsongbpm" in said and not re.fullmatch(r"[!-~]+", key):
        raise ConfigError(
            "spotify.getsongbpm_key is missing: get one at https://getsongbpm.com/api, or take "
            "getsongbpm out of spotify.sources"
        )
    return tuple(name for name in SOURCES if name in said)


def _setting(key: str, config: Mapping[str, Any]) -> str:
    value = os.environ.get(VARIABLES[key]) or config.get(key, "")
    if not isinstance(value, str):
        raise ConfigError(f"spotify.{key} must be a text")
    return value.strip()


def _usual() -> Path:
    import platformdirs  # noqa: PLC0415 - `tempo --help` need not wait for it

    return platformdirs.user_data_path("tempo", appauthor=False) / "spotify.json"


def _address(key: str, url: str, usual: str) -> str:
    bare = url.rstrip("/")
    if bare != usual and not LOOPBACK.fullmatch(bare):
        raise ConfigError(f"spotify.{key} is {url!r}; it must be {usual}, or http://127.0.0.1:PORT")
    return bare
