"""Synthesize songs whose tempo is known.

Conventions
-----------
Audio is float32 [shape=(n, 2)] at `SAMPLE_RATE`. A style is one bar of drums in sixteenths
(twelfths for the waltz, eighths for compound time): ``x`` is a hit, ``o`` a soft one. The tempo is
the one that a drummer would count in this style; in compound time that is the dotted quarter.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE = 44_100
"""Hz."""
Audio = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Style:
    """One bar of drums, its beats, and the chords that go with it."""

    kick: str
    snare: str
    hat: str
    beats: int = 4
    swing: float = 0.0
    """Delay of every second eighth's half, as a fraction of a sixteenth."""
    division: int = 2
    """Notes of the bass a beat: 3 in compound time."""


STYLES = {
    "house": Style("x...x...x...x...", "....x.......x...", "ooxooox.ooxoooxo"),
    "rock": Style("x..x..x.x.x..x..", "....x.......x..o", "x.x.x.x.x.x.x.xo"),
    "hip-hop": Style("x..x......x..o..", "....x.......x...", "x.x.x.x.x.x.x.xo"),
    "drum and bass": Style("x.........x.....", "....x.......x...", "x.x.x.x.x.x.x.x."),
    "disco": Style("x...x...x...x...", "....x.......x...", "oox.oox.oox.oox."),
    "punk": Style("x...x...x...x...", "..x...x...x...x.", "x.x.x.x.x.x.x.x."),
    "ballad": Style("x.......x.......", "....x.......x...", "x...x...x...x..."),
    "swing": Style("x...x...x...x...", "....o.......o...", "x...x.x.x...x.x.", swing=0.66),
    "waltz": Style("x...........", "....x...x...", "x...x...x...", beats=3),
    "plain": Style("x.......x.......", "....x.......x...", "x.x.x.x.x.x.x.x."),
}
COMPOUND = {
    "slow rock": Style("x....xx.....", "...x.....x..", "xxxxxxxxxxxx", division=3),
}
"""Styles whose beats divide into three."""

ROOTS = (55.0, 43.65, 65.41, 49.0)
"""Hz: A1, F1, C2, G1, one a bar."""


def song(
    bpm: float,
    seconds: float,
    style: str = "house",
    *,
    seed: int = 0,
    intro: float = 0.0,
    rise: float = 0.0,
    drive: float = 0.5,
) -> Audio:
    """Return a song.

    Parameters
    ----------
    bpm : float > 0
        Quarter notes a minute, exact to a sample.
    seconds : float > 0
    style : str
        A key of `STYLES` or `COMPOUND`.
    seed : int
        Another seed, another timbre and melody.
    intro : float >= 0
        Seconds of pad alone before the drums.
    rise : float in [-1, 1]
        How much the song swells from its first bar to its last; below 0 it fades.
    drive : float in [0, 1]
        From an acoustic room to a wall of guitars.

    Returns
    -------
    np.ndarray [shape=(n, 2), dtype=float32]
    """
    rng = np.random.default_rng(seed)
    pattern = (STYLES | COMPOUND)[style]
    length = round(seconds * SAMPLE_RATE)
    beat = 60 * SAMPLE_RATE / bpm
    parts = _hits(rng)
    left = np.zeros(length + SAMPLE_RATE, np.float32)
    start = round(intro * SAMPLE_RATE)
    bar = beat * pattern.beats
    for index in range(int((length - start) / bar) + 1):
        for name in ("kick", "snare", "hat"):
            line = getattr(pattern, name)
            for slot, mark in enumerate(line):
                if mark != ".":
                    late = pattern.swing if slot % 4 == 2 else 0.0
                    at = start + round(index * bar + (slot + late) * bar / len(line))
                    level = (1.0 if mark == "x" else 0.5) * rng.uniform(0.9, 1.0)
                    _add(left, at, parts[name] * np.float32(level))
    for index in range(int(length / bar) + 1):
        _add(left, round(index * bar), _bass(ROOTS[index % 4], bar, beat / pattern.division, rng))
    left += _chords(len(left), bar, drive, rng)
    left = np.tanh(left * np.float32(1 + 3 * drive))
    swell = np.linspace(1 - max(rise, 0), 1 + min(rise, 0), len(left), dtype=np.float32)
    stereo = np.stack([left, np.roll(left, 7)], axis=1)[:length] * swell[:length, None]
    return np.asarray(0.7 * stereo / max(1e-9, np.abs(stereo).max()), np.float32)


def clicks(bpm: float, seconds: float) -> Audio:
    """Return a metronome."""
    y = np.zeros(round(seconds * SAMPLE_RATE) + SAMPLE_RATE, np.float32)
    t = np.arange(1_000) / SAMPLE_RATE
    tick = (np.sin(2 * np.pi * 1_000 * t) * np.exp(-200 * t)).astype(np.float32)
    for at in np.arange(0, seconds, 60 / bpm):
        _add(y, round(at * SAMPLE_RATE), tick)
    mono = y[: round(seconds * SAMPLE_RATE)]
    return np.stack([mono, mono], axis=1) * np.float32(0.8)


def noise(seconds: float, seed: int = 0) -> Audio:
    """Return white noise, which has no tempo."""
    rng = np.random.default_rng(seed)
    return rng.normal(0, 0.1, (round(seconds * SAMPLE_RATE), 2)).astype(np.float32)


def silence(seconds: float) -> Audio:
    """Return digital silence."""
    return np.zeros((round(seconds * SAMPLE_RATE), 2), np.float32)


