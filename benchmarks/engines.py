"""Programs that estimate tempo, behind one function each: path in, `Answer` out.

Peers run with their own defaults, on audio that librosa or they themselves decode. Install them
beside this project to compare: ``pip install essentia``, ``pip install madmom``,
``pip install tempocnn``, ``apt install python3-aubio``.
"""

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class Answer:
    """What an engine says about a file: tempi, best first, none without a beat."""

    bpms: tuple[float, ...]
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Engine:
    """An engine and the module that it needs."""

    module: str
    estimate: Callable[[Path], Answer]

    def installed(self) -> bool:
        """Tell whether it can run here."""
        return importlib.util.find_spec(self.module) is not None


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

    source = aubio.source(str(path), 0, 512)
    tracker: Any = aubio.tempo("default", 1024, 512, source.samplerate)
    beats, read = [], 512
    while read == 512:
        block, read = source()
        if tracker(block):
            beats.append(tracker.get_last_s())
    return _one(60 / np.median(np.diff(beats)) if len(beats) > 1 else 0.0)


def _essentia(method: str) -> Callable[[Path], Answer]:
    def estimate(path: Path) -> Answer:
        from essentia import standard  # noqa: PLC0415

        y = standard.MonoLoader(filename=str(path))()
        return _one(standard.RhythmExtractor2013(method=method)(y)[0])

    return estimate


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


ENGINES = {
    "ours": Engine("tempo", _ours),
    "librosa": Engine("librosa", _librosa_beats),
    "librosa.tempo": Engine("librosa", _librosa_tempo),
    "aubio": Engine("aubio", _aubio),
    "essentia.degara": Engine("essentia", _essentia("degara")),
    "essentia.multifeature": Engine("essentia", _essentia("multifeature")),
    "madmom": Engine("madmom", _madmom),
    "tempocnn": Engine("tempocnn", _tempocnn),
}
