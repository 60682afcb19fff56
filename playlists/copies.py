"""The same recording twice in a library: as a file, and in a catalog."""

from collections.abc import Iterable, Sequence
from itertools import chain, compress

from playlists.recording import Recording, difference, index, of_track
from tempo.rows import Rows
from tempo.track import Track


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
        order = sorted(same, key=lambda each: (each[0].isrc != one.isrc, str(each[1].location)))
        if order:
            _, found[one] = order[0]
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
