"""Spotify's Web API as it is since February 2026: the one door to spotipy.

Conventions
-----------
spotipy builds the requests; when to repeat one is decided here alone (`Spotify._ask`), because
spotipy 2.26 sleeps through any ``Retry-After``, sends a POST twice after a 502, and asks an
expired sign-in in silence. Its `next` is never used: it would send the token to any address.
"""

import logging
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import requests
import spotipy
from spotipy.cache_handler import MemoryCacheHandler
from spotipy.oauth2 import SpotifyOauthError, SpotifyPKCE

from playlists.account import Account, Token
from playlists.errors import SignInError, SpotifyError, UnsureError
from playlists.faults import (
    LOGIN,
    REFUSALS,
    TOO_MANY,
    UNAUTHORIZED,
    AnswerError,
    seconds_after,
    sentence,
)
from playlists.quota import MANY, note_requests, requests_of_day, stop, stop_until, stopped
from tempo.library import Library
from tempo.tags import clean
from tempo.timing import log

for _name in ("client", "oauth2", "cache_handler", "util"):
    logging.getLogger(f"spotipy.{_name}").disabled = True  # at DEBUG they print the token

SCOPES = (
    "playlist-read-private",
    "playlist-read-collaborative",
    "user-library-read",
    "playlist-modify-private",
)
"""What reading the user's music and making private playlists needs."""
PUBLIC_SCOPE = "playlist-modify-public"
COVER_SCOPE = "ugc-image-upload"

TIMEOUT = (5.0, 20.0)
"""Seconds to connect and to wait for an answer."""
TRIES = 4
"""Times that a request is sent before it counts as failed."""
PAUSE = 0.5
"""Seconds before the second try; each further pause is twice as long."""
MAX_WAIT = 30.0
"""Spotify counts requests in windows of 30 s: a usual limit is over by then."""
QUOTA_SECONDS = 3600.0
"""Seconds to leave Spotify alone where it says that the quota of a day is used up, but no end."""
FRESH = 60.0
"""Seconds that a token must still hold, so that no request outlives it."""
PAGE = 50
"""Items that Spotify returns at once."""
MOST_FOUND = 10
"""Results that a search may ask for."""
MOST_ADDED = 100
"""Items that one request may write, or ask the numbers of."""
MOST_COVER = 256_000
"""Letters that a cover may have in base64; Spotify says 256 KB."""


# ------------------------------------------------------------------- sign-in


