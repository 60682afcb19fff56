"""Tracks from a table: what Exportify and others say of songs that are not files here."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal, NoReturn

from tempo.errors import CatalogError
from tempo.published import REFERENCE_LOUDNESS, USUAL_BEAT, published
from tempo.table import Row, Table, opened
from tempo.tags import bare_isrc, clean
from tempo.track import Tags, Track

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "uri": ("trackuri", "spotifyuri", "uri", "spotifyid", "trackid", "spotifytrackid", "id"),
    "title": ("trackname", "title", "songname", "name", "song", "track"),
    "artist": ("artistnames", "artist", "artists", "artistname", "trackartist"),
    "album": ("albumname", "album", "trackalbumname"),
    "isrc": ("isrc", "trackisrc"),
    "duration": ("durationms", "trackdurationms", "durations", "durationsec", "durationseconds",
                 "duration", "length", "time"),
    "tempo": ("tempo", "bpm"),
    "energy": ("energy",),
    "loudness": ("loudness", "loudnessdb"),
    "danceability": ("danceability", "dance"),
    "speechiness": ("speechiness", "speech"),
}  # fmt: skip
"""Names of each column, without case, spaces and signs; the first that is there counts."""
Left = Literal["file", "title", "duration", "tempo", "energy"]
"""Why a row is no track: it names a file, or lacks the first of what it must have."""
REQUIRED: tuple[Left, ...] = ("title", "duration", "tempo", "energy")
LIMITS: Mapping[str, tuple[float, float]] = {
    "duration": (1.0, 86_400.0),  # seconds; a day
    "tempo": (20.0, 400.0),  # BPM; beyond, the beat is a pulse or a buzz. 0 says no beat.
    "energy": (0.0, 1.0),
    "loudness": (-100.0, 10.0),  # dB; 141,951 published values lie between -51 and 4
    "danceability": (0.0, 1.0),
    "speechiness": (0.0, 1.0),
}
PERCENTS = "if these are percents, divide the column by 100"
CHANGED = "a spreadsheet may have changed it: export the table again and do not open it in between"
SPOKEN = 0.66
"""Speechiness from which nothing but speech is heard (Spotify's reference of audio features): it
has no beat, whatever tempo is published."""
BARE_ID = re.compile(r"(?:spotify:track:|https?://open\.spotify\.com/(?:[\w-]+/)?track/)?"
                     r"([0-9A-Za-z]{22})(?:\?.*)?")  # fmt: skip
CLOCK = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d{2}(?:\.\d+)?)")


@dataclass(frozen=True, slots=True)
class Catalog:
    """What a table holds."""

    tracks: tuple[Track, ...]
    """Each once, in the order of the table."""
    left: Mapping[Left, int]
    """Rows that are no tracks, by the first thing that they lack: Exportify writes podcasts and
    local files without a tempo. Of a file, as `tempo convert` writes it, no table knows as much as
    it says itself."""
    repeated: int
    """Rows whose track stands in the table before."""


def read_catalog(path: Path) -> Catalog:
    """Read a table of tracks.

    Parameters
    ----------
    path : Path
        CSV or its like, also gzipped; delimiter, encoding and decimal sign are recognized.

    Returns
    -------
    Catalog

    Raises
    ------
    CatalogError
        If the file is no such table, or any value in it cannot be; the message names line and
        column. A table with one mangled value is refused as a whole, because its neighbors
        may be mangled unseen.
    """
    found: dict[Path | str, Track] = {}
    left: Counter[Left] = Counter()
    rows = 0
    try:
        with opened(path, knows=lambda name: any(_plain(name) in names for names in ALL)) as table:
            for track in _tracks(table):
                rows += 1
                if isinstance(track, str):
                    left[track] += 1
                else:
                    found.setdefault(track.location, track)
    except CatalogError as error:
        said = str(error)
        raise CatalogError(said if path.name in said else f"{path.name}, {said}") from error
    except UnicodeDecodeError as error:
        raise CatalogError(f"{path.name} is no text: save it as CSV in UTF-8") from error
    repeated = rows - left.total() - len(found)
    return Catalog(tuple(found.values()), left, repeated)


ALL = tuple(COLUMNS.values())


def spotify_uri(text: str) -> str:
    """Return ``spotify:track:ID`` for an id, a URI or a link of Spotify, or nothing."""
    match = BARE_ID.fullmatch(text.strip())
    return f"spotify:track:{match[1]}" if match else ""


def _tracks(table: Table) -> Iterator[Track | Left]:
    places = _places(table.header)
    width = len(table.header)
    for row in table.rows:
        if len(row.cells) < width or any(row.cells[width:]):
            raise CatalogError(
                f"line {row.line}: {len(row.cells)} cells where the first line has {width}; "
                "the file may be cut off: export it again"
            )
        yield _track(row, table.header, places)


def _places(header: list[str]) -> dict[str, int]:
    """Return the index of each known column."""
    plain = [_plain(name) for name in header]
    places = {
        field: next(plain.index(name) for name in names if name in plain)
        for field, names in COLUMNS.items()
        if any(name in plain for name in names)
    }
    missing = [field for field in REQUIRED if field not in places]
    if missing:
        raise CatalogError(
            f"line 1: there is no column for {', '.join(missing)}; found "
            f"{clean(', '.join(header))[:200] or 'nothing'}"
        )
    return places


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.casefold())


def _track(row: Row, header: list[str], places: Mapping[str, int]) -> Track | Left:
    """Return the track of a row, or why there is none."""
    cells = row.cells

    def text(field: str) -> str:
        return cells[places[field]].strip() if field in places else ""

    if text("uri").lower().startswith("file:"):
        return "file"
    if lacking := next((field for field in REQUIRED if not text(field)), None):
        return lacking
    number = partial(_number, row, header, places)
    tags = Tags(
        clean(text("title")),
        clean(text("artist").replace(";", ", ")),  # Exportify parts artists by semicolons
        clean(text("album")),
        bare_isrc(text("isrc")) if text("isrc") else "",
    )
    seconds = number("duration")
    loudness = number("loudness") if text("loudness") else REFERENCE_LOUDNESS
    beat = number("danceability") if text("danceability") else USUAL_BEAT
    bpm = number("tempo")
    if text("speechiness") and number("speechiness") > SPOKEN:
        beat = bpm = 0.0
    analysis = published(seconds, bpm, number("energy"), loudness, beat)
    uri = spotify_uri(text("uri")) or _other_uri(tags, seconds)
    return Track(uri, tags, analysis, "import")


def _other_uri(tags: Tags, seconds: float) -> str:
    """Return what stands for a track that Spotify's id does not: its ISRC, or what it is called.

    To the second, because an album and a single may differ in nothing else.
    """
    if tags.isrc:
        return f"isrc:{tags.isrc}"
    called = "\n".join((tags.artist.casefold(), tags.title.casefold(), str(round(seconds))))
    return f"urn:track:{hashlib.sha256(called.encode()).hexdigest()[:24]}"


def _number(row: Row, header: list[str], places: Mapping[str, int], field: str) -> float:
    """Return the number in a cell, in the unit of `LIMITS`."""
    column = header[places[field]]
    said = row.cells[places[field]].strip()
    refuse = partial(_refuse, row.line, column, said)
    unit, clock = 1.0, None
    if field == "duration":
        clock = CLOCK.fullmatch(said)
        unit = 1000.0 if "ms" in _plain(column) else 1.0
    try:
        value = _seconds(clock) if clock else float(said.replace(",", ".")) / unit
    except ValueError:
        refuse("is no number")
    low, high = LIMITS[field]
    if not (low <= value <= high or (field == "tempo" and value == 0)):
        name = {"duration": " s", "tempo": " BPM", "loudness": " dB"}.get(field, "")
        hint = PERCENTS if high == 1 < value <= 100 else CHANGED  # noqa: PLR2004 - percents
        refuse(f"lies outside {low:g} to {high:g}{name}", hint)
    return value


def _seconds(clock: re.Match[str]) -> float:
    hours, minutes, seconds = clock.groups()
    return 3600 * int(hours or 0) + 60 * int(minutes) + float(seconds)


def _refuse(line: int, column: str, said: str, why: str, hint: str = CHANGED) -> NoReturn:
    raise CatalogError(f"line {line}, column {clean(column)}: {clean(said)[:40]!r} {why}; {hint}")
