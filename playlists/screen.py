"""What a person sees of workouts and playlists."""

import shutil
import sys
from collections.abc import Iterator, Sequence

import click

from playlists.cues import SHARED, calls, cues
from playlists.drawing import chart, drawn, steps
from playlists.explaining import explain
from playlists.matching import Misfit
from playlists.playlist import Correction, Entry, Playlist, Shortfall
from playlists.settings import Settings
from playlists.skyline import STYLES, skyline
from playlists.unlike import Unlike
from playlists.workout import Workout
from tempo.screen import clock, counted, is_plain, name, paragraph, printable, table
from tempo.track import Track

HEADS = ("at", "BPM", "x", "wanted", "energy", "wanted", "length", "step", "track")
SPARE = (5, 4, 6, 3, 7)
"""Of them, those that a narrow terminal does without: energies, lengths, wanted tempos, steps."""
NEAR = 5.0
"""Seconds from a change of songs within which a step begins with it, and is a cue of its song."""
LONG = 100.0
"""Seconds from which a time is said in minutes."""
EARLY = 60.0
"""Seconds without music at the end that are more than a pause."""
LEVELS = {0.5: "½", 1.0: "", 2.0: "2"}
NAMES, NARROWEST, WIDEST = 26, 20, 40
"""Characters of the names and lengths of workouts, and of the curves beside them."""
INDENT = 9
"""Characters of a time and the space after it."""
OTHERS = {
    "harder": ("the music of harder", "calmer songs need"),
    "easier": ("the music of easier", "harder songs need"),
    "tempo": ("the tempo of other", "a tempo of their own needs"),
}
"""Of steps whose music is made for others: whose it is, and what needs longer steps."""
STEP_HEADS = ("at", "length", "intensity", "BPM", "cadence", "step")


def show_workout(workout: Workout, settings: Settings) -> None:
    """Print a workout: its curve, then a row for each step."""
    about = f": {workout.description}" * bool(workout.description)
    paragraph(f"{workout.name}, {clock(workout.duration)}{about}", indent=2)
    for line in chart(workout, plain=is_plain()):
        click.echo(line)
    table(STEP_HEADS, steps(workout, settings), spare=(4, 1))


def show_workouts(workouts: list[Workout]) -> None:
    """Print the names, usual lengths and curves of workouts."""
    room = min(max(shutil.get_terminal_size().columns - NAMES, NARROWEST), WIDEST)
    for workout in workouts:
        (curve,) = drawn(workout, width=room, plain=is_plain())
        click.echo(f"{workout.name:17}{clock(workout.duration):>7}  {curve}")
        click.echo(f"{'':{NAMES}}", nl=False)
        paragraph(workout.description, indent=NAMES)


def show(playlist: Playlist, *, explained: bool) -> None:
    """Print a playlist: a row or a sentence for each track, then how well it fits."""
    if explained:
        for entry in playlist.entries:
            click.echo(f"{clock(entry.start):>7}  ", nl=False)
            paragraph(printable(name(entry.track)), indent=INDENT)
            click.echo(" " * INDENT, nl=False)
            paragraph(printable(explain(entry, playlist.mode)), indent=INDENT)
            _say_cues(playlist, entry, least=1)
    else:
        steps = playlist.workout.steps
        called = calls((step.name, step.intensity) for step in steps)
        names = called if len(steps) > 1 else (steps[0].name,)
        rows = [_cells(entry, names[entry.step]) for entry in playlist.entries]
        table(HEADS, rows, spare=SPARE)
        for entry in playlist.entries:
            _say_cues(playlist, entry, least=SHARED)
    show_skyline(playlist)
    for line in summary(playlist):
        paragraph(line, indent=2)


def _say_cues(playlist: Playlist, entry: Entry, *, least: int) -> None:
    """Print when steps begin in a song, if at least so many do within it.

    So are those that no song is named for, and the step that ends such a one.
    """
    found = cues(playlist, entry, NEAR)
    inside = [cue for cue in found if entry.start + NEAR < cue.at < entry.end - NEAR]
    told = {each.step for each in playlist.entries}
    hidden = {cue.step for cue in found} | {cue.step - 1 for cue in inside}
    if len(inside) < least and hidden <= told:
        return
    called = calls((step.name, step.intensity) for step in playlist.workout.steps)
    times: dict[str, list[str]] = {}
    for cue in found:
        times.setdefault(printable(called[cue.step]), []).append(clock(cue.at))
    said = "; ".join(f"{name} at {', '.join(at)}" for name, at in times.items())
    click.echo(f"{clock(entry.start):>7}  ", nl=False)
    paragraph(f"cues: {said}", indent=INDENT)


def show_skyline(playlist: Playlist) -> None:
    """Draw a playlist on a terminal; elsewhere, nothing: what reads a pipe wants the table."""
    if not sys.stdout.isatty():
        return
    from rich.console import Console  # noqa: PLC0415 - where a terminal is
    from rich.text import Text  # noqa: PLC0415 - the same

    console = Console(width=shutil.get_terminal_size().columns)
    colors = console.color_system is not None and not console.no_color
    for runs in skyline(playlist, console.width, plain=is_plain(), colors=colors):
        parts = ((text, " ".join(STYLES[key] for key in keys.split())) for text, keys in runs)
        console.print(Text.assemble(*parts), no_wrap=True, crop=True)


