"""Functions compiled to machine code, for loops that numpy can only do with many arrays in between.

Numpy writes each number on the way to memory, for millions of arcs, and reads it again: that takes
several times as long. What is compiled is kept on disk, so that a machine compiles it once.

Numba compiles a function again when its own module changes, but not when another does whose
functions it calls (https://github.com/numba/numba/issues/1833). Here it calls none but those of its
own module and of `playlists.kernels`: what is compiled is kept under a name that tells of which
kernels.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from fnmatch import fnmatch
from functools import wraps
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import ParamSpec, TypeVar, cast

from numba import njit
from numba.core import event

P = ParamSpec("P")
R = TypeVar("R")


def _digest() -> str:
    """Return what differs whenever a kernel does."""
    modules = files("playlists").joinpath("kernels").iterdir()
    kernels = [module for module in modules if fnmatch(module.name, "[!.]*.py")]
    sources = sorted(kernel.name.encode() + kernel.read_bytes() for kernel in kernels)
    return sha256(b"".join(sources)).hexdigest()[:16]


KERNELS = _digest()


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Return a function that is compiled when it is called first."""
    name = function.__qualname__
    function.__qualname__ = f"{name}-{KERNELS}"  # Numba names files by it.
    try:
        kept = cast(Callable[P, R], njit(cache=True, error_model="numpy")(function))
    except RuntimeError:  # No folder may be written to: it is compiled each time.
        return part(function)
    stats = getattr(kept, "stats", None)
    if stats:  # There are none where NUMBA_DISABLE_JIT is set.
        _forget(Path(stats.cache_path), f"{function.__module__.rpartition('.')[2]}.{name}")

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return kept(*args, **kwargs)
        except OSError:  # It is compiled by now, but there was no room to keep it.
            return kept(*args, **kwargs)

    return call


def _forget(folder: Path, name: str) -> None:
    """Remove what was kept of a function with other kernels."""
    for old in folder.glob(f"{name}-*.nb[ci]"):
        if KERNELS not in old.name:
            with suppress(OSError):  # Another process has just done so, or is reading it.
                old.unlink()


@contextmanager
def heralded(tell: Callable[[], object]) -> Iterator[None]:
    """Call `tell` once, before the first function that is compiled within: it takes seconds."""
    with event.install_listener("numba:compile", _Herald(tell)):
        yield


class _Herald(event.Listener):  # type: ignore[misc] # numba has no types
    """Hears of functions that are compiled, not of those that were kept."""

    def __init__(self, tell: Callable[[], object]) -> None:
        self._tell: Callable[[], object] | None = tell

    def on_start(self, event: object) -> None:  # noqa: ARG002 - as numba calls it
        """Pass on that a function is about to be compiled."""
        tell, self._tell = self._tell, None
        if tell:
            tell()

    def on_end(self, event: object) -> None:
        """Do nothing."""


def part(function: Callable[P, R]) -> Callable[P, R]:
    """Return a function that compiled ones call, and nobody else."""
    return cast(Callable[P, R], njit(error_model="numpy")(function))


def inner(function: Callable[P, R]) -> Callable[P, R]:
    """Return one whose code goes into that of its callers: a call for each cell takes too long."""
    return cast(Callable[P, R], njit(error_model="numpy", forceinline=True)(function))
