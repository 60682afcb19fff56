"""Functions compiled to machine code, for loops that numpy can only do with many arrays in between.

Numpy writes each number on the way to memory, for millions of arcs, and reads it again: that takes
several times as long. What is compiled is kept on disk, so that a machine compiles it once. It is
compiled again when its own module changes, but not when another does: a compiled function calls
none of another module.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar, cast

from numba import njit
from numba.core import event

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Return a function that is compiled when it is called first."""
    try:
        kept = cast(Callable[P, R], njit(cache=True, error_model="numpy")(function))
    except RuntimeError:  # No folder may be written to: it is compiled each time.
        return part(function)

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return kept(*args, **kwargs)
        except OSError:  # It is compiled by now, but there was no room to keep it.
            return kept(*args, **kwargs)

    return call


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
