"""A built playlist on a terminal."""

import os
import pty
import re
import subprocess
from pathlib import Path

import pytest

from playlists.playlist import Playlist
from playlists.sequencing import arranged
from playlists.settings import load
from playlists.skyline import AXIS, HEIGHT, NARROWEST, STYLES, TONES, skyline
from tests.conftest import Tempo
from tests.plans import parse
from tests.test_build import tracks
from tests.test_picture import contrast

READ = 65_536
"""Bytes; more than is written at once."""


@pytest.fixture(scope="module")
def built() -> Playlist:
    """Return five songs for a workout of two steps."""
    held = tracks(Path("/music"), 5)
    return arranged(parse('10m 60% "easy", 8m 100% "hard"'), held, held, settings=load())


@pytest.mark.parametrize("width", [NARROWEST, 80, 120, 400])
def test_no_line_is_wider_than_the_terminal(built: Playlist, width: int) -> None:
    """The picture has its height, and fits."""
    lines = ["".join(text for text, _ in runs) for runs in skyline(built, width)]
    assert len(lines) == HEIGHT + 4
    assert max(map(len, lines)) <= width


def test_there_is_no_room_for_a_picture(built: Playlist) -> None:
    """A terminal that is too narrow shows none."""
    assert skyline(built, NARROWEST - 1) == []


def test_songs_and_steps_are_shown(built: Playlist) -> None:
    """Every song has its columns in the color of its energy; the steps are named."""
    runs = [run for line in skyline(built, 100) for run in line]
    energies = {min(int(10 * entry.track.analysis.energy), 9) for entry in built.entries}
    columns = {key for text, keys in runs[: -len(TONES) - 3] for key in keys.split()}
    assert {f"song{tone}" for tone in energies} <= columns <= STYLES.keys()
    assert {"|easy", "|hard"} <= {text.strip() for text, _ in runs}


def test_plain_pictures_are_ascii(built: Playlist) -> None:
    """A terminal without block elements gets signs that it has."""
    lines = skyline(built, 80, plain=True)
    assert "".join(text for runs in lines for text, _ in runs).isascii()


def test_the_legend_speaks_of_colors_that_are_there(built: Playlist) -> None:
    """Without colors there is no scale of them."""
    with_colors, without = (
        "".join(text for runs in skyline(built, 80, colors=colors) for text, _ in runs)
        for colors in (True, False)
    )
    assert ("energy" in with_colors, "energy" in without) == (True, False)
    assert "wanted" in without


def test_colors_are_seen_on_any_terminal() -> None:
    """Each color has a contrast of nearly 3 to black and to white (WCAG 2.2, 1.4.11)."""
    for color in TONES:
        assert min(contrast(color, "#000000"), contrast(color, "#ffffff")) > 2.7, color


def on_terminal(program: Tempo, *args: object, **env: str) -> str:
    """Return what a command writes to a terminal."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        program.command(*args), env=program.environment() | {"COLUMNS": "90"} | env,
        stdin=theirs, stdout=theirs, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(theirs)
    raw = b""
    while True:
        try:
            part = os.read(ours, READ)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        raw += part
    os.close(ours)
    assert process.wait() == 0
    return raw.decode("utf-8")


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Tempo:
    """Return the program with a library of forty songs."""
    program = Tempo(tmp_path_factory.mktemp("stocked") / "library.db")
    rows = [f"{n:022},Song {n},Artist {n},180000,{100 + n},{n / 40}" for n in range(40)]
    table = program.library.with_name("t.csv")
    table.write_text("\n".join(["id,title,artist,duration_ms,tempo,energy", *rows]))
    program.run("import", table)
    return program


def test_build_draws_on_a_terminal_only(stocked: Tempo) -> None:
    """A terminal gets the picture, in color unless it is told not to; a pipe gets the table."""
    ask = ("build", "hearts-on-fire", "--minutes", 20)
    shown = on_terminal(stocked, *ask, TERM="xterm-256color")
    assert "its range" in shown
    assert "\x1b[38;5;" in shown
    assert "\x1b[38" not in on_terminal(stocked, *ask, TERM="xterm-256color", NO_COLOR="1")
    assert "its range" not in stocked.run(*ask).stdout


def test_a_terminal_of_few_letters_is_served(stocked: Tempo) -> None:
    """Where the terminal knows ASCII alone, nothing breaks, and the picture is of ASCII."""
    ask = ("build", "hearts-on-fire", "--minutes", 20)
    shown = on_terminal(stocked, *ask, TERM="dumb", PYTHONIOENCODING="ascii")
    assert shown.isascii()
    assert re.search(rf"^ {{{AXIS}}}\|warm-up", shown, re.MULTILINE)
