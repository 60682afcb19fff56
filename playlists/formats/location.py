"""Where a song is: paths and addresses, as playlist files write them.

Conventions
-----------
A location is a full path, or an address (anything with a scheme, such as ``spotify:track:…``).
Bytes of names that are no UTF-8 stand as surrogates (`os.fsdecode`). A path of another machine's
drive keeps its slash in front, as in ``file:///C:/Music``.
"""

import os
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path, PurePath
from urllib.parse import quote, unquote_to_bytes

from tempo.scan import SUFFIXES

SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
"""Two characters at least: one is the drive of a Windows path."""
BARE_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:(?://|[^\s/\\]+$)")
"""What is an address where a path could stand as well."""
FILE = re.compile(r"file:(?://(?:localhost)?(/.*)|(/(?!/).*))", re.IGNORECASE | re.DOTALL)
DRIVE = re.compile(r"/?([A-Za-z]:[\\/].*)", re.DOTALL)
ADDRESS_SIGNS = "!#$%&'()*+,/:;=?@[]~"
"""What an address may hold beside letters and digits (RFC 3986, section 2)."""
BREAKS = re.compile(r"[\0-\x1f\x7f\x85\u2028\u2029\\]")
"""What a line cannot hold, or what half of all programs take for a slash."""


def is_address(location: str) -> bool:
    """Tell an address from a full path."""
    return SCHEME.match(location) is not None


def address(location: str, *, host: str = "") -> str:
    """Return the address of a location: ``file://`` and percent-encoded for a path.

    Parameters
    ----------
    location : str
    host : str
        What stands between ``file://`` and the path: nothing, or ``localhost``.
    """
    if is_address(location):
        return quote(os.fsencode(location), safe=ADDRESS_SIGNS)
    posix = PurePath(location).as_posix()
    return f"file://{host}" + quote(os.fsencode(posix if posix.startswith("/") else f"/{posix}"))


def reference(location: str, folder: Path | None) -> str:
    """Return the address of a location relative to a folder, or whole without one."""
    relative = None if is_address(location) else _relative(location, folder)
    return address(location) if relative is None else quote(os.fsencode(relative))


def dereferenced(text: str, folder: Path) -> str:
    """Return the location that an address means, which may be relative to `folder`."""
    text = text.strip()
    if file := FILE.match(text):
        return _native(os.fsdecode(unquote_to_bytes(file[1] or file[2])))
    if not text or SCHEME.match(text):
        return text
    return os.path.abspath(folder / os.fsdecode(unquote_to_bytes(text)))


def plain(location: str, folder: Path | None) -> str:
    """Return a location as a line of text: relative to a folder, or whole without one.

    A name that a line cannot hold is written as an address.
    """
    if is_address(location):
        return address(location)
    relative = _relative(location, folder)
    drive = DRIVE.fullmatch(location)
    name = relative or (drive[1] if drive else PurePath(location).as_posix())
    if name != name.strip() or BREAKS.search(name):
        return address(location)
    # A comment or an address would be something else to a player.
    odd = relative is not None and (name.startswith("#") or ":" in name.split("/")[0])
    return f"./{name}" if odd else name


def explained(line: str, folder: Path) -> str:
    """Return the location that a line of text means, which may be relative to `folder`.

    Backslashes part folders, because `plain` writes no others, and Windows programs do.
    """
    if FILE.match(line):
        return dereferenced(line, folder)
    named = PurePath(line).suffix.lower() in SUFFIXES
    if BARE_ADDRESS.match(line) and ("//" in line or not named):
        return line
    if drive := DRIVE.fullmatch(line):
        return _native("/" + drive[1].replace("\\", "/"))
    return os.path.abspath(folder / line.replace("\\", "/"))


def is_there(name: str | Path) -> bool:
    """Tell whether a name is that of a file that the system shows: a playlist may name anything."""
    try:
        return Path(name).is_file()
    except OSError:
        return False  # too long a name, or a locked folder


def spellings(path: str) -> Iterator[str]:
    """Yield other names that a path of another program may mean, likeliest first."""
    decoded = os.fsdecode(unquote_to_bytes(os.fsencode(path)))
    for name in (path, decoded):
        for form in ("NFC", "NFD"):
            yield unicodedata.normalize(form, name)
    yield decoded
    yield os.fsdecode(path.encode("cp1252", "ignore"))


def _relative(location: str, folder: Path | None) -> str | None:
    """Return a path relative to a folder, or None where there is no way."""
    if folder is None or (os.name != "nt" and DRIVE.fullmatch(location)):
        return None
    try:
        return PurePath(os.path.relpath(location, os.path.abspath(folder))).as_posix()
    except ValueError:  # another drive
        return None


def _native(path: str) -> str:
    return path[1:] if os.name == "nt" and DRIVE.fullmatch(path) else path
