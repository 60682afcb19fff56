"""CSV with the columns of Exportify, the usual way to carry playlists of Spotify.

Conventions
-----------
UTF-8, commas, a header. ``Track URI`` holds any address, so that files are ``file:///…``.
Lengths are milliseconds, several artists are parted by semicolons.
"""

import csv
import io
import re
from collections.abc import Iterable
from pathlib import Path

from playlists.formats.listing import Item, Listing
from playlists.formats.location import address, dereferenced, explained
from playlists.formats.m3u import decoded
from playlists.formats.xspf import number

COLUMNS = (
    "Track URI", "Track Name", "Album Name", "Artist Name(s)", "Release Date", "Duration (ms)",
    "Popularity", "Explicit", "Added By", "Added At", "Genres", "Record Label", "Danceability",
    "Energy", "Key", "Loudness", "Mode", "Speechiness", "Acousticness", "Instrumentalness",
    "Liveness", "Valence", "Tempo", "Time Signature", "ISRC",
)  # fmt: skip
"""Those of Exportify in their order, and one that it adds when asked."""
NAMES = {
    "uri": ("track uri", "spotify uri", "uri"),
    "path": ("path", "location", "file"),
    "title": ("track name", "title", "name"),
    "artist": ("artist name(s)", "artist name", "artist", "artists"),
    "album": ("album name", "album"),
    "isrc": ("isrc", "track isrc"),
    "ms": ("duration (ms)", "track duration (ms)", "duration_ms"),
    "seconds": ("duration",),
    "bpm": ("tempo", "bpm"),
    "energy": ("energy",),
}
"""What other exporters, and `tempo list --csv`, call the columns; lower case."""
PLACES = {"uri", "path"}
DELIMITERS = ",;\t|"


def write_csv(playlist: Listing, folder: Path | None) -> bytes:  # noqa: ARG001 - whole always
    """Return a playlist as a table; see `registry.Format`."""
    text = io.StringIO()
    table = csv.DictWriter(text, COLUMNS, lineterminator="\r\n")  # RFC 4180
    table.writeheader()
    table.writerows(map(_row, playlist.items))
    return text.getvalue().encode()


def _row(item: Item) -> dict[str, str | int]:
    return {
        "Track URI": address(item.location),
        "Track Name": item.title,
        "Album Name": item.album,
        "Artist Name(s)": item.artist,
        "Duration (ms)": "" if item.seconds is None else round(1000 * item.seconds),
        "Energy": "" if item.energy is None else f"{item.energy:.3f}",
        "Tempo": f"{item.bpm:.3f}" if item.bpm else "",
        "ISRC": item.isrc,
    }


def read_csv(raw: bytes, folder: Path) -> list[Listing]:
    """Return the playlist of a table; see `registry.Format`."""
    lines = io.StringIO(decoded(raw), newline="")
    head = lines.readline()
    delimiter = max(DELIMITERS, key=lambda mark: len(_places(head, mark)))
    places = _places(head, delimiter)
    if not places.keys() & PLACES:
        raise ValueError("no column says where the songs are: one must be `Track URI` or `path`")
    rows = csv.reader(lines, delimiter=delimiter)
    return [Listing("", tuple(_items(rows, places, folder)))]


def is_table(head: bytes) -> bool:
    """Tell whether the beginning of a file names columns that are known, where songs are among."""
    line = re.split("[\r\n]", decoded(head), maxsplit=1)[0]
    found = max((_places(line, mark) for mark in DELIMITERS), key=len)
    return len(found) > 1 and bool(found.keys() & PLACES)


def _places(head: str, delimiter: str) -> dict[str, int]:
    """Return the index of each known column."""
    cells = [cell.strip().lower() for cell in next(csv.reader([head], delimiter=delimiter), [])]
    return {
        field: next(cells.index(name) for name in names if name in cells)
        for field, names in NAMES.items()
        if set(names) & set(cells)
    }


def _items(rows: Iterable[list[str]], places: dict[str, int], folder: Path) -> Iterable[Item]:
    for cells in rows:
        row = {field: cells[at].strip() for field, at in places.items() if at < len(cells)}
        if not any(row.values()):
            continue
        ms, path = number(row.get("ms"), 1e-3), row.get("path", "")
        yield Item(
            location=dereferenced(row.get("uri", ""), folder)
            or (explained(path, folder) if path else ""),
            title=row.get("title", ""),
            artist=", ".join(part.strip() for part in row.get("artist", "").split(";")),
            album=row.get("album", ""),
            isrc=row.get("isrc", ""),
            seconds=number(row.get("seconds")) if ms is None else ms,
            bpm=number(row.get("bpm")),
            energy=number(row.get("energy")),
        )
