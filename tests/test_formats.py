"""Playlists in every format: what is written is found again, here and by other programs."""

import configparser
import json
import os
import plistlib
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import jsonschema
import pytest
import xspf_lib
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyrekordbox.rbxml import RekordboxXml

from docs.generate import HERE
from playlists.carry import NAMES
from playlists.errors import PlaylistError
from playlists.formats.listing import Item, Listing, purged
from playlists.formats.registry import FORMATS, by_content, parsed, read_listing, written
from tempo.tags import clean
from tests.conftest import Tempo

LISTS = Path("/music/lists")
BY_PATH = ("m3u8", "m3u", "pls")
"""Formats whose names are lines: artist and title are one text there."""

# Any bytes but / and NUL are a file name.
names = (
    st.binary(min_size=1, max_size=40)
    .map(lambda raw: raw.replace(b"/", b"_").replace(b"\0", b"_"))
    .filter(lambda raw: raw not in {b".", b".."})
    .map(os.fsdecode)
)
paths = st.lists(names, min_size=1, max_size=3).map(lambda parts: "/music/" + "/".join(parts))
addresses = st.from_regex(r"spotify:track:[0-9A-Za-z]{22}", fullmatch=True) | st.just(
    "http://example.com/radio?a=1&b=2#c"
)
items = st.builds(
    Item,
    location=paths | addresses,
    title=st.text(max_size=40),
    artist=st.text(max_size=40).map(lambda text: text.replace(";", "")),
    album=st.text(max_size=40),
    isrc=st.just("USRC17607839") | st.just(""),
    seconds=st.none() | st.floats(0, 20_000),
    bpm=st.none() | st.floats(20, 400),
    energy=st.none() | st.floats(0, 1),
)
listings = st.builds(Listing, st.text(max_size=40), st.lists(items, max_size=5).map(tuple))


def carried(name: str, item: Item) -> Item:
    """Return what a format keeps of a song, to its own precision."""
    seconds, bpm = item.seconds, item.bpm
    if name == "json":
        return item
    # Whole milliseconds are written: half of one may be rounded otherwise than to three decimals.
    precise = None if seconds is None else round(1000 * seconds) / 1000
    item = replace(item, energy=None, seconds=precise)
    if name in BY_PATH:
        whole = None if seconds is None else float(round(seconds))
        return Item(item.location, title=clean(item.name), seconds=whole)
    if name == "csv":
        return item
    if name == "rekordbox":
        whole = None if seconds is None else float(round(seconds))
        return replace(item, isrc="", seconds=whole, bpm=bpm and round(bpm, 2))
    if name == "itunes":
        return replace(item, isrc="", bpm=bpm and float(round(bpm)))
    return replace(item, bpm=bpm and round(bpm, 2))


def rounded(name: str, item: Item) -> Item:
    """Return a song that was read, without the noise of floating point."""
    item = replace(item, energy=item.energy if name == "json" else None)
    if name in BY_PATH:
        return replace(item, title=clean(item.name), artist="")
    if name == "json":
        return item
    return replace(
        item,
        seconds=None if item.seconds is None else round(item.seconds, 3),
        bpm=item.bpm and round(item.bpm, 2 if name != "csv" else 3),
    )


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("folder", [LISTS, None])
@settings(max_examples=50)
@given(playlist=listings)
@example(Listing("", (Item("/music/Ã©.mp3", "Ã©"),)))  # Windows-1252 that is UTF-8 as well
@example(Listing("", (Item("//music/a.mp3"), Item("/music/C:/a%20b.mp3"))))
@example(Listing("]]>", (Item("/music/a\r\n#EXTINF:1,b", "a\r\n\0b\ufffe\ud800", "=1+1"),) * 2))
def test_what_is_written_is_read(name: str, folder: Path | None, playlist: Listing) -> None:
    """All that a format carries comes back, whatever titles and names hold."""
    into = FORMATS[name]
    if name in {"rekordbox", "itunes"}:  # a collection knows each song once
        unique = {item.location: item for item in playlist.items}
        playlist = replace(playlist, items=tuple(unique.values()))
    raw = written(playlist, into, folder)
    path = LISTS / f"x{into.suffix}"
    assert into == by_content(raw, path)
    (found,) = parsed(raw, path)
    clean_items = purged(playlist).items
    if name == "m3u":  # titles beyond Windows-1252 are lost
        assert [i.location for i in clean_items] == [i.location for i in found.items]
        return
    expected = [carried(name, item) for item in clean_items]
    if name == "csv":
        expected = [replace(i, bpm=i.bpm and round(i.bpm, 3)) for i in expected]
    assert expected == [rounded(name, item) for item in found.items]


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=50)
@given(raw=st.binary(max_size=200))
def test_garbage_is_refused_in_a_sentence(name: str, raw: bytes) -> None:
    """Bytes that are no playlist give a playlist or a sentence, never anything else."""
    heads = {
        "xspf": b"<playlist>", "rekordbox": b"<DJ_PLAYLISTS>", "itunes": b"bplist00",
        "jspf": b'{"playlist": ', "json": b'{"entries": [', "pls": b"[playlist]\nFile1=",
        "csv": b"Track URI,Tempo\n",
    }  # fmt: skip
    try:
        found = parsed(heads.get(name, b"") + raw, Path("/x/y" + FORMATS[name].suffix))
    except PlaylistError:
        return
    assert found == [purged(listing) for listing in found]


