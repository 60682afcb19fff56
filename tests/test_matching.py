"""The objective, term by term."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playlists.matching import score
from playlists.settings import load
from playlists.targets import Targets, targets
from tempo.track import Track
from tests.crates import song
from tests.plans import parse

SETTINGS = load()
STEADY = targets(parse("10m 70%"), SETTINGS)  # 115-122-128 BPM, energy 0.55-0.75.
SYNC = targets(parse("10m 70% 170spm"), SETTINGS, mode="sync")


def term(name: str, *tracks: Track, goal: Targets = STEADY) -> float:
    """Return one term of the misfit of `tracks` a second of their time."""
    return score(tracks, goal, SETTINGS).terms[name] / sum(t.analysis.duration for t in tracks)


def perfect(name: str, **changes: float | None) -> Track:
    """Return a track that fits `STEADY` but for `changes`."""
    return song(name, **{"bpm": 122.0, "energy": 0.65, "duration": 300.0} | changes)  # type: ignore[arg-type]


def test_the_perfect_playlist_has_no_misfit() -> None:
    """Two tracks that are all that is asked for cost nothing."""
    assert score([perfect("a"), perfect("b")], STEADY, SETTINGS).total == pytest.approx(0)


@pytest.mark.parametrize(
    ("bpm", "rate"),
    [(170, 0), (171.6, 0), (175.1, 0.3), (176.8, 1.0), (85, 0), (87.55, 0.3), (340, 0)],
)
def test_sync_tiers(bpm: float, rate: float) -> None:
    """A percent is free, 3 % good, 4 % poor, and half or double the cadence does as well."""
    assert term("tempo", song("a", bpm=bpm), goal=SYNC) == pytest.approx(rate, abs=0.06)


def test_a_range_has_soft_edges() -> None:
    """In async the edge of the range still suits, the next range is poor."""
    edge, beyond = (term("tempo", perfect("a", bpm=bpm)) for bpm in (128, 136))
    assert [edge, beyond] == pytest.approx([0.1, 1.1], abs=0.1)


def test_a_salient_level_costs_less() -> None:
    """A song of 61 BPM that most count at 122 is better than one that nobody counts so."""
    often, never = song("a", bpm=61, double=0.4), song("b", bpm=61)
    assert term("doubt", often) < term("doubt", never)
    assert score([often], STEADY, SETTINGS).levels == (2.0,)


@pytest.mark.parametrize(
    ("name", "worse"),
    [
        ("energy", {"energy": 0.2}),
        ("beat", {"beat": 0.1}),
        ("doubt", {"confidence": 0.1}),
        ("build", {"build": 1.0}),
        ("intro", {"intro": 40.0}),
        ("short", {"duration": 60.0}),
        ("tempo", {"bpm": None}),
    ],
)
def test_each_fault_has_its_term(name: str, worse: dict[str, float | None]) -> None:
    """A fault adds to its own term."""
    assert term(name, perfect("a")) < term(name, perfect("a", **worse))


def test_neighbors_should_not_jump() -> None:
    """Two songs at opposite edges of the range cost more than two alike."""
    low, high = perfect("a", bpm=115), perfect("b", bpm=128)
    assert term("jump", low, high) > term("jump", low, perfect("c", bpm=115)) == 0


def test_an_artist_needs_a_rest() -> None:
    """The same artist twice in a row costs four times as much as after another."""
    one, two = song("a", artist="Ann"), song("b", artist="ANN ")
    other, unknown = song("c", artist="Bob"), [song("d"), song("e")]
    terms = [
        score(tracks, STEADY, SETTINGS).terms["artist"]
        for tracks in ([one, two, other], [one, other, two], unknown)
    ]
    assert terms == [90, 22.5, 0]


@pytest.mark.parametrize(("missed", "charge"), [(0, 0), (2, 0), (12, 100), (-12, 100)])
def test_time_missed_is_dear(missed: float, charge: float) -> None:
    """Two seconds are free, every other costs ten seconds of poor music."""
    tracks = [perfect("a", duration=600.0 + missed)]
    assert score(tracks, STEADY, SETTINGS).terms["missing"] == pytest.approx(charge)


@pytest.mark.parametrize(("first", "charge"), [(300, 0), (315, 15), (345, 30)])
def test_songs_change_with_the_effort(first: float, charge: float) -> None:
    """A song change at a full change of effort is free; 30 s away it is as good as none."""
    goal = targets(parse("5m 60%, 5m 90%"), SETTINGS)
    tracks = [song("a", duration=first), song("b", duration=600 - first)]
    assert score(tracks, goal, SETTINGS).terms["change"] == pytest.approx(charge, abs=0.1)


@given(st.floats(20, 400), st.floats(0, 1), st.floats(30, 900))
def test_no_term_is_negative(bpm: float, energy: float, duration: float) -> None:
    """Nothing earns a credit: 0 is perfect."""
    goal = targets(parse("4m 50%, 5m 100%, 4m 60%"), SETTINGS)
    tracks = [song(str(i), bpm=bpm, energy=energy, duration=duration) for i in range(3)]
    assert min(score(tracks, goal, SETTINGS).terms.values()) >= -1e-9
