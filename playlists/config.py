"""The user's configuration file."""

import os
import tomllib
from pathlib import Path
from typing import Any

from playlists.errors import ConfigError
from tempo.timing import log


def config_path() -> Path:
    """Return where the configuration file is looked for: ``$TEMPO_CONFIG``, or the usual place."""
    given = os.environ.get("TEMPO_CONFIG")
    if given:
        return Path(os.path.expanduser(given))  # noqa: PTH111 - Path's fails for unknown users
    import platformdirs  # noqa: PLC0415 - `tempo --help` need not wait for it

    return platformdirs.user_config_path("tempo", appauthor=False) / "config.toml"


def read_config(path: Path) -> dict[str, Any]:
    """Return what a configuration file says; nothing where there is none.

    Raises
    ------
    ConfigError
        If the file cannot be read, or is no TOML.
    """
    log.info("configuration: %s%s", path, "" if path.exists() else " (none)")
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))  # Notepad puts a mark in front
    except FileNotFoundError:
        return {}
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise ConfigError(
            f"configuration {path} cannot be read ({why}): make it yours to read, or name another "
            "file in $TEMPO_CONFIG"
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"configuration {path} is no TOML: {error}: mend it there") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"configuration {path} is no text in UTF-8: save it as such") from error
