"""Tempo over time: steady, drifting, or another one from here on.

The tempo of each stretch is followed as the best path through a local tempogram, where leaving a
tempo has its price (Peeters, "Time variable tempo detection and beat marking", ICMC 2005): what
one stretch alone says against its neighbors is chance.
"""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tempo.refine import fine_spectrum, refine
from tempo.spectra import between, magnitudes
from tempo.track import TempoSection

WINDOW_SECONDS = 12.0
"""Six bars at 120 BPM: tells 1 % apart by the sixteenths."""
HOP_SECONDS = 3.0
N_FFT = 8192
"""Points of a transformed window, zeros included: 0.6 BPM apart before interpolation."""
RANGE = 0.28
"""Looked for within this of the tempo: at a third more or less the rhythm itself looks alike."""
STEP = 0.005
"""Natural logarithm from one tempo of the grid to the next."""
HARMONICS = np.arange(1, 5)
"""Beat and its divisions, as in `tempo.refine`."""
GLIDE = 8.0
"""Price of leaving a tempo for another, for one natural logarithm between them, in windows."""
JUMP = 1.5
"""Highest price, in windows at their clearest: 5 s of music in another tempo, or twice as long
where the old one fits half as well."""
SAME = 0.02
"""Tempi within this are one: as far as a band without a click strays."""
SHORTEST_SECONDS = 9.0
"""A shorter section cannot be told from a fill or a held chord."""


def sections(
    path: NDArray[np.float64], envelope: NDArray[np.float32], rate: float
) -> tuple[TempoSection, ...]:
    """Divide a piece where its tempo changes.

    Parameters
    ----------
    path : np.ndarray [shape=(windows,)]
        Its `local_tempo`.
    envelope : np.ndarray [shape=(n,)]
        Onset envelope.
    rate : float > 0
        Frames a second.

    Returns
    -------
    tuple of TempoSection
        None if the tempo is one; else two at least, and neighbors differ by more than `SAME`.
    """
    edges = _joined(path, _split(path, 0, len(path)), round(SHORTEST_SECONDS / HOP_SECONDS))
    if len(edges) == 2:  # noqa: PLR2004 - begin and end of the only section
        return ()
    starts = [_frame(edge, rate) for edge in edges[:-1]] + [len(envelope)]
    found = []
    for number, (start, end) in enumerate(pairwise(starts)):
        usual = float(np.median(path[edges[number] : edges[number + 1]]))
        local = refine(fine_spectrum(envelope[start:end], rate), usual)
        found.append(TempoSection(start / rate, local))
    return tuple(found)


def drift(path: NDArray[np.float64], bpm: float) -> float:
    """Return the interquartile range of a local tempo [shape=(windows,)] over the tempo."""
    low, high = np.percentile(path, [25, 75])
    return float((high - low) / bpm)


def local_tempo(envelope: NDArray[np.float32], rate: float, bpm: float) -> NDArray[np.float64]:
    """Follow the tempo through a piece.

    Parameters
    ----------
    envelope : np.ndarray [shape=(n,)]
    rate : float > 0
    bpm : float > 0
        Tempo of most of the piece.

    Returns
    -------
    np.ndarray [shape=(windows,)]
        BPM, one at least, each `HOP_SECONDS`; that of the first window holds from the start.
    """
    steps = np.arange(-np.log1p(RANGE), np.log1p(RANGE), STEP)
    grid = bpm * np.exp(steps - steps[np.argmin(np.abs(steps))])
    clarity = _clarity(envelope, rate, grid)
    places = _between(clarity, np.array(_best_path(clarity)))
    path: NDArray[np.float64] = grid[0] * np.exp(STEP * places)
    return path


def _between(rows: NDArray[np.float64], places: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return where the top of each row at its place lies between the bins, by a parabola."""
    near = np.clip(places[:, None] + np.arange(-1, 2), 0, rows.shape[1] - 1)
    below, at, above = np.take_along_axis(rows, near, axis=1).T
    bend = below - 2 * at + above
    top = (bend < 0) & (at >= np.maximum(below, above))
    shift = np.where(top, 0.5 * (below - above) / np.where(top, bend, 1), 0)
    return np.asarray(places + shift, np.float64)


def _clarity(
    envelope: NDArray[np.float32], rate: float, grid: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return how clear each tempo is in each window [shape=(windows, tempi)], up to about 1."""
    length = min(len(envelope), round(WINDOW_SECONDS * rate))
    starts = range(0, len(envelope) - length + 1, round(HOP_SECONDS * rate))
    points = np.outer(HARMONICS, grid / 60).ravel() * (N_FFT / rate)
    rows = [between(some, points) for some in magnitudes(envelope, starts, length, N_FFT)]
    each = np.concatenate(rows).reshape(len(starts), len(HARMONICS), len(grid))
    clarity: NDArray[np.float64] = each.sum(axis=1, dtype=np.float64)
    usual = float(np.median(clarity.max(axis=1)))
    return np.minimum(clarity / max(usual, 1e-9), 1.5)


def _best_path(clarity: NDArray[np.float64]) -> list[int]:
    """Return the tempo of each window whose clarity, less the price of changes, sums highest."""
    tempi = np.arange(clarity.shape[1])
    price = np.minimum(GLIDE * STEP * np.abs(tempi[:, None] - tempi), JUMP)
    total, origins = clarity[0], []
    for row in clarity[1:]:
        arriving = total[:, None] - price
        origins.append(arriving.argmax(axis=0))
        total = arriving.max(axis=0) + row
    path = [int(total.argmax())]
    for origin in reversed(origins):
        path.append(int(origin[path[-1]]))
    return path[::-1]


def _split(path: NDArray[np.float64], begin: int, end: int) -> list[int]:
    """Return where sections of one tempo begin in ``path[begin:end]``, and its end."""
    part = path[begin:end]
    if part.max() <= part.min() * (1 + SAME):
        return [begin, end]
    change = begin + 1 + int(np.argmax(np.abs(np.diff(np.log(part)))))
    return _split(path, begin, change)[:-1] + _split(path, change, end)


def _joined(path: NDArray[np.float64], edges: list[int], shortest: int) -> list[int]:
    """Join sections under `shortest` windows with the neighbor that is nearer in tempo."""
    while len(edges) > 2:  # noqa: PLR2004 - as in `sections`
        lengths = np.diff(edges)
        tempi = [float(np.median(path[a:b])) for a, b in pairwise(edges)]
        steps = np.abs(np.diff(np.log(tempi)))
        short = int(np.argmin(lengths))
        if lengths[short] < shortest:
            sides = [i for i in (short - 1, short) if 0 <= i < len(steps)]
            inner = min(sides, key=lambda i: (steps[i], i))
        elif steps.min() < np.log1p(SAME):
            inner = int(np.argmin(steps))
        else:
            break
        edges = edges[: inner + 1] + edges[inner + 2 :]
    return edges


def _frame(window: int, rate: float) -> int:
    """Return the frame from which on a window's tempo holds; the first holds from the start."""
    seconds = (window - 0.5) * HOP_SECONDS + WINDOW_SECONDS / 2
    return round(seconds * rate) if window else 0
