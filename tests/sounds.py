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


def rain(seconds: float, seed: int = 0) -> Sound:
    """Return drops that fall at random, 300 a second."""
    rng = np.random.default_rng(seed)
    times = rng.uniform(0, seconds, int(300 * seconds))
    return hits(times, 0.1 * decay(0, 0.001), seconds)
