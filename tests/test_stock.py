"""`tempo library` and what it counts."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playlists.builtin import BUILT_IN, builtin
from playlists.pool import pool
from playlists.sequencing import sequence
from playlists.settings import load
from playlists.stock import fills, stock
from tempo.library import Library
from tempo.track import ANALYSIS_VERSION, AudioFile, Failure, Track
from tests.conftest import Tempo
from tests.crates import crate, song

SETTINGS = load()


@given(st.lists(st.tuples(st.none() | st.floats(20, 400), st.floats(0, 1), st.floats(0, 1))))
def test_every_track_is_counted_once(given_ones: list[tuple[float | None, float, float]]) -> None:
    """Bins of tempo, cells of energy and tempo, and tracks without a beat add up."""
    tracks = [
        song(str(i), bpm=bpm, energy=energy, confidence=sure)
        for i, (bpm, energy, sure) in enumerate(given_ones)
    ]
    found = stock(pool(tracks))
    assert len(tracks) == found.tempos.sum() + found.beatless == found.plane.sum() + found.beatless
    assert found.doubtful == found.tempos[:, 1].sum()
    assert len(tracks) == sum(found.sources.values())


def test_tracks_lie_in_their_bins() -> None:
    """A tempo lies in the bin that starts at or below it; energy 1 in the last row."""
    found = stock(pool([song("a", bpm=120.0, energy=1.0), song("b", bpm=129.9, energy=0.0)]))
    assert (found.tempos[:, 0].nonzero()[0].tolist(), found.tempos[6, 0]) == ([6], 2)
    assert tuple(axis.tolist() for axis in found.plane.nonzero()) == ([0, 9], [6, 6])


@pytest.mark.parametrize("name", BUILT_IN)
def test_what_is_full_has_no_shortfall_of_tracks(name: str) -> None:
    """Each shortfall of a playlist counts the tracks that the library has for its step."""
    held = pool(crate(30))
    workout = builtin(name, 30)
    (fill,) = fills([workout], held, settings=SETTINGS)
    counted = {each.step: (each.fitting, each.needed, each.advice) for each in fill.supplies}
    for short in sequence(workout, crate(30), settings=SETTINGS).shortfalls:
        assert counted[short.step] == (short.fitting, short.needed, short.advice)
    assert fill.is_full == all(fitting >= needed for fitting, needed, _ in counted.values())


def keep(program: Tempo, tracks: list[Track]) -> None:
    """Store tracks in the library, as if their files had been measured."""
    with Library(program.library) as library:
        for track in tracks:
            at = Path("/").joinpath(track.location)
            library.add(AudioFile(at, 1, 1), b"", replace(track, location=at), ANALYSIS_VERSION)


def test_library_is_shown(tempo: Tempo) -> None:
    """The command says what there is, what went wrong, and which workouts lack what."""
    assert "there is no library" in tempo.run("library", code=1).stderr
    keep(tempo, [song(str(i), bpm=118.0 + i / 10, energy=0.6) for i in range(20)])
    keep(tempo, [song("silence", bpm=None)])
    with Library(tempo.library) as library:
        bad = Failure(Path("/music/bad.mp3"), "is damaged")
        library.add(AudioFile(bad.path, 1, 1), b"", bad, ANALYSIS_VERSION)
        library.files.mark([Path("/music/0.ogg")], missing=True)
    said = tempo.json("library")
    assert tuple(said[key] for key in ("tracks", "beatless", "failed", "missing")) == (20, 1, 1, 1)
    workouts = {each["workout"]: each for each in said["workouts"]}
    assert not workouts["intervals"]["full"]
    hard = {each["step"]: each for each in workouts["intervals"]["efforts"]}["hard"]
    assert (hard["fitting"], hard["needed"]) == (0, 5)
    walk = {each["step"]: each for each in workouts["walk"]["efforts"]}["brisk"]
    assert walk["fitting"] == 19
    shown = tempo.run("library").stdout
    assert "few tracks to" in shown
    assert f"20 tracks, {said['seconds'] / 60:.0f} min" in shown
    assert "1 failed" in shown
    assert "  110 ████████████████████████████████████████ 19" in shown
    assert "intervals: 134 to 142 BPM: add 5 tracks" in shown


def test_sync_leaves_out_what_has_no_cadence(tempo: Tempo) -> None:
    """With --sync, workouts are judged by cadence; those without one are not listed."""
    keep(tempo, [song(str(i), bpm=170.0) for i in range(20)])
    names = [each["workout"] for each in tempo.json("library", "--sync")["workouts"]]
    assert [name for name in BUILT_IN if name != "strength"] == names


def test_an_empty_library_is_no_failure(tempo: Tempo) -> None:
    """Without tracks nothing is drawn and no workout is full."""
    with Library(tempo.library):
        pass
    assert tempo.run("library").stdout.startswith("0 tracks")


@pytest.mark.parametrize("said", [{"LC_ALL": "C"}, {"LC_ALL": "", "LANG": "C"}])
def test_a_terminal_without_unicode_gets_none(tempo: Tempo, said: dict[str, str]) -> None:
    """Where the locale is said to be C, charts are drawn in ASCII."""
    keep(tempo, crate(20))
    tempo.env.update(said)
    for command in (["library"], ["workouts"], ["workouts", "tabata"]):
        assert tempo.run(*command).stdout.isascii()
