"""The browser that comes back from Spotify's page."""

import socket
import urllib.error
import urllib.request

import pytest

from playlists.errors import SignInError
from playlists.spotify.callback import code_in, listening


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
