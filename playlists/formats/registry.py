"""All formats of playlist files, and the way in and out.

A file is read by what it holds, whatever its name; it is written by its name, or as asked.
"""

import codecs
import csv
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from xml.parsers.expat import ExpatError

from playlists.errors import PlaylistError
from playlists.formats.exportify import is_table, read_csv, write_csv
from playlists.formats.itunes import read_itunes, write_itunes
from playlists.formats.listing import Item, Listing, purged
from playlists.formats.location import is_there, spellings
from playlists.formats.m3u import read_m3u, read_m3u8, write_m3u, write_m3u8
from playlists.formats.own import read_json, write_json
from playlists.formats.pls import read_pls, write_pls
from playlists.formats.rekordbox import read_rekordbox, write_rekordbox
from playlists.formats.xspf import read_jspf, read_xspf, write_jspf, write_xspf
from tempo.screen import counted

LARGEST = 512 << 20
"""Bytes; the whole library of Music with 200,000 songs takes 300 MB."""
HEAD = 4_096
"""Bytes in which a format shows itself: comments may stand before the first element."""
SHOWN = 5
"""Titles that a message names."""


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of playlist file.

    Attributes
    ----------
    write : callable
        Takes a purged `Listing` and the folder that names are relative to (None: names are
        whole), returns the bytes of the file.
    read : callable
        Takes bytes and the folder that names are relative to, returns the playlists in the file,
        not yet purged. Raises what its parser raises.
    """

    name: str
    suffix: str
    write: Callable[[Listing, Path | None], bytes]
    read: Callable[[bytes, Path], list[Listing]]


FORMATS = {
    each.name: each
    for each in (
        Format("m3u8", ".m3u8", write_m3u8, read_m3u8),
        Format("m3u", ".m3u", write_m3u, read_m3u),
        Format("pls", ".pls", write_pls, read_pls),
        Format("xspf", ".xspf", write_xspf, read_xspf),
        Format("jspf", ".jspf", write_jspf, read_jspf),
        Format("csv", ".csv", write_csv, read_csv),
        Format("rekordbox", ".xml", write_rekordbox, read_rekordbox),
        Format("itunes", ".xml", write_itunes, read_itunes),
        Format("json", ".json", write_json, read_json),
    )
}
SIGNS = (
    (rb"\s*<(.*<)?([\w.-]+:)?playlist\b", "xspf"),
    (rb"\s*<(.*<)?DJ_PLAYLISTS\b", "rekordbox"),
    (rb"\s*<(.*<)?plist\b|bplist", "itunes"),
    (rb'\s*\{\s*"playlist"', "jspf"),
    (rb"\s*\[playlist\]", "pls"),
    # A song may be called "[1999] Party.mp3", but what ends with its bracket is no song.
    (rb'\s*(\{\s*("|\Z)|\[\s*([{\]]|\Z)|[\[{].*[\]}]\s*\Z)', "json"),
)
"""What the beginning of a file shows, and whose sign it is; the first that fits counts."""


def by_name(path: Path, asked: str | None = None) -> Format:
    """Return the format to write a file in.

    Parameters
    ----------
    path : Path
    asked : str, optional
        A key of `FORMATS`.

    Raises
    ------
    PlaylistError
        If nothing is asked and the name does not tell.
    """
    if asked:
        return FORMATS[asked]
    fitting = [each for each in FORMATS.values() if each.suffix == path.suffix.lower()]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        names = " or ".join(f"--format {each.name}" for each in fitting)
        raise PlaylistError(f"{path.name} can be of several formats: say {names}")
    suffixes = ", ".join(dict.fromkeys(each.suffix for each in FORMATS.values()))
    raise PlaylistError(f"{path.name} must end in one of {suffixes}, or say --format")


def by_content(raw: bytes, path: Path) -> Format:
    """Return the format of a file that is there; text without a sign is M3U.

    Raises
    ------
    PlaylistError
        If it is markup of another kind, or no text.
    """
    head = raw[:HEAD].removeprefix(b"\xef\xbb\xbf")
    for sign, name in SIGNS:
        if re.match(sign, head, re.IGNORECASE | re.DOTALL):
            return FORMATS[name]
    suffix = path.suffix.lower()
    if suffix in {".csv", ".tsv"} or is_table(head):
        return FORMATS["csv"]
    if head.lstrip().startswith(b"<") or b"\0" in head:
        raise PlaylistError(f"{path.name} is no playlist of a known format")
    return FORMATS["m3u" if suffix == ".m3u" else "m3u8"]


def written(playlist: Listing, into: Format, folder: Path | None) -> bytes:
    """Return the bytes of a playlist file.

    Parameters
    ----------
    playlist : Listing
        Songs without a location are left out: no format could say where they are.
    into : Format
    folder : Path, optional
        Where the file will lie, so that names are relative to it where the format can. Without
        one, they are whole.
    """
    clean = purged(playlist)
    found = tuple(item for item in clean.items if item.location)
    return into.write(replace(clean, items=found), folder)


def parsed(raw: bytes, path: Path) -> list[Listing]:
    """Return the playlists in the bytes of a file; `path` says where names are relative to.

    Raises
    ------
    PlaylistError
        If it is no playlist file.
    """
    text = _as_utf8(raw)
    kind = by_content(text, path)
    try:
        # An XML file says its encoding itself.
        found = kind.read(raw if b"<" in text[:8] else text, path.absolute().parent)
    except (
        *(ValueError, LookupError, TypeError, AttributeError, RecursionError, OverflowError),
        *(SyntaxError, ExpatError, csv.Error),
    ) as error:
        # A file is text from anywhere; each parser has its own way to stumble over it.
        raise PlaylistError(
            f"{path.name} is no {kind.name} playlist ({_why(error)}): "
            "export it again from where it comes"
        ) from error
    return [purged(listing) for listing in found]


def _as_utf8(raw: bytes) -> bytes:
    """Return text that Windows saved as "Unicode" in the encoding of all others."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16", "replace").encode()
    return raw


