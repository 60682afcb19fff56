"""What several tests need: music on disk, and the program as a user runs it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from benchmarks.synth import clicks, save, silence, song
from tests.guard import sitecustomize as guard

pytest_plugins = ["tests.spotify_user"]

# A busy machine is no fault of ours.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


# Hundreds of processes would each compile the program anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

GUARD = str(Path(guard.__file__).parent)
"""Keeps the programs that tests start on this machine; importing it has done so here."""


@dataclass(frozen=True, slots=True)
class Tempo:
    """The program `tempo`, run as its own process on one library."""

    library: Path
    env: dict[str, str] = field(default_factory=dict)

    def command(self, *args: object) -> list[str]:
        """Return the command line."""
        return [sys.executable, "-m", "playlists", *map(str, args)]

    def environment(self) -> dict[str, str]:
        """Return the environment: a library and a configuration of its own."""
        config = str(self.library.with_name("config.toml"))
        paths = [GUARD, *filter(None, [os.environ.get("PYTHONPATH")])]
        return {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(paths),
            "TEMPO_LIBRARY": str(self.library),
            "TEMPO_CONFIG": config,
            **self.env,
        }

    def run(self, *args: object, code: int = 0) -> subprocess.CompletedProcess[str]:
        """Run a command to its end; `code` is the exit status that it must have."""
        done = subprocess.run(
            self.command(*args), env=self.environment(), stdin=subprocess.DEVNULL,
            capture_output=True, encoding="utf-8", errors="surrogateescape", check=False,
            timeout=300,
        )  # fmt: skip
        assert done.returncode == code, f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr
        return done

    def json(self, *args: object, code: int = 0) -> Any:
        """Run a command and return the JSON that it printed."""
        return json.loads(self.run(*args, "--json", code=code).stdout)

    def start(self, *args: object) -> subprocess.Popen[str]:
        """Start a command and leave it running."""
        return subprocess.Popen(
            self.command(*args), env=self.environment(), stdin=subprocess.DEVNULL, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip

    def start_with_input(self, *args: object) -> subprocess.Popen[str]:
        """Start a command that reads what the test types."""
        return subprocess.Popen(
            self.command(*args), env=self.environment(), stdin=subprocess.PIPE, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip


@pytest.fixture
def tempo(tmp_path: Path) -> Tempo:
    """Return the program with an empty library."""
    return Tempo(tmp_path / "state" / "library.db")


@pytest.fixture(scope="session")
def music(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with one song in every format, and a few that have no tempo."""
    folder = tmp_path_factory.mktemp("music")
    for index, suffix in enumerate(FORMATS):
        bpm = 100 + 8 * index
        name = f"{suffix[1:]} song"
        tags = {} if suffix == ".aac" else TAGS | {"title": name, "artist": f"Artist {index}"}
        save(folder / f"{name}{suffix}", song(bpm, 20, "rock", seed=index), tags)
    save(folder / "clicks.flac", clicks(120, 20))
    save(folder / "silence.flac", silence(20))
    return folder


FORMATS = (".mp3", ".flac", ".ogg", ".opus", ".wav", ".aiff", ".m4a", ".aac", ".wma")
"""Every format of the README; the song at index i has 100 + 8 i BPM."""
TAGS = {"album": "The Album", "isrc": "USRC17607839", "bpm": "99"}


@pytest.fixture(scope="session")
def analyzed(music: Path, tmp_path_factory: pytest.TempPathFactory) -> Tempo:
    """Return the program with a library of `music`; for tests that only read it."""
    program = Tempo(tmp_path_factory.mktemp("library") / "library.db")
    program.run("analyze", music)
    return program


@pytest.fixture
def small_song(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that makes one short song under the test's folder."""

    def make(name: str, bpm: float = 120, seconds: float = 12) -> Path:
        return save(tmp_path / "music" / name, song(bpm, seconds, "rock", seed=round(bpm)))

    return make
