import librosa
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from librosa.filters import mel

from tempo.features import (
    ENOUGH,
    FLOOR_DB,
    HOP,
    N_FFT,
    N_MELS,
    SAMPLE_RATE,
    SpectrogramMeter,
    mel_filters,
    widened,
)
from tests.sounds import drums, noise, spectrogram


def test_filters_are_librosas() -> None:
    """The mel filters are librosa's, as triangles of height 1."""
    expected = mel(sr=SAMPLE_RATE, n_fft=N_FFT, n_mels=N_MELS, fmin=27.5, norm=None)
    np.testing.assert_allclose(expected, mel_filters(), atol=1e-6)


def test_frames_are_librosas() -> None:
    """The spectrogram equals librosa's, centered and padded with silence."""
    y = noise(3.0)
    power = np.abs(librosa.stft(y, n_fft=N_FFT, hop_length=HOP, pad_mode="constant")) ** 2
    bands = mel_filters() @ power / (N_FFT / 4) ** 2
    expected = 10 * np.log10(np.maximum(bands.T, 10 ** (FLOOR_DB / 10)))
    np.testing.assert_allclose(expected, spectrogram(y).db, atol=0.1)


@settings(max_examples=20)
@given(st.lists(st.integers(0, 30_000), max_size=6))
def test_blocks_do_not_matter(cuts: list[int]) -> None:
    """Audio added in blocks of any length gives the spectrogram of the whole."""
    y = drums(120, 1.5)
    meter = SpectrogramMeter()
    for block in np.split(y, np.sort(np.minimum(cuts, len(y)))):
        meter.add(block)
    np.testing.assert_allclose(spectrogram(y).db, meter.spectrogram().db, atol=0.1)


def test_long_music_in_blocks() -> None:
    """Where frames were transformed while audio came in, none is lost or doubled."""
    y = noise(2.5 * ENOUGH / SAMPLE_RATE)
    meter = SpectrogramMeter()
    for start in range(0, len(y), 100_003):
        meter.add(y[start : start + 100_003])
    np.testing.assert_allclose(spectrogram(y).db, meter.spectrogram().db, atol=0.1)


def test_widened_numbers_are_exact() -> None:
    """Every finite number of half precision is the same in single precision."""
    every = np.arange(1 << 16).astype(np.uint16).view(np.float16).reshape(-1, 64)
    halves = every[np.isfinite(every).all(axis=1)]
    np.testing.assert_array_equal(halves.astype(np.float32), widened(halves))
