"""Steps too short for songs of their own: their music has the effort of others."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playlists.blocks import blocks
from playlists.pieces import SURGE
from playlists.settings import Settings
from playlists.workout import Workout

MOMENTS = 4
"""Looked at in each step."""


@dataclass(frozen=True, slots=True)
class Unlike:
    """Steps of which most has music that is too hard for them, or too easy."""

    is_harder: bool
    """Whether the music is harder than the steps."""
    steps: tuple[int, ...]
    """Indices of the steps."""
    seconds: float
    """How long they last in all."""


def unlike(workout: Workout, settings: Settings) -> Iterator[Unlike]:
    """Yield steps whose music is too hard, and steps whose music is too easy, if there are any.

    What music asks for then lies outside the energies that the step asks for. Efforts count however
    short they are, as they are what a workout is for; rests as soon as efforts of their length
    would have music of their own.
    """
    steps = workout.steps
    harder, easier = _sides(workout, settings)
    rests = [step.duration >= SURGE * settings.shortest_block for step in steps]
    for is_harder, found in ((True, harder & rests), (False, easier)):
        which = np.flatnonzero(found).tolist()
        if which:
            yield Unlike(is_harder, tuple(which), sum(steps[i].duration for i in which))


def _sides(workout: Workout, settings: Settings) -> tuple[NDArray[np.bool_], ...]:
    """Return for each step whether most of its music is too hard, and whether it is too easy."""
    parts = blocks(workout, settings)
    shares = (np.arange(MOMENTS) + 0.5) / MOMENTS
    lengths = [step.duration for step in workout.steps]
    times = np.add.outer(workout.starts, np.zeros(MOMENTS)) + np.outer(lengths, shares)
    which = np.searchsorted([part.end for part in parts[:-1]], times, side="right")
    heard = [
        [parts[i].at(time) for i, time in zip(*each, strict=True)]
        for each in zip(which.tolist(), times.tolist(), strict=True)
    ]
    first, last = np.array([step.intensity for step in workout.steps]).T
    asked = np.outer(first, 1 - shares) + np.outer(last, shares)
    at = [knot.at for knot in settings.intensity]
    low, high = (
        np.interp(asked, at, ends)
        for ends in zip(*(knot.energy for knot in settings.intensity), strict=True)
    )
    middle = np.interp(heard, at, [sum(knot.energy) / 2 for knot in settings.intensity])
    return tuple((side.sum(axis=1) > MOMENTS / 2) for side in (middle > high, middle < low))
