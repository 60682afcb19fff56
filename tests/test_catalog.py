"""`tempo import`: tables of any dialect become tracks, mangled ones are refused."""

import csv
import gzip
import io
import json
import string
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playlists.formats.registry import read_listing
from tempo.catalog import read_catalog, spotify_uri
from tempo.errors import CatalogError
from tempo.library import Library
from tempo.schema import MIGRATIONS
from tempo.track import TempoCandidate
from tests.conftest import Tempo

ID = "5vI0C3TDTxySR6Oq8NWjE0"
HEADER = ["track_id", "artist", "title", "album", "duration_ms", "tempo", "energy", "loudness",
          "danceability", "isrc"]  # fmt: skip
ROW = [ID, "John Cafferty", "Hearts on Fire", "Rocky IV", "252920", "136.586", "0.896", "-8.0",
       "0.576", "USSM18500001"]  # fmt: skip
EXPORTIFY = [
    "Track URI", "Track Name", "Album Name", "Artist Name(s)", "Release Date", "Duration (ms)",
    "Popularity", "Explicit", "Added By", "Added At", "Genres", "Record Label", "Danceability",
    "Energy", "Key", "Loudness", "Mode", "Speechiness", "Acousticness", "Instrumentalness",
    "Liveness", "Valence", "Tempo", "Time Signature",
]  # fmt: skip

Write = Callable[..., Path]


@pytest.fixture
def table(tmp_path: Path) -> Write:
    """Return a function that writes a table and returns its path."""

    def write(
        rows: list[list[str]], *, delimiter: str = ",", encoding: str = "utf-8", name: str = "t.csv"
    ) -> Path:
        text = io.StringIO()
        csv.writer(text, delimiter=delimiter).writerows(rows)
        path = tmp_path / name
        raw = text.getvalue().encode(encoding)
        path.write_bytes(gzip.compress(raw) if name.endswith(".gz") else raw)
        return path

    return write


def changed(**cells: str) -> list[str]:
    """Return a row that differs from `ROW` in some columns."""
    return [cells.get(name, cell) for name, cell in zip(HEADER, ROW, strict=True)]


def test_a_row_becomes_a_track(table: Write) -> None:
    """Every column that is known arrives, lengths in seconds, with less than full confidence."""
    (track,) = read_catalog(table([HEADER, ROW])).tracks
    tags, analysis = track.tags, track.analysis
    assert (f"spotify:track:{ID}", None, "import") == (track.uri, track.path, track.source)
    assert (tags.artist, tags.title, tags.album) == ("John Cafferty", "Hearts on Fire", "Rocky IV")
    assert (tags.isrc, analysis.duration, analysis.loudness) == ("USSM18500001", 252.92, -8.0)
    assert [c.bpm for c in analysis.tempo.candidates] == [136.586, 68.293, 273.172]
    assert sum(c.salience for c in analysis.tempo.candidates) == pytest.approx(1)
    assert 0.5 < analysis.tempo.confidence < 1
    assert (analysis.beat_strength, track.is_doubtful) == (0.576, False)


def test_exportify(table: Write) -> None:
    """The columns of Exportify are understood; what it cannot measure is counted and left out."""
    cells = dict.fromkeys(EXPORTIFY, "") | {
        "Track URI": f"spotify:track:{ID}", "Track Name": "Hearts on Fire", "Key": "7",
        "Artist Name(s)": "John Cafferty;The Beaver Brown Band", "Duration (ms)": "252920",
        "Danceability": "0.576", "Energy": "0.896", "Loudness": "-8.0", "Tempo": "136.586",
    }  # fmt: skip
    local = dict.fromkeys(EXPORTIFY, "") | {"Track Name": "Demo", "Duration (ms)": "1000"}
    half = cells | {"Track Name": "Half", "Energy": ""}
    rows = [EXPORTIFY, *(list(one.values()) for one in (cells, local, half))]
    catalog = read_catalog(table(rows, encoding="utf-8-sig"))
    assert [t.artist for t in catalog.tracks] == ["John Cafferty, The Beaver Brown Band"]
    assert (catalog.left, catalog.repeated) == ({"tempo": 1, "energy": 1}, 0)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", list(",;\t|"))
def test_dialects(table: Write, delimiter: str, encoding: str) -> None:
    """Delimiter and encoding are found, whatever they are; titles keep every letter."""
    title = "Señorita, 東京; a | b\tc \"live\" 'x'"
    rows = [HEADER, changed(title=title)]
    (track,) = read_catalog(table(rows, delimiter=delimiter, encoding=encoding)).tracks
    assert title.replace("\t", " ") == track.title


