"""`tempo doctor` finds what is wrong."""

import json
import sqlite3
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tempo.library import Library
from tempo.track import ANALYSIS_VERSION, AudioFile
from tempo.trial import OTHERS, SIMPLE, trial
from tests.conftest import FORMATS, Tempo
from tests.crates import song


def test_every_format_is_tried(tmp_path: Path) -> None:
    """A clip of each promised format is made and read here."""
    assert set(FORMATS) == {*SIMPLE, *OTHERS}
    assert dict.fromkeys((*SIMPLE, *OTHERS), True) == dict(trial(tmp_path))


def checks(tempo: Tempo, code: int = 0) -> dict[str, dict[str, Any]]:
    """Return what the doctor found, by the name of the check; the last of a name wins."""
    said = tempo.json("doctor", code=code)
    assert said["ok"] == (code == 0)
    return {check["name"]: check for check in said["checks"]}


def test_a_healthy_machine_passes(tempo: Tempo, tmp_path: Path) -> None:
    """With a library, a file that is there and no Spotify, nothing needs attention."""
    tempo.env["TEMPO_SPOTIFY_TOKEN_FILE"] = str(tmp_path / "none.json")
    path = tmp_path / "a.ogg"
    path.write_bytes(b"x")
    with Library(tempo.library) as library:
        track = replace(song("a"), location=path)
        library.add(AudioFile(path, 1, 1), b"", track, ANALYSIS_VERSION)
    said = checks(tempo)
    assert {"ok"} == {check["status"] for check in said.values()}
    assert "1 known, 0 failed, all there" in tempo.run("doctor").stdout
    path.unlink()
    assert checks(tempo)["files"]["status"] == "warn"


def test_no_library_is_made(tempo: Tempo) -> None:
    """Without a library the doctor says how to get one, and makes none."""
    assert "tempo analyze" in checks(tempo)["library"]["advice"]
    assert not tempo.library.exists()


def test_a_damaged_library_fails(tempo: Tempo) -> None:
    """Pages overwritten, another kind of file, and a newer version are found."""
    tempo.library.parent.mkdir(parents=True)
    with Library(tempo.library) as library:
        for i in range(300):
            at = Path(f"/m/{i}.ogg")
            track = replace(song(str(i)), location=at)
            library.add(AudioFile(at, 1, 1), b"x" * 30, track, ANALYSIS_VERSION)
    whole = tempo.library.read_bytes()
    half = len(whole) // 2
    tempo.library.write_bytes(whole[:half] + b"\xff" * 8192 + whole[half + 8192 :])
    assert checks(tempo, code=1)["library"]["status"] == "fail"
    tempo.library.write_bytes(b"this is no database, but a letter to a friend " * 100)
    assert checks(tempo, code=1)["library"]["status"] == "fail"
    tempo.library.write_bytes(whole)
    with closing(sqlite3.connect(tempo.library)) as db, db:
        db.execute("PRAGMA user_version = 999")
    db.close()
    found = checks(tempo, code=1)["library"]
    assert "newer tempo" in found["said"]
    assert "update this one" in found["advice"]


def test_a_bad_configuration_fails(tempo: Tempo) -> None:
    """A setting without meaning, or a place that cannot be, is found."""
    config = tempo.library.with_name("config.toml")
    config.parent.mkdir(parents=True)
    config.write_text("[weights]\nenergie = 1\n")
    assert "did you mean 'weights.energy" in checks(tempo, code=1)["config"]["said"]
    tempo.env["TEMPO_CONFIG"] = str(config / "below" / "a" / "file.toml")
    found = checks(tempo, code=1)["config folder"]
    assert found["status"] == "fail"
    assert found["advice"] == "let your user write there, or name another place with $TEMPO_CONFIG"


@pytest.mark.parametrize(
    ("days", "status", "code"), [(1, "ok", 0), (170, "warn", 0), (200, "fail", 1)]
)
def test_a_sign_in_grows_old(tempo: Tempo, days: int, status: str, code: int) -> None:
    """A sign-in is judged by its age, without asking anybody."""
    token = tempo.library.with_name("token.json")
    token.parent.mkdir(parents=True)
    since = time.time() - days * 86_400
    token.write_text(json.dumps({"access_token": "secret", "authorized_at": since}))
    tempo.env.update(TEMPO_SPOTIFY_TOKEN_FILE=str(token), TEMPO_SPOTIFY_CLIENT_ID="a" * 32)
    assert status == checks(tempo, code=code)["sign-in"]["status"]
    assert "secret" not in tempo.run("doctor", code=code).stdout
