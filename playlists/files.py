"""Workouts as files: Zwift's, ergometers', Garmin's, and plans as text."""

from pathlib import Path

from playlists import erg, fit, zwo
from playlists.builtin import BUILT_IN
from playlists.effort import Athlete
from playlists.errors import WorkoutError
from playlists.plan import parser as plan
from playlists.workout import Workout
from tempo.encoding import encoding
from tempo.tags import clean

LARGEST = 1 << 20
"""Bytes. The longest real files have a point a second for hours, and a tenth of this."""
TEXTS = {
    ".zwo": zwo.parse, ".erg": erg.parse, ".mrc": erg.parse, ".txt": plan.parse, ".md": plan.parse,
}  # fmt: skip
SUFFIXES = (".zwo", ".erg", ".mrc", ".fit", ".txt", ".md")


def is_file(name: str) -> bool:
    """Tell whether what a person calls a workout is the name of a file, of a workout or not."""
    path = Path(name)
    return path.suffix.casefold() in SUFFIXES or (name not in BUILT_IN and path.is_file())


def read_workout(path: Path, athlete: Athlete) -> tuple[Workout, tuple[str, ...]]:
    """Read a workout from a file, by its suffix.

    Parameters
    ----------
    path : Path
        .zwo, .erg, .mrc, .fit, or .txt and .md with a plan, as `playlists.plan.parser` reads it.
    athlete : Athlete
        What the file may leave open.

    Returns
    -------
    workout : Workout
    assumed : tuple of str
        What neither the file nor the athlete says, a sentence each.

    Raises
    ------
    WorkoutError
        If the file is missing, damaged or something else: one sentence, with the line.
    """
    raw = _raw(path)
    try:
        return _parsed(raw, path, athlete)
    except WorkoutError as error:
        said = str(error).removeprefix("plan, ")
        raise WorkoutError(f"{path.name}, {said}") from error


def _raw(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise WorkoutError(f"workout {path} cannot be read: {why}") from error
    if len(raw) > LARGEST:
        raise WorkoutError(f"{path.name} is larger than {LARGEST >> 20} MiB: it is no workout")
    return raw


def _parsed(raw: bytes, path: Path, athlete: Athlete) -> tuple[Workout, tuple[str, ...]]:
    suffix, name = path.suffix.casefold(), clean(path.stem)
    if suffix not in SUFFIXES:
        raise WorkoutError(f"this is no workout: known are {', '.join(SUFFIXES)}")
    if suffix == ".fit":
        return fit.parse(raw, name=name, athlete=athlete)
    try:
        text = raw.decode(encoding(lambda: [raw]))
    except UnicodeDecodeError as error:
        raise WorkoutError("line 1: this is no text") from error
    return TEXTS[suffix](text, name=name, athlete=athlete)
