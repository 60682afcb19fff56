"""Bring a library up to date with folders, decoding only what changed."""

import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path

from tempo.batch import analyze_many
from tempo.files import Known, is_gone
from tempo.library import Library
from tempo.remote import address
from tempo.same import Songs, is_other
from tempo.scan import fingerprint, scan
from tempo.track import ANALYSIS_VERSION, AudioFile, Failure, Track


@dataclass(frozen=True, slots=True)
class Survey:
    """What a look at some folders found."""

    stale: tuple[AudioFile, ...]
    """New or changed: to be measured."""
    current: int
    """Files that are as they were when they were measured."""
    broken: int
    """Files that are as they were when they could not be measured."""
    moved: int
    """Files that were known by another name, or are copies of known ones."""
    missing: int
    """Files that were there at the last look and are no longer."""
    failures: tuple[Failure, ...]
    """Folders and files that the system keeps back."""
    unreached: tuple[Failure, ...]
    """URLs at which nothing is found: the library does not learn of them."""


def survey(library: Library, roots: Iterable[Path | str], *, force: bool = False) -> Survey:
    """Compare folders with a library, and note in it what moved, went or came back.

    Parameters
    ----------
    library : Library
    roots : iterable of Path or str
        Folders and files, or their URLs.
    force : bool
        Take every file for changed.

    Returns
    -------
    Survey
    """
    roots = [
        address(root) if isinstance(root, str) else Path(os.path.abspath(root)) for root in roots
    ]
    found = list(scan(roots))
    files = {item.path: item for item in found if isinstance(item, AudioFile)}
    faults = [item for item in found if isinstance(item, Failure)]
    failures = tuple(fault for fault in faults if isinstance(fault.path, Path))
    unreached = tuple(fault for fault in faults if isinstance(fault.path, str))
    known = library.files.known()
    current = [] if force else [file for file in files.values() if _is_current(file, known)]
    changed = [files[path] for path in files.keys() - {file.path for file in current}]
    gone = _gone(known, roots, files.keys(), [fault.path for fault in faults])
    for failure in failures:
        library.add(AudioFile(failure.path, 0, 0), b"", failure, ANALYSIS_VERSION)
    library.files.mark((file.path for file in current if known[file.path].missing), missing=False)
    library.files.mark(gone, missing=True)
    new = [] if force else [file for file in changed if file.path not in known]
    moved = _sources(library, new)
    library.files.copy(moved)
    stale = sorted(set(changed) - moved.keys(), key=lambda file: str(file.path))
    missing = sum(known[path].version > 0 for path in set(gone) - set(moved.values()))
    broken = sum(known[file.path].failed for file in current)
    good = len(current) - broken
    return Survey(tuple(stale), good, broken, len(moved), missing, failures, unreached)


def update(
    library: Library, files: Iterable[AudioFile], executor: Executor
) -> Iterator[Track | Failure]:
    """Measure files and store each outcome before yielding it.

    Parameters
    ----------
    library : Library
    files : iterable of AudioFile
    executor : concurrent.futures.Executor

    Yields
    ------
    Track or Failure
        As they are done, corrected where their owner did so. Where a file fails that was measured
        before and has not changed since, that measurement stays. One that was renamed and retagged
        at once is known by its music, which measures the same to the last digit, and one that was
        encoded otherwise by its name, length and tempo. The correction of a file that holds another
        song by now is set aside until these very bytes come back, as after a copy that was cut off.
    """
    songs = Songs(library.files.precious(ANALYSIS_VERSION))
    for file, outcome in analyze_many(files, executor):
        if isinstance(outcome, Track):
            _store(library, file, outcome, songs)
        elif _keeps(library, file, outcome):
            yield replace(outcome, kept=True)
            continue
        else:
            library.add(file, _fingerprint(file), outcome, ANALYSIS_VERSION)
        yield library.track(file.path) or outcome


def _store(library: Library, file: AudioFile, track: Track, songs: Songs) -> None:
    """Store what was measured in a file, and see that each correction stays with its song."""
    before = library.files.length(file.path)
    new, other = before is None, before is not None and is_other(before, track)
    earlier = library.files.set_aside(file.path) if other else b""
    now = _fingerprint(file)
    library.add(file, now, track, ANALYSIS_VERSION)
    known = songs.like(track) if new or other else None
    if known and (new or is_gone(known.location)):
        library.files.follow(file, known.location)
    library.files.take_back(now)
    library.files.take_back(earlier)  # where files changed names, it may be there already


def _keeps(library: Library, file: AudioFile, failure: Failure) -> bool:
    return library.files.keep(file, 0 if failure.transient else ANALYSIS_VERSION)


def _is_current(file: AudioFile, known: Mapping[Path | str, Known]) -> bool:
    return file.path in known and known[file.path].is_current(file, ANALYSIS_VERSION)


def _sources(library: Library, files: Iterable[AudioFile]) -> dict[AudioFile, Path]:
    """Return the new files that the library knows by another name, and that name."""
    sizes = library.files.sizes()
    sources = {}
    for file in files:
        if file.size in sizes:
            mark = _fingerprint(file)
            source = library.files.find_copy(file, mark, ANALYSIS_VERSION) if mark else None
            if source is not None:
                sources[file] = source
    return sources


def _fingerprint(file: AudioFile) -> bytes:
    try:
        return fingerprint(file)
    except OSError:
        return b""  # gone, or on another machine: it cannot be known again, nothing worse


def _inside(folder: Path | str) -> str:
    """Return how all begins that lies in a folder."""
    return f"{folder.rstrip('/')}/" if isinstance(folder, str) else f"{folder}{os.sep}"


def _gone(
    known: Mapping[Path | str, Known],
    roots: Iterable[Path | str],
    seen: Collection[Path | str],
    closed: Iterable[Path | str],
) -> list[Path | str]:
    """Return known files that the roots no longer hold; of closed folders nothing is known."""
    roots, closed = set(roots), set(closed)
    open_to, closed_to = tuple(map(_inside, roots)), tuple(map(_inside, closed))
    return [
        path
        for path, entry in known.items()
        if not entry.missing
        and path not in seen
        and path not in closed
        and (path in roots or str(path).startswith(open_to))
        and not str(path).startswith(closed_to)
    ]
