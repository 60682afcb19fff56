"""Sound file to blocks of samples: the one door to decoders.

soundfile (libsndfile) reads MP3, FLAC, WAV and AIFF fastest; PyAV (FFmpeg's libraries) reads all
else, Ogg Vorbis and Opus in half the time, and each gets a second try where the other stumbles.
Both come as wheels, so no program need be installed. Formats are told by content: a file's name
decides nothing.
"""

import hashlib
import io
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from tempo.errors import AudioError, UnavailableError

BLOCK_SECONDS = 8
"""Audio held at once: 2.8 MB in stereo, whatever the length of the file."""
MISSING = 0.05
"""Share of the promised length that may be lost before a file counts as damaged."""
SHORTEST = 0.5
"""Seconds. Less is a click, or what is left of a song after its first kilobyte."""
LOWEST_RATE = 4_000
"""Hz. Below this, there is nothing to find a beat in."""
FULL_SCALE = 4.0
"""Float files may exceed 1; beyond +12 dB they hold garbage."""
FFMPEG_OPTIONS = {
    # Containers of sound only: some other "formats" are lists that name files and addresses.
    "format_whitelist": "aac,ac3,aiff,amr,ape,asf,au,caf,dsf,eac3,flac,matroska,webm,"
    "mov,mp4,m4a,3gp,3g2,mj2,mp3,mpc,mpc8,mpegts,ogg,tak,tta,w64,wav,wv",
    "protocol_whitelist": "file",
}
UNKNOWN = 2**63 - 1
"""Frames that libsndfile promises where it cannot tell, as in Ogg files joined together."""
MOST_PLANES = 7
"""Channels that PyAV hands over each by itself; with one more it crashes, as in 7.1."""
OGG_PAGE = 65_307
"""Bytes; the longest page there can be."""
DAMAGED = "is damaged or not music: replace it, or remove it"


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Consecutive samples of one file.

    Attributes
    ----------
    y : np.ndarray [shape=(n, channels), dtype=float32]
        Finite, in [-FULL_SCALE, FULL_SCALE]; in memory either samples or channels lie together.
    sample_rate : int
        Hz; the same in all blocks of a file, as is the number of channels.
    """

    y: NDArray[np.float32]
    sample_rate: int


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
        raise UnavailableError(_unavailable(error)) from error
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
            rate = _checked_rate(file.samplerate)
            seconds = 0.0
            # SoundFile.blocks() repeats old samples where a cut-off file ends.
            while len(y := file.read(BLOCK_SECONDS * rate, dtype="float32", always_2d=True)):
                seconds += len(y) / rate
                yield Block(_clean(y), rate)
            check_length(seconds, file.frames / rate if file.frames < UNKNOWN else 0.0)
    except soundfile.SoundFileError as error:
        raise AudioError(DAMAGED) from error


def pyav_blocks(path: Path) -> Iterator[Block]:
    """Decode with FFmpeg's libraries, stepping over bad packets; see `decoders`."""
    try:
        # A file object, because FFmpeg reads some names as addresses.
        with path.open("rb") as raw:
            yield from _pyav_blocks(raw)
    except OSError as error:
        raise UnavailableError(_unavailable(error)) from error


def memory_blocks(sound: bytes) -> Iterator[Block]:
    """Decode a sound file that is held in memory; see `decoders`."""
    return _pyav_blocks(io.BytesIO(sound))


def _pyav_blocks(raw: BinaryIO) -> Iterator[Block]:
    import av  # noqa: PLC0415

    try:
        with av.open(raw, options=FFMPEG_OPTIONS) as container:
            if not container.streams.audio:
                raise AudioError("holds no sound: remove it, or rename it if it is no music")
            stream = container.streams.audio[0]
            rate = _checked_rate(stream.rate)
            promised = float(stream.duration * stream.time_base) if stream.duration else 0.0
            seconds = 0.0
            for y in _pyav_samples(container, stream, BLOCK_SECONDS * rate):
                seconds += len(y) / rate
                yield Block(_clean(y), rate)
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
    for frame in _pyav_frames(container, stream):
        held.write(frame)
        while held.samples >= length:
            yield _floats(floats, held.read(length))
    if held.samples:
        yield _floats(floats, held.read())


def _pyav_frames(container: Any, stream: Any) -> Iterator[Any]:
    """Yield decoded frames; a bad packet is skipped."""
    import av  # noqa: PLC0415

    for packet in container.demux(stream):
        try:
            frames = packet.decode()
        except av.InvalidDataError:
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


def check_length(seconds: float, promised: float) -> None:
    """Check that a file held the sound that its header promised.

    Parameters
    ----------
    seconds : float >= 0
        Decoded.
    promised : float >= 0
        According to the header; 0 where it does not say.

    Raises
    ------
    AudioError
        If less than `SHORTEST` was decoded, or more than `MISSING` of the promised length lacks.
    """
    if seconds == 0.0:
        raise AudioError(DAMAGED)
    if max(seconds, promised) < SHORTEST:
        raise AudioError(f"holds {seconds:.2f} s of sound, too little for a tempo: remove it")
    if seconds < (1 - MISSING) * promised - 0.5:
        raise AudioError(
            f"is cut off: it holds {seconds:.0f} s of the {promised:.0f} s that its header "
            "promises: copy it again from its source"
        )


def resampler(sample_rate: int, new_rate: int) -> Callable[[NDArray[np.float32], bool], Any]:
    """Return a function that resamples a mono stream piece by piece.

    It takes float32 [shape=(n,)] and whether this is the last piece, and returns float32.
    """
    import soxr  # noqa: PLC0415

    stream = soxr.ResampleStream(sample_rate, new_rate, 1, dtype="float32")
    return lambda y, last: stream.resample_chunk(y, last=last)


def _checked_rate(rate: int | None) -> int:
    if not rate:
        raise AudioError(DAMAGED)
    if rate < LOWEST_RATE:
        raise AudioError(f"has a sample rate of {rate} Hz, too low for music: replace it")
    return rate


def _clean(y: NDArray[np.float32]) -> NDArray[np.float32]:
    """Make broken float samples harmless."""
    # What is no number is not within any bounds.
    if y.min(initial=0.0) >= -FULL_SCALE and y.max(initial=0.0) <= FULL_SCALE:
        return y
    return np.clip(np.nan_to_num(y), -FULL_SCALE, FULL_SCALE)


def _unavailable(error: OSError) -> str:
    why = (error.strerror or str(error)).lower()
    return f"cannot be read ({why}): check that it is there and that you may read it"


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
            return audio[0].codec_context.codec.canonical_name if audio else ""
    except (av.FFmpegError, ArithmeticError, ValueError):
        return ""
    except OSError as error:
        raise UnavailableError(_unavailable(error)) from error


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
        raise UnavailableError(_unavailable(error)) from error
    return digest.digest()
