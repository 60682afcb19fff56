"""The comparison of tempo estimators: what it counts, and the data sets that it reads."""

import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks.engines import DECODING, ENGINES, Answer
from benchmarks.excerpts import Excerpt, read_manifest
from benchmarks.mir import excerpts
from benchmarks.scores import Result, error, reliability, roc_area, share
from benchmarks.synth import clicks, save
from benchmarks.tempo import caution, compare, decoded


def result(said: float, true: float = 100.0) -> Result:
    """Return what an engine said of a song of a known tempo."""
    return Result(
        Excerpt(Path("a.mp3"), true, "", "", "", ""), Answer((said,) if said else ()), 1, 1
    )


@pytest.mark.parametrize(
    ("said", "kind"),
    [(103, "1"), (197, "2"), (50, "1/2"), (303, "3"), (133, "4/3"), (75, "3/4"), (88, "other"),
     (0, "none")],
)  # fmt: skip
def test_errors_are_told_apart_by_their_factor(said: float, kind: str) -> None:
    """Each answer belongs to the multiple of the true tempo that it is within 4 % of."""
    assert error(result(said)) == kind


def test_accuracies_nest() -> None:
    """What is right at 1 % is right at 4 %, and that is right for Accuracy2."""
    rows = [result(said) for said in np.linspace(20, 400, 300)]
    strict = sum(row.right(0.01) for row in rows)
    right = sum(row.right() for row in rows)
    assert 0 < strict < right < sum(row.right_up_to_level() for row in rows)


def test_share_is_a_percentage_in_its_interval() -> None:
    """Three right of four are 75 %, with an interval from 25 to 100 %."""
    rows = [result(100)] * 3 + [result(77)]
    assert share(rows, Result.right) == "75.0% (25-100)"


def test_confidence_that_orders_has_an_area_of_one() -> None:
    """Right answers that are all surer than wrong ones give 1, the reverse 0, a constant 0.5."""
    confidence = np.array([0.2, 0.4, 0.6, 0.8])
    right = np.array([False, False, True, True])
    assert roc_area(confidence, right) == 1.0
    assert roc_area(confidence, ~right) == 0.0
    assert roc_area(np.full(4, 0.5), right) == 0.5


def test_every_confidence_is_in_the_reliability_table() -> None:
    """All songs are counted, also those of confidence 0 and 1."""
    confidence = np.array([0.0, 0.3, 0.5, 0.99, 1.0])
    rows = reliability(confidence, np.ones(5, bool))
    assert sum(row[1] for row in rows) == 5


def test_training_songs_are_called_that() -> None:
    """Songs of a source that the model was trained on bring a caution, others do not."""
    assert "CAUTION: 1 of these 1" in caution([Excerpt(Path(), 1, "real", "hits2_annot", "", "")])
    assert "none from a source" in caution([Excerpt(Path(), 1, "mirdata", "ballroom", "", "")])


def test_ours_is_asked_and_decoding_is_timed(tmp_path: Path) -> None:
    """An engine that stumbles over one file answers on the others; decoding tells their length."""
    save(tmp_path / "a.flac", clicks(120, 12))
    (tmp_path / "b.flac").write_bytes(b"no music")
    (tmp_path / "m.csv").write_text("path,true_bpm\nb.flac,100\na.flac,120\n")
    songs = read_manifest(tmp_path / "m.csv")
    results = compare([ENGINES["ours"], DECODING], songs)
    broken, good = results["ours"]
    assert broken.answer.bpms == ()
    assert good.right_up_to_level()
    assert [round(one.seconds) for one in decoded(results["decoding"])] == [0, 12]
    assert DECODING.installed()


def test_mirdata_is_read(tmp_path: Path) -> None:
    """Songs that mirdata reads come with their tempo; those not there are left out."""
    mirdata = pytest.importorskip("mirdata")
    (tmp_path / "a.bpm").write_text("128.5\n")
    save(tmp_path / "a.wav", clicks(128.5, 2))
    files = {"beats": ["a.beats", None], "tempo": ["a.bpm", None]}
    index = {
        "version": "1",
        "tracks": {
            "here": {"audio": ["a.wav", None], **files},
            "gone": {"audio": ["b.wav", None], **files},
        },
    }
    (tmp_path / "index.json").write_text(json.dumps(index))
    dataset = mirdata.initialize("ballroom", data_home=str(tmp_path))
    dataset.index_path = str(tmp_path / "index.json")
    (song,) = excerpts("ballroom", dataset)
    assert (song.path, song.bpm, song.source) == (tmp_path / "a.wav", 128.5, "ballroom")
