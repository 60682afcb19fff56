"""Pick tracks from a library by what a person typed.

A query is words that must all occur in artist, title, album or path. A word may be bound to one
of them (``artist:rush``, ``path:live``), and a number to a range (``bpm:120-140``,
``energy:0.7-``, ``minutes:-6``). Quotation marks keep words together: ``artist:"pink floyd"``.
"""

import difflib
import math
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from tempo.catalog import spotify_uri
from tempo.errors import TempoError
from tempo.remote import address, is_url
from tempo.track import Track

SORT_KEYS: dict[str, Callable[[Track], Any]] = {
    "path": lambda track: str(track.location),
    "title": lambda track: track.title.casefold(),
    "artist": lambda track: (track.artist.casefold(), track.title.casefold()),
    "bpm": lambda track: track.bpm or 0.0,
    "confidence": lambda track: track.analysis.tempo.confidence,
    "strength": lambda track: track.analysis.beat_strength,
    "energy": lambda track: track.analysis.energy,
    "build": lambda track: track.analysis.build,
    "loudness": lambda track: track.analysis.loudness,
    "duration": lambda track: track.analysis.duration,
}
"""What `tempo list --sort` offers."""


DECIMAL = r"\d+(?:\.\d+)?"


class ChoiceError(TempoError):
    """What was typed fits no track, or several."""


def bpm_range(text: str) -> tuple[float, float]:
    """Read `165-175`, `170` (half a BPM around it), `165-` or `-120`.

    Raises
    ------
    ValueError
        If `text` is none of these.
    """
    match = re.fullmatch(rf"\s*({DECIMAL})?\s*(?:([-\u2013])\s*({DECIMAL})?)?\s*", text)
    if not match or not (match[1] or match[3]):
        raise ValueError(f"{text!r} is no tempo range: write 165-175, 170, 165- or -120")
    if not match[2]:
        return float(match[1]) - 0.5, float(match[1]) + 0.5
    low, high = float(match[1] or 0), float(match[3] or math.inf)
    if low > high:
        raise ValueError(f"{text!r} is no tempo range: {match[1]} is above {match[3]}")
    return low, high


def matching(tracks: Iterable[Track], text: str) -> list[Track]:
    """Return the tracks that fit a query; see `query`."""
    fits = query(text)
    return [track for track in tracks if fits(track)]


def query(text: str) -> Callable[[Track], bool]:
    """Return what tells whether a track fits the query `text`; see above.

    Raises
    ------
    ChoiceError
        If a range in it is none.
    """
    tests = [_test(*match.groups()) for match in QUERY.finditer(_plain(text))]
    return lambda track: all(test(track) for test in tests)


TEXTS: dict[str, Callable[[Track], str]] = {
    "": lambda track: f"{track.artist} {track.title} {track.tags.album} {TEXTS['path'](track)}",
    "artist": lambda track: track.artist,
    "title": lambda track: track.title,
    "album": lambda track: track.tags.album,
    "path": lambda track: unquote(track.uri) if track.uri else str(track.location),
}
NUMBERS: dict[str, Callable[[Track], float]] = {
    "bpm": lambda track: track.bpm or math.nan,  # no beat lies in no range
    "confidence": lambda track: track.analysis.tempo.confidence,
    "strength": lambda track: track.analysis.beat_strength,
    "energy": lambda track: track.analysis.energy,
    "build": lambda track: track.analysis.build,
    "minutes": lambda track: track.analysis.duration / 60,
}
SHOWN = {"bpm": 1, "confidence": 2, "strength": 2, "energy": 2, "build": 2}
"""Decimals of them that `tempo list` shows ..."""
EXACT = 9
"""... and of others, which it shows otherwise."""
QUERY = re.compile(
    rf'(?:({"|".join(filter(None, (*TEXTS, *NUMBERS)))}):)?(?:"([^"]+)"(?!\S)|(\S+))'
)
"""A field, and what is looked for in it, with or without quotation marks."""
OTHER = re.compile(r"(?<!\S)(?!spotify|isrc|urn)([a-z]+):(?=[^\s/])", re.IGNORECASE)
"""What looks like a field, and is neither one nor the beginning of an address."""