@pytest.mark.parametrize(
    "raw",
    [
        (
            b'<!DOCTYPE p [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><playlist><title>&b;</title>'
            b"</playlist>"
        ),
        (
            b'<!DOCTYPE p [<!ENTITY a SYSTEM "file:///etc/passwd">]><playlist><title>&a;</title>'
            b"</playlist>"
        ),
        b'<!DOCTYPE p [<!ENTITY a "ha">]><DJ_PLAYLISTS><COLLECTION/>&a;</DJ_PLAYLISTS>',
        (
            b'<!DOCTYPE plist [<!ENTITY a "ha">]><plist><dict><key>Tracks</key><dict/>'
            b"<key>Playlists</key><string>&a;</string></dict></plist>"
        ),
        b'{"playlist": ' + b"[" * 100_000,
    ],
)
def test_bombs_are_refused(raw: bytes) -> None:
    """Entities, which can grow without bound or read other files, and deep nests are refused."""
    with pytest.raises(PlaylistError, match="export it again"):
        parsed(raw, Path("/x/y.xml"))


@pytest.mark.parametrize("raw", [b"<html><body>Not found</body></html>", b"ID3\4\0\0\0\0"])
def test_other_files_are_refused(raw: bytes) -> None:
    """A web page or a song is no playlist."""
    with pytest.raises(PlaylistError, match="no playlist of a known format"):
        parsed(raw, Path("/x/y.m3u"))


@pytest.mark.parametrize(
    ("raw", "why"),
    [(b"{}", "entries is missing"), (b"{", "no JSON from line 1, column 2 on"),
     (b" [", "no JSON from line 1, column 3 on"), (b"{1}\n", "no JSON from line 1, column 2 on"),
     (b"[1,\n2]", "entry 1 is a number, not an object")],
)  # fmt: skip
def test_brackets_are_no_songs(raw: bytes, why: str) -> None:
    """What is JSON by its brackets is refused as such, and no song is called so."""
    with pytest.raises(PlaylistError, match=rf"no json playlist \({re.escape(why)}\): export it"):
        parsed(raw, Path("/x/y.m3u8"))


def test_songs_may_begin_with_brackets() -> None:
    """A list of names that begins with a bracket is M3U, and one of PLS without songs is PLS."""
    (found,) = parsed(b"[1999] Party.mp3\n{x}.mp3\n", Path("/x/y.m3u8"))
    assert [item.location for item in found.items] == ["/x/[1999] Party.mp3", "/x/{x}.mp3"]
    assert by_content(b"[playlist]\n", Path("/x/y")) == FORMATS["pls"]


