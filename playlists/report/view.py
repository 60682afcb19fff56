"""What a report shows of a playlist."""

from dataclasses import dataclass

from playlists.cues import calls

EARLY = 3.0
"""Seconds; a step that begins so shortly before a song begins with it, for all who hear it."""


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

    def cues(self, song: Song) -> tuple[tuple[float, str], ...]:
        """Return when steps begin within a song, seconds from its start, and what to call them."""
        called = calls((stage.name, stage.intensity) for stage in self.stages)
        return tuple(
            (max(stage.start - song.start, 0.0), name)
            for stage, name in zip(self.stages, called, strict=True)
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
