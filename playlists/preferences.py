"""All that a user can set, where each value comes from, and how it is changed.

Keys are those of the configuration file with dots in between, such as ``weights.energy``.
"""

import difflib
import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomlkit
import tomlkit.exceptions

from playlists.disk import replace_file
from playlists.errors import ConfigError
from playlists.settings import defaults, load
from playlists.spotify.account import (
    ACCOUNTS,
    API,
    DEEZER,
    GETSONGBPM,
    RECCOBEATS,
    VARIABLES,
    account,
)

ACCOUNT = "spotify"
"""The table of the account; all others are settings of the matching."""
USUAL = {
    "api_url": API,
    "accounts_url": ACCOUNTS,
    "reccobeats_url": RECCOBEATS,
    "deezer_url": DEEZER,
    "getsongbpm_url": GETSONGBPM,
}
"""What stands for an address that nobody says; else nothing does."""
SECRETS = {"spotify.getsongbpm_key"}
"""Never shown. (A client ID is no secret; the sign-in is kept in another file.)"""
HIDDEN = "****"
PRIVATE = 0o600
"""Only the owner reads a new file: keys may come to stand in it."""


@dataclass(frozen=True, slots=True)
class Preference:
    """One value."""

    key: str
    value: object
    source: str
    """`default`, `file` or `environment`."""

    @property
    def shown(self) -> object:
        """The value, hidden if it is a secret."""
        return HIDDEN if self.key in SECRETS and self.value else self.value


def preferences(config: Mapping[str, Any]) -> list[Preference]:
    """Return every value that can be set, as it is with the configuration file `config`."""
    found = []
    for key, default in _known().items():
        table, name = key.rsplit(".", 1)
        said = _at(config, table)
        variable = variable_of(key)
        if variable:
            found.append(Preference(key, os.environ[variable], "environment"))
        elif name in said:
            found.append(Preference(key, said[name], "file"))
        else:
            found.append(Preference(key, default, "default"))
    return found


def variable_of(key: str) -> str | None:
    """Return the environment variable that is set and counts instead of the file, or None."""
    table, name = key.rsplit(".", 1)
    variable = VARIABLES.get(name, "") if table == ACCOUNT else ""
    return variable if os.environ.get(variable) else None


def check(config: Mapping[str, Any]) -> None:
    """Raise `ConfigError` if a configuration file says what has no meaning."""
    load({key: table for key, table in config.items() if key != ACCOUNT})
    account(config.get(ACCOUNT, {}))


def known_keys() -> list[str]:
    """Return every key that can be set."""
    return list(_known())


def known_key(key: str) -> str:
    """Return `key` if it can be set.

    Raises
    ------
    ConfigError
        If not; close ones are named.
    """
    if key in _known():
        return key
    close = difflib.get_close_matches(key, _known()) or [
        each for each in _known() if each.endswith(f".{key}")
    ]
    hint = f"did you mean {' or '.join(close)}?" if close else "`tempo config` lists them"
    raise ConfigError(f"there is no setting {key!r}; {hint}")


def read_value(key: str, text: str) -> object:
    """Return what a user typed as a value: TOML, or a plain text where the setting is one."""
    default = _known()[key]
    if isinstance(default, str):
        return text
    if key == "spotify.sources" and not text.startswith("["):
        return [name.strip() for name in text.split(",") if name.strip()]
    if key == "choice.ban" and text and not set(text) & set('[",'):
        return [text]
    try:
        (value,) = tomllib.loads(f"value = {text}").values()  # more would be more than a value
    except ValueError as error:
        such = """, such as '["artist:enya", "karaoke"]'""" * (key == "choice.ban")
        raise ConfigError(
            f"{key} cannot be {text!r}: write it as `tempo config get {key}` prints it{such}"
        ) from error
    return value


def edited(text: str, key: str, value: object) -> str:
    """Return the text of a configuration file with a value changed; None takes it out.

    Comments, order and all else stay as they are.

    Raises
    ------
    ConfigError
        If the result has no meaning.
    """
    heading, name = key.rsplit(".", 1)
    try:
        document = tomlkit.parse(text)
        table: Any = document.get(heading)
        if table is None and value is not None:
            table = document[heading] = tomlkit.table()
        if value is not None:
            table[name] = value
        elif table is not None and name in table:
            del table[name]
    except (tomlkit.exceptions.TOMLKitError, TypeError) as error:
        raise ConfigError(
            f"the configuration cannot be changed ({error}): mend it in an editor first"
        ) from error
    changed = tomlkit.dumps(document)
    check(tomllib.loads(changed))
    return changed


def change(path: Path, key: str, value: object) -> None:
    """Change a value in a configuration file, whole or not at all; None takes it out.

    Raises
    ------
    ConfigError
        If the file cannot be read or written, or the result has no meaning.
    """
    try:
        place = path.resolve()  # a link stays a link
        text = place.read_text("utf-8-sig") if place.exists() else ""
        changed = edited(text, key, value)
        if changed == text:
            return
        mode = place.stat().st_mode if place.exists() else PRIVATE
        place.parent.mkdir(parents=True, exist_ok=True)
        replace_file(place, changed.encode(), mode=mode & 0o777)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise ConfigError(
            f"configuration {path} cannot be changed ({why}): check that it may be written and the "
            "disk has room, or name another file in $TEMPO_CONFIG"
        ) from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"configuration {path} is no text in UTF-8: save it as such") from error


def _known() -> dict[str, object]:
    """Return every key and its default."""
    account_keys = {f"{ACCOUNT}.{name}": USUAL.get(name, "") for name in VARIABLES}
    return dict(_leaves(defaults())) | account_keys | {f"{ACCOUNT}.sources": []}


def _leaves(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, object]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value


def _at(config: Mapping[str, Any], table: str) -> Mapping[str, Any]:
    said = config.get(table)
    return said if isinstance(said, Mapping) else {}
