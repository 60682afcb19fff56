"""Pins, bans, fresh songs and alternatives as a user of `tempo build` meets them."""

import json
from itertools import combinations
from pathlib import Path

import jsonschema
import pytest

from playlists.formats.registry import read_listing
from tempo.library import Library
from tempo.track import ANALYSIS_VERSION, AudioFile
from tests.conftest import Tempo
from tests.crates import crate

SCHEMA = json.loads(
    (Path(__file__).parent.parent / "docs" / "playlist.schema.json").read_text("utf-8")
)
BUILD = ("build", "hearts-on-fire", "-m", 15)


@pytest.fixture
def stocked(tempo: Tempo) -> Tempo:
    """Return the program with a library of 80 tracks, called 0-0 to 0-79, by 41 artists."""
    with Library(tempo.library) as library:
        for track in crate(80):
            library.add(AudioFile(Path(track.location), 1, 1), b"", track, ANALYSIS_VERSION)
    return tempo


def test_wishes_are_kept(stocked: Tempo) -> None:
    """A pinned song plays in its step and is marked; no artist comes twice; bans hold."""
    playlist = stocked.json(
        *BUILD, "--pin", "0-7@cool", "--ban", 'artist:"artist 2"', "--max-per-artist", 1
    )
    jsonschema.validate(playlist, SCHEMA)
    (pinned,) = [entry for entry in playlist["entries"] if entry["pinned"]]
    cool_down = playlist["steps"][-1]
    middle = cool_down["start"] + cool_down["duration"] / 2
    assert pinned["title"] == "0-7"
    assert pinned["start"] <= middle < pinned["start"] + pinned["duration"]
    artists = [entry["artist"] for entry in playlist["entries"]]
    assert len(set(artists)) == len(artists)
    assert not [artist for artist in artists if "artist 2" in artist]
    assert "Pinned, in" in stocked.run(*BUILD, "--pin", "0-7@cool", "--explain").stdout


def test_only_these(stocked: Tempo) -> None:
    """With --only, nothing else is played."""
    playlist = stocked.json(*BUILD, "--only", "energy:0.7-", "--only", "minutes:5-")
    long = [entry for entry in playlist["entries"] if entry["energy"] < 0.7]
    assert all(entry["duration"] >= 300 for entry in long)


def test_alternatives_are_written_side_by_side(stocked: Tempo, tmp_path: Path) -> None:
    """Three lists of different songs go to three files, none of which may be there."""
    path = tmp_path / "run.m3u8"
    found = stocked.json(*BUILD, "--alternatives", 3, "-o", path)
    jsonschema.validate(found, SCHEMA)
    lists = [found, *found["alternatives"]]
    files = [tmp_path / name for name in ("run.m3u8", "run-2.m3u8", "run-3.m3u8")]
    for playlist, file in zip(lists, files, strict=True):
        expected = [str(Path(entry["path"]).absolute()) for entry in playlist["entries"]]
        assert expected == [item.location for item in read_listing(file).items]
    for one, other in combinations(lists, 2):
        first, second = ({entry["path"] for entry in each["entries"]} for each in (one, other))
        assert len(first & second) <= 0.3 * min(len(first), len(second))
    titles = ["hearts-on-fire 15 min", "hearts-on-fire 15 min (2)", "hearts-on-fire 15 min (3)"]
    assert titles == [playlist["title"] for playlist in lists]
    assert titles == [read_listing(file).title for file in files]
    path.unlink()
    refused = stocked.run(*BUILD, "--alternatives", 2, "-o", path, code=2).stderr
    assert "run-2.m3u8 exists already" in refused


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_warnings_say_which_alternative_they_mean(stocked: Tempo, options: list[str]) -> None:
    """What a list lacks is said with its number, where there are several."""
    plan = ("build", "--plan", "8m 60%, 18m 135%", *options)
    said = stocked.run(*plan, "--alternatives", 2).stderr.splitlines()
    warnings = [line for line in said if line.startswith("warning: ") and "step 2" in line]
    assert [line.partition(", step 2: fitting")[0] for line in warnings] == [
        "warning: alternative 1",
        "warning: alternative 2",
    ]
    assert "warning: step 2: fitting" in stocked.run(*plan).stderr


def test_fresh_songs(stocked: Tempo, tmp_path: Path) -> None:
    """With --fresh, fewer songs of the last playlist come again than without."""
    stocked.run(*BUILD, "-o", tmp_path / "run.json")
    last = {entry["path"] for entry in json.loads((tmp_path / "run.json").read_text())["entries"]}
    fresh = {entry["path"] for entry in stocked.json(*BUILD, "--fresh")["entries"]}
    assert last == {entry["path"] for entry in stocked.json(*BUILD)["entries"]}
    assert len(fresh & last) < len(last) / 2
    assert "of it for songs of recent playlists; at most" in stocked.run(*BUILD, "--fresh").stdout


def test_fresh_minds_what_was_heard(stocked: Tempo, tmp_path: Path) -> None:
    """Of alternatives, only the first counts as heard, or the one that `tempo done` names."""
    found = stocked.json(*BUILD, "--alternatives", 2, "-o", tmp_path / "run.json")
    best, second = (
        {e["path"] for e in each["entries"]} for each in (found, *found["alternatives"])
    )
    fresh = {entry["path"] for entry in stocked.json(*BUILD, "--fresh")["entries"]}
    assert fresh & second
    assert len(fresh & best) < len(best) / 2
    stocked.run("done", tmp_path / "run-2.json")
    fresh = {entry["path"] for entry in stocked.json(*BUILD, "--fresh")["entries"]}
    assert fresh & best
    assert len(fresh & second) < len(second) / 2


def test_the_configuration_bans_for_good(stocked: Tempo) -> None:
    """What `choice.ban` names is never played; a typing error in --ban is said."""
    used = stocked.json(*BUILD)["entries"][0]["title"]
    config = stocked.library.with_name("config.toml")
    config.write_text(f'[choice]\nban = ["title:{used}"]\n', "utf-8")
    titles = [entry["title"] for entry in stocked.json(*BUILD)["entries"]]
    assert not [title for title in titles if used in title]
    assert "no track fits --ban 'enyaa'" in stocked.run(*BUILD, "--ban", "enyaa").stderr


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["--pin", "nobody@cool"], "no track fits 'nobody'"),
        (["--pin", "0-7@99:00"], "lasts only 15:00"),
        (["--pin", "0-7@cool", "--ban", "0-7"], "pinned, and banned too"),
        (["--pin", "0-77@5:00", "--pin", "0-78@5:01"], "move a pin"),
        (["--ban", "artist"], "leaves no track"),
    ],
)
def test_what_cannot_be_is_said(stocked: Tempo, options: list[str], why: str) -> None:
    """Each contradiction is one sentence."""
    assert why in stocked.run(*BUILD, *options, code=1).stderr
