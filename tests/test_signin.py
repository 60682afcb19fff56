"""Signing in to Spotify, as a user meets it."""

import json
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from playlists.spotify.account import account
from playlists.spotify.signin import SignIn
from tests.conftest import Tempo
from tests.spotify_fake import ALL_SCOPES, FakeSpotify, Fault
from tests.spotify_server import serving
from tests.spotify_user import BROWSER, on_fake, settings, sign_in, token_file


@pytest.fixture
def fake() -> Iterator[FakeSpotify]:
    """Return a Spotify of our own."""
    with serving(FakeSpotify()) as fake:
        yield fake


@pytest.fixture
def online(tempo: Tempo, fake: FakeSpotify, tmp_path: Path) -> Tempo:
    """Return the program, which takes the fake for Spotify."""
    return on_fake(tempo, fake, tmp_path)


def test_login(online: Tempo, fake: FakeSpotify) -> None:
    """A sign-in ends with a token that only its owner can read, with the least permissions."""
    done = online.run("spotify", "login")
    assert "signed in to Spotify as runner" in done.stdout
    kept = json.loads(token_file(online).read_text("utf-8"))
    assert {"access_token", "refresh_token", "expires_at", "scope", "token_type"} <= set(kept)
    assert set(ALL_SCOPES.split()) == set(kept["scope"].split())
    assert stat.S_IMODE(token_file(online).stat().st_mode) == 0o600
    assert stat.S_IMODE(token_file(online).parent.stat().st_mode) == 0o700
    for secret in (kept["access_token"], kept["refresh_token"]):
        assert secret not in done.stdout + done.stderr
    assert "Spotify answers" in online.run("spotify", "status").stdout
    assert fake.token_requests[0].keys() == {
        "client_id", "grant_type", "code", "redirect_uri", "code_verifier",
    }  # fmt: skip


def test_client_id_is_remembered(online: Tempo) -> None:
    """A client ID that was given at the sign-in need not be given again."""
    without = {**online.env, "TEMPO_SPOTIFY_CLIENT_ID": ""}
    bare = Tempo(online.library, without)
    assert "developer.spotify.com" in bare.run("spotify", "login", code=1).stderr
    bare.run("spotify", "login", "--client-id", "abc123" * 5 + "AB")
    assert f"client ID: {'abc123' * 5}AB" in bare.run("spotify", "status").stdout


@pytest.mark.parametrize("client_id", ["!!", "abc123", f"{'0' * 32}&scope=all", "0" * 31 + "g"])
def test_what_cannot_be_a_client_id_opens_no_browser(online: Tempo, client_id: str) -> None:
    """A client ID of another form is refused before Spotify or a browser is asked."""
    said = online.run("spotify", "login", "--client-id", client_id, code=1).stderr
    assert said == (
        f"Error: {client_id!r} is no client ID, which is 32 digits and letters from a to f: copy "
        "it once more from developer.spotify.com/dashboard\n"
    )


def test_logout(online: Tempo, fake: FakeSpotify) -> None:
    """After `logout` there is no sign-in, and `status` says what to do."""
    sign_in(online, fake)
    assert "signed out" in online.run("spotify", "logout", "--purge").stdout
    assert not token_file(online).exists()
    assert "tempo spotify login" in online.run("spotify", "status", code=1).stdout
    assert "nobody" in online.run("spotify", "logout").stdout


def test_decline(online: Tempo, fake: FakeSpotify) -> None:
    """Declining on Spotify's page is one sentence, and nothing is stored."""
    fake.declines = True
    assert "you declined" in online.run("spotify", "login", code=1).stderr
    assert not token_file(online).exists()


def test_paste_back(online: Tempo, fake: FakeSpotify) -> None:
    """Without a browser, the address line of another machine's browser is enough."""
    process = online.start_with_input("spotify", "login", "--no-browser")
    assert process.stderr
    assert process.stdin
    url = next(line for line in process.stderr if line.startswith("http")).strip()
    query = {key: values[0] for key, values in parse_qs(urlsplit(url).query).items()}
    assert query["redirect_uri"] == "http://127.0.0.1/callback"
    process.stdin.write(fake.authorize(query) + "\n")
    process.stdin.close()
    assert process.stdout
    assert "signed in" in process.stdout.read()
    assert process.wait() == 0
    process.stderr.close()
    process.stdout.close()


@pytest.mark.parametrize("rotates", [False, True])
def test_refresh(online: Tempo, fake: FakeSpotify, *, rotates: bool) -> None:
    """An old token is renewed; the refresh token stays where no new one comes, as does the rest."""
    fake.rotates = rotates
    old = sign_in(online, fake, seconds=30)
    before = json.loads(token_file(online).read_text("utf-8"))
    token_file(online).write_text(json.dumps({**before, "authorized_at": 5}), "utf-8")
    online.run("spotify", "status")
    kept = json.loads(token_file(online).read_text("utf-8"))
    assert (kept["access_token"] != old, kept["authorized_at"]) == (True, 5)
    assert fake.refresh_tokens == {kept["refresh_token"]}
    assert stat.S_IMODE(token_file(online).stat().st_mode) == 0o600


def test_dead_sign_in(online: Tempo, fake: FakeSpotify) -> None:
    """A refresh token that has died is deleted, and a new sign-in asked for."""
    sign_in(online, fake, seconds=30)
    fake.refresh_tokens = set()
    assert "tempo spotify login" in online.run("spotify", "status", code=1).stdout
    assert not token_file(online).exists()
    assert len(fake.token_requests) == 1


def test_broken_accounts_service(online: Tempo, fake: FakeSpotify) -> None:
    """A sign-in service in trouble costs neither the sign-in nor a traceback."""
    old = sign_in(online, fake, seconds=30)
    fake.faults.append(Fault("POST", "/accounts/api/token", 503, "upstream connect error", times=4))
    assert "try again later" in online.run("spotify", "status", code=1).stdout
    assert old in token_file(online).read_text("utf-8")


def test_one_renews_for_all(online: Tempo, fake: FakeSpotify) -> None:
    """Of many that need a new token at once, one asks for it."""
    fake.rotates = True
    old = sign_in(online, fake)
    sign_ins = [SignIn(account(settings(online))) for _ in range(5)]
    tokens: list[str] = []
    threads = [
        threading.Thread(target=lambda s=each: tokens.append(s.renew(old))) for each in sign_ins
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(fake.token_requests) == 1
    assert len(set(tokens)) == 1


def test_config_file(online: Tempo) -> None:
    """What the environment can say, the table [spotify] can say, too; mistypes are refused."""
    config = online.library.with_name("config.toml")
    config.parent.mkdir(parents=True)
    lines = [f"{key} = {json.dumps(value)}" for key, value in settings(online).items()]
    config.write_text("\n".join(["[spotify]", *lines]), "utf-8")
    bare = Tempo(online.library, {"BROWSER": BROWSER})
    assert "signed in" in bare.run("spotify", "login").stdout
    bare.run("build", "walk", code=1)
    config.write_text("[spotify]\nclient = 'x'\n", "utf-8")
    assert "client_id" in bare.run("spotify", "status", code=1).stderr


def test_no_test_leaves_this_machine(tempo: Tempo) -> None:
    """A program that a test starts cannot connect to another machine."""
    program = "import socket; socket.create_connection(('192.0.2.1', 9), 1)"
    done = subprocess.run(
        [sys.executable, "-c", program], env=tempo.environment(), capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert "a test connects to" in done.stderr
