"""What can go wrong while building a playlist; continues the tree of `tempo.errors`.

::

    TempoError
    ├── WorkoutError     a workout cannot be read or does not exist
    ├── PlaylistError    a playlist cannot be built, read or written
    ├── ConfigError      a setting has no meaning
    └── SpotifyError     Spotify cannot be used, or refuses
        ├── SignInError      nobody is signed in, or no longer
        ├── UnsureError      nobody knows whether Spotify did what it was asked
        └── StoppedError     Spotify wants to be left alone for a while
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


class SpotifyError(TempoError):
    """Spotify cannot be used, or refuses what it was asked."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        """Of the HTTP answer; None where there was none."""


class SignInError(SpotifyError):
    """Nobody is signed in to Spotify, or no longer, or with too few permissions."""


class UnsureError(SpotifyError):
    """No answer came to a request that must not be repeated blindly."""


class StoppedError(SpotifyError):
    """Spotify takes no more requests for longer than the user wants to wait."""

    exit_code = 75
    """EX_TEMPFAIL of sysexits.h: the same command will work later."""