SONGS = (
    Item(
        "/music/Vince DiCola/Training Montage.flac", "Training Montage", "Vince DiCola",
        "Rocky IV", "USRC17607839", 217.6, 93.75, 0.5,
    ),
    Item("/music/#1 & <b>夜</b>.mp3", "#1 & <b>夜</b>", "", seconds=60.0, bpm=137.4, energy=0.9),
)  # fmt: skip
RUN = Listing("Run 45 min", SONGS)


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str], Path]:
    """Return a function that writes the playlist `RUN` in a format."""

    def write(name: str) -> Path:
        path = tmp_path / f"run{FORMATS[name].suffix}"
        path.write_bytes(written(RUN, FORMATS[name], None))
        return path

    return write


def test_configparser_opens_pls(file: Callable[[str], Path]) -> None:
    """Python's reader of such files finds every key."""
    parser = configparser.RawConfigParser()
    parser.read(file("pls"), encoding="utf-8")
    section = parser["playlist"]
    assert (section["NumberOfEntries"], section["Version"]) == ("2", "2")
    assert [item.location for item in SONGS] == [section["File1"], section["File2"]]
    assert (section["Length1"], section["Title2"]) == ("218", "#1 & <b>夜</b>")


def test_xspf_lib_opens_xspf(file: Callable[[str], Path]) -> None:
    """The reference library reads all fields and finds nothing that the format forbids."""
    found = xspf_lib.Playlist.parse(str(file("xspf")))
    assert (found.title, len(found)) == ("Run 45 min", 2)
    first, second = found
    assert (first.creator, first.album, first.duration) == ("Vince DiCola", "Rocky IV", 217_600)
    assert first.location == ["file:///music/Vince DiCola/Training Montage.flac"]  # it decodes
    assert {meta.rel: meta.content for meta in second.meta} == {
        "http://purl.org/ontology/mo/bpm": "137.40"
    }
    assert second.title == "#1 & <b>夜</b>"


def test_what_xspf_lib_writes_is_read(tmp_path: Path) -> None:
    """A file of the reference library is understood."""
    track = xspf_lib.Track(
        location=["file:///m/a%20b.mp3", "http://example.com/"], title="T", creator="A",
        duration=1_500,
    )  # fmt: skip
    path = tmp_path / "x.xspf"
    xspf_lib.Playlist(title="L", trackList=[track]).write(str(path))
    assert read_listing(path) == Listing("L", (Item("/m/a b.mp3", "T", "A", seconds=1.5),))


JSPF = {
    "type": "object",
    "required": ["playlist"],
    "properties": {
        "playlist": {
            "type": "object",
            "required": ["track"],
            "properties": {
                "title": {"type": "string"},
                "track": {"type": "array", "items": {"$ref": "#/$defs/track"}},
            },
            "additionalProperties": False,
        }
    },
    "additionalProperties": False,
    "$defs": {
        "track": {
            "type": "object",
            "properties": {
                "location": {
                    "type": "array",
                    "items": {"type": "string", "pattern": "^[!-~]+$"},
                },
                "title": {"type": "string"},
                "creator": {"type": "string"},
                "album": {"type": "string"},
                "duration": {"type": "integer", "minimum": 0},
                "meta": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "propertyNames": {"pattern": "^http://"},
                        "minProperties": 1,
                        "maxProperties": 1,
                        "additionalProperties": {"type": "string"},
                    },
                },
            },
            "additionalProperties": False,
        }
    },
}
"""What xspf.org/jspf says of the fields that are written here."""


def test_jspf_follows_its_specification(file: Callable[[str], Path]) -> None:
    """The file has the shape that xspf.org/jspf gives."""
    jsonschema.validate(json.loads(file("jspf").read_bytes()), JSPF)


def test_listenbrainz_playlist_is_read() -> None:
    """Music that has an identifier and no file comes as that address."""
    place = "https://musicbrainz.org/recording/e8f9b188-f819-4e43-ab0f-4bd26ce9ff56"
    track = {"identifier": [place], "title": "Gold", "creator": "Spandau Ballet"}
    raw = json.dumps({"playlist": {"title": "L", "track": [track]}}).encode()
    assert parsed(raw, Path("/x/y.jspf")) == [
        Listing("L", (Item(place, "Gold", "Spandau Ballet"),))
    ]


