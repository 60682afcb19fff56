"""To forget what was learned from Spotify."""

from playlists.finding import MATCHES
from playlists.harvest import FEATURES, SILENT
from playlists.push import FILES, PLAYLISTS
from playlists.spotify.quota import REQUESTS
from tempo.library import Library

SOURCES = ("file", "spotify", "reccobeats", "deezer", "preview", "getsongbpm")
"""Sources of the tempo of tracks that were read from Spotify."""


def purge(library: Library) -> None:
    """Forget all that was learned from Spotify, but not when it may be asked again.

    What the owner imported or corrected stays: that is their own word.
    """
    for topic in (REQUESTS, MATCHES, PLAYLISTS, FILES, FEATURES, SILENT):
        library.notes.forget(topic)
    library.remove_imported(track for track in library.tracks() if track.source in SOURCES)
