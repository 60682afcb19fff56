"""Playlists reach Spotify exactly, once and in order, whatever breaks in between."""

import contextlib
import json
import re
import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule
from PIL import Image

from playlists.errors import SpotifyError
from playlists.outgoing import Outgoing
from playlists.push import push
from playlists.recording import Recording
from playlists.spotify.api import Spotify
from playlists.spotify.signin import COVER_SCOPE, PUBLIC_SCOPE
from tempo.library import Library
from tests.conftest import Tempo
from tests.spotify_fake import ALL_SCOPES, FakeSpotify, Fault, Playlist, error, make_track, quota
from tests.spotify_server import serving
from tests.spotify_user import CATALOG, NOW, connected, on_fake, sign_in, stock, token_file

LISTED = Outgoing("Run", "251 tracks. Built with tempo.", (), "run.m3u8")
MINE = r"/playlists/\w+/items"


def uris(fake: FakeSpotify, count: int = 251, start: int = 0) -> list[str]:
    """Return the addresses of tracks of the catalog."""
    return [track["uri"] for track in fake.tracks.values()][start : start + count]


def pushed(spotify: Spotify, wanted: list[str], **options: Any) -> str:
    """Push tracks under the name of `LISTED`, and return the playlist."""
    usual: dict[str, Any] = {"public": False, "adopt": False, "said": lambda _: None}
    usual["warned"] = usual["said"]
    return push(spotify, "runner", LISTED, wanted, **(usual | options))


def test_in_order_and_private(spotify: Spotify, fake: FakeSpotify) -> None:
    """A push makes one private playlist, in as few requests as the limits permit."""
    wanted = uris(fake)
    key = pushed(spotify, wanted)
    (made,) = fake.playlists.values()
    assert (made.uris, made.public, made.description) == (wanted, False, LISTED.description)
    assert list(fake.playlists) == [key]
    assert [fake.count("POST", "/me/playlists"), fake.count("POST", MINE)] == [1, 3]
    assert spotify.quota.count == len(fake.calls) == 1 + 1 + 3 + 6


def test_again_is_no_change(spotify: Spotify, fake: FakeSpotify) -> None:
    """A second push finds the playlist and writes nothing."""
    wanted = uris(fake)
    first = pushed(spotify, wanted)
    writes = fake.count("P")
    before = sum(call.method != "GET" for call in fake.calls)
    assert pushed(spotify, wanted) == first
    assert before == sum(call.method != "GET" for call in fake.calls)
    assert writes == fake.count("P")


@pytest.mark.parametrize("count", [1, 99, 100, 101, 300])
def test_update_in_place(spotify: Spotify, fake: FakeSpotify, count: int) -> None:
    """Another content of the same name replaces the first in the same playlist."""
    first = pushed(spotify, uris(fake))
    wanted = uris(fake, count, start=200)
    assert pushed(spotify, wanted) == first
    assert wanted == fake.playlists[first].uris


@pytest.mark.parametrize("edit", ["swap", "double", "drop", "add", "foreign"])
def test_edited_by_hand(spotify: Spotify, fake: FakeSpotify, edit: str) -> None:
    """Wrong order, duplicates and gaps are put right."""
    wanted = uris(fake, 150)
    key = pushed(spotify, wanted)
    held = fake.playlists[key].uris
    match edit:
        case "swap":
            held[3], held[120] = held[120], held[3]
        case "double":
            held.insert(7, held[7])
        case "drop":
            del held[100]
        case "add":
            held.append(held[0])
        case _:
            held[50] = uris(fake, 1, start=500)[0]
    pushed(spotify, wanted)
    assert wanted == fake.playlists[key].uris


def test_deleted_is_made_again(spotify: Spotify, fake: FakeSpotify) -> None:
    """A playlist that its owner deleted is made anew."""
    first = pushed(spotify, uris(fake, 3))
    del fake.playlists[first]
    second = pushed(spotify, uris(fake, 3))
    assert fake.playlists[second].uris == uris(fake, 3)


def test_others_are_left_alone(spotify: Spotify, fake: FakeSpotify) -> None:
    """A playlist of the same name is taken over only where that is asked for, and owned."""
    fake.playlists["a" * 22] = Playlist("Run", owner="somebody")
    fake.playlists["b" * 22] = Playlist("Run", uris=uris(fake, 2))
    made = pushed(spotify, uris(fake, 3))
    assert made not in {"a" * 22, "b" * 22}
    assert fake.playlists["b" * 22].uris == uris(fake, 2)


