"""Rendered songs are what the manifest says."""

import csv
import shutil
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from benchmarks.arranging import arrange
from benchmarks.excerpts import read_manifest
from benchmarks.render import FASTEST, FONT, SLOWEST, main, plans, write_manifest


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


def test_styles_for_the_meter() -> None:
    """Only on request is there music in styles from which no tempos are learned."""
    few, all_of_them = plans(60, seed=0), plans(60, seed=0, every=True)
    assert not any(plan.groove.meter_only for plan in few)
    assert any(plan.groove.meter_only for plan in all_of_them)


def test_manifest_tells_what_was_made(tmp_path: Path) -> None:
    """The manifest names every song with its tempo and meter, as rendered music."""
    made = plans(7, seed=0)
    write_manifest(made, tmp_path)
    rows = read_manifest(tmp_path / "manifest.csv")
    assert [(plan.name, plan.bpm) for plan in made] == [(r.path.name, r.bpm) for r in rows]
    assert {"rendered"} == {row.family for row in rows}
    with (tmp_path / "manifest.csv").open(newline="") as file:
        meters = [int(row["meter"]) for row in csv.DictReader(file)]
    assert [plan.groove.meter for plan in made] == meters


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
