"""`tempo config` shows and changes settings without harm."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playlists.errors import ConfigError
from playlists.preferences import edited, known_key, read_value
from tests.conftest import Tempo

FILE = """\
# mine

[weights]            # what counts
energy = 0.9         # I like it hard
tempo  = 2

[spotify]
client_id = '5fe01282e44241328a84e7c5cc169165'    # my app
"""


@given(st.floats(0, 1e9).filter(lambda value: value not in {0.0, 0.9}))
def test_only_the_value_changes(value: float) -> None:
    """Comments, order and spaces stay; the value is the new one to the last bit."""
    changed = edited(FILE, "weights.energy", value)
    before, after = FILE.splitlines(), changed.splitlines()
    differing = [new for old, new in zip(before, after, strict=True) if old != new]
    assert len(differing) == 1
    assert differing[0].endswith("# I like it hard")
    assert tomllib.loads(changed)["weights"]["energy"] == value


def test_a_value_that_was_set_can_be_unset() -> None:
    """Taking out what was put in leaves what the file said; what is not there may be unset."""
    changed = edited(edited(FILE, "async.free", 0.01), "async.free", None)
    assert tomllib.loads(FILE) | {"async": {}} == tomllib.loads(changed)
    assert edited(FILE, "tracks.longest", None) == FILE
    assert read_value("choice.ban", "artist:the cure") == ["artist:the cure"]
    assert edited("", "weights.energy", 1) == "[weights]\nenergy = 1\n"


@pytest.mark.parametrize(
    ("key", "text", "said"),
    [
        ("weights.energy", "-1", "not negative"),
        ("weights.energy", "much", "tempo config get weights.energy"),
        ("weights.energy", '"1"', "must be a number"),
        ("weights.energy", "1\n[tracks]", "tempo config get weights.energy"),
        ("async.good", "0.9", "free, good and poor are 0, 0.9 and 0.06; they must rise"),
        ("choice.ban", "enya,abba", r"""such as '\["artist:enya", "karaoke"\]'"""),
        ("async.intensity", "3", "list of rows"),
        ("spotify.client_id", "abc", "32 digits and letters"),
        ("spotify.sources", "radio", "must be a list"),
        ("spotify.api_url", "https://example.org", "must be https://api.spotify.com"),
    ],
)
def test_what_has_no_meaning_is_refused(key: str, text: str, said: str) -> None:
    """A value is checked as the program would check it."""
    with pytest.raises(ConfigError, match=said):
        edited(FILE, key, read_value(key, text))


def test_close_keys_are_named() -> None:
    """A mistyped key, or one without its table, is answered with what was meant."""
    for typed in ("weight.energy", "energy"):
        with pytest.raises(ConfigError, match=r"did you mean weights\.energy"):
            known_key(typed)


def test_values_come_from_default_file_and_environment(tempo: Tempo) -> None:
    """Each value is shown with its source; secrets are not shown."""
    config = tempo.library.with_name("config.toml")
    assert config.name in tempo.run("config", "path").stdout
    tempo.run("config", "set", "weights.energy", "1.25")
    tempo.run("config", "set", "spotify.getsongbpm_key", "verysecret")
    tempo.run("config", "set", "spotify.sources", "deezer,getsongbpm")
    assert (config.stat().st_mode & 0o777) == 0o600
    tempo.env["TEMPO_SPOTIFY_CLIENT_ID"] = "5fe01282e44241328a84e7c5cc169165"
    found = {
        each["key"]: (each["source"], each["value"]) for each in tempo.json("config")["values"]
    }
    assert found["weights.energy"] == ("file", 1.25)
    assert found["weights.tempo"] == ("default", 1.0)
    assert found["spotify.getsongbpm_key"] == ("file", "****")
    assert found["spotify.sources"] == ("file", ["deezer", "getsongbpm"])
    assert found["spotify.client_id"] == ("environment", "5fe01282e44241328a84e7c5cc169165")
    assert "counts instead" in tempo.run("config", "set", "spotify.client_id", "0" * 32).stderr
    assert "verysecret" not in tempo.run("config").stdout
    assert tempo.run("config", "get", "spotify.getsongbpm_key").stdout == "****\n"


def test_a_change_is_said(tempo: Tempo) -> None:
    """`set` and `unset` say what holds now, and where; a secret stays one."""
    file = tempo.library.with_name("config.toml")
    for change, said in (
        (("set", "weights.energy", "1.25"), f"weights.energy is 1.25, set in {file}"),
        (
            ("unset", "weights.energy"),
            f"weights.energy is 0.7, the default: {file} does not set it",
        ),
        (("set", "spotify.getsongbpm_key", "verysecret"), f"getsongbpm_key is ****, set in {file}"),
    ):
        assert said in tempo.run("config", *change).stderr


def test_what_is_printed_can_be_set(tempo: Tempo) -> None:
    """`set` takes what `get` prints, tables of rows, too; `unset` brings the default back."""
    rows = tempo.run("config", "get", "sync.run").stdout.strip()
    tempo.run("config", "set", "sync.run", rows)
    assert rows == tempo.run("config", "get", "sync.run").stdout.strip()
    before = tempo.json("config")["values"]
    tempo.run("config", "unset", "sync.run")
    assert [v["value"] for v in before] == [v["value"] for v in tempo.json("config")["values"]]


def test_what_has_no_meaning_names_the_file(tempo: Tempo) -> None:
    """Who did not touch the configuration for a year is told where it is."""
    config = tempo.library.with_name("config.toml")
    config.parent.mkdir(parents=True)
    config.write_text("[weights]\nenergy = -1\n")
    said = tempo.run("workouts", "spin", code=1).stderr
    assert said == (
        f"Error: configuration {config}: weights.energy is -1; it must be finite and not negative\n"
    )
    config.write_text("spotify = 3\n")
    assert "spotify is 3; it must be a table" in tempo.run("doctor", code=1).stdout
    assert "spotify is 3; it must be a table" in tempo.run("spotify", "status", code=1).stderr


def test_a_mark_in_front_is_no_matter(tempo: Tempo) -> None:
    """Editors of Windows begin a file in UTF-8 with a mark that nobody sees."""
    config = tempo.library.with_name("config.toml")
    config.parent.mkdir(parents=True)
    config.write_text("[weights]\nenergy = 0.5\n", "utf-8-sig")
    assert tempo.run("config", "get", "weights.energy").stdout == "0.5\n"
    tempo.run("config", "set", "weights.energy", "0.6")
    assert tempo.run("config", "get", "weights.energy").stdout == "0.6\n"


def test_homes_of_unknown_users_are_no_homes(tempo: Tempo) -> None:
    """Where a path begins with a user that is not here, nothing is found there, and no more."""
    tempo.env.update(
        TEMPO_CONFIG="~nobody here/c.toml",
        TEMPO_LIBRARY="~nobody here/l.db",
        TEMPO_SPOTIFY_TOKEN_FILE="~nobody here/token.json",  # noqa: S106 - a path
    )
    assert tempo.run("config", "path").stdout == "~nobody here/c.toml\n"
    assert "there is no library at ~nobody here/l.db yet" in tempo.run("list", code=1).stderr
    assert "nobody was signed in" in tempo.run("spotify", "logout").stdout


def test_a_bad_change_leaves_the_file(tempo: Tempo, tmp_path: Path) -> None:
    """A refused value, and a file that is no TOML, leave all as it was; a link stays a link."""
    real = tmp_path / "dotfiles.toml"
    real.write_text(FILE)
    real.chmod(0o640)
    config = tempo.library.with_name("config.toml")
    config.parent.mkdir(parents=True)
    config.symlink_to(real)
    assert "not negative" in tempo.run("config", "set", "weights.energy", "-1", code=1).stderr
    assert real.read_text() == FILE
    tempo.run("config", "set", "weights.energy", "1")
    assert config.is_symlink()
    assert "energy = 1 " in real.read_text()
    assert (real.stat().st_mode & 0o777) == 0o640
    real.write_text("[weights\n")
    assert "cannot be changed" in tempo.run("config", "unset", "weights.energy", code=1).stderr
    assert "is no TOML" in tempo.run("config", code=1).stderr
    assert real.read_text() == "[weights\n"


def test_what_cannot_be_used_is_told_with_a_next_step(tempo: Tempo, tmp_path: Path) -> None:
    """A configuration that the system keeps back, or that is no text, says what to do."""
    tempo.env["TEMPO_CONFIG"] = str(tmp_path)  # a folder, which nobody can write as a file
    for command in (("config", "set", "weights.energy", "1"), ("config",)):
        said = tempo.run(*command, code=1).stderr
        assert "another file in $TEMPO_CONFIG" in said
    config = tmp_path / "config.toml"
    config.write_bytes(b"\xff")
    tempo.env["TEMPO_CONFIG"] = str(config)
    for command in (("config", "set", "weights.energy", "1"), ("config",)):
        said = tempo.run(*command, code=1).stderr
        assert said == f"Error: configuration {config} is no text in UTF-8: save it as such\n"
