"""The sound of songs, as part of a page that plays anywhere."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playlists.errors import PlaylistError
from playlists.formats.location import is_there
from playlists.report.view import View
from tempo.scan import SUFFIXES

TYPES = {
    ".mp3": "audio/mpeg", ".mp2": "audio/mpeg", ".flac": "audio/flac", ".ogg": "audio/ogg",
    ".oga": "audio/ogg", ".opus": "audio/ogg", ".wav": "audio/wav", ".wave": "audio/wav",
    ".m4a": "audio/mp4", ".m4b": "audio/mp4", ".mp4": "audio/mp4", ".aac": "audio/aac",
    ".webm": "audio/webm", ".aif": "audio/aiff", ".aiff": "audio/aiff",
}  # fmt: skip
"""What a browser is told; of others it is left to find out."""
UNKNOWN = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Music:
    """A song whose sound is part of the page."""

    song: int
    type: str
    text: str
    """Base64."""


def is_music(path: str) -> bool:
    """Tell whether a file is there and may go along: a playlist can name anything."""
    return Path(path).suffix.lower() in SUFFIXES and is_there(path)


def embedded(shown: View, there: list[bool]) -> Iterator[Music]:
    """Yield the songs of a playlist that are there.

    Raises
    ------
    PlaylistError
        If one cannot be read.
    """
    for index, song in enumerate(shown.songs):
        if not there[index]:
            continue
        path = Path(song.path)
        try:
            text = base64.b64encode(path.read_bytes()).decode()
        except OSError as error:
            why = (error.strerror or str(error)).lower()
            raise PlaylistError(f"{path} cannot be read ({why})") from error
        yield Music(index, TYPES.get(path.suffix.lower(), UNKNOWN), text)