def test_takeover(spotify: Spotify, fake: FakeSpotify) -> None:
    """`--update` takes over the user's own playlist of this name."""
    fake.playlists["a" * 22] = Playlist("Run", owner="somebody")
    fake.playlists["b" * 22] = Playlist("Run", uris=uris(fake, 2))
    assert pushed(spotify, uris(fake, 3), adopt=True) == "b" * 22


def test_another_library_knows_the_playlist(
    online: Tempo, library: Library, fake: FakeSpotify
) -> None:
    """A push of the same name from another library updates what the first one made."""
    fake.playlists["a" * 22] = Playlist("Run", uris=uris(fake, 2))
    fake.playlists["b" * 22] = Playlist("Run", LISTED.description, owner="somebody")
    first = pushed(connected(online, library), uris(fake, 3))
    with Library(Path(":memory:")) as other:
        assert pushed(connected(online, other), uris(fake, 4)) == first
    assert fake.playlists[first].uris == uris(fake, 4)
    assert [len(each.uris) for each in fake.playlists.values()] == [2, 0, 4]
    fake.playlists[first].description = "mine now"
    with Library(Path(":memory:")) as third:
        assert pushed(connected(online, third), uris(fake, 1)) not in {"a" * 22, "b" * 22, first}


FAULTS: dict[str, Callable[[], dict[str, Any]]] = {
    "502 before": lambda: {"status": 502},
    "502 after": lambda: {"status": 502, "after_commit": True},
    "503 html": lambda: {"status": 503, "body": "<html>busy</html>"},
    "drop before": lambda: {"how": "drop"},
    "drop after": lambda: {"how": "drop", "after_commit": True},
    "truncated": lambda: {"how": "truncate", "after_commit": True},
    "slow": lambda: {"how": "hang", "after_commit": True},
    "429": lambda: {"status": 429, "body": error(429, "x")[1], "headers": {"Retry-After": "2"}},
    "429 without": lambda: {"status": 429, "body": error(429, "API rate limit exceeded")[1]},
    "401": lambda: {"status": 401, "body": error(401, "The access token expired")[1]},
    "odd error": lambda: {"status": 500, "body": {"error": "server_error"}},
}
PLACES = [
    ("POST", "/me/playlists", 0),
    ("POST", MINE, 0),
    ("POST", MINE, 2),
    ("GET", MINE, 5),
]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("place", PLACES, ids=str)
def test_one_fault(
    spotify: Spotify, fake: FakeSpotify, fault: str, place: tuple[str, str, int]
) -> None:
    """One fault at any request changes nothing about the outcome of the same run."""
    method, path, skip = place
    fake.faults.append(Fault(method, path, skip=skip, **FAULTS[fault]()))
    wanted = uris(fake)
    key = pushed(spotify, wanted)
    assert wanted == fake.playlists[key].uris
    assert list(fake.playlists) == [key]
    assert fake.faults[0].times == 0


@pytest.mark.parametrize("path", ["/me/playlists", MINE])
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("how", ["answer", "drop", "truncate"])
def test_no_blind_repeat(
    spotify: Spotify, fake: FakeSpotify, path: str, how: str, *, after: bool
) -> None:
    """After a POST without a clear answer, what is there is read before anything is written."""
    fake.faults.append(Fault("POST", path, how=how, after_commit=after))
    pushed(spotify, uris(fake))
    asked = [(call.method, bool(re.fullmatch(path, call.path))) for call in fake.calls]
    failed = asked.index(("POST", True))
    assert asked[failed + 1][0] == "GET"
    assert not any(method == "PUT" for method, _ in asked)


BREAKS = st.lists(
    st.tuples(st.integers(0, 12), st.sampled_from(sorted({*FAULTS, "quota"} - {"slow"}))),
    min_size=1, max_size=5,
)  # fmt: skip
"""What fails, and how many requests go well before."""


def broken(faults: list[tuple[int, str]]) -> list[Fault]:
    """Return what makes any requests fail."""
    kinds = FAULTS | {"quota": quota}
    return [Fault("ANY", "/.*", skip=skip, **kinds[kind]()) for skip, kind in faults]


