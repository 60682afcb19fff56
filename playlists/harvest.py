"""The user's music on Spotify as tracks of the library, each with a tempo that somebody measured.

Spotify itself no longer says the tempo of a track to new apps. So the first of these counts: the
owner's correction, what the library knows already, the same recording among the owner's files,
Spotify's numbers where the app still gets them, and ReccoBeats where the owner wants it. What has
no tempo then is listed; none is ever guessed.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from playlists.errors import PlaylistError, SpotifyError
from playlists.faults import FORBIDDEN, MISSING
from playlists.finding import is_own, recordings, remember
from playlists.recording import Recording, of_spotify, of_track, same_as_files
from playlists.spotify import Spotify
from tempo.catalog import LIMITS, published
from tempo.track import DOUBTFUL, Tags, Track

PLACES = re.compile(
    r"spotify:(liked|playlists)|"
    r"(?:spotify:|https://open\.spotify\.com/(?:intl-\w+/)?)(playlist|track)[:/]([0-9A-Za-z]{22})"
    r"(?:\?.*)?"
)
LIKED_PAGE = "https://open.spotify.com/collection/tracks"
AGREEING = 0.04
"""Two tempos this close are one: the tolerance of MIREX tempo evaluation."""
DISPUTED = DOUBTFUL / 2
"""Confidence at most in a tempo that another source contradicts: it shows as doubtful."""
FEATURES = "spotify.features"
"""Topic of notes: by client ID, that Spotify's numbers are closed to this app."""
CLOSED_SECONDS = 30 * 86_400.0

NUMBERS = ("tempo", "energy", "loudness", "danceability")
"""What is needed of published numbers, in the order of `tempo.catalog.published`."""
Numbers = Mapping[str, Any]
"""Published numbers of a track: `tempo`, `energy`, `loudness`, `danceability`."""
Source = Callable[[Sequence[Recording]], Mapping[str, Numbers]]
"""Asks for the numbers of recordings, and returns those it knows by URI."""


@dataclass(frozen=True, slots=True)
class Harvest:
    """What came of looking for tempos."""

    tracks: tuple[Track, ...]
    """New, or with another confidence: to be stored."""
    known: int
    """Tracks that the library has as they are."""
    silent: tuple[Recording, ...]
    """Tracks whose tempo nobody says."""


# -------------------------------------------------------------------- reading


def read(
    spotify: Spotify, places: Iterable[str], warn: Callable[[str], None]
) -> Iterator[Recording]:
    """Yield the tracks at some places on Spotify as they are read, each once.

    Parameters
    ----------
    spotify : Spotify
    places : iterable of str
        ``spotify:liked``, ``spotify:playlists``, ``spotify:playlist:ID``, ``spotify:track:ID``,
        or addresses of Spotify's pages.
    warn : callable
        Gets a sentence for each playlist that cannot be read.

    Raises
    ------
    PlaylistError
        If a place is none of these.
    """
    seen: set[str] = set()
    for place in places:
        for one in _at(spotify, place, warn):
            if one.uri not in seen:
                seen.add(one.uri)
                yield one


def _at(spotify: Spotify, place: str, warn: Callable[[str], None]) -> Iterator[Recording]:
    match = PLACES.fullmatch("spotify:liked" if place == LIKED_PAGE else place)
    if match is None:
        raise PlaylistError(
            f"{place} is nothing tempo can read: spotify:liked, spotify:playlists, "
            "spotify:playlist:ID, or a link to a playlist or track"
        )
    whole, kind, key = match.groups()
    if whole == "liked":
        yield from _tracks(spotify.liked())
    elif whole == "playlists":
        yield from _all_playlists(spotify, warn)
    elif kind == "playlist":
        yield from _tracks(spotify.playlist_items(key))
    else:
        one = of_spotify(spotify.track(key))
        yield from [one] if one else []


def _tracks(pages: Iterable[dict[str, Any]]) -> Iterator[Recording]:
    for page in pages:
        yield from recordings(page)


