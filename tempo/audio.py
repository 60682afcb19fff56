"""Sound file to blocks of samples, by the decoder that suits it.

soundfile (libsndfile) reads MP3, FLAC, WAV and AIFF fastest; PyAV (FFmpeg's libraries) reads all
else, Ogg Vorbis and Opus in half the time, and each gets a second try where the other stumbles.
Both come as wheels, so no program need be installed. Formats are told by content: a file's name
decides nothing.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from tempo.blocks import (
    BLOCK_SECONDS,
    DAMAGED,
    Block,
    check_length,
    checked_rate,
    clean,
    unavailable,
)
from tempo.errors import AudioError, UnavailableError
from tempo.ffmpeg import pyav_blocks

UNKNOWN = 2**63 - 1
"""Frames that libsndfile promises where it cannot tell, as in Ogg files joined together."""
OGG_PAGE = 65_307
"""Bytes; the longest page there can be."""


def decoders(path: Path) -> tuple[Callable[[Path], Iterator[Block]], ...]:
    """Return the decoders to try for a file, best first.

    Each takes the path and yields its blocks, or raises `AudioError` where the file is damaged
    or not music.

    Raises
    ------
    UnavailableError
        If the file cannot be opened or read at all.
    AudioError
        If it is empty.
    """
    try:
        with path.open("rb") as file:
            head = file.read(64)
            ogg = head.startswith(b"OggS")
            cut = ogg and _ogg_is_cut(file)
    except OSError as error:
        raise UnavailableError(unavailable(error)) from error
    if not head:
        raise AudioError("is empty (0 bytes): copy it again from its source")
    if cut:
        raise AudioError("is cut off in the middle of a page: copy it again from its source")
    return (pyav_blocks, soundfile_blocks) if ogg else (soundfile_blocks, pyav_blocks)


def _ogg_is_cut(file: BinaryIO) -> bool:
    """Tell whether an Ogg file ends inside a page; only its pages know their length (RFC 3533)."""
    size = file.seek(0, os.SEEK_END)
    start = file.seek(max(0, size - 2 * OGG_PAGE))
    tail = file.read()
    at = tail.rfind(b"OggS")
    if at < 0 or at + 27 > len(tail):
        return True
    segments = tail[at + 26]
    lengths = tail[at + 27 : at + 27 + segments]
    return start + at + 27 + segments + sum(lengths) > size


def soundfile_blocks(path: Path) -> Iterator[Block]:
    """Decode with libsndfile; see `decoders`."""
    import soundfile  # noqa: PLC0415 - only those who decode pay for it

    # libsndfile takes names as bytes, which need not be UTF-8, but on Windows.
    name = str(path) if os.name == "nt" else os.fsencode(path)
    try:
        with soundfile.SoundFile(name) as file:
            rate = checked_rate(file.samplerate)
            seconds = 0.0
            # SoundFile.blocks() repeats old samples where a cut-off file ends.
            while len(y := file.read(BLOCK_SECONDS * rate, dtype="float32", always_2d=True)):
                seconds += len(y) / rate
                yield Block(clean(y), rate)
            check_length(seconds, file.frames / rate if file.frames < UNKNOWN else 0.0)
    except soundfile.SoundFileError as error:
        raise AudioError(DAMAGED) from error


def resampler(sample_rate: int, new_rate: int) -> Callable[[NDArray[np.float32], bool], Any]:
    """Return a function that resamples a mono stream piece by piece.

    It takes float32 [shape=(n,)] and whether this is the last piece, and returns float32.
    """
    import soxr  # noqa: PLC0415

    stream = soxr.ResampleStream(sample_rate, new_rate, 1, dtype="float32")
    return lambda y, last: stream.resample_chunk(y, last=last)
