"""Music on Spotify becomes tracks of the library, whose tempo somebody measured."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from playlists.recording import Recording
from tempo.library import Library
from tests.conftest import Tempo
from tests.spotify_fake import FakeSpotify, Fault, deezer_track, getsong_song, make_track, quota
from tests.spotify_server import serving
from tests.spotify_user import stock
from tests.test_interruptions import wait_for

NUMBERS = {"tempo": 172.0, "energy": 0.8, "loudness": -6.0, "danceability": 0.6}


@pytest.fixture(params=["dev2026"])
def fake(request: pytest.FixtureRequest) -> Iterator[FakeSpotify]:
    """Return a Spotify of our own."""
    with serving(FakeSpotify(request.param)) as fake:
        yield fake


def listed(program: Tempo) -> dict[str, tuple[float, str]]:
    """Return the tempo and source of what is no file, by title."""
    tracks = [track for track in program.json("list") if track["uri"]]
    return {track["title"]: (track["bpm"], track["source"]) for track in tracks}


def own_files(program: Tempo) -> None:
    """Put two files of 128 BPM into the library: one is known by ISRC, one by its tags."""
    with Library(program.library) as library:
        stock(
            library,
            ("/m/1.mp3", Recording("By Code", "Ann", 201.0, "USAAA0000001")),
            ("/m/2.mp3", Recording("By Name", "Bo", 200.0)),
        )


def catalog() -> list[dict[str, Any]]:
    """Return four tracks: two of which files are there, another version, and an unknown one."""
    return [
        make_track(1, "Called Otherwise", "Ann", 200, "USAAA0000001"),
        make_track(2, "By Name - Remaster", "Bo", 200),
        make_track(3, "By Name - Live", "Bo", 200),
        make_track(4, "Unknown", "Cy", 180),
    ]


def test_tempo_of_own_files(online: Tempo, fake: FakeSpotify) -> None:
    """A track has the tempo of the user's file of it; what nobody measured is listed."""
    own_files(online)
    fake.add(*catalog(), liked=True)
    done = online.run("analyze", "spotify:liked")
    assert "2 new, 0 unchanged, 2 without a tempo" in done.stdout
    assert "no tempo: Cy - Unknown" in done.stderr
    expected = {"Called Otherwise": (128.0, "file"), "By Name - Remaster": (128.0, "file")}
    assert expected == listed(online)
    assert "0 new, 2 unchanged" in online.run("analyze", "spotify:liked").stdout
    assert fake.count("GET", "/audio-features") == 1
    schema = json.loads(Path("docs/track.schema.json").read_text("utf-8"))
    for track in online.json("list"):
        jsonschema.validate(track, schema)


def test_purge(online: Tempo, fake: FakeSpotify) -> None:
    """`logout --purge` leaves the user's files, and their own word, alone."""
    own_files(online)
    (uri, *_) = fake.add(*catalog(), liked=True)
    told = online.run("analyze", "spotify:liked", "-v").stderr
    assert "request to Spotify: 1 in this run, 1 in 24 h" in told
    online.run("fix", uri, "--bpm", 64)
    online.run("spotify", "logout", "--purge")
    assert listed(online) == {"Called Otherwise": (64.0, "fixed")}
    assert len(online.json("list")) == 3
    with Library(online.library) as library:
        assert library.notes.of("spotify.match", 0.0) == {}


def test_stop_keeps_what_was_read(online: Tempo, fake: FakeSpotify) -> None:
    """What was read before a long stop is in the library; the status says that there was one."""
    own_files(online)
    fake.add(*catalog(), *(make_track(n) for n in range(100, 200)), liked=True)
    fake.faults.append(Fault("GET", "/me/tracks", skip=1, **quota()))
    done = online.run("analyze", "spotify:liked", "-q", code=75)
    assert "no more requests until" in done.stderr
    assert len(listed(online)) == 2


def test_pushed_without_a_search(online: Tempo, fake: FakeSpotify, tmp_path: Path) -> None:
    """Files that were met on Spotify are pushed without a search, and built with only once."""
    own_files(online)
    uris = fake.add(*catalog(), liked=True)
    online.run("analyze", "spotify:liked", "-q")
    path = tmp_path / "run.json"
    online.run("build", "--bpm", "120-135", "--minutes", 6, "-o", path)
    assert "2 known from before" in online.run("push", path).stdout
    (made,) = fake.playlists.values()
    assert sorted(made.uris) == sorted(uris[:2])
    assert fake.count("GET", "/search") == 0


