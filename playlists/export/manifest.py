"""What an export put into its folder, as a file there remembers it.

It is written before the songs are, so that a run that was cut short is known by the next one.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from playlists.disk import replace_file
from playlists.errors import PlaylistError
from playlists.export.naming import FORBIDDEN

MANIFEST = ".tempo-export.json"
SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Put:
    """A file in the folder, as the manifest remembers it."""

    key: str = ""
    """Digest of what it was made of; empty before it is there."""
    size: int = 0
    digest: str = ""


def read_manifest(folder: Path) -> dict[str, Put]:
    """Return what was put into a folder, by name.

    Raises
    ------
    PlaylistError
        If the manifest is damaged.
    """
    path = folder / MANIFEST
    try:
        found = json.loads(path.read_bytes())
        files = {str(name): Put(*put) for name, put in found["files"].items()}
    except FileNotFoundError:
        return {}
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise PlaylistError(
            f"{path} is damaged, so that nobody knows which songs to keep: "
            "empty the folder, or name another"
        ) from error
    # A manifest on a stick may have been written by anyone.
    return {name: put for name, put in files.items() if _is_plain(name)}


def _is_plain(name: str) -> bool:
    return name not in {"", ".", ".."} and not FORBIDDEN.search(name)


def write_manifest(folder: Path, put: Mapping[str, Put]) -> None:
    """Remember what is in a folder, or is about to be."""
    files = {name: [each.key, each.size, each.digest] for name, each in put.items()}
    text = json.dumps({"schema": SCHEMA, "files": files}, indent=1)
    replace_file(folder / MANIFEST, text.encode())
