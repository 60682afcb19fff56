"""Other songs than lately, and several playlists that are truly different."""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from playlists.playlist import Entry, Playlist
from playlists.pool import Floats, Pool
from playlists.settings import Choice
from tempo.past import Use
from tempo.rows import places

DEARER = 10.0
"""Times the price of a song heard before, where the usual price does not make lists different."""


def lately(held: Pool, uses: Mapping[Path | str, Use], choice: Choice) -> Floats:
    """Return what each track is charged for having been in recent playlists, seconds.

    Most for the last playlist, and less in equal steps for those before; of a song that was in
    several, all count, or else the few that suit best would come every other time.
    """
    charge, place = np.zeros(len(held)), _numbered(held)
    reach = max(choice.fresh_reach, 1)
    for location, use in uses.items():
        if (i := place.get(os.fsencode(location))) is not None:
            charge[i] = choice.fresh * sum(max(1 - ago / reach, 0) for ago in use.ago)
    return charge


def _numbered(held: Pool) -> dict[bytes, int]:
    """Return the index of each track by its place."""
    return {each: i for i, each in enumerate(places(held.tracks))}


def alternatives(
    held: Pool, build: Callable[[Pool], Playlist], count: int, choice: Choice
) -> Iterator[Playlist]:
    """Yield up to `count` playlists, best first, that share few songs; pinned ones aside.

    Parameters
    ----------
    held : Pool
    build : callable
        Returns the best playlist of a pool, whatever its tracks are charged.
    count : int > 0
    choice : Choice

    Yields
    ------
    Playlist
        Its misfit leaves out what songs of earlier ones were charged. Fewer than `count` where
        the library has no other that shares at most ``choice.alike`` with each.
    """
    if count == 1:  # There is none to differ from, and to number a large library takes a while.
        yield build(held)
        return
    place = _numbered(held)
    made: list[Playlist] = []
    used = np.zeros(len(held))
    while len(made) < count:
        for price in (choice.again, choice.again * DEARER):
            found = build(replace(held, extra=held.extra + price * used))
            found = _without_price(found, price * used, place, made)
            if all(likeness(found, other) <= choice.alike for other in made):
                break
        else:
            return
        yield found
        made.append(found)
        used[[place[os.fsencode(entry.track.location)] for entry in found.entries]] += 1


def likeness(one: Playlist, other: Playlist) -> float:
    """Return the share of songs that the shorter of two playlists has in common with the other."""
    first, second = (
        {entry.track.location for entry in each.entries if not entry.is_pinned}
        for each in (one, other)
    )
    return len(first & second) / max(min(len(first), len(second)), 1)


def _without_price(
    found: Playlist, price: Floats, place: Mapping[bytes, int], made: list[Playlist]
) -> Playlist:
    """Return a playlist as if its songs had not been heard before."""
    charges = [float(price[place[os.fsencode(e.track.location)]]) for e in found.entries]
    entries = map(_cheaper, found.entries, charges)
    misfit = found.misfit - sum(charges) / found.target_duration
    # What is true of the best of all playlists is true of each.
    bound = min(made[0].bound if made else found.bound, misfit)
    return replace(found, entries=tuple(entries), misfit=misfit, bound=bound)


def _cheaper(entry: Entry, charge: float) -> Entry:
    terms = dict(entry.terms)
    terms["recent"] -= charge
    misfit = entry.misfit - charge / entry.duration
    return replace(entry, terms=tuple(terms.items()), misfit=misfit)
