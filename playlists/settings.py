"""Every number of the program in one table that its user can override.

The values, and where they come from, stand in ``defaults.toml`` beside this module.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from itertools import pairwise
from typing import Any

from playlists.errors import ConfigError
from playlists.overrides import Table, merged
from tempo.choose import ChoiceError, query

Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Knot:
    """What music suits one intensity."""

    at: float
    bpm: tuple[float, float, float]
    """Lowest, wanted and highest tempo."""
    energy: Range


@dataclass(frozen=True, slots=True)
class CadenceKnot:
    """The usual cadence at one intensity."""

    at: float
    cadence: float


@dataclass(frozen=True, slots=True)
class Tiers:
    """Relative distance from the wanted tempo that is free, good and poor."""

    free: float
    good: float
    poor: float


@dataclass(frozen=True, slots=True)
class Weights:
    """What each fault is worth; units and reasons in ``defaults.toml``."""

    tempo: float
    energy: float
    energy_poor: float
    inside: float
    beat: float
    beat_clear: float
    doubt: float
    doubt_sure: float
    level_async: float
    level_sync: float
    drift: float
    drift_free: float
    drift_poor: float
    build: float
    build_rise: float
    intro: float
    intro_free: float
    short: float
    short_free: float
    change: float
    change_near: float
    change_full: float
    jump: float
    jump_free: float
    jump_poor: float
    artist: float
    artist_reach: float
    missing: float
    missing_free: float


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person wants of a playlist; reasons in ``defaults.toml``."""

    ban: tuple[str, ...]
    max_per_artist: int
    no_repeat_artist: int
    fresh: float
    fresh_reach: float
    again: float
    alike: float


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, checked."""

    intensity: tuple[Knot, ...]
    cadence: Mapping[str, tuple[CadenceKnot, ...]]
    """By activity; an activity without an entry has no cadence to follow."""
    tiers_async: Tiers
    tiers_sync: Tiers
    weights: Weights
    shortest_track: float
    longest_track: float
    shortest_block: float
    variety: float
    choice: Choice


def load(overrides: Table | None = None) -> Settings:
    """Return the defaults, changed by what a configuration file says.

    Parameters
    ----------
    overrides : mapping, optional
        A parsed TOML document with tables and keys of ``defaults.toml``; others are refused.

    Returns
    -------
    Settings

    Raises
    ------
    ConfigError
        If a key is unknown (close matches are named), or a value has the wrong type or range.
    """
    table = merged(defaults(), overrides or {})
    return Settings(
        intensity=_knots(table["async"]["intensity"]),
        cadence={
            name: _cadences(f"sync.{name}", table["sync"][name]) for name in ("run", "ride", "walk")
        },
        tiers_async=_tiers("async", table["async"]),
        tiers_sync=_tiers("sync", table["sync"]),
        weights=_weights(table["weights"]),
        shortest_track=table["tracks"]["shortest"],
        longest_track=table["tracks"]["longest"],
        shortest_block=table["blocks"]["shortest"],
        variety=table["search"]["variety"],
        choice=_choice(table["choice"]),
    )


def defaults() -> dict[str, Any]:
    """Return the table of ``defaults.toml``."""
    text = files("playlists").joinpath("defaults.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _choice(table: Table) -> Choice:
    whole = ("max_per_artist", "no_repeat_artist")
    for name in whole:
        if table[name] != int(table[name]):
            raise ConfigError(f"choice.{name} is {table[name]:g}; it must be a whole number")
    for text in table["ban"]:
        try:
            query(text)
        except ChoiceError as error:
            raise ConfigError(f"choice.ban: {error}") from error
    numbers = {name: int(table[name]) for name in whole}
    return Choice(**{**table, **numbers, "ban": tuple(table["ban"])})


def _knots(rows: list[Table]) -> tuple[Knot, ...]:
    _ascending("async.intensity", [row["at"] for row in rows])
    for row in rows:
        _ascending(f"async.intensity at {row['at']:g}: bpm", row["bpm"])
        _ascending(f"async.intensity at {row['at']:g}: energy", row["energy"])
        if row["bpm"][0] <= 0:
            raise ConfigError(f"async.intensity at {row['at']:g}: bpm must be more than 0")
    return tuple(Knot(row["at"], tuple(row["bpm"]), tuple(row["energy"])) for row in rows)


def _cadences(name: str, rows: list[Table]) -> tuple[CadenceKnot, ...]:
    _ascending(name, [row["at"] for row in rows])
    if any(row["cadence"] <= 0 for row in rows):
        raise ConfigError(f"{name}: cadence must be more than 0")
    return tuple(CadenceKnot(row["at"], row["cadence"]) for row in rows)


def _ascending(name: str, values: list[float]) -> None:
    if not values or any(b <= a for a, b in pairwise(values)):
        raise ConfigError(f"{name} is {values}; the values must rise")


def _tiers(name: str, table: Table) -> Tiers:
    tiers = Tiers(table["free"], table["good"], table["poor"])
    if not tiers.free < tiers.good < tiers.poor:
        said = f"{tiers.free:g}, {tiers.good:g} and {tiers.poor:g}"
        raise ConfigError(f"{name}: free, good and poor are {said}; they must rise")
    return tiers


def _weights(table: Table) -> Weights:
    weights = Weights(**table)
    for name in DIVISORS:
        if table[name] == 0:
            raise ConfigError(f"weights.{name} is 0; it must be more")
    return weights


DIVISORS = (
    "energy_poor",
    "beat_clear",
    "doubt_sure",
    "drift_poor",
    "build_rise",
    "change_near",
    "change_full",
    "jump_poor",
)
