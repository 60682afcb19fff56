"""The arc of a playlist: chosen and wanted tempo over time, in the color of its energy."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import ceil, floor

from playlists.report.picture import (
    ENERGIES,
    Area,
    Box,
    Label,
    Line,
    Picture,
    Point,
    Shape,
    energy_ink,
)  # fmt: skip
from playlists.report.view import Moment, Song, Stage, View
from tempo.screen import clock, counted

COVER = 640
"""Pixels; what Spotify makes of every cover."""
LETTER = 0.6
"""Mean width of a letter in its size, for most fonts without serifs."""
SMALL, TEXT = 11.0, 13.0
"""Sizes of letters, pixels."""
GAP = 1.5
"""Pixels between two songs."""
TICKS = (60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400)
"""Seconds that may lie between two marks of the time axis."""
TICK_WIDTH = 64.0
"""Pixels that a mark needs at least."""


@dataclass(frozen=True, slots=True)
class _Plot:
    """Where time and tempo are drawn."""

    left: float
    top: float
    right: float
    bottom: float
    length: float
    """Seconds from left to right."""
    low: float
    high: float
    """BPM at the bottom and at the top."""

    def x(self, time: float) -> float:
        return self.left + (self.right - self.left) * time / self.length

    def y(self, bpm: float) -> float:
        share = (bpm - self.low) / (self.high - self.low)
        return self.bottom - (self.bottom - self.top) * min(max(share, 0.0), 1.0)


def arc(shown: View, width: int = 1200, height: int = 420, *, headed: bool = False) -> Picture:
    """Return the arc of a playlist as a picture.

    Parameters
    ----------
    shown : View
    width, height : int
        Pixels; letters have the same size in every picture.
    headed : bool
        Whether a title and a legend stand above it, for a picture that stands alone.
    """
    top = 84.0 if headed else 30.0
    plot = _plot(shown, 42.0, top, width - 8.0, height - 24.0)
    shapes: list[Shape] = [Box(0, 0, width, height, "paper")] if headed else []
    shapes += _head(shown, width) if headed else ()
    shapes += [*_stages(shown, plot), *_grid(plot), *_range(shown, plot)]
    shapes += [*_songs(shown, plot, numbered=True), *_target(shown, plot), *_times(plot)]
    return Picture(width, height, described(shown), tuple(shapes), plot.left, plot.right)


def cover(shown: View) -> Picture:
    """Return the arc as a square picture without numbers, to be seen small."""
    plot = _plot(shown, 0.0, 250.0, float(COVER), float(COVER))
    size = min(76.0, max((COVER - 80) / (LETTER * len(shown.title)), 36.0))
    tempos = shown.tempos
    about = f"{clock(shown.duration)}" + (
        f"  ·  {tempos[0]:.0f}-{tempos[1]:.0f} BPM" if tempos else ""
    )
    shapes = [
        Box(0, 0, COVER, COVER, "paper"),
        Label(40, 70 + size * 0.72, _fitting(shown.title, COVER - 80, size), size, "ink"),
        Label(40, 70 + size * 0.72 + 52, about, 30, "muted"),
        *_songs(shown, plot, numbered=False),
        *_target(shown, plot, width=5.0),
    ]
    return Picture(COVER, COVER, described(shown), tuple(shapes))


def described(shown: View) -> str:
    """Return what the picture shows, for those who cannot see it."""
    tempos = shown.tempos
    bpm = f", {tempos[0]:.0f} to {tempos[1]:.0f} BPM" if tempos else ""
    return f"{shown.title}: {counted(len(shown.songs), 'song')}, {clock(shown.duration)}{bpm}"


def _plot(shown: View, left: float, top: float, right: float, bottom: float) -> _Plot:
    values = [song.followed for song in shown.songs if song.followed]
    values += [song.target_bpm for song in shown.songs if song.target_bpm]
    values += [bpm for moment in shown.moments for bpm in (moment.low, moment.high)]
    least, most = (min(values), max(values)) if values else (100.0, 140.0)
    # A quarter of the height is below the slowest, so that every song has a column to look at.
    low = 10 * floor((least - max((most - least) / 3, 10.0)) / 10)
    return _Plot(left, top, right, bottom, shown.length, low, 10 * ceil((most + 3) / 10))


def _head(shown: View, width: int) -> Iterator[Shape]:
    yield Label(14, 32, _fitting(shown.title, width * 0.7, 22), 22, "ink")
    said = described(shown).removeprefix(f"{shown.title}: ")
    yield Label(14, 52, _fitting(said, width * 0.6, TEXT), TEXT, "muted")
    left = width - 36 - 12 * ENERGIES
    for i in range(ENERGIES):
        yield Box(left + 12 * i, 24, 12, 10, f"e{i}")
    yield Label(left - 6, 33, "calm", SMALL, "muted", "end")
    yield Label(left + 12 * ENERGIES + 6, 33, "full", SMALL, "muted")
    yield Label(left - 42, 33, "energy of the songs", SMALL, "muted", "end")
    if shown.is_measured:
        yield Line(((left, 47), (left + 12 * ENERGIES, 47)), "target", 2.5)
        yield Label(left - 6, 51, "wanted tempo", SMALL, "muted", "end")


def _stages(shown: View, plot: _Plot) -> Iterator[Shape]:
    """Yield the bands of the steps: a strip with their names above, a shade behind."""
    top = plot.top - 26
    for i, stage in enumerate(shown.stages):
        left, right = plot.x(stage.start), plot.x(stage.end)
        if i % 2:
            yield Box(left, plot.top, right - left, plot.bottom - plot.top, "band")
        yield Box(left, top, max(right - left - GAP, 0.5), 20, "strip")
        effort = _effort(stage)
        yield Box(left, top + 20 - effort, max(right - left - GAP, 0.5), effort, "strip")
        name = _fitting(stage.name or f"{100 * stage.intensity[0]:.0f} %", right - left - 8, SMALL)
        if len(name) > 2 or name == stage.name:  # noqa: PLR2004 - two letters say nothing
            yield Label(left + 5, top + 14, name, SMALL, "ink")


def _effort(stage: Stage) -> float:
    """Return how high a step fills its strip, pixels: all of it at 120 % of threshold."""
    return min(20 * sum(stage.intensity) / 2 / 1.2, 20.0)


def _grid(plot: _Plot) -> Iterator[Shape]:
    each = 10 if plot.high - plot.low <= 60 else 20 if plot.high - plot.low <= 120 else 40  # noqa: PLR2004 - at most seven lines
    first = each * ceil(plot.low / each)
    for bpm in range(first, round(plot.high) + 1, each):
        y = plot.y(bpm)
        yield Line(((plot.left, y), (plot.right, y)), "rule", 1.0)
        yield Label(plot.left - 6, y + 4, f"{bpm}", SMALL, "muted", "end")


def _times(plot: _Plot) -> Iterator[Shape]:
    room = (plot.right - plot.left) / TICK_WIDTH
    each = next((tick for tick in TICKS if plot.length / tick <= room), TICKS[-1])
    for time in range(0, int(plot.length) + 1, each):
        x = plot.x(time)
        anchor = "start" if time == 0 else "end" if plot.right - x < TICK_WIDTH / 3 else "middle"
        yield Line(((x, plot.bottom), (x, plot.bottom + 4)), "muted", 1.0)
        if anchor == "end" and x - plot.x(time - each) < 1.5 * TICK_WIDTH:
            continue  # it would run into the one before
        yield Label(x, plot.bottom + 17, clock(time), SMALL, "muted", anchor)


def _songs(shown: View, plot: _Plot, *, numbered: bool) -> Iterator[Shape]:
    for i, song in enumerate(shown.songs):
        left, right = plot.x(song.start), plot.x(song.end)
        width = max(right - left - GAP, 0.75)
        top = plot.y(song.followed or plot.low)
        ink = energy_ink(song.energy)
        # The whole height answers to the pointer, not only the column.
        yield Box(left, plot.top, right - left, plot.bottom - plot.top, "clear", i)
        yield Box(left, top, width, plot.bottom - top, ink, i, fades=True)
        if numbered and width > 2 * SMALL * LETTER:
            yield Label(left + width / 2, plot.bottom - 7, f"{i + 1}", SMALL, "ink", "middle", i)
        if numbered and song.followed and width > 3.4 * TEXT * LETTER:
            bpm = f"{song.followed:.0f}"
            line = plot.y(song.target_bpm or 0.0)
            # Below the line of what is wanted, where that crosses.
            at = line + 20 if top - 4 < line < top + 24 else top + 19
            yield Label(left + width / 2, at, bpm, TEXT, "paper", "middle", i, bold=True)


def _range(shown: View, plot: _Plot) -> Iterator[Shape]:
    """Yield the range of tempos that the workout asks for."""
    above = _points(shown.moments, plot, lambda moment: moment.high)
    below = _points(shown.moments, plot, lambda moment: moment.low)
    if above:
        yield Area((*above, *reversed(below)), "range")


def _target(shown: View, plot: _Plot, *, width: float = 2.5) -> Iterator[Shape]:
    """Yield the tempo that the workout asks for; a line that no color behind it hides."""
    points = _points(shown.moments, plot, lambda moment: moment.bpm)
    if not points:
        points = tuple(
            (plot.x(time), plot.y(song.target_bpm))
            for song in shown.songs
            if song.target_bpm
            for time in (song.start, song.end)
        )
    if points:
        yield Line(points, "halo", width + 3)
        yield Line(points, "target", width)


def _points(
    moments: tuple[Moment, ...], plot: _Plot, value: Callable[[Moment], float]
) -> tuple[Point, ...]:
    return tuple((plot.x(moment.at), plot.y(value(moment))) for moment in moments)


def _fitting(text: str, width: float, size: float) -> str:
    """Return as much of a text as has room."""
    most = max(int(width / (size * LETTER)), 0)
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…" if most > 1 else ""


def label(song: Song, number: int) -> str:
    """Return what a song of the picture is, for those who cannot see it."""
    bpm = "no beat" if song.followed is None else f"{song.followed:.0f} BPM"
    wanted = f", wanted {song.target_bpm:.0f}" if song.target_bpm else ""
    energy = "" if song.energy is None else f", energy {song.energy:.2f}"
    return f"{number}, {clock(song.start)}: {song.name}, {bpm}{wanted}{energy}"
