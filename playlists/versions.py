"""Versions of one song: it should not be heard twice in one workout.

Two tracks are versions of one song if they have

1. the same leading artist: the first that is named, guests and bands behind left aside;
2. the same bare title: without case, accents and signs, and without what only says how or where
   the song was recorded and published (live, acoustic, remastered, single, radio edit, a year, a
   guest, ``From "Rocky IV"``). What stands in brackets or after a dash and says something else
   (a part, a movement, more of the title) counts as title;
3. lengths of which the longer is at most twice the shorter, directly or by way of a third.

Of files that name no artist, those are one song that measure the same to the last digit: copies.

A remix or an edit with a name, an instrumental, a song sped up, and a cover by others are other
songs: people keep them because they are different.
"""

import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from playlists.titles import (
    FEATURED,
    NOBODY,
    NOISE,
    VERSIONS,
    WORD,
    YEAR,
    folded_lines,
    leads,
)
from tempo.rows import Rows, places, those
from tempo.track import Track

OTHER_SONGS = frozenset((
    "acapella", "bootleg", "commentary", "cover", "dub", "flip", "instrumental", "interlude",
    "intro", "karaoke", "mashup", "medley", "nightcore", "outro", "part", "parts", "pt", "remix",
    "reprise", "rework", "rmx", "skit", "slowed", "sped", "speed", "tribute", "vip",
))  # fmt: skip
"""Words in brackets or after a dash that make another song."""
SAME_SONG = (VERSIONS | NOISE | {
    "ao", "anniversary", "edited", "edition", "en", "ep", "film", "full", "inch", "length",
    "main", "movie", "ost", "radio", "recorded", "recording", "remasterizado", "remasterizada",
    "remastering", "rerecorded", "soundtrack", "stripped", "take", "the", "versions", "video",
    "vinyl", "vivo", "7", "12", "45",
}) - OTHER_SONGS  # fmt: skip
"""Words there that do not, if there are no others."""
BY_OTHERS = frozenset(("edit", "mix"))
"""Words there that make another song beside a name, as in *Hardfloor Mix*."""
TELLING = SAME_SONG - BY_OTHERS - {"ao", "club", "en", "full", "length", "main", "the", "7", "12"}
"""Words there that do not, whatever stands beside them, as in *Pittsburgh, live*."""
BEFORE_NAMES = frozenset(("from", "live", "with"))
"""First words of what names a film, a place or guests."""
LONGEST = 2.0
"""Times the shorter version: a radio edit is rarely less than half of its original; beyond, titles
such as *Intro* name different pieces."""
BRACKETS = re.compile(r"[(\[{]([^()\[\]{}]*)[)\]}]")
DASH = re.compile(r"\s[-\u2013\u2014]+\s+")


def without_versions(tracks: Sequence[Track], wanted: Iterable[Track] = ()) -> Sequence[Track]:
    """Return `tracks` less all versions of a song but one, in their order.

    Parameters
    ----------
    tracks : sequence of Track
    wanted : iterable of Track
        Tracks that stay whatever other versions there are.

    Returns
    -------
    sequence of Track
        Of each song those `wanted`, or else the version with the strongest beat; of equal ones
        the one whose tempo is more certain, then the one whose location comes first.
    """
    asked = {os.fsencode(track.location) for track in wanted}
    facts, kept = _facts(tracks), np.ones(len(tracks), dtype=bool)
    for alike in _songs(facts):
        strongest = min(alike, key=lambda i: (-facts.beat[i], -facts.confidence[i], facts.place[i]))
        must = [i for i in alike if facts.place[i] in asked]
        kept[alike] = False
        kept[must or strongest] = True
    return those(tracks, kept)


def songs(tracks: Sequence[Track]) -> Iterator[list[int]]:
    """Yield the indices of the versions of each song of which there is more than one."""
    return _songs(_facts(tracks))


@dataclass(frozen=True, slots=True)
class _Facts:
    """What tells versions apart, one value a track."""

    place: Sequence[bytes]
    artist: Sequence[str]
    title: Sequence[str]
    duration: Sequence[float]
    beat: Sequence[float]
    loudness: Sequence[float]
    confidence: Sequence[float]
    is_file: Sequence[bool]


