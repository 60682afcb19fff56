"""One door to services other than Spotify: a question to an address, and its answer.

Nobody's sign-in goes through here: Spotify has a door of its own.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

import requests

from playlists.deadline import PATIENCE, in_time
from playlists.statuses import SERVER_FAULT, TOO_MANY, seconds_after

TIMEOUT = (5.0, 20.0)
"""Seconds to connect, and to wait for a part of the answer."""

T = TypeVar("T")


class UnansweredError(Exception):
    """A service does not answer, or not so that it could be understood."""


@dataclass(frozen=True, slots=True)
class Service:
    """How to ask one service.

    Attributes
    ----------
    url : str
        Without a slash at the end.
    max_wait : float
        Seconds to wait at most where it asks for a pause.
    sleep : callable
    headers : mapping
        Sent with each question, such as the user's key.
    patience : float
        Seconds for the whole of an answer.
    """

    url: str
    max_wait: float
    sleep: Callable[[float], None] = time.sleep
    headers: Mapping[str, str] = field(default_factory=dict)
    patience: float = PATIENCE

    def ask(self, path: str, **params: str) -> dict[str, Any]:
        """Return the object that answers a question.

        Raises
        ------
        UnansweredError
            If there is none: no network, a refusal, a pause or an answer that takes too long, or
            nonsense.
        """
        try:
            answer = self._get(path, params)
            after = seconds_after(answer.headers.get("Retry-After"), answer.headers.get("Date"))
            if answer.status_code == TOO_MANY and after is not None and after <= self.max_wait:
                self.sleep(after)
                answer = self._get(path, params)
            answer.raise_for_status()
            said = answer.json()
        except (requests.RequestException, ValueError, RecursionError) as error:
            raise UnansweredError(self.url) from error
        if answer.is_redirect or not isinstance(said, dict):
            raise UnansweredError(self.url)
        return said

    def _get(self, path: str, params: Mapping[str, str]) -> requests.Response:
        # A redirect could lead the key elsewhere.
        get = partial(requests.get, allow_redirects=False, headers=self.headers, timeout=TIMEOUT)
        return _in_time(partial(get, self.url + path, params), self.url, self.patience)


def fetch(url: str, most: int, patience: float = PATIENCE) -> bytes | None:
    """Return what is at an address; None where nothing is, or too much.

    Parameters
    ----------
    url : str
    most : int
        Bytes.
    patience : float
        Seconds for all of it.

    Raises
    ------
    UnansweredError
        If nobody answers, or not in time.
    """
    return _in_time(partial(_fetched, url, most), url, patience)


def _fetched(url: str, most: int) -> bytes | None:
    held = bytearray()
    try:
        with requests.get(url, timeout=TIMEOUT, allow_redirects=False, stream=True) as answer:
            if answer.status_code >= SERVER_FAULT:
                raise UnansweredError(url)
            if answer.status_code != requests.codes.ok:
                return None
            for part in answer.iter_content(65_536):
                held += part
                if len(held) > most:
                    return None
    except requests.RequestException as error:
        raise UnansweredError(url) from error
    except ValueError:  # urllib3's word for an address that cannot be
        return None
    return bytes(held)


def _in_time(ask: Callable[[], T], url: str, patience: float) -> T:
    try:
        return in_time(ask, patience)
    except TimeoutError:
        raise UnansweredError(url) from None
