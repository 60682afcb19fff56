"""A host on this machine that sends each of its answers a byte now and then."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

BODY = b'{"said": "at last"}'
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(BODY)


@contextmanager
def dripping() -> Iterator[str]:
    """Let the host answer meanwhile; yield its address."""
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.02)
        accepting = threading.Thread(target=_accept, args=(server, ended))
        accepting.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        ended.set()
        accepting.join()


def _accept(server: socket.socket, ended: threading.Event) -> None:
    threads = []
    while not ended.is_set():
        try:
            connection, _ = server.accept()
        except TimeoutError:
            continue
        threads.append(threading.Thread(target=_drip, args=(connection, ended)))
        threads[-1].start()
    for thread in threads:
        thread.join()


def _drip(connection: socket.socket, ended: threading.Event) -> None:
    """Answer one question, a byte each tenth of a second."""
    with connection:
        connection.recv(10_000)
        connection.sendall(ANSWER)
        for byte in BODY:
            if not ended.wait(0.1):
                connection.sendall(bytes([byte]))