def test_pyrekordbox_opens_rekordbox(file: Callable[[str], Path]) -> None:
    """A reader of Rekordbox files finds tracks, tempo and the order of the playlist."""
    found = RekordboxXml(file("rekordbox"))
    assert found.num_tracks == 2
    playlist = found.get_playlist("Run 45 min")
    first, second = (found.get_track(TrackID=key) for key in playlist.get_tracks())
    assert [first[key] for key in ("AverageBpm", "TotalTime")] == [93.75, 218.0]
    assert first["Location"].endswith("music/Vince DiCola/Training Montage.flac")
    assert second["Name"] == "#1 & <b>夜</b>"


def test_streamed_track_in_rekordbox() -> None:
    """A track of Spotify stands as Rekordbox itself writes it."""
    playlist = Listing("", (Item("spotify:track:6CkLFR9wcDaRjyhxdTydBg", "S"),))
    raw = written(playlist, FORMATS["rekordbox"], None)
    assert b'Location="file://localhostspotify:track:6CkLFR9wcDaRjyhxdTydBg"' in raw


def test_itunes_library_opens_itunes(file: Callable[[str], Path]) -> None:
    """A reader of Music's XML finds tracks, tempo and the order of the playlist."""
    # 1.2.2 changed the case of its name.
    name = "ituneslibrary" if find_spec("ituneslibrary") else "itunesLibrary"
    found = import_module(f"{name}.library").parse(str(file("itunes")))
    playlist = found.getPlaylist("Run 45 min")
    assert [item.title for item in SONGS] == [item.title for item in playlist.items]
    raw = plistlib.loads(file("itunes").read_bytes())["Tracks"]
    assert (raw["1"]["BPM"], raw["1"]["Total Time"]) == (94, 217_600)
    assert raw["1"]["Location"] == "file:///music/Vince%20DiCola/Training%20Montage.flac"


@pytest.mark.skipif(not shutil.which("mpv"), reason="mpv is not installed")
@pytest.mark.parametrize("name", BY_PATH)
def test_mpv_plays_it(name: str, tmp_path: Path, small_song: Callable[..., Path]) -> None:
    """A player goes through the songs of a file in their order, strange names included."""
    songs = [small_song(f"{odd}.wav", seconds=3) for odd in ("#1: x", "b c", "100%25 \\o")]
    path = tmp_path / f"run{FORMATS[name].suffix}"
    listed = Listing("", tuple(Item(str(song)) for song in songs))
    path.write_bytes(written(listed, FORMATS[name], tmp_path))
    done = subprocess.run(
        ["mpv", "--no-config", "--ao=null", "--vo=null", "--length=0.05",
         "--term-playing-msg=>>${=duration}", f"--playlist={path}"],
        capture_output=True, encoding="utf-8", timeout=60, check=False,
    )  # fmt: skip
    assert done.stdout.count(">>3.0") == 3


def test_one_of_several_playlists(tmp_path: Path) -> None:
    """Where a file holds several playlists, one must be named; a near miss is corrected."""
    tracks = {"1": {"Track ID": 1, "Name": "T", "Location": "file:///a.mp3"}}
    entries = {"Playlist Items": [{"Track ID": 1}]}
    lists = [{"Name": "Library", "Master": True}, {"Name": "Gym"} | entries, {"Name": "Run"}]
    path = tmp_path / "Library.xml"
    path.write_bytes(plistlib.dumps({"Tracks": tracks, "Playlists": lists}))
    assert read_listing(path, "Gym") == Listing("Gym", (Item("/a.mp3", "T"),))
    with pytest.raises(PlaylistError, match="holds 2 playlists: say --playlist"):
        read_listing(path)
    with pytest.raises(PlaylistError, match="did you mean 'Gym'"):
        read_listing(path, "Gymm")


