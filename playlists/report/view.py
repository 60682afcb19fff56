"""What a report shows of a playlist: the JSON of `playlists.contract`, read with care.

The file may come from anywhere, so texts are cleaned and numbers that are none become None.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from playlists.errors import PlaylistError
from tempo.tags import clean

T = TypeVar("T")
USUAL = 180.0
"""Seconds that a song takes in the picture where nobody knows its length."""
EARLY = 3.0
"""Seconds; a step that begins so shortly before a song begins with it, for all who hear it."""
LONGEST = 86_400.0
"""Seconds; as long as a workout may be."""


@dataclass(frozen=True, slots=True)
class Song:
    """One song on the timeline; what is not known is None or empty."""

    start: float
    """Seconds from the start."""
    duration: float
    title: str
    artist: str
    path: str
    uri: str
    bpm: float | None
    """Tempo of the track itself."""
    level: float
    target_bpm: float | None
    energy: float | None
    target_energy: float | None
    confidence: float | None
    step: str
    why: str

    @property
    def end(self) -> float:
        """When it ends, seconds from the start."""
        return self.start + self.duration

    @property
    def followed(self) -> float | None:
        """Tempo that is followed, BPM."""
        return self.bpm and self.bpm * self.level

    @property
    def name(self) -> str:
        """Artist and title."""
        return f"{self.artist} - {self.title}" if self.artist else self.title


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of the workout."""

    name: str
    start: float
    duration: float
    intensity: tuple[float, float]
    cadence: tuple[float, float] | None

    @property
    def end(self) -> float:
        """When it ends, seconds from the start."""
        return self.start + self.duration


@dataclass(frozen=True, slots=True)
class Moment:
    """What is asked of the music at one moment; up to the next, it changes linearly."""

    at: float
    low: float
    bpm: float
    high: float


@dataclass(frozen=True, slots=True)
class Lack:
    """A stretch of the workout that the library serves badly."""

    step: str
    seconds: float
    fitting: int
    needed: int
    advice: str
    doubtful: tuple[tuple[str, float, float], ...]
    """Tracks that would fit if their tempo were another: name, tempo, and that other one."""


@dataclass(frozen=True, slots=True)
class View:
    """A playlist as it is shown."""

    title: str
    mode: str
    """`async`, `sync`, or empty where nobody knows."""
    duration: float
    """Seconds of music."""
    target_duration: float | None
    misfit: float | None
    gap: float | None
    songs: tuple[Song, ...]
    stages: tuple[Stage, ...]
    moments: tuple[Moment, ...]
    lacks: tuple[Lack, ...]

    @property
    def length(self) -> float:
        """Seconds from the start to the end of workout and music."""
        return max(self.duration, self.target_duration or 0.0)

    def cues(self, song: Song) -> tuple[tuple[float, Stage], ...]:
        """Return when steps begin within a song, seconds from its start, and which."""
        return tuple(
            (max(stage.start - song.start, 0.0), stage)
            for stage in self.stages
            if stage.start > 0 and song.start - EARLY <= stage.start < song.end - EARLY
        )

    @property
    def is_measured(self) -> bool:
        """Whether anything says what was wanted."""
        return bool(self.moments) or any(song.target_bpm for song in self.songs)

    @property
    def tempos(self) -> tuple[float, float] | None:
        """Slowest and fastest tempo that is followed, BPM."""
        followed = [song.followed for song in self.songs if song.followed]
        return (min(followed), max(followed)) if followed else None


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
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise PlaylistError("this is no playlist that `tempo build -o NAME.json` wrote") from error
    if not shown.songs:
        raise PlaylistError("this playlist holds no song: build one first")
    return shown


def _view(said: Mapping[str, Any]) -> View:
    songs: list[Song] = []
    for entry in said["entries"]:
        songs.append(_song(entry, songs[-1].end if songs else 0.0))
    mode = said.get("mode")
    return View(
        title=_title(_text(said.get("workout"))),
        mode=mode if mode in {"async", "sync"} else "",
        duration=songs[-1].end if songs else 0.0,
        target_duration=_number(said.get("target_duration"), 1.0, LONGEST),
        misfit=_number(said.get("misfit")),
        gap=_number(said.get("gap"), 0.0, 1.0),
        songs=tuple(songs),
        stages=_each(said.get("steps"), _stage),
        moments=tuple(sorted(_each(said.get("wanted"), _moment), key=lambda each: each.at)),
        lacks=_each(said.get("shortfalls"), _lack),
    )


def _each(found: Any, read: Callable[[Mapping[str, Any]], T]) -> tuple[T, ...]:
    return tuple(map(read, found or ()))


def _song(entry: Mapping[str, Any], start: float) -> Song:
    path, uri = entry.get("path"), entry.get("uri")
    return Song(
        start=start,  # one after the other, whatever the file says
        duration=_number(entry.get("duration"), 0.1, LONGEST) or USUAL,
        title=_text(entry.get("title")) or "?",
        artist=_text(entry.get("artist")),
        path=path if isinstance(path, str) else "",
        uri=_text(uri),
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
        _each(shortfall.get("doubtful"), _correction),
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
