"""The one door to spotipy, which builds the requests and sends each of them once.

Conventions
-----------
When to repeat a request is decided in `playlists.spotify.sending` alone, because spotipy 2.26
sleeps through any ``Retry-After``, sends a POST twice after a 502, and asks an expired sign-in in
silence. Its `next` is never used: it would send the token to any address. Its limit of time is for
each part of an answer; here, one holds for the whole.
"""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

import requests
import spotipy
from spotipy.cache_handler import MemoryCacheHandler
from spotipy.oauth2 import SpotifyOauthError, SpotifyPKCE

from playlists.deadline import PATIENCE, in_time
from playlists.spotify.account import Account
from playlists.spotify.faults import AnswerError
from playlists.statuses import seconds_after
from tempo.tags import clean

for _name in ("client", "oauth2", "cache_handler", "util"):
    logging.getLogger(f"spotipy.{_name}").disabled = True  # at DEBUG they print the token

TIMEOUT = (5.0, 20.0)
"""Seconds to connect and to wait for a part of the answer."""
TRIES = 4
"""Times that a request is sent before it counts as failed."""
PAUSE = 0.5
"""Seconds before the second try; each further pause is twice as long."""


# ------------------------------------------------------- the accounts service


def pkce(account: Account, redirect: str, scopes: list[str], patience: float = PATIENCE) -> Any:
    """Return what signs a user in (RFC 7636), as spotipy has it."""
    url = account.accounts_url
    manager = SpotifyPKCE(
        account.client_id, redirect, scope=scopes or None, open_browser=False,
        cache_handler=MemoryCacheHandler(), requests_timeout=TIMEOUT,
        requests_session=_session(url, patience),
    )  # fmt: skip
    manager.OAUTH_AUTHORIZE_URL = f"{url}/authorize"
    manager.OAUTH_TOKEN_URL = f"{url}/api/token"
    return manager


def granted(call: Callable[[], Any]) -> Any:
    """Return what the accounts service grants.

    Raises
    ------
    AnswerError
        With the service's word as the reason, if it refuses.
    """
    try:
        return call()
    except SpotifyOauthError as error:
        why = str(error.error)  # it may be an object, as the API's errors are
        raise AnswerError(None, reason=why) from None
    except (requests.RequestException, LookupError, TypeError, ValueError, AttributeError):
        # No answer, or none that makes sense; the cause may hold the code or token.
        raise AnswerError(None) from None


# ------------------------------------------------------------------- the API


def web_api(
    account: Account, timeout: tuple[float, float] = TIMEOUT, patience: float = PATIENCE
) -> spotipy.Spotify:
    """Return spotipy's client of the Web API."""
    session = _session(account.api_url, patience)
    api = spotipy.Spotify(requests_session=session, requests_timeout=timeout)
    api.prefix = f"{account.api_url}/"
    return api


def answer(
    api: spotipy.Spotify, token: str, call: Callable[[], Any], *, is_expected: bool = True
) -> Any:
    """Return what the Web API answers to a request.

    Parameters
    ----------
    api : spotipy.Spotify
    token : str
    call : callable
        Sends the request.
    is_expected : bool
        Whether a request that worked has an answer.

    Raises
    ------
    AnswerError
        If there is none.
    """
    api.set_auth(token)
    try:
        got = call()
    except spotipy.SpotifyException as error:
        raise _fault(error, token) from None
    except requests.Timeout:
        raise AnswerError(None, "no answer in time") from None
    except requests.ConnectionError:
        raise AnswerError(None, "no connection") from None
    except (requests.RequestException, AttributeError, TypeError):
        raise AnswerError(None, "an answer that makes no sense") from None
    if is_expected and not isinstance(got, dict):
        raise AnswerError(None, "an answer that is no JSON")
    return got


def _fault(error: spotipy.SpotifyException, token: str) -> AnswerError:
    headers = error.headers or {}
    message = str(error.msg or "").partition("\n")[2] or str(error.msg or "")  # less the address
    message = clean(message.replace(token, "…"))[:200]
    after = seconds_after(headers.get("Retry-After"), headers.get("Date"))
    return AnswerError(error.http_status, message, str(error.reason or ""), after)


# ------------------------------------------------------------------- of both


def _session(url: str, patience: float) -> requests.Session:
    session = requests.Session()  # spotipy's own would sleep through any Retry-After
    session.request = partial(_bounded, session.request, patience)
    session.auth = _unchanged  # else a ~/.netrc entry would take the token's place
    session.max_redirects = 0  # a redirected POST would carry its secrets along
    session.trust_env = url.startswith("https:")  # no proxy between this machine and itself
    return session


def _bounded(request: Callable[..., Any], patience: float, *args: Any, **options: Any) -> Any:
    """Return the answer to a request, with its body."""
    try:
        return in_time(partial(request, *args, **options), patience)
    except TimeoutError:
        raise requests.Timeout from None


def _unchanged(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request