def show_score(misfit: Misfit, tracks: Sequence[Track], workout: Workout) -> None:
    """Print what a playlist is charged for, term by term, and the sum."""
    rows = [
        (f"{seconds:.1f}", f"{seconds / workout.duration:.3f}", term)
        for term, seconds in misfit.terms.items()
    ]
    table(("seconds", "misfit", "term"), rows)
    length = sum(track.analysis.duration for track in tracks)
    click.echo(
        f"{counted(len(tracks), 'track')}, {clock(length)} of {clock(workout.duration)}: "
        f"misfit {misfit.total:.3f} (0 is perfect, 1 is poor)"
    )


def ends_early(playlist: Playlist, most: int | None) -> Iterator[str]:
    """Yield when the music ends, where that is long before the workout does.

    `most` is how many songs of an artist are allowed, if there is a limit.
    """
    limit = f", and at most {counted(most, 'song')} of an artist" if most else ""
    if playlist.target_duration - playlist.duration >= EARLY:
        yield (
            f"the music ends at {clock(playlist.duration)} of {clock(playlist.target_duration)}: "
            f"each song plays once{limit}; add more, or ask for fewer --minutes"
        )


def lack(shortfall: Shortfall) -> str:
    """Return in a sentence which step the library serves badly, in numbers, and what helps."""
    step = f"step {shortfall.step + 1}" + f" “{shortfall.step_name}”" * bool(shortfall.step_name)
    bare = f"{clock(shortfall.seconds)} without music that fits"
    return (
        f"{step}: fitting tracks {shortfall.fitting}, needed {shortfall.needed}, "
        f"{bare if round(shortfall.seconds) else 'others come near'}; {shortfall.advice}"
        f"{_corrections(shortfall.doubtful)}"
    )


def borrowed(unlike: Unlike, workout: Workout, shortest: float) -> str:
    """Return in a sentence which steps have music of others, as songs of `shortest` do not fit."""
    called = calls((step.name, step.intensity) for step in workout.steps)
    first, count = unlike.steps[0], len(unlike.steps)
    where = f"“{printable(called[first])}” at {clock(workout.starts[first])}"
    many = f"{counted(count, 'step')}, {clock(unlike.seconds)}{' in all' * (count > 1)}"
    have, them = ("has", "it") if count == 1 else ("have", "them")
    music, own = OTHERS[unlike.kind]
    return (
        f"{many}, {have} {music} ones ({'first ' * (count > 1)}{where}): songs of "
        f"{clock(shortest)} and more leave {them} no room; {own} longer steps"
    )


def _corrections(doubtful: Sequence[Correction]) -> str:
    """Return which doubtful tracks would count if they were corrected, and how to do that."""
    if not doubtful:
        return ""
    first = doubtful[0]
    how = "--double" if first.factor > 1 else "--halve"
    also = f", and {len(doubtful) - 1} more like it" if len(doubtful) > 1 else ""
    return (
        f"; “{printable(name(first.track))}” would fit if it had {first.bpm:.0f} and not "
        f"{first.track.bpm or 0:.0f} BPM (listen, then `tempo fix TRACK {how}`){also}"
    )


def _cells(entry: Entry, step: str) -> tuple[str, ...]:
    track = entry.track
    return (
        clock(entry.start),
        f"{track.bpm:.1f}" if track.bpm else "-",
        LEVELS.get(entry.level, f"{entry.level:g}"),
        f"{entry.target_bpm:.0f}",
        f"{track.analysis.energy:.2f}",
        f"{entry.target_energy:.2f}",
        clock(entry.duration),
        printable(step),
        printable(name(track)),
    )


def summary(playlist: Playlist) -> Iterator[str]:
    """Yield what a playlist is and how well it fits, a line each."""
    yield (
        f"{playlist.workout.name}, --{playlist.mode}, seed {playlist.seed}: "
        f"{counted(len(playlist.entries), 'track')}, {clock(playlist.duration)} of "
        f"{clock(playlist.target_duration)} ({_off(playlist.duration - playlist.target_duration)})"
    )
    proof = f"at most {playlist.gap:.0%} of it could be avoided"
    asked = " and ".join(_asked(playlist))
    share = f", {asked}" * bool(asked)
    yield f"misfit {playlist.misfit:.3f} (0 is perfect, 1 is poor){share}; {proof}"


def _off(seconds: float) -> str:
    if abs(seconds) < LONG:
        return f"{round(seconds):+d} s"
    return f"{'-' if seconds < 0 else '+'}{clock(abs(seconds))}"


def _asked(playlist: Playlist) -> Iterator[str]:
    """Yield how much of the misfit comes from what the user asks for beside the workout."""
    pinned = sum(each.misfit * each.duration for each in playlist.entries if each.is_pinned)
    free = (each for each in playlist.entries if not each.is_pinned)
    recent = sum(dict(each.terms).get("recent", 0.0) for each in free)
    parts = ((pinned, "by pinned songs"), (recent, "for songs of recent playlists"))
    for seconds, why in parts:
        share = f"{seconds / playlist.target_duration:.3f}"
        if float(share):
            yield f"{share} of it {why}"
