"""To bring a folder to hold a playlist with its songs.

Conventions
-----------
Songs get new names, so that no path of a playlist can lead out of the folder.
"""

import errno
import tempfile
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from playlists.errors import PlaylistError
from playlists.export.copying import size_of
from playlists.export.folder import PLAYLIST, Folder
from playlists.export.naming import Song, songs
from playlists.export.source import checked, digest, is_already, transcode_song
from playlists.export.turns import alone
from playlists.formats.listing import Listing
from playlists.formats.registry import Format, written
from tempo.errors import AudioError
from tempo.screen import counted, weight

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
ADVICE = {
    **dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), "make it yours to write"),
    **dict.fromkeys((errno.EEXIST, errno.ENOTDIR), "name a folder"),
}
"""What else than a cable may be the matter."""
NO_LIMIT = float("inf")


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a song."""

    song: Song
    how: str
    """`copied`, `transcoded`, `renamed`, `kept`, or why there is none."""
    size: int = 0
    """Bytes in the folder; 0 where there is none."""


def export(
    playlist: Listing, path: Path, into: Format, name: str, *, as_format: str | None = None,
    limit: float = NO_LIMIT,
) -> Generator[Done, None, None]:  # fmt: skip
    """Bring a folder to hold a playlist and its songs, and nothing else of ours.

    Parameters
    ----------
    playlist : Listing
    path : Path
        The folder: created when missing; the folder that holds it must be there.
    into : Format
        Format of the playlist file.
    name : str
        Its name.
    as_format : str, optional
        Key of `tempo.encoders.ENCODERS`: songs of other formats are transcoded.
    limit : float
        Bytes that the songs may take; the first song that does not fit ends the playlist.

    Yields
    ------
    Done
        As songs are done.

    Raises
    ------
    PlaylistError
        If no song can be had or the first is beyond the limit, the manifest is damaged, a file is
        in the way, another export is at work, the folder is full or does not answer.
        What is there stays for the next run.
    """
    with alone(path):
        yield from _brought(playlist, path, into, name, as_format, limit)


def _brought(
    playlist: Listing, path: Path, into: Format, name: str, as_format: str | None, limit: float
) -> Generator[Done, None, None]:
    """Do what `export` says, in a folder to which no other export writes."""
    wanted = songs(playlist, as_format)
    there: list[Song] = []
    try:
        folder = Folder(path)
        if not wanted:
            raise PlaylistError(f"there is no song to export: what is in {path} stays as it is")
        keys = {song.name: digest(song.item, as_format) for song in wanted}
        _check_worth(folder, wanted, keys, as_format, limit)
        names = [*(song.name for song in wanted), name]
        folder.claim(names, (Path(song.item.location) for song in wanted))
        for outcome in _put_all(folder, wanted, keys, as_format, limit):
            there += [outcome.song] * bool(outcome.size)
            yield outcome
        folder.sweep({*(song.name for song in there), name}, playlists=True)
        folder.write_playlist(name, _listed(there, playlist.title, into, path.absolute()))
    except OSError as error:
        raise _explained(error, path, len(there)) from error


def held(path: Path) -> dict[str, str]:
    """Return the digests of the songs that exports put into a folder and that it still has.

    They are by the names of the songs without their numbers: one that only moved keeps its
    digest, and one that was copied anew, with other tags, its name.

    Raises
    ------
    PlaylistError
        If the manifest is damaged or cannot be read.
    """
    try:
        files = Folder(path).files
    except OSError as error:
        raise _explained(error, path, 0) from error
    return {
        name.partition(" ")[2]: put.digest
        for name, put in files.items()
        if put.key not in {"", PLAYLIST}
    }


def _listed(there: list[Song], title: str, into: Format, folder: Path) -> bytes:
    """Return the playlist of songs that are in a folder."""
    items = tuple(replace(song.item, location=str(folder / song.name)) for song in there)
    return written(Listing(title, items), into, folder)


def _check_worth(
    folder: Folder, wanted: list[Song], keys: Mapping[str, str], as_format: str | None, limit: float
) -> None:
    """Refuse what would leave the folder without a song, before anything in it changes."""
    faults = []
    for song in wanted:
        try:
            size = _size(folder, song, keys[song.name], as_format if limit < NO_LIMIT else None)
        except AudioError as error:
            faults.append(f"{song.name} {error}")
            continue
        if size <= limit:
            return
        raise PlaylistError(
            f"{song.name} takes {weight(size)}, more than the {weight(limit)} of --max-size: "
            f"give more; what is in {folder.path} stays as it is"
        )
    raise PlaylistError(
        f"no song can be taken, and what is in {folder.path} stays as it is: {faults[0]}"
    )


def _size(folder: Folder, song: Song, key: str, as_format: str | None) -> int:
    """Return the bytes that a song takes there, or would take."""
    if _is_there(folder, song, key):
        return folder.files[song.name].size
    with _ready(song, as_format) as (source, _):
        return size_of(source)


def _put_all(
    folder: Folder, wanted: list[Song], keys: Mapping[str, str], as_format: str | None,
    limit: float,
) -> Iterator[Done]:  # fmt: skip
    renamed = folder.rename(keys)
    folder.sweep(keys, playlists=False)
    room = limit
    for position, song in enumerate(wanted):
        how = "renamed" if song.name in renamed else "kept"
        outcome = _put(folder, song, keys[song.name], as_format, how, room)
        if outcome is None:
            yield from (Done(left, "no room") for left in wanted[position:])
            return
        room -= outcome.size
        yield outcome


def _put(
    folder: Folder, song: Song, key: str, as_format: str | None, how: str, room: float
) -> Done | None:
    """Put a song into a folder; return None where it takes more than `room` bytes."""
    if _is_there(folder, song, key):
        kept = Done(song, how, folder.files[song.name].size)
        return kept if kept.size <= room else None
    try:
        with _ready(song, as_format) as (source, made):
            size = folder.copy(source, song.name, key, room)
            return None if size is None else Done(song, made, size)
    except AudioError as error:
        return Done(song, str(error))


def _is_there(folder: Folder, song: Song, key: str) -> bool:
    """Tell whether a song is there from before; one that cannot be read now may be, too."""
    return folder.holds(song.name) and key in {"", folder.files[song.name].key}


@contextmanager
def _ready(song: Song, as_format: str | None) -> Iterator[tuple[Path, str]]:
    """Hold what is to be copied of a song, and what becomes of it."""
    source = checked(song.item)
    if not as_format or is_already(source, as_format):
        yield source, "copied"
        return
    with tempfile.TemporaryDirectory() as temporary:
        made = Path(temporary) / f"song.{as_format}"
        transcode_song(song.item, source, made, as_format)
        yield made, "transcoded"


def _explained(error: OSError, folder: Path, count: int) -> PlaylistError:
    """Return what went wrong as a sentence."""
    kept = f"{counted(count, 'song')} there: " if count else ""
    if error.errno in FULL:
        what = f"{folder} is full: {kept}make room or give --max-size"
    else:
        why = (error.strerror or str(error)).lower()
        advice = ADVICE.get(error.errno or 0, "check that it is plugged in")
        what = f"{folder} cannot be used ({why}): {kept}{advice}"
    return PlaylistError(f"{what}, and run the same command again to go on")