def test_correction_first(online: Tempo, fake: FakeSpotify) -> None:
    """A correction is kept by every later reading."""
    own_files(online)
    (uri, *_) = fake.add(*catalog(), liked=True)
    online.run("analyze", "spotify:liked", "-q")
    online.run("fix", uri, "--bpm", 64)
    online.run("analyze", "spotify:liked", "-q")
    assert listed(online)["Called Otherwise"] == (64.0, "fixed")


def test_imported_tempo(online: Tempo, fake: FakeSpotify, tmp_path: Path) -> None:
    """An imported tempo counts; where the user's file contradicts it, it is doubtful."""
    own_files(online)
    one, other, *_ = fake.add(*catalog(), liked=True)
    table = tmp_path / "liked.csv"
    head = "Track URI,Track Name,Artist Name(s),Duration (ms),Tempo,Energy\n"
    rows = (
        f"{one},Called Otherwise,Ann,200000,100,0.5\n{other},By Name - Remaster,Bo,200000,64,0.5\n"
    )
    table.write_text(head + rows, "utf-8")
    online.run("import", table)
    online.run("analyze", "spotify:liked")
    expected = {"Called Otherwise": (100.0, "import"), "By Name - Remaster": (64.0, "import")}
    assert expected == listed(online)
    doubt = {t["title"]: t["confidence"] < 0.5 for t in online.json("list") if t["uri"]}
    assert doubt == {"Called Otherwise": True, "By Name - Remaster": False}
    assert "0 new, 2 unchanged" in online.run("analyze", "spotify:liked").stdout


@pytest.mark.parametrize("fake", ["extended"], indirect=True)
def test_spotifys_own_numbers(online: Tempo, fake: FakeSpotify) -> None:
    """An app that may still ask Spotify gets its tempos; 0 BPM is none."""
    one, other, _, _ = (uri.rpartition(":")[2] for uri in fake.add(*catalog(), liked=True))
    fake.features = {one: {"id": one, **NUMBERS}, other: {"id": other, **NUMBERS, "tempo": 0.0}}
    online.run("analyze", "spotify:liked")
    assert listed(online) == {"Called Otherwise": (172.0, "spotify")}


@pytest.mark.parametrize("fake", ["extended"], indirect=True)
def test_stop_among_numbers(online: Tempo, fake: FakeSpotify) -> None:
    """A quota that ends while Spotify's numbers are read keeps those, and has its exit status."""
    fake.add(*(make_track(n) for n in range(120)), liked=True)
    fake.features = {key: {"id": key, **NUMBERS} for key in fake.tracks}
    fake.faults.append(Fault("GET", "/audio-features", skip=1, **quota()))
    done = online.run("analyze", "spotify:liked", "-q", code=75)
    assert "no more requests until" in done.stderr
    assert len(listed(online)) == 100


def turn_on(program: Tempo, *sources: str, key: str = "") -> None:
    """Let services say tempos."""
    config = f"[spotify]\nsources = {json.dumps(sources)}\n"
    config += f'getsongbpm_key = "{key}"\n' if key else ""
    program.library.parent.mkdir(exist_ok=True)
    program.library.with_name("config.toml").write_text(config)


def test_reccobeats_where_wanted(online: Tempo, fake: FakeSpotify) -> None:
    """ReccoBeats is asked only where the config says so, 40 at once, and matched by address."""
    keys = [make_track(n)["id"] for n in range(90)]
    fake.add(*(make_track(n, f"Song {n}") for n in range(90)), liked=True)
    fake.recco = {key: {**NUMBERS, "tempo": 100.0 + n} for n, key in enumerate(keys) if n % 2}
    online.run("analyze", "spotify:liked", "-q", code=1)
    assert listed(online) == {}
    turn_on(online, "reccobeats")
    online.run("analyze", "spotify:liked", "-q")
    expected = {f"Song {n}": (100.0 + n, "reccobeats") for n in range(1, 90, 2)}
    assert expected == listed(online)
    assert fake.count("GET", "/reccobeats") == 3


