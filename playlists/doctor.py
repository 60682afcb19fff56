"""Whether everything is in order: each check says what is, and what to do where it is not."""

import importlib.metadata
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from playlists.config import config_path, read_config
from playlists.errors import ConfigError, SignInError, SpotifyError
from playlists.preferences import check as check_config
from playlists.spotify.account import Account, account
from playlists.spotify.quota import local_time, requests_of_day, stop_until
from playlists.spotify.token_file import LIFETIME_DAYS, NOTICE_DAYS, days_old
from tempo.errors import LibraryError
from tempo.library import Library
from tempo.schema import MIGRATIONS
from tempo.screen import weight
from tempo.trial import trial

Status = Literal["ok", "warn", "fail"]

LIBRARIES = (
    "librosa", "numpy", "scipy", "numba", "soundfile", "av", "mutagen", "click", "rich", "spotipy"
)  # fmt: skip
"""Those whose versions explain most of what goes wrong."""
TIGHT, FULL = 200e6, 20e6
"""Bytes free on the disk of the library: one of 142,000 tracks takes 33 MB, and for a moment as
much again; with less than the second number, not even a small one can grow."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found."""

    name: str
    status: Status
    said: str
    advice: str = ""
    """What to do next, where the status is not `ok`."""


def findings(library: Path) -> Iterator[Finding]:
    """Check everything but the network.

    Parameters
    ----------
    library : Path
        Neither made nor changed, unless it is of an older version: that is brought along, as by
        every command.

    Yields
    ------
    Finding
    """
    yield from _program()
    yield from _formats()
    yield from _library(library)
    yield from _folders(library)
    yield _disk(library)
    config, finding = _config()
    yield finding
    if finding.status != "fail":
        yield from _spotify(config, library)


def _program() -> Iterator[Finding]:
    system = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    yield Finding("Python", "ok", f"{system}, {os.cpu_count()} cores, {sys.executable}")
    versions, lost = [], []
    for name in LIBRARIES:
        try:
            versions.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            lost.append(name)
    yield Finding("packages", "ok", ", ".join(versions))
    if lost:
        again = "install tempo again: `pipx reinstall tempo-playlists`, or as you did"
        yield Finding("packages", "fail", f"missing: {', '.join(lost)}", again)


def _formats() -> Iterator[Finding]:
    with tempfile.TemporaryDirectory(prefix="tempo-") as folder:
        try:
            tried = dict(trial(Path(folder)))
        except (OSError, ImportError, RuntimeError) as error:
            said = f"no clip could be made ({' '.join(str(error).split())})"
            yield Finding("formats", "fail", said, "install soundfile and av again")
            return
    good = " ".join(suffix[1:] for suffix, is_read in tried.items() if is_read)
    bad = " ".join(suffix[1:] for suffix, is_read in tried.items() if not is_read)
    if good:
        yield Finding("formats", "ok", f"read here, each tried on a clip: {good}")
    if bad:
        yield Finding("formats", "fail", f"not read here: {bad}", "install soundfile and av again")


def _library(path: Path) -> Iterator[Finding]:
    if not path.exists():
        yield Finding(
            "library", "warn", f"none yet at {path}", "run `tempo analyze FOLDER`, to make it"
        )
        return
    try:
        with Library(path) as library:
            yield _whole(library)
            yield from _contents(library)
    except LibraryError as error:
        said, _, advice = str(error).partition(": ")
        yield Finding("library", "fail", said, advice)


def _whole(library: Library) -> Finding:
    size = library.path.stat().st_size
    said = f"{library.path}, version {len(MIGRATIONS)}, {weight(size)}"
    wrong = library.complaints()
    if wrong:
        advice = "put a copy back, or move it away and run `tempo analyze` again"
        return Finding("library", "fail", f"{said}: damaged ({wrong[0]})", advice)
    return Finding("library", "ok", f"{said}: whole")


