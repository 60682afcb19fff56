"""A workout as a picture of text."""

from collections.abc import Iterator, Sequence

from playlists.settings import Settings
from playlists.targets import Targets, targets
from playlists.workout import Workout
from tempo.screen import clock

BLOCKS = " ▁▂▃▄▅▆▇█"
PLAIN = " .:-=+*#%@"
"""For terminals without Unicode."""
TOP = 1.3
"""Intensity that fills a column: above threshold, below a sprint."""
WIDTH = 60
HEIGHT = 8


def sparkline(workout: Workout, *, width: int = WIDTH, plain: bool = False) -> str:
    """Return the intensity of a workout over its time, in one line."""
    marks = PLAIN if plain else BLOCKS
    heights = (min(1.0, value / TOP) for value in _curve(workout, width))
    return "".join(marks[max(1, round(height * (len(marks) - 1)))] for height in heights)


def chart(workout: Workout, *, plain: bool = False) -> Iterator[str]:
    """Yield the lines of a chart of intensity, percent of threshold, over time."""
    marks = PLAIN if plain else BLOCKS
    steps = len(marks) - 1
    heights = [round(min(1.0, v / TOP) * HEIGHT * steps) for v in _curve(workout, WIDTH)]
    for row in reversed(range(HEIGHT)):
        cells = (marks[min(steps, max(0, height - row * steps))] for height in heights)
        yield f"{100 * TOP * (row + 1) / HEIGHT:4.0f} % {''.join(cells)}".rstrip()
    end = clock(workout.duration)
    yield f"{'':7}0:00{end:>{WIDTH - 4}}"


def steps(workout: Workout, settings: Settings) -> Iterator[tuple[str, ...]]:
    """Yield a row for each step: start, length, intensity, tempo, cadence and name."""
    felt = targets(workout, settings, mode="async")
    for start, step in zip(workout.starts, workout.steps, strict=True):
        end = start + step.duration - felt.tick
        cadence = _spread(step.cadence) if step.cadence else "-"
        percent = _spread([100 * value for value in step.intensity])
        tempo = _spread([_at(felt, start), _at(felt, end)])
        yield clock(start), clock(step.duration), f"{percent} %", tempo, cadence, step.name


def _curve(workout: Workout, width: int) -> list[float]:
    """Return the intensity in the middle of each column."""
    return [workout.intensity((i + 0.5) / width * workout.duration) for i in range(width)]


def _at(felt: Targets, time: float) -> float:
    return float(felt.bpm[min(len(felt.bpm) - 1, int(time / felt.tick))])


def _spread(values: Sequence[float]) -> str:
    first, last = (f"{value:.0f}" for value in values)
    return first if first == last else f"{first}-{last}"
