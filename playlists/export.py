"""Songs of a playlist, copied to a folder that a player or watch can take along.

Conventions
-----------
A file `MANIFEST` in the folder lists what was put there; nothing else is ever replaced or removed.
It is written before the songs are, so that a run that was cut short is known by the next one.
Songs get new names, so that no path of a playlist can lead out of the folder.
"""

import contextlib
import errno
import hashlib
import json
import os
import re
import tempfile
import unicodedata
from collections.abc import Collection, Generator, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from playlists.disk import replace_file
from playlists.errors import PlaylistError
from playlists.formats.listing import Item, Listing
from playlists.formats.location import is_address
from playlists.formats.registry import Format, written
from tempo.audio import codec
from tempo.encoders import ENCODERS, transcode
from tempo.errors import AudioError, UnavailableError
from tempo.scan import SUFFIXES
from tempo.tags import read_tags

MANIFEST = ".tempo-export.json"
PART = ".tempo-part"
"""Name of the file that is being copied."""
SCHEMA = 1
FORBIDDEN = re.compile(r'["*/:<>?\\|\0-\x1f\x7f]')
"""What FAT keeps out of names (Microsoft FAT specification, section 7)."""
LONGEST = 60
"""Characters of a name: displays cut more off, and some players stop at a path of 128."""
BLOCK = 1 << 20
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@dataclass(frozen=True, slots=True)
class Song:
    """A song, and the name it gets in the folder."""

    item: Item
    name: str


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a song."""

    song: Song
    how: str
    """`copied`, `transcoded`, `renamed`, `kept`, or why there is none."""
    size: int = 0
    """Bytes in the folder; 0 where there is none."""


@dataclass(frozen=True, slots=True)
class Put:
    """A file in the folder, as the manifest remembers it."""

    key: str = ""
    """Digest of what it was made of; empty before it is there."""
    size: int = 0
    digest: str = ""


def songs(playlist: Listing, as_format: str | None) -> list[Song]:
    """Return the songs of a playlist under numbered names that any player can bear."""
    width = max(2, len(str(len(playlist.items))))
    return [
        Song(item, f"{number:0{width}} {_called(item)}{_suffix(item, as_format)}")
        for number, item in enumerate(playlist.items, 1)
    ]


def _called(item: Item) -> str:
    return safe_name(item.name or Path(item.location).stem)


def _suffix(item: Item, as_format: str | None) -> str:
    return f".{as_format}" if as_format else Path(item.location).suffix.lower()


def safe_name(text: str) -> str:
    """Return a text as the name of a file that FAT, Windows and watches take.

    Signs that FAT forbids become ``_``; letters beyond the Basic Multilingual Plane, which some
    players cannot show, go; the rest is composed (NFC) and cut to `LONGEST`.
    """
    composed = unicodedata.normalize("NFC", text)
    kept = (c for c in composed if unicodedata.category(c)[0] not in "CZ" or c == " ")
    plain = FORBIDDEN.sub("_", "".join(c for c in kept if ord(c) < 0x10000))  # noqa: PLR2004 - BMP
    return " ".join(plain[:LONGEST].split()).strip(" .") or "song"


class Export:
    """A folder that holds an export, or will.

    Parameters
    ----------
    folder : Path
        Created when missing; the folder that holds it must be there.

    Raises
    ------
    PlaylistError
        If the folder cannot be used, or its manifest cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            folder.mkdir(exist_ok=True)
            self.files = _read_manifest(folder / MANIFEST)
        except OSError as error:
            raise self._explained(error, 0) from error

    def run(
        self, playlist: Listing, into: Format, name: str, *, as_format: str | None = None,
        limit: float = float("inf"),
    ) -> Generator[Done, None, None]:  # fmt: skip
        """Bring the folder to hold a playlist and its songs, and nothing else of ours.

        Parameters
        ----------
        playlist : Listing
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
            If a file is in the way, the folder is full or does not answer. What is there stays
            for the next run.
        """
        wanted = songs(playlist, as_format)
        done: list[Done] = []
        try:
            self._claim([*(song.name for song in wanted), name], wanted)
            for outcome in self._put_all(wanted, as_format, limit):
                done.append(outcome)
                yield outcome
            there = [each for each in done if each.size]
            self._sweep({*(each.song.name for each in there), name})
            self._write_playlist([each.song for each in there], playlist.title, into, name)
        except OSError as error:
            raise self._explained(error, sum(bool(each.size) for each in done)) from error

    # ------------------------------------------------------------- the folder

    def _claim(self, names: list[str], wanted: Iterable[Song]) -> None:
        """Take names for this export, unless somebody else's files have them."""
        ours = {name.casefold() for name in self.files}  # FAT does not tell case
        there = {entry.name.casefold() for entry in os.scandir(self.folder)}
        for name in names:
            if name.casefold() in there - ours:
                raise PlaylistError(
                    f"{self.folder / name} is there and was not put there by tempo: "
                    "move it, or name another folder"
                )
        for song in wanted:
            path = Path(song.item.location)
            if path.parent == self.folder.absolute() and path.name in self.files:
                raise PlaylistError(
                    f"this playlist names what was exported to {self.folder}: "
                    "export the playlist that it was made of"
                )
        self.files = {name: Put() for name in names} | self.files
        self._save()

    def _sweep(self, keep: Collection[str]) -> None:
        """Remove what was put here and is no longer wanted, unless it changed since."""
        for name in [name for name in self.files if name not in keep]:
            path, put = self.folder / name, self.files.pop(name)
            if path.is_file() and not path.is_symlink() and path.stat().st_size == put.size:
                path.unlink()
        (self.folder / PART).unlink(missing_ok=True)
        self._save()

    def _check_there(self) -> None:
        """Check that the folder is the one it was: where a stick is unplugged, an empty one is."""
        if not (self.folder / MANIFEST).exists():
            raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))

    def _save(self) -> None:
        files = {name: [put.key, put.size, put.digest] for name, put in self.files.items()}
        text = json.dumps({"schema": SCHEMA, "files": files}, indent=1)
        replace_file(self.folder / MANIFEST, text.encode())

    def _holds(self, name: str) -> bool:
        """Tell whether a file is there as it was put there."""
        path, put = self.folder / name, self.files.get(name, Put())
        return bool(put.key) and path.is_file() and path.stat().st_size == put.size

    def _write_playlist(self, there: list[Song], title: str, into: Format, name: str) -> None:
        self._check_there()
        folder = self.folder.absolute()
        items = tuple(replace(song.item, location=str(folder / song.name)) for song in there)
        raw = written(Listing(title, items), into, folder)
        replace_file(self.folder / name, raw)
        self.files[name] = Put("playlist", len(raw), hashlib.blake2b(raw).hexdigest())
        self._save()

    # -------------------------------------------------------------- the songs

    def _put_all(self, wanted: list[Song], as_format: str | None, limit: float) -> Iterator[Done]:
        keys = {song.name: _key(song.item, as_format) for song in wanted}
        renamed = self._rename(keys)
        self._sweep({*keys, *(n for n, put in self.files.items() if put.key == "playlist")})
        room = limit
        for position, song in enumerate(wanted):
            how = "renamed" if song.name in renamed else "kept"
            outcome = self._put(song, keys[song.name], as_format, how, room)
            if outcome is None:
                yield from (Done(left, "no room") for left in wanted[position:])
                return
            room -= outcome.size
            yield outcome

    def _put(
        self, song: Song, key: str, as_format: str | None, how: str, room: float
    ) -> Done | None:
        """Put a song into the folder; return None where it takes more than `room` bytes."""
        # What cannot be read now may be there from before.
        if self._holds(song.name) and key in {"", self.files[song.name].key}:
            kept = Done(song, how, self.files[song.name].size)
            return kept if kept.size <= room else None
        try:
            source = _checked(song.item)
            if not as_format or _is_already(source, as_format):
                size = self._copy(source, song.name, key, room)
                return None if size is None else Done(song, "copied", size)
            with tempfile.TemporaryDirectory() as folder:
                made = Path(folder) / f"song.{as_format}"
                _transcode(song.item, source, made, as_format)
                size = self._copy(made, song.name, key, room)
                return None if size is None else Done(song, "transcoded", size)
        except AudioError as error:
            return Done(song, str(error))

    def _copy(self, source: Path, name: str, key: str, room: float) -> int | None:
        """Copy a file under a new name, whole and verified, and remember it."""
        try:
            if source.stat().st_size > room:
                return None
        except OSError as error:
            raise _unreadable(error) from error
        self._check_there()
        part, target = self.folder / PART, self.folder / name
        part.unlink(missing_ok=True)
        try:
            size, digest = _copied(source, part)
            self._verify(part, digest)
            # In this order, the manifest is true whenever the power fails.
            target.unlink(missing_ok=True)
            self.files[name] = Put(key, size, digest)
            self._save()
            part.replace(target)
        except BaseException:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
            raise
        return size

    def _verify(self, part: Path, digest: str) -> None:
        if _digest(part) != digest:
            raise PlaylistError(
                f"{self.folder} gave back other bytes than were written to it: it may be failing; "
                "try another"
            )

    def _rename(self, keys: dict[str, str]) -> set[str]:
        """Give songs that are here under another number their new one; return the new names."""
        spare = {
            put.key: name
            for name, put in self.files.items()
            if name not in keys and put.key and self._holds(name)
        }
        renamed = set()
        for name, key in keys.items():
            if key in spare and not (self.folder / name).exists():
                old = spare.pop(key)
                self.files[name] = self.files[old]
                self._save()
                (self.folder / old).rename(self.folder / name)
                del self.files[old]
                renamed.add(name)
        return renamed

    def _explained(self, error: OSError, count: int) -> PlaylistError:
        """Return what went wrong as a sentence."""
        kept = f"{count} songs are there: " if count else ""
        if error.errno in FULL:
            what = f"{self.folder} is full: {kept}make room or give --max-size"
        else:
            why = (error.strerror or str(error)).lower()
            what = f"{self.folder} cannot be used ({why}): {kept}check that it is plugged in"
        return PlaylistError(f"{what}, and run the same command again to go on")


