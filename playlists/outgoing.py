"""What goes to Spotify of a playlist file: its name, a description, and its recordings."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playlists.errors import PlaylistError
from playlists.formats.listing import Item
from playlists.formats.registry import read_listing
from playlists.recording import Recording, of_track
from tempo.catalog import spotify_uri
from tempo.library import Library
from tempo.screen import clock, counted
from tempo.tags import clean
from tempo.track import named_by_file

LONGEST_NAME, LONGEST_DESCRIPTION = 100, 300
"""Characters that Spotify keeps."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A playlist as a file describes it."""

    name: str
    description: str
    recordings: tuple[Recording, ...]


def read_outgoing(path: Path, library: Library) -> Outgoing:
    """Read a playlist that `tempo build` wrote, or any other playlist file.

    Parameters
    ----------
    path : Path
        JSON if its name ends so.
    library : Library
        Knows the ISRC and length of the tracks.

    Raises
    ------
    PlaylistError
        If the file cannot be read, or holds no track.
    """
    found = _of_json(path, library) if path.suffix.lower() == ".json" else _listed(path, library)
    if not found.recordings:
        raise PlaylistError(f"{path} holds no track: build a playlist first")
    return found


def _of_json(path: Path, library: Library) -> Outgoing:
    try:
        said = json.loads(path.read_text("utf-8"))
        bpm = [entry["bpm"] * entry["level"] for entry in said["entries"] if entry["bpm"]]
        length = clock(sum(entry["duration"] for entry in said["entries"]))
        name = f"{said['workout']} {said['target_duration'] / 60:g} min"
        recordings = tuple(_entry(entry, library) for entry in said["entries"])
        return _outgoing(name, f"{said['workout']}, {length}", bpm, recordings)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise PlaylistError(f"playlist {path} cannot be read: {why}") from error
    except (ValueError, LookupError, TypeError) as error:
        raise PlaylistError(f"{path} is no playlist of `tempo build -o NAME.json`") from error


def _entry(entry: dict[str, Any], library: Library) -> Recording:
    uri = entry.get("uri") or ""
    track = library.track(uri or Path(entry["path"]))
    if track is not None:
        return of_track(track)
    title, artist = (clean(str(entry[name] or "")) for name in ("title", "artist"))
    return Recording(title, artist, float(entry["duration"]), uri=spotify_uri(uri))


def _listed(path: Path, library: Library) -> Outgoing:
    found = read_listing(path)
    recordings, bpm = [], []
    for item in found.items:
        uri = spotify_uri(item.location)
        track = library.track(uri or Path(item.location))
        recordings.append(of_track(track) if track else _item(item, uri))
        bpm += [track.bpm] if track and track.bpm else []
    name = clean(found.title) or path.stem
    return _outgoing(name, counted(len(recordings), "track"), bpm, tuple(recordings))


def _item(item: Item, uri: str) -> Recording:
    artist, title = item.artist, item.title
    if not title:
        artist, title = named_by_file(Path(item.location))
    return Recording(title, artist, item.seconds, uri=uri)


def _outgoing(
    name: str, start: str, bpm: list[float], recordings: tuple[Recording, ...]
) -> Outgoing:
    tempo = f", {min(bpm):.0f} to {max(bpm):.0f} BPM" if bpm else ""
    description = f"{clean(start)}{tempo}. Built with tempo."
    return Outgoing(clean(name)[:LONGEST_NAME], description[:LONGEST_DESCRIPTION], recordings)