@pytest.mark.parametrize(("encoding", "title"), [("cp1252", "Señor “Beat”"), ("latin-1", "\x81É")])
def test_old_encodings(table: Write, encoding: str, title: str) -> None:
    """Text that is no UTF-8 is read as Windows writes it, or else as Latin-1."""
    (track,) = read_catalog(table([HEADER, changed(title=title)], encoding=encoding)).tracks
    assert title.replace("\x81", "") == track.title


def test_german_excel(table: Write) -> None:
    """Decimal commas, semicolons and Excel's own first line change no number."""
    plain = read_catalog(table([HEADER, ROW]))
    numbers = {"tempo": "136,586", "energy": "0,896", "loudness": "-8,0", "danceability": ",576"}
    path = table([HEADER, changed(**numbers)], delimiter=";")
    assert plain == read_catalog(path)
    path.write_bytes(b"sep=;\r\n" + path.read_bytes())
    assert plain == read_catalog(path)


def test_lengths_with_colons(table: Write) -> None:
    """A length may stand as on a record sleeve."""
    header = [name.replace("duration_ms", "Length") for name in HEADER]
    rows = [header, changed(duration_ms="4:12"), changed(duration_ms="1:00:05", track_id="x")]
    assert [t.analysis.duration for t in read_catalog(table(rows)).tracks] == [252, 3605]


def test_gzip(table: Write) -> None:
    """A gzipped table is the same, whatever its name; one cut off is refused."""
    whole = table([HEADER, ROW], name="t.csv.gz")
    assert read_catalog(table([HEADER, ROW])) == read_catalog(whole)
    whole.write_bytes(whole.read_bytes()[:-12])
    with pytest.raises(CatalogError, match=r"t\.csv\.gz cannot be read"):
        read_catalog(whole)


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("energy", "916", "line 3, column energy: '916' lies outside 0 to 1; a spreadsheet"),
        ("energy", "82", "line 3, column energy: '82' lies outside 0 to 1; if these are percents"),
        ("loudness", "-2634", "line 3, column loudness: '-2634' lies outside -100 to 10 dB"),
        ("tempo", "136586", "line 3, column tempo: '136586' lies outside 20 to 400 BPM"),
        ("tempo", "04-Apr", "line 3, column tempo: '04-Apr' is no number"),
        ("tempo", "nan", "line 3, column tempo: 'nan' lies outside"),
        ("duration_ms", "252", "line 3, column duration_ms: '252' lies outside 1 to 86400 s"),
        ("duration_ms", "2.5292E+12", "line 3, column duration_ms"),
        ("danceability", "#REF!", "line 3, column danceability: '#REF!' is no number"),
        ("energy", "1.234,5", "line 3, column energy: '1.234,5' is no number"),
    ],
)
def test_mangled_cells_are_refused(table: Write, column: str, cell: str, said: str) -> None:
    """What a spreadsheet does to numbers is found, with its line and column."""
    with pytest.raises(CatalogError) as caught:
        read_catalog(table([HEADER, ROW, changed(**{column: cell})]))
    assert f"t.csv, {said}" in str(caught.value)


def test_other_files_are_refused(tmp_path: Path) -> None:
    """What is no table of tracks gets a sentence that says what it is or lacks."""
    files = {
        b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n": "Git LFS pointer",
        b"PK\x03\x04": "workbook",
        b"": "no column for title, duration, tempo, energy; found nothing",
        b"artist,title,tempo\na,b,120\n": "no column for duration, energy; found artist, title",
        b"title,duration_ms,tempo,energy\n'a',1": "line 2: 2 cells where the first line has 4",
        b'title,duration_ms,tempo,energy\n"a" b,1,2,3\n': "line 2",
        b'title,duration_ms,tempo,energy\n\n"a,1,2,3\n': "line 3",
        b"\x1f\x8bnonsense": "cannot be read",
        b"\xff\xfet\0i\0t": "no text",
        bytes(100): "no column for title",
    }
    path = tmp_path / "t.csv"
    for raw, said in files.items():
        path.write_bytes(raw)
        with pytest.raises(CatalogError, match=said):
            read_catalog(path)


