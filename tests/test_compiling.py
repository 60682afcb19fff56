"""Compiled loops give what numpy gives, and need no room on the disk."""

import os
import subprocess
import sys
from pathlib import Path
from shutil import copy

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from playlists import compiling, walks

FULL = """
import resource
import numpy as np
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
from playlists import walks
for _ in range(2):
    print(walks.by_cell(np.array([2, 0, 1, 0]), 3).tolist())
"""

HERALDED = """
import numpy as np
from playlists import walks
from playlists.compiling import heralded
with heralded(lambda: print("compiling")):
    walks.by_cell(np.array([0]), 1)
"""
MORE = f"{HERALDED}    walks.risen(np.zeros(1), np.zeros(2))\n"

CALLED = """
from playlists.compiling import part
@part
def called():
    return {}
"""
CALLER = """
from playlists.compiling import compiled
from playlists.kernels.called import called
@compiled
def caller():
    return called() + 1
"""
CALLING = """
from playlists.compiling import heralded
from playlists.kernels.caller import caller
with heralded(lambda: print("compiling")):
    print(caller())
"""


@given(st.lists(st.integers(0, 9)))
def test_arcs_are_sorted_by_cell_and_stay_in_order_within(cells: list[int]) -> None:
    """Arcs of one cell keep the order that they came in."""
    cell = np.array(cells, np.int64)
    expected = np.argsort(cell, kind="stable").tolist()
    assert expected == walks.by_cell(cell, 10).tolist()


@given(
    st.lists(st.floats(-9, 9), min_size=1, max_size=5),
    st.lists(st.floats(-9, 9), min_size=6, max_size=9),
)
def test_a_rise_is_the_most_of_any_cell(start: list[float], end: list[float]) -> None:
    """By whole cells on the way, what is risen is the most that any start gains over its ends."""
    on, go = np.array(start), np.array(end)
    least = np.minimum(go[:-1], go[1:])
    expected = [
        max(on[cell] - least[cell + whole] for cell in range(len(on)))
        for whole in range(len(go) - len(on))
    ]
    assert expected == walks.risen(on, go).tolist()


def printed(script: str, folder: Path, home: Path | None = None) -> str:
    """Return what a script prints whose compiled code is kept in a folder."""
    run = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | {"NUMBA_CACHE_DIR": str(folder)},
        cwd=home,  # What it imports from, first of all.
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


def test_what_cannot_be_kept_is_compiled_all_the_same(tmp_path: Path) -> None:
    """On a full disk compiled functions work, also when they are called again."""
    assert printed(FULL, tmp_path) == "[1, 3, 2, 0]\n" * 2
    assert [path for path in tmp_path.rglob("*") if path.is_file() and path.stat().st_size] == []


def test_who_waits_for_the_compiler_is_told_once(tmp_path: Path) -> None:
    """It is said while nothing is kept, or not all that is needed, and no longer afterwards."""
    said = [printed(script, tmp_path) for script in (HERALDED, HERALDED, MORE, MORE)]
    assert said == ["compiling\n", "", "compiling\n", ""]


def test_of_several_functions_only_the_first_is_said(tmp_path: Path) -> None:
    """One line tells of all that is compiled in one go."""
    assert printed(MORE, tmp_path) == "compiling\n"


def test_a_function_is_compiled_again_when_another_kernel_changes_that_it_calls(
    tmp_path: Path,
) -> None:
    """It does what the kernels now say, and what was kept of it before is gone."""
    folder, kernels = tmp_path / "kept", tmp_path / "playlists" / "kernels"
    kernels.mkdir(parents=True)
    copy(compiling.__file__, kernels.parent)
    (kernels.parent / "__init__.py").touch()
    (kernels / "caller.py").write_text(CALLER)
    said = []
    for number in (1, 50):  # of another length: Python looks at size and second of a source
        (kernels / "called.py").write_text(CALLED.format(number))
        said.append(printed(CALLING, folder, tmp_path))
    assert said == ["compiling\n2\n", "compiling\n51\n"]
    assert sorted(path.suffix for path in folder.rglob("caller*")) == [".nbc", ".nbi"]
