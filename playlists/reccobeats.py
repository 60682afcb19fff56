"""Tempos from ReccoBeats, where the user asks for them: one door to a service other than Spotify.

It is free, says nothing about where its numbers come from, and has no published terms; they look
like those that Spotify published until 2024. Nothing but IDs of tracks is sent.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import requests

from playlists.faults import TOO_MANY, seconds_after
from playlists.recording import Recording
from tempo.catalog import spotify_uri

MOST = 40
"""IDs that one request may hold; what is over is dropped in silence."""
TIMEOUT = (5.0, 20.0)
"""Seconds to connect and to wait for an answer."""


def numbers(
    wanted: Sequence[Recording],
    url: str,
    max_wait: float,
    say: Callable[[str], None],
    sleep: Callable[[float], None] = time.sleep,
) -> dict[str, Mapping[str, Any]]:
    """Return what ReccoBeats says of recordings, by their URI on Spotify.

    Parameters
    ----------
    wanted : sequence of Recording
    url : str
        Address of the service, without a slash at the end.
    max_wait : float
        Seconds to wait at most where it asks for a pause.
    say : callable
        Gets a sentence where it does not answer; what it said until then counts.
    sleep : callable
    """
    found: dict[str, Mapping[str, Any]] = {}
    for start in range(0, len(wanted), MOST):
        ids = [one.uri.rpartition(":")[2] for one in wanted[start : start + MOST]]
        try:
            rows = _ask(f"{url}/v1/audio-features", ids, max_wait, sleep)
        except (requests.RequestException, ValueError, LookupError, TypeError):
            say("ReccoBeats does not answer properly: its tempos are left out")
            break
        # By address, never by place: what it does not know is missing without a sign.
        found |= {spotify_uri(str(row.get("href"))): row for row in rows}
    return {one.uri: found[one.uri] for one in wanted if one.uri in found}


def _ask(
    url: str, ids: list[str], max_wait: float, sleep: Callable[[float], None]
) -> list[dict[str, Any]]:
    answer = _get(url, ids)
    after = seconds_after(answer.headers.get("Retry-After"), answer.headers.get("Date"))
    if answer.status_code == TOO_MANY and after is not None and after <= max_wait:
        sleep(after)
        answer = _get(url, ids)
    answer.raise_for_status()
    return [row for row in answer.json()["content"] if isinstance(row, dict)]


def _get(url: str, ids: list[str]) -> requests.Response:
    params = {"ids": ",".join(ids)}
    return requests.get(url, params, timeout=TIMEOUT, allow_redirects=False)
