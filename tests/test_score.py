"""`tempo score` compares playlists of anyone by the same measure."""

from pathlib import Path

import pytest

from tests.conftest import Tempo

HEADER = "id,title,artist,duration_ms,tempo,energy"
ROWS = [f"{n:022},Song {n},Artist {n},180000,{100 + n % 60},{0.4 + n % 6 / 10}" for n in range(90)]


@pytest.fixture
def stocked(tempo: Tempo, tmp_path: Path) -> Tempo:
    """Return the program with a library of 90 tracks."""
    table = tmp_path / "t.csv"
    table.write_text("\n".join([HEADER, *ROWS]))
    tempo.run("import", table)
    return tempo


def test_our_own_playlist_has_the_misfit_that_was_promised(stocked: Tempo, tmp_path: Path) -> None:
    """What `build` says of a playlist, `score` says of its file; another order is worse."""
    ours = tmp_path / "ours.m3u8"
    built = stocked.json("build", "hearts-on-fire", "--minutes", 30, "-o", ours)
    scored = stocked.json("score", ours, "--workout", "hearts-on-fire", "--minutes", 30)
    assert scored["misfit"] == pytest.approx(built["misfit"])
    assert scored["misfit"] == pytest.approx(sum(scored["terms"].values()) / 1800)
    assert (scored["tracks"], scored["unknown"]) == (len(built["entries"]), [])
    other = tmp_path / "other.m3u8"
    head, *lines = ours.read_text("utf-8").splitlines()
    uris = [line for line in lines if line.startswith("spotify")]
    other.write_text("\n".join([head, *reversed(uris)]))
    worse = stocked.json("score", other, "--workout", "hearts-on-fire", "--minutes", 30)
    assert worse["misfit"] > scored["misfit"]


def test_a_harder_one_is_scored_as_it_was_built(stocked: Tempo, tmp_path: Path) -> None:
    """`score` takes the effort that a playlist was built for, in both modes."""
    path = tmp_path / "run.m3u8"
    for how in ([], ["--sync", "--cadence", 160]):
        asked = ["--minutes", 20, "--effort", 104, *how]
        built = stocked.json("build", "tempo-run", *asked, "-o", path, "--force")
        scored = stocked.json("score", path, "--workout", "tempo-run", *asked)
        assert scored["misfit"] == pytest.approx(built["misfit"])


@pytest.mark.parametrize(
    "asked",
    [
        ["--plan", "10m 60%, 5m 90%", "--effort", 104],
        ["--bpm", "128-134", "--minutes", 12],
        ["tempo-run", "--minutes", 20, "--sync", "--cadence", 160],
    ],
    ids=["plan", "bpm", "sync"],
)
def test_what_it_was_built_for_need_not_be_said(
    stocked: Tempo, tmp_path: Path, asked: list[str | int]
) -> None:
    """A playlist is scored by the plan, tempo or workout of its making, or by one that is said."""
    path = tmp_path / "run.m3u8"
    built = stocked.json("build", *asked, "-o", path)
    done = stocked.run("score", path)
    assert "as it was built on" in done.stderr
    assert f"misfit {built['misfit']:.3f}" in done.stdout
    said = ["-w", *asked] if asked[0] == "tempo-run" else asked
    scored = stocked.json("score", path, *said)
    assert scored["misfit"] == pytest.approx(built["misfit"])


def test_what_nobody_knows_must_be_said(stocked: Tempo, tmp_path: Path) -> None:
    """A playlist of others is asked what it is for; one workout at a time."""
    path = tmp_path / "mix.m3u8"
    path.write_text(f"spotify:track:{0:022}\n")
    said = stocked.run("score", path, code=2).stderr
    assert "mix.m3u8 was built for: give --workout, --plan or --bpm" in said
    stocked.run("score", path, "-w", "walk", "--bpm", 120, code=2)
    assert "go with --workout" in stocked.run("score", path, "--minutes", 9, code=2).stderr


def test_copies_are_scored_by_their_names(analyzed: Tempo, music: Path, tmp_path: Path) -> None:
    """A playlist that was exported has the score of its songs in the library."""
    path = tmp_path / "run.m3u8"
    path.write_text(f"{music}/mp3 song.mp3\n{music}/flac song.flac\n", "utf-8")
    analyzed.run("export", path, "--to", tmp_path / "stick")
    there, here = (
        analyzed.json("score", each, "--workout", "walk")
        for each in (tmp_path / "stick" / "run.m3u8", path)
    )
    assert (there["tracks"], there["terms"]) == (2, here["terms"])


def test_another_length_is_said(stocked: Tempo, tmp_path: Path) -> None:
    """A playlist that was built for another length is scored over its own where one is told to."""
    path = tmp_path / "short.m3u8"
    built = stocked.json("build", "tabata", "--minutes", 12, "-o", path)
    note = "note: this workout takes 33:00, the playlist 12:00: --minutes 12 scores it over its own"
    assert f"{note} length\n" == stocked.run("score", path, "--workout", "tabata").stderr
    told = stocked.run("score", path, "--workout", "tabata", "--minutes", 12)
    assert (told.stderr, f"misfit {built['misfit']:.3f}" in told.stdout) == ("", True)


def test_terms_are_shown(stocked: Tempo, tmp_path: Path) -> None:
    """Each term is a line; unknown entries are named; a list of strangers is refused."""
    path = tmp_path / "p.m3u"
    path.write_text(f"#EXTM3U\nspotify:track:{0:022}\nnowhere.mp3\n")
    done = stocked.run("score", path, "--workout", "walk")
    assert f"not in the library: {tmp_path / 'nowhere.mp3'}" in done.stderr
    assert {"tempo", "energy", "missing"} <= {line.split()[-1] for line in done.stdout.splitlines()}
    assert "1 track, 3:00 of" in done.stdout
    path.write_text("nowhere.mp3\n")
    assert "names no track" in stocked.run("score", path, "--workout", "walk", code=1).stderr
