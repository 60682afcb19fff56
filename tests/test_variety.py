"""Alternatives are truly different, and songs of recent playlists stay away for a while."""

from dataclasses import replace
from functools import partial
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from playlists.choosing import choice, with_pins
from playlists.matching import score
from playlists.playlist import Playlist
from playlists.pool import Pool
from playlists.rules import Pin
from playlists.sequencing import library, sequence
from playlists.settings import load
from playlists.targets import targets
from playlists.variety import alternatives, lately, likeness
from playlists.versions import songs
from tempo.past import Use
from tests.crates import crate, song
from tests.plans import parse

SETTINGS = load()
WORKOUT = parse("4m 55%, 8m 90%, 3m 50%")
PINNED = song("pinned", bpm=100.0, energy=0.9)


def built(held: Pool, *, seed: int = 0, pins: tuple[Pin, ...] = ()) -> Playlist:
    """Return the best playlist of a pool, with pins marked."""
    return with_pins(sequence(WORKOUT, held, settings=SETTINGS, seed=seed, pins=pins), pins)


def several(held: Pool, count: int, **how: int | tuple[Pin, ...]) -> list[Playlist]:
    """Return alternatives."""
    build = partial(built, **how)  # type: ignore[arg-type]  # of the types above
    return list(alternatives(held, build, count, SETTINGS.choice))


@hypothesis_settings(max_examples=2)
@given(st.integers(0, 9), st.integers(0, 3))
def test_alternatives_differ(library_seed: int, seed: int) -> None:
    """Any two share at most 30 % of their songs, pinned ones aside, which are in all."""
    pins = (Pin(PINNED, 400.0),)
    held = library([*crate(60, library_seed), PINNED])
    found = several(held, 3, seed=seed, pins=pins)
    assert len(found) == 3
    for one, other in combinations(found, 2):
        assert likeness(one, other) <= 0.3
    for each in found:
        (entry,) = [entry for entry in each.entries if entry.is_pinned]
        assert (entry.track, entry.start <= 400 < entry.end) == (PINNED, True)


def test_the_misfit_of_an_alternative_is_its_own() -> None:
    """What songs heard before were charged counts neither in the sum nor in the entries."""
    held = library(crate(60))
    for each in several(held, 3):
        tracks = [entry.track for entry in each.entries]
        again = score(tracks, targets(WORKOUT, SETTINGS), SETTINGS)
        assert each.misfit == pytest.approx(again.total)
        assert each.bound <= each.misfit
        assert all(dict(entry.terms)["recent"] == pytest.approx(0) for entry in each.entries)


def test_the_first_alternative_is_the_best_playlist() -> None:
    """Asking for more changes nothing in the first, and asking again gives the same."""
    held = library(crate(60))
    found = several(held, 2)
    assert found == several(held, 2)
    assert found[0] == built(held)


def test_a_small_library_has_no_alternatives() -> None:
    """Where five songs fill the workout and no others are there, one playlist is all."""
    held = library([song(f"{i}", bpm=120, duration=180) for i in range(5)])
    assert len(several(held, 3)) == 1


def test_recent_songs_are_charged() -> None:
    """The last playlist's songs count most, those of the tenth before nothing; several add up."""
    tracks, agos = crate(4), ((0,), (5,), (10,), (0, 5, 10))
    uses = {track.location: Use(1, 0.0, ago) for track, ago in zip(tracks, agos, strict=True)}
    held = library(tracks)
    charge = dict(zip(held.tracks, lately(held, uses, SETTINGS.choice), strict=True))
    assert [charge[track] for track in tracks] == [60.0, 30.0, 0.0, 90.0]
    assert not lately(held, {}, SETTINGS.choice).any()


def test_fresh_songs_come_first() -> None:
    """Of songs that fit equally well, those come that were not used."""
    tracks = [song(f"{i}", bpm=130, energy=0.8, duration=180) for i in range(10)]
    uses = {track.location: Use(1, 0.0, (0,)) for track in tracks[:5]}
    held = library(tracks)
    found = built(replace(held, extra=lately(held, uses, SETTINGS.choice)))
    assert {entry.track for entry in found.entries} == set(tracks[5:])


@hypothesis_settings(max_examples=4)
@given(st.integers(0, 9), st.randoms(use_true_random=False))
def test_a_chosen_playlist_has_no_versions_and_nothing_banned(seed: int, random: st.DrawFn) -> None:
    """Whatever the order of the library, no song comes in two versions and no ban is broken."""
    tracks = crate(30, seed)
    lives = [
        replace(each, location=f"urn:{i}", tags=replace(each.tags, title=f"{each.title} - Live"))
        for i, each in enumerate(tracks)
    ]
    shuffled = tracks + lives
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    one, other = (
        built(library(choice(order, only=[], banned=['"artist 1"'], pins=[])))
        for order in (tracks + lives, shuffled)
    )
    assert one == other
    played = [entry.track for entry in one.entries]
    assert list(songs(played)) == []
    assert not [each for each in played if "artist 1" in each.artist]
    assert len(np.unique([each.title.removesuffix(" - Live") for each in played])) == len(played)
