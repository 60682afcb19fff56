"""Drummers play their patterns."""

import numpy as np

from benchmarks.grooves import DRUMS
from benchmarks.playing import Section, drums, hits

FOUR, BACKBEAT = "x...x...x...x...", "....x.......x..."


def test_hits_are_where_the_pattern_has_them() -> None:
    """A pattern of two bars goes on through the song: a section may begin with its second bar."""
    section = Section(1, 2, frozenset(), chorus=False, half_time=False)
    played = list(hits("x..." * 4 + "..o." * 4, 4, section))
    assert [beat for _, beat, _ in played] == [4.5, 5.5, 6.5, 7.5, 8, 9, 10, 11]
    assert [mark for *_, mark in played] == ["o"] * 4 + ["x"] * 4


def test_half_time_moves_the_snare_to_the_third_beat() -> None:
    """The kick stays on every beat; the snare of a section in half time falls on beat 3 alone."""
    parts = frozenset(("kick", "snare"))
    section = Section(0, 1, parts, chorus=False, half_time=True)
    found: dict[int, set[float]] = {}
    for seed in range(5):
        lanes = {"kick": FOUR, "snare": BACKBEAT}
        for note in drums(lanes, 4, [section], np.random.default_rng(seed)):
            found.setdefault(note.pitch, set()).add(note.start)
    assert found[DRUMS["kick"]] == {0, 1, 2, 3}
    assert found[DRUMS["snare"]] == {2}
