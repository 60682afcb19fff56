"""One sound file to one `Track`: decode once, measure everything on the way."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tempo.audio import decoders, resampler
from tempo.bands import bands
from tempo.blocks import Block, check_length
from tempo.energy import energy
from tempo.errors import AudioError
from tempo.estimate import beat_strength, find_pulse, tempo_of
from tempo.features import SAMPLE_RATE, Spectrogram, SpectrogramMeter
from tempo.ffmpeg import memory_blocks
from tempo.loudness import LoudnessMeter
from tempo.meter import find_meter
from tempo.remote import fetched
from tempo.shape import build, intro
from tempo.tags import read_tags
from tempo.track import Analysis, AudioFile, Track

LONGEST = 3600.0
"""Seconds of a file that tempo and shape are measured on, so that a day-long mix fits in memory."""
CANCELED = 0.001
"""Share of their power (-30 dB) below which channels cancel each other out when mixed, as where
the wires of one are crossed: that hides the music, and is not how anybody hears it."""
SPARSE = 64
"""Every so many samples are enough to see that."""


def analyze(file: AudioFile) -> Track:
    """Measure one sound file.

    Parameters
    ----------
    file : AudioFile

    Returns
    -------
    Track

    Raises
    ------
    AudioError
        If the file cannot be read as music; says why and what to do.
    """
    if isinstance(file.path, Path):
        return _analyze(file.path)
    with fetched(file.path) as copy:
        return replace(_analyze(copy), location=file.path)


def _analyze(path: Path) -> Track:
    tags, promised = read_tags(path)
    reasons = []
    for decode in decoders(path):
        try:
            return Track(path, tags, measure(decode(path), promised))
        except AudioError as error:
            reasons.append(error)
    # The second decoder was asked because it reads more: its reason is the better one.
    raise reasons[-1]


def measure_clip(sound: bytes) -> Analysis:
    """Measure a sound file that is held in memory.

    Parameters
    ----------
    sound : bytes

    Returns
    -------
    Analysis

    Raises
    ------
    AudioError
        If it cannot be read as music.
    """
    return measure(memory_blocks(sound))


def measure(blocks: Iterable[Block], promised: float = 0.0) -> Analysis:
    """Measure a stream of audio.

    Parameters
    ----------
    blocks : iterable of Block
        All of one sample rate and number of channels.
    promised : float >= 0
        Seconds that there should be; 0 where unknown.

    Returns
    -------
    Analysis

    Raises
    ------
    AudioError
        If there is no audio, or much less than promised.
    """
    seconds, loudness, spectrogram = _listen(blocks)
    check_length(seconds, promised)
    pulse = find_pulse(spectrogram)
    tempo = tempo_of(pulse)
    loud = bands(spectrogram)
    return Analysis(
        duration=seconds,
        tempo=tempo,
        beat_strength=beat_strength(pulse),
        energy=energy(loud),
        loudness=loudness,
        build=build(loud),
        intro=intro(loud, tempo.bpm),
        meter=find_meter(spectrogram, pulse.envelopes, tempo.bpm),
    )


def _listen(blocks: Iterable[Block]) -> tuple[float, float, Spectrogram]:
    """Return duration, integrated loudness and spectrogram of a stream."""
    seconds = 0.0
    spectra = SpectrogramMeter()
    meter = downsample = None
    for block in blocks:
        if meter is None or downsample is None:
            meter = LoudnessMeter(block.sample_rate, block.y.shape[1])
            downsample = resampler(block.sample_rate, SAMPLE_RATE)
        # Some decoders mix the channels sample by sample; apart, all that follows is faster.
        channels = np.ascontiguousarray(block.y.T)
        meter.add(channels.T)
        if seconds < LONGEST:
            spectra.add(downsample(_mono(channels), False))
        seconds += len(block.y) / block.sample_rate
    if meter is None or downsample is None:
        return 0.0, 0.0, spectra.spectrogram()
    spectra.add(downsample(np.empty(0, np.float32), True))
    return seconds, meter.loudness(), spectra.spectrogram()


def _mono(channels: NDArray[np.float32]) -> NDArray[np.float32]:
    """Mix channels [shape=(channels, n)]; those that cancel each other out are turned to agree."""
    # A product is five times faster than a mean.
    shares = np.full(len(channels), 1 / len(channels), np.float32)
    few = channels[:, ::SPARSE]
    mixed, powers = shares @ few, (few * few).sum(axis=1)
    if mixed @ mixed < CANCELED * powers.mean():
        shares[few @ few[powers.argmax()] < 0] *= -1
    return shares @ channels