@hypothesis.settings(
    max_examples=40, derandomize=True,
    suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture],
)  # fmt: skip
@hypothesis.given(BREAKS, st.sampled_from(["new", "same", "other", "edited"]))
def test_many_faults(
    online: Tempo, fake: FakeSpotify, faults: list[tuple[int, str]], before: str
) -> None:
    """Whatever fails wherever, the playlist is exact after at most one more run."""
    fake.playlists.clear()
    fake.faults.clear()
    wanted = uris(fake)
    with Library(Path(":memory:")) as library:
        if before != "new":
            held = uris(fake, 180, start=90) if before == "other" else wanted
            key = pushed(connected(online, library), held)
            if before == "edited":
                fake.playlists[key].uris.insert(120, held[3])
        start = len(fake.calls)
        fake.faults += broken(faults)
        with contextlib.suppress(SpotifyError):
            assert wanted == fake.playlists[pushed(connected(online, library), wanted)].uris
        fake.faults.clear()
        sign_in(online, fake)
        later = connected(online, library, now=lambda: NOW + 50_000)
        key = pushed(later, wanted)
    assert (wanted, [key]) == (fake.playlists[key].uris, list(fake.playlists))
    assert len(fake.calls) - start < 80


class Pushes(RuleBasedStateMachine):
    """Pushes of up to 151 tracks, while requests fail, plans change and users move tracks."""

    def __init__(self) -> None:
        super().__init__()
        self.open = contextlib.ExitStack()
        folder = Path(self.open.enter_context(tempfile.TemporaryDirectory()))
        self.fake = self.open.enter_context(serving(FakeSpotify()))
        self.fake.add(*CATALOG)
        self.program = on_fake(Tempo(folder / "library.db"), self.fake, folder)
        self.library = self.open.enter_context(Library(Path(":memory:")))
        self.now, self.wanted = NOW, uris(self.fake, 151)
        sign_in(self.program, self.fake)

    def push(self) -> str:
        """Push what is wanted."""
        return pushed(connected(self.program, self.library, now=lambda: self.now), self.wanted)

    @rule(start=st.integers(0, 300), count=st.sampled_from([1, 50, 100, 101, 151]))
    def want_others(self, start: int, count: int) -> None:
        """Build another playlist of the same name."""
        self.wanted = uris(self.fake, count, start)

    @rule(place=st.integers(0, 150), other=st.integers(0, 150))
    def edit(self, place: int, other: int) -> None:
        """Let the user move a track, and put one in twice."""
        for held in (each.uris for each in self.fake.playlists.values() if each.uris):
            held.insert(place % len(held), held.pop(other % len(held)))
            held.append(held[0])

    @rule()
    def delete(self) -> None:
        """Let the user delete the playlist."""
        self.fake.playlists.clear()

    @rule(faults=BREAKS)
    def try_to_push(self, faults: list[tuple[int, str]]) -> None:
        """Push while things fail: whoever is told that it went well is told the truth."""
        self.now += 50_000
        self.fake.faults = broken(faults)
        before = len(self.fake.calls)
        with contextlib.suppress(SpotifyError):
            key = self.push()
            assert (self.wanted, [key]) == (self.fake.playlists[key].uris, [*self.fake.playlists])
        assert len(self.fake.calls) - before < 80

    @rule()
    def push_again(self) -> None:
        """Push when nothing fails any more: all is as it should be, once."""
        self.fake.faults.clear()
        self.now += 50_000
        key = self.push()
        assert (self.wanted, [key]) == (self.fake.playlists[key].uris, list(self.fake.playlists))

    def teardown(self) -> None:
        """End with such a push."""
        with self.open:
            self.push_again()


Pushes.TestCase.settings = hypothesis.settings(
    max_examples=20, stateful_step_count=10, deadline=None, derandomize=True
)
TestPushes = Pushes.TestCase


@pytest.mark.parametrize("requests", range(1, 10))
@pytest.mark.parametrize("lost", [False, True])
def test_killed_anywhere(
    online: Tempo, library: Library, fake: FakeSpotify, requests: int, *, lost: bool
) -> None:
    """A run that ends after any request, answered or not, is finished by the next one."""

    def now() -> float:
        if len(fake.calls) >= requests:
            raise KilledError
        return NOW

    if lost:
        faults = [Fault(method, ".*", how="drop", after_commit=True) for method in ("GET", "POST")]
        for fault in faults:
            fault.skip = requests - 1 if fault.method == "POST" else max(0, requests - 5)
        fake.faults += faults
    wanted = uris(fake)
    with pytest.raises(KilledError):
        pushed(connected(online, library, now=now), wanted)
    fake.faults.clear()
    key = pushed(connected(online, library), wanted)
    assert (wanted, [key]) == (fake.playlists[key].uris, list(fake.playlists))


