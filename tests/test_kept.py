"""What is kept from one process to the next: made once, and again only where it is damaged."""

from pathlib import Path

import numpy as np
import pytest

from tempo.kept import Arrays, kept_in


class Maker:
    """Makes arrays and counts how often."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> Arrays:
        self.times += 1
        return {"squares": np.arange(5.0) ** 2, "third": np.full((2, 2), 1 / 3, np.float32)}


def test_arrays_are_made_once_and_come_back_exactly(tmp_path: Path) -> None:
    """A second process gets the numbers of the first, bit for bit, without making them."""
    make = Maker()
    first, second = (kept_in(tmp_path / "cache", "name", make) for _ in range(2))
    assert make.times == 1
    assert first.keys() == second.keys()
    assert all(
        np.array_equal(first[k], second[k]) and first[k].dtype == second[k].dtype for k in first
    )


def test_each_name_has_its_own(tmp_path: Path) -> None:
    """Arrays of another name are made anew."""
    make = Maker()
    kept_in(tmp_path, "one", make)
    kept_in(tmp_path, "another", make)
    assert make.times == 2


@pytest.mark.parametrize("length", [0, 32, 100])
def test_what_is_damaged_is_made_again(tmp_path: Path, length: int) -> None:
    """A file that is cut off anywhere is replaced."""
    make = Maker()
    kept_in(tmp_path, "name", make)
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:length])
    found = [kept_in(tmp_path, "name", make) for _ in range(2)]
    assert make.times == 2
    assert np.array_equal(found[1]["squares"], Maker()()["squares"])


def test_what_is_garbled_is_made_again(tmp_path: Path) -> None:
    """Wherever a byte of the file is wrong, the arrays are right."""
    kept_in(tmp_path, "name", Maker())
    (file,) = tmp_path.iterdir()
    whole = file.read_bytes()
    for place in range(0, len(whole), 7):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        found = kept_in(tmp_path, "name", Maker())
        assert np.array_equal(found["squares"], Maker()()["squares"]), place


def test_nothing_need_be_kept(tmp_path: Path) -> None:
    """Where no folder can be, the arrays are made each time."""
    (tmp_path / "file").write_text("no folder")
    make = Maker()
    for _ in range(2):
        assert np.array_equal(kept_in(tmp_path / "file", "name", make)["squares"], [0, 1, 4, 9, 16])
    assert make.times == 2


def test_nothing_else_is_left_behind(tmp_path: Path) -> None:
    """The folder holds one file for each name."""
    kept_in(tmp_path, "name", Maker())
    assert [file.name for file in tmp_path.iterdir()] == ["name"]
