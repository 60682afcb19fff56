"""A sign-in: the user's consent becomes a token, which is kept fresh (OAuth 2.0 with PKCE)."""

import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from playlists.deadline import PATIENCE
from playlists.errors import SignInError, SpotifyError
from playlists.spotify.account import Account
from playlists.spotify.client import PAUSE, TRIES, granted, pkce
from playlists.spotify.faults import LOGIN, REFUSALS, AnswerError
from playlists.spotify.token_file import Token

SCOPES = (
    "playlist-read-private",
    "playlist-read-collaborative",
    "user-library-read",
    "playlist-modify-private",
)
"""What reading the user's music and making private playlists needs."""
PUBLIC_SCOPE = "playlist-modify-public"
COVER_SCOPE = "ugc-image-upload"
FRESH = 60.0
"""Seconds that a token must still hold, so that no request outlives it."""


class SignIn:
    """Turns a user's consent into a token, and keeps the token fresh.

    Parameters
    ----------
    account : Account
    sleep, now : callable
        The clock, seconds.
    patience : float
        Seconds for the whole of an answer.
    """

    def __init__(
        self,
        account: Account,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.time,
        patience: float = PATIENCE,
    ) -> None:
        self._account, self._sleep, self._now, self._patience = account, sleep, now, patience
        self._file = account.token_file
        self._manager: Any = None

    def url(self, redirect: str, state: str, more: Sequence[str] = ()) -> str:
        """Return the page on which the user consents to `SCOPES`, and to `more`."""
        self._manager = self._pkce(redirect, [*SCOPES, *more])
        self._manager.get_pkce_handshake_parameters()
        return str(self._manager.get_authorize_url(state))

    def finish(self, code: str) -> None:
        """Change a code into a token and store it.

        Raises
        ------
        SpotifyError
            If Spotify refuses the code, or does not answer.
        """
        self._patient(lambda: self._manager.get_access_token(code, check_cache=False))
        got = self._manager.cache_handler.get_cached_token()
        about = {"client_id": self._account.client_id, "authorized_at": int(self._now())}
        self._file.write({"scope": " ".join(self._manager.scope.split()), **got, **about})

    def token(self) -> str:
        """Return an access token that holds for another minute.

        Raises
        ------
        SignInError
            If nobody is signed in.
        """
        kept = self._kept()
        fresh = kept.get("expires_at", 0) - self._now() >= FRESH
        if fresh or not kept.get("refresh_token"):
            return str(kept["access_token"])
        return self.renew(kept["access_token"])

    def renew(self, stale: str) -> str:
        """Return an access token other than `stale`."""
        with self._file.locked():
            kept = self._kept()
            if kept["access_token"] != stale:
                return str(kept["access_token"])  # another run was faster
            if not kept.get("refresh_token"):
                raise SignInError(f"the sign-in has expired: {LOGIN}")
            manager = self._pkce("http://127.0.0.1/callback", [])
            refresh = partial(manager.refresh_access_token, kept["refresh_token"])
            got = self._patient(refresh, renewing=True)
            self._file.write({**kept, **got})
            return str(got["access_token"])

    def allows(self, scope: str) -> bool:
        """Tell whether the user has permitted `scope`, as far as is known."""
        said = self._kept().get("scope")
        return not isinstance(said, str) or scope in said.split()

    def _kept(self) -> Token:
        kept = self._file.read()
        if kept is None:
            raise SignInError(f"nobody is signed in to Spotify: {LOGIN}")
        return kept

    def _pkce(self, redirect: str, scopes: list[str]) -> Any:
        if not self._account.client_id:
            raise SignInError(
                "no client ID is known: make an app at developer.spotify.com/dashboard and run "
                "`tempo spotify login --client-id ID`; docs/spotify.md says how"
            )
        return pkce(self._account, redirect, scopes, self._patience)

    def _patient(self, call: Callable[[], Any], *, renewing: bool = False) -> Any:
        """Ask the accounts service, again where that can help."""
        for attempt in range(TRIES):
            if attempt:
                self._sleep(PAUSE * 2 ** (attempt - 1))
            try:
                return granted(call)
            except AnswerError as fault:
                if fault.reason in REFUSALS:
                    if fault.reason == "invalid_grant" and renewing:
                        self._file.remove()
                    raise SignInError(REFUSALS[fault.reason]) from None
        raise SpotifyError("Spotify's sign-in service does not answer properly: try again later")
