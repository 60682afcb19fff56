"""How often Spotify was asked, and until when it must be left alone."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime

from playlists.errors import StoppedError
from playlists.statuses import TOO_MANY
from tempo.library import Library

STOPS, REQUESTS = "spotify.stop", "spotify.requests"
"""Topics of notes: by client ID, when Spotify may be asked again; by run, how often it was."""
DAY = 86_400.0


class Quota:
    """How often one run asks Spotify, and whether it may.

    Parameters
    ----------
    library : Library
        Remembers it for the next run.
    client_id : str
        Of the app that Spotify counts.
    now : callable
        The clock, seconds since 1970.
    """

    def __init__(self, library: Library, client_id: str, now: Callable[[], float]) -> None:
        self._library, self._client_id, self._now = library, client_id, now
        self._run = f"{now():.0f} {secrets.token_hex(4)}"
        self._before = requests_of_day(library, now())
        self.count = 0
        """Requests of this run."""

    @property
    def count_of_day(self) -> int:
        """Requests in the last 24 hours."""
        return self._before + self.count

    def note(self) -> None:
        """Remember one more request, for a day."""
        self.count += 1
        self._library.notes.add(REQUESTS, self._run, str(self.count), self._now() + DAY)

    def check(self) -> None:
        """Raise `StoppedError` where Spotify wants to be left alone."""
        until = stop_until(self._library, self._client_id, self._now())
        if until is not None:
            raise _stopped(until)

    def stop(self, seconds: float) -> StoppedError:
        """Remember to leave Spotify alone for so long, and return what to say."""
        until = self._now() + seconds
        self._library.notes.add(STOPS, self._client_id, str(until), until)
        return _stopped(until)


def stop_until(library: Library, client_id: str, now: float) -> float | None:
    """Return when Spotify may be asked again, seconds since 1970, or None for now."""
    until = library.notes.of(STOPS, now).get(client_id)
    return float(until) if until else None


def requests_of_day(library: Library, now: float) -> int:
    """Return how many requests the last 24 hours had."""
    return sum(map(int, library.notes.of(REQUESTS, now).values()))


def local_time(moment: float) -> str:
    """Return a moment, seconds since 1970, as the user's clock shows it."""
    return f"{datetime.fromtimestamp(moment, UTC).astimezone():%Y-%m-%d %H:%M:%S}"


def _stopped(until: float) -> StoppedError:
    return StoppedError(
        f"Spotify takes no more requests until {local_time(until)}: what was found is kept, "
        "run the same command again after that",
        TOO_MANY,
    )
