"""Tempos from ReccoBeats, where the user asks for them.

It is free, says nothing about where its numbers come from, and has no published terms; they look
like those that Spotify published until 2024. Nothing but IDs of tracks is sent.
"""

from collections.abc import Sequence

from playlists.numbers import Said, of_numbers
from playlists.recording import Recording
from playlists.web import Service, UnansweredError
from tempo.catalog import spotify_uri

MOST = 40
"""IDs that one request may hold; what is over is dropped in silence."""


def tempos(wanted: Sequence[Recording], service: Service) -> Said:
    """Yield what ReccoBeats says of recordings, as `playlists.numbers.Source` does."""
    for start in range(0, len(wanted), MOST):
        few = wanted[start : start + MOST]
        ids = ",".join(one.uri.rpartition(":")[2] for one in few)
        rows = service.ask("/v1/audio-features", ids=ids).get("content")
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise UnansweredError(service.url)
        # By address, never by place: what it does not know is missing without a sign.
        found = {spotify_uri(str(row.get("href"))): row for row in rows}
        yield from ((one, of_numbers(one, found.get(one.uri, {}))) for one in few)