def test_reccobeats_in_trouble(online: Tempo, fake: FakeSpotify) -> None:
    """A service in trouble is a sentence, and costs nothing that is known otherwise."""
    own_files(online)
    fake.add(*catalog(), liked=True)
    turn_on(online, "reccobeats")
    fake.faults.append(Fault("GET", "/reccobeats/.*", 200, "<html>", times=9))
    done = online.run("analyze", "spotify:liked")
    assert "reccobeats does not answer" in done.stderr
    assert len(listed(online)) == 2


def test_deezers_own_tempo(online: Tempo, fake: FakeSpotify) -> None:
    """Deezer is asked by ISRC, then by name; a reused ISRC and another version are no match."""
    rows = [
        make_track(1, "One", "Ann", isrc="USAAA0000001"),
        make_track(2, "Two (feat. Bo) - 2009 Remaster", "Ann", isrc="USAAA0000002"),
        make_track(3, "Three", "Ann", isrc="USAAA0000003"),
        make_track(4, "Four - Live", "Ann", isrc=None),
        make_track(5, "Five", "Ann", isrc="USAAA0000005"),
    ]
    fake.add(*rows, liked=True)
    fake.deezer = [
        deezer_track(1, "One", "Ann", isrc="USAAA0000001", bpm=121.5),
        deezer_track(2, "Two", "Ann", isrc="USZZZ0000002", bpm=84.0),
        deezer_track(3, "Three", "Ann", isrc="USAAA0000003", bpm=90.0, seconds=300),
        deezer_track(4, "Four", "Ann", bpm=100.0),
        deezer_track(5, "Five", "Ann", isrc="USAAA0000005", bpm=0.0),
    ]
    online.run("analyze", "spotify:liked", "-q", code=1)
    assert fake.foreign == []
    turn_on(online, "deezer")
    online.run("analyze", "spotify:liked", "-q")
    expected = {"One": (121.5, "deezer"), "Two (feat. Bo) - 2009 Remaster": (84.0, "deezer")}
    assert expected == listed(online)
    asked = len(fake.foreign)
    online.run("analyze", "spotify:liked", "-q")
    assert len(fake.foreign) == asked  # neither what it said nor what it does not know
    assert not any("secret-" in json.dumps(each) for each in fake.foreign)


def test_deezer_is_busy(online: Tempo, fake: FakeSpotify) -> None:
    """Deezer's error in an answer of status 200 is no match; what it said before is kept."""
    rows = [make_track(n, f"Song {n}", "Ann", isrc=f"USAAA000000{n}") for n in (1, 2, 3)]
    fake.add(*rows, liked=True)
    fake.deezer = [
        deezer_track(n, f"Song {n}", "Ann", isrc=f"USAAA000000{n}", bpm=120.0) for n in (1, 2, 3)
    ]
    busy = {"error": {"type": "Exception", "message": "Quota limit exceeded", "code": 4}}
    fake.faults.append(Fault("GET", "/deezer/.*", 200, busy, skip=1, times=9))
    turn_on(online, "deezer")
    done = online.run("analyze", "spotify:liked", "--max-wait", 0)
    assert "deezer does not answer" in done.stderr
    assert listed(online) == {"Song 1": (120.0, "deezer")}
    fake.faults.clear()
    online.run("analyze", "spotify:liked", "-q")
    assert len(listed(online)) == 3


def test_clips(online: Tempo, fake: FakeSpotify, music: Path) -> None:
    """A clip is measured by our own engine, and kept nowhere; an ended address is renewed."""
    fake.add(*(make_track(n, f"Song {n}", "Ann", isrc=f"USAAA000000{n}") for n in (1, 2, 3, 4)),
             liked=True)  # fmt: skip
    fake.clips = {"a.mp3": (music / "clicks.flac").read_bytes(), "c.mp3": b"<html>gone"}
    previews = {
        1: f"{fake.url}/deezer/stream/a.mp3", 2: "", 3: f"{fake.url}/deezer/stream/c.mp3",
        4: "http://127.0.0.1:9/secret",
    }  # fmt: skip
    fake.deezer = [
        deezer_track(n, f"Song {n}", "Ann", isrc=f"USAAA000000{n}", preview=url)
        for n, url in previews.items()
    ]
    turn_on(online, "preview")
    before = set(online.library.parent.rglob("*"))
    done = online.run("analyze", "spotify:liked")
    assert "3 without a tempo" in done.stdout
    ((bpm, source),) = listed(online).values()
    assert (round(bpm), source) == (120, "preview")
    (track,) = online.json("list")
    assert track["duration"] == 200.0
    assert set(online.library.parent.rglob("*")) - before == {online.library}


