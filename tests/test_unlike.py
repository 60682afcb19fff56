"""Steps too short for songs of their own are counted."""

import pytest

from playlists.builtin import BUILT_IN, builtin
from playlists.settings import load
from playlists.unlike import Unlike, unlike
from tests.plans import parse

SETTINGS = load()


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        ("10m 60%, 4x(4m 95%, 3m 65%), 5m 50%", []),
        ("10m 60%, 3x(1m 105%, 2m 50%), 5m 50%", [Unlike("harder", (2, 4), 240)]),
        ("30m 65%, 2x(30s 150%, 4m30s 65%)", [Unlike("easier", (1, 3), 60)]),
        ("5m 60%, 8x(20s 150%, 10s 50%), 5m 50%", []),
        ("5m 65%, 2m 70%, 5m 65%", []),
        ("10m 50-100%, 1m 50%, 2x(30s 105%, 4m30s 50%)",
         [Unlike("harder", (1,), 60), Unlike("easier", (4,), 30)]),
    ],
)  # fmt: skip
def test_steps_with_music_of_others_are_counted(plan: str, expected: list[Unlike]) -> None:
    """Rests of a minute in hard music, and sprints in easy music, but no rests of seconds."""
    assert list(unlike(parse(plan), SETTINGS)) == expected


@pytest.mark.parametrize("name", sorted(BUILT_IN))
@pytest.mark.parametrize("minutes", [30, 45, 60])
def test_built_in_workouts_have_music_for_all_steps(name: str, minutes: float) -> None:
    """They are made for songs."""
    assert not list(unlike(builtin(name, minutes), SETTINGS))


def test_tempos_that_no_song_has_are_counted() -> None:
    """Cadence drills of a minute cannot be heard in music locked to the pedals."""
    drill = parse("5m 60%, 2x(1m 75% 80rpm, 1m 75% 100-110rpm), 4m 75% 80-90rpm, 5m 60%")
    assert list(unlike(drill, SETTINGS, mode="sync")) == [Unlike("tempo", (2, 4), 120)]
    assert not list(unlike(drill, SETTINGS))
    assert not list(unlike(drill, SETTINGS, mode="sync", cadence=(90, 90)))
    given = parse("1m 75% 120bpm, 2m 75% 140bpm, 5m 75% 140bpm")
    assert list(unlike(given, SETTINGS)) == [Unlike("tempo", (0,), 60)]
