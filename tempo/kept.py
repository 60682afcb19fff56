"""Arrays that take a second to work out and never change, kept from one process to the next.

librosa and pyloudnorm bring libraries along that take longer to import than a song to measure,
and more memory. What they are asked for is the same each time.
"""

import hashlib
import io
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tempo.track import ANALYSIS_VERSION

Arrays = dict[str, NDArray[np.floating]]

DIGEST = 32
"""Bytes in front of what is kept that tell whether it is whole."""


def kept(name: str, library: str, make: Callable[[], Arrays]) -> Arrays:
    """Return arrays that `make` made in this process or an earlier one.

    Parameters
    ----------
    name : str
        Tells all that they depend on, but for the library.
    library : str
        Distribution that makes them; another version of it, or of the analysis, is asked again.
    make : callable
    """
    whole = f"{name}-{library}-{version(library)}-{ANALYSIS_VERSION}"
    return kept_in(_folder(), whole, make)


def kept_in(folder: Path, name: str, make: Callable[[], Arrays]) -> Arrays:
    """Return arrays from `folder`, or make them and keep them there, if it can be written."""
    place = folder / name
    with suppress(OSError):
        kept = place.read_bytes()
        digest, raw = kept[:DIGEST], kept[DIGEST:]
        if digest == _digest(raw):
            with np.load(io.BytesIO(raw), allow_pickle=False) as stored:
                return dict(stored)
    made = make()
    with suppress(OSError):
        _keep(made, place)
    return made


def _keep(arrays: Arrays, place: Path) -> None:
    raw = io.BytesIO()
    np.savez_compressed(raw, allow_pickle=False, **arrays)
    place.parent.mkdir(parents=True, exist_ok=True)
    # Other processes see all of it or nothing.
    handle, draft = tempfile.mkstemp(dir=place.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(_digest(raw.getvalue()) + raw.getvalue())
        Path(draft).replace(place)
    finally:
        Path(draft).unlink(missing_ok=True)


def _digest(raw: bytes) -> bytes:
    return hashlib.blake2b(raw, digest_size=DIGEST).digest()


def _folder() -> Path:
    import platformdirs  # noqa: PLC0415 - as everywhere

    return platformdirs.user_cache_path("tempo", appauthor=False)