class KilledError(Exception):
    """The end of a run, as a signal would bring it."""


def die(_: object) -> None:
    """End the run."""
    raise KilledError


def test_it_gives_up(spotify: Spotify, fake: FakeSpotify) -> None:
    """Where each write fails, the run ends and says how far it got."""
    fake.faults.append(Fault("POST", MINE, 502, skip=1, times=99))
    with pytest.raises(SpotifyError, match="100 of 251 tracks are in place"):
        pushed(spotify, uris(fake))


# -------------------------------------------------------------- command line


def test_from_build_to_spotify(online: Tempo, fake: FakeSpotify, tmp_path: Path) -> None:
    """A workout built from files is on Spotify: from the liked songs, by ISRC, and by name."""
    fake.add(make_track(1000, "Liked", "Ann", 200, "USAAA0000001"), liked=True)
    fake.add(make_track(1001, "By Code (Remaster)", "Bo", 205, "USAAA0000002"))
    fake.add(make_track(1002, "By Name - 2011 Remaster", "Cy; Di", 211, None))
    fake.add(make_track(1003, "Only Live - Live", "Eve", 190, None))
    with Library(online.library) as library:
        stock(
            library,
            ("/m/1.mp3", Recording("Liked", "Ann", 201, "USAAA0000001")),
            ("/m/2.mp3", Recording("Other title", "Bo", 204, "USAAA0000002")),
            ("/m/3.mp3", Recording("By Name", "Cy", 210)),
            ("/m/4.mp3", Recording("Only Live", "Eve", 190)),
        )
    path = tmp_path / "run.json"
    online.run("build", "--bpm", "120-135", "--minutes", 13, "-o", path)
    dry = online.run("push", path, "--dry-run")
    assert ("nothing was written" in dry.stdout, fake.playlists) == (True, {})
    assert "strict" not in dry.stderr
    online.run("push", path, "--strict", code=1)
    done = online.run("push", path, "-v")
    assert "nearest is Eve - Only Live - Live: another version" in done.stderr
    assert "3 of 4 tracks found" in done.stdout
    (made,) = fake.playlists.values()
    order = [entry["title"] for entry in json.loads(path.read_text("utf-8"))["entries"]]
    names = {"Liked": 1000, "Other title": 1001, "By Name": 1002}
    assert made.uris == [make_track(names[one])["uri"] for one in order if one in names]
    assert ", 13:25, 128 BPM. " in made.description
    searches = fake.count("GET", "/search")
    again = online.run("push", path)
    assert "3 known from before" in again.stdout
    assert searches == fake.count("GET", "/search")
    assert len(fake.playlists) == 1


def test_m3u_with_addresses(online: Tempo, fake: FakeSpotify, tmp_path: Path) -> None:
    """An M3U8 file may name Spotify's tracks, and files by their artist and title."""
    fake.add(make_track(2000, "Named", "Ann", 200))
    one, other = uris(fake, 2)
    link = f"https://open.spotify.com/track/{other.rpartition(':')[2]}?si=x"
    text = f"#EXTM3U\n#PLAYLIST:Tuesday\n{one}\n{link}\n#EXTINF:200,Ann - Named\nnone.mp3\n"
    path = tmp_path / "run.m3u8"
    path.write_text(text, "utf-8")
    assert "Tuesday holds 3 tracks" in online.run("push", path).stdout
    (made,) = fake.playlists.values()
    assert made.uris == [one, other, make_track(2000)["uri"]]
    online.run("push", path, "--name", "Wednesday")
    assert {"Tuesday", "Wednesday"} == {each.name for each in fake.playlists.values()}


def test_another_playlist_of_the_name(online: Tempo, fake: FakeSpotify, tmp_path: Path) -> None:
    """A push that replaces the songs of another file says so before; one that edits them does not.

    The same file may be rebuilt, with other songs throughout.
    """

    def pushed_file(name: str, start: int, *options: str, count: int = 9) -> str:
        path = tmp_path / name
        path.write_text(
            "\n".join(["#EXTM3U", "#PLAYLIST:Spin", *uris(fake, count, start)]), "utf-8"
        )
        return online.run("push", path, *options).stderr

    assert pushed_file("wed.m3u8", 0) == ""
    assert pushed_file("wed.m3u8", 20) == ""
    assert pushed_file("copy.m3u8", 24) == ""
    said = pushed_file("thu.m3u8", 29, "--dry-run")
    assert f"Spin is another playlist on Spotify ({tmp_path / 'copy.m3u8'}), and 5 of its" in said
    assert "9 songs make room for these; to keep both" in said
    assert [uris(fake, 9, 24)] == [each.uris for each in fake.playlists.values()]
    assert pushed_file("thu.m3u8", 29, "--name", "Thursday") == ""
    assert said == pushed_file("thu.m3u8", 29)
    assert pushed_file("thu.m3u8", 60) == ""
    assert [uris(fake, 9, 60), uris(fake, 9, 29)] == [one.uris for one in fake.playlists.values()]


