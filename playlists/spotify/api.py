"""What Spotify's Web API is asked: one method for each of its questions."""

import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from playlists.deadline import PATIENCE
from playlists.spotify.account import Account
from playlists.spotify.client import TIMEOUT, web_api
from playlists.spotify.quota import Quota
from playlists.spotify.sending import MAX_WAIT, Sender
from playlists.spotify.signin import SignIn
from tempo.library import Library

PAGE = 50
"""Items that Spotify returns at once."""
MOST_FOUND = 10
"""Results that a search may ask for."""
MOST_ADDED = 100
"""Items that one request may write, or ask the numbers of."""
MOST_COVER = 256_000
"""Letters that a cover may have in base64; Spotify says 256 KB."""


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
        Seconds to connect and to wait for a part of the answer.
    patience : float
        Seconds for the whole of an answer.

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
        patience: float = PATIENCE,
    ) -> None:
        self.library, self.now = library, now
        self.sign_in = SignIn(account, sleep, now, patience)
        self.quota = Quota(library, account.client_id, now)
        self._api = web_api(account, timeout, patience)
        self._sender = Sender(self._api, self.sign_in, self.quota, max_wait, say, sleep)

    def me(self) -> str:
        """Return the user's ID."""
        # spotipy's own call asks for `me/`, which is not in Spotify's description.
        return str(self._sender.send(lambda: self._api._get("me"))["id"])  # noqa: SLF001 - as said

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
        return dict(self._sender.send(lambda: self._api.track(track)))

    def search(self, query: str) -> list[dict[str, Any]]:
        """Return the tracks that a search finds, best first."""
        found = self._sender.send(lambda: self._api.search(query, MOST_FOUND, type="track"))
        items = (found.get("tracks") or {}).get("items") or []
        return [item for item in items if isinstance(item, dict)]

    def features(self, tracks: list[str]) -> list[dict[str, Any]]:
        """Return what Spotify measured of at most `MOST_ADDED` tracks; few apps may ask that."""
        # spotipy's own call warns that it is deprecated.
        get = partial(self._api._get, "audio-features", ids=",".join(tracks))  # noqa: SLF001 - as said
        rows = self._sender.send(get).get("audio_features")
        return [row for row in rows or [] if isinstance(row, dict)]

    def create(self, name: str, description: str, *, public: bool) -> str:
        """Make an empty playlist and return its ID."""
        made = self._sender.send(
            lambda: self._api.current_user_playlist_create(name, public, description=description),
            repeat=False,
        )
        return str(made["id"])

    def change(self, playlist: str, **details: Any) -> None:
        """Change name, description or publicity of a playlist."""
        self._sender.send(
            lambda: self._api.playlist_change_details(playlist, **details), answers=False
        )

    def replace(self, playlist: str, uris: list[str]) -> None:
        """Let a playlist hold these tracks, at most `MOST_ADDED`, and nothing else."""
        self._sender.send(lambda: self._api.playlist_replace_items(playlist, uris))

    def add(self, playlist: str, uris: list[str], position: int) -> None:
        """Put tracks, at most `MOST_ADDED`, into a playlist."""
        body = {"uris": uris, "position": position}
        # spotipy's own call sends a bare list, which is not in Spotify's description.
        post = self._api._post  # noqa: SLF001 - as said
        self._sender.send(lambda: post(f"playlists/{playlist}/items", payload=body), repeat=False)

    def cover(self, playlist: str, image: str) -> None:
        """Give a playlist a picture: a JPEG in base64, of at most `MOST_COVER` letters."""
        upload = self._api.playlist_upload_cover_image
        self._sender.send(lambda: upload(playlist, image), answers=False)

    def _pages(self, page: Callable[[int], Any]) -> Iterator[dict[str, Any]]:
        at = 0
        while True:
            got = self._sender.send(partial(page, at))
            yield got
            at += PAGE
            if not got.get("next") or not got.get("items"):
                return
