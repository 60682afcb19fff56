"""The user's music on Spotify as tracks of the library, each with a tempo that somebody measured.

Spotify itself no longer says the tempo of a track to new apps. So the first of these counts: the
owner's correction, what the library knows already, the same recording among the owner's files,
what is known of it under another name, Spotify's numbers where the app still gets them, and the
services that the owner wants to be asked. What has no tempo then is listed; none is ever guessed.
"""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from playlists.copies import same_as
from playlists.errors import SpotifyError
from playlists.finding import remember
from playlists.numbers import Said, Source, of_numbers
from playlists.recording import Recording, of_track
from playlists.spotify.api import MOST_ADDED, Spotify
from playlists.statuses import FORBIDDEN, MISSING
from playlists.web import UnansweredError
from tempo.catalog import spotify_uri
from tempo.track import DOUBTFUL, Tags, Track

AGREEING = 0.04
"""Two tempos this close are one: the tolerance of MIREX tempo evaluation."""
DISPUTED = DOUBTFUL / 2
"""Confidence at most in a tempo that another source contradicts: it shows as doubtful."""
FEATURES = "spotify.features"
"""Topic of notes: by client ID, that Spotify's numbers are closed to this app."""
CLOSED_SECONDS = 30 * 86_400.0

SILENT = "silent"
"""Topic of notes: by source and URI, that it says nothing of a track."""
SILENT_SECONDS = 30 * 86_400.0
"""Catalogs grow: after a month, a source is asked again."""


@dataclass(frozen=True, slots=True)
class Harvest:
    """What came of looking for tempos."""

    tracks: tuple[Track, ...]
    """New, or with another confidence."""
    known: int
    """Tracks that the library has as they are."""
    silent: tuple[Recording, ...]
    """Tracks whose tempo nobody says."""


def harvest(
    spotify: Spotify,
    wanted: Sequence[Recording],
    sources: Mapping[str, Source],
    warn: Callable[[str], None],
) -> Harvest:
    """Find a tempo for each recording, and store it at once.

    Parameters
    ----------
    spotify : Spotify
        Its library holds the owner's files.
    wanted : sequence of Recording
        From Spotify.
    sources : mapping of str to Source
        Asked one after the other, by the name that is stored with the tempo.
    warn : callable
        Gets a sentence for each source that does not answer; what it said until then counts.
    """
    tracks = spotify.library.tracks()
    known = {track.uri: track for track in tracks if track.uri}
    twins = _twins(wanted, tracks, known)
    for one, twin in twins.items():
        if twin.path:
            remember(spotify, of_track(twin), one.uri)
    new = [_of_twin(one, twin) for one, twin in twins.items() if one.uri not in known]
    disputed = [
        replace(track, analysis=_doubted(track))
        for one, twin in twins.items()
        if (track := known.get(one.uri)) and _is_disputed(track, twin)
    ]
    spotify.library.add_imported([*new, *disputed])
    rest = [one for one in wanted if one.uri not in known and one not in twins]
    for name, source in sources.items():
        said = _ask(spotify, name, source, rest, warn)
        new += said
        rest = [one for one in rest if one.uri not in {track.uri for track in said}]
    count = len(wanted) - len(new) - len(disputed) - len(rest)
    return Harvest((*new, *disputed), count, tuple(rest))


def _twins(
    wanted: Sequence[Recording], tracks: Iterable[Track], known: Container[str]
) -> dict[Recording, Track]:
    """Return the same recordings under another name: files, or what a table said without IDs."""
    tracks = list(tracks)
    files = same_as(wanted, (track for track in tracks if track.path))
    rest = [one for one in wanted if one not in files and one.uri not in known]
    return files | same_as(rest, (t for t in tracks if t.uri and not spotify_uri(t.uri)))


def _of_twin(one: Recording, twin: Track) -> Track:
    analysis = replace(twin.analysis, duration=one.seconds or twin.analysis.duration)
    return Track(one.uri, _tags(one), analysis, "file" if twin.path else twin.source)


def _tags(one: Recording) -> Tags:
    return Tags(one.title, one.artist, one.album, one.isrc)


def _ask(
    spotify: Spotify, name: str, source: Source, wanted: Sequence[Recording],
    warn: Callable[[str], None],
) -> list[Track]:  # fmt: skip
    """Return what a source says; of what it knows nothing, it is not asked again soon."""
    silent = spotify.library.notes.of(SILENT, spotify.now())
    asked = [one for one in wanted if f"{name} {one.uri}" not in silent]
    found: list[Track] = []
    nothing: dict[str, str] = {}
    try:
        for one, analysis in source(asked) if asked else ():
            if analysis:
                found.append(Track(one.uri, _tags(one), analysis, name))
            else:
                nothing[f"{name} {one.uri}"] = ""
    except (SpotifyError, UnansweredError):
        warn(f"{name} does not answer as it should: the rest of its tempos is left out")
    finally:  # also where the user interrupts it
        spotify.library.notes.add_all(SILENT, nothing, spotify.now() + SILENT_SECONDS)
        spotify.library.add_imported(found)
    return found


def _is_disputed(track: Track, twin: Track) -> bool:
    """Tell whether a file contradicts what the library says, and that is not yet noted."""
    if track.source in {"fixed", "file"} or not track.bpm or not twin.bpm:
        return False
    folded = (track.bpm / twin.bpm * level for level in (0.5, 1.0, 2.0))
    same = any(abs(ratio - 1) <= AGREEING for ratio in folded)
    return not same and track.analysis.tempo.confidence > DISPUTED


def _doubted(track: Track) -> Any:
    return replace(track.analysis, tempo=replace(track.analysis.tempo, confidence=DISPUTED))


def spotifys_numbers(spotify: Spotify, client_id: str) -> Source:
    """Return Spotify's own numbers as a source; where they are closed, that is remembered."""

    def ask(wanted: Sequence[Recording]) -> Said:
        if client_id in spotify.library.notes.of(FEATURES, spotify.now()):
            return
        try:
            for start in range(0, len(wanted), MOST_ADDED):
                few = wanted[start : start + MOST_ADDED]
                rows = spotify.features([one.uri.rpartition(":")[2] for one in few])
                found = {f"spotify:track:{row.get('id')}": row for row in rows}
                yield from ((one, of_numbers(one, found.get(one.uri, {}))) for one in few)
        except SpotifyError as error:
            if error.status not in {FORBIDDEN, MISSING}:
                raise
            until = spotify.now() + CLOSED_SECONDS
            spotify.library.notes.add(FEATURES, client_id, "closed", until)

    return ask