def test_files_are_found_under_other_spellings(tmp_path: Path) -> None:
    """Names that are percent-encoded, decomposed or in a Windows encoding lead to the file."""
    for name in ("a b.mp3", "café.mp3", "100%25.mp3"):
        (tmp_path / name).touch()
    path = tmp_path / "x.m3u"
    path.write_bytes(b"a%20b.mp3\ncafe\xcc\x81.mp3\ncaf%C3%A9.mp3\n100%25.mp3\n")
    found = [Path(item.location).name for item in read_listing(path).items]
    assert found == ["a b.mp3", "café.mp3", "café.mp3", "100%25.mp3"]
    path.write_bytes(b"caf\xe9.mp3\n")
    assert read_listing(path).items[0].location == str(tmp_path / "café.mp3")


def test_tables_of_others_are_read() -> None:
    """Semicolons, a byte order mark, UTF-16 and the columns of `list --csv` are read."""
    text = (
        "Track URI;Track Name;Artist Name(s);Duration (ms);Tempo\nspotify:track:a;T;A;B;1000;99\n"
    )
    text = text.replace("A;B", '"A;B"')
    expected = [Listing("", (Item("spotify:track:a", "T", "A, B", seconds=1.0, bpm=99.0),))]
    for encoding in ("utf-8-sig", "utf-16"):
        assert expected == parsed(text.encode(encoding), Path("/x/y.csv"))
    own = b"path,title,duration,bpm,energy\n/m/a.mp3,T,61.5,120.25,0.5\n"
    song = Item("/m/a.mp3", "T", seconds=61.5, bpm=120.25, energy=0.5)
    assert parsed(own, Path("/x/y.csv")) == [Listing("", (song,))]


def test_missing_playlist_is_one_sentence(tmp_path: Path) -> None:
    """Reading what is not there says which file."""
    with pytest.raises(PlaylistError, match=r"gone\.m3u8 cannot be read"):
        read_listing(tmp_path / "gone.m3u8")


def test_converted_json_keeps_the_promise(file: Callable[[str], Path]) -> None:
    """JSON of a playlist from elsewhere has all keys of a built one, null where it cannot know."""
    schema = json.loads((HERE / "playlist.schema.json").read_text("utf-8"))
    playlist = json.loads(file("json").read_bytes())
    jsonschema.validate(playlist, schema)
    assert [entry["start"] for entry in playlist["entries"]] == [0.0, 217.6]
    assert playlist["duration"] == pytest.approx(277.6)


def test_command_line_offers_every_format() -> None:
    """`--format` has the name of each format."""
    assert tuple(FORMATS) == NAMES


def test_convert_says_what_is_not_there(analyzed: Tempo, music: Path, tmp_path: Path) -> None:
    """A playlist that was moved without its songs is written, with a warning."""
    path = tmp_path / "run.m3u8"
    path.write_text(f"mp3 song.mp3\n{music}/flac song.flac\nspotify:track:abc\n", "utf-8")
    said = analyzed.run("convert", path, tmp_path / "b.pls").stderr
    assert "warning: 1 of 2 files is not where run.m3u8 says: take it from where it was" in said


def test_convert(analyzed: Tempo, music: Path, tmp_path: Path) -> None:
    """`convert` goes through all formats and back without losing a song, and keeps B."""
    first = tmp_path / "a.m3u8"
    first.write_text(f"{music}/mp3 song.mp3\n{music}/flac song.flac\nspotify:track:abc\n", "utf-8")
    last = first
    for name in FORMATS:
        into = tmp_path / f"{name}.any"
        assert "are not where" not in analyzed.run("convert", last, into, "--format", name).stderr
        last = into
    found = read_listing(last)
    assert [i.location for i in read_listing(first).items] == [i.location for i in found.items]
    assert found.items[0].title == "mp3 song"  # the library knew it
    assert found.items[0].bpm == pytest.approx(100, rel=0.02)
    assert (
        "exists already" in analyzed.run("convert", first, last, "--format", "pls", code=1).stderr
    )
    said = analyzed.run("convert", first, tmp_path / "b.xml", code=2).stderr
    assert "--format rekordbox" in said
    (tmp_path / "bad.xspf").write_text("<playlist>")
    said = analyzed.run("convert", tmp_path / "bad.xspf", tmp_path / "c.pls", code=1).stderr
    assert "no xspf playlist" in said
