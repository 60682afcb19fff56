"""A folder to take along, in which nothing is touched but what was put there.

Conventions
-----------
The manifest lists what was put there; nothing else is ever replaced or removed. Every method may
raise `OSError`, where the folder is full or gone.
"""

import errno
import hashlib
import os
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from playlists.disk import drafts, replace_file
from playlists.errors import PlaylistError
from playlists.export.copying import copied, size_of
from playlists.export.manifest import MANIFEST, Put, read_manifest, write_manifest

PART = ".tempo-part"
"""Name of the file that is being copied."""
PLAYLIST = "playlist"
"""What stands for a key at a playlist, which is made anew each time."""


class Folder:
    """A folder that holds an export, or will.

    Parameters
    ----------
    path : Path

    Raises
    ------
    PlaylistError
        If its manifest cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.files = read_manifest(path)

    def claim(self, names: Iterable[str], sources: Iterable[Path]) -> None:
        """Take names for this export; where there is no folder yet, it is made.

        The folder that holds it must be there.

        Raises
        ------
        PlaylistError
            If somebody else's files have them, or a source was itself exported to here.
        """
        names = list(names)
        self.path.mkdir(exist_ok=True)
        ours = {name.casefold() for name in self.files}  # FAT does not tell case
        there = {entry.name.casefold() for entry in os.scandir(self.path)}
        for name in names:
            if name.casefold() in there - ours:
                raise PlaylistError(
                    f"{self.path / name} is there and was not put there by tempo: "
                    "move it, or name another folder"
                )
        for source in sources:
            if source.parent == self.path.absolute() and source.name in self.files:
                raise PlaylistError(
                    f"this playlist names what was exported to {self.path}: "
                    "export the playlist that it was made of"
                )
        self.files = {name: Put() for name in names} | self.files
        self._save()

    def holds(self, name: str) -> bool:
        """Tell whether a file is there as it was put there."""
        path, put = self.path / name, self.files.get(name, Put())
        return bool(put.key) and path.is_file() and path.stat().st_size == put.size

    def rename(self, keys: Mapping[str, str]) -> set[str]:
        """Give songs that are here under another number their new one; return the new names."""
        spare = {
            put.key: name
            for name, put in self.files.items()
            if name not in keys and put.key and self.holds(name)
        }
        renamed = set()
        for name, key in keys.items():
            if key in spare and not (self.path / name).exists():
                old = spare.pop(key)
                self.files[name] = self.files[old]
                self._save()
                (self.path / old).rename(self.path / name)
                del self.files[old]
                renamed.add(name)
        return renamed

    def copy(self, source: Path, name: str, key: str, room: float) -> int | None:
        """Copy a file under a new name, whole and verified, and remember it.

        Returns
        -------
        int or None
            Its bytes; None where they are more than `room`.
        """
        if size_of(source) > room:
            return None
        self._check_there()
        part, target = self.path / PART, self.path / name
        with copied(source, part) as (size, digest):
            # In this order, the manifest is true whenever the power fails.
            target.unlink(missing_ok=True)
            self.files[name] = Put(key, size, digest)
            self._save()
            part.replace(target)
        return size

    def write_playlist(self, name: str, raw: bytes) -> None:
        """Put a playlist beside the songs."""
        self._check_there()
        replace_file(self.path / name, raw)
        self.files[name] = Put(PLAYLIST, len(raw), hashlib.blake2b(raw).hexdigest())
        self._save()

    def sweep(self, keep: Collection[str], *, playlists: bool) -> None:
        """Remove what was put here and is no longer wanted, unless it changed since.

        What runs that were killed were just writing goes, too.

        Parameters
        ----------
        keep : collection of str
        playlists : bool
            Whether to remove playlists, too.
        """
        gone = [
            name
            for name, put in self.files.items()
            if name not in keep and (playlists or put.key != PLAYLIST)
        ]
        for name in gone:
            path, put = self.path / name, self.files.pop(name)
            if path.is_file() and not path.is_symlink() and path.stat().st_size == put.size:
                path.unlink()
        for left in (self.path / PART, *drafts(self.path / MANIFEST)):
            left.unlink(missing_ok=True)
        self._save()

    def _check_there(self) -> None:
        """Check that the folder is the one it was: where a stick is unplugged, an empty one is."""
        if not (self.path / MANIFEST).exists():
            raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))

    def _save(self) -> None:
        write_manifest(self.path, self.files)
