"""A playlist drawn on a terminal: its songs as a skyline, in the color of their energy.

Conventions
-----------
Columns are moments, rows are tempo. A column is filled from below up to the tempo that is
followed; the tempo that is wanted is a line across; what is empty and within its range is shaded.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from playlists.drawing import ASCII, BLOCKS
from playlists.playlist import Entry, Playlist
from tempo.screen import clock, printable

Run = tuple[str, str]
"""Text, and its style: a key of `STYLES`, or two with a space between; or nothing."""

HEIGHT = 12
"""Rows of the picture."""
AXIS = 6
"""Characters left of it."""
LABELED = 20
"""BPM between two labels of the axis."""
NARROWEST, WIDEST = 60, 160
"""Characters: what the legend takes, and what makes hills flat."""
TONES = (
    *("#3c7fd0", "#587ade", "#7572e4", "#9665d2", "#b356b4"),
    *("#cb4d92", "#d84f68", "#e0523c", "#dc6a1c", "#d28400"),
)
"""Colors of energy from calm to full; each has a contrast of 3 to black and to white."""
STYLES = {
    **{f"song{i}": color for i, color in enumerate(TONES)},
    **{f"on{i}": f"on {color}" for i, color in enumerate(TONES)},
    "wanted": "bold",
    "range": "dim",
    "step0": "reverse",
    "step1": "reverse dim",
}
"""What the library that colors terminals is told."""
MARKS = (("━", "░"), ("-", ":"))
"""The line and the range, with block elements and without."""


@dataclass(frozen=True, slots=True)
class _Columns:
    """What is drawn, per column."""

    song: NDArray[np.int64]
    """Index of the song that plays, or -1."""
    followed: NDArray[np.float64]
    low: NDArray[np.float64]
    wanted: NDArray[np.float64]
    high: NDArray[np.float64]


def skyline(
    playlist: Playlist, width: int, *, plain: bool = False, colors: bool = True
) -> list[list[Run]]:
    """Return the lines of the picture.

    Parameters
    ----------
    playlist : Playlist
    width : int
        Characters that a line has.
    plain : bool
        Whether to do without block elements.
    colors : bool
        Whether the terminal shows any; without, the legend does not speak of them.

    Returns
    -------
    list of list of (str, str)
        Runs of characters and what they show; nothing where there is no music or no room.
    """
    count = min(width, WIDEST) - AXIS
    if count < NARROWEST - AXIS or not playlist.entries or not playlist.wanted:
        return []
    columns = _columns(playlist, count)
    bottom, top = _scale(columns)
    lines = [_steps(playlist, count)]
    for row in reversed(range(HEIGHT)):
        heights = _rows(columns.followed, bottom, top) - row
        line = [*_row(playlist, columns, heights, row, (bottom, top), plain=plain)]
        lines.append([(_tempo_label(row, bottom, top), ""), *line])
    return [*lines, _times(playlist, count), _legend(plain=plain, colors=colors), []]


def _columns(playlist: Playlist, count: int) -> _Columns:
    times = (np.arange(count) + 0.5) * max(playlist.duration, playlist.target_duration) / count
    ends = [entry.end for entry in playlist.entries]
    song = np.searchsorted(ends, times, side="right")
    song = np.where(times < ends[-1], song, -1)
    followed = np.array([*(entry.bpm for entry in playlist.entries), 0.0])[song]
    at = [moment.at for moment in playlist.wanted]
    low, wanted, high = (
        np.interp(times, at, values)
        for values in zip(*(moment.bpm for moment in playlist.wanted), strict=True)
    )
    return _Columns(song, followed, low, wanted, high)


def _scale(columns: _Columns) -> tuple[float, float]:
    """Return the tempo at the bottom and at the top: whole tens that hold all."""
    values = np.concatenate([columns.followed[columns.followed > 0], columns.low, columns.high])
    least, most = float(values.min()), float(values.max())
    # A quarter of the height is below the slowest, so that every song has a column to look at.
    return 10.0 * floor((least - max((most - least) / 3, 10)) / 10), 10.0 * ceil(most / 10)


def _rows(bpm: NDArray[np.float64], bottom: float, top: float) -> NDArray[np.float64]:
    rows: NDArray[np.float64] = (bpm - bottom) / (top - bottom) * HEIGHT
    return rows


def _row(
    playlist: Playlist, columns: _Columns, heights: NDArray[np.float64], row: int,
    scale: tuple[float, float], *, plain: bool,
) -> Iterator[Run]:  # fmt: skip
    """Yield the characters of a row, each with what it shows."""
    line, shade = MARKS[plain]
    blocks = ASCII[0] + ASCII[-1] * (len(ASCII) - 1) if plain else BLOCKS
    wanted, low, high = (
        _rows(values, *scale) for values in (columns.wanted, columns.low, columns.high)
    )
    for i, song in enumerate(columns.song.tolist()):
        parts = int(np.clip(np.rint(heights[i] * (len(BLOCKS) - 1)), 0, len(BLOCKS) - 1))
        filled = song >= 0 and parts > 0 and not _is_gap(columns.song, i)
        tone = _tone(playlist.entries[song])
        if int(wanted[i]) == row:
            yield line, f"wanted on{tone}" if filled and parts == len(BLOCKS) - 1 else "wanted"
        elif filled:
            yield blocks[parts], f"song{tone}"
        elif low[i] - 0.5 <= row <= high[i] - 0.5 and not _is_gap(columns.song, i):
            yield shade, "range"
        else:
            yield " ", ""


def _is_gap(song: NDArray[np.int64], i: int) -> bool:
    """Tell whether a column parts two songs: the first of a song that has three or more."""
    return bool(0 < i < len(song) - 2 and song[i - 1] != song[i] == song[i + 1] == song[i + 2])


def _tone(entry: Entry) -> int:
    return min(int(entry.track.analysis.energy * 10), 9)


def _tempo_label(row: int, bottom: float, top: float) -> str:
    """Return the round tempo that a row holds, if it holds one."""
    first, last = (bottom + (row + side) * (top - bottom) / HEIGHT for side in (0, 1))
    bpm = LABELED * ceil(first / LABELED)
    return f"{bpm:{AXIS - 1}} " if bpm < last else " " * AXIS


def _steps(playlist: Playlist, count: int) -> list[Run]:
    """Return the band of the steps, with their names where they have room."""
    runs: list[Run] = [(" " * AXIS, "")]
    length = max(playlist.duration, playlist.target_duration)
    start = 0
    for i, step in enumerate(playlist.workout.steps):
        end = round((playlist.workout.starts[i] + step.duration) / length * count)
        name = printable(step.name or f"{100 * step.intensity[0]:.0f} %")
        room = end - start
        text = f"|{name} " if len(name) + 2 <= room else "|"[:room]
        runs.append((text.ljust(room), f"step{i % 2}"))
        start = end
    return runs


def _legend(*, plain: bool, colors: bool) -> list[Run]:
    (line, shade), block = MARKS[plain], ASCII[-1] if plain else BLOCKS[-1]
    ramp = [(block, f"song{i}") for i in range(len(TONES))]
    what: list[Run] = [(f"{'':{AXIS}}{line} wanted  ", ""), (shade, "range"), (" its range", "")]
    return [*what, ("   energy: calm ", ""), *ramp, (" full", "")] if colors else what


def _times(playlist: Playlist, count: int) -> list[Run]:
    last = clock(max(playlist.duration, playlist.target_duration))
    half = clock(max(playlist.duration, playlist.target_duration) / 2)
    left = "0:00".ljust(count // 2 - len(half) // 2) + half
    return [(" " * AXIS + left + last.rjust(count - len(left)), "")]
