"""Sound files of known tempo: a manifest, and spectrograms kept from one run to the next."""

import csv
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tempo.features import Spectrogram

MERGED = {"hits2": "hits", "thumbsy": "taiko"}
"""Sources that share songs or makers with others."""


TRAINED_ON = frozenset(
    ("beats", "dance", "ddr", "fnf", "fof", "hits", "rendered", "taiko", "ultrastar")
)
"""Families of sources that `tempo/model.npz` was trained on."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A row of a manifest: CSV of path, true_bpm and what is known of the other columns."""

    path: Path
    bpm: float
    group: str
    source: str
    genre: str
    artist: str
    title: str = ""

    @property
    def family(self) -> str:
        """Sources of one origin; they must not be split between training and judging."""
        if self.group == "rendered":
            return self.group
        first = self.source.split("_")[0]
        return MERGED.get(first, first)


def read_manifest(path: Path) -> list[Excerpt]:
    """Read a manifest; paths are relative to it."""
    with path.open(newline="", encoding="utf-8") as file:
        return [_excerpt(path.parent, row) for row in csv.DictReader(file)]


def _excerpt(folder: Path, row: dict[str, str]) -> Excerpt:
    known = {key: row.get(key) or "" for key in ("group", "source", "genre", "artist", "title")}
    return Excerpt(folder / row["path"], float(row["true_bpm"]), **known)


def spectrogram(path: Path, cache: Path | None) -> "Spectrogram":
    """Measure a file, or read what was measured before from the folder `cache`."""
    from tempo.features import RATE, Spectrogram  # noqa: PLC0415 - not in peers' processes

    if cache is None:
        return _measure(path)
    kept = cache / (hashlib.sha256(str(path).encode()).hexdigest()[:24] + ".npy")
    if kept.exists():
        return Spectrogram(np.load(kept), RATE)
    cache.mkdir(parents=True, exist_ok=True)
    measured = _measure(path)
    np.save(kept, measured.db)
    return measured


def _measure(path: Path) -> "Spectrogram":
    import soxr  # noqa: PLC0415 - not needed where all is kept

    from tempo.audio import decoders  # noqa: PLC0415 - the same
    from tempo.features import SAMPLE_RATE, SpectrogramMeter  # noqa: PLC0415 - the same

    blocks = list(decoders(path)[0](path))
    y: NDArray[np.float32] = np.concatenate([block.y.mean(axis=1) for block in blocks])
    meter = SpectrogramMeter()
    meter.add(soxr.resample(y, blocks[0].sample_rate, SAMPLE_RATE))
    return meter.spectrogram()
