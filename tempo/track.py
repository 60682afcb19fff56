"""What is known about a piece of music.

Conventions
-----------
Tempo is in beats per minute (BPM), time in seconds, loudness in LUFS; all are floats and are
never rounded here. Scores (salience, confidence, beat strength, energy, build) lie in [0, 1].
"""

import re
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import unquote

ANALYSIS_VERSION = 4
"""Raised whenever the numbers of an `Analysis` change, so that libraries measure files again."""
DOUBTFUL = 0.5
"""A tempo of less confidence is doubtful."""
CHANGE = 0.04
"""A tempo that changes by this share is doubtful: no single number is right for the track."""
RIVAL = 0.6
"""A second candidate with this share of the first one's salience makes the octave ambiguous."""


@dataclass(frozen=True, slots=True)
class AudioFile:
    """A file that was found and has not been decoded."""

    path: Path | str
    """Where it is; a URL where it is on another machine."""
    size: int
    """Bytes."""
    mtime_ns: int
    """Time of last change, nanoseconds since 1970; of a URL any number that changes with it."""


@dataclass(frozen=True, slots=True)
class Tags:
    """What the file says about itself; an unknown text is empty."""

    title: str = ""
    artist: str = ""
    album: str = ""
    isrc: str = ""
    bpm: float | None = None


@dataclass(frozen=True, slots=True)
class TempoCandidate:
    """One metrical level at which the music can be counted."""

    bpm: float
    salience: float


@dataclass(frozen=True, slots=True)
class TempoSection:
    """A part of a piece in one tempo; it lasts until the next one starts."""

    start: float
    """Seconds."""
    bpm: float


@dataclass(frozen=True, slots=True)
class TempoEstimate:
    """The tempo of a track: several metrical levels, and how far to trust them.

    An estimate without candidates says that there is no beat (silence, noise, speech).
    """

    candidates: tuple[TempoCandidate, ...]
    """Most salient first; saliences sum to 1."""
    confidence: float
    """Probability that the first candidate is what a listener would tap."""
    drift: float
    """Interquartile range of the local tempo divided by the tempo; 0 is a machine."""
    sections: tuple[TempoSection, ...] = ()
    """Where the tempo changes, from the start on; none where it is steady."""

    @property
    def bpm(self) -> float | None:
        """Tempo of the most salient metrical level, or None where there is no beat."""
        return self.candidates[0].bpm if self.candidates else None

    @property
    def change(self) -> float:
        """How much faster the fastest section is than the slowest, as a share; 0 is steady."""
        tempi = [section.bpm for section in self.sections]
        return max(tempi) / min(tempi) - 1 if tempi else 0.0


@dataclass(frozen=True, slots=True)
class Meter:
    """How beats form bars."""

    beats: int | None
    """4 for bars of two or four beats, 3 for three, 6 for compound time (6/8, 12/8), whose beats
    divide into three: there a dotted quarter is what the tempo counts. None is unknown."""
    confidence: float
    """Probability of `beats`, or of the likeliest where it is unknown."""


UNKNOWN_METER = Meter(None, 0.0)


@dataclass(frozen=True, slots=True)
class Analysis:
    """What was measured in the audio of one file."""

    duration: float
    tempo: TempoEstimate
    beat_strength: float
    """Pulse clarity: 1 is a click track, 0 is rain."""
    energy: float
    """Perceived intensity at equal loudness: independent of the mastering level."""
    loudness: float
    """Integrated loudness, LUFS (ITU-R BS.1770-4); -70 and below is silence."""
    build: float
    """How much the music rises from its beginning to its end: 0.5 is level."""
    intro: float
    """Seconds before the beat starts."""
    meter: Meter = UNKNOWN_METER


@dataclass(frozen=True, slots=True)
class Track:
    """A piece of music that a playlist can use."""

    location: Path | str
    """The file; or for a track that is not a file here what stands for it, a URI such as
    ``spotify:track:…``. No two tracks share it."""
    tags: Tags
    analysis: Analysis
    source: str = "analysis"
    """Where the tempo comes from: `analysis`, `fixed` by the user; or for a track that is not a
    file here `import`, `file` for the analysis of the same recording, or the service's name."""

    @property
    def path(self) -> Path | None:
        """Path of the file, if there is one."""
        return self.location if isinstance(self.location, Path) else None

    @property
    def uri(self) -> str | None:
        """URI of a track that is not a file here."""
        return self.location if isinstance(self.location, str) else None

    @property
    def bpm(self) -> float | None:
        """Tempo, or None where there is no beat."""
        return self.analysis.tempo.bpm

    @property
    def title(self) -> str:
        """Title, from the tags or else the file name."""
        return self.tags.title or self._names[1]

    @property
    def artist(self) -> str:
        """Artist, from the tags or else the file name, or empty."""
        return self.tags.artist or ("" if self.tags.title else self._names[0])

    @property
    def _names(self) -> tuple[str, str]:
        """Artist and title where no tag says them."""
        if isinstance(self.location, Path):
            return named_by_file(self.location)
        if "://" not in self.location:
            return "", self.location
        return named_by_file(Path(unquote(self.location.rpartition("/")[2])))

    @property
    def is_doubtful(self) -> bool:
        """Whether the tempo has little confidence, a rival at another level, or changes."""
        tempo = self.analysis.tempo
        saliences = [candidate.salience for candidate in tempo.candidates]
        rivals = len(saliences) > 1 and saliences[1] >= RIVAL * saliences[0]
        return tempo.confidence < DOUBTFUL or rivals or tempo.change > CHANGE


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be measured, and why."""

    path: Path | str
    reason: str
    """One sentence: what happened and what to do."""
    transient: bool = False
    """The cause lies outside the file, so that the next run may succeed."""
    kept: bool = False
    """What was measured in the same file before stays."""


def named_by_file(path: Path) -> tuple[str, str]:
    """Return artist (or empty) and title from a name like `03 - Artist - Title.mp3`."""
    stem = path.stem.encode("utf-8", "replace").decode()
    parts = [part for part in " ".join(stem.split()).split(" - ") if part]
    if len(parts) > 1 and re.fullmatch(r"[\d.\s]+", parts[0]):
        parts = parts[1:]
    if len(parts) < 2:  # noqa: PLR2004 - an artist and a title
        return "", parts[0] if parts else stem
    return parts[0], " - ".join(parts[1:])


def fixed(track: Track, bpm: float) -> Track:
    """Return `track` with the tempo that its owner says it has.

    Parameters
    ----------
    track : Track
    bpm : float > 0

    Returns
    -------
    Track
        Its only candidate is `bpm`, its confidence 1, its source ``fixed``.
    """
    tempo = TempoEstimate((TempoCandidate(bpm, 1.0),), 1.0, track.analysis.tempo.drift)
    return replace(track, analysis=replace(track.analysis, tempo=tempo), source="fixed")
