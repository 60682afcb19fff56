"""Rendered songs have the tempo that the manifest says."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.arranging import arrange
from benchmarks.excerpts import read_manifest
from benchmarks.grooves import DRUMS, Groove, grooves, slots
from benchmarks.performing import midi, performed, with_voice, without_melody
from benchmarks.playing import CHANNELS
from benchmarks.render import FASTEST, FONT, SLOWEST, main, plans, write_manifest
from benchmarks.singing import sing
from benchmarks.synth import SAMPLE_RATE

STYLES = {groove.name: groove for groove in grooves()}


@pytest.mark.parametrize("groove", grooves(), ids=lambda groove: groove.name)
def test_patterns_fill_one_bar_or_two(groove: Groove) -> None:
    """Every pattern is of hits, soft hits and rests, and has as many slots as its bars."""
    for pattern in [pattern for lane in groove.lanes.values() for pattern in lane]:
        bar = groove.beats * slots(pattern, groove.beats)
        assert len(pattern) in (bar, 2 * bar)
        assert set(pattern) <= set("xo.")


@pytest.mark.parametrize("bpm", np.geomspace(SLOWEST, FASTEST, 20).round(1))
def test_many_styles_are_played_at_every_tempo(bpm: float) -> None:
    """No tempo says which style it is: at each there are some of several families."""
    fitting = [g for g in grooves() if g.bpm[0] <= bpm <= g.bpm[1]]
    assert len(fitting) >= 5
    assert len({g.family for g in fitting}) >= 3


@given(st.sampled_from([g for g in grooves() if g.swing == (0, 0)]), st.integers(0, 10**6))
@settings(max_examples=30, deadline=None)
def test_notes_are_written_on_the_grid(groove: Groove, seed: int) -> None:
    """Without swing every note starts on a sixteenth or a triplet."""
    score = arrange(groove, groove.bpm[0], 20, np.random.default_rng(seed))
    starts = np.array([note.start for note in score.notes])
    assert np.allclose(starts * 12, np.round(starts * 12), atol=1e-6)
    assert starts.max() * 60 / groove.bpm[0] > 10


def test_swing_delays_every_second_sixteenth() -> None:
    """Garage is played between sixteenths, rock is not."""
    for name, swung in (("uk-garage", True), ("rock-in-eighths", False)):
        groove = STYLES[name]
        score = arrange(groove, groove.bpm[0], 30, np.random.default_rng(1))
        off = np.array([note.start * 12 % 1 for note in score.notes])
        assert swung == bool(((off > 0.05) & (off < 0.95)).any())


@pytest.mark.parametrize("bpm", [61.7, 120, 199.3])
def test_midi_has_the_tempo(bpm: float) -> None:
    """In seconds, the hi-hat of surf music is heard on whole eighths of its tempo."""
    score = arrange(STYLES["surf-and-rock-and-roll"], bpm, 10, np.random.default_rng(3))
    now, heard = 0.0, []
    for message in midi(score, bpm, np.random.default_rng(0)):
        now += message.time
        if message.type == "note_on" and message.note == DRUMS["ride"]:
            heard.append(now * bpm / 30)
    assert len(heard) > 8
    assert np.allclose(heard, np.round(heard), atol=0.01)


def test_people_play_near_the_beat() -> None:
    """Played by people, notes move, but none by as much as 0.15 s, and the mean tempo stays."""
    groove = STYLES["soul"]
    for seed in range(10):
        rng = np.random.default_rng(seed)
        score = arrange(groove, 100, 40, rng)
        moved = [n.start for n in performed(score, 100, rng).notes]
        late = (np.array(moved) - [n.start for n in score.notes]) * 60 / 100
        assert np.abs(late).max() < 0.15


def test_one_seed_one_song() -> None:
    """The same seed gives the same songs, however many; another gives others."""
    few, many = plans(5, seed=1), plans(9, seed=1)
    assert few == many[:5]
    assert few != plans(5, seed=2)
    first, second = (
        arrange(few[0].groove, few[0].bpm, 20, np.random.default_rng(few[0].seed)) for _ in "ab"
    )
    assert first == second


def test_songs_are_spread_evenly() -> None:
    """As many songs are below the geometric middle of all tempi as above, each style in its own."""
    made = plans(400, seed=0)
    slow = np.mean([plan.bpm < np.sqrt(SLOWEST * FASTEST) for plan in made])
    assert slow == pytest.approx(0.5, abs=0.07)
    assert all(plan.groove.bpm[0] <= plan.bpm <= plan.groove.bpm[1] for plan in made)


def test_manifest_tells_what_was_made(tmp_path: Path) -> None:
    """The manifest names every song with its tempo, as rendered music."""
    made = plans(7, seed=0)
    write_manifest(made, tmp_path)
    rows = read_manifest(tmp_path / "manifest.csv")
    assert [(plan.name, plan.bpm) for plan in made] == [(r.path.name, r.bpm) for r in rows]
    assert {"rendered"} == {row.family for row in rows}


def test_voice_sings_when_and_what_it_should() -> None:
    """A syllable of an A at 220 Hz sounds there and then; before it all is still."""
    voice = sing([(1.0, 1.0, 57)], 3 * SAMPLE_RATE, np.random.default_rng(0))
    assert np.abs(voice[: SAMPLE_RATE // 2]).max() < 1e-3 * np.abs(voice).max()
    part = voice[round(1.1 * SAMPLE_RATE) : round(1.3 * SAMPLE_RATE)]
    spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part)), SAMPLE_RATE))
    near = [spectrum[k * 220 - 12 : k * 220 + 13].max() for k in (1, 2, 3)]
    between = [spectrum[k * 220 + 90 : k * 220 + 130].max() for k in (1, 2, 3)]
    assert min(near) > 3 * max(between)


def test_voice_has_the_melody() -> None:
    """What is sung is no longer played, and makes the band louder."""
    score = arrange(STYLES["soul"], 90, 20, np.random.default_rng(5))
    rest = without_melody(score)
    sung = [note for note in score.notes if note.channel == CHANNELS["lead"]]
    assert len(score.notes) == len(rest.notes) + len(sung)
    band = np.random.default_rng(0).normal(0, 0.1, 20 * SAMPLE_RATE).astype(np.float32)
    assert with_voice(score, 90, band, np.random.default_rng(0)).std() > band.std()


def test_missing_font_is_named(tmp_path: Path) -> None:
    """Without a sound font one sentence says what is needed, and nothing is written."""
    result = CliRunner().invoke(main, [str(tmp_path / "out"), "--font", str(tmp_path / "no.sf2")])
    assert result.exit_code == 1
    assert result.output.startswith("Error: rendering needs fluidsynth and ")
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(
    not (shutil.which("fluidsynth") and FONT.exists()), reason="needs fluidsynth and its font"
)
def test_songs_are_written(tmp_path: Path) -> None:
    """Every song of the manifest is a file; a second run leaves them alone."""
    command = [str(tmp_path), "--songs", "1"]
    assert CliRunner().invoke(main, command).exit_code == 0
    files = [row.path for row in read_manifest(tmp_path / "manifest.csv")]
    assert [*files, tmp_path / "manifest.csv"] == sorted(tmp_path.iterdir())
    written = [file.stat().st_mtime_ns for file in files]
    assert CliRunner().invoke(main, command).exit_code == 0
    assert written == [file.stat().st_mtime_ns for file in files]
