"""Steps too short for songs of their own: their music has the effort of others, or their tempo."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from playlists.blocks import blocks
from playlists.bundle import Block
from playlists.pieces import SURGE
from playlists.playlist import Mode
from playlists.settings import Settings
from playlists.workout import Range, Workout

MOMENTS = 4
"""Looked at in each step."""


@dataclass(frozen=True, slots=True)
class Unlike:
    """Steps of which most has music that is made for others."""

    kind: Literal["harder", "easier", "tempo"]
    """What the music is, or has: more effort, less, or another tempo than the step gives."""
    steps: tuple[int, ...]
    """Indices of the steps."""
    seconds: float
    """How long they last in all."""


def unlike(
    workout: Workout, settings: Settings, *, mode: Mode = "async", cadence: Range | None = None
) -> Iterator[Unlike]:
    """Yield steps whose music is made for others, a kind at a time, if there are any.

    What music asks for then lies outside the energies that the step asks for. Efforts count however
    short they are, as they are what a workout is for; rests as soon as efforts of their length
    would have music of their own. So does a tempo that a step gives, or in sync a cadence.

    Parameters
    ----------
    workout : Workout
    settings : Settings
    mode : {"async", "sync"}
    cadence : (float, float), optional
        In sync, the cadence throughout, instead of that of the steps.
    """
    steps, parts = workout.steps, blocks(workout, settings)
    harder, easier = _sides(workout, parts, settings)
    long = np.array([step.duration >= SURGE * settings.shortest_block for step in steps])
    other = _others(workout, parts, heeds_cadence=mode == "sync" and cadence is None)
    kinds: tuple[tuple[Literal["harder", "easier", "tempo"], NDArray[np.bool_]], ...] = (
        ("harder", harder & long), ("easier", easier), ("tempo", other & long)
    )  # fmt: skip
    for kind, found in kinds:
        which = np.flatnonzero(found).tolist()
        if which:
            yield Unlike(kind, tuple(which), sum(steps[i].duration for i in which))


def _others(
    workout: Workout, parts: tuple[Block, ...], *, heeds_cadence: bool
) -> NDArray[np.bool_]:
    """Return for each step whether it gives a tempo, and the music in its middle has another."""
    middles = [
        start + step.duration / 2 for start, step in zip(workout.starts, workout.steps, strict=True)
    ]
    which = np.searchsorted([part.end for part in parts[:-1]], middles, side="right").tolist()
    return np.array(
        [
            _is_other(step.bpm, parts[i].bpm)
            or (heeds_cadence and not step.bpm and _is_other(step.cadence, parts[i].cadence))
            for step, i in zip(workout.steps, which, strict=True)
        ]
    )


def _is_other(asked: Range | None, heard: Range | None) -> bool:
    return asked is not None and (heard is None or heard[1] < asked[0] or asked[1] < heard[0])


def _sides(
    workout: Workout, parts: tuple[Block, ...], settings: Settings
) -> tuple[NDArray[np.bool_], ...]:
    """Return for each step whether most of its music is too hard, and whether it is too easy."""
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
