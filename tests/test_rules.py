"""Pins, artists, versions of a song, and tracks that are not wanted now."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from benchmarks.exact import optimum
from playlists.builtin import builtin
from playlists.errors import PlaylistError
from playlists.pool import options
from playlists.problem import problem
from playlists.relaxation import no_prices, sharp
from playlists.rules import Pin, Rules, pinned
from playlists.sequencing import library, sequence
from playlists.settings import load
from playlists.targets import targets
from tests.crates import crate, song
from tests.plans import parse

SETTINGS = load()
RUN = builtin("tempo-run", 25)
few = hypothesis_settings(max_examples=8)


@few
@given(st.integers(0, 9), st.floats(0, 600), st.floats(1000, 1490), st.sampled_from([30, 450, 900]))
def test_a_pinned_track_covers_its_moment(seed: int, early: float, late: float, count: int) -> None:
    """Pins are kept, however many tracks there are, and the bound holds with them."""
    tracks = crate(count, seed)
    pins = [Pin(tracks[0], early), Pin(tracks[1], late)]
    playlist = sequence(RUN, tracks, settings=SETTINGS, pins=pins)
    for pin in pins:
        (entry,) = [e for e in playlist.entries if e.start <= pin.at < e.end]
        assert entry.track == pin.track
    assert playlist.bound <= playlist.misfit


def test_guests_make_no_other_artist() -> None:
    """An artist is the first that is named; songs of nobody in particular have none in common."""
    same = ["Drake", "drake & Future", "Drake, Rihanna", "The Drake feat. X"]
    others = ["Rihanna, Drake", "Drake White", "", "", "Various Artists", "Various Artists"]
    tracks = [song(f"{i}", artist=artist) for i, artist in enumerate([*same, *others])]
    assert [len(set(library(some).artist)) for some in (tracks[:4], tracks[3:], [])] == [1, 7, 0]


@pytest.mark.parametrize(
    ("count", "bpm", "at"), [(450, 110, 750.0), (900, 80, 444.4), (2000, 90, 1000.0)]
)
def test_what_a_pin_costs_is_known(count: int, bpm: float, at: float) -> None:
    """In a library that is sieved too, the bound counts what an ill-suited pinned song costs."""
    slow = song("slow", bpm=bpm, energy=0.2, duration=230.0)
    tracks = [*crate(count), slow]
    free = sequence(RUN, tracks, settings=SETTINGS)
    playlist = sequence(RUN, tracks, settings=SETTINGS, pins=[Pin(slow, at)])
    assert free.misfit < playlist.bound <= playlist.misfit
    assert playlist.gap < 0.1


@pytest.mark.parametrize("at", [62.6, 751.0, 1003.0, 1004.0, 1006.0])
def test_a_pin_costs_no_less_in_shorter_cells(at: float) -> None:
    """In which half of its cell a pin lies says nothing of what is proved."""
    tracks = [*crate(30), song("slow", bpm=80.0, energy=0.1, duration=230.0)]
    held, goal = library(tracks), targets(RUN, SETTINGS)
    rules = Rules(pinned([Pin(tracks[-1], at), Pin(tracks[0], at + 400)], held, RUN.duration))
    task = problem(options(held, np.arange(len(held))), goal, SETTINGS, rules)
    bounds = [sharp(task, 1, depth, no_prices(held))[1].bound for depth in range(6)]
    assert (np.diff(bounds) > -0.01 * bounds[0]).all()
    assert bounds[-1] > bounds[0]


@few
@given(st.integers(0, 99), st.lists(st.floats(0, 599), min_size=1, max_size=3))
def test_no_playlist_with_pins_beats_the_bound(seed: int, moments: list[float]) -> None:
    """Of all orders of a tiny library that keep the pins, the best is between bound and misfit."""
    workout, tracks = builtin("intervals", 10), crate(6, seed)
    pins = [Pin(track, at) for track, at in zip(tracks, sorted(moments), strict=False)]
    held, goal = library(tracks), targets(workout, SETTINGS)
    rules = Rules(pinned(pins, held, workout.duration))
    best = optimum(held, goal, SETTINGS, bounded=False, rules=rules).misfit
    try:
        playlist = sequence(workout, tracks, settings=SETTINGS, pins=pins)
    except PlaylistError:
        assert np.isinf(best)
    else:
        assert playlist.bound - 1e-6 <= best <= playlist.misfit + 1e-6


def test_a_pin_brings_in_a_track_of_any_length() -> None:
    """A track that would be too long to be chosen is played where it is pinned."""
    mix = song("mix", duration=1300.0)
    playlist = sequence(RUN, [*crate(20), mix], settings=SETTINGS, pins=[Pin(mix, 700.0)])
    assert mix in [entry.track for entry in playlist.entries]


def test_pins_that_exclude_each_other_are_named() -> None:
    """Two tracks at one moment, one twice, or one after the end cannot be."""
    one, other, *rest = crate(20)
    for pins, said in (
        ([Pin(one, 600.0), Pin(other, 600.0)], "at 10:00 and .* at 10:00"),
        ([Pin(one, 60.0), Pin(one, 900.0)], "only once"),
        ([Pin(one, 1500.0)], "lasts from 0:00 to 25:00"),
    ):
        with pytest.raises(PlaylistError, match=said):
            sequence(RUN, [one, other, *rest], settings=SETTINGS, pins=pins)


@few
@given(st.integers(0, 9), st.integers(1, 2), st.integers(0, 4))
def test_artists_come_as_often_as_is_allowed(seed: int, most: int, apart: int) -> None:
    """No artist has more songs than allowed, nor two too near to each other."""
    playlist = sequence(
        RUN, crate(16, seed), settings=SETTINGS, max_per_artist=most, no_repeat_artist=apart
    )
    artists = [entry.track.artist for entry in playlist.entries]
    assert max(Counter(artists).values()) <= most
    assert not any(artist in artists[max(i - apart, 0) : i] for i, artist in enumerate(artists))


def test_one_version_of_a_song_is_enough() -> None:
    """Of tracks in one group, a playlist has one."""
    tracks = [song(f"{i}", bpm=122, energy=0.65, duration=200 + i) for i in range(12)]
    held = library(tracks)
    held = replace(held, group=np.arange(12) // 2)
    playlist = sequence(parse("20m 70%"), held, settings=SETTINGS)
    groups = [int(held.group[held.find(e.track.location)]) for e in playlist.entries]
    assert sorted(groups) == list(range(6))


def test_a_track_that_costs_extra_gives_way() -> None:
    """Of equal songs those without an extra charge are taken; it is said what the others cost."""
    tracks = [song(f"{i}", bpm=122, energy=0.65) for i in range(6)]
    held = library(tracks)
    held = replace(held, extra=np.array([9.0, 9.0, 0.0, 9.0, 0.0, 0.0]))
    long, short = (
        sequence(parse(plan), held, settings=SETTINGS) for plan in ("20m 70%", "10m 70%")
    )
    assert {entry.track.title for entry in short.entries} == {"2", "4", "5"}
    assert sum(dict(entry.terms)["recent"] for entry in long.entries) == 27
