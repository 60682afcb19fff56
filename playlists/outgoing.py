"""What goes to Spotify of a playlist file: its name, a description, and its recordings."""

import json
from dataclasses import dataclass
from pathlib import Path

from playlists.errors import PlaylistError
from playlists.formats.listing import Item
from playlists.formats.location import is_address
from playlists.formats.registry import read_listing
from playlists.recording import Recording, of_track
from tempo.catalog import spotify_uri
from tempo.library import Library
from tempo.screen import clock, counted, printable
from tempo.tags import clean
from tempo.track import named_by_file

LONGEST_NAME, LONGEST_DESCRIPTION = 100, 300
"""Characters that Spotify keeps."""
MARK = "Built with tempo."
"""With what each description ends: a push from another library knows its playlist by that."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A playlist as a file describes it."""

    name: str
    description: str
    recordings: tuple[Recording, ...]
    file: str
    """Where that lies, in full, as it is shown."""


def read_outgoing(path: Path, library: Library) -> Outgoing:
    """Read a playlist that `tempo build` wrote, or any other playlist file.

    Parameters
    ----------
    path : Path
    library : Library
        Knows the ISRC and length of the tracks.

    Raises
    ------
    PlaylistError
        If the file cannot be read, or holds no track.
    """
    found = read_listing(path)
    recordings, bpm = [], []
    for item in found.items:
        at = item.location
        track = library.track(spotify_uri(at) or (at if is_address(at) else Path(at)))
        recordings.append(of_track(track) if track else _recording(item))
        bpm += [track.bpm] if track and track.bpm else []
    if not recordings:
        raise PlaylistError(f"{path} holds no track: build a playlist first")
    about, bpm = _built(path) or (counted(len(recordings), "track"), bpm)
    name = (clean(found.title) or clean(path.stem))[:LONGEST_NAME]
    where = printable(path.absolute())
    return Outgoing(name, _description(about, bpm), tuple(recordings), where)


def _built(path: Path) -> tuple[str, list[float]] | None:
    """Return workout, length and the tempos that are followed, if `tempo build` says them."""
    try:
        said = json.loads(path.read_bytes())
        bpm = [entry["bpm"] * entry["level"] for entry in said["entries"] if entry["bpm"]]
        length = clock(sum(entry["duration"] for entry in said["entries"]))
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return None
    return (f"{said['workout']}, {length}", bpm) if said.get("target_duration") else None


def _recording(item: Item) -> Recording:
    artist, title = item.artist, item.title
    if not title:
        artist, title = named_by_file(Path(item.location))
    uri = spotify_uri(item.location)
    return Recording(title, artist, item.seconds, item.isrc, uri)


def _description(start: str, bpm: list[float]) -> str:
    ends = dict.fromkeys(f"{value:.0f}" for value in (min(bpm), max(bpm))) if bpm else ()
    tempo = f", {' to '.join(ends)} BPM" if bpm else ""
    rest = f"{tempo}. {MARK}"
    return clean(start)[: LONGEST_DESCRIPTION - len(rest)] + rest
