"""Made-up tracks: what a library could hold, without any music."""

from pathlib import Path

import numpy as np

from tempo.track import Analysis, Tags, TempoCandidate, TempoEstimate, Track


def song(
    name: str,
    *,
    bpm: float | None = 120.0,
    duration: float = 200.0,
    energy: float = 0.6,
    artist: str = "",
    double: float = 0.0,
    confidence: float = 0.9,
    beat: float = 0.9,
    build: float = 0.5,
    intro: float = 0.0,
) -> Track:
    """Return a track; `double` is the share of listeners who count it twice as fast."""
    levels = [(bpm, 1 - double), (2 * bpm, double)] if bpm else []
    candidates = tuple(TempoCandidate(*level) for level in levels if level[1])
    tempo = TempoEstimate(candidates, confidence if bpm else 0.0, 0.0)
    analysis = Analysis(duration, tempo, beat, energy, -10.0, build, intro)
    return Track(Path(f"music/{name}.ogg"), Tags(title=name, artist=artist), analysis)


def crate(count: int, seed: int = 0) -> list[Track]:
    """Return tracks with tempos, lengths and energies as a library has them."""
    rng = np.random.default_rng(seed)
    return [
        song(
            f"{seed}-{i}",
            bpm=float(rng.uniform(75, 180)),
            duration=float(rng.uniform(130, 330)),
            energy=float(rng.uniform(0.2, 1.0)),
            artist=f"artist {rng.integers(count // 2 + 1)}",
            confidence=float(rng.uniform(0.4, 1.0)),
            beat=float(rng.uniform(0.2, 1.0)),
            build=float(rng.uniform(0.3, 0.7)),
            intro=float(rng.uniform(0, 15)),
        )
        for i in range(count)
    ]