def _contents(library: Library) -> Iterator[Finding]:
    known = library.files.known()
    failed = len(library.failures())
    gone = sum(not os.path.lexists(path) for path in known if isinstance(path, Path))
    said = f"{len(known)} known, {failed} failed"
    if gone:
        advice = "run `tempo analyze` on their folder, or plug its disk in"
        yield Finding("files", "warn", f"{said}, {gone} not there", advice)
    elif failed:
        yield Finding("files", "warn", said, "see `tempo list --failed`")
    else:
        yield Finding("files", "ok", f"{said}, all there")
    built, done = library.history.built(), library.history.done()
    said = f"playlists built: {len(built)}, workouts done: {len(done)}"
    yield Finding("history", "ok", said)


def _folders(library: Path) -> Iterator[Finding]:
    folders = {
        ("library folder", "--library"): library.absolute().parent,
        ("config folder", "$TEMPO_CONFIG"): config_path().absolute().parent,
        ("temporary folder", "$TMPDIR"): Path(tempfile.gettempdir()),
    }
    for (name, where), folder in folders.items():
        try:
            with tempfile.TemporaryFile(dir=_nearest(folder)):
                yield Finding(name, "ok", f"{folder} can be written")
        except OSError as error:
            why = (error.strerror or str(error)).lower()
            advice = f"let your user write there, or name another place with {where}"
            yield Finding(name, "fail", f"{folder} cannot be written ({why})", advice)


def _nearest(folder: Path) -> Path:
    """Return what is there of a path."""
    return next(each for each in (folder, *folder.parents) if each.exists())


def _disk(library: Path) -> Finding:
    free = shutil.disk_usage(_nearest(library.absolute().parent)).free
    status: Status = "fail" if free < FULL else "warn" if free < TIGHT else "ok"
    advice = "" if status == "ok" else "make room, or name a library elsewhere with --library"
    return Finding("disk", status, f"{free / 1e9:.1f} GB free for the library", advice)


def _config() -> tuple[Mapping[str, Any], Finding]:
    path = config_path()
    try:
        config = read_config(path)
        check_config(config)
    except ConfigError as error:
        advice = "change it: `tempo config` shows every setting"
        return {}, Finding("config", "fail", f"{path}: {error}", advice)
    said = "valid" if path.exists() else "none, the defaults count"
    return config, Finding("config", "ok", f"{path}: {said}")


def _spotify(config: Mapping[str, Any], library: Path) -> Iterator[Finding]:
    """Check what is known of Spotify without asking it."""
    user = account(config.get("spotify", {}))
    if not user.client_id:
        yield Finding("Spotify", "ok", "not set up (docs/spotify.md says how, if you want it)")
        return
    yield _sign_in(user)
    if library.exists():
        try:
            with Library(library) as opened:
                until = stop_until(opened, user.client_id, time.time())
                asked = requests_of_day(opened, time.time())
        except LibraryError:
            return  # said above
        if until is None:
            yield Finding("Spotify", "ok", f"{asked} requests in 24 h")
        else:
            said = f"wants to be left alone until {local_time(until)}"
            yield Finding("Spotify", "warn", said, "wait so long")


def _sign_in(user: Account) -> Finding:
    again = "run `tempo spotify login`"
    try:
        token = user.token_file.read()
    except SignInError as error:
        return Finding("sign-in", "fail", str(error), again)
    if token is None:
        return Finding("sign-in", "warn", "none", again)
    days = days_old(token, time.time())
    if days is None:
        return Finding("sign-in", "ok", f"of unknown age, in {user.token_file.path}")
    left = LIFETIME_DAYS - days
    if left <= 0:
        return Finding("sign-in", "fail", "has ended", again)
    status: Status = "warn" if left <= NOTICE_DAYS else "ok"
    said = f"ends in {left} days, kept in {user.token_file.path}"
    return Finding("sign-in", status, said, again if status == "warn" else "")


def asked(library: Path) -> Finding:
    """Ask Spotify one question."""
    from playlists.spotify.api import Spotify  # noqa: PLC0415 - only where the network is wanted

    try:
        user = account(read_config(config_path()).get("spotify", {}))
        with Library(library) as opened:
            return Finding("Spotify answers", "ok", f"you are {Spotify(user, opened).me()}")
    except (SpotifyError, ConfigError, LibraryError) as error:
        said, _, advice = str(error).partition(": ")
        return Finding("Spotify answers", "fail", said, advice)
