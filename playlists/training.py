"""How hard workouts were, week by week, and what comes next.

Load
----
The load of a workout is its rating of perceived exertion times its minutes: session-RPE (Foster
et al. 2001, Journal of Strength and Conditioning Research 15:109-115). Where no rating was given,
the one that the workout's intensity usually gets takes its place, and is marked as a guess.

Next
----
Training works by progressive overload, in small steps: a workout that was done is made 5 %
longer, the next time 2 % harder, and so on in turn. Why so little:

- Sessions of more than 110 % of the longest one of the last 30 days hurt runners more often
  (Schuster Brandt Frandsen et al. 2025, British Journal of Sports Medicine 59:1203-1210); half of
  that is kept as a margin.
- Loads rise by 2 to 10 % once they can be borne (American College of Sports Medicine 2009,
  Medicine & Science in Sports & Exercise 41:687-708); and runners follow a tempo that is 1 to 3 %
  higher without being asked (Van Dyck et al. 2015, Sports Medicine - Open).

What took 9 or 10 of 10 is repeated, because it is not borne yet. So is what was last done more
than 30 days ago: the study above looks no further back, and fitness begins to fade within four
weeks (Mujika & Padilla 2000, Sports Medicine 30:79-87).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np

from playlists.formats.listing import Item
from playlists.workout import LONGEST, Step, Workout
from tempo.past import Built, Done

LONGER, HARDER = 1.05, 1.02
"""Notches; see above."""
HARDEST = 200.0
"""Percent: twice a workout is another one."""
MAXIMAL = 9.0
"""Rating from which a workout is repeated: next to "maximal" on the scale of Foster et al."""
STALE_DAYS = 30
DAY = 86_400.0

INTENSITIES = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.2, 1.5)
USUAL_RATINGS = (1.0, 2.0, 3.0, 4.0, 4.5, 6.0, 7.0, 8.0, 9.0, 10.0)
"""What each intensity usually gets: the column RPE of ``defaults.toml``."""
MOST = 0.5
"""Share of songs, beyond which a file is the playlist: others were renamed or deleted since."""
Sign = tuple[Callable[[Item], str], Callable[[Path | str], str]]
"""What a song is known by, in a file and in the library."""


def hardness(workout: Workout) -> float:
    """Return the intensity of a workout as a whole: its fourth-power mean.

    The hard parts count most, as in the intensity factor of Allen & Coggan (Training and Racing
    with a Power Meter, 2nd ed., ch. 7). A step's ramp is integrated exactly.
    """
    total = sum(step.duration * _fourth(step) for step in workout.steps)
    return float((total / workout.duration) ** 0.25)


def _fourth(step: Step) -> float:
    """Return the mean of the fourth power of a ramp."""
    start, end = step.intensity
    return sum(start**k * end ** (4 - k) for k in range(5)) / 5


def day(time: float) -> date:
    """Return the day of a moment (seconds since 1970) where the user is."""
    return datetime.fromtimestamp(time, UTC).astimezone().date()


@dataclass(frozen=True, slots=True)
class Session:
    """A workout that was done, and the playlist it was done to."""

    built: Built
    done: Done

    @property
    def day(self) -> date:
        """When it was done."""
        return day(self.done.time)

    @property
    def rpe(self) -> float:
        """Rating of perceived exertion: the given one, or the usual one of this intensity."""
        if self.done.rpe is not None:
            return self.done.rpe
        return float(np.interp(self.built.intensity, INTENSITIES, USUAL_RATINGS))

    @property
    def load(self) -> float:
        """Session-RPE: rating times minutes."""
        return self.rpe * self.built.minutes


def sessions(built: Iterable[Built], done: Iterable[Done]) -> list[Session]:
    """Return what was done, in its order."""
    by_number = {one.number: one for one in built}
    return [Session(by_number[one.built], one) for one in done]


@dataclass(frozen=True, slots=True)
class Week:
    """What was done from a Monday to a Sunday."""

    monday: date
    sessions: tuple[Session, ...]

    @property
    def minutes(self) -> float:
        """Length of all workouts together."""
        return sum(one.built.minutes for one in self.sessions)

    @property
    def load(self) -> float:
        """Load of all workouts together."""
        return sum(one.load for one in self.sessions)

    @property
    def intensity(self) -> float | None:
        """Mean intensity over the minutes; None in a week without any."""
        total = sum(one.built.intensity * one.built.minutes for one in self.sessions)
        return total / self.minutes if self.minutes else None


def weeks(done: Sequence[Session]) -> list[Week]:
    """Return every week from the first workout to the last, those without any, too."""
    if not done:
        return []
    mondays = [one.day - timedelta(days=one.day.weekday()) for one in done]
    count = (max(mondays) - min(mondays)).days // 7 + 1
    each = (min(mondays) + timedelta(weeks=i) for i in range(count))
    return [
        Week(monday, tuple(s for s, m in zip(done, mondays, strict=True) if m == monday))
        for monday in each
    ]


def streak(found: Sequence[Week]) -> int:
    """Return the largest number of weeks in a row that had a workout."""
    longest = run = 0
    for week in found:
        run = run + 1 if week.sessions else 0
        longest = max(longest, run)
    return longest


@dataclass(frozen=True, slots=True)
class Notch:
    """A workout's next length and effort."""

    minutes: float
    effort: float
    """Percent of the workout as it is written."""
    raised: str
    """`minutes` or `effort`: what was raised last."""
    why: str
    """What was raised or not, for people."""


