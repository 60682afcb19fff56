"""Watts, heartbeats, paces and distances as what a workout is made of: effort and time.

Plans of others speak of an athlete; what they leave to be known of this one, and what a step
leaves open, is taken from the `Athlete` or else from a default, which is noted.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

from playlists.errors import WorkoutError
from playlists.workout import Activity, Range
from tempo.screen import counted

# Middle of each zone as a fraction of threshold power. Allen, Hunter & Coggan, Training and
# Racing with a Power Meter, 2nd ed., table 3.1; zones of heart rate and pace that bear the same
# number are the same effort.
ZONES = (0.50, 0.65, 0.83, 0.98, 1.13, 1.35, 1.60)

# Upper ends of levels 1 to 4 in the same table: fraction of threshold heart rate, of power.
HEART_RATE = ((0.50, 0.30), (0.68, 0.55), (0.83, 0.75), (0.94, 0.90), (1.05, 1.05), (1.10, 1.20))
THRESHOLD_OF_MAXIMUM = 0.9  # Threshold heart rate as a fraction of the highest; 0.85 to 0.92.

USUAL_FTP = 200.0  # Watts; the middle of amateur riders of 70 kg (the same, table 3.2: 2.9 W/kg).
USUAL_MAX_HR = 185.0  # Beats a minute at 33 years: 208 - 0.7 x age (Tanaka et al. 2001, JACC 37).
USUAL_PACE = 300.0  # Seconds a kilometer: an hour of running covers 12 km.
USUAL_RIDING_PACE = 120.0  # Seconds a kilometer: an hour of riding covers 30 km.
SLOWEST = 0.5  # Share of threshold at which a distance is covered at least: a walk.

FREE = 0.6  # Intensity where a plan leaves it free: easy, as free rides turn out.
SPRINT = 1.5  # All out: the top of the table that turns intensity into tempo.
TEST = 1.05  # 20 minutes all out are a twentieth above threshold (Allen & Coggan, ch. 3).
OPEN = 300.0  # Seconds of a step that ends when the athlete says so ...
OPEN_EASY = 600.0  # ... and of a warm-up or cool-down that does.

STRIDES = {"run": 120.0, "walk": 80.0}
"""Below this many a minute, devices count one foot: nobody runs at 110 steps or walks at 70."""

NUMBER = r"[0-9]+(?:\.[0-9]+)?"
WATTS = re.compile(rf"({NUMBER})w?(?:-({NUMBER}))?w(?:atts)?", re.IGNORECASE)
DISTANCE = re.compile(rf"({NUMBER})(km|mi|mtr)", re.IGNORECASE)
PACES = re.compile(r"(\d{1,2}:[0-5]\d)(?:-(\d{1,2}:[0-5]\d))?(/(?:km|mi))", re.IGNORECASE)
METERS = {"km": 1000.0, "mi": 1609.344, "mtr": 1.0}
PACE = re.compile(r"(\d{1,2}):([0-5]\d)(?:\s*/\s*(km|mi))?")
MILE = 1.609344  # Kilometers.


@dataclass(frozen=True, slots=True)
class Athlete:
    """Whom a plan is for, as far as it is known."""

    ftp: float | None = None
    """Threshold power, watts."""
    pace: float | None = None
    """Pace at threshold, seconds a kilometer."""
    max_hr: float | None = None
    """Highest heart rate, beats a minute."""


def read_pace(text: str) -> float:
    """Return seconds a kilometer for ``5:30``, ``5:30/km`` or ``8:50/mi``.

    Raises
    ------
    ValueError
        If `text` is no pace.
    """
    match = PACE.fullmatch(text.strip())
    if not match or not int(match[1]) + int(match[2]):
        raise ValueError(f"{text!r} is no pace: write 5:30 (a kilometer) or 8:50/mi")
    seconds = 60.0 * int(match[1]) + int(match[2])
    return seconds / MILE if match[3] == "mi" else seconds


def at_heart_rate(share: float) -> float:
    """Return the share of threshold power that goes with a share of threshold heart rate."""
    (x0, y0), (x1, y1) = next(
        ((a, b) for a, b in pairwise(HEART_RATE) if share <= b[0]), HEART_RATE[-2:]
    )
    return max(y0 + (y1 - y0) * (share - x0) / (x1 - x0), 0.0)


def at_zone(zone: int) -> float:
    """Return the middle of a zone as a share of threshold power.

    Raises
    ------
    WorkoutError
        If there is no such zone.
    """
    if not 1 <= zone <= len(ZONES):
        raise WorkoutError(f"there is no zone {zone}; they go from 1 to {len(ZONES)}")
    return ZONES[zone - 1]


class Terms:
    """What the terms of a plan mean for one athlete.

    Parameters
    ----------
    athlete : Athlete
    activity : {"run", "ride", "walk", "strength"}
    """

    def __init__(self, athlete: Athlete, activity: Activity) -> None:
        self.athlete = athlete
        self.activity = activity
        self._assumed: dict[str, None] = {}

    @property
    def assumed(self) -> tuple[str, ...]:
        """What had to be assumed or left out, a sentence each, in the order of the plan."""
        return tuple(self._assumed)

    def assume(self, said: str) -> None:
        """Note something that the plan does not say."""
        self._assumed[said] = None

    def leave_out(self, messages: int) -> None:
        """Note that a plan has messages to be shown on the way, if so: a playlist shows none."""
        if messages:
            self.assume(f"left out: {counted(messages, 'message')} to be shown on the way")

    def watts(self, value: float) -> float:
        """Return the intensity of a power."""
        if self.athlete.ftp is None:
            self.assume(f"taken: {USUAL_FTP:g} W at threshold; say --ftp for yours")
        return value / (self.athlete.ftp or USUAL_FTP)

    def heartbeats(self, value: float) -> float:
        """Return the intensity at which the heart beats so often a minute."""
        if self.athlete.max_hr is None:
            self.assume(f"taken: {USUAL_MAX_HR:g} heartbeats at most; say --max-hr for yours")
        share = value / (self.athlete.max_hr or USUAL_MAX_HR)
        return at_heart_rate(share / THRESHOLD_OF_MAXIMUM)

    def speed(self, meters_a_second: float) -> float:
        """Return the intensity of a speed."""
        return float((meters_a_second * self._pace() / 1000) ** self._power_of_speed)

    def seconds(self, meters: float, intensity: Range) -> float:
        """Return how long a distance takes."""
        mean = max(sum(intensity) / 2, SLOWEST)
        return float(meters / 1000 * self._pace() / mean ** (1 / self._power_of_speed))

    def open(self, *, easy: bool) -> float:
        """Return how long a step takes that ends when the athlete says so, seconds."""
        usual = OPEN_EASY if easy else OPEN
        self.assume(
            f"taken: {OPEN / 60:g} minutes for steps without an end, {OPEN_EASY / 60:g} for a "
            "warm-up or cool-down"
        )
        return usual

    def free(self, usual: float = FREE) -> float:
        """Return the intensity of a step that leaves it to the athlete."""
        self.assume(f"taken: {usual:.0%} of threshold for steps without a target")
        return usual

    def cadence(self, low: float, high: float) -> Range:
        """Return steps or turns a minute, of both feet, for a cadence as devices write it."""
        feet = 2.0 if high < STRIDES.get(self.activity, 0.0) else 1.0
        return feet * low, feet * high

    @property
    def _power_of_speed(self) -> int:
        """Exponent of speed in effort: drag takes the cube, running costs the same per meter."""
        return 3 if self.activity == "ride" else 1

    def meters(self, text: str) -> float | None:
        """Return the meters of ``2km``, ``1.5mi`` or ``400mtr``, or None for another text."""
        match = DISTANCE.fullmatch(text)
        return float(match[1]) * METERS[match[2].casefold()] if match else None

    def intensity(self, text: str) -> Range | None:
        """Return the intensity of a text, or None where it says none.

        ``200w``, ``180-220w``, ``5:00/km``, ``8:30-8:00/mi``, ``freeride`` and ``maxeffort``.
        """
        ends: tuple[float, ...]
        if match := WATTS.fullmatch(text):
            ends = tuple(self.watts(float(value)) for value in match.groups() if value)
        elif match := PACES.fullmatch(text):
            paces = [read_pace(part + match[3].lower()) for part in match.group(1, 2) if part]
            ends = tuple(self.speed(1000 / pace) for pace in paces)
        elif text.casefold() in {"freeride", "maxeffort"}:
            ends = (self.free() if text.casefold() == "freeride" else SPRINT,)
        else:
            return None
        return round(ends[0], 4), round(ends[-1], 4)

    def _pace(self) -> float:
        if self.athlete.pace is not None:
            return self.athlete.pace
        usual = USUAL_RIDING_PACE if self.activity == "ride" else USUAL_PACE
        said = f"{int(usual // 60)}:{int(usual % 60):02}"
        self.assume(f"taken: {said} a kilometer at threshold; say --pace for yours")
        return usual
