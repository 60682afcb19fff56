"""Music on other machines, by its URL: the one door to fsspec.

``s3://bucket/music``, ``https://host/music/``, ``sftp://host/music`` and what else fsspec knows.
A file is fetched for the time of its analysis by whoever measures it, so that the decoders see
what they see of a file that is here. fsspec finds credentials where its documentation says.
"""

import hashlib
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tempo.errors import UnavailableError
from tempo.track import AudioFile

URL = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
CHANGES = ("LastModified", "last_modified", "mtime", "updated", "created", "ETag", "etag", "md5")
"""What file systems call that which differs once a file was changed."""


def is_url(place: object) -> bool:
    """Tell a URL from a path, and from a URI such as ``spotify:track:…``."""
    return isinstance(place, str) and URL.match(place) is not None


def remote_files(url: str) -> Iterator[AudioFile]:
    """Find the files under a URL, or the one that it names.

    Parameters
    ----------
    url : str

    Yields
    ------
    AudioFile
        Sorted by name. Its time is no time, but changes with the file.

    Raises
    ------
    UnavailableError
        If the place cannot be read.
    """
    with _explained():
        system, path = _system(url)
        there = system.find(path, detail=True)
        if not there and not system.exists(path):  # a web server that is down has no files either
            raise FileNotFoundError("nothing is there, or nobody answers")
        for name, found in sorted(there.items()):
            if name.endswith("/"):
                continue  # a web server's empty folder
            info = found if found.get("size") is not None else system.info(name)
            stamp = repr([info.get(key) for key in CHANGES]).encode()
            changed = int.from_bytes(hashlib.blake2b(stamp, digest_size=7).digest())
            yield AudioFile(system.unstrip_protocol(name), info.get("size") or 0, changed)


@contextmanager
def fetched(url: str) -> Iterator[Path]:
    """Hold a copy of a remote file, which goes when the context ends.

    Raises
    ------
    UnavailableError
        If the file cannot be fetched.
    """
    with tempfile.TemporaryDirectory(prefix="tempo-") as folder:
        copy = Path(folder, "song")
        with _explained():
            system, path = _system(url)
            system.get_file(path, str(copy))
        yield copy


def _system(url: str) -> tuple[Any, str]:
    """Return the file system of a URL, and what the file is called there."""
    import fsspec  # noqa: PLC0415 - an extra, and slow to load

    system, path = fsspec.url_to_fs(url)
    return system, str(path)


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except ImportError as error:
        raise UnavailableError(
            f"needs more to be read ({error}): `pip install 'tempo-playlists[remote]'`"
        ) from error
    except Exception as error:
        # Each file system has its own ways to fail; all mean that the file is not handed over.
        why = str(error) or type(error).__name__
        raise UnavailableError(
            f"cannot be fetched ({why}): check the URL and your rights"
        ) from error
