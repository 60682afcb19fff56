"""Sounds of known tempo, made on the spot."""

import numpy as np
from numpy.typing import NDArray

from tempo.features import SAMPLE_RATE, Spectrogram, SpectrogramMeter

Sound = NDArray[np.float32]


def spectrogram(y: Sound) -> Spectrogram:
    """Return the mel spectrogram of a sound."""
    meter = SpectrogramMeter()
    meter.add(y)
    return meter.spectrogram()


def hits(times: NDArray[np.float64], sound: Sound, seconds: float) -> Sound:
    """Return `sound` struck at each time."""
    y = np.zeros(int(seconds * SAMPLE_RATE) + len(sound), np.float32)
    for time in times[times < seconds]:
        start = int(time * SAMPLE_RATE)
        y[start : start + len(sound)] += sound
    return y[: int(seconds * SAMPLE_RATE)]


def decay(hertz: float, seconds: float) -> Sound:
    """Return a sine that fades by 1/e in `seconds`; 0 Hz is noise."""
    time = np.arange(int(5 * seconds * SAMPLE_RATE)) / SAMPLE_RATE
    wave = np.sin(2 * np.pi * hertz * time) if hertz else noise(len(time) / SAMPLE_RATE)
    return np.asarray(wave * np.exp(-time / seconds), np.float32)


def clicks(bpm: float, seconds: float = 20.0) -> Sound:
    """Return a metronome."""
    return hits(np.arange(0, seconds, 60 / bpm), decay(1000, 0.01), seconds)


def drums(bpm: float, seconds: float = 20.0) -> Sound:
    """Return a rock beat: kick on 1 and 3, snare on 2 and 4, hi-hat in eighths."""
    beat = 60 / bpm
    kick = hits(np.arange(0, seconds, 2 * beat), decay(60, 0.08), seconds)
    snare = hits(np.arange(beat, seconds, 2 * beat), decay(0, 0.05), seconds)
    hat = hits(np.arange(0, seconds, beat / 2), np.diff(decay(0, 0.01)), seconds)
    return np.asarray(0.8 * kick + 0.5 * snare + 0.1 * hat, np.float32)


def noise(seconds: float, tilt: float = 0.0, seed: int = 0) -> Sound:
    """Return noise whose power falls with frequency to the power `tilt`: 1 is pink."""
    count = int(seconds * SAMPLE_RATE)
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(count))
    spectrum /= np.arange(1, len(spectrum) + 1) ** (tilt / 2)
    y = np.fft.irfft(spectrum, count)
    return np.asarray(0.1 * y / y.std(), np.float32)


def rain(seconds: float, seed: int = 0, drops: float = 300.0) -> Sound:
    """Return drops of all sizes that fall at random over a bed of noise, `drops` a second."""
    rng = np.random.default_rng(seed)
    y = np.asarray(0.1 * noise(seconds, 0.5, seed), np.float32)
    for size in (0.001, 0.003, 0.01):
        times = rng.uniform(0, seconds, int(drops * seconds / 3))
        y += hits(times, 0.1 * decay(0, size), seconds)
        y += hits(times[::3] + 0.01, 0.2 * decay(rng.uniform(800, 6000), size), seconds)
    return y


def applause(seconds: float, seed: int = 0, people: int = 30) -> Sound:
    """Return the clapping of people, each at a pace of their own, and unevenly."""
    rng = np.random.default_rng(seed)
    y = np.zeros(int(seconds * SAMPLE_RATE), np.float32)
    for _ in range(people):
        gaps = rng.uniform(0.18, 0.33) * rng.normal(1, 0.08, int(6 * seconds))
        times = np.cumsum(np.maximum(gaps, 0.1))
        y += hits(times, np.float32(rng.uniform(0.02, 0.2)) * decay(0, 0.008), seconds)
    return y


def waves(seconds: float, seed: int = 0, period: float = 8.0) -> Sound:
    """Return surf that comes every `period` seconds or so."""
    rng = np.random.default_rng(seed)
    time = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    crests = np.cumsum(period * rng.normal(1, 0.15, int(2 * seconds / period)))
    swell = 0.1 + sum(np.exp(-(((time - at) / 1.6) ** 2)) for at in crests)
    return np.asarray(noise(seconds, 1.2, seed) * swell, np.float32)


def wind(seconds: float, seed: int = 0) -> Sound:
    """Return brown noise in slow gusts."""
    count = int(seconds * SAMPLE_RATE)
    points = np.random.default_rng(seed).normal(0, 0.7, int(2 * seconds) + 2)
    gusts = np.exp(np.interp(np.arange(count) / SAMPLE_RATE * 2, np.arange(len(points)), points))
    return np.asarray(0.3 * noise(seconds, 1.5, seed) * gusts, np.float32)


def ambient(seconds: float, seed: int = 0) -> Sound:
    """Return chords that swell and fade over one another, slightly out of tune."""
    rng = np.random.default_rng(seed)
    time = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    y, start = np.zeros(len(time)), -4.0
    while start < seconds:
        length = rng.uniform(5, 12)
        swell = np.exp(-(((time - start - length / 2) / (0.45 * length)) ** 2))
        for partial in range(2, 7):
            hertz = rng.choice([55.0, 65.4, 73.4, 82.4]) * partial * rng.normal(1, 0.001)
            y += swell * np.sin(2 * np.pi * hertz * time) / partial
        start += length * rng.uniform(0.4, 0.9)
    return np.asarray(0.1 * y, np.float32)


def rubato(seconds: float, seed: int = 0) -> Sound:
    """Return plucked notes whose pace wanders by half and double."""
    rng = np.random.default_rng(seed)
    paces = np.clip(np.exp(np.cumsum(rng.normal(0, 0.15, int(8 * seconds)))), 0.5, 2)
    gaps = rng.choice([0.25, 0.5, 0.5, 0.75, 1.0], len(paces)) * rng.uniform(0.8, 1.2, len(paces))
    times = np.cumsum(gaps * paces)
    notes = 110 * 2 ** (rng.integers(0, 30, len(times)) / 12)
    y = np.zeros(int(seconds * SAMPLE_RATE), np.float32)
    for at, note in zip(times[times < seconds], notes, strict=False):
        y += hits(np.array([at]), 0.1 * decay(note, 0.3), seconds)
    return y


def speech(seconds: float, seed: int = 4) -> Sound:
    """Return syllables of a hummed voice at uneven times."""
    rng = np.random.default_rng(seed)
    y = np.zeros(round(seconds * SAMPLE_RATE), np.float32)
    start = 0.1
    while start < seconds - 0.6:
        length = rng.uniform(0.1, 0.3)
        time = np.arange(round(length * SAMPLE_RATE)) / SAMPLE_RATE
        voice = sum(np.sin(2 * np.pi * rng.uniform(110, 150) * k * time) / k for k in range(1, 12))
        at = round(start * SAMPLE_RATE)
        y[at : at + len(time)] += np.asarray(0.1 * voice * np.sin(np.pi * time / length), "f4")
        start += length + rng.exponential(0.25)
    return y
