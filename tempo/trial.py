"""Whether this machine reads every format: a second of sound, written and read back."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np

from tempo.audio import decoders
from tempo.blocks import Block
from tempo.encoders import ENCODERS, Encoder, encode, write_plainly
from tempo.errors import AudioError

RATE, SECONDS, PITCH = 48_000, 1.0, 440.0
"""Hz, seconds, Hz: a tone that every codec keeps, at the one rate that Opus has."""
QUIET = 0.1
"""Of full scale, as root mean square: the tone has 0.35, what failed has none."""

SIMPLE = (".mp3", ".flac", ".ogg", ".wav", ".aiff")
"""Formats that libsndfile writes."""
OTHERS: Mapping[str, Encoder] = {
    ".opus": Encoder("opus", "libopus", "ogg", ""),
    ".m4a": ENCODERS["m4a"],
    ".aac": Encoder("aac", "aac", "adts", ""),
    ".wma": Encoder("wmav2", "wmav2", "asf", ""),
}
"""Formats that FFmpeg's libraries write."""


def trial(folder: Path) -> Iterator[tuple[str, bool]]:
    """Make a clip of each format and decode it.

    Parameters
    ----------
    folder : Path
        Where the clips are left.

    Yields
    ------
    suffix : str
    good : bool
        Whether any of the decoders that are tried for such a file reads it.
    """
    for suffix in (*SIMPLE, *OTHERS):
        path = folder / f"clip{suffix}"
        if suffix in SIMPLE:
            write_plainly(_tone(), path)
        else:
            with path.open("wb") as raw:
                encode([_tone()], raw, OTHERS[suffix], {})
        yield suffix, any(_is_read(decode, path) for decode in decoders(path))


def _tone() -> Block:
    time = np.arange(int(RATE * SECONDS)) / RATE
    return Block((0.5 * np.sin(2 * np.pi * PITCH * time)).astype(np.float32)[:, None], RATE)


def _is_read(decode: Callable[[Path], Iterator[Block]], path: Path) -> bool:
    try:
        y = np.concatenate([block.y for block in decode(path)])
    except (AudioError, ImportError, OSError):
        return False
    return bool(np.sqrt(np.mean(y**2)) > QUIET)
