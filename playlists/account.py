"""Where Spotify is, as whom it is asked, and the file that keeps the sign-in."""

import json
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playlists.errors import ConfigError, SignInError, SpotifyError

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
LOCK_SECONDS = 60.0
"""How long one run waits for another that renews the sign-in; three slow tries fit in."""

Token = dict[str, Any]
"""What spotipy stores (`access_token, refresh_token, expires_at, scope, token_type`), with
`client_id` and `authorized_at`, seconds since 1970, where this program signed in."""


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
    token_file: "TokenFile"
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
    unknown = config.keys() - VARIABLES.keys() - {"sources"}
    if unknown:
        names = ", ".join([*VARIABLES, "sources"])
        raise ConfigError(f"unknown setting 'spotify.{min(unknown)}'; there are {names}")
    said = {key: _setting(key, config) for key in VARIABLES}
    file = TokenFile(Path(said["token_file"]).expanduser() if said["token_file"] else _usual())
    client_id = said["client_id"] or file.client_id()
    if client_id and not re.fullmatch(r"[0-9A-Za-z]{1,64}", client_id):
        raise ConfigError("spotify.client_id holds letters and digits only: copy it once more")
    return Account(
        client_id,
        _address("api_url", said["api_url"] or API, API),
        _address("accounts_url", said["accounts_url"] or ACCOUNTS, ACCOUNTS),
        _address("reccobeats_url", said["reccobeats_url"] or RECCOBEATS, RECCOBEATS),
        _address("deezer_url", said["deezer_url"] or DEEZER, DEEZER),
        _address("getsongbpm_url", said["getsongbpm_url"] or GETSONGBPM, GETSONGBPM),
        file,
        _sources(config.get("sources", []), said["getsongbpm_key"]),
        said["getsongbpm_key"],
    )


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


class TokenFile:
    """The file that keeps the sign-in; only its owner can read it, from its first byte on.

    Parameters
    ----------
    path : Path
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> Token | None:
        """Return what is kept, or None.

        Raises
        ------
        SignInError
            If the file cannot be read, or is something else.
        """
        try:
            token = json.loads(self.path.read_text("utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise SignInError(f"{self.path} cannot be read as a sign-in: {AGAIN}") from error
        if not isinstance(token, dict) or not _is_token(token):
            raise SignInError(f"{self.path} holds no sign-in: {AGAIN}")
        return token

    def client_id(self) -> str:
        """Return the client ID that was signed in with, or nothing."""
        try:
            return str((self.read() or {}).get("client_id") or "")
        except SignInError:
            return ""  # said by whoever needs the token itself

    def write(self, token: Token) -> None:
        """Replace the file, whole or not at all.

        Raises
        ------
        SpotifyError
            If it cannot be written: a sign-in that is lost in silence is worse.
        """
        try:
            self._folder()
            handle, name = tempfile.mkstemp(prefix=".spotify.", dir=self.path.parent)  # 0600
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    json.dump(token, file)
                    file.flush()
                    os.fsync(file.fileno())
                Path(name).replace(self.path)
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise
        except OSError as error:
            raise self._unwritable(error) from error

    def remove(self) -> bool:
        """Delete the file, and tell whether there was one."""
        try:
            self.path.unlink()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise self._unwritable(error) from error
        return True

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other runs from renewing the sign-in meanwhile."""
        import filelock  # noqa: PLC0415 - only needed once an hour

        try:
            self._folder()
            lock = filelock.FileLock(f"{self.path}.lock", LOCK_SECONDS, mode=0o600)
            with lock:
                yield
        except filelock.Timeout as error:
            raise SpotifyError(f"another tempo holds {self.path}.lock: try again later") from error
        except OSError as error:
            raise self._unwritable(error) from error

    def _folder(self) -> None:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)

    def _unwritable(self, error: OSError) -> SpotifyError:
        why = (error.strerror or str(error)).lower()
        return SpotifyError(
            f"the sign-in {self.path} cannot be written ({why}): "
            "name another file in $TEMPO_SPOTIFY_TOKEN_FILE"
        )


def _is_token(said: Token) -> bool:
    access, ends = said.get("access_token"), said.get("expires_at", 0)
    is_header = isinstance(access, str) and re.fullmatch(r"[!-~]+", access)
    return bool(is_header) and isinstance(ends, int | float)


AGAIN = "run `tempo spotify login` again"