def _read_manifest(path: Path) -> dict[str, Put]:
    try:
        found = json.loads(path.read_bytes())
        files = {str(name): Put(*put) for name, put in found["files"].items()}
    except FileNotFoundError:
        return {}
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise PlaylistError(
            f"{path} is damaged, so that nobody knows which songs to keep: "
            "empty the folder, or name another"
        ) from error
    # A manifest on a stick may have been written by anyone.
    return {name: put for name, put in files.items() if _is_plain(name)}


def _is_plain(name: str) -> bool:
    return name not in {"", ".", ".."} and not FORBIDDEN.search(name)


def _key(item: Item, as_format: str | None) -> str:
    """Return a digest of what a file is made of, or nothing where its source is not there."""
    try:
        status = Path(item.location).stat()
    except OSError:
        return ""
    made_of = [item.location, status.st_size, status.st_mtime_ns, as_format]
    return hashlib.blake2b(json.dumps(made_of).encode(), digest_size=16).hexdigest()


def _checked(item: Item) -> Path:
    """Return the file of a song; a playlist may name anything, and only music is to be copied."""
    if is_address(item.location) or not item.location:
        raise AudioError("is not a file here: it plays only where it comes from")
    path = Path(item.location)
    if path.suffix.lower() not in SUFFIXES:
        raise AudioError("is not named like music: left out")
    if not path.is_file():
        raise UnavailableError("is not there: plug in its disk, or build the playlist again")
    return path


