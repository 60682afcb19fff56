"""The end of the search in a small library."""

from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from playlists.builtin import builtin
from playlists.rules import Pin
from playlists.sequencing import sequence
from playlists.settings import load
from tests.crates import crate

SETTINGS = load()
RUN = builtin("tempo-run", 30)
few = hypothesis_settings(max_examples=4)


@few
@given(st.integers(0, 99), st.sampled_from([0, 2]))
def test_neighbors_and_artists_are_in_the_bound(seed: int, apart: int) -> None:
    """Half an hour from 60 tracks is proved to 2 %, whatever must lie between two of an artist."""
    playlist = sequence(RUN, crate(60, seed), settings=SETTINGS, no_repeat_artist=apart)
    assert playlist.gap <= 0.02


def test_what_a_pin_costs_its_neighbors_is_in_the_bound() -> None:
    """A song that is pinned where it does not fit jumps in tempo, twice: that is proved, too."""
    tracks = crate(60)
    slow = min(tracks, key=lambda track: track.analysis.tempo.candidates[0].bpm)
    playlist = sequence(RUN, tracks, settings=SETTINGS, pins=[Pin(slow, 900.0)])
    assert sum(dict(entry.terms).get("jump", 0.0) for entry in playlist.entries) > 10
    assert playlist.gap <= 0.02
