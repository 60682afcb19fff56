"""Decoding: samples come out as they went in, whatever the layout."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from benchmarks.synth import save
from tempo.audio import soundfile_blocks
from tempo.encoders import transcode
from tempo.ffmpeg import pyav_blocks

RATE = 8_000


@pytest.mark.parametrize("channels", [1, 2, 3, 6, 7, 8, 10])
@pytest.mark.parametrize("subtype", ["PCM_16", "FLOAT"])
def test_both_decoders_read_the_same_samples(tmp_path: Path, channels: int, subtype: str) -> None:
    """Any number of channels, 7.1 and more included, comes out of FFmpeg as of libsndfile."""
    path = tmp_path / "sound.wav"
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, (20 * RATE + 17, channels))
    soundfile.write(path, noise, RATE, subtype=subtype)
    expected = np.concatenate([block.y for block in soundfile_blocks(path)])
    actual = np.concatenate([block.y for block in pyav_blocks(path)])
    np.testing.assert_array_equal(expected, actual)


def test_a_format_without_a_header_promises_no_length(tmp_path: Path) -> None:
    """A stream of AAC that grows denser is whole, though its beginning lets it seem longer."""
    path = tmp_path / "sound.aac"
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, (20 * 44_100, 1)).astype(np.float32)
    noise[: len(noise) // 2] *= 1e-4
    save(path, noise, {})
    seconds = sum(len(block.y) / block.sample_rate for block in pyav_blocks(path))
    assert seconds == pytest.approx(20, abs=0.2)


@pytest.mark.parametrize("channels", [1, 2, 3, 6, 8])
def test_any_layout_can_be_transcoded(tmp_path: Path, channels: int) -> None:
    """What is mono stays so, as does what no layout has a name for; all else becomes stereo."""
    source, target = tmp_path / "sound.wav", tmp_path / "sound.m4a"
    tone = 0.5 * np.sin(2 * np.pi * 440 * np.arange(3 * RATE) / RATE)
    soundfile.write(source, np.repeat(tone[:, None], channels, axis=1), RATE)
    transcode(source, target, "m4a", {})
    (block,) = pyav_blocks(target)
    assert block.y.shape[1] == (1 if channels in {1, 3} else 2)
    assert len(block.y) / block.sample_rate == pytest.approx(3.0, abs=0.1)