def test_a_takeover_says_what_is_lost(online: Tempo, fake: FakeSpotify, tmp_path: Path) -> None:
    """A playlist that was made by hand is named with its songs before it is taken over."""
    fake.playlists["a" * 22] = Playlist("run", uris=uris(fake, 3))
    path = tmp_path / "run.m3u8"
    path.write_text("\n".join(uris(fake, 4, start=10)), "utf-8")
    for options in (["--dry-run"], []):
        said = online.run("push", path, "--update", *options).stderr
        assert "run is another playlist on Spotify, and 3 of its 3 songs make room" in said


def test_addresses_that_lead_nowhere(online: Tempo, fake: FakeSpotify, tmp_path: Path) -> None:
    """A track that Spotify no longer has is named and left out; --strict then writes nothing."""
    path = tmp_path / "run.m3u8"
    known, gone = uris(fake, 120), make_track(77_777)["uri"]
    path.write_text("\n".join(["#EXTM3U", *known[:60], "#EXTINF:9,Ann - Gone", gone, *known[60:]]))
    for options in (["--strict", "--dry-run"], ["--strict"]):
        said = online.run("push", path, *options, code=1).stderr
        assert f"not on Spotify: Ann - Gone ({gone} leads nowhere)" in said
        assert "not all tracks are on Spotify: nothing was written" in said
    assert all(call.method == "GET" for call in fake.calls)
    done = online.run("push", path)
    assert f"not on Spotify: Ann - Gone ({gone} leads nowhere)" in done.stderr
    assert "run holds 120 tracks" in done.stdout
    assert [known] == [each.uris for each in fake.playlists.values()]


def test_what_was_found_and_is_gone_is_looked_for_again(
    online: Tempo, fake: FakeSpotify, tmp_path: Path
) -> None:
    """A track whose address is remembered and dead is said to be lost, and then searched again."""
    path = tmp_path / "run.m3u8"
    fake.add(make_track(2000, "Named", "Ann", 200))
    path.write_text("#EXTM3U\n#EXTINF:200,Ann - Named\nnone.mp3\n", "utf-8")
    online.run("push", path, "--strict")
    fake.tracks = {key: track for key, track in fake.tracks.items() if track["name"] != "Named"}
    fake.add(make_track(2001, "Named", "Ann", 200))
    online.run("push", path, "--strict", code=1)
    online.run("push", path, "--strict")
    assert [[make_track(2001)["uri"]]] == [each.uris for each in fake.playlists.values()]


def test_public_needs_permission(online: Tempo, fake: FakeSpotify, tmp_path: Path) -> None:
    """A public playlist needs a permission that a usual sign-in does not ask for."""
    path = tmp_path / "run.m3u8"
    path.write_text(uris(fake, 1)[0], "utf-8")
    assert "login --public" in online.run("push", path, "--public", code=1).stderr
    token = {**fake.token(f"{ALL_SCOPES} {PUBLIC_SCOPE}")}
    token_file(online).write_text(json.dumps(token), "utf-8")
    online.run("push", path, "--public")
    assert [each.public for each in fake.playlists.values()] == [True]


def test_cover_is_the_arc(online: Tempo, fake: FakeSpotify, tmp_path: Path) -> None:
    """A cover needs a permission of its own, and is a JPEG in the size that Spotify takes."""
    path = tmp_path / "run.m3u8"
    path.write_text("\n".join(uris(fake, 12)), "utf-8")
    assert "login --cover" in online.run("push", path, "--cover", code=1).stderr
    assert fake.calls == []
    token = {**fake.token(f"{ALL_SCOPES} {COVER_SCOPE}")}
    token_file(online).write_text(json.dumps(token), "utf-8")
    online.run("push", path, "--cover")
    (made,) = fake.playlists.values()
    with Image.open(BytesIO(made.cover)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (640, 640))
    assert fake.count("PUT", "/images") == 1


