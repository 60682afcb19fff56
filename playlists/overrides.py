"""A table of defaults, and what a user's own table changes in it."""

import difflib
from collections.abc import Mapping
from math import isfinite
from typing import Any

from playlists.errors import ConfigError

Table = Mapping[str, Any]


def merged(default: Table, override: Table, prefix: str = "") -> dict[str, Any]:
    """Return a table of defaults, changed by another.

    Parameters
    ----------
    default : mapping
    override : mapping
        With keys of `default` alone, and values of the same kind.
    prefix : str
        How the names of its keys begin, where it is part of another.

    Raises
    ------
    ConfigError
        If a key is unknown (close matches are named), or a value has the wrong type or range.
    """
    result = dict(default)
    for key, value in override.items():
        name = f"{prefix}{key}"
        if key not in default:
            raise ConfigError(f"unknown setting {name!r}{_hint(key, default, prefix)}")
        result[key] = _merged_value(default[key], value, name)
    return result


def _merged_value(default: object, value: object, name: str) -> object:
    if isinstance(default, Mapping):
        if not isinstance(value, Mapping):
            raise ConfigError(f"{name} is {value!r}; it must be a table")
        return merged(default, value, f"{name}.")
    if isinstance(default, list):
        if not isinstance(value, list):
            kind = "rows" if default else "texts"
            raise ConfigError(f"{name} is {value!r}; it must be a list of {kind}")
        if not default:
            return [_text(f"{name}[{i}]", each) for i, each in enumerate(value)]
        return [_row(default[0], row, f"{name}[{i}]") for i, row in enumerate(value)]
    return _number(name, value)


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise ConfigError(f"{name} is {value!r}; it must be a text")
    return value


def _row(pattern: Table, row: object, name: str) -> Table:
    if not isinstance(row, Mapping) or set(row) != set(pattern):
        raise ConfigError(f"{name} is {row!r}; it must have exactly the keys {', '.join(pattern)}")
    for key, example in pattern.items():
        numbers = row[key] if isinstance(example, list) else [row[key]]
        size = len(example) if isinstance(example, list) else 1
        if not isinstance(numbers, list) or len(numbers) != size:
            raise ConfigError(f"{name}.{key} is {row[key]!r}; it must be a list of {size} numbers")
        for number in numbers:
            _number(f"{name}.{key}", number)
    return row


def _number(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ConfigError(f"{name} is {value!r}; it must be a number")
    if not (isfinite(value) and value >= 0):
        raise ConfigError(f"{name} is {value!r}; it must be finite and not negative")
    return float(value)


def _hint(key: str, known: Table, prefix: str) -> str:
    close = difflib.get_close_matches(key, known)
    names = close or sorted(known)
    return f"; did you mean {' or '.join(repr(prefix + name) for name in names)}?"
