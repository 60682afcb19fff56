"""Waveform to mel spectrogram, block by block: the one door to librosa.

Conventions
-----------
Audio is mono float32 at `SAMPLE_RATE`; spectrogram rows are frames in time order, `RATE` of
them a second, and frame `i` is centered on the time ``i / RATE``.

The mel filters are librosa's. The frames equal librosa's too (a test holds them against it), but
are transformed here in blocks, so that a day of audio needs no more memory than a song.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from tempo.kept import Arrays, kept

SAMPLE_RATE = 22_050
"""Hz. Drums and their attacks live below 11 kHz."""
N_FFT = 1024
"""Samples a frame: 46 ms."""
HOP = 256
"""Samples between frames: 11.6 ms, so that 200 BPM has 26 frames a beat."""
N_MELS = 64
LOWEST = 27.5
"""Hz. The lowest A of a piano; below is rumble."""
RATE = SAMPLE_RATE / HOP
"""Frames a second."""
ENOUGH = 32 * SAMPLE_RATE
"""Samples that wait to be transformed together: each start finds the processor's cache filled
with other things, which takes a tenth more time with a decoder's blocks."""
BLOCK = 256
"""Frames transformed at once: more would not fit into the cache, and each call has its price."""
GROUP = 8
"""Mel bands summed at once: a seventh of the products that all bands of all bins would take."""
FLOOR_DB = -120.0
"""Power is measured down to here, dB of full scale: below 16-bit dither."""


@dataclass(frozen=True, slots=True, eq=False)
class Spectrogram:
    """A mel power spectrogram.

    Attributes
    ----------
    db : np.ndarray [shape=(n, N_MELS), dtype=float16]
        Power of each mel band in dB of full scale, `FLOOR_DB` at least.
    rate : float > 0
        Frames a second.
    """

    db: NDArray[np.float16]
    rate: float


def widened(halves: NDArray[np.float16]) -> NDArray[np.float32]:
    """Return finite numbers in single precision, exactly, in a fifth of the time of `astype`."""
    # numpy converts one at a time. Shifted, exponent and fraction lie where single precision has
    # them; the sign is there, its copies are not wanted. The exponents differ by 127 - 15.
    bits = halves.view(np.int16).astype(np.int32)
    bits <<= 13
    bits &= np.int32(~(0b111 << 28))
    single = bits.view(np.float32)
    single *= np.float32(2.0**112)
    return single


class SpectrogramMeter:
    """Turns a stream of audio blocks of any length into one `Spectrogram`.

    Half precision keeps an hour of music under 40 MB; its error at -60 dB is 0.03 dB.
    """

    def __init__(self) -> None:
        # Half a frame of silence in front centers frame 0 on time 0.
        self._waiting = [np.zeros(N_FFT // 2, np.float32)]
        self._frames: list[NDArray[np.float16]] = []

    def add(self, y: NDArray[np.float32]) -> None:
        """Take the next samples, float32 [shape=(n,)] at `SAMPLE_RATE`."""
        self._waiting.append(y)
        if sum(map(len, self._waiting)) >= ENOUGH:
            db, rest = _transformed(np.concatenate(self._waiting))
            self._frames.append(db)
            self._waiting = [rest]

    def spectrogram(self) -> Spectrogram:
        """Return all frames so far; the last half frame of audio is padded with silence."""
        silence = np.zeros(N_FFT // 2, np.float32)
        db, _ = _transformed(np.concatenate([*self._waiting, silence]))
        return Spectrogram(np.concatenate([*self._frames, db]), RATE)


def _transformed(y: NDArray[np.float32]) -> tuple[NDArray[np.float16], NDArray[np.float32]]:
    """Return all frames that samples hold whole, and the samples from the next frame on."""
    count = max(0, (len(y) - N_FFT) // HOP + 1)
    if not count:
        return np.empty((0, N_MELS), np.float16), y
    return _mel_db(y[: (count - 1) * HOP + N_FFT]), y[count * HOP :].copy()


def _mel_db(y: NDArray[np.float32]) -> NDArray[np.float16]:
    frames = np.lib.stride_tricks.sliding_window_view(y, N_FFT)[::HOP]
    db = np.empty((len(frames), N_MELS), np.float16)
    # Memory that is new costs more than the sums that fill it, so it is taken once.
    windowed = np.empty((BLOCK, N_FFT), np.float32)
    mel = np.zeros((BLOCK, N_MELS), np.float32)
    lowest = np.float32(10 ** (FLOOR_DB / 10))
    for start in range(0, len(frames), BLOCK):
        part = frames[start : start + BLOCK]
        count = len(part)
        spectrum = fft.rfft(_tapered(part, windowed[:count]))
        # Real and imaginary parts lie in turn, and a filter takes both.
        power = spectrum.view(np.float32)
        np.square(power, out=power)
        for bands, parts, filters in _mel_groups():
            np.matmul(power[:, parts], filters, out=mel[:count, bands])
        np.log10(np.maximum(mel, lowest, out=mel), out=mel)
        mel *= 10
        db[start : start + count] = mel[:count]
    return db


def _tapered(frames: NDArray[np.float32], out: NDArray[np.float32]) -> NDArray[np.float32]:
    # With a buffer of more than a row, numpy copies the frames there first: half of the time.
    usual = np.setbufsize(N_FFT)
    try:
        return np.multiply(frames, _window(), out=out)
    finally:
        np.setbufsize(usual)


@cache
def _mel_groups() -> tuple[tuple[slice, slice, NDArray[np.float32]], ...]:
    """Return some mel bands at a time, the bins that they need, and their filters."""
    groups = []
    for first in range(0, N_MELS, GROUP):
        bands = slice(first, first + GROUP)
        filters = mel_filters()[bands].T
        used = np.flatnonzero(filters.any(axis=1))
        bins = slice(int(used[0]), int(used[-1]) + 1)
        parts = slice(2 * bins.start, 2 * bins.stop)
        groups.append((bands, parts, np.repeat(filters[bins], 2, axis=0)))
    return tuple(groups)


@cache
def _window() -> NDArray[np.float32]:
    hann = np.hanning(N_FFT + 1)[:-1]
    return (hann / (N_FFT / 4)).astype(np.float32)  # a full-scale sine has magnitude 1


@cache
def mel_filters() -> NDArray[np.float32]:
    """Return what librosa calls ``filters.mel(sr=SAMPLE_RATE, n_fft=N_FFT, ...)``.

    Returns
    -------
    np.ndarray [shape=(N_MELS, N_FFT // 2 + 1), dtype=float32]
        Triangles of height 1 on Slaney's mel scale from `LOWEST` upwards.
    """
    name = f"mel-{SAMPLE_RATE}-{N_FFT}-{N_MELS}-{LOWEST:g}"
    filters: NDArray[np.float32] = kept(name, "librosa", _librosas_filters)["filters"]
    return filters


def _librosas_filters() -> Arrays:
    from librosa.core.convert import mel_frequencies  # noqa: PLC0415 - see `tempo.kept`
    from librosa.filters import mel  # noqa: PLC0415

    # Asked for Slaney's norm and freed of it here: for other norms librosa 0.11 loads a module
    # whose numba functions take 20 s to compile on a fresh machine.
    filters = mel(sr=SAMPLE_RATE, n_fft=N_FFT, n_mels=N_MELS, fmin=LOWEST)
    edges = mel_frequencies(N_MELS + 2, fmin=LOWEST, fmax=SAMPLE_RATE / 2)
    widths = (edges[2:] - edges[:-2]) / 2
    return {"filters": np.asarray(filters * widths[:, None], np.float32)}