class SignIn:
    """Turns a user's consent into a token, and keeps the token fresh.

    Parameters
    ----------
    account : Account
    sleep, now : callable
        The clock, seconds.
    """

    def __init__(
        self,
        account: Account,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._account, self._sleep, self._now = account, sleep, now
        self._file = account.token_file
        self._cache = MemoryCacheHandler()
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
        got = self._cache.token_info
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
        url = self._account.accounts_url
        manager = SpotifyPKCE(
            self._account.client_id, redirect, scope=scopes or None, open_browser=False,
            cache_handler=self._cache, requests_timeout=TIMEOUT, requests_session=_session(url),
        )  # fmt: skip
        manager.OAUTH_AUTHORIZE_URL = f"{url}/authorize"
        manager.OAUTH_TOKEN_URL = f"{url}/api/token"
        return manager

    def _patient(self, call: Callable[[], Any], *, renewing: bool = False) -> Any:
        """Ask the accounts service, again where that can help."""
        attempt = 0
        while True:
            attempt += 1
            try:
                return call()
            except SpotifyOauthError as error:
                why = str(error.error)  # it may be an object, as the API's errors are
                if why in REFUSALS:
                    if why == "invalid_grant" and renewing:
                        self._file.remove()
                    raise SignInError(REFUSALS[why]) from None
            except (requests.RequestException, LookupError, TypeError, ValueError, AttributeError):
                pass  # no answer, or none that makes sense: the cause may hold the code or token
            if attempt == TRIES:
                raise SpotifyError(
                    "Spotify's sign-in service does not answer properly: try again later"
                )
            self._sleep(PAUSE * 2 ** (attempt - 1))


def new_state() -> str:
    """Return a secret by which a sign-in knows its answer."""
    return secrets.token_urlsafe(24)


def _session(url: str) -> requests.Session:
    session = requests.Session()  # spotipy's own would sleep through any Retry-After
    session.auth = _unchanged  # else a ~/.netrc entry would take the token's place
    session.max_redirects = 0  # a redirected POST would carry its secrets along
    session.trust_env = url.startswith("https:")  # no proxy between this machine and itself
    return session


def _unchanged(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


# ----------------------------------------------------------------------- API


class Spotify:
    """The Web API, as one signed-in user.

    Parameters
    ----------
    account : Account
    library : Library
        Remembers how often Spotify was asked, and until when it must be left alone.
    max_wait : float >= 0
        Seconds to wait at most where Spotify asks for a pause.
    say : callable
        Gets a sentence before each pause.
    sleep, now : callable
        The clock, seconds.
    timeout : tuple of float
        Seconds to connect and to wait for an answer.

    Raises
    ------
    SpotifyError
        From every method: `SignInError`, `StoppedError`, `UnsureError` for an `add` or `create`
        that nobody answered, or with the HTTP status.
    """

    def __init__(
        self,
        account: Account,
        library: Library,
        *,
        max_wait: float = MAX_WAIT,
        say: Callable[[str], None] = lambda _: None,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.time,
        timeout: tuple[float, float] = TIMEOUT,
    ) -> None:
        self.sign_in = SignIn(account, sleep, now)
        self.count = 0
        """Requests of this run."""
        self.library = library
        self.now = now
        self._account, self._max_wait = account, max_wait
        self._say, self._sleep = say, sleep
        self._run = f"{now():.0f} {secrets.token_hex(4)}"
        self._before = requests_of_day(library, now())
        self._api = spotipy.Spotify(
            requests_session=_session(account.api_url), requests_timeout=timeout
        )
        self._api.prefix = f"{account.api_url}/"

    @property
    def count_of_day(self) -> int:
        """Requests in the last 24 hours."""
        return self._before + self.count

    def me(self) -> str:
        """Return the user's ID."""
        # spotipy's own call asks for `me/`, which is not in Spotify's description.
        return str(self._ask(lambda: self._api._get("me"))["id"])  # noqa: SLF001 - as said

    def liked(self) -> Iterator[dict[str, Any]]:
        """Yield the pages of the liked songs."""
        return self._pages(lambda at: self._api.current_user_saved_tracks(PAGE, at))

    def playlists(self) -> Iterator[dict[str, Any]]:
        """Yield the pages of the playlists that the user made or follows."""
        return self._pages(lambda at: self._api.current_user_playlists(PAGE, at))

    def playlist_items(self, playlist: str) -> Iterator[dict[str, Any]]:
        """Yield the pages of what a playlist holds."""
        kinds = ("track", "episode")
        return self._pages(
            lambda at: self._api.playlist_items(
                playlist, limit=PAGE, offset=at, additional_types=kinds
            )
        )

    def track(self, track: str) -> dict[str, Any]:
        """Return one track."""
        return dict(self._ask(lambda: self._api.track(track)))

    def search(self, query: str) -> list[dict[str, Any]]:
        """Return the tracks that a search finds, best first."""
        found = self._ask(lambda: self._api.search(query, MOST_FOUND, type="track"))
        items = (found.get("tracks") or {}).get("items") or []
        return [item for item in items if isinstance(item, dict)]

    def features(self, tracks: list[str]) -> list[dict[str, Any]]:
        """Return what Spotify measured of at most `MOST_ADDED` tracks; few apps may ask that."""
        # spotipy's own call warns that it is deprecated.
        get = partial(self._api._get, "audio-features", ids=",".join(tracks))  # noqa: SLF001 - as said
        rows = self._ask(get).get("audio_features")
        return [row for row in rows or [] if isinstance(row, dict)]

    def create(self, name: str, description: str, *, public: bool) -> str:
        """Make an empty playlist and return its ID."""
        made = self._ask(
            lambda: self._api.current_user_playlist_create(name, public, description=description),
            repeat=False,
        )
        return str(made["id"])

    def change(self, playlist: str, **details: Any) -> None:
        """Change name, description or publicity of a playlist."""
        self._ask(lambda: self._api.playlist_change_details(playlist, **details), answers=False)

    def replace(self, playlist: str, uris: list[str]) -> None:
        """Let a playlist hold these tracks, at most `MOST_ADDED`, and nothing else."""
        self._ask(lambda: self._api.playlist_replace_items(playlist, uris))

    def add(self, playlist: str, uris: list[str], position: int) -> None:
        """Put tracks, at most `MOST_ADDED`, into a playlist."""
        body = {"uris": uris, "position": position}
        # spotipy's own call sends a bare list, which is not in Spotify's description.
        post = self._api._post  # noqa: SLF001 - as said
        self._ask(lambda: post(f"playlists/{playlist}/items", payload=body), repeat=False)

    def cover(self, playlist: str, image: str) -> None:
        """Give a playlist a picture: a JPEG in base64, of at most `MOST_COVER` letters."""
        upload = self._api.playlist_upload_cover_image
        self._ask(lambda: upload(playlist, image), answers=False)

    def check_stop(self) -> None:
        """Raise `StoppedError` where Spotify wants to be left alone."""
        until = stop_until(self.library, self._account.client_id, self.now())
        if until is not None:
            raise stopped(until)

    # ---------------------------------------------------------------- inside

    def _pages(self, page: Callable[[int], Any]) -> Iterator[dict[str, Any]]:
        at = 0
        while True:
            got = self._ask(partial(page, at))
            yield got
            at += PAGE
            if not got.get("next") or not got.get("items"):
                return

    def _ask(self, call: Callable[[], Any], *, repeat: bool = True, answers: bool = True) -> Any:
        """Send a request, again where that is safe and can help.

        Parameters
        ----------
        call : callable
        repeat : bool
            Whether the request may be sent again although it may have worked.
        answers : bool
            Whether an answer is expected.
        """
        attempt, renewed = 0, False
        while True:
            token = self.sign_in.token()
            try:
                return self._once(call, token, answers=answers)
            except AnswerError as fault:
                if fault.status == UNAUTHORIZED and not renewed:
                    renewed = True
                    self.sign_in.renew(token)
                    continue
                attempt += 1
                pause = self._pause(fault, attempt, repeat=repeat)
            self._sleep(pause)

    def _once(self, call: Callable[[], Any], token: str, *, answers: bool) -> Any:
        self.check_stop()
        self._count()
        log.info("request to Spotify: %d in this run, %d in 24 h", self.count, self.count_of_day)
        self._api.set_auth(token)
        try:
            got = call()
        except spotipy.SpotifyException as error:
            raise _fault(error, token) from None
        except (requests.RequestException, AttributeError, TypeError) as error:
            raise AnswerError(None, type(error).__name__) from None
        if answers and not isinstance(got, dict):
            raise AnswerError(None, "an answer that is no JSON")
        return got

    def _pause(self, fault: AnswerError, attempt: int, *, repeat: bool) -> float:
        """Return the seconds before another try, or raise what cannot be helped by one."""
        if fault.status == TOO_MANY:
            return self._limited(fault, attempt)
        if fault.is_broken and not repeat:
            raise UnsureError(f"Spotify gave no clear answer ({fault.status or fault.message})")
        if fault.is_broken and attempt < TRIES:
            return float(PAUSE * 2 ** (attempt - 1))
        kind = SignInError if fault.status == UNAUTHORIZED else SpotifyError
        raise kind(sentence(fault), fault.status)

    def _limited(self, fault: AnswerError, attempt: int) -> float:
        """Return the pause that Spotify asks for; a request that it refused did not happen."""
        is_quota = fault.reason == "QUOTA_EXCEEDED"
        usual = QUOTA_SECONDS if is_quota else PAUSE * 2**attempt
        after = usual if fault.after is None else fault.after
        if is_quota or after > self._max_wait or attempt >= TRIES:
            raise stop(self.library, self._account.client_id, self.now() + max(after, 1.0))
        self._say(f"Spotify asks for a pause of {after:.0f} s")
        return after

    def _count(self) -> None:
        self.count += 1
        note_requests(self.library, self._run, self.count, self.now())
        if self.count_of_day == MANY:
            self._say(f"{MANY} requests in 24 hours: Spotify may soon ask for a long pause")


def _fault(error: spotipy.SpotifyException, token: str) -> AnswerError:
    headers = error.headers or {}
    message = str(error.msg or "").partition("\n")[2] or str(error.msg or "")  # less the address
    message = clean(message.replace(token, "…"))[:200]
    after = seconds_after(headers.get("Retry-After"), headers.get("Date"))
    return AnswerError(error.http_status, message, str(error.reason or ""), after)