def test_cover_shows_what_was_asked(online: Tempo, fake: FakeSpotify, tmp_path: Path) -> None:
    """The cover of an M3U8 that was built for a plan, in step, is that of its JSON."""
    rows = (f"{uri},Song {n},Ann,200000,{84 + n},0.6" for n, uri in enumerate(uris(fake, 6)))
    table = tmp_path / "songs.csv"
    table.write_text("\n".join(["id,title,artist,duration_ms,tempo,energy", *rows]), "utf-8")
    online.run("import", table)
    token = {**fake.token(f"{ALL_SCOPES} {COVER_SCOPE}")}
    token_file(online).write_text(json.dumps(token), "utf-8")
    for name in ("a.json", "a.m3u8"):
        plan = ("--plan", "6m 60%, 4m 90%", "--sync", "--cadence", 86)
        online.run("build", *plan, "-o", tmp_path / name)
        online.run("push", tmp_path / name, "--cover", "--name", name)
    one, other = (made.cover for made in fake.playlists.values())
    assert one == other


def test_cover_that_fails(online: Tempo, fake: FakeSpotify, tmp_path: Path) -> None:
    """A cover that Spotify refuses costs nothing of the playlist, and is all that is sent again."""
    path = tmp_path / "run.m3u8"
    path.write_text("\n".join(uris(fake, 120)), "utf-8")
    token = {**fake.token(f"{ALL_SCOPES} {COVER_SCOPE}")}
    token_file(online).write_text(json.dumps(token), "utf-8")
    fake.faults += [Fault("PUT", ".*/images", 413, "Payload Too Large")]
    done = online.run("push", path, "--cover", code=1)
    assert "the playlist is complete, but for its cover" in done.stderr
    fake.faults += [Fault("PUT", ".*/images", **quota(1))]
    assert "but for its cover" in online.run("push", path, "--cover", code=75).stderr
    time.sleep(1.0)
    writes = sum(call.method != "GET" for call in fake.calls)
    online.run("push", path, "--cover")
    (made,) = fake.playlists.values()
    assert (made.uris, bool(made.cover)) == (uris(fake, 120), True)
    assert writes + 1 == sum(call.method != "GET" for call in fake.calls)


def test_stop_has_its_own_status(online: Tempo, fake: FakeSpotify, tmp_path: Path) -> None:
    """A quota that is used up ends the program with status 75, and the next run does not ask."""
    path = tmp_path / "run.m3u8"
    path.write_text("\n".join(uris(fake)), "utf-8")
    fake.faults.append(Fault("POST", MINE, **quota()))
    assert "no more requests until" in online.run("push", path, code=75).stderr
    asked = len(fake.calls)
    online.run("push", path, code=75)
    assert asked == len(fake.calls)
    assert "left alone until" in online.run("spotify", "status", code=0).stdout


def test_secrets_stay_secret(online: Tempo, fake: FakeSpotify, tmp_path: Path) -> None:
    """The token is in no output, address or argument, whatever goes wrong and is logged."""
    path = tmp_path / "run.m3u8"
    path.write_text("\n".join(uris(fake)), "utf-8")
    kept = json.loads(token_file(online).read_text("utf-8"))
    secrets = [kept["access_token"], kept["refresh_token"]]
    echo = error(403, f"Bearer {secrets[0]} may not do this")[1]
    fake.faults.append(Fault("POST", MINE, 403, echo))
    done = online.run("push", path, "-v", code=1)
    assert "may not do this" in done.stderr
    online.run("push", path, "-v")
    said = done.stdout + done.stderr + json.dumps([call.query for call in fake.calls])
    said += (online.library.read_bytes()).decode("latin-1")
    assert not any(secret in said for secret in secrets)
    assert any(secrets[0] in header.get("Authorization", "") for header in fake.headers)


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "holds no track"), ("{", "is no json playlist"), ("[]", "holds no track"),
     ('{"entries": [3]}', "entry 1 is a number"),
     (json.dumps({"workout": "x", "target_duration": 60, "entries": [
         {"bpm": None, "duration": 9, "title": 3, "artist": None, "path": "gone.mp3"}]}),
      "none of the tracks is on Spotify"),
     ('#EXTINF:9,Ann - ""\ngone.mp3', "none of the tracks is on Spotify")],
)  # fmt: skip
def test_wrong_files(online: Tempo, tmp_path: Path, text: str, said: str) -> None:
    """A file that is no playlist is one sentence."""
    path = tmp_path / ("run.json" if text[:1] in set("{[") else "run.m3u8")
    path.write_text(text, "utf-8")
    assert said in online.run("push", path, code=1).stderr
