"""Decoding: samples come out as they went in, whatever the layout."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from benchmarks.synth import save
from tempo.analysis import analyze, measure
from tempo.audio import soundfile_blocks
from tempo.blocks import Block
from tempo.encoders import transcode
from tempo.errors import AudioError
from tempo.features import SAMPLE_RATE
from tempo.ffmpeg import codec, pyav_blocks
from tempo.track import AudioFile
from tests.sounds import drums

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


@pytest.mark.parametrize("forms", [((2, RATE), (1, RATE), (2, RATE)), ((1, 11_025), (1, RATE))])
def test_sound_that_changes_its_form_is_read_to_its_end(
    tmp_path: Path, forms: tuple[tuple[int, int], ...]
) -> None:
    """Radio goes on in mono, or at another rate; such frames once made FFmpeg's queue crash."""
    rng = np.random.default_rng(0)
    parts = []
    for channels, rate in forms:
        noise = rng.uniform(-0.5, 0.5, (5 * rate, channels)).astype(np.float32)
        parts.append(save(tmp_path / "part.aac", noise, sample_rate=rate).read_bytes())
    path = tmp_path / "radio.aac"
    path.write_bytes(b"".join(parts))
    blocks = list(pyav_blocks(path))
    assert {(block.y.shape[1], block.sample_rate) for block in blocks} == {forms[0]}
    seconds = sum(len(block.y) / block.sample_rate for block in blocks)
    assert seconds == pytest.approx(5 * len(forms), abs=0.3 * len(forms))


def test_bad_packets_cost_only_themselves(tmp_path: Path) -> None:
    """A few wrong bytes are stepped over, whatever the decoder of the format calls them."""
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, (20 * 44_100, 1)).astype(np.float32)
    path = save(tmp_path / "sound.m4a", noise)
    sound = bytearray(path.read_bytes())
    for place in range(50_000, 250_000, 10_000):
        sound[place : place + 8] = bytes(8)
    path.write_bytes(sound)
    seconds = sum(len(block.y) / block.sample_rate for block in pyav_blocks(path))
    assert 19 < seconds < 20


@pytest.mark.parametrize("promised", [0x7FFF_F000, 0xFFFF_FFFF])
def test_a_wav_that_was_written_through_a_pipe_is_whole(tmp_path: Path, promised: int) -> None:
    """Its header, which was written first, promises 2 or 4 GB."""
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, (RATE, 1)).astype(np.float32)
    path = save(tmp_path / "sound.wav", noise, sample_rate=RATE)
    sound = bytearray(path.read_bytes())
    place = sound.index(b"data") + 4
    sound[place : place + 4] = promised.to_bytes(4, "little")
    path.write_bytes(sound)
    assert analyze(AudioFile(path, 0, 0)).analysis.duration == pytest.approx(1)


def test_a_codec_that_nobody_knows_is_said_to_be_such(tmp_path: Path) -> None:
    """It is no fault of the program, to be reported and tried again and again."""
    path = tmp_path / "sound.wav"
    soundfile.write(path, np.zeros(RATE), RATE)
    sound = path.read_bytes()
    path.write_bytes(sound.replace(b"fmt \x10\0\0\0\x01\0", b"fmt \x10\0\0\0\x0f\x27"))
    with pytest.raises(AudioError, match="that no decoder here knows"):
        analyze(AudioFile(path, 0, 0))
    assert codec(path) == ""


def test_a_quiet_beginning_makes_no_mp3_seem_cut_off(tmp_path: Path) -> None:
    """Without a header its length is a guess, by how few bytes its beginning takes."""
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, (30 * RATE, 1))
    noise[: 20 * RATE] *= 1e-5
    path = tmp_path / "sound.mp3"
    soundfile.write(path, noise, RATE, bitrate_mode="VARIABLE", compression_level=0)
    sound = path.read_bytes()
    path.write_bytes(sound[sound.index(sound[:2], sound.index(b"Xing")) :])
    assert analyze(AudioFile(path, 0, 0)).analysis.duration == pytest.approx(30, abs=0.2)


def test_channels_that_cancel_out_are_heard() -> None:
    """Music with the wires of one channel crossed is measured as its first channel."""
    y = drums(126)[:, None]
    alone = measure([Block(y, SAMPLE_RATE)])
    crossed = measure([Block(np.hstack([y, -y]), SAMPLE_RATE)])
    assert (crossed.tempo, crossed.energy) == (alone.tempo, alone.energy)
