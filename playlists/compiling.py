"""Functions compiled to machine code, for loops that numpy can only do with many arrays in between.

Numpy writes each number on the way to memory, for millions of arcs, and reads it again: that takes
several times as long. What is compiled is kept on disk, so that a machine compiles it once. It is
compiled again when its own module changes, but not when another does: a compiled function calls
none of another module.
"""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar, cast

from numba import njit

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


def is_kept(name: str) -> bool:
    """Tell whether compiled functions of a module are kept from an earlier run, maybe old ones."""
    try:
        folder = njit(cache=True)(is_kept).stats.cache_path
    except (AttributeError, RuntimeError):  # Compiling is off, or no folder may be written to.
        return False
    return any(Path(folder).glob(f"{name}.*.nbi"))


def part(function: Callable[P, R]) -> Callable[P, R]:
    """Return a function that compiled ones call, and nobody else."""
    return cast(Callable[P, R], njit(error_model="numpy")(function))
