"""Sound files as FFmpeg's libraries see them: samples, codec, packets."""

import hashlib
import io
from collections.abc import Iterable, Iterator
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

FFMPEG_OPTIONS = {
    # Containers of sound only: some other "formats" are lists that name files and addresses.
    "format_whitelist": "aac,ac3,aiff,amr,ape,asf,au,caf,dsf,eac3,flac,matroska,webm,"
    "mov,mp4,m4a,3gp,3g2,mj2,mp3,mpc,mpc8,mpegts,ogg,tak,tta,w64,wav,wv",
    "protocol_whitelist": "file",
}
ESTIMATED = {"aac", "ac3", "eac3", "mp3"}
"""Formats without a header, whose length FFmpeg guesses from their first bits a second. Of MP3,
which may have one, `tempo.tags.read_tags` tells what it promises."""
UNKNOWN_CODEC = "holds sound that no decoder here knows, or that is locked: replace it"
MOST_PLANES = 7
"""Channels that PyAV hands over each by itself; with one more it crashes, as in 7.1."""


def pyav_blocks(path: Path) -> Iterator[Block]:
    """Decode with FFmpeg's libraries, stepping over bad packets; see `tempo.audio.decoders`."""
    try:
        # A file object, because FFmpeg reads some names as addresses.
        with path.open("rb") as raw:
            yield from _pyav_blocks(raw)
    except OSError as error:
        raise UnavailableError(unavailable(error)) from error


def memory_blocks(sound: bytes) -> Iterator[Block]:
    """Decode a sound file that is held in memory; see `tempo.audio.decoders`."""
    return _pyav_blocks(io.BytesIO(sound))


def _pyav_blocks(raw: BinaryIO) -> Iterator[Block]:
    import av  # noqa: PLC0415 - only those who decode pay for it

    try:
        with av.open(raw, options=FFMPEG_OPTIONS) as container:
            if not container.streams.audio:
                raise AudioError("holds no sound: remove it, or rename it if it is no music")
            stream = container.streams.audio[0]
            if stream.codec_context is None:
                raise AudioError(UNKNOWN_CODEC)
            rate = checked_rate(stream.rate)
            promised = float(stream.duration * stream.time_base) if stream.duration else 0.0
            promised *= container.format.name not in ESTIMATED
            seconds = 0.0
            for y in _pyav_samples(container, stream, BLOCK_SECONDS * rate):
                seconds += len(y) / rate
                yield Block(clean(y), rate)
            check_length(seconds, promised)
    except (av.FFmpegError, ArithmeticError, ValueError) as error:
        # PyAV divides by the sample rate that a text file "has".
        raise AudioError(DAMAGED) from error


def _pyav_samples(container: Any, stream: Any, length: int) -> Iterator[NDArray[np.float32]]:
    """Yield decoded samples, float32 [shape=(n, channels)], `length` rows but for the last."""
    import av  # noqa: PLC0415

    form = "fltp" if stream.channels <= MOST_PLANES else "flt"
    floats = av.AudioResampler(format=form, layout=stream.layout, rate=stream.rate)
    # Frames are short: to convert each by itself takes longer than to decode it.
    held = av.AudioFifo()
    for frame in _alike(_pyav_frames(container, stream)):
        held.write(frame)
        while held.samples >= length:
            yield _floats(floats, held.read(length))
    if held.samples:
        yield _floats(floats, held.read())


def _alike(frames: Iterable[Any]) -> Iterator[Any]:
    """Yield frames in the form of the first: recorded radio goes from mono to stereo and back.

    PyAV's queue of frames crashes where one has fewer channels than the first.
    """
    import av  # noqa: PLC0415

    first, converters = None, {}
    for frame in frames:
        form = frame.format.name, frame.layout.name, frame.sample_rate
        first = first or form
        if form == first:
            yield frame
            continue
        if form not in converters:
            converters[form] = av.AudioResampler(*first)
        for part in converters[form].resample(frame):
            part.pts, part.time_base = None, frame.time_base
            yield part


def _pyav_frames(container: Any, stream: Any) -> Iterator[Any]:
    """Yield decoded frames; a bad packet is skipped."""
    import av  # noqa: PLC0415

    for packet in container.demux(stream):
        try:
            frames = packet.decode()
        except av.FFmpegError:  # decoders call bad packets many things; AAC's "not permitted"
            continue  # what is lost shows in the length
        for frame in frames:
            frame.pts = None  # gaps in time stamps are not silence to fill
            yield frame


def _floats(resampler: Any, frame: Any) -> NDArray[np.float32]:
    frame.pts = None
    # Most decoders give float numbers already.
    form = resampler.format
    parts = [frame] if frame.format.name == form.name else resampler.resample(frame)
    arrays = [part.to_ndarray() for part in parts]
    y: NDArray[np.float32] = arrays[0] if len(arrays) == 1 else np.concatenate(arrays, axis=1)
    return y.T if form.is_planar else y.reshape(-1, frame.layout.nb_channels)


def codec(path: Path) -> str:
    """Return the name of the codec of a sound file, such as ``mp3``, or nothing if unknown.

    Raises
    ------
    UnavailableError
        If the file cannot be read.
    """
    import av  # noqa: PLC0415

    try:
        with path.open("rb") as raw, av.open(raw, options=FFMPEG_OPTIONS) as container:
            audio = container.streams.audio
            known = audio and audio[0].codec_context
            return known.codec.canonical_name if known else ""
    except (av.FFmpegError, ArithmeticError, ValueError):
        return ""
    except OSError as error:
        raise UnavailableError(unavailable(error)) from error


def sound_digest(path: Path) -> bytes:
    """Return a digest of the encoded sound of a file, which tags are no part of.

    Raises
    ------
    AudioError
        If the file cannot be read as music.
    """
    import av  # noqa: PLC0415

    digest = hashlib.blake2b()
    try:
        with path.open("rb") as raw, av.open(raw, options=FFMPEG_OPTIONS) as container:
            for packet in container.demux(container.streams.audio[0]):
                digest.update(bytes(packet))
    except (av.FFmpegError, ArithmeticError, ValueError, IndexError) as error:
        raise AudioError(DAMAGED) from error
    except OSError as error:
        raise UnavailableError(unavailable(error)) from error
    return digest.digest()
