"""The JSON of `playlists.contract`, read with care.

The file may come from anywhere, so texts are cleaned and numbers that are none become None.
"""

import math
import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from playlists.errors import PlaylistError
from playlists.report.view import Lack, Moment, Song, Stage, View
from tempo.tags import clean

T = TypeVar("T")
FAULTS = (LookupError, TypeError, ValueError, AttributeError)
"""What values of other kinds than expected do to whoever reads them."""
WRITTEN = "`tempo build -o NAME.json` writes it: build it again"
USUAL = 180.0
"""Seconds that a song takes in the picture where nobody knows its length."""
LONGEST = 86_400.0
"""Seconds; as long as a workout may be."""


def view(said: Mapping[str, Any]) -> View:
    """Return what there is to show of a playlist.

    Parameters
    ----------
    said : mapping
        As `docs/playlist.schema.json` has it; newer keys may be missing.

    Raises
    ------
    PlaylistError
        If it is something else, or holds no song.
    """
    try:
        shown = _view(said)
    except FAULTS as error:
        raise PlaylistError(f"this playlist is not as {WRITTEN}") from error
    if not shown.songs:
        raise PlaylistError("this playlist holds no song: build one first")
    return shown


def _view(said: Mapping[str, Any]) -> View:
    songs: list[Song] = []
    for n, entry in enumerate(said["entries"], 1):
        songs.append(_at("entries", n, entry, partial(_song, songs[-1].end if songs else 0.0)))
    mode = said.get("mode")
    return View(
        title=_title(_text(said.get("workout"))),
        mode=mode if mode in {"async", "sync"} else "",
        duration=songs[-1].end if songs else 0.0,
        target_duration=_number(said.get("target_duration"), 1.0, LONGEST),
        misfit=_number(said.get("misfit")),
        gap=_number(said.get("gap"), 0.0, 1.0),
        songs=tuple(songs),
        stages=_each(said, "steps", _stage),
        moments=tuple(sorted(_each(said, "wanted", _moment), key=lambda each: each.at)),
        lacks=_each(said, "shortfalls", _lack),
    )


def _each(
    said: Mapping[str, Any], name: str, read: Callable[[Mapping[str, Any]], T]
) -> tuple[T, ...]:
    return tuple(_at(name, n, row, read) for n, row in enumerate(said.get(name) or (), 1))


def _at(name: str, number: int, row: Any, read: Callable[[Mapping[str, Any]], T]) -> T:
    try:
        return read(row)
    except FAULTS as error:
        raise PlaylistError(f"number {number} of its {name} is not as {WRITTEN}") from error


def _song(start: float, entry: Mapping[str, Any]) -> Song:
    path, uri = entry.get("path"), _text(entry.get("uri"))
    path = path if isinstance(path, str) else ""
    return Song(
        start=start,  # one after the other, whatever the file says
        duration=_number(entry.get("duration"), 0.1, LONGEST) or USUAL,
        title=_text(entry.get("title")) or clean(Path(path).stem) or uri or "?",
        artist=_text(entry.get("artist")),
        path=path,
        uri=uri,
        bpm=_number(entry.get("bpm"), 1.0, 1000.0),
        level=_number(entry.get("level"), 0.1, 10.0) or 1.0,
        target_bpm=_number(entry.get("target_bpm"), 1.0, 1000.0),
        energy=_number(entry.get("energy"), 0.0, 1.0),
        target_energy=_number(entry.get("target_energy"), 0.0, 1.0),
        confidence=_number(entry.get("confidence"), 0.0, 1.0),
        step=_text(entry.get("step")),
        why=_text(entry.get("why")),
    )


def _stage(step: Mapping[str, Any]) -> Stage:
    return Stage(
        _text(step.get("name")),
        _known(step["start"]),
        _known(step["duration"]),
        _pair(step["intensity"]),
        _pair(step["cadence"]) if step.get("cadence") else None,
    )


def _moment(wanted: Mapping[str, Any]) -> Moment:
    low, bpm, high = wanted["bpm"]
    return Moment(_known(wanted["at"]), _known(low), _known(bpm), _known(high))


def _lack(shortfall: Mapping[str, Any]) -> Lack:
    return Lack(
        _text(shortfall.get("step")) or f"step {int(shortfall['step_index']) + 1}",
        _known(shortfall["seconds"]),
        int(shortfall["fitting"]),
        int(shortfall["needed"]),
        _text(shortfall.get("advice")),
        _each(shortfall, "doubtful", _correction),
    )


def _correction(track: Mapping[str, Any]) -> tuple[str, float, float]:
    artist, title = _text(track.get("artist")), _text(track.get("title"))
    name = f"{artist} - {title}" if artist else title
    return name, _known(track["bpm"]), _known(track["fitting_bpm"])


def _pair(values: Any) -> tuple[float, float]:
    first, last = values
    return _known(first), _known(last)


def _known(value: Any) -> float:
    number = _number(value, 0.0, LONGEST)
    if number is None:
        raise ValueError(f"{value!r} is no number from 0 to {LONGEST:g}")
    return number


def _number(value: Any, low: float = -math.inf, high: float = math.inf) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) and low <= value <= high else None


def _title(name: str) -> str:
    """Return the name of a workout as people write it."""
    return name.replace("-", " ") if re.fullmatch(r"[a-z0-9-]+", name) else name or "playlist"


def _text(value: Any) -> str:
    return clean(value) if isinstance(value, str) else ""