def test_interrupted(online: Tempo, fake: FakeSpotify) -> None:
    """What a service said until the user interrupts it is kept."""
    codes = [f"USAAA{n:07}" for n in range(200)]
    fake.add(*(make_track(n, f"Song {n}", "Ann", isrc=codes[n]) for n in range(200)), liked=True)
    fake.deezer = [deezer_track(n, f"Song {n}", "Ann", isrc=codes[n], bpm=99.0) for n in range(200)]
    turn_on(online, "deezer")
    with online.start("analyze", "spotify:liked") as process:
        wait_for(lambda: len(fake.foreign) > 5)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "interrupted: what was found is kept" in said
    assert 5 <= len(listed(online)) < 200


def test_getsongbpm_with_a_key(online: Tempo, fake: FakeSpotify) -> None:
    """GetSongBPM is asked with the user's key, in no address, and credited; versions differ."""
    fake.add(
        make_track(1, "One (feat. Bo)", "Ann"), make_track(2, "Two - Remix", "Ann"),
        make_track(3, "Three", "Ann"), liked=True,
    )  # fmt: skip
    fake.songs = [getsong_song("One", "Ann", "98"), getsong_song("Two", "Ann", "120")]
    turn_on(online, "getsongbpm")
    assert "getsongbpm_key" in online.run("analyze", "spotify:liked", code=1).stderr
    turn_on(online, "getsongbpm", key="mine")
    done = online.run("analyze", "spotify:liked")
    assert "https://getsongbpm.com" in done.stderr
    assert listed(online) == {"One (feat. Bo)": (98.0, "getsongbpm")}
    assert {headers["X-API-KEY"] for _, _, headers in fake.foreign} == {"mine"}
    assert not any("mine" in json.dumps(query) for _, query, _ in fake.foreign)


def test_first_hit_wins(online: Tempo, fake: FakeSpotify) -> None:
    """Of several services that are turned on, the first that knows a track says its tempo."""
    keys = [make_track(n)["id"] for n in (1, 2)]
    fake.add(*(make_track(n, f"Song {n}", "Ann", isrc=f"USAAA000000{n}") for n in (1, 2)),
             liked=True)  # fmt: skip
    fake.recco = {keys[0]: NUMBERS}
    fake.deezer = [
        deezer_track(n, f"Song {n}", "Ann", isrc=f"USAAA000000{n}", bpm=90.0) for n in (1, 2)
    ]
    turn_on(online, "deezer", "reccobeats")
    online.run("analyze", "spotify:liked", "-q")
    expected = {"Song 1": (172.0, "reccobeats"), "Song 2": (90.0, "deezer")}
    assert expected == listed(online)


def test_table_without_ids(online: Tempo, fake: FakeSpotify, tmp_path: Path) -> None:
    """A tempo from a table that names tracks by ISRC, or by title and artist, counts as well."""
    fake.add(*catalog(), liked=True)
    table = tmp_path / "others.csv"
    table.write_text(
        "title,artist,isrc,duration_ms,tempo,energy\n"
        "Otherwise,Ann,USAAA0000001,200000,99,0.5\nUnknown,Cy,,180000,140,0.5\n"
    )
    online.run("import", table)
    online.run("analyze", "spotify:liked", "-q")
    spotifys = {t["title"]: (t["bpm"], t["source"]) for t in online.json("list")
                if t["uri"].startswith("spotify:")}  # fmt: skip
    assert spotifys == {"Called Otherwise": (99.0, "import"), "Unknown": (140.0, "import")}


def test_spotify_broken_blocks_nothing(online: Tempo, fake: FakeSpotify, music: Path) -> None:
    """With Spotify out of order, files are analyzed all the same."""
    fake.faults.append(Fault("GET", ".*", 503, "busy", times=99))
    done = online.run("analyze", music / "clicks.flac", "spotify:liked", code=1)
    assert "1 analyzed" in done.stdout
    assert "trouble of its own" in done.stderr
