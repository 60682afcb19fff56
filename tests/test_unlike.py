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
        ("10m 60%, 3x(1m 105%, 2m 50%), 5m 50%", [Unlike(True, (2, 4), 240)]),
        ("30m 65%, 2x(30s 150%, 4m30s 65%)", [Unlike(False, (1, 3), 60)]),
        ("5m 60%, 8x(20s 150%, 10s 50%), 5m 50%", []),
        ("5m 65%, 2m 70%, 5m 65%", []),
        ("10m 50-100%, 1m 50%, 2x(30s 105%, 4m30s 50%)",
         [Unlike(True, (1,), 60), Unlike(False, (4,), 30)]),
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