def _is_already(source: Path, as_format: str) -> bool:
    return source.suffix.lower() == f".{as_format}" and codec(source) == ENCODERS[as_format].codec


def _transcode(item: Item, source: Path, target: Path, as_format: str) -> None:
    tags, _ = read_tags(source)
    bpm = item.bpm or tags.bpm
    said = {
        "title": item.title or tags.title,
        "artist": item.artist or tags.artist,
        "album": item.album or tags.album,
        ENCODERS[as_format].bpm: f"{bpm:.0f}" if bpm else "",
    }
    try:
        transcode(source, target, as_format, said)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise PlaylistError(
            f"{target.parent.parent} cannot hold a song ({why}): make room there, or point $TMPDIR "
            "to another folder, and run the same command again to go on"
        ) from error


def _copied(source: Path, part: Path) -> tuple[int, str]:
    """Copy bytes to a new file and to the disk; return their number and digest."""
    digest, size = hashlib.blake2b(), 0
    with part.open("xb") as file:  # "x", because a link there could lead anywhere
        for block in _blocks(source):
            digest.update(block)
            size += file.write(block)
        file.flush()
        os.fsync(file.fileno())
        if hasattr(os, "posix_fadvise"):  # or else the check would read memory, not the stick
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    return size, digest.hexdigest()


def _blocks(source: Path) -> Iterator[bytes]:
    try:
        with source.open("rb") as file:
            while block := file.read(BLOCK):
                yield block
    except OSError as error:
        raise _unreadable(error) from error


def _unreadable(error: OSError) -> UnavailableError:
    why = (error.strerror or str(error)).lower()
    return UnavailableError(f"cannot be read ({why}): check that it is there")


def _digest(path: Path) -> str:
    digest = hashlib.blake2b()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()