def _facts(tracks: Sequence[Track]) -> _Facts:
    if not isinstance(tracks, Rows):
        return _Facts(
            places(tracks),
            [track.artist for track in tracks],
            [track.title for track in tracks],
            [track.analysis.duration for track in tracks],
            [track.analysis.beat_strength for track in tracks],
            [track.analysis.loudness for track in tracks],
            [track.analysis.tempo.confidence for track in tracks],
            [track.path is not None for track in tracks],
        )
    artists, titles = list(tracks.column("artist")), list(tracks.column("title"))
    for i in [i for i, title in enumerate(titles) if not title]:
        artists[i], titles[i] = tracks[i].artist, tracks[i].title
    confidence, fixed = tracks.column("confidence"), tracks.column("fixed_bpm")
    if any(fixed):
        sure = zip(fixed, confidence, strict=True)
        confidence = [found if bpm is None else 1.0 for bpm, found in sure]
    return _Facts(
        places(tracks),
        artists,
        titles,
        tracks.column("duration"),
        tracks.column("beat_strength"),
        tracks.column("loudness"),
        confidence,
        [isinstance(place, bytes) for place in tracks.column("place")],  # a URI is text
    )


def _songs(facts: _Facts) -> Iterator[list[int]]:
    names = sorted({"", *facts.artist})
    lead_of = dict(zip(names, leads(names), strict=True))
    titles = folded_lines(facts.title).split("\n")
    starts = _starts(titles) if facts.title else []
    pairs = zip(map(lead_of.__getitem__, facts.artist), starts, strict=True)
    keys = ["" if lead in NOBODY else f"{lead}\n{start}" for lead, start in pairs]
    often, groups = Counter(keys), dict[str, list[int]]()
    for i, key in enumerate(keys):
        if key and often[key] > 1:
            groups.setdefault(f"{lead_of[facts.artist[i]]}\n{_bared(titles[i])}", []).append(i)
    for alike in groups.values():
        if len(alike) > 1:
            yield from _of_like_length(alike, facts.duration)
    nobody = {name for name, lead in lead_of.items() if lead in NOBODY}
    yield from _copies(facts, [i for i, name in enumerate(facts.artist) if name in nobody])


def _copies(facts: _Facts, some: Iterable[int]) -> Iterator[list[int]]:
    """Yield the indices of files that hold the same sound, where there are several."""
    groups: dict[tuple[float, ...], list[int]] = {}
    for i in some:
        if facts.is_file[i]:
            sound = facts.duration[i], facts.beat[i], facts.loudness[i]
            groups.setdefault(sound, []).append(i)
    yield from (alike for alike in groups.values() if len(alike) > 1)


def _of_like_length(alike: list[int], duration: Sequence[float]) -> Iterator[list[int]]:
    by_length = sorted(alike, key=lambda i: duration[i])
    cuts = [
        k for k, (i, j) in enumerate(pairwise(by_length), 1) if duration[j] > LONGEST * duration[i]
    ]
    for start, end in pairwise([0, *cuts, len(by_length)]):
        if end - start > 1:
            yield by_length[start:end]


def _starts(titles: Sequence[str]) -> list[str]:
    """Return the first word of each bare title: that of versions is the same, and costs less."""
    found = map(WORD.match, titles)
    return [
        word[0] if word else _bared(title).partition(" ")[0]
        for word, title in zip(found, titles, strict=True)
    ]


def _bared(title: str) -> str:
    """Return a folded title without what does not tell songs apart; see above."""
    plain = title.replace(" ", "").isalnum() and "feat" not in title
    return title if plain else _bare(title)


def _bare(title: str) -> str:
    first, *rest = DASH.split(title)
    clauses = BRACKETS.findall(first)
    for text in rest:
        clauses += [*BRACKETS.findall(text), BRACKETS.sub(" ", text)]
    main = WORD.findall(FEATURED.sub("", BRACKETS.sub(" ", first))) or WORD.findall(first)
    return " ".join([*main, *filter(None, map(_telling, clauses))]) or title


@lru_cache(maxsize=4096)
def _telling(clause: str) -> str:
    """Return what of the text in brackets or after a dash tells songs apart."""
    words = [word for word in WORD.findall(FEATURED.sub("", clause)) if not YEAR.fullmatch(word)]
    told = frozenset(words)
    if told & OTHER_SONGS:
        return " ".join(word for word in words if word not in TELLING)
    if not words or words[0] in BEFORE_NAMES or told <= SAME_SONG:
        return ""
    return " ".join(words) if told & BY_OTHERS or not told & TELLING else ""
