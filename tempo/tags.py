"""What a file says about itself: the one door to the tag reader and writer."""

import math
import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

from tempo.errors import TagError
from tempo.track import Tags

LONGEST = 500
"""Characters kept of a text; some taggers store whole lyrics in a title."""
# ID3, MP4, Vorbis comment, ASF, APEv2, in this order. mutagen folds the case of the last two.
TITLE = ("TIT2", "\xa9nam", "title", "Title")
ARTIST = ("TPE1", "\xa9ART", "artist", "Author", "Artist")
ALBUM = ("TALB", "\xa9alb", "album", "WM/AlbumTitle", "Album")
ISRC = ("TSRC", "----:com.apple.iTunes:ISRC", "isrc", "WM/ISRC", "ISRC")
BPM = ("TBPM", "----:com.apple.iTunes:BPM", "tmpo", "bpm", "tempo", "WM/BeatsPerMinute", "BPM")
HIGHEST_BPM = 1_000.0
"""Above this a BPM tag is a mistake (60,000 has been seen: milliseconds)."""
PRECISE_MP4 = "----:com.apple.iTunes:BPM"
"""MP4's own tempo is a whole number of 16 bits; Picard and others put decimals here."""
NAMELESS = "-"
"""A name that says nothing of the format."""
COUNTED = ("WAVE", "AIFF", "FLAC", "ASF", "MP4")
"""Containers whose header counts samples or time."""
ENDLESS = 0x7FFF_0000
"""Bytes. A WAV that promises more, 2 or 4 GB, was most likely written through a pipe, by a program
that could not come back to fill in the length."""


def read_tags(path: Path) -> tuple[Tags, float]:
    """Read the tags of a sound file.

    Parameters
    ----------
    path : Path

    Returns
    -------
    tags : Tags
        Without control characters; broken tags count as none.
    promised : float >= 0
        Seconds of sound that the header promises; 0 where it does not say for certain.
    """
    file = _open(path)
    promised = _promised(type(file).__name__, file.info) if file is not None else 0.0
    values = (file.tags if file is not None else None) or {}
    tags = Tags(
        title=_text(values, TITLE),
        artist=_text(values, ARTIST),
        album=_text(values, ALBUM),
        isrc=bare_isrc(_text(values, ISRC)),
        bpm=_number(_text(values, BPM)),
    )
    return tags, promised or 0.0


def _promised(kind: str, info: Any) -> float | None:
    """Return the length that a header promises, not what mutagen guesses where it does not say."""
    known = kind in COUNTED
    if kind == "MP3":  # from the size and the first frame; so quiet beginnings seem to last
        known = info.bitrate_mode != 0
    if kind == "WAVE":
        known = info.length * info.bitrate / 8 < ENDLESS
    return info.length if known else 0.0


def _open(path: Path, name: str | None = None) -> Any:
    """Open the tags of a file, whose kind mutagen tells by its name, or another, and its bytes."""
    import mutagen  # noqa: PLC0415 - 50 ms that `tempo list` need not pay

    try:
        with path.open("rb") as file:
            return mutagen.File(fileobj=file, filename=name or str(path))
    except Exception:  # noqa: BLE001 - mutagen lets IndexError, struct.error and more through
        return None


def _text(values: Any, keys: Iterable[str]) -> str:
    """Return the first of `keys` that has a value; several are joined by commas, each once."""
    for key in keys:
        try:
            found = values[key]
        except (KeyError, ValueError):  # Vorbis comments refuse keys that are not ASCII
            continue
        parts = found if isinstance(found, list) else getattr(found, "text", [found])
        text = clean(", ".join(dict.fromkeys(map(_plain, parts))))
        if text:
            return text
    return ""


def _plain(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def clean(text: str) -> str:
    """Return `text` on one line, without control characters or broken Unicode."""
    if not text.isprintable():  # few are not, and a hundred thousand may be asked
        text = "".join(
            " " if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} else c for c in text
        )
    return " ".join(text.split())[:LONGEST]


