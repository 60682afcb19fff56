"""What every command has in common, in a real terminal and shell."""

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

if os.name != "nt":
    import pty
    import termios

from benchmarks.synth import clicks, save
from tempo.library import Library
from tempo.screen import printable, weight
from tempo.track import ANALYSIS_VERSION, AudioFile, Tags
from tests.conftest import Tempo
from tests.crates import crate, song


@pytest.fixture
def stocked(tempo: Tempo) -> Tempo:
    """Return the program with a small library, in which some titles are hard to type."""
    titles = ["Hearts on Fire", "Heart & [Soul] $5", "Hurt", "100% Pure", "It's", "Ärger"]
    named = [replace(song(str(i)), tags=Tags(title=title)) for i, title in enumerate(titles)]
    with Library(tempo.library) as library:
        for track in [*named, *crate(20)]:
            at = Path("/").joinpath(track.location)
            library.add(AudioFile(at, 1, 1), b"", replace(track, location=at), ANALYSIS_VERSION)
    return tempo


# ---------------------------------------------------------------- completion


def completed(tempo: Tempo, folder: Path, *words: str) -> list[str]:
    """Return what bash offers for the last of `words`, with the script that tempo prints."""
    program = folder / "bin" / "tempo"
    if not program.exists():
        program.parent.mkdir()
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m playlists "$@"\n')
        program.chmod(0o755)
        (folder / "script").write_text(tempo.run("completion", "bash").stdout)
    typed = " ".join(f"'{word}'" if "'" not in word else f'"{word}"' for word in words)
    asked = (
        f". '{folder}/script'; COMP_WORDS=({typed}); COMP_CWORD={len(words) - 1}; "
        '_tempo_completion tempo; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    done = subprocess.run(
        ["bash", "--norc", "-c", asked],
        env={**tempo.environment(), "PATH": f"{program.parent}:{os.environ['PATH']}"},
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    return done.stdout.splitlines()


@pytest.mark.skipif(not shutil.which("bash"), reason="needs bash")
def test_bash_completes_names(stocked: Tempo, tmp_path: Path) -> None:
    """Commands, options, workouts and settings are completed by bash."""
    assert completed(stocked, tmp_path, "tempo", "an") == ["analyze"]
    assert completed(stocked, tmp_path, "tempo", "spotify", "logi") == ["login"]
    assert completed(stocked, tmp_path, "tempo", "build", "--har") == ["--harder"]
    assert completed(stocked, tmp_path, "tempo", "build", "t") == [
        "training-montage", "tempo-run", "tabata",
    ]  # fmt: skip
    assert completed(stocked, tmp_path, "tempo", "score", "-w", "wa") == ["walk"]
    keys = completed(stocked, tmp_path, "tempo", "config", "get", "weights.energy")
    assert keys == ["weights.energy", "weights.energy_poor"]


def test_a_library_that_cannot_be_used_completes_nothing(tempo: Tempo) -> None:
    """Where no titles can be had, nothing is said in the middle of what one types."""
    tempo.library.parent.mkdir()
    for content in (None, b"no library, but a letter to a friend " * 100):
        if content:
            tempo.library.write_bytes(content)
        done = subprocess.run(
            tempo.command(),
            env={
                **tempo.environment(), "_TEMPO_COMPLETE": "bash_complete",
                "COMP_WORDS": "tempo show h", "COMP_CWORD": "2",
            },
            capture_output=True, text=True, check=True, timeout=60,
        )  # fmt: skip
        assert (done.stdout, done.stderr) == ("file,h\n", "")


@pytest.mark.skipif(not shutil.which("bash"), reason="needs bash")
def test_bash_completes_titles_as_they_are_typed(stocked: Tempo, tmp_path: Path) -> None:
    """Titles that hold spaces and signs come quoted, and what bash makes of them is found."""
    offered = completed(stocked, tmp_path, "tempo", "show", "heart")
    assert offered == ["Heart\\ \\&\\ \\[Soul\\]\\ \\$5", "Hearts\\ on\\ Fire"]
    for typed in offered:
        title = subprocess.run(
            ["bash", "-c", f"printf %s {typed}"], capture_output=True, text=True, check=True
        ).stdout
        assert title == stocked.json("show", title)["title"]
    assert completed(stocked, tmp_path, "tempo", "show", '"Hea') == [
        "Heart & [Soul] $5", "Hearts on Fire",
    ]  # fmt: skip
    assert completed(stocked, tmp_path, "tempo", "fix", "100%") == ["100%\\ Pure"]
    assert completed(stocked, tmp_path, "tempo", "tag", "It") == ["It\\'s"]
    assert completed(stocked, tmp_path, "tempo", "build", "--ban", "It") == ["It\\'s"]
    assert completed(stocked, tmp_path, "tempo", "build", "--pin", "It") == ["It\\'s@"]


@pytest.mark.skipif(not shutil.which("bash"), reason="needs bash")
def test_bash_completes_titles_that_file_names_tell(stocked: Tempo, tmp_path: Path) -> None:
    """A song without tags is completed by the title that its file name has."""
    at = tmp_path / "Hearts" / "03 - The Band - Quiet 100% Hour.mp3"
    with Library(stocked.library) as library:
        untagged = replace(song("quiet"), tags=Tags(), location=at)
        library.add(AudioFile(at, 1, 1), b"", untagged, ANALYSIS_VERSION)
    assert completed(stocked, tmp_path, "tempo", "show", "qui") == ["Quiet\\ 100%\\ Hour"]
    assert completed(stocked, tmp_path, "tempo", "show", "Hearts") == ["Hearts\\ on\\ Fire"]


def test_other_shells_get_a_script(tempo: Tempo) -> None:
    """zsh and fish get a script of their own, others are refused."""
    assert "#compdef tempo" in tempo.run("completion", "zsh").stdout
    assert "complete --no-files --command tempo" in tempo.run("completion", "fish").stdout
    tempo.run("completion", "tcsh", code=2)


# -------------------------------------------------------------------- volume


def test_quiet_leaves_results_and_errors(stocked: Tempo) -> None:
    """With -q nothing but the result shows; errors show all the same."""
    loud = stocked.run("build", "hearts-on-fire", "-m", 30)
    assert "warning:" in loud.stderr
    quiet = stocked.run("build", "hearts-on-fire", "-m", 30, "-q")
    assert (loud.stdout, "") == (quiet.stdout, quiet.stderr)
    assert "did you mean walk" in stocked.run("build", "wallk", "-q", code=1).stderr
    assert "--seed" in stocked.run("build", "walk", "-q", "--sed", 1, code=2).stderr


def test_volume_stands_anywhere(stocked: Tempo) -> None:
    """`-q` and `-v` work before the command as after it."""
    long = ("build", "hearts-on-fire", "-m", 30)
    assert stocked.run("-q", *long).stderr == ""
    assert "warning:" in stocked.run(*long).stderr
    assert "in all: " in stocked.run("-v", "workouts").stderr


def test_verbose_says_what_is_used(stocked: Tempo) -> None:
    """With -v the files that are used and the time of each stage go to standard error."""
    done = stocked.run("build", "walk", "-m", 6, "-v", "--json")
    assert json.loads(done.stdout)
    for said in (f"library: {stocked.library}", "configuration:", "playlist sought", "in all: "):
        assert said in done.stderr
    assert "library:" not in stocked.run("build", "walk", "-m", 6).stderr


def test_mistyped_names_are_understood(stocked: Tempo) -> None:
    """What is close to a mistyped command, option or title is named."""
    assert "Did you mean 'analyze'" in stocked.run("anlyze", code=2).stderr
    assert "Did you mean 'status'" in stocked.run("spotify", "statsu", code=2).stderr
    assert "--minutes" in stocked.run("build", "walk", "--minuts", 5, code=2).stderr
    assert "--plan" in stocked.run("build", "10m 60%, 5m 90%", code=1).stderr
    said = stocked.run("show", "hearts", "on", "fire", code=2).stderr
    assert "arguments (on fire): put words that belong together in quotation marks" in said
    said = stocked.run("build", "Hearts", code=1).stderr
    assert "did you mean hearts-on-fire?" in said
    said = stocked.run("show", "harts on fire", code=1).stderr
    assert "did you mean 'Hearts on Fire'?" in said


@pytest.mark.parametrize(
    "args",
    [("fix", "Hurt", "--bpm"), ("done", "--rpe"), ("analyze", ".", "--time-limit"),
     ("list", "--min-confidence"), ("build", "walk", "--minutes"), ("workouts", "walk", "--ftp"),
     ("analyze", "spotify:liked", "--max-wait")],
)  # fmt: skip
def test_what_is_no_number_is_none(stocked: Tempo, args: tuple[str, ...]) -> None:
    """No option takes "nan" for a number, which is in every range and in none."""
    before = stocked.library.read_bytes()
    assert "'nan' is no number" in stocked.run(*args, "nan", code=2).stderr
    assert before == stocked.library.read_bytes()


def test_an_answer_that_never_comes(tempo: Tempo) -> None:
    """Where nobody can answer a question, that is said, and not that somebody interrupted."""
    said = tempo.run("spotify", "login", "--client-id", "a" * 32, "--no-browser", code=1).stderr
    assert said.endswith("Error: the input ended before the answer came\n")


# --------------------------------------------------------------------- looks


@pytest.mark.parametrize("name", ["\x1b[31mred", "two\nlines", os.fsdecode(b"\xff")])
def test_names_of_files_do_nothing_to_a_terminal(stocked: Tempo, tmp_path: Path, name: str) -> None:
    """Whatever a file is called, what is said of it is one line without signs of control."""
    path = tmp_path / f"{name}.json"
    commands = (
        (("build", "walk", "-m", 5, "-o", path), 0),
        (("build", "walk", "-m", 5, "-o", path), 2),
        (("build", "walk", "-o", path / "below" / "x.json"), 2),
        (("convert", path, tmp_path / "x.m3u8"), 1),
        (("--library", path, "list"), 1),
    )
    for command, code in commands:
        if command[0] == "convert":
            path.write_text('{"entries": 3}')
        said = stocked.run(*command, code=code).stderr
        assert f"{printable(name)}.json" in said
        assert name not in said


def on_a_terminal(tempo: Tempo, columns: int, *args: str, **said: str) -> list[str]:
    """Run a command on a terminal of so many columns; return its lines as they were written."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (40, columns))
    env = {**tempo.environment(), "TERM": "xterm-256color", **said}
    for name in ("COLUMNS", "LINES", "NO_COLOR"):
        if name not in said:
            env.pop(name, None)
    done = subprocess.Popen(
        tempo.command(*args), env=env, stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    raw = b""
    with contextlib.suppress(OSError):  # Linux says so where the other end is closed
        while part := os.read(ours, 65_536):
            raw += part
    os.close(ours)
    assert done.wait(60) in {0, 1}  # how a sentence looks that says what is wrong counts, too
    return raw.decode().splitlines()


def test_narrow_terminals_show_names(stocked: Tempo) -> None:
    """Where there is little room, numbers go before the names of workouts and steps do."""
    lines = on_a_terminal(stocked, 40, "workouts", "spin")
    assert any("intensity" in line and "step" in line for line in lines)
    assert any("sprint" in line for line in lines)


def test_charts_of_a_library_fit_narrow_terminals(stocked: Tempo) -> None:
    """Bars and the plane of energy and tempo get as narrow as the terminal."""
    drawn = [line for line in on_a_terminal(stocked, 40, "library") if set(line) & set("░▒▓█")]
    assert drawn
    assert max(len(line) for line in drawn if "few tracks" not in line) <= 40


COLOR = re.compile(r"\x1b\[[\d;]*m")
VIEWS = (
    ["list"], ["history"], ["library"], ["workouts"], ["build", "walk", "-m", "6"], ["doctor"],
    ["config"],
)  # fmt: skip


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")
def test_a_narrow_terminal_is_enough(stocked: Tempo, tmp_path: Path) -> None:
    """On 60 columns no table, chart or sentence is wider, and titles can be read."""
    stocked.run("build", "walk", "-m", 6, "-o", tmp_path / "w.m3u8")
    stocked.run("done", "--note", "a rather long note about the weather of that day")
    paths = (str(stocked.library.parent), sys.executable)
    for view in VIEWS:
        lines = [COLOR.sub("", line) for line in on_a_terminal(stocked, 60, *view)]
        assert [line for line in lines if len(line) > 60 and not any(map(line.count, paths))] == []
        assert view != ["list"] or any("Hearts on Fire" in line for line in lines)


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")
def test_sentences_break_between_words(stocked: Tempo) -> None:
    """Reasons and warnings that are longer than a line of the terminal break between words."""
    lines = on_a_terminal(stocked, 60, "build", "hearts-on-fire", "-m", "30", "--explain")
    said = [COLOR.sub("", line).rstrip("\n") for line in lines]
    assert [line for line in said if len(line) > 60] == []
    spoken = " ".join(" ".join(said).split())
    assert "fitting tracks" in spoken
    assert "against it speaks" in spoken
    words = on_a_terminal(stocked, 60, "show", "h")
    assert (len(words), max(map(len, words)) <= 60) == (2, True)
    assert " ".join(" ".join(words).split()) == stocked.run("show", "h", code=1).stderr.strip()


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")
def test_colors_only_where_they_are_wanted(stocked: Tempo) -> None:
    """Colors show on a terminal, not with NO_COLOR, not on a dumb one, and not in a pipe."""
    green = "\x1b[32m"
    assert any(green in line for line in on_a_terminal(stocked, 80, "doctor"))
    assert not any(green in line for line in on_a_terminal(stocked, 80, "doctor", NO_COLOR="1"))
    assert not any("\x1b" in line for line in on_a_terminal(stocked, 80, "doctor", TERM="dumb"))
    assert "\x1b" not in stocked.run("doctor").stdout


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(
    "said", [{"LC_ALL": "C"}, {"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C.UTF-8"}]
)
def test_progress_is_drawn_with_what_there_is(
    tempo: Tempo, tmp_path: Path, said: dict[str, str]
) -> None:
    """A terminal that has no more than ASCII gets a bar and spinner of it, without "?"."""
    save(tmp_path / "song.flac", clicks(120, 12))
    shown = "".join(on_a_terminal(tempo, 80, "analyze", "-j", "1", str(tmp_path), **said))
    assert said.get("LC_ALL", "C") == ("C" if shown.isascii() else "C.UTF-8")
    assert ("----" if shown.isascii() else "━━━━") in shown
    assert "?" not in shown.replace("\x1b[?", "")


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(("columns", "end"), [(40, " 1/1 0:00:00 left"), (80, " 0:00:00 left")])
def test_progress_fits_the_terminal(tempo: Tempo, tmp_path: Path, columns: int, end: str) -> None:
    """How many there are, and the time that is left, show on any terminal, and last."""
    save(tmp_path / "song.flac", clicks(120, 12))
    shown = on_a_terminal(tempo, columns, "analyze", "-j", "1", str(tmp_path))
    last = [COLOR.sub("", line).rstrip() for line in shown if "1/1" in line][-1]
    assert last.endswith(end)
    assert "\u2026" not in last


@pytest.mark.parametrize(
    ("count", "expected"),
    [(1, "1 byte"), (999, "999 bytes"), (1000, "1 kB"), (999_499, "999 kB"), (999_700, "1 MB"),
     (20_440_000, "20.4 MB"), (64e9, "64 GB"), (2_345e9, "2,345 GB")],
)  # fmt: skip
def test_bytes_are_written_as_people_do(count: float, expected: str) -> None:
    """Each size has its unit, and none an exponent."""
    assert weight(count) == expected
