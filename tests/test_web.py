"""Questions to services end, whatever these do."""

import socket
import threading
from collections.abc import Iterator

import pytest

from playlists.web import Service, UnansweredError, fetch
from tests.spotify_fake import FakeSpotify, Fault
from tests.spotify_server import serving

BODY = b'{"said": "at last"}'
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(BODY)


@pytest.fixture
def slow() -> Iterator[str]:
    """Return the address of a host that sends a byte now and then."""
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=drip, args=(server, ended))
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        ended.set()
        thread.join()


def drip(server: socket.socket, ended: threading.Event) -> None:
    """Answer one question, a byte each tenth of a second."""
    connection, _ = server.accept()
    with connection:
        connection.recv(10_000)
        connection.sendall(ANSWER)
        for byte in BODY:
            if not ended.wait(0.1):
                connection.sendall(bytes([byte]))


def test_dripping_download_ends(slow: str) -> None:
    """A download that drips is given up, though each byte comes in time."""
    with pytest.raises(UnansweredError):
        fetch(slow, 1000, patience=0.3)


def test_dripping_answer_ends(slow: str) -> None:
    """So is an answer."""
    with pytest.raises(UnansweredError):
        Service(slow, 0.0, patience=0.3).ask("/x")


def test_slow_answer_counts(slow: str) -> None:
    """What is slow but ends in time is an answer."""
    assert fetch(slow, 1000) == BODY


@pytest.mark.parametrize("text", ["", "{", "[]", "3", "[" * 200_000, "9" * 5_000, "<html>"])
def test_what_is_no_answer(text: str) -> None:
    """What is no object of JSON is no answer."""
    with serving(FakeSpotify()) as fake:
        fake.faults.append(Fault("GET", "/deezer/.*", 200, text))
        with pytest.raises(UnansweredError):
            Service(f"{fake.url}/deezer", 0.0).ask("/search", q="夜に駆ける")
