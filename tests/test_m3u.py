"""M3U8 and M3U to the letter, because players are; other formats are in `test_formats`."""

from pathlib import Path

from playlists.formats.listing import Item, Listing
from playlists.formats.m3u import read_m3u, read_m3u8, write_m3u, write_m3u8

LISTS = Path("/music/lists")


def test_form() -> None:
    """The file is what players expect, to the letter."""
    items = (
        Item("/music/Vince DiCola/Training Montage.mp3", "Training Montage", "Vince DiCola",
             seconds=217.6),
        Item("/music/lists/#1 Hit.mp3", "#1 Hit", "", seconds=60),
        Item("/music/lists/12:30.mp3", "12:30", "X", seconds=60),
        Item("/music/lists/AC\\DC.mp3", "Thunder", "AC\\DC"),
        Item("spotify:track:6rqhFgbbKwnb9MLmUQDhG6", "S"),
    )  # fmt: skip
    expected = (
        "#EXTM3U\n#PLAYLIST:Run\n"
        "#EXTINF:218,Vince DiCola - Training Montage\n../Vince DiCola/Training Montage.mp3\n"
        "#EXTINF:60,#1 Hit\n./#1 Hit.mp3\n"
        "#EXTINF:60,X - 12:30\n./12:30.mp3\n"
        "#EXTINF:-1,AC\\DC - Thunder\nfile:///music/lists/AC%5CDC.mp3\n"
        "#EXTINF:-1,S\nspotify:track:6rqhFgbbKwnb9MLmUQDhG6\n"
    )
    assert expected == write_m3u8(Listing("Run", items), LISTS).decode()


def test_whole_names_without_a_folder() -> None:
    """Without a folder to be relative to, names are whole."""
    raw = write_m3u8(Listing("", (Item("/music/a.mp3"),)), None)
    assert raw.splitlines()[-1] == b"/music/a.mp3"


def test_name_that_is_no_utf8_is_written_byte_by_byte() -> None:
    """A player finds a file whose name is no UTF-8, because its bytes stand in the file."""
    raw = write_m3u8(Listing("", (Item("/music/caf\udce9.mp3"),)), Path("/music"))
    assert raw.splitlines()[-1] == b"caf\xe9.mp3"


def test_legacy_form() -> None:
    """M3U is Windows-1252; a name beyond that becomes an address, a title loses the letter."""
    items = (Item("/m/café.mp3", "Café"), Item("/m/夜.mp3", "夜"))
    lines = write_m3u(Listing("", items), Path("/m")).splitlines()
    assert lines[1:] == [
        b"#EXTINF:-1,Caf\xe9", b"caf\xe9.mp3", b"#EXTINF:-1,?", b"file:///m/%E5%A4%9C.mp3",
    ]  # fmt: skip


def test_foreign_playlist_is_read() -> None:
    """A byte order mark, Windows line ends, addresses and missing headers are understood."""
    parts = ["\ufeff#EXTM3U", "#EXTINF:-1,Some Radio", "http://example.com/a", "", "b/c.mp3"]
    text = "\r\n".join([*parts, "spotify:track:abc", "file:///m/a%20b.mp3", ""])
    (playlist,) = read_m3u8(text.encode(), Path("/lists"))
    expected = ["http://example.com/a", "/lists/b/c.mp3", "spotify:track:abc", "/m/a b.mp3"]
    assert expected == [item.location for item in playlist.items]
    assert (playlist.items[0].seconds, playlist.items[0].name) == (None, "Some Radio")


def test_windows_names_are_read() -> None:
    """Backslashes part folders, and a drive of another machine is kept."""
    text = "..\\Music\\a b.mp3\r\nC:\\Music\\c.mp3\r\nArtist: Title.mp3\r\n"
    (playlist,) = read_m3u(text.encode(), Path("/home/lists"))
    expected = ["/home/Music/a b.mp3", "/C:/Music/c.mp3", "/home/lists/Artist: Title.mp3"]
    assert expected == [item.location for item in playlist.items]
    again = write_m3u8(playlist, Path("/home/lists")).decode().splitlines()
    assert [line for line in again if not line.startswith("#")] == [
        "../Music/a b.mp3", "C:/Music/c.mp3", "./Artist: Title.mp3",
    ]  # fmt: skip
