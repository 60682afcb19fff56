"""Music on other machines, by its URL: the one door to fsspec.

``s3://bucket/music``, ``https://host/music/``, ``sftp://host/music`` and what else fsspec knows.
A file is fetched for the time of its analysis by whoever measures it, so that the decoders see
what they see of a file that is here. fsspec finds credentials where its documentation says.
"""

import errno
import hashlib
import os
import re
import shutil
import socket
import tempfile
from collections.abc import Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote, unquote_to_bytes

from tempo.errors import UnavailableError
from tempo.track import AudioFile

URL = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
CHANGES = ("LastModified", "last_modified", "mtime", "updated", "created", "ETag", "etag", "md5")
"""What file systems call that which differs once a file was changed."""
WEB = ("http://", "https://")
SIGNS = "!$&'()*+,/:;=@[]~"
"""What a name may hold as it is in an address, beside letters and digits (RFC 3986, 2.2)."""
ENCODED = re.compile(rf"(?:[{re.escape(SIGNS)}\w.-]|%[0-9a-f]{{2}})*", re.ASCII | re.IGNORECASE)
"""What is an address already; anything else is a name as it is."""
COPIES = "tempo-{}-"
"""How temporary folders of the workers of a process begin."""
NETWORK = (ConnectionError, TimeoutError, socket.gaierror)
UNREACHABLE = {errno.ENETDOWN, errno.ENETUNREACH, errno.EHOSTUNREACH}
"""What the system says where there is no way to a server, beside its own kinds of errors."""
PATIENCE = 30.0
"""Seconds for a first answer: a disk may have to wake up. Left alone, s3fs tries for minutes."""


def is_url(place: object) -> bool:
    """Tell a URL from a path, and from a URI such as ``spotify:track:…``."""
    return isinstance(place, str) and URL.match(place) is not None


def address(url: str) -> str:
    """Return a URL as it is known by, however it was typed: percent-encoded, as in playlists.

    On the web ``#``, ``?`` and ``%`` are signs; elsewhere they may be part of a name.
    """
    scheme, _, rest = url.partition("://")
    head = f"{scheme.lower()}://"
    if head in WEB:
        return head + quote(os.fsencode(rest), safe=SIGNS + "#%?")
    raw = os.fsencode(rest)
    return head + quote(unquote_to_bytes(raw) if ENCODED.fullmatch(rest) else raw, safe=SIGNS)


def remote_files(url: str) -> Iterator[AudioFile]:
    """Find the files under a URL, or the one that it names.

    Parameters
    ----------
    url : str

    Yields
    ------
    AudioFile
        Sorted by name, each under its `address`. Its time is no time, but changes with the file.

    Raises
    ------
    UnavailableError
        If the place cannot be read.
    """
    with _explained():
        system, path = _system(url)
        _heard(system, path)
        there = system.find(path, detail=True)
        if not there and not system.exists(path):  # the web lists nothing where nothing is
            raise FileNotFoundError("nothing is there")
        for name, found in sorted(there.items()):
            if name.endswith("/"):
                continue  # an empty folder
            info = found if found.get("size") is not None else system.info(name)
            yield AudioFile(_named(system, url, path, name), info.get("size") or 0, _stamp(info))


@contextmanager
def fetched(url: str) -> Iterator[Path]:
    """Hold a copy of a remote file, which goes when the context ends.

    Raises
    ------
    UnavailableError
        If the file cannot be fetched.
    """
    with tempfile.TemporaryDirectory(prefix=COPIES.format(os.getppid())) as folder:
        copy = Path(folder, "song")
        with _explained():
            system, path = _system(url)
            system.get_file(path, str(copy))
        yield copy


def clear_copies() -> None:
    """Remove what worker processes of this one held when they were ended."""
    for left in Path(tempfile.gettempdir()).glob(COPIES.format(os.getpid()) + "*"):
        shutil.rmtree(left, ignore_errors=True)


def _system(url: str) -> tuple[Any, str]:
    """Return the file system of a URL, and what the file is called there."""
    import fsspec  # noqa: PLC0415 - an extra, and slow to load

    system, path = fsspec.url_to_fs(_plain(url))
    return system, str(path)


def _plain(url: str) -> str:
    """Return a URL as file systems want it: names as they are, but on the web."""
    known = address(url)
    return known if known.startswith(WEB) else os.fsdecode(unquote_to_bytes(known))


def _named(system: Any, url: str, path: str, name: str) -> str:
    """Return the address of a file by its name, where `url` is called `path`.

    Many file systems leave the host out of names; it stands in what the person named.
    """
    if is_url(name):
        return address(name)
    plain, path = _plain(url).rstrip("/"), path.rstrip("/")
    known = plain.endswith(path)
    whole = plain.removesuffix(path) + name if known else system.unstrip_protocol(name)
    return quote(os.fsencode(whole), safe=SIGNS)


def _heard(system: Any, path: str) -> None:
    """Wait for a first answer.

    Raises
    ------
    TimeoutError
        If none comes in time.
    """
    answer: Future[object] = Future()

    def ask() -> None:
        try:
            answer.set_result(system.info(path))
        except Exception as error:  # noqa: BLE001 - it is told to who waits
            if isinstance(error, OSError) and not _silence(error):
                answer.set_result(error)  # it may still be listed: a folder of S3 is no object
            else:
                answer.set_exception(error)

    Thread(target=ask, daemon=True).start()  # who ends the program does not wait for it
    if not wait([answer], PATIENCE).done:
        raise TimeoutError(f"waited {PATIENCE:.0f} s")
    answer.result()


def _stamp(info: dict[str, Any]) -> int:
    """Return a number that changes with a file; not with the user's time zone."""
    values = [info.get(key) for key in CHANGES]
    known = [v.astimezone(UTC) if isinstance(v, datetime) and v.tzinfo else v for v in values]
    return int.from_bytes(hashlib.blake2b(repr(known).encode(), digest_size=7).digest())


def _silence(error: BaseException | None) -> str:
    """Return which server did not answer and why, if that is behind an error; else nothing."""
    causes = []
    while error:
        causes.append(error)
        error = error.__cause__ or error.__context__
    silent = [each for each in causes if isinstance(each, NETWORK) or _errno(each) in UNREACHABLE]
    if not silent:
        return ""
    hosts = [(getattr(each, "host", None), getattr(each, "port", None)) for each in causes]
    server = next((f"{host}:{port}" for host, port in hosts if host), "the server")
    last = silent[-1]  # what the system says, which others may have put in words of theirs
    code = _errno(last)
    why = os.strerror(code) if code > 0 else getattr(last, "strerror", None) or str(last)
    return f"{server} does not answer{': ' * bool(why)}{why.lower()}"


def _errno(error: BaseException) -> int:
    return getattr(error, "errno", None) or 0


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except ImportError as error:
        raise UnavailableError(
            f"needs more to be read ({error}): install that, or for S3 and the web "
            "`pip install 'tempo-playlists[remote]'`"
        ) from error
    except Exception as error:
        # Each file system has its own ways to fail; all mean that the file is not handed over.
        silence = _silence(error)
        why = silence or str(error) or type(error).__name__
        advice = "the address and the network" if silence else "the URL and your rights"
        raise UnavailableError(f"cannot be fetched ({why}): check {advice}") from error
