"""Whether two descriptions, by a tag and by a catalog, are of the same recording.

A wrong match is worse than none: a live take at another tempo breaks a run. So what must agree
is decided by rules, not by a score; the score only chooses what to show where nothing agrees.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, compress
from typing import Any

from tempo.catalog import spotify_uri
from tempo.rows import Rows
from tempo.tags import clean
from tempo.track import Track

SAME_LENGTH = 2.0
"""Seconds that one recording differs in length between shops, as spotify_to_tidal has it."""
SAME_LENGTH_ISRC = 7.0
"""The same where the ISRC agrees, which labels sometimes use twice."""
VERSIONS = frozenset((
    "acapella", "acoustic", "bootleg", "club", "cover", "demo", "dub", "edit", "extended",
    "instrumental", "karaoke", "live", "mashup", "mix", "nightcore", "orchestral", "piano",
    "reprise", "remix", "rework", "session", "sessions", "slowed", "sped", "speed", "tribute",
    "unplugged", "vip",
))  # fmt: skip
"""Words that make another recording of a song; as often in one title as in the other."""
NOISE = frozenset((
    "album", "bonus", "clean", "deluxe", "digital", "digitally", "explicit", "lp", "mono",
    "original", "remaster", "remastered", "single", "stereo", "track", "version",
))  # fmt: skip
"""Words in brackets or after a dash that do not."""
FEATURED = re.compile(r"\b(?:feat|ft|featuring)\b.*", re.IGNORECASE)
SOUNDTRACK = re.compile(r"from\b.*")
YEAR = re.compile(r"(?:19|20)\d\d")
WORD = re.compile(r"\w+")
CLAUSE = re.compile(r"[(\[{]([^()\[\]{}]*)[)\]}]|\s[-\u2013\u2014]\s+(.*)")
JOINTS = re.compile(r"[,;&/+]|\b(?:x|feat|ft|featuring|with|and|vs)\b\.?", re.IGNORECASE)
UNWRITTEN = re.compile("['`\u00b4\u2019\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u3099\u309a]+")
"""Apostrophes, and the marks over and under Latin, Greek, Cyrillic, Hebrew, Arabic and kana."""
SPELLINGS = (("a cappella", "acapella"), ("acappella", "acapella"), ("original mix", "original"))


@dataclass(frozen=True, slots=True)
class Recording:
    """A piece of music as a tag or a catalog describes it."""

    title: str
    artist: str
    """Several names with commas between them; empty where unknown."""
    seconds: float | None = None
    isrc: str = ""
    uri: str = ""
    """``spotify:track:…``, where it is known."""
    playable: bool = True
    album: str = ""

    @property
    def name(self) -> str:
        """Artist and title."""
        return f"{self.artist} - {self.title}" if self.artist else self.title


def of_track(track: Track) -> Recording:
    """Return how the library describes a track."""
    uri = spotify_uri(track.uri or "")
    return Recording(track.title, track.artist, track.analysis.duration, track.tags.isrc, uri)


def of_spotify(item: Mapping[str, Any] | None) -> Recording | None:
    """Return how Spotify describes a track; None for an episode, a local file or a gap."""
    if not item or item.get("type", "track") != "track" or not item.get("id"):
        return None
    artists = ", ".join(
        str(artist.get("name") or "") for artist in filter(None, item.get("artists") or [])
    )
    isrc = str((item.get("external_ids") or {}).get("isrc") or "")
    return Recording(
        clean(str(item.get("name") or "")),
        clean(artists),
        float(item.get("duration_ms") or 0) / 1000 or None,
        re.sub("[^A-Z0-9]", "", isrc.upper()),
        f"spotify:track:{item['id']}",
        item.get("is_playable") is not False,
        clean(str((item.get("album") or {}).get("name") or "")),
    )


def difference(wanted: Recording, found: Recording) -> str:
    """Return in what two recordings differ; nothing where they are the same.

    Parameters
    ----------
    wanted, found : Recording
        From the user's library and from a catalog.
    """
    same_isrc = bool(wanted.isrc) and wanted.isrc == found.isrc
    reasons = _length(wanted, found, SAME_LENGTH_ISRC if same_isrc else SAME_LENGTH)
    if not same_isrc:
        reasons = chain(_texts(wanted, found), reasons)
    return next(chain(["not to be played in your country"] * (not found.playable), reasons), "")


def _texts(wanted: Recording, found: Recording) -> Iterator[str]:
    if _versions(wanted.title) != _versions(found.title):
        yield "another version"
    if not _same_title(wanted.title, found.title):
        yield "another title"
    if not wanted.artist.strip():
        yield "the artist of your file is not known"
    elif not artists(wanted.artist) & artists(found.artist):
        yield "another artist"


def _length(wanted: Recording, found: Recording, most: float) -> Iterator[str]:
    off = (found.seconds or 0.0) - (wanted.seconds or 0.0)
    if wanted.seconds and found.seconds and abs(off) > most:
        yield f"{abs(off):.0f} s {'longer' if off > 0 else 'shorter'}"


def best(
    wanted: Recording, candidates: Iterable[Recording]
) -> tuple[Recording | None, Recording | None]:
    """Return the candidate that is the wanted recording, if any, and the nearest of the others."""
    fitting: list[Recording] = []
    others: list[Recording] = []
    for candidate in candidates:
        (others if difference(wanted, candidate) else fitting).append(candidate)
    nearest = max(others, key=lambda other: _likeness(wanted, other), default=None)
    return min(fitting, key=lambda one: _off(wanted, one), default=None), nearest


def _off(wanted: Recording, found: Recording) -> float:
    return abs((found.seconds or 0.0) - (wanted.seconds or 0.0))


def _likeness(wanted: Recording, found: Recording) -> float:
    """Return how alike two recordings are; a word is worth ten seconds, an artist twenty."""
    shared = set(words(wanted.title)) & set(words(found.title))
    same_artist = bool(artists(wanted.artist) & artists(found.artist))
    return len(shared) + 2 * same_artist - min(_off(wanted, found), 30) / 10


def index(recording: Recording) -> set[str]:
    """Return keys of which two descriptions of one recording share at least one."""
    titles = {" ".join(words(title)) for title in (recording.title, base(recording.title))}
    return titles | ({recording.isrc} if recording.isrc else set())


def same_as(wanted: Iterable[Recording], tracks: Iterable[Track]) -> dict[Recording, Track]:
    """Return the track that is the same recording, for each of `wanted` that has one."""
    files: dict[str, list[tuple[Recording, Track]]] = {}
    for track in tracks:
        own = of_track(track)
        for key in index(own):
            files.setdefault(key, []).append((own, track))
    found = {}
    for one in wanted:
        near = chain.from_iterable(files.get(key, []) for key in sorted(index(one)))
        same = [(own, track) for own, track in near if not difference(own, one)]
        if same:
            found[one] = min(same, key=lambda own: (own[0].isrc != one.isrc, str(own[1].location)))[
                1
            ]
    return found


def without_copies(tracks: Iterable[Track]) -> Sequence[Track]:
    """Return tracks less those that are no files and the same recording as a file.

    Looked at are those that were found so before, or have the ISRC of a file: comparing the
    titles of a large catalog would take longer than building a playlist from it.
    """
    if isinstance(tracks, Rows) and not _suspicious(tracks):
        return tracks
    tracks = list(tracks)
    isrcs = {track.tags.isrc for track in tracks if track.path} - {""}
    suspects = {
        track.uri: of_track(track)
        for track in tracks
        if track.uri and (track.source == "file" or track.tags.isrc in isrcs)
    }
    files = (track for track in tracks if track.path)
    copies = same_as(suspects.values(), files) if suspects else {}
    gone = {uri for uri, one in suspects.items() if one in copies}
    return [track for track in tracks if track.uri not in gone]


def _suspicious(rows: Rows) -> bool:
    """Tell whether any track may be such a copy, without making the tracks."""
    is_file = [isinstance(place, bytes) for place in rows.column("place")]  # a URI is text
    isrc, source = rows.column("isrc"), rows.column("source")
    isrcs = set(compress(isrc, is_file)) - {""}
    others = zip(is_file, source, isrc, strict=True)
    return any(not file and (found == "file" or code in isrcs) for file, found, code in others)


# --------------------------------------------------------------------- texts


def words(text: str) -> list[str]:
    """Return the words of a text without case, accents and apostrophes."""
    bare = folded(text)
    for spelling, usual in SPELLINGS:
        bare = bare.replace(spelling, usual)
    return WORD.findall(bare) or [text.strip()]


def folded(text: str) -> str:
    """Return a text without case, accents and apostrophes."""
    plain = text if text.isascii() else unicodedata.normalize("NFKD", text)
    return UNWRITTEN.sub("", plain.casefold())


def artists(text: str) -> frozenset[str]:
    """Return the names in a text, and the text as one name."""
    names = (words(part) for part in [text, *JOINTS.split(text)] if part.strip())
    return frozenset(" ".join(name[name[:1] == ["the"] and len(name) > 1 :]) for name in names)


def base(title: str) -> str:
    """Return a title without what stands in brackets or after a dash."""
    return FEATURED.sub("", CLAUSE.sub(" ", title)).strip() or title


def _clauses(title: str) -> frozenset[str]:
    """Return the words in brackets or after a dash that tell recordings apart."""
    found: set[str] = set()
    for one, other in CLAUSE.findall(title):
        text = " ".join(words(one or other))
        if not SOUNDTRACK.match(text):
            found |= {word for word in words(FEATURED.sub("", text)) if not YEAR.fullmatch(word)}
    return frozenset(found - NOISE - {""})


def _versions(title: str) -> Counter[str]:
    plain = words(FEATURED.sub("", " ".join(words(title))))
    return Counter(word for word in plain if word in VERSIONS)


def _same_title(one: str, other: str) -> bool:
    if words(one) == words(other):
        return True
    first, second = _clauses(one), _clauses(other)
    nested = first <= second or second <= first
    return words(base(one)) == words(base(other)) and nested
