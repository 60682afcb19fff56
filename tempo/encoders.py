"""Blocks of samples to sound file: the one door to encoders.

FFmpeg's libraries (PyAV) write what every player reads; libsndfile writes plainly.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from tempo.audio import decoders
from tempo.blocks import DAMAGED, Block
from tempo.errors import AudioError


@dataclass(frozen=True, slots=True)
class Encoder:
    """A kind of file that every player and watch reads."""

    codec: str
    encoder: str
    container: str
    bpm: str
    """What the container calls the tempo, a whole number in both."""


ENCODERS = {
    "mp3": Encoder("mp3", "libmp3lame", "mp3", "TBPM"),
    "m4a": Encoder("aac", "aac", "ipod", "tmpo"),
}
MUXING = {"mp3": {"id3v2_version": "3"}}
"""Options by container. Windows and car radios read no newer version of ID3."""
BIT_RATE = 192_000
"""Bits a second: 1.4 MB a minute. In public listening tests, few people tell it from the source."""
PORTABLE_RATES = (48_000, 44_100)
"""Hz; what all players take. A rate that is a multiple of neither becomes the last."""
LAYOUTS = {1: "mono", 2: "stereo", 6: "5.1", 8: "7.1"}
"""FFmpeg's names for numbers of channels; other numbers are mixed to one."""


def transcode(source: Path, target: Path, kind: str, tags: Mapping[str, str]) -> None:
    """Write a sound file anew in a format that every player reads.

    Parameters
    ----------
    source : Path
    target : Path
        Replaced if it is there.
    kind : str
        Key of `ENCODERS`.
    tags : mapping of str to str
        By FFmpeg's names; empty ones are left out.

    Raises
    ------
    AudioError
        If the source is damaged or not music.
    OSError
        If the target cannot be written.
    """
    reasons: list[AudioError] = []
    for decode in decoders(source):
        try:
            with target.open("wb") as raw:
                encode(decode(source), raw, ENCODERS[kind], tags)
        except AudioError as error:
            reasons.append(error)
        else:
            return
    raise reasons[-1]


def write_plainly(block: Block, path: Path) -> None:
    """Write sound with libsndfile, in the format that the name's suffix says."""
    import soundfile  # noqa: PLC0415

    subtype = "VORBIS" if path.suffix == ".ogg" else None
    soundfile.write(path, block.y, block.sample_rate, subtype)


def encode(blocks: Iterable[Block], raw: BinaryIO, kind: Encoder, tags: Mapping[str, str]) -> None:
    """Write sound in a format, tags by FFmpeg's names.

    Raises
    ------
    AudioError
        If there is no sound, or it cannot be decoded.
    OSError
        If the file cannot be written.
    """
    import av  # noqa: PLC0415

    convert = stream = None
    with av.open(
        raw, "w", format=kind.container, options=MUXING.get(kind.container, {})
    ) as container:
        container.metadata.update({name: text for name, text in tags.items() if text})
        for block in blocks:
            y = block.y if block.y.shape[1] in LAYOUTS else block.y.mean(1, keepdims=True)
            if stream is None or convert is None:
                rate = next((r for r in PORTABLE_RATES if not block.sample_rate % r), 44_100)
                layout = "mono" if y.shape[1] == 1 else "stereo"
                stream = container.add_stream(
                    kind.encoder, rate=rate, layout=layout, bit_rate=BIT_RATE
                )
                convert = av.AudioResampler(format=stream.format, layout=layout, rate=rate)
            # Channel by channel, PyAV would take seven at most.
            frame = av.AudioFrame.from_ndarray(
                y.reshape(1, -1), format="flt", layout=LAYOUTS[y.shape[1]]
            )
            frame.sample_rate = block.sample_rate
            for part in convert.resample(frame):
                container.mux(stream.encode(part))
        if stream is None or convert is None:
            raise AudioError(DAMAGED)
        for part in convert.resample(None):
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
