"""A workout drawn as text: intensity upwards, time to the right."""

from collections.abc import Iterator, Sequence
from math import ceil

import numpy as np
from numpy.typing import NDArray

from playlists.settings import Settings
from playlists.targets import Targets, targets
from playlists.workout import Workout
from tempo.screen import clock

BLOCKS = " ▁▂▃▄▅▆▇█"
ASCII = " .:-=+*#@"
"""The same nine steps where a terminal has no block elements."""
SAMPLES = 8
"""Moments a character; their mean keeps 20-second efforts from flickering."""
CEILING = 1.2
"""Intensity at the top, if the workout is not harder: workouts stay comparable."""
WIDTH, HEIGHT = 60, 8
"""Characters of a chart."""


def drawn(workout: Workout, *, width: int = 48, height: int = 1, plain: bool = False) -> list[str]:
    """Return a workout as lines of characters.

    Parameters
    ----------
    workout : Workout
    width, height : int > 0
        Characters; one row gives a sparkline.
    plain : bool
        Whether to do without block elements.

    Returns
    -------
    list of str
        `height` lines of `width` characters, top line first. Every character has the height of
        its mean intensity; only rest at 0 is left blank.
    """
    marks = ASCII if plain else BLOCKS
    most = len(marks) - 1
    levels = _levels(workout, width)
    parts = levels / _top(levels) * height * most
    full = np.where(levels > 0, np.maximum(np.rint(parts), 1), 0).astype(int)
    rows = (np.clip(full - row * most, 0, most) for row in reversed(range(height)))
    return ["".join(marks[n] for n in row) for row in rows]


def chart(workout: Workout, *, plain: bool = False) -> Iterator[str]:
    """Yield the lines of a chart with axes: percent of threshold over time."""
    top = _top(_levels(workout, WIDTH))
    for row, line in enumerate(drawn(workout, width=WIDTH, height=HEIGHT, plain=plain)):
        yield f"{100 * top * (1 - row / HEIGHT):4.0f} % {line}".rstrip()
    yield f"{'':7}0:00{clock(workout.duration):>{WIDTH - 4}}"


def steps(workout: Workout, settings: Settings) -> Iterator[tuple[str, ...]]:
    """Yield a row for each step: start, length, intensity, tempo, cadence and name."""
    felt = targets(workout, settings, mode="async")
    for start, step in zip(workout.starts, workout.steps, strict=True):
        cadence = _spread(step.cadence) if step.cadence else "-"
        percent = _spread([100 * value for value in step.intensity])
        tempo = _spread(_tempos(felt, start, start + step.duration))
        yield clock(start), clock(step.duration), f"{percent} %", tempo, cadence, step.name


def _levels(workout: Workout, width: int) -> NDArray[np.float64]:
    """Return the mean intensity of each column."""
    times = (np.arange(width * SAMPLES) + 0.5) * workout.duration / (width * SAMPLES)
    levels = np.array([workout.intensity(time) for time in times])
    mean: NDArray[np.float64] = levels.reshape(width, SAMPLES).mean(axis=1)
    return mean


def _top(levels: NDArray[np.float64]) -> float:
    return max(CEILING, float(levels.max()))


def _tempos(felt: Targets, start: float, end: float) -> list[float]:
    """Return the first and the last tempo of the ticks whose middles lie in a step."""
    first, after = (ceil(time / felt.tick - 0.5) for time in (start, end))
    first = min(first, len(felt.bpm) - 1)
    # Where a step is so short that it has no middle, the tick that follows is as near as any.
    return [float(felt.bpm[first]), float(felt.bpm[max(after - 1, first)])]


def _spread(values: Sequence[float]) -> str:
    first, last = (f"{value:.0f}" for value in values)
    return first if first == last else f"{first}-{last}"