def no_field(text: str) -> str:
    """Return in a sentence which word of a query is no field, though it looks like one."""
    known = [field for field in (*TEXTS, *NUMBERS) if field]
    other = next((each for each in OTHER.findall(text) if each.casefold() not in known), "")
    return other and f"{other}: is no field: there are {', '.join(known)}"


def _plain(text: str) -> str:
    """Return what is compared: macOS takes letters apart, and tags have curly apostrophes."""
    if text.isascii():
        return text.casefold()
    return unicodedata.normalize("NFC", text).replace("\u2019", "'").casefold()


def _test(field: str | None, quoted: str | None, bare: str | None) -> Callable[[Track], bool]:
    wanted = quoted or bare or ""
    if field not in NUMBERS:
        text = TEXTS[field or ""]
        return lambda track: wanted in _plain(text(track))
    if field != "bpm" and "-" not in wanted:  # only of tempo is it clear what is near
        raise ChoiceError(
            f"{field}:{wanted} is no range: write {field}:{wanted}- for at least that"
        )
    try:
        low, high = bpm_range(wanted)
    except ValueError as error:
        raise ChoiceError(f"{field}: {error}".replace("tempo range", "range")) from error
    return lambda track: lies(track, field, low, high)


def lies(track: Track, field: str, low: float, high: float) -> bool:
    """Tell whether a number of a track, one of `NUMBERS`, lies in a range.

    It does as it was measured, or as lists show it: 134.9998 BPM stand there as 135.0.
    """
    value = NUMBERS[field](track)
    return low <= value <= high or low <= round(value, SHOWN.get(field, EXACT)) <= high


def one(tracks: Sequence[Track], text: str) -> Track:
    """Return the track that `text` names: a path, a URI, a link, or words that fit one alone.

    Raises
    ------
    ChoiceError
        If no track or more than one fits.
    """
    url = address(text) if is_url(text) else text
    places = {Path(os.path.abspath(text)), url, text, spotify_uri(text) or text}
    for track in tracks:
        if track.location in places:
            return track
    there = os.path.isfile(text)  # noqa: PTH113 - Path's fails in locked folders
    if there and (linked := _by_another_way(tracks, text)):
        return linked
    found = matching(tracks, text)
    exact = [track for track in found if _plain(track.title) == _plain(text)]
    if len(exact) == 1:
        return exact[0]
    if not found:
        near = _nearest(tracks, text)
        hint = (
            (there and "the file is not measured yet: run `tempo analyze` on it")
            or no_field(text)
            or (near and f"did you mean {near!r}?")
            or "`tempo list` shows what there is"
        )
        raise ChoiceError(f"no track fits {text!r}: {hint}")
    if len(found) > 1:
        raise ChoiceError(
            f"{len(found)} tracks fit {text!r}: {_some(found)}; add words, or give its path or URI"
        )
    return found[0]


def _by_another_way(tracks: Iterable[Track], path: str) -> Track | None:
    """Return the track whose file a path leads to as well, as through a linked folder."""
    names = {Path(path).name, Path(os.path.realpath(path)).name}
    for track in tracks:
        if isinstance(track.location, Path) and track.location.name in names:
            with suppress(OSError):
                if track.location.samefile(path):
                    return track
    return None


NAMED = 3


def _some(tracks: Sequence[Track]) -> str:
    """Return what the first of some tracks are called; copies are told apart by their places."""
    count = Counter(map(_name, tracks))
    called = (
        repr(_name(track) if count[_name(track)] == 1 else str(track.location))
        for track in tracks[:NAMED]
    )
    return ", ".join(called) + " …" * (len(tracks) > NAMED)


ALIKE = 0.75
"""Share of letters in common from which a title is taken for mistyped: one slip in a word."""


def _nearest(tracks: Sequence[Track], text: str) -> str | None:
    """Return the title, or artist and title, that was most likely meant."""
    names: dict[str, str] = {}
    for track in tracks:
        for said in (track.title, _name(track)):
            names.setdefault(said.casefold(), said)
    found = difflib.get_close_matches(text.casefold(), names, n=1, cutoff=ALIKE)
    return names[found[0]] if found else None


def _name(track: Track) -> str:
    return f"{track.artist} {track.title}".strip()
