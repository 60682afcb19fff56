"""A voice that sings vowels and consonants, for songs without a singer.

A sawtooth is filtered by the resonances of vowels (Peterson & Barney, "Control methods used in a
study of the vowels", JASA 1952, table II, men), with noise before each.
"""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy import fft, ndimage

from benchmarks.synth import SAMPLE_RATE

Mono = NDArray[np.float32]

VOWELS = ((730, 1090, 2440), (530, 1840, 2480), (270, 2290, 3010), (570, 840, 2410),
          (300, 870, 2240))  # fmt: skip
"""Hz: a, e, i, o, u."""
WIDTH = 110.0
"""Hz of a resonance."""
BREATH = 3_500.0
"""Hz above which consonants sound."""
GLIDE = 0.04
"""Seconds from one pitch to the next, and of the rise of a vowel."""
VIBRATO = (5.5, 0.012)
"""Hz, and share of the pitch."""


def sing(syllables: list[tuple[float, float, int]], count: int, rng: Generator) -> Mono:
    """Sing.

    Parameters
    ----------
    syllables : list of (seconds, seconds, int)
        Start, length and pitch as MIDI counts it.
    count : int > 0
        Samples.
    rng : np.random.Generator

    Returns
    -------
    np.ndarray [shape=(count,), dtype=float32]
        Of a standard deviation of 1; nothing if there is nothing to sing.
    """
    pitch, open_mouth = np.full(count, 110.0, np.float32), np.zeros(count, np.float32)
    consonants, vowel = np.zeros(count, np.float32), np.zeros(count, np.int8)
    for start, length, key in syllables:
        first, last = (round(t * SAMPLE_RATE) for t in (start, start + length))
        pitch[first:] = 440 * 2 ** ((key - 69) / 12)
        open_mouth[first:last] = rng.uniform(0.6, 1.0)
        vowel[first:] = rng.integers(len(VOWELS))
        before = first - round(rng.uniform(0.02, 0.09) * SAMPLE_RATE)
        consonants[max(0, before) : first] = rng.choice([0.0, 0.3, 1.0]) * rng.uniform(0.3, 1.0)
    glide = round(GLIDE * SAMPLE_RATE)
    times = np.arange(count) / SAMPLE_RATE
    turns = ndimage.uniform_filter1d(pitch, glide) * (
        1 + VIBRATO[1] * np.sin(2 * np.pi * VIBRATO[0] * times)
    )
    tone = (np.cumsum(turns / SAMPLE_RATE) % 1 - 0.5) * ndimage.uniform_filter1d(open_mouth, glide)
    hiss = rng.normal(0, 0.5, count) * ndimage.uniform_filter1d(consonants, glide // 4)
    voice = _voiced(tone, vowel, hiss)
    return np.asarray(voice / (voice.std() + 1e-9), np.float32)


def _voiced(
    tone: NDArray[np.float64], vowel: NDArray[np.int8], hiss: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Filter the tone by its vowels, and the noise."""
    points = fft.next_fast_len(len(tone))
    hz = fft.rfftfreq(points, 1 / SAMPLE_RATE)
    total = 0.1 * fft.rfft(hiss, points) * (hz > BREATH)
    for i, peaks in enumerate(VOWELS):
        gains = sum(0.5**k / (1 + ((hz - peak) / WIDTH) ** 2) for k, peak in enumerate(peaks))
        total += fft.rfft(tone * (vowel == i), points) * gains
    return np.asarray(fft.irfft(total, points)[: len(tone)])
