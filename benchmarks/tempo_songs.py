"""Songs of known tempo as the networks of `tempo.ranker` see them."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from benchmarks import synth
from benchmarks.excerpts import Excerpt
from benchmarks.synth import song
from tempo.estimate import find_pulse, metrical_levels
from tempo.features import SAMPLE_RATE, Spectrogram, SpectrogramMeter
from tempo.pattern import rhythm_patterns
from tempo.ranker import describe
from tempo.refine import fine_spectrum, refine
from tempo.tempogram import tempo_axis

Array = NDArray[np.float32]

TOLERANCE = 0.04
"""Of Accuracy1 in the literature (Gouyon et al. 2006)."""
BANDWIDTH = 0.15
"""Octaves within which songs count as of one tempo when rare tempi are weighted."""
BALANCE = 0.5
"""Power of that weight: at 1 a few slow songs would be learned by heart."""
DISPUTED = ("trap", "drill", "hyperpop", "salsa", "viennese", "two step", "zouk")
"""Words of genres whose octave listeners do not agree on; their songs count half."""
FAST = 230.0
"""BPM above which charts count every half beat; such songs are disputed and count a fifth."""
RENDERED = 0.4
"""Weight of music played by a synthesizer."""
MADE = {
    "house": (112, 132),
    "rock": (84, 190),
    "hip-hop": (70, 102),
    "drum and bass": (160, 182),
    "disco": (104, 132),
    "ballad": (58, 92),
    "swing": (110, 200),
    "waltz": (82, 180),
    "plain": (60, 190),
}
"""Styles of the drum machine and tempi, BPM, at which nobody would count them otherwise."""
MADE_TEMPI = 12
MADE_SECONDS = 24.0
ARTIST_FOLDS = 5


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """A song as the networks see it.

    Attributes
    ----------
    excerpt : Excerpt
    features : np.ndarray [shape=(k, features)]
        Of `tempo.ranker.describe`.
    patterns : np.ndarray [shape=(k, 3, POSITIONS, CHANNELS), dtype=float16]
        Mean of all windows, of the first half of them and of the second.
    bpms : np.ndarray [shape=(k,)]
        Candidates.
    """

    excerpt: Excerpt
    features: Array
    patterns: NDArray[np.float16]
    bpms: NDArray[np.float64]

    @property
    def right(self) -> Array:
        """1 for each candidate within the tolerance, else 0."""
        return (np.abs(self.bpms / self.excerpt.bpm - 1) <= TOLERANCE).astype(np.float32)

    @property
    def disputed(self) -> bool:
        """Whether listeners may not agree on the octave."""
        genre = self.excerpt.genre.lower()
        return self.excerpt.bpm > FAST or any(word in genre for word in DISPUTED)


def example(excerpt: Excerpt, heard: Spectrogram) -> Example | None:
    """Describe a song; None where it has no onsets."""
    pulse = find_pulse(heard)
    if not len(pulse.tempogram.fourier):
        return None
    bins = metrical_levels(pulse.tempogram)
    fine = fine_spectrum(pulse.envelopes.sum(axis=1), pulse.rate)
    bpms = np.array([refine(fine, float(bpm)) for bpm in tempo_axis()[bins]])
    patterns = rhythm_patterns(pulse.flux, bpms, bpms[0])
    half = -(-patterns.shape[1] // 2)
    parts = (slice(None), slice(half), slice(-half, None))
    means = np.stack([patterns[:, part].mean(axis=1) for part in parts], axis=1)
    return Example(excerpt, describe(pulse.tempogram, bins), means.astype(np.float16), bpms)


def made_examples() -> list[Example]:
    """Describe songs of a drum machine: music so bare must not confuse the networks."""
    found = []
    for style, (low, high) in MADE.items():
        for seed, bpm in enumerate(np.geomspace(low, high, MADE_TEMPI)):
            meter = SpectrogramMeter()
            y = song(float(bpm), MADE_SECONDS, style, seed=seed).mean(axis=1)
            meter.add(soxr.resample(y, synth.SAMPLE_RATE, SAMPLE_RATE))
            excerpt = Excerpt(Path(style), float(bpm), "rendered", "made", "", "")
            found.append(example(excerpt, meter.spectrogram()))
    return [made for made in found if made]


def by_family(examples: list[Example]) -> list[str]:
    """Return the family of each song's source."""
    return [e.excerpt.family for e in examples]


def by_artist(examples: list[Example]) -> list[str]:
    """Return a fold for each song; artists are not split (without one, the file decides)."""
    names = [e.excerpt.artist.lower() or e.excerpt.path.name for e in examples]
    leads = [name.split(" feat")[0].split(",")[0] for name in names]
    return [str(int(hashlib.sha256(n.encode()).hexdigest(), 16) % ARTIST_FOLDS) for n in leads]


def weights(examples: list[Example]) -> Array:
    """Return how much each song counts, 1 on average."""
    octaves = np.log2([e.excerpt.bpm for e in examples])
    density = np.array([np.mean(np.abs(octaves - x) < BANDWIDTH) for x in octaves])
    weight = density**-BALANCE
    weight[[e.disputed for e in examples]] *= 0.5
    weight[[e.excerpt.bpm > FAST for e in examples]] *= 0.4
    weight[[e.excerpt.group == "rendered" for e in examples]] *= RENDERED
    return np.asarray(weight / weight.mean(), np.float32)
