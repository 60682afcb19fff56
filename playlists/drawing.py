"""A workout drawn as text: intensity upwards, time to the right."""

import numpy as np

from playlists.workout import Workout

BLOCKS = " ▁▂▃▄▅▆▇█"
ASCII = " .:-=+*#@"  # The same nine steps where a terminal has no block elements.
SAMPLES = 8  # Moments a character; their mean keeps 20-second efforts from flickering.
CEILING = 1.2  # Intensity at the top, if the workout is not harder: workouts stay comparable.


def drawn(workout: Workout, *, width: int = 48, height: int = 1, ascii_only: bool = False) -> str:
    """Return `workout` as a chart of characters.

    Parameters
    ----------
    workout : Workout
    width, height : int > 0
        Characters; one row gives a sparkline.
    ascii_only : bool
        Whether to do without block elements.

    Returns
    -------
    str
        `height` lines of `width` characters, without a line break at the end. Every
        character has the height of its mean intensity; only rest at 0 is left blank.
    """
    steps = ASCII if ascii_only else BLOCKS
    times = (np.arange(width * SAMPLES) + 0.5) * workout.duration / (width * SAMPLES)
    levels = np.array([workout.intensity(time) for time in times]).reshape(width, -1).mean(axis=1)
    eighths = levels / max(CEILING, levels.max()) * height * (len(steps) - 1)
    full = np.where(levels > 0, np.maximum(np.rint(eighths), 1), 0).astype(int)
    rows = [
        "".join(steps[n] for n in np.clip(full - row * (len(steps) - 1), 0, len(steps) - 1))
        for row in range(height)
    ]
    return "\n".join(reversed(rows))