@given(st.binary(max_size=300))
def test_any_bytes_end_in_a_sentence(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    """No file makes the reader stumble: it reads or refuses."""
    path = tmp_path_factory.mktemp("bytes") / "t.csv"
    path.write_bytes(raw)
    with pytest.raises(CatalogError):
        read_catalog(path)


def test_tracks_without_an_id_stay_themselves(table: Write) -> None:
    """Without Spotify's id the ISRC stands for a track, else its names and length."""
    rows = [
        HEADER,
        changed(track_id=""),
        changed(track_id="17", isrc=""),
        changed(track_id="18", isrc="", artist="JOHN CAFFERTY", energy="0.5"),
        changed(track_id="", isrc="", duration_ms="300000"),
    ]
    catalog = read_catalog(table(rows))
    uris = [track.uri or "" for track in catalog.tracks]
    assert [uri.rstrip(string.hexdigits) if uri.startswith("urn") else uri for uri in uris] == [
        "isrc:USSM18500001",
        "urn:track:",
        "urn:track:",
    ]
    assert (catalog.repeated, len(set(uris))) == (1, 3)
    assert catalog == read_catalog(table(rows))


@given(st.text(string.ascii_letters + string.digits, min_size=22, max_size=22))
def test_spotify_names_its_tracks_in_several_ways(name: str) -> None:
    """An id, a URI and a link mean one track; anything else means none."""
    link = f"https://open.spotify.com/intl-de/track/{name}?si=1"
    for text in (name, f"spotify:track:{name}", link, link.replace("/intl-de", "")):
        assert f"spotify:track:{name}" == spotify_uri(text)
    for text in (name[1:], f"spotify:local:{name}", f"spotify:episode:{name}", ""):
        assert not spotify_uri(text)


def test_fast_tempos_are_trusted_less(table: Write) -> None:
    """Published tempos are doubled where they are fast, so their half is likelier there."""
    rows = [HEADER, changed(tempo="90", track_id="a"), changed(tempo="170", track_id="b", isrc="")]
    slow, fast = (t.analysis.tempo for t in read_catalog(table(rows)).tracks)
    assert slow.confidence > fast.confidence
    assert slow.candidates[1].salience < fast.candidates[1].salience
    assert fast.candidates[1].bpm == 85


def test_speech_has_no_beat(table: Write) -> None:
    """An audiobook has no tempo, whatever the table says; a rapper has one."""
    rows = [[*HEADER, "speechiness"], [*ROW, "0.96"], [*changed(track_id="", isrc=""), "0.4"]]
    spoken, rap = read_catalog(table(rows)).tracks
    assert (spoken.bpm, spoken.analysis.beat_strength, rap.bpm) == (None, 0.0, 136.586)


def test_no_beat(table: Write) -> None:
    """A tempo of 0 is how Spotify says that there is no beat."""
    (track,) = read_catalog(table([HEADER, changed(tempo="0.0")])).tracks
    assert (track.bpm, track.analysis.tempo.confidence) == (None, 0.0)


def test_energy_does_not_depend_on_the_master(table: Write) -> None:
    """Four masters of "Eye of the Tiger" get closer than they were published."""
    published = {"-14.5": "0.438", "-13.4": "0.477", "-9.2": "0.599", "-6.0": "0.698"}
    rows = [
        changed(track_id=loudness, isrc="", title=loudness, loudness=loudness, energy=energy)
        for loudness, energy in published.items()
    ]
    energies = [t.analysis.energy for t in read_catalog(table([HEADER, *rows])).tracks]
    assert max(energies) - min(energies) < 0.05
    (silent,) = read_catalog(table([HEADER, changed(loudness="-60", energy="0")])).tracks
    assert silent.analysis.energy < 0.35


def test_import_changes_nothing_twice(tempo: Tempo, table: Write) -> None:
    """The same file again changes nothing; a changed row is told from a new one."""
    path = table([HEADER, ROW])
    assert tempo.run("import", path).stdout == "1 new, 0 changed, 0 unchanged\n"
    assert tempo.run("import", path).stdout == "0 new, 0 changed, 1 unchanged\n"
    more = table([HEADER, changed(tempo="140"), ROW, changed(track_id="", isrc="")], name="u.csv")
    assert tempo.run("import", more).stdout == "1 new, 1 changed, 0 unchanged, 1 repeated\n"
    assert tempo.run("import", "--remove", path).stdout == "1 removed\n"
    assert [t["uri"].startswith("urn:track:") for t in tempo.json("list")] == [True]


def test_files_are_not_imported(tempo: Tempo, table: Write) -> None:
    """What a playlist of one's own files says of them brings none of them in a second time."""
    path = table([HEADER, ROW, changed(track_id="file:///music/a.mp3", isrc="")])
    said = "1 new, 0 changed, 0 unchanged, 1 left out: files, which are for `tempo analyze`\n"
    assert said == tempo.run("import", path).stdout


def test_a_refused_table_brings_nothing(tempo: Tempo, table: Write) -> None:
    """One mangled cell keeps the whole table out."""
    done = tempo.run("import", table([HEADER, ROW, changed(energy="896")]), code=1)
    assert "line 3, column energy" in done.stderr
    assert not tempo.library.exists()


def test_corrections_outlive_another_import(tempo: Tempo, table: Write) -> None:
    """`fix` finds an imported track by words or URI, and its word stays."""
    path = table([HEADER, ROW])
    tempo.run("import", path)
    tempo.run("fix", f"spotify:track:{ID}", "--halve")
    tempo.run("import", path)
    track = tempo.json("show", "hearts on fire")
    assert (track["bpm"], track["source"], track["confidence"]) == (68.293, "fixed", 1.0)
    assert [t["source"] for t in tempo.json("list", "--source", "fixed")] == ["fixed"]
    tempo.run("fix", f"https://open.spotify.com/track/{ID}?si=1", "--undo")
    assert tempo.json("show", "hearts")["source"] == "import"


def test_analyze_leaves_imports_alone(
    tempo: Tempo, table: Write, small_song: Callable[..., Path]
) -> None:
    """A scan neither misses nor measures tracks that are not files; both are listed."""
    tempo.run("import", table([HEADER, ROW]))
    song = small_song("a.flac")
    assert tempo.run("analyze", song.parent).stdout == "1 analyzed, 0 unchanged\n"
    tracks = tempo.json("list")
    assert [(str(song), None), (None, f"spotify:track:{ID}")] == [
        (track["path"], track["uri"]) for track in tracks
    ]
    assert [t["source"] for t in tempo.json("list", "--source", "import")] == ["import"]
    schema = json.loads(Path(__file__).parents[1].joinpath("docs/track.schema.json").read_text())
    for track in tracks:
        jsonschema.validate(track, schema)


def test_playlists_hold_imported_tracks(tempo: Tempo, table: Write, tmp_path: Path) -> None:
    """M3U8 files hold Spotify's URIs; a track that only a name leads to is not chosen for them."""
    rows = [
        changed(track_id=f"{n:022}", title=f"Song {n}", artist=f"Artist {n}", duration_ms="180000")
        for n in range(3)
    ]
    rows += [changed(track_id="", isrc="", title="Nowhere", artist="Nobody", duration_ms="180000")]
    tempo.run("import", table([HEADER, *rows]))
    path = tmp_path / "run.m3u8"
    done = tempo.run("build", "--bpm", "130-140", "--minutes", 12, "-o", path, "--json")
    schema = json.loads(Path(__file__).parents[1].joinpath("docs/playlist.schema.json").read_text())
    playlist = json.loads(done.stdout)
    jsonschema.validate(playlist, schema)
    uris = [entry["uri"] for entry in playlist["entries"]]
    assert uris == [item.location for item in read_listing(path).items]
    assert len(uris) == 3
    assert "1 track left out" in done.stderr
    assert len(tempo.json("build", "--bpm", "130-140", "--minutes", 12)["entries"]) == 4
    tempo.run("import", "--remove", table([HEADER, *rows[:3]]))
    done = tempo.run("build", "walk", "-o", tmp_path / "none.m3u8", code=1)
    assert "no track has a file or a Spotify id" in done.stderr


def test_old_libraries_are_brought_along(table: Write, tmp_path: Path) -> None:
    """A library of the first version takes imports after it was opened."""
    import sqlite3  # noqa: PLC0415 - only to age a library

    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path)) as old, old:
        for statement in MIGRATIONS[0]:
            old.execute(statement)
        old.execute("PRAGMA user_version = 1")
    old.close()
    tracks = read_catalog(table([HEADER, ROW])).tracks
    with Library(path) as library:
        assert library.add_imported(tracks) == (1, 0)
        assert list(tracks) == library.tracks()
        library.fix(tracks[0].location, 99)
        fixed = library.track(tracks[0].location)
        assert fixed is not None
        assert (TempoCandidate(99, 1),) == fixed.analysis.tempo.candidates


def test_what_is_no_file_gets_no_tag(tempo: Tempo, table: Write) -> None:
    """Asked for the tag of an imported track, tempo says why there is none."""
    tempo.run("import", table([HEADER, ROW]))
    done = tempo.run("tag", f"spotify:track:{ID}", "--write")
    assert "is no file here: only files have tags\n" in done.stderr
    assert "0 written" in done.stdout
