"""The file that keeps the sign-in."""

import json
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playlists.errors import SignInError, SpotifyError

LOCK_SECONDS = 60.0
"""How long one run waits for another that renews the sign-in; three slow tries fit in."""
LIFETIME_DAYS = 182
"""Spotify lets a sign-in end six months after it was made."""
NOTICE_DAYS = 14
"""Days before its end from which on a sign-in is to be renewed."""
DAY = 86_400.0
AGAIN = "run `tempo spotify login` again"

Token = dict[str, Any]
"""What spotipy stores (`access_token, refresh_token, expires_at, scope, token_type`), with
`client_id` and `authorized_at`, seconds since 1970, where this program signed in."""


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


def days_old(token: Token, now: float) -> int | None:
    """Return how old a sign-in is at `now`, seconds since 1970, or None where that is unknown."""
    since = token.get("authorized_at")
    return int((now - since) / DAY) if isinstance(since, int | float) else None
