"""What a playlist file says to Spotify."""

from pathlib import Path

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
    assert Outgoing("Mine", "1 track, 128 to 128 BPM. Built with tempo.", (one,)) == found
