"""Programs that estimate tempo, behind one function each: path in, `Answer` out.

Peers run with their own defaults, on audio that librosa or they themselves decode.
"""

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

AUBIO_HOP = 512
"""Samples; what the program `aubio tempo` takes."""
ESSENTIA_RATE = 44_100
"""Hz; what its RhythmExtractor2013 expects."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an engine says about a file: tempi, best first, none without a beat."""

    bpms: tuple[float, ...]
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Engine:
    """An engine and the module that it needs."""

    name: str
    module: str
    estimate: Callable[[Path], Answer]
    install: str
    """How to get it: a sentence."""

    def installed(self) -> bool:
        """Tell whether it can run here."""
        return importlib.util.find_spec(self.module) is not None


def _decode(path: Path) -> Answer:
    """Decode as ours does; the answer is the length in seconds."""
    from tempo.audio import decoders  # noqa: PLC0415
    from tempo.errors import AudioError  # noqa: PLC0415

    for decode in decoders(path):
        try:
            return Answer((sum(len(block.y) / block.sample_rate for block in decode(path)),))
        except AudioError:
            pass
    return Answer(())


def _ours(path: Path) -> Answer:
    from tempo.analysis import analyze  # noqa: PLC0415 - each engine loads only itself
    from tempo.track import AudioFile  # noqa: PLC0415

    status = path.stat()
    estimate = analyze(AudioFile(path, status.st_size, status.st_mtime_ns)).analysis.tempo
    return Answer(tuple(c.bpm for c in estimate.candidates), estimate.confidence)


def _librosa_beats(path: Path) -> Answer:
    import librosa  # noqa: PLC0415
    from librosa.beat import beat_track  # noqa: PLC0415

    y, rate = librosa.load(path)
    return _one(beat_track(y=y, sr=rate)[0])


def _librosa_tempo(path: Path) -> Answer:
    import librosa  # noqa: PLC0415
    from librosa.feature import tempo  # noqa: PLC0415

    y, rate = librosa.load(path)
    return _one(tempo(y=y, sr=rate))


def _aubio(path: Path) -> Answer:
    import aubio  # noqa: PLC0415

    source = aubio.source(str(path), 0, AUBIO_HOP)
    tracker: Any = aubio.tempo("default", 2 * AUBIO_HOP, AUBIO_HOP, source.samplerate)
    beats, read = [], AUBIO_HOP
    while read == AUBIO_HOP:
        block, read = source()
        if tracker(block):
            beats.append(tracker.get_last_s())
    return _one(60 / np.median(np.diff(beats)) if len(beats) > 1 else 0.0)


def _essentia(method: str, path: Path) -> Answer:
    import librosa  # noqa: PLC0415
    from essentia import standard  # noqa: PLC0415

    # Its own loader, in the wheels, stops at Opus.
    y, _ = librosa.load(path, sr=ESSENTIA_RATE)
    return _one(standard.RhythmExtractor2013(method=method)(y)[0])


def _madmom(path: Path) -> Answer:
    from madmom.features.beats import RNNBeatProcessor  # noqa: PLC0415
    from madmom.features.tempo import TempoEstimationProcessor  # noqa: PLC0415

    tempi = TempoEstimationProcessor(method="dbn", fps=100)(RNNBeatProcessor()(str(path)))
    return Answer(tuple(float(bpm) for bpm, _ in tempi))


def _tempocnn(path: Path) -> Answer:
    from tempocnn.classifier import TempoClassifier  # noqa: PLC0415
    from tempocnn.feature import read_features  # noqa: PLC0415

    return _one(TempoClassifier("cnn").estimate_tempo(read_features(str(path)), interpolate=True))


def _one(bpm: Any) -> Answer:
    value = float(np.atleast_1d(bpm)[0])
    return Answer((value,) if value > 0 else ())


_ESSENTIA = "`pip install essentia`"
_TEMPOCNN = "`pip install tempocnn`, with a Python and numpy that its TensorFlow has wheels for"
_MADMOM = "`pip install cython numpy`, then `pip install --no-build-isolation madmom`"

DECODING = Engine("decoding", "tempo", _decode, "it is part of this")

ENGINES = {
    engine.name: engine
    for engine in (
        Engine("ours", "tempo", _ours, "`pip install .`"),
        Engine("librosa", "librosa", _librosa_beats, "`pip install librosa`"),
        Engine("librosa.tempo", "librosa", _librosa_tempo, "`pip install librosa`"),
        Engine(
            "aubio", "aubio", _aubio, "`apt install python3-aubio`, as pip's reads WAV files only"
        ),
        Engine("essentia.degara", "essentia", partial(_essentia, "degara"), _ESSENTIA),
        Engine("essentia.multifeature", "essentia", partial(_essentia, "multifeature"), _ESSENTIA),
        Engine("madmom", "madmom", _madmom, _MADMOM),
        Engine("tempocnn", "tempocnn", _tempocnn, _TEMPOCNN),
    )
}
