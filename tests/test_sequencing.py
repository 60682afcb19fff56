"""Sequencing: whole playlists from whole libraries."""

import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from benchmarks.sequencing import greedy
from playlists.builtin import BUILT_IN, builtin
from playlists.errors import WorkoutError
from playlists.explaining import explain
from playlists.matching import score, score_order
from playlists.playlist import Mode, Playlist
from playlists.sequencing import arranged, library, sequence
from playlists.settings import load
from playlists.targets import targets
from tempo.track import Track
from tests.crates import crate, song
from tests.plans import parse

SETTINGS = load()
NAMES = st.sampled_from(sorted(set(BUILT_IN) - {"strength"}))
MODES = st.sampled_from(["async", "sync"])
SEEDS = st.integers(0, 9)
few = hypothesis_settings(max_examples=3)


def made(tracks: list[Track], name: str = "hearts-on-fire", minutes: float = 30) -> Playlist:
    """Return the default playlist of a workout."""
    return sequence(builtin(name, minutes), tracks, settings=SETTINGS)


@few
@given(NAMES, MODES, st.integers(1, 60), SEEDS)
def test_a_playlist_repeats_nothing_and_has_no_holes(
    name: str, mode: Mode, count: int, seed: int
) -> None:
    """Every track comes once at most, and each starts where the one before it ends."""
    playlist = sequence(
        builtin(name, 20), crate(count, seed), settings=SETTINGS, mode=mode, seed=seed
    )
    paths = [entry.track.path for entry in playlist.entries]
    starts = np.cumsum([0.0, *(entry.duration for entry in playlist.entries)])[:-1]
    assert len(set(paths)) == len(paths)
    assert [entry.start for entry in playlist.entries] == pytest.approx(starts.tolist())


@few
@given(NAMES, MODES, SEEDS, st.randoms(use_true_random=False))
def test_the_order_of_the_library_does_not_matter(
    name: str, mode: Mode, seed: int, random: st.DrawFn
) -> None:
    """The same tracks, workout and seed give the same playlist in whatever order they come."""
    tracks = crate(24, seed)
    shuffled = tracks.copy()
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    one, other = (
        sequence(builtin(name, 20), order, settings=SETTINGS, mode=mode, seed=seed)
        for order in (tracks, shuffled)
    )
    assert one == other


@few
@given(NAMES, MODES, st.integers(4, 60), SEEDS)
def test_never_worse_than_greedy_nor_better_than_its_bound(
    name: str, mode: Mode, count: int, seed: int
) -> None:
    """What is found lies between the bound and what a greedy player would do."""
    workout, held = builtin(name, 20), library(crate(count, seed))
    playlist = sequence(workout, held, settings=SETTINGS, mode=mode)
    goal = targets(workout, SETTINGS, mode=mode)
    order = greedy(held, goal, SETTINGS)
    assert playlist.bound <= playlist.misfit
    assert playlist.misfit <= score_order(held, order, goal, SETTINGS).total + 1e-9


@few
@given(NAMES, MODES, SEEDS)
def test_the_misfit_is_what_anyone_would_score(name: str, mode: Mode, seed: int) -> None:
    """Scoring the tracks of a playlist afresh gives its misfit and its levels."""
    workout = builtin(name, 20)
    playlist = sequence(workout, crate(40, seed), settings=SETTINGS, mode=mode)
    again = score(
        [entry.track for entry in playlist.entries], targets(workout, SETTINGS, mode=mode), SETTINGS
    )
    assert again.total == pytest.approx(playlist.misfit)
    assert again.levels == tuple(entry.level for entry in playlist.entries)


def test_a_library_of_hundreds_is_filled_to_seconds() -> None:
    """With 500 tracks the music ends within seconds of the workout, and the bound is respected."""
    playlist = made(crate(500), minutes=45)
    assert abs(playlist.duration - 45 * 60) <= 5
    assert playlist.bound <= playlist.misfit


