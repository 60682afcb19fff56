"""Settings and what a configuration file may say."""

from collections.abc import Mapping

import pytest

from playlists.errors import ConfigError
from playlists.settings import load


def test_an_override_changes_one_number_and_leaves_the_rest() -> None:
    """A table of the configuration merges into the defaults."""
    weights = load({"weights": {"energy": 2}}).weights
    assert (weights.energy, weights.tempo) == (2.0, load().weights.tempo)


def test_a_list_replaces_the_whole_list() -> None:
    """Tables of intensity are given whole."""
    rows = [{"at": 0.5, "bpm": [90, 100, 110], "energy": [0.2, 0.8]}]
    assert [knot.bpm for knot in load({"async": {"intensity": rows}}).intensity] == [(90, 100, 110)]


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        ({"wieghts": {}}, "'wieghts'; did you mean 'weights'"),
        ({"weights": {"temp": 1}}, "'weights.temp'; did you mean 'weights.tempo'"),
        ({"weights": {"tempo": "much"}}, "weights.tempo is 'much'; it must be a number"),
        ({"weights": {"tempo": True}}, "must be a number"),
        ({"weights": {"tempo": -1}}, "not negative"),
        ({"weights": {"tempo": float("nan")}}, "finite"),
        ({"weights": {"jump_poor": 0}}, "weights.jump_poor is 0"),
        ({"weights": 3}, "must be a table"),
        ({"async": {"good": 0.5}}, "they must rise"),
        ({"async": {"intensity": []}}, "must rise"),
        ({"async": {"intensity": 3}}, "list of rows"),
        ({"async": {"intensity": [{"at": 1}]}}, "exactly the keys at, bpm, energy"),
        (
            {"async": {"intensity": [{"at": 1, "bpm": [120, 110, 130], "energy": [0, 1]}]}},
            "bpm .* must rise",
        ),
        (
            {"async": {"intensity": [{"at": 1, "bpm": [120, 130], "energy": [0, 1]}]}},
            "3 numbers",
        ),
        ({"sync": {"run": [{"at": 0.5, "cadence": 0}]}}, "cadence must be more than 0"),
        ({"choice": {"ban": "enya"}}, "list of texts"),
        ({"choice": {"ban": [3]}}, r"choice.ban\[0\] is 3; it must be a text"),
        ({"choice": {"ban": ["artist:enya", "bpm:slow"]}}, "choice.ban: bpm: 'slow' is no range"),
        ({"choice": {"max_per_artist": 1.5}}, "whole number"),
    ],
)
def test_a_setting_without_meaning_is_refused(overrides: Mapping[str, object], said: str) -> None:
    """The message names the key, and what is close to it or what it must be."""
    with pytest.raises(ConfigError, match=said):
        load(overrides)
