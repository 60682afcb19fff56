"""Signing in to Spotify, as a user meets it."""

import json
import os
import socket
import stat
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from playlists.account import TokenFile, account
from playlists.errors import ConfigError, SignInError, SpotifyError
from playlists.signin import code_in, listening
from playlists.spotify import SignIn
from tests.conftest import Tempo
from tests.spotify_server import ALL_SCOPES, FakeSpotify, Fault, serving

BROWSER = f'{sys.executable} -c "import sys, urllib.request as u; u.urlopen(sys.argv[1])" %s'
"""A browser that consents to everything."""


@pytest.fixture
def fake() -> Iterator[FakeSpotify]:
    """Return a Spotify of our own."""
    with serving(FakeSpotify()) as fake:
        yield fake


@pytest.fixture
def online(tempo: Tempo, fake: FakeSpotify, tmp_path: Path) -> Tempo:
    """Return the program, which takes the fake for Spotify."""
    return on_fake(tempo, fake, tmp_path)


def on_fake(tempo: Tempo, fake: FakeSpotify, folder: Path) -> Tempo:
    """Return the program with a fake Spotify."""
    env = {
        "TEMPO_SPOTIFY_CLIENT_ID": "5fe01282e44241328a84e7c5cc169165",
        "TEMPO_SPOTIFY_API_URL": f"{fake.url}/v1",
        "TEMPO_SPOTIFY_ACCOUNTS_URL": f"{fake.url}/accounts",
        "TEMPO_RECCOBEATS_URL": f"{fake.url}/reccobeats",
        "TEMPO_DEEZER_URL": f"{fake.url}/deezer",
        "TEMPO_GETSONGBPM_URL": f"{fake.url}/getsong",
        "TEMPO_SPOTIFY_TOKEN_FILE": str(folder / "private" / "token.json"),
        "BROWSER": BROWSER,
    }
    return Tempo(tempo.library, env)


def token_file(program: Tempo) -> Path:
    """Return where the program keeps its sign-in."""
    return Path(program.env["TEMPO_SPOTIFY_TOKEN_FILE"])


def sign_in(program: Tempo, fake: FakeSpotify, seconds: float = 3600) -> str:
    """Bring a token, as a user may, and return it."""
    token = fake.token(seconds=seconds)
    TokenFile(token_file(program)).write(token)
    return str(token["access_token"])


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
    bare.run("spotify", "login", "--client-id", "abc123")
    assert "client ID: abc123" in bare.run("spotify", "status").stdout


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


def get(url: str) -> int:
    """Return the status of an address."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - this machine
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_strays_are_passed_over() -> None:
    """Only the answer that knows the secret ends the wait."""
    with listening("s3cret") as listener:
        base = listener.redirect.removesuffix("/callback")
        assert [
            get(f"{base}{path}")
            for path in ("/favicon.ico", "/callback", "/callback?code=x&state=no", "/?state=s3cret")
        ] == [404] * 4
        with socket.create_connection(("127.0.0.1", listener.server_port), 5) as stray:
            stray.sendall(b"GET //[ HTTP/1.0\r\n\r\n")
            assert b" 404 " in stray.recv(100)
        assert get(f"{base}/callback?code=right&state=s3cret") == 200
        assert listener.code(5) == "right"


def test_nobody_comes_back() -> None:
    """A wait without an answer ends with the redirect URI to check."""
    with listening("s3cret") as listener, pytest.raises(SignInError, match="redirect URI"):
        listener.code(0.05)


def test_taken_port() -> None:
    """A port that is taken is one sentence."""
    with (
        listening("a") as listener,
        pytest.raises(SignInError, match="port"),
        listening("b", listener.server_port),
    ):
        pass


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://127.0.0.1/callback?code=x&state=other", "whole of the browser's address"),
        ("x", "whole of the browser's address"),
        ("http://[", "whole of the browser's address"),
        ("http://127.0.0.1/callback?error=access_denied&state=s", "declined"),
        ("http://127.0.0.1/callback?error=invalid_scope&state=s", "invalid_scope"),
    ],
)
def test_wrong_addresses(address: str, said: str) -> None:
    """A pasted address that holds no code of this sign-in is refused with the reason."""
    with pytest.raises(SignInError, match=said):
        code_in(address, "s")


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


def settings(program: Tempo) -> dict[str, str]:
    """Return the environment of a program as a table of the configuration file."""
    names = ("client_id", "api_url", "accounts_url", "token_file")
    return {name: program.env[f"TEMPO_SPOTIFY_{name.upper()}"] for name in names}


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


@pytest.mark.parametrize(
    "url",
    [
        "http://api.spotify.com/v1", "https://evil.example/v1", "http://127.0.0.1@evil.example",
        "http://127.0.0.1:80\\@evil.example", "http://evil.example\\@127.0.0.1",
        "http://127.0.0.1.evil.example", "http://localhost:1", "http://127.0.0.1/?x=", "ftp://[::1]",
    ],
)  # fmt: skip
def test_strange_hosts(url: str) -> None:
    """The token goes to Spotify and this machine alone."""
    with pytest.raises(ConfigError):
        account({"api_url": url})


@pytest.mark.parametrize("sources", ["deezer", ["napster"], [["deezer"]], 3, ["getsongbpm"]])
def test_strange_sources(sources: object) -> None:
    """Services that are not there, or need a key that is not there, are refused."""
    with pytest.raises(ConfigError, match=r"spotify\.(sources|getsongbpm_key)"):
        account({"sources": sources})


def test_no_test_leaves_this_machine(tempo: Tempo) -> None:
    """A program that a test starts cannot connect to another machine."""
    program = "import socket; socket.create_connection(('192.0.2.1', 9), 1)"
    done = subprocess.run(
        [sys.executable, "-c", program], env=tempo.environment(), capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert "a test connects to" in done.stderr


def test_what_is_no_token(tmp_path: Path) -> None:
    """A token file that holds something else is one sentence, as is one that cannot be written."""
    path = tmp_path / "token.json"
    odd = ('{"access_token": "x", "expires_at": null}', '{"access_token": "\\u2026\\n"}')
    for text in ("", "{}", "[1]", '{"access_token": 3}', "\xff", *odd):
        path.write_text(text, "latin-1")
        with pytest.raises(SignInError, match="login"):
            TokenFile(path).read()
    with pytest.raises(SpotifyError, match="cannot be written"):
        TokenFile(path / "below").write({})


def test_private_from_the_first_byte(tmp_path: Path) -> None:
    """However lax the umask, no other user can ever read the file."""
    before = os.umask(0)
    try:
        TokenFile(tmp_path / "token.json").write({"access_token": "x"})
    finally:
        os.umask(before)
    assert [stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()] == [0o600]