def notch(last: Session, now: float) -> Notch:
    """Return what comes after a workout was done; see above.

    Parameters
    ----------
    last : Session
        Its options hold `effort` where it is not 100 %, and `raised` where a notch made it.
    now : float
        Seconds since 1970.
    """
    built = last.built
    effort = float(built.options.get("effort", 100.0))
    raised = str(built.options.get("raised", ""))
    days = round((now - last.done.time) / DAY)
    if last.done.rpe is not None and last.done.rpe >= MAXIMAL:
        why = f"the same again: it took {last.done.rpe:g} of 10 last time"
    elif days > STALE_DAYS:
        why = f"the same again: the last time was {days} days ago"
    elif raised == "minutes":
        more = min(round(effort * HARDER, 1), HARDEST)
        why = f"{more:g} % of its effort instead of {effort:g} %, at the same length"
        return Notch(built.minutes, more, "effort", why)
    else:
        longer = min(round(built.minutes * LONGER, 1), LONGEST / 60)
        why = f"{longer:g} minutes instead of {round(built.minutes, 1):g}, at the same effort"
        return Notch(longer, effort, "minutes", why)
    return Notch(built.minutes, effort, raised, why)


def chosen(
    built: Sequence[Built],
    path: Path,
    songs: Sequence[Item],
    called: Mapping[Path | str, str],
) -> Built | None:
    """Return the playlist that a file is: by its songs, wherever they lie, or by its own place.

    Parameters
    ----------
    built : sequence of Built
    path : Path
        Absolute.
    songs : sequence of Item
        None where there is no file.
    called : mapping of Path or str to str
        Artist and title of each track of the library, by location: copies of songs are known
        by these.

    Returns
    -------
    Built or None
        The newest that fits, one that was written to `path` first; else the one with the most
        songs in their places, if these are more than half.
    """
    signs = _signs(called)
    same, *alike = ([one for one in built if _shared(one, songs, [sign]) == 1] for sign in signs)
    there = [one for one in built if one.output == path]
    shares = [_shared(one, songs, signs) for one in built]
    near = [one for one, share in zip(built, shares, strict=True) if MOST < share == max(shares)]
    for fitting in (same, there, *alike, near):
        if fitting:
            return max(fitting, key=lambda one: (one.output == path, one.number))
    return None


def has_songs_of(one: Built, songs: Sequence[Item], called: Mapping[Path | str, str]) -> bool:
    """Tell whether a file has most of the songs of a playlist, in their places."""
    return _shared(one, songs, _signs(called)) > MOST


def _signs(called: Mapping[Path | str, str]) -> list[Sign]:
    """Return location, name of the file, artist and title."""
    return [
        (lambda song: song.location, str),
        (lambda song: Path(song.location).name, lambda at: Path(at).name),
        (lambda song: song.name, lambda at: called.get(at, "")),
    ]


def _shared(one: Built, songs: Sequence[Item], signs: Sequence[Sign]) -> float:
    """Return the share of songs that a file and a playlist have in the same places."""
    if not songs or len(songs) != len(one.tracks):
        return 0.0
    known = (
        any(there(song) and there(song) == here(at) for there, here in signs)
        for song, at in zip(songs, one.tracks, strict=True)
    )
    return sum(known) / len(songs)
