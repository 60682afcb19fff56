"""Tracks on the timeline of a workout."""

from dataclasses import dataclass
from typing import Literal

from playlists.workout import Range, Workout
from tempo.track import Track

Mode = Literal["async", "sync"]
"""`async`: tempo carries the mood of the effort. `sync`: the legs step on the beat."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One track, and what it was chosen for."""

    track: Track
    start: float
    """Seconds from the start of the workout."""
    level: float
    """Metrical level that is followed: ½, 1 or 2 times the tempo of the track."""
    target_bpm: float
    """Mean tempo that the workout asks for while the track plays."""
    target_energy: float
    """Mean energy that the workout asks for while the track plays."""
    step: int
    """Index of the step whose effort the track follows longest."""
    step_name: str
    misfit: float
    """Misfit per second while the track plays: 0 is perfect, 1 poor."""
    terms: tuple[tuple[str, float], ...]
    """What the misfit is made of: name of the term, seconds of poor music it is worth."""
    is_pinned: bool = False
    """Whether the user wants it there, whatever it is charged."""

    @property
    def bpm(self) -> float:
        """Tempo that is followed, BPM; 0 where the track has no beat."""
        return (self.track.bpm or 0.0) * self.level

    @property
    def duration(self) -> float:
        """Length of the track, seconds."""
        return self.track.analysis.duration

    @property
    def end(self) -> float:
        """When the track ends, seconds from the start of the workout."""
        return self.start + self.duration


@dataclass(frozen=True, slots=True)
class Correction:
    """A track of doubtful tempo that would fit if its tempo were another."""

    track: Track
    factor: float
    """What its tempo would have to be multiplied by: ½ or 2."""

    @property
    def bpm(self) -> float:
        """What its tempo would have to be, BPM."""
        return (self.track.bpm or 0.0) * self.factor


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A stretch of the workout that the library serves badly or not at all."""

    step: int
    step_name: str
    seconds: float
    """How much of the step has no music, or none that fits."""
    fitting: int
    """Tracks in the library that fit this step's tempo and energy."""
    needed: int
    """Tracks of usual length that the step takes."""
    bpm: tuple[float, float]
    """Tempo range that was looked for, over the whole step."""
    advice: str
    """One sentence: where the library is thinnest, and the smallest change that would help."""
    doubtful: tuple[Correction, ...] = ()
    """Tracks that would count if they were corrected, least sure first; the first ten."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the workout asks of the music at one moment; up to the next, it changes linearly."""

    at: float
    """Seconds from the start of the workout."""
    bpm: tuple[float, float, float]
    """Lowest, wanted and highest tempo, BPM."""
    energy: Range
    """Lowest and highest energy."""


@dataclass(frozen=True, slots=True)
class Playlist:
    """A workout set to music."""

    workout: Workout
    mode: Mode
    seed: int
    entries: tuple[Entry, ...]
    misfit: float
    """Mean misfit per second of the workout: 0 is perfect, 1 poor throughout."""
    bound: float
    """No order of the same library has a misfit below this."""
    shortfalls: tuple[Shortfall, ...] = ()
    wanted: tuple[Wanted, ...] = ()
    """What was asked for, in order of time."""
    number: int = 1
    """Its place among the alternatives that were built with it."""

    @property
    def title(self) -> str:
        """What players call it; alternatives bear their number."""
        which = f" ({self.number})" * (self.number > 1)
        return f"{self.workout.name} {round(self.target_duration / 60, 2):g} min{which}"

    @property
    def duration(self) -> float:
        """Length of the music, seconds."""
        return sum(entry.duration for entry in self.entries)

    @property
    def target_duration(self) -> float:
        """Length of the workout, seconds."""
        return self.workout.duration

    @property
    def gap(self) -> float:
        """How much of the misfit might be avoidable, as a fraction of it: 0 is proved best."""
        return (self.misfit - self.bound) / self.misfit if self.misfit > 0 else 0.0
