"""Steps of a workout, bundled into blocks that songs can follow.

A song cannot follow steps that are shorter than it is. Steps are therefore bundled into blocks:

1. A rest of less than 150 s between harder steps has their effort: that of the easier of them.
2. Neighboring steps shorter than 150 s become one block, up to where effort jumps by 20 % of
   threshold or more, or turns from rising to falling or back with 150 s on both sides: warm-up,
   efforts and cool-down stay apart. What is easier and less than 50 s long goes with the efforts
   before it. A block is a ramp where that comes nearer than one level, which is its work
   intensity: the mean of the steps that are harder than the block's mean.
3. A first or last block of 75 s or more that is easier than its neighbor takes what lacks of 150 s
   from it.
4. A block still shorter than 150 s joins a neighbor that is no jump away, unless it is an effort:
   harder than all that comes at once before and after it.
5. An effort of 50 s or more takes what lacks from the easier block after it: its music runs on into
   the rest. Where that cannot spare it, or is easier by a jump than the block before, its music
   begins sooner. A rest between efforts that has less than 150 s left has their music.
6. A block still shorter than 150 s joins the neighbor whose intensity is nearer. A ramp stays
   where it is: what it is joined by has the effort of its end, or prolongs it.

The steps themselves stay in the workout, so their cues and times are kept. A song bears the name
of a step whose effort it has: of an easy minute between hard ones, it has none. `tempo build` says
where steps are much easier or harder than their music.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby, islice
from math import inf

from playlists.bundle import Block, alone, bundle
from playlists.pieces import SAME, SURGE, Part, between, parts, pieces
from playlists.settings import Settings
from playlists.workout import Workout

END = 1 / 2
"""Share of a song that a warm-up or cool-down must last: most of its music is heard in it."""


def blocks(workout: Workout, settings: Settings) -> tuple[Block, ...]:
    """Return the steps of `workout`, those too short for a song bundled with their neighbors."""
    shortest, jump = settings.shortest_block, settings.weights.change_full
    known = parts(workout, shortest)
    found: list[Block] = []
    for short, run in groupby(known, key=lambda part: part.step.duration < shortest):
        if short:
            found.extend(bundle(piece, jump) for piece in pieces(run, jump, shortest))
        else:
            found.extend(map(alone, run))
    joining = _Joining(known, shortest, jump)
    return tuple(joining.all(_run_on(joining.near(_ends(found, shortest)), shortest, jump)))


def _ends(found: list[Block], shortest: float) -> list[Block]:
    """Give an easy start and end of the workout the length of a song; see rule 3 above."""
    found, last = list(found), len(found) - 1
    if last and found[0].intensity[1] < found[1].intensity[0]:
        _end(found, 0, 1, shortest)
    if last and found[last - 1].intensity[1] > found[last].intensity[0]:
        _end(found, last, last - 1, shortest)
    return found


def _end(found: list[Block], i: int, beside: int, shortest: float) -> None:
    lacks = shortest - found[i].duration
    if _lasts(found[i], END, shortest) and found[beside].duration - lacks >= shortest:
        _lend(found, i, beside, shortest)


def _run_on(found: list[Block], shortest: float, jump: float) -> list[Block]:
    """Give efforts between easier blocks the length of a song; see rule 5 above."""
    found = list(found)
    for i, block in enumerate(found):
        if _lasts(block, SURGE, shortest) and _is_effort(found, i):
            lacks = shortest - block.duration
            sides = (j for j in _sides(found, i, jump) if _spares(found, j, lacks, shortest))
            for beside in islice(sides, 1):
                _lend(found, i, beside, shortest)
    return found


def _lasts(block: Block, share: float, shortest: float) -> bool:
    """Tell whether a block lasts a share of the shortest song, but not all of it."""
    return 0 < shortest - block.duration <= (1 - share) * shortest


def _lend(found: list[Block], i: int, beside: int, shortest: float) -> None:
    """Make a block as long as the shortest song, at the cost of that before or after it."""
    short, other = found[i], found[beside]
    lacks = shortest - short.duration
    if beside > i:
        found[i] = replace(short, duration=shortest)
        found[beside] = _cut(other, other.start + lacks, other.end)
    else:
        found[i] = replace(short, start=short.start - lacks, duration=shortest)
        found[beside] = _cut(other, other.start, other.end - lacks)


def _sides(found: list[Block], i: int, jump: float) -> tuple[int, int]:
    """Return the blocks beside an effort, first the one from which it rather takes time."""
    if 0 < i < len(found) - 1:
        before, after = found[i - 1].intensity[1], found[i + 1].intensity[0]
        if before - after >= jump - SAME:
            return i - 1, i + 1
    return i + 1, i - 1


def _is_effort(found: list[Block], i: int) -> bool:
    """Tell whether all of a block is harder than what comes at once before and after it."""
    return _rises(found, i) and _falls(found, i)


def _rises(found: list[Block], i: int) -> bool:
    """Tell whether all of a block is harder than the end of the one before, if there is one."""
    return i == 0 or found[i - 1].intensity[1] < min(found[i].intensity)


def _falls(found: list[Block], i: int) -> bool:
    """Tell whether all of a block is harder than the start of the one after, if there is one."""
    return i + 1 == len(found) or min(found[i].intensity) > found[i + 1].intensity[0]


def _spares(found: list[Block], i: int, seconds: float, shortest: float) -> bool:
    """Tell whether a block can do without some seconds.

    What is left lasts as long as a song, or is a rest between efforts that is too short for music
    of its own.
    """
    if not 0 <= i < len(found):
        return False
    left = found[i].duration - seconds
    return left >= shortest or (left > 0 and 0 < i < len(found) - 1 and _rises(found, i + 1))


def _cut(block: Block, start: float, end: float) -> Block:
    """Return what of a block lies between two moments, seconds."""
    first, last = max(block.span[0], start), min(block.span[1], end)
    return replace(
        block,
        start=start,
        duration=end - start,
        intensity=(block.at(start), block.at(end)),
        ramp=(first, last) if block.ramp and first < last else None,
    )


@dataclass(frozen=True, slots=True)
class _Joining:
    """Joins blocks too short for a song to others; see rules 4 and 6 above."""

    known: Sequence[Part]
    shortest: float
    jump: float

    def near(self, found: Sequence[Block]) -> list[Block]:
        """Join short blocks to neighbors that are no jump away, but no efforts."""
        return self._joined(list(found), self.jump - SAME)

    def all(self, found: Sequence[Block]) -> list[Block]:
        """Join all short blocks to the nearer neighbor."""
        return self._joined(list(found), inf)

    def _joined(self, found: list[Block], below: float) -> list[Block]:
        i = 0
        while i < len(found):
            if found[i].duration >= self.shortest or len(found) == 1:
                i += 1
                continue
            lefts = [j for j in (i - 1, i) if 0 <= j < len(found) - 1]
            left = min(lefts, key=lambda j: step_height(found[j], found[j + 1]))
            height = step_height(found[left], found[left + 1])
            if height >= below or (below < inf and _is_effort(found, i)):
                i += 1
                continue
            other = left if left < i else i + 1
            found[left : left + 2] = [self._both(found[i], found[other])]
            i = max(left - 1, 0)
        return found

    def _both(self, short: Block, other: Block) -> Block:
        """Return one block for two neighbors, with the effort of the longer if it is a song."""
        start = min(short.start, other.start)
        end = max(short.end, other.end)
        if other.duration < self.shortest:
            return bundle(between(self.known, start, end), self.jump)
        stays = other.is_ramp and not other.ramp and not _goes_on(other, short)
        ramp = other.span if stays else other.ramp
        return replace(other, start=start, duration=end - start, ramp=ramp)


def _goes_on(ramp: Block, short: Block) -> bool:
    """Tell whether a short block goes on as a ramp beside it rises or falls."""
    first, last = ramp.intensity
    mean = sum(short.intensity) / 2
    beyond = mean - last if short.start > ramp.start else first - mean
    return beyond * (last - first) > 0


def step_height(left: Block, right: Block) -> float:
    """Return how much the intensity changes at once from a block to the next."""
    return abs(right.intensity[0] - left.intensity[1])