def test_a_search_takes_one_core() -> None:
    """No other thread works meanwhile, as those of BLAS do for a product of large matrices."""
    held, workout = library(crate(2000)), builtin("intervals", 60)
    sequence(workout, held, settings=SETTINGS)  # Loops may be compiled.
    everyone, mine = time.process_time(), time.thread_time()
    sequence(workout, held, settings=SETTINGS)
    everyone, mine = time.process_time() - everyone, time.thread_time() - mine
    assert everyone < 1.1 * mine


def test_another_seed_gives_another_good_playlist() -> None:
    """Seeds differ in their songs, by little in their misfit."""
    tracks, workout = crate(100), builtin("tempo-run", 25)
    first, *others = (sequence(workout, tracks, settings=SETTINGS, seed=i) for i in range(4))
    assert len({tuple(e.track.path for e in p.entries) for p in (first, *others)}) == 4
    assert max(other.misfit for other in others) <= first.misfit * (1 + SETTINGS.variety) + 0.005


def test_an_artist_is_not_heard_twice_in_a_row() -> None:
    """With two artists of equal songs, they take turns."""
    tracks = [song(f"{i}", bpm=122, energy=0.65, artist="AB"[i % 2]) for i in range(8)]
    artists = [
        e.track.artist for e in sequence(parse("20m 70%"), tracks, settings=SETTINGS).entries
    ]
    assert artists in (list("ABABAB"), list("BABABA"))


def test_silence_comes_last() -> None:
    """Tracks without a beat are used only when nothing else is left."""
    beats = [song(f"beat {i}", bpm=122, energy=0.65) for i in range(3)]
    rain = [song(f"rain {i}", bpm=None) for i in range(3)]
    entries = sequence(parse("10m 70%"), beats + rain, settings=SETTINGS).entries
    assert {entry.track.path for entry in entries} == {track.path for track in beats}


def test_jingles_and_mixes_are_left_out() -> None:
    """Tracks of seconds or of hours are not songs."""
    songs = [song(f"song {i}", bpm=135, energy=0.9) for i in range(20)]
    odd = [song("jingle", duration=12.0), song("mix", duration=3000.0)]
    assert {e.track.title for e in made(songs + odd).entries}.isdisjoint({"jingle", "mix"})


def test_what_lacks_is_said_in_numbers() -> None:
    """Too small a library is used up, and every step says how many tracks would be needed."""
    playlist = made([song(f"{i}", bpm=136, energy=0.9) for i in range(4)])
    (cool_down,) = [each for each in playlist.shortfalls if each.step_name == "cool-down"]
    assert len(playlist.entries) == 4
    assert (cool_down.fitting, cool_down.needed) == (0, 1)
    assert "add 1 track of that tempo" in cool_down.advice


def test_an_empty_library_gives_an_empty_playlist() -> None:
    """Nothing to play is no error here: all is missing, and all of it is said."""
    playlist = made([])
    assert (playlist.entries, playlist.duration) == ((), 0)
    assert sum(each.seconds for each in playlist.shortfalls) == pytest.approx(30 * 60)


def test_strength_has_no_cadence() -> None:
    """Sync needs to know how fast the legs go."""
    with pytest.raises(WorkoutError, match="cadence"):
        sequence(builtin("strength"), crate(5), settings=SETTINGS, mode="sync")


def test_every_entry_can_say_why() -> None:
    """The sentence names the step, both tempos and what speaks against the track."""
    entry = made([song("slow", bpm=70, energy=0.9)]).entries[0]
    assert "70.0 BPM" in explain(entry)
    assert f"“{entry.step_name}”" in explain(entry)
    assert "against it" in explain(replace(entry, terms=(*entry.terms, ("artist", 900.0))))


def test_wanted_tempo_is_the_mean_while_a_song_plays() -> None:
    """A song that plays for 3 s of a step asks for no more of that step's tempo."""
    plan, songs = parse("5m 60%, 5m 120%"), [song("a", duration=303.0), song("b", duration=297.0)]
    first, second = arranged(plan, songs, songs, settings=SETTINGS).entries
    low, high = targets(plan, SETTINGS).bpm[[0, -1]]
    assert first.target_bpm == pytest.approx((300 * low + 3 * high) / 303)
    assert second.target_bpm == pytest.approx(high)
