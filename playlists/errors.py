"""What can go wrong while building a playlist; continues the tree of `tempo.errors`.

::

    TempoError
    ├── WorkoutError     a workout cannot be read or does not exist
    ├── PlaylistError    a playlist cannot be built, read or written
    └── ConfigError      a setting has no meaning
"""

from collections.abc import Iterator
from contextlib import contextmanager

from tempo.errors import TempoError


class WorkoutError(TempoError):
    """A workout cannot be read, or there is none of that name."""


@contextmanager
def located(where: str) -> Iterator[None]:
    """Say where in a file a workout goes wrong."""
    try:
        yield
    except WorkoutError as error:
        raise WorkoutError(f"{where}: {error}") from error


class PlaylistError(TempoError):
    """A playlist cannot be built, read or written."""


class ConfigError(TempoError):
    """A setting in the configuration file has no meaning."""
