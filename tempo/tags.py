"""What a file says about itself: the one door to the tag reader."""

import math
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any

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
COUNTED = ("WAVE", "AIFF", "FLAC", "ASF", "MP4")
"""Containers whose header counts samples or time; for MP3, mutagen may only guess."""


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
    promised = file.info.length if type(file).__name__ in COUNTED else 0.0
    values = (file.tags if file is not None else None) or {}
    tags = Tags(
        title=_text(values, TITLE),
        artist=_text(values, ARTIST),
        album=_text(values, ALBUM),
        isrc=bare_isrc(_text(values, ISRC)),
        bpm=_number(_text(values, BPM)),
    )
    return tags, promised or 0.0


def _open(path: Path) -> Any:
    import mutagen  # noqa: PLC0415 - 50 ms that `tempo list` need not pay

    try:
        with path.open("rb") as file:
            return mutagen.File(file)
    except Exception:  # noqa: BLE001 - mutagen lets IndexError, struct.error and more through
        return None


def _text(values: Any, keys: Iterable[str]) -> str:
    """Return the first of `keys` that has a value; several values are joined by commas."""
    for key in keys:
        try:
            found = values[key]
        except (KeyError, ValueError):  # Vorbis comments refuse keys that are not ASCII
            continue
        parts = found if isinstance(found, list) else getattr(found, "text", [found])
        text = clean(", ".join(_plain(part) for part in parts))
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
