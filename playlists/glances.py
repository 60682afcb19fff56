"""How much more than the potentials options cost at least: a glance at many, a look at few.

First, options of like length, tempo, energy and build are looked at together, wherever they may
start, in long cells of time. Where that leaves room, and only there, each of them is looked at by
itself, in ever shorter cells.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from playlists import walks
from playlists.looks import Look, look_at
from playlists.pool import LEVELS, Floats, Ints
from playlists.relaxation import Flat
from playlists.survey import TOGETHER, Survey

COARSE = 3  # Ticks that are looked at together at first: 15 s of the right music cost little.
KINDS = 1 << 13  # Looked at in turn: each may suit many moments.
STARTS = 1 << 16  # Options at a moment looked at at once: arrays of that size stay in the cache.


@dataclass(frozen=True, slots=True, eq=False)
class _Options:
    """Options in order of their kinds; arrays have one value an option."""

    first: Ints
    """Where each kind begins, and the last ends."""
    whole: Ints
    """Cells that the tracks of each kind last."""
    bins: tuple[Ints, ...]
    """Of tempo, energy and build."""
    length: Floats
    constant: Floats
    charge: Floats


def glances(found: Survey, hopes: Flat, some: Ints, price: Floats) -> tuple[Floats, Ints]:
    """Return by how much some options miss the potentials at least, each at its `price`.

    Parameters
    ----------
    found : Survey
    hopes : Flat
    some : ndarray of int
        Options.
    price : ndarray, like some

    Returns
    -------
    over : ndarray, like some
        A lower bound; where it is negative, as close as bins and cells allow.
    moment : ndarray of int, like some
        Cell of the potentials that suits best as a start, where `over` is negative.
    """
    fine = round(found.targets.tick / hopes.step)
    sizes = dict.fromkeys((COARSE * fine, fine, 1))
    wide, *looks = (
        look_at(found, hopes, size, bins)
        for size, bins in ((COARSE * fine, TOGETHER), *((size, 1) for size in sizes))
    )
    options, order = _sorted(found, some, price, wide.cell)
    over, moment = np.empty(len(some)), np.zeros(len(some), np.int64)
    for low in range(0, len(options.whole), KINDS):
        kinds = slice(low, min(low + KINDS, len(options.whole)))
        least, kind, start = _together(wide, options, kinds)
        first = options.first[kinds.start : kinds.stop + 1]
        over[first[0] : first[-1]] = np.repeat(np.maximum(least, 0), np.diff(first))
        for one, begin in _each(options, kind, start):
            _closer(looks, options, one, begin, over, moment)
    back = np.empty(len(some), np.int64)
    back[order] = np.arange(len(some))
    return over[back], moment[back]


def _sorted(found: Survey, some: Ints, price: Floats, cell: float) -> tuple[_Options, Ints]:
    """Return some options by kinds: so many whole cells and such bins; also their order."""
    place = some // len(LEVELS)
    bins = (found.tempo_bin[some], found.energy_bin[place], found.build_bin[place])
    length = found.length[place]
    whole = (length / cell).astype(np.int64)
    wide = [each // TOGETHER for each in bins]
    rows = (len(rate) // TOGETHER + 1 for rate in (found.tempo, found.energy, found.build))
    kind = np.ravel_multi_index((whole, *wide), (int(whole.max(initial=0)) + 1, *rows))
    order = np.argsort(kind, kind="stable")
    begins = np.flatnonzero(np.diff(kind[order], prepend=-1))
    first = np.append(begins, len(some))
    return _Options(
        first,
        whole[order[begins]],
        tuple(each[order].astype(np.int64) for each in bins),
        length[order],
        found.constant[some[order]].astype(np.float64),
        found.charge[place[order]] + price[order],
    ), order


def _together(wide: Look, options: _Options, kinds: slice) -> tuple[Floats, Ints, Ints]:
    """Return the least over the potentials of some kinds; kinds and starts where it is < 0."""
    begin = options.first[kinds]
    mine, cuts = slice(begin[0], options.first[kinds.stop]), begin - begin[0]
    constant, charge = options.constant[mine], options.charge[mine]
    played = np.minimum.reduceat(constant * options.length[mine] + charge, cuts)
    constant, charge = (np.minimum.reduceat(each, cuts) for each in (constant, charge))
    bins = tuple(each[begin] // TOGETHER for each in options.bins)
    least, kind, start = walks.together(
        wide.spent, bins, options.whole[kinds], played, constant, charge, wide.left, wide.on,
        wide.go, wide.pins, wide.cell,
    )  # fmt: skip
    return least, kinds.start + kind, start


def _each(options: _Options, kind: Ints, start: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Yield the options of kinds, each with its start, some at a time."""
    first, size = options.first[kind], options.first[kind + 1] - options.first[kind]
    end = np.cumsum(size)
    cuts = np.searchsorted(end, np.arange(STARTS, end[-1] if len(end) else 0, STARTS))
    for some in np.split(np.arange(len(kind)), cuts):
        count, low = size[some], np.cumsum(size[some]) - size[some]
        if len(some):
            one = np.arange(int(count.sum())) + np.repeat(first[some] - low, count)
            yield one, np.repeat(start[some], count)


def _closer(
    looks: Sequence[Look],
    options: _Options,
    one: Ints,
    start: Ints,
    over: Floats,
    moment: Ints,
) -> None:
    """Look at options at their starts in ever shorter cells, and note what costs too little."""
    last = looks[0].cell
    reach = np.empty(0)
    for look in looks:
        parts = round(last / look.cell)
        start = np.add.outer(parts * start, np.arange(parts)).ravel()
        one, last = np.repeat(one, parts), look.cell
        one, start = one[start < len(look.on)], start[start < len(look.on)]
        reach = _reach(look, options, one, start)
        low = reach < 0
        one, start, reach = one[low], start[low], reach[low]
    walks.note(one, start, reach, over, moment)


def _reach(look: Look, options: _Options, one: Ints, start: Ints) -> Floats:
    """Return what options cost over the potentials from their starts."""
    return walks.reach(
        look.spent, options.bins, options.length, options.constant, options.charge,
        look.left, look.on, look.go, look.pins, one, start, look.cell, look.parts,
        look.cell <= look.found.targets.tick,
    )  # fmt: skip