def _all_playlists(spotify: Spotify, warn: Callable[[str], None]) -> Iterator[Recording]:
    user = spotify.me()
    closed = False  # once refused, playlists of others need not be asked for
    for page in spotify.playlists():
        for playlist in filter(None, page.get("items") or []):
            own = is_own(playlist, user)
            try:
                if own or not closed:
                    yield from _tracks(spotify.playlist_items(playlist["id"]))
                    continue
            except SpotifyError as error:
                if error.status not in {FORBIDDEN, MISSING}:
                    raise
                closed = closed or not own
            warn(f"{playlist.get('name')} is left out: Spotify opens only what you made or edit")


# --------------------------------------------------------------------- tempos


def harvest(
    spotify: Spotify, wanted: Sequence[Recording], sources: Mapping[str, Source]
) -> Harvest:
    """Find a tempo for each recording.

    Parameters
    ----------
    spotify : Spotify
        Its library holds the owner's files.
    wanted : sequence of Recording
        From Spotify.
    sources : mapping of str to Source
        Asked one after the other, by the name that is stored with the tempo.
    """
    tracks = spotify.library.tracks()
    known = {track.uri: track for track in tracks if track.uri}
    twins = same_as_files(wanted, tracks)
    for one, twin in twins.items():
        remember(spotify, of_track(twin), one.uri)
    new = [_of_twin(one, twin) for one, twin in twins.items() if one.uri not in known]
    disputed = [
        replace(track, analysis=_doubted(track))
        for one, twin in twins.items()
        if (track := known.get(one.uri)) and _is_disputed(track, twin)
    ]
    rest = [one for one in wanted if one.uri not in known and one not in twins]
    for name, source in sources.items():
        said = source(rest) if rest else {}
        numbers = {uri: one for uri, one in said.items() if is_usable(one)}
        new += [_of_numbers(one, numbers[one.uri], name) for one in rest if one.uri in numbers]
        rest = [one for one in rest if one.uri not in numbers]
    count = len(wanted) - len(new) - len(disputed) - len(rest)
    return Harvest((*new, *disputed), count, tuple(rest))


def _of_twin(one: Recording, twin: Track) -> Track:
    analysis = replace(twin.analysis, duration=one.seconds or twin.analysis.duration)
    return Track(one.uri, _tags(one), analysis, "file")


def _tags(one: Recording) -> Tags:
    return Tags(one.title, one.artist, one.album, one.isrc)


def _of_numbers(one: Recording, numbers: Numbers, source: str) -> Track:
    said = (float(numbers[name]) for name in NUMBERS)
    analysis = published(one.seconds or 0.0, *said)
    return Track(one.uri, _tags(one), analysis, source)


def _is_disputed(track: Track, twin: Track) -> bool:
    """Tell whether a file contradicts what the library says, and that is not yet noted."""
    if track.source in {"fixed", "file"} or not track.bpm or not twin.bpm:
        return False
    folded = (track.bpm / twin.bpm * level for level in (0.5, 1.0, 2.0))
    same = any(abs(ratio - 1) <= AGREEING for ratio in folded)
    return not same and track.analysis.tempo.confidence > DISPUTED


def _doubted(track: Track) -> Any:
    return replace(track.analysis, tempo=replace(track.analysis.tempo, confidence=DISPUTED))


def spotifys_numbers(spotify: Spotify, client_id: str, warn: Callable[[str], None]) -> Source:
    """Return Spotify's own numbers as a source; where they are closed, that is remembered."""

    def ask(wanted: Sequence[Recording]) -> dict[str, Numbers]:
        if client_id in spotify.library.notes(FEATURES, spotify.now()):
            return {}
        try:
            answers = spotify.features([one.uri.rpartition(":")[2] for one in wanted])
            return {f"spotify:track:{one['id']}": one for one in answers}
        except SpotifyError as error:
            if error.status in {FORBIDDEN, MISSING}:
                until = spotify.now() + CLOSED_SECONDS
                spotify.library.note(FEATURES, client_id, "closed", until)
            else:
                warn(f"Spotify's tempos are left out: {error}")
            return {}

    return ask


def is_usable(numbers: Mapping[str, Any]) -> bool:
    """Tell whether published numbers are complete and can be; Spotify's 0 BPM is unknown."""
    return all(
        isinstance(value := numbers.get(name), int | float)
        and LIMITS[name][0] <= value <= LIMITS[name][1]
        for name in NUMBERS
    )
