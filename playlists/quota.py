"""How often Spotify was asked, and until when it must be left alone."""

from datetime import UTC, datetime

from playlists.errors import StoppedError
from playlists.faults import TOO_MANY
from tempo.library import Library

STOPS, REQUESTS = "spotify.stop", "spotify.requests"
"""Topics of notes: by client ID, when Spotify may be asked again; by run, how often it was."""
DAY = 86_400.0
MANY = 500
"""Requests in a day to warn at: quotas hit users from about 1,100 on."""


def stop(library: Library, client_id: str, until: float) -> StoppedError:
    """Remember to leave Spotify alone `until` then, and return what to say."""
    library.note(STOPS, client_id, str(until), until)
    return stopped(until)


def stop_until(library: Library, client_id: str, now: float) -> float | None:
    """Return when Spotify may be asked again, seconds since 1970, or None for now."""
    until = library.notes(STOPS, now).get(client_id)
    return float(until) if until else None


def stopped(until: float) -> StoppedError:
    """Return what to say while Spotify wants to be left alone."""
    return StoppedError(
        f"Spotify takes no more requests until {local_time(until)}: what was found is kept, "
        "run the same command again after that",
        TOO_MANY,
    )


def local_time(moment: float) -> str:
    """Return a moment, seconds since 1970, as the user's clock shows it."""
    return f"{datetime.fromtimestamp(moment, UTC).astimezone():%Y-%m-%d %H:%M:%S}"


def requests_of_day(library: Library, now: float) -> int:
    """Return how many requests the last 24 hours had."""
    return sum(map(int, library.notes(REQUESTS, now).values()))


def note_requests(library: Library, run: str, count: int, now: float) -> None:
    """Remember the requests of a run for a day."""
    library.note(REQUESTS, run, str(count), now + DAY)


def purge(library: Library) -> None:
    """Forget all that was learned from Spotify, but not when it may be asked again.

    What the owner imported or corrected stays: that is their own word.
    """
    for topic in TOPICS:
        library.forget(topic)
    library.remove_imported(track for track in library.tracks() if track.source in SOURCES)


SOURCES = ("file", "spotify", "reccobeats", "deezer", "preview", "getsongbpm")
"""Sources of the tempo of tracks that were read from Spotify."""
TOPICS = (REQUESTS, "spotify.match", "spotify.playlist", "spotify.features", "silent")
"""Topics of notes that a user may want gone."""
