"""`tempo report` as a user meets it."""

import json
import shutil
from pathlib import Path

import pytest

from tests.conftest import Tempo
from tests.reports import playlist
from tests.test_page import data_of

ROWS = [f"{n:022},Song {n},Artist {n},180000,{100 + n % 60},{0.4 + n % 6 / 10}" for n in range(90)]


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Tempo:
    """Return the program with a library of 90 tracks, and a playlist beside it in two formats."""
    program = Tempo(tmp_path_factory.mktemp("stocked") / "library.db")
    table = program.library.with_name("t.csv")
    table.write_text("\n".join(["id,title,artist,duration_ms,tempo,energy", *ROWS]))
    program.run("import", table)
    for name in ("run.json", "run.m3u8"):
        program.run(
            "build", "hearts-on-fire", "--minutes", 30, "-o", program.library.with_name(name)
        )
    return program


def page_of(program: Tempo, source: str, tmp_path: Path, *options: object) -> str:
    """Return the page that is made of a playlist."""
    target = tmp_path / "report.html"
    program.run("report", program.library.with_name(source), "-o", target, *options)
    return target.read_text("utf-8")


def test_a_built_playlist_says_all(stocked: Tempo, tmp_path: Path) -> None:
    """The page of a .json has its steps, its reasons and all of its songs in order."""
    built = json.loads(stocked.library.with_name("run.json").read_text("utf-8"))
    data = data_of(page_of(stocked, "run.json", tmp_path))
    assert [song["title"] for song in data["songs"]] == [e["title"] for e in built["entries"]]
    assert [song["why"] for song in data["songs"]] == [e["why"] for e in built["entries"]]
    assert [stage["name"] for stage in data["stages"]] == ["warm-up", "hearts on fire", "cool-down"]


def test_an_m3u8_of_ours_gives_the_same_page(stocked: Tempo, tmp_path: Path) -> None:
    """What the file does not say, its title and the library do."""
    one = data_of(page_of(stocked, "run.json", tmp_path))
    other = data_of(page_of(stocked, "run.m3u8", tmp_path, "--force"))
    assert one == other


@pytest.mark.parametrize(
    "asked",
    [
        ("--plan", "5m 60%, 2x(3m 95%, 1m 50%)", "--sync", "--cadence", 84),
        ("tempo-run", "--minutes", 12, "--effort", 110),
        ("--bpm", "120-", "--minutes", 8),
    ],
)
def test_what_it_was_built_for_is_remembered(
    stocked: Tempo, tmp_path: Path, asked: tuple[object, ...]
) -> None:
    """The library knows what the title cannot say, also of a file that was converted."""
    for name in ("a.json", "a.m3u8"):
        stocked.run("build", *asked, "-o", tmp_path / name)
    stocked.run("convert", tmp_path / "a.m3u8", tmp_path / "else.xspf")
    pages = []
    for name in ("a.json", "else.xspf"):
        stocked.run("report", tmp_path / name, "-o", tmp_path / f"{name}.html")
        pages.append(data_of((tmp_path / f"{name}.html").read_text("utf-8")))
    assert pages[0] == pages[1]


def test_another_workout_is_another_measure(stocked: Tempo, tmp_path: Path) -> None:
    """A playlist can be held against any workout."""
    options = ("--workout", "spin", "--minutes", 30, "--sync", "--cadence", 84)
    data = data_of(page_of(stocked, "run.m3u8", tmp_path, *options))
    assert [stage["name"] for stage in data["stages"]][:2] == ["warm-up", "flat"]
    assert {round(song["target"]) for song in data["songs"]} == {84}


