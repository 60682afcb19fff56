"""What a playlist file says to Spotify."""

import json
from pathlib import Path

import pytest

from playlists.formats.listing import Item, Listing
from playlists.formats.registry import FORMATS
from playlists.outgoing import Outgoing, read_outgoing
from playlists.recording import Recording
from tempo.library import Library
from tests.spotify_user import stock


def test_of_files(tmp_path: Path) -> None:
    """A playlist of files has their tags, its name and the range of their tempos."""
    one = Recording("Song", "Ann", 200.0, "USAAA0000001")
    path = tmp_path / "Mine.m3u8"
    path.write_text("#EXTM3U\na.mp3\n", "utf-8")
    with Library(Path(":memory:")) as library:
        stock(library, (str(tmp_path / "a.mp3"), one))
        found = read_outgoing(path, library)
    assert Outgoing("Mine", "1 track, 128 BPM. Built with tempo.", (one,), str(path)) == found


def test_a_long_description_keeps_its_mark(tmp_path: Path) -> None:
    """What Spotify has no room for is taken from the workout's name, not from the mark."""
    path = tmp_path / "run.json"
    entry = {"bpm": 120.0, "level": 1.0, "duration": 60.0, "title": "Song", "artist": "Ann",
             "path": "a.mp3"}  # fmt: skip
    path.write_text(json.dumps({"workout": "x" * 400, "target_duration": 60, "entries": [entry]}))
    with Library(Path(":memory:")) as library:
        description = read_outgoing(path, library).description
    assert len(description) == 300
    assert description.endswith("x, 120 BPM. Built with tempo.")


@pytest.mark.parametrize("kind", ["xspf", "jspf", "csv", "json"])
def test_of_other_formats(kind: str, tmp_path: Path) -> None:
    """Songs that are not in the library are known by what their playlist says of them."""
    address = f"spotify:track:{'0' * 22}"
    items = [
        Item("/gone.mp3", "Song", "Ann", isrc="USAAA0000001", seconds=200.0),
        Item(address, "Other", "Bo", seconds=180.0),
    ]
    path = tmp_path / f"run.{kind}"
    path.write_bytes(FORMATS[kind].write(Listing("Run", tuple(items)), None))
    with Library(Path(":memory:")) as library:
        found = read_outgoing(path, library).recordings
    assert found == (
        Recording("Song", "Ann", 200.0, "USAAA0000001"),
        Recording("Other", "Bo", 180.0, uri=address),
    )