def _why(error: Exception) -> str:
    """Return what a parser says, where it speaks to people."""
    if isinstance(error, UnicodeDecodeError):
        return "no text in UTF-8"
    if isinstance(error, ValueError | SyntaxError | ExpatError | csv.Error):
        return " ".join(str(error).split())[:100]
    return "it is laid out in another way"


def read_listing(path: Path, name: str | None = None) -> Listing:
    """Read a playlist from a file.

    Parameters
    ----------
    path : Path
    name : str, optional
        Which one, where the file holds several.

    Returns
    -------
    Listing
        Songs are looked for on disk under the names that other programs might mean.

    Raises
    ------
    PlaylistError
        If the file cannot be read, is no playlist, or holds several and none is named.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise PlaylistError(f"{path.name} is too large for a playlist")
        raw = path.read_bytes()
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise PlaylistError(f"playlist {path} cannot be read: {why}") from error
    return _located(_chosen(parsed(raw, path), name, path))


def _chosen(found: list[Listing], name: str | None, path: Path) -> Listing:
    if name is None and len(found) == 1:
        return found[0]
    titles = [listing.title for listing in found]
    if name in titles:
        return found[titles.index(name)]
    near = get_close_matches(name or "", titles, n=1)
    hint = f"did you mean {near[0]!r}" if near else f"say --playlist with one of {_some(titles)}"
    many = f"{path.name} holds {counted(len(found), 'playlist')}"
    raise PlaylistError(f"{many}: {hint}" if name is None else f"{many}, none is {name!r}: {hint}")


def _some(titles: list[str]) -> str:
    return ", ".join(map(repr, titles[:SHOWN])) + " …" * (len(titles) > SHOWN)


def _located(playlist: Listing) -> Listing:
    return replace(playlist, items=tuple(_located_item(item) for item in playlist.items))


def _located_item(wanted: Item) -> Item:
    """Return a song under the name that its file has here, if it is here under another."""
    path = Path(wanted.location)
    if not path.is_absolute() or os.path.lexists(path):
        return wanted
    there = (name for name in spellings(wanted.location) if is_there(name))
    return replace(wanted, location=next(there, wanted.location))
