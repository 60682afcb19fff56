"""Public data sets of known tempo, through mirdata (``pip install mirdata``).

mirdata knows where the files of a data set lie and reads their annotations; it must have been
downloaded to `home` as mirdata's documentation says.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.excerpts import Excerpt


def read_mirdata(name: str, home: Path) -> list[Excerpt]:
    """Read the songs of a data set, such as ``gtzan_genre``, that are there and have a tempo."""
    import mirdata  # noqa: PLC0415 - only who asks for it needs it

    return list(excerpts(name, mirdata.initialize(name, data_home=str(home))))


def excerpts(name: str, dataset: Any) -> Iterator[Excerpt]:
    """Yield the songs of an open data set that are there and have a tempo."""
    for track in dataset.load_tracks().values():
        bpm = _bpm(track)
        path = Path(track.audio_path or "")
        if bpm > 0 and path.is_file():
            genre, artist = (str(getattr(track, key, None) or "") for key in ("genre", "artist"))
            yield Excerpt(path, bpm, "mirdata", name, genre, artist)


def _bpm(track: Any) -> float:
    """Return the annotated tempo, else that of the beats, else 0."""
    # GiantSteps' second version corrects the first (Schreiber & Müller, ISMIR 2018).
    tempo: Any = getattr(track, "tempo_v2", None) or getattr(track, "tempo", None)
    if tempo is not None:
        weights = getattr(tempo, "confidence", None)  # of several tempi
        return float(tempo if weights is None else tempo.value[int(np.argmax(weights))])
    beats = getattr(track, "beats", None)
    if beats is None or len(beats.times) < 2:
        return 0.0
    return float(60 / np.median(np.diff(beats.times)))
