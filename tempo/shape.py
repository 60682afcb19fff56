"""Shape: how a track rises within itself, and when its beat begins."""

import numpy as np
from numpy.typing import NDArray

from tempo.bands import RANGE_DB, Bands

CELL_SECONDS = 3.0
"""Music is compared in stretches this long: about a bar, so that no beat sticks out."""
CELLS = 100
"""Stretches that the longest track is cut into at most: a trend needs no more."""
FEWEST_CELLS = 2
"""Stretches that can be compared at all."""
FADE_SECONDS = 12.0
FADE_SHARE = 0.1
"""The first and last `FADE_SECONDS`, at most this share of the track, are not compared: fades,
applause and silence there say nothing about the music between."""
OUTLIERS = (10.0, 90.0)
"""Percentiles that louder or quieter stretches count as: one break is not a trend."""
CRESCENDO_DB = 8.0
"""Scale of the rise: 15 dB, from mezzo piano to fortissimo, are a crescendo of 0.9 and more."""
AUDIBLE_DB = -40.0
"""A band whose loudest stretch stays below plays no part: it could not rise."""

LEAD_IN = 1.0
"""Seconds. A shorter wait passes for the gap between songs."""
ATTACK_SECONDS = 0.046
"""Time in which a drum's attack rises, with the length of a frame."""
BEATS = 16
"""Beats by which a pulse is recognized: four bars, over which a band's drift is no matter yet."""
LEVELS = 3
"""What carries a pulse: quarters, eighths, sixteenths, each twice as many as those before."""
USUAL = 75.0
"""Percentile that stands for the track in full swing: its beat may fill a quarter only."""
STROKE = 95.0
"""Percentile of the attacks that makes a whole stroke: out of silence any sound rises more."""
FAINTEST_DB = 1.0
"""A stroke rises this far above the usual change from frame to frame, mean of all bands."""
PULSE = 0.5
"""Share of the usual pulse that is a beat; speech strikes at random and adds up to far less."""
CERTAIN = 8
"""Beats at the usual pulse after which the beat has begun: a fill is shorter."""
STARTED = 0.5
"""Share of the strongest attack that is a beat's first."""


def build(bands: Bands) -> float:
    """Return how much the music rises from its beginning to its end.

    Parameters
    ----------
    bands : Bands

    Returns
    -------
    float in [0, 1]
        0.5 is level, 1 a crescendo; the same music backwards gives 1 minus that. What rises is
        the level in dB of the music and of its bands: playing louder and adding instruments
        both count.
    """
    trim = round(min(FADE_SECONDS * bands.rate, FADE_SHARE * len(bands.db)))
    cells = _cells(bands.db[trim : len(bands.db) - trim], bands.rate)
    if len(cells) < FEWEST_CELLS:
        return 0.5
    level = np.clip(cells, *np.percentile(cells, OUTLIERS))
    time = np.linspace(-0.5, 0.5, len(level))
    rise = float(time @ level / (time @ time))
    return 0.5 + 0.5 * float(np.tanh(rise / CRESCENDO_DB))


def _cells(db: NDArray[np.float32], rate: float) -> NDArray[np.float64]:
    """Return the intensity in dB of equal stretches that fill the music.

    The level of the sum tells how loud it is, the mean level of those bands that are heard
    at any time how many play.
    """
    count = int(np.clip(len(db) / (CELL_SECONDS * rate), min(len(db), FEWEST_CELLS), CELLS))
    edges = np.linspace(0, len(db), count + 1).round().astype(int)
    power = np.exp(db * np.float32(np.log(10) / 10))
    total = np.add.reduceat(power, edges[:-1], axis=0, dtype=np.float64)
    mean = total / np.diff(edges)[:, None]
    sounding = 10 * np.log10(mean).max(axis=0, initial=-RANGE_DB) > AUDIBLE_DB
    many = 10 * np.log10(mean[:, sounding]).mean(1) if sounding.any() else 0.0
    level: NDArray[np.float64] = 5 * np.log10(mean.sum(1)) + 0.5 * many
    return level


def intro(bands: Bands, bpm: float | None) -> float:
    """Return the length of the silent or beatless beginning.

    Parameters
    ----------
    bands : Bands
    bpm : float > 0, or None where there is no beat

    Returns
    -------
    float >= 0
        Seconds: 0 if the track begins with its beat, all of it if there is no beat.
    """
    attacks = _attacks(bands)
    if bpm is None or not attacks.any():
        return len(attacks) / bands.rate
    beat = 60 / bpm * bands.rate
    begun = _change(_pulse(attacks, beat), beat)
    strokes = attacks[begun : begun + round(BEATS * beat)]
    first = begun + int(np.argmax(strokes >= STARTED * strokes.max()))
    seconds = first / bands.rate
    return seconds if seconds >= LEAD_IN else 0.0


def _change(pulse: NDArray[np.float64], beat: float) -> int:
    """Return the frame from which on the pulse is there, `beat` in frames.

    The cumulative sum test of Page, "Continuous inspection schemes", Biometrika 1954: what
    exceeds `PULSE` of the usual is summed, and the beat begins at the lowest sum before a rise
    that no fill reaches; or, where none does, at the lowest of all.
    """
    total = np.cumsum(np.pad(pulse, (1, 0)))
    window = min(len(pulse), round(BEATS * beat))
    usual = float(np.percentile(total[window:] - total[:-window], USUAL)) / window
    total -= PULSE * usual * np.arange(len(total))
    rise = total - np.minimum.accumulate(total)
    certain = rise >= CERTAIN * beat * (1 - PULSE) * max(usual, 1e-9)
    end = int(np.argmax(certain)) if certain.any() else len(pulse) - 1
    return int(np.argmin(total[: end + 1]))


def _attacks(bands: Bands) -> NDArray[np.float32]:
    """Return how far the bands rise around each frame, in strokes from 0 to 1 [shape=(n,)]."""
    lag = round(ATTACK_SECONDS * bands.rate)
    silence = np.full((lag, bands.db.shape[1]), -RANGE_DB, np.float32)
    padded = np.concatenate([silence, bands.db])
    count = bands.db.shape[1]
    # A product is five times faster than a mean.
    rise = np.maximum(padded[lag:] - padded[:-lag], 0) @ np.full(count, 1 / count, np.float32)
    usual, stroke = np.percentile(rise, (50, STROKE)) if len(rise) else (0, 0)
    strokes: NDArray[np.float32] = np.clip((rise - usual) / max(stroke - usual, FAINTEST_DB), 0, 1)
    return strokes


def _pulse(attacks: NDArray[np.float32], beat: float) -> NDArray[np.float64]:
    """Return what each frame adds to the beat of the `BEATS` that follow; `beat` in frames.

    Attacks at the beat and its levels are added as phases, those of the window together; a
    frame counts as far as its phase agrees with theirs. Speech has attacks of any phase, which
    cancel out.
    """
    turn = np.exp(-2j * np.pi / beat * np.arange(len(attacks)))
    window = min(len(attacks), round(BEATS * beat))
    agreement, power = np.zeros((2, len(attacks)))
    for _ in range(LEVELS):
        wave = turn * attacks
        total = np.cumsum(np.pad(wave, (1, window - 1)))
        ahead = total[window:] - total[:-window]
        agreement += (wave * ahead.conj()).real
        power += ahead.real**2 + ahead.imag**2
        turn *= turn
    pulse: NDArray[np.float64] = agreement / np.maximum(np.sqrt(power), 1e-9)
    return pulse
