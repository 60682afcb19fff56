"""Training says what it needs."""

import subprocess
import sys
from importlib.util import find_spec

import pytest


@pytest.mark.skipif(find_spec("torch") is not None, reason="torch is installed")
def test_missing_torch_is_named() -> None:
    """Without torch one sentence says what is needed, and how to get it."""
    command = [sys.executable, "-m", "benchmarks.train_tempo", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    expected = "train_tempo: needs torch, which is not installed: pip install torch\n"
    assert expected == done.stderr