def test_a_foreign_playlist_is_shown_without_a_target(stocked: Tempo, tmp_path: Path) -> None:
    """Songs that nobody analyzed are shown as far as the file knows them."""
    path = tmp_path / "mix.m3u8"
    path.write_text(f"#EXTM3U\n#EXTINF:200,Ann - One\nspotify:track:{0:022}\n#EXTINF:90,X\nx.mp3\n")
    done = stocked.run("report", path)
    assert "give --workout" in done.stderr
    assert "warning: 1 of 1 file is not where mix.m3u8 says" in done.stderr
    data = data_of(path.with_suffix(".html").read_text("utf-8"))
    assert [song["duration"] for song in data["songs"]] == [180.0, 90.0]
    assert [song["target"] for song in data["songs"]] == [None, None]
    done = stocked.run("report", path, "--workout", "walk", "--force")
    assert f"not in the library: {tmp_path / 'x.mp3'}" in done.stderr


def test_songs_without_titles_are_called_by_their_files(tempo: Tempo, tmp_path: Path) -> None:
    """A bare list of files, of which nobody knows more, still shows which song is which."""
    path = tmp_path / "bare.m3u8"
    path.write_text(f"music/01 Hurt.mp3\nspotify:track:{0:022}\n")
    tempo.run("report", path)
    data = data_of(path.with_suffix(".html").read_text("utf-8"))
    assert [song["title"] for song in data["songs"]] == ["01 Hurt", f"spotify:track:{0:022}"]


def test_copies_are_known_by_their_names(analyzed: Tempo, music: Path, tmp_path: Path) -> None:
    """An exported song is measured as the one that it was copied from, and played from its copy."""
    shutil.copy(music / "mp3 song.mp3", tmp_path / "01 copy.mp3")
    path = tmp_path / "run.m3u8"
    path.write_text("#EXTM3U\n#PLAYLIST:walk 20 min\n#EXTINF:20,Artist 0 - MP3 Song\n01 copy.mp3\n")
    done = analyzed.run("report", path)
    assert "measured by walk 20 min --async" in done.stderr
    (song,) = data_of(path.with_suffix(".html").read_text("utf-8"))["songs"]
    assert (song["src"], song["title"]) == ("01%20copy.mp3", "mp3 song")
    assert song["bpm"] == pytest.approx(100, rel=0.01)


def test_pictures_alone(stocked: Tempo, tmp_path: Path) -> None:
    """--png and --svg write the arc and no page; nothing is replaced unasked."""
    source = stocked.library.with_name("run.json")
    png, svg = tmp_path / "arc.png", tmp_path / "arc.svg"
    stocked.run("report", source, "--png", png, "--svg", svg, "--dark")
    assert png.read_bytes().startswith(b"\x89PNG")
    assert svg.read_text("utf-8").startswith("<svg")
    assert not source.with_suffix(".html").exists()
    assert "--force" in stocked.run("report", source, "--png", png, code=1).stderr


@pytest.mark.parametrize("text", ["", '{"a": 1}', "[]", '{"entries": [3]}', "\0", "<a>"])
def test_what_is_no_playlist_is_refused(tempo: Tempo, tmp_path: Path, text: str) -> None:
    """A file that holds no song ends in a sentence, and no page is written."""
    path = tmp_path / "p.json"
    path.write_text(text)
    tempo.run("report", path, code=1)
    assert not path.with_suffix(".html").exists()


def test_damage_is_said_with_its_place(tempo: Tempo, tmp_path: Path) -> None:
    """A file that is damaged is named, and so is what of it is."""
    path = tmp_path / "p.json"
    path.write_text(json.dumps(playlist() | {"steps": [{"name": "x"}]}))
    assert tempo.run("report", path, code=1).stderr == (
        "Error: p.json: number 1 of its steps is not as `tempo build -o NAME.json` writes it: "
        "build it again\n"
    )


def test_options_that_need_a_workout_say_so(tempo: Tempo, tmp_path: Path) -> None:
    """A length without a workout is wrong usage."""
    path = tmp_path / "p.json"
    path.write_text(json.dumps(playlist()))
    assert "--workout" in tempo.run("report", path, "--minutes", 9, code=2).stderr
