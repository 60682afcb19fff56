"""Names of songs that any player can bear."""

from hypothesis import given
from hypothesis import strategies as st

from playlists.export.naming import LONGEST, safe_name, songs
from playlists.formats.listing import Item, Listing


@given(st.text(max_size=200))
def test_names_suit_fat(text: str) -> None:
    """Whatever a title holds, its file has a short name that FAT takes and that leads nowhere."""
    name = safe_name(text)
    assert 0 < len(name) <= LONGEST
    assert not set(name) & set('"*/:<>?\\|')
    assert all(32 <= ord(c) < 0x10000 and c != "\x7f" for c in name)
    assert name == name.strip(" .")
    assert len(name.encode("utf-16-le")) == 2 * len(name)


def test_names_sort_in_order() -> None:
    """Names sort as the playlist goes, also beyond a hundred songs and where songs repeat."""
    playlist = Listing("", tuple(Item("/m/a.MP3", "../../etc/passwd", "A") for _ in range(101)))
    names = [each.name for each in songs(playlist, None)]
    assert names == sorted(set(names))
    assert names[0] == "001 A - .._.._etc_passwd.mp3"
