"""Tempos from GetSongBPM, with the user's own key.

It asks for a link to https://getsongbpm.com wherever its tempos are shown, and permits 3,000
questions an hour. What is sent is artist and title; it knows nothing else of a recording.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from playlists.numbers import Said, of_bpm
from playlists.recording import Recording, best
from playlists.titles import base
from playlists.web import Service

CREDIT = "tempos by GetSongBPM, https://getsongbpm.com"
KEY_HEADER = "X-API-KEY"
"""The key may stand in the address, too; there, it would be written to logs."""
PACE = 1.2
"""Seconds between questions: 3,000 an hour, and whoever exceeds them is shut out for one."""


def tempos(wanted: Sequence[Recording], service: Service) -> Said:
    """Yield what GetSongBPM says of recordings, as `playlists.numbers.Source` does."""
    for one in wanted:
        bpm = None
        if one.artist and one.title:
            service.sleep(PACE)
            lookup = f"song:{base(one.title)} artist:{one.artist.split(',')[0]}"
            rows = service.ask("/search/", type="both", lookup=lookup).get("search")
            found = {_recording(row): row.get("tempo") for row in _rows(rows)}
            match, _ = best(one, found)
            bpm = found[match] if match else None
        yield one, of_bpm(one, bpm)


def _rows(rows: object) -> Iterator[dict[str, Any]]:
    """Yield the songs in an answer; where there are none, it is no list but an error."""
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, dict) and isinstance(row.get("artist"), dict):
            yield row


def _recording(row: dict[str, Any]) -> Recording:
    name = row["artist"].get("name")
    return Recording(str(row.get("title") or ""), str(name or ""), uri=str(row.get("id") or ""))