def bare_isrc(text: str) -> str:
    """Return an ISRC without its hyphens (ISO 3901), or nothing if it is none."""
    bare = text.replace("-", "").replace(" ", "").upper()
    return bare if re.fullmatch(r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}", bare) else ""


def _number(text: str) -> float | None:
    try:
        bpm = float(text.replace(",", "."))
    except ValueError:
        return None
    return bpm if math.isfinite(bpm) and 0 < bpm <= HIGHEST_BPM else None


def bpm_text(path: Path) -> str:
    """Return what the tags of a sound file say of its tempo, as it stands; empty for nothing."""
    file = _open(path)
    said = _text((file.tags if file is not None else None) or {}, BPM)
    return "" if said == "0" else said  # how MP4 says that it does not know


def write_bpm(path: Path, bpm: float) -> None:
    """Write a tempo into the tags of a sound file, and change nothing else in them.

    Decimals are kept where the field is text, as DJ programs have it (two at most); MP4 gets a
    whole number as well, because its usual field holds no other.

    Parameters
    ----------
    path : Path
    bpm : float > 0

    Raises
    ------
    TagError
        If the file has no tags that can hold a tempo, or broken ones, or cannot be written.
    """
    file = _open(path)
    write = WRITERS.get(type(file).__name__)
    if write is None:
        raise TagError(_why_none(path))
    try:
        write(file, str(path), f"{bpm:.2f}".rstrip("0").rstrip("."))
    except Exception as error:  # mutagen lets IndexError, struct.error and more through
        why = str(error) or type(error).__name__
        raise TagError(f"takes no tag ({why}): check its tags, the disk and your rights") from error


def _why_none(path: Path) -> str:
    """Return why a file has no tags that can hold a tempo, and what to do."""
    held = type(_open(path, NAMELESS)).__name__
    if held in WRITERS:
        return (
            f"holds {held}, but its name ends in {path.suffix}, and tags go by the name: rename "
            "it and run `tempo analyze` again"
        )
    return "is of a format whose tags hold no tempo: nothing can be done"


def _write_id3(file: Any, path: str, bpm: str) -> None:
    """Write `TBPM` in the version of ID3 that is there: older players read no newer one."""
    from mutagen.id3 import TBPM  # noqa: PLC0415 - as in `_open`

    if file.tags is None:
        file.add_tags()
    tags, version = file.tags, file.tags.version[:2]
    if version == (2, 3):
        tags = type(tags)(path, translate=False)
    elif version < (2, 3):  # mutagen writes none of these
        tags.update_to_v23()
    tags.setall("TBPM", [TBPM(encoding=0, text=[bpm])])
    tags.save(path, v2_version=4 if version == (2, 4) else 3, v23_sep=None)


def _write_mp4(file: Any, path: str, bpm: str) -> None:
    from mutagen.mp4 import AtomDataType, MP4FreeForm  # noqa: PLC0415

    if file.tags is None:
        file.add_tags()
    file.tags["tmpo"] = [round(float(bpm))]
    file.tags[PRECISE_MP4] = [MP4FreeForm(bpm.encode(), AtomDataType.UTF8)]
    file.save(path)


def _write_text(file: Any, path: str, bpm: str, *, key: str = "bpm") -> None:
    if file.tags is None:
        file.add_tags()
    file.tags[key] = bpm
    file.save(path)


WRITERS: dict[str, Callable[[Any, str, str], None]] = {
    **dict.fromkeys(("MP3", "WAVE", "AIFF", "TrueAudio", "DSF"), _write_id3),
    **dict.fromkeys(("FLAC", "OggVorbis", "OggOpus", "OggFLAC", "OggSpeex"), _write_text),
    **dict.fromkeys(
        ("WavPack", "MonkeysAudio", "Musepack", "TAK"), partial(_write_text, key="BPM")
    ),
    "ASF": partial(_write_text, key="WM/BeatsPerMinute"),
    "MP4": _write_mp4,
}
"""How each class of mutagen takes a tempo; what is not here has no tags, or none for it."""
