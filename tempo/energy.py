"""Energy: how intense music would feel if all of it were played equally loud.

What shops and services call energy is largely loudness, which tells the year of the master, not
the music: "Eye of the Tiger" is published as .44, .48, .60 and .70 in masters of -14.5 to
-6 dB. Three properties that no volume knob changes stand in for it here, weighted by a
regression on published energies from which the loudness was taken out first.
"""

from dataclasses import astuple, dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from tempo.bands import LOW, Bands

KICK_SECONDS = 0.046
"""Time in which a drum's attack rises, with the length of a frame."""
ATTACK_SECONDS = 0.035
"""Attacks are smoothed over this: a hand's unevenness is not two strokes."""
APART_SECONDS = 0.1
"""Strokes nearer than this are one: 16th notes at 150 BPM are still told apart."""
STROKE_DB = 1.5
"""An attack rises this far above the usual change from frame to frame, mean of all bands."""
FULLEST_DB = -4.5
"""Flatness of the densest music; beyond lies only noise, which adds nothing to it."""
FEWEST = 0.5
"""Strokes a second that count as none: the logarithm needs an end."""

# Fitted by `python -m benchmarks.train_energy`; see there for data and method.
CENTER = (-7.215, 1.526, 2.266)
"""Mean of each trait over the songs."""
WEIGHTS = (0.112, 0.202, 0.058)
"""Energy for one unit of each trait."""
OFFSET = 0.658
"""Energy of music whose traits are all at `CENTER`: the mean song."""


@dataclass(frozen=True, slots=True)
class Traits:
    """What energy is made of; none depends on gain."""

    fullness: float
    """Mean flatness of the spectrum, dB: distortion, dense arrangements, cymbals."""
    strokes: float
    """Natural logarithm of attacks a second."""
    kick: float
    """Mean rise of the lowest band in `KICK_SECONDS`, dB: pumping bass."""


def energy(bands: Bands) -> float:
    """Return the perceived intensity at equal loudness.

    Parameters
    ----------
    bands : Bands

    Returns
    -------
    float in [0, 1]
        0 for silence.
    """
    if not bands.playing.any():
        return 0.0
    raw = OFFSET + np.dot(WEIGHTS, np.subtract(astuple(traits(bands)), CENTER))
    return float(np.clip(raw, 0.0, 1.0))


def traits(bands: Bands) -> Traits:
    """Measure the traits of a track that is not silent."""
    playing = bands.playing
    return Traits(
        fullness=float(np.minimum(bands.fullness[playing], FULLEST_DB).mean()),
        strokes=float(np.log(_strokes_a_second(bands) + FEWEST)),
        kick=float(_rise(bands, KICK_SECONDS)[:, LOW].mean()),
    )


def _strokes_a_second(bands: Bands) -> float:
    rise = _rise(bands, KICK_SECONDS)
    attack = rise @ np.full(rise.shape[1], 1 / rise.shape[1], np.float32)
    width = max(1, round(ATTACK_SECONDS * bands.rate))
    smooth = np.convolve(attack, np.full(width, 1 / width), "same")
    reach = max(1, round(APART_SECONDS / 2 * bands.rate))
    padded = np.pad(smooth, reach)
    shifted = (padded[shift : shift + len(smooth)] for shift in range(2 * reach + 1))
    highest = smooth >= reduce(np.maximum, shifted)
    strokes = np.count_nonzero(highest & (smooth > np.median(attack) + STROKE_DB))
    return strokes / len(smooth) * bands.rate


def _rise(bands: Bands, seconds: float) -> NDArray[np.float32]:
    """Return how far each band rises in `seconds`, dB [shape=(n, 7)]; a fall is 0."""
    lag = round(seconds * bands.rate)
    padded = np.concatenate([np.repeat(bands.db[:1], lag, axis=0), bands.db])
    rise: NDArray[np.float32] = np.maximum(padded[lag:] - padded[:-lag], 0)
    return rise
