"""The end of a sign-in: the browser comes back to this machine with a code."""

import hmac
import html
import queue
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from playlists.errors import SignInError
from tempo.tags import clean

CALLBACK = "/callback"
REDIRECT = f"http://127.0.0.1{CALLBACK}"
"""What the user registers: Spotify lets any port be added to a loopback address without one."""
PATIENCE = 180.0
"""Seconds for reading a page and pressing a button; a wrong redirect URI never comes back."""
STRAY_SECONDS = 10.0
"""A connection that says nothing for so long is closed."""
PAGE = """<!doctype html><meta charset="utf-8"><title>tempo</title>
<p style="font: 1.2em sans-serif; margin: 4em">{}</p>"""


def new_state() -> str:
    """Return a secret by which a sign-in knows its answer."""
    return secrets.token_urlsafe(24)


class Listener(ThreadingHTTPServer):
    """Waits on this machine for the browser to come back.

    Parameters
    ----------
    state : str
        Secret of this sign-in; whoever does not know it is passed over.
    port : int
        0 takes any that is free.
    """

    daemon_threads = True

    def __init__(self, state: str, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Callback)
        self.state = state
        self.answers: queue.SimpleQueue[str] = queue.SimpleQueue()

    @property
    def redirect(self) -> str:
        """Address that the browser comes back to."""
        return f"http://127.0.0.1:{self.server_port}{CALLBACK}"

    def code(self, patience: float = PATIENCE) -> str:
        """Wait for the code that can be changed into a token.

        Raises
        ------
        SignInError
            If the user declined, or nobody came in `patience` seconds.
        """
        try:
            return code_in(self.answers.get(timeout=patience), self.state)
        except queue.Empty:
            raise SignInError(
                f"nobody came back from Spotify in {patience:g} s: if its page showed an error, "
                f"check that the app's redirect URI is exactly {REDIRECT}"
            ) from None


class _Callback(BaseHTTPRequestHandler):
    server: Listener
    timeout = STRAY_SECONDS

    def do_GET(self) -> None:
        """Take the answer of this sign-in; let everything else go."""
        if not _is_answer(self.path, self.server.state):
            self._say(404, "There is nothing here.")
            return
        self._say(200, "Done. You can close this page and go back to tempo.")
        self.server.answers.put(self.path)

    def _say(self, status: int, text: str) -> None:
        body = PAGE.format(html.escape(text)).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Referrer-Policy", "no-referrer")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing: the address holds the code."""


def _is_answer(path: str, state: str) -> bool:
    try:
        parts = urlsplit(path)
    except ValueError:  # such as half an IPv6 address
        return False
    given = parse_qs(parts.query).get("state", [""])[0]
    same = hmac.compare_digest(given.encode(errors="replace"), state.encode())
    return parts.path == CALLBACK and same


def code_in(address: str, state: str) -> str:
    """Return the code in an address that Spotify sent the browser to.

    Raises
    ------
    SignInError
        If it is of another sign-in, or the user declined.
    """
    if not _is_answer(address.strip(), state):
        raise SignInError(
            "this is not the address of this sign-in: paste the whole of the browser's address "
            f"line, which starts with {REDIRECT}"
        )
    answer = parse_qs(urlsplit(address.strip()).query)
    if "code" in answer:
        return answer["code"][0]
    why = clean(answer.get("error", ["access_denied"])[0])
    if why == "access_denied":
        raise SignInError("you declined on Spotify's page: nothing was stored")
    raise SignInError(f"Spotify refused the sign-in ({why}): run `tempo spotify status`")


@contextmanager
def listening(state: str, port: int = 0) -> Iterator[Listener]:
    """Listen for the browser meanwhile.

    Raises
    ------
    SignInError
        If the port is taken.
    """
    try:
        listener = Listener(state, port)
    except OSError as error:
        raise SignInError(f"port {port} is taken: name another with --port") from error
    thread = threading.Thread(target=listener.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield listener
    finally:
        listener.shutdown()
        listener.server_close()
