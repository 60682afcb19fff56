"""The fake Spotify, and the services beside it, on this machine; each answer is checked."""

import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from tests.spotify_fake import Answer, Call, FakeSpotify, Fault, error
from tests.spotify_schema import ANSWERS, ROUTES


def _sampled(answer: Any) -> Any:
    """Return an answer with three items of its page: the others are made alike."""
    if isinstance(answer, dict) and isinstance(answer.get("items"), list):
        return {**answer, "items": [*answer["items"][:2], *answer["items"][-1:]]}
    return answer


class Handler(BaseHTTPRequestHandler):
    """Carries requests to the fake and its answers back."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    fake: FakeSpotify

    def do(self) -> None:
        """Answer a request of any method."""
        with self.fake.lock:
            self._do()

    do_GET = do_POST = do_PUT = do_DELETE = do  # noqa: N815 - http.server calls them so

    def _do(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        parts = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        self.fake.headers.append(dict(self.headers))
        if re.match("/(deezer|getsong|reccobeats)/", parts.path):
            self._check_stranger()
        if parts.path == "/accounts/authorize":
            self._send(302, "", {"Location": self.fake.authorize(query)})
            return
        fault = self.fake.fault_for(self.command, parts.path.removeprefix("/v1"))
        if fault and not fault.after_commit:
            status, answer = fault.status, fault.body
            self._log(parts.path, query, raw, status, answer)
            self._fail(fault, status, answer)
            return
        if parts.path == "/reccobeats/v1/audio-features":
            status, answer = self.fake.reccobeats(query["ids"])
            self._log(parts.path, query, raw, status, answer)
        elif parts.path.startswith("/deezer/stream/"):
            self._clip(parts.path, query)
            return
        elif parts.path.startswith(("/deezer/", "/getsong/")):
            self.fake.foreign.append((parts.path, query, dict(self.headers)))
            if parts.path.startswith("/deezer/"):
                status, answer = self.fake.deezer_answer(parts.path.removeprefix("/deezer"), query)
            else:
                status, answer = self.fake.getsong_answer(query)
            self._log(parts.path, query, raw, status, answer)
        elif parts.path == "/accounts/api/token":
            status, answer = self.fake.grant(dict(parse_qsl(raw.decode())))
        else:
            status, answer = self._api(parts.path.removeprefix("/v1"), query, raw)
            self._log(parts.path, query, raw, status, answer)
        if fault:
            self._fail(fault, fault.status, answer if fault.how == "truncate" else fault.body)
        else:
            self._send(status, answer)

    def _check_stranger(self) -> None:
        """Note where another service than Spotify gets what is meant for Spotify."""
        said = f"{self.path} {self.headers}"
        if "Authorization" in self.headers or any(token in said for token in self.fake.access):
            self.fake.wrong.append(f"{self.path} got the token")

    def _clip(self, path: str, query: dict[str, str]) -> None:
        """Send a clip, if its address has not ended."""
        sound = self.fake.clips.get(path.rpartition("/")[2])
        ended = float(query.get("exp", "inf")) < time.time()
        self._log(path, query, b"", 403 if ended else 200, None)
        self.send_response(403 if ended or sound is None else 200)
        self.send_header("Content-Length", "0" if ended else str(len(sound or b"")))
        self.end_headers()
        if sound and not ended:
            self.wfile.write(sound)

    def _api(self, path: str, query: dict[str, str], raw: bytes) -> Answer:
        kind, _, token = self.headers.get("Authorization", "").partition(" ")
        if kind != "Bearer" or token not in self.fake.access:
            return error(401, "The access token expired")
        scope = self.fake.access[token]
        return self.fake.answer(self.command, path, query, self._body(raw), scope)

    def _body(self, raw: bytes) -> Any:
        """Return what was sent: JSON, or a picture as text; forms hold secrets."""
        if "form" in self.headers.get("Content-Type", ""):
            return None
        if self.headers.get("Content-Type") == "image/jpeg":
            return raw.decode()
        return json.loads(raw) if raw else None

    def _log(self, path: str, query: dict[str, str], raw: bytes, status: int, answer: Any) -> None:
        path = path.removeprefix("/v1")
        body = self._body(raw)
        self.fake.calls.append(Call(self.command, path, query, body, status, answer))
        for (method, pattern), (_, _, usual, shape, _) in ROUTES.items():
            same = re.fullmatch(pattern.replace("{id}", r"\w+"), path)
            if same and method == self.command and status == usual and shape:
                problem = next(ANSWERS[method, pattern].iter_errors(_sampled(answer)), None)
                if problem:
                    self.fake.wrong.append(f"{method} {path} is answered {problem.message}")

    def _fail(self, fault: Fault, status: int, answer: Any) -> None:
        if fault.how == "drop":
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
        elif fault.how == "hang":
            time.sleep(0.6)  # twice as long as `connected` waits
            self.close_connection = True
        elif fault.how == "truncate":
            self._send(200, json.dumps(answer)[:-7], fault.headers)
        else:
            self._send(status, answer, fault.headers)

    def _send(self, status: int, answer: Any, headers: dict[str, str] = {}) -> None:  # noqa: B006 - only read
        text = isinstance(answer, str)
        raw = b"" if answer is None else (answer if text else json.dumps(answer)).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain" if text else "application/json")
        self.send_header("Content-Length", str(len(raw)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving(fake: FakeSpotify) -> Iterator[FakeSpotify]:
    """Let a fake answer on this machine meanwhile."""
    handler = type("Bound", (Handler,), {"fake": fake})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    fake.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        assert not fake.wrong, fake.wrong