def _hits(rng: np.random.Generator) -> dict[str, Audio]:
    """Return one sound for each drum."""
    t = np.arange(round(0.25 * SAMPLE_RATE)) / SAMPLE_RATE
    pitch = rng.uniform(45, 60)
    kick = np.sin(2 * np.pi * (pitch * t + 4 * (1 - np.exp(-35 * t)))) * np.exp(-14 * t)
    hiss = rng.normal(0, 1, len(t))
    body = np.sin(2 * np.pi * rng.uniform(170, 220) * t)
    snare = (0.5 * hiss + 0.4 * body) * np.exp(-22 * t)
    hat = np.diff(hiss, prepend=0.0) * np.exp(-70 * t)
    return {
        "kick": kick.astype(np.float32),
        "snare": (0.6 * snare).astype(np.float32),
        "hat": (0.15 * hat).astype(np.float32),
    }


def _bass(root: float, bar: float, note_length: float, rng: np.random.Generator) -> Audio:
    """Return a bar of bass in eighths, lengths in samples."""
    y = np.zeros(round(bar) + 1, np.float32)
    t = np.arange(round(note_length)) / SAMPLE_RATE
    note = np.tanh(3 * np.sin(2 * np.pi * root * t)) * np.exp(-5 * t)
    for slot in range(round(bar / note_length)):
        if rng.random() < 0.8:
            _add(y, round(slot * note_length), (0.2 * note).astype(np.float32))
    return y


def _chords(length: int, bar: float, drive: float, rng: np.random.Generator) -> Audio:
    """Return chords that change every bar: soft sines and, with `drive`, bright saws and air."""
    t = np.arange(length, dtype=np.float32) / SAMPLE_RATE
    roots = np.asarray(ROOTS)[(np.arange(length) // bar).astype(int) % 4]
    turns = np.cumsum(roots) / SAMPLE_RATE
    soft = sum(np.sin(2 * np.pi * turns * ratio) for ratio in (4, 5, 6))
    bright = sum((turns * ratio) % 1 - 0.5 for ratio in (4, 5.01, 6, 7.98))
    air = rng.normal(0, 1, length).astype(np.float32)
    tremble = 1 + 0.1 * np.sin(2 * np.pi * rng.uniform(0.1, 0.3) * t)
    chord = 0.04 * (1 - drive) * soft + 0.1 * drive * bright + (0.002 + 0.03 * drive) * air
    return np.asarray(chord * tremble, np.float32)


def _add(y: Audio, at: int, sound: Audio) -> None:
    room = y[at : at + len(sound)]
    room += sound[: len(room)]


# --------------------------------------------------------------------- files


def save(
    path: Path, y: Audio, tags: Mapping[str, str] | None = None, *, sample_rate: int = SAMPLE_RATE
) -> Path:
    """Encode audio in the format that the name's suffix says, with tags, and return `path`.

    Parameters
    ----------
    path : Path
        ``.wav .aiff .flac .ogg .mp3`` go through libsndfile, ``.m4a .aac .opus .wma`` through
        FFmpeg's libraries.
    y : np.ndarray [shape=(n, channels)]
    tags : mapping
        Any of ``title, artist, album, isrc, bpm``.
    sample_rate : int
        Hz.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    codec = {".m4a": "aac", ".aac": "aac", ".opus": "libopus", ".wma": "wmav2"}.get(path.suffix)
    if codec:
        _encode(path, y, sample_rate, codec)
    else:
        import soundfile  # noqa: PLC0415

        subtype = "VORBIS" if path.suffix == ".ogg" else None
        with soundfile.SoundFile(path, "w", sample_rate, y.shape[1], subtype=subtype) as file:
            for block in range(0, len(y), sample_rate):  # libvorbis overflows on whole songs
                file.write(y[block : block + sample_rate])
    if tags:
        _tag(path, tags)
    return path


def _encode(path: Path, y: Audio, sample_rate: int, codec: str) -> None:
    import av  # noqa: PLC0415

    rate = 48_000 if codec == "libopus" else sample_rate
    layout = "stereo" if y.shape[1] == 2 else "mono"
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate, layout=layout, bit_rate=128_000)
        convert = av.AudioResampler(format=stream.format, layout=layout, rate=rate)
        for block in [*range(0, len(y), 4096), None]:
            source = None
            if block is not None:
                part = np.ascontiguousarray(y[block : block + 4096].T, np.float32)
                source = av.AudioFrame.from_ndarray(part, format="fltp", layout=layout)
                source.sample_rate = sample_rate
            for frame in convert.resample(source):
                container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def _tag(path: Path, tags: Mapping[str, str]) -> None:
    import mutagen  # noqa: PLC0415
    from mutagen import id3  # noqa: PLC0415

    file = mutagen.File(path)
    if file.tags is None:
        file.add_tags()
    frames = {"title": "TIT2", "artist": "TPE1", "album": "TALB", "isrc": "TSRC", "bpm": "TBPM"}
    atoms = {"title": "\xa9nam", "artist": "\xa9ART", "album": "\xa9alb", "bpm": "tmpo",
             "isrc": "----:com.apple.iTunes:ISRC"}  # fmt: skip
    asf = {"title": "Title", "artist": "Author", "album": "WM/AlbumTitle", "isrc": "WM/ISRC",
           "bpm": "WM/BeatsPerMinute"}  # fmt: skip
    for key, value in tags.items():
        if isinstance(file.tags, id3.ID3):
            file.tags.add(getattr(id3, frames[key])(3, [value]))
        elif path.suffix == ".m4a":
            values = {"bpm": [int(value)] if key == "bpm" else None, "isrc": [value.encode()]}
            file[atoms[key]] = values.get(key) or [value]
        else:
            file[asf[key] if path.suffix == ".wma" else key] = [value]
    file.save()
