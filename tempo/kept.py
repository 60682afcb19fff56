"""Arrays that take a second to work out and never change, kept from one process to the next.

librosa and pyloudnorm bring libraries along that take longer to import than a song to measure,
and more memory. What they are asked for is the same each time.
"""

import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from tempo.track import ANALYSIS_VERSION

Arrays = dict[str, NDArray[np.floating]]


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
    place = folder / f"{name}.npz"
    try:
        with place.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            return dict(stored)
    except (OSError, ValueError, EOFError, BadZipFile):
        made = make()
        with suppress(OSError):
            _keep(made, place)
        return made


def _keep(arrays: Arrays, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    # Other processes see all of it or nothing.
    handle, draft = tempfile.mkstemp(dir=place.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez_compressed(file, allow_pickle=False, **arrays)
        Path(draft).replace(place)
    finally:
        Path(draft).unlink(missing_ok=True)


def _folder() -> Path:
    import platformdirs  # noqa: PLC0415 - as everywhere

    return platformdirs.user_cache_path("tempo", appauthor=False)
