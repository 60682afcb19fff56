"""The voice sings."""

import numpy as np

from benchmarks.singing import sing
from benchmarks.synth import SAMPLE_RATE


def test_voice_sings_when_and_what_it_should() -> None:
    """A syllable of an A at 220 Hz sounds there and then; before it all is still."""
    voice = sing([(1.0, 1.0, 57)], 3 * SAMPLE_RATE, np.random.default_rng(0))
    assert np.abs(voice[: SAMPLE_RATE // 2]).max() < 1e-3 * np.abs(voice).max()
    part = voice[round(1.1 * SAMPLE_RATE) : round(1.3 * SAMPLE_RATE)]
    spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part)), SAMPLE_RATE))
    near = [spectrum[k * 220 - 12 : k * 220 + 13].max() for k in (1, 2, 3)]
    between = [spectrum[k * 220 + 90 : k * 220 + 130].max() for k in (1, 2, 3)]
    assert min(near) > 3 * max(between)
