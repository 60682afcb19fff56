"""What a person or a script sees of the past."""

import shutil
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import click

from playlists.training import Session, Week, streak, weeks
from tempo.past import Built, Done
from tempo.screen import clock, is_plain, paragraph, printable, table

BESIDES, LONGEST, SHORTEST = 46, 30, 8
"""Characters: what stands beside the bars, and the bar of the best week."""
SESSIONS = 12
"""Workouts that are shown one by one."""


def history_json(built: Sequence[Built], found: Sequence[Session]) -> dict[str, Any]:
    """Return all that was built and done as plain values."""
    return {
        "schema": 1,
        "done": [
            {
                "built": session.built.number,
                "time": _iso(session.done.time),
                "workout": session.built.name,
                "minutes": session.built.minutes,
                "intensity": session.built.intensity,
                "rpe": session.done.rpe,
                "load": session.load,
                "note": session.done.note or None,
            }
            for session in found
        ],
        "weeks": [
            {
                "monday": week.monday.isoformat(),
                "workouts": len(week.sessions),
                "minutes": week.minutes,
                "intensity": week.intensity,
                "load": week.load,
            }
            for week in weeks(found)
        ],
        "built": [
            {
                "number": one.number,
                "time": _iso(one.time),
                "workout": one.name,
                "mode": one.mode,
                "seed": one.seed,
                "minutes": one.minutes,
                "intensity": one.intensity,
                "output": str(one.output),
                "tracks": [str(at) for at in one.tracks],
                "options": one.options,
            }
            for one in built
        ],
    }


def _iso(moment: float) -> str:
    return datetime.fromtimestamp(moment).astimezone().isoformat(timespec="seconds")


def show_built(built: Sequence[Built], marks: Sequence[Done]) -> None:
    """Print the playlists that were built."""
    times = [one.built for one in marks]
    rows = [
        (
            _iso(one.time)[:16].replace("T", " "),
            clock(60 * one.minutes),
            str(len(one.tracks)),
            str(times.count(one.number) or ""),
            printable(one.name),
            printable(one.output),
        )
        for one in built
    ]
    if rows:
        table(("built", "length", "tracks", "done", "workout", "file"), rows, spare=(2, 3, 1))
    else:
        click.echo("no playlist was built yet: `tempo build WORKOUT -o run.m3u8`", err=True)


def show_history(found: Sequence[Session], most: int) -> None:
    """Print the last workouts, the last `most` weeks, and the best of all time."""
    each = weeks(found)
    first = each[-most:][0].monday
    recent = [one for one in found if one.day >= first][-SESSIONS:]
    heads = ("day", "length", "intensity", "RPE", "load", "workout")
    table(heads, [_session_cells(one) for one in recent], spare=(2, 3, 1))
    top = max(week.load for week in each)
    room = min(max(shutil.get_terminal_size().columns - BESIDES, SHORTEST), LONGEST)
    heads = ("week of", "n", "length", "mean", "load", "")
    table(heads, [_week_cells(week, room / top if top else 0) for week in each[-most:]])
    for line in _wins(found, each):
        paragraph(line, indent=2)


def _session_cells(session: Session) -> tuple[str, ...]:
    note = f" ({printable(session.done.note)})" if session.done.note else ""
    return (
        str(session.day),
        clock(60 * session.built.minutes),
        f"{100 * session.built.intensity:.0f} %",
        f"{_guess(session)}{session.rpe:.1f}".removesuffix(".0"),
        _load(session),
        printable(session.built.name) + note,
    )


def _guess(session: Session) -> str:
    return "~" * (session.done.rpe is None)


def _load(session: Session) -> str:
    return f"{_guess(session)}{session.load:.0f}"


def _week_cells(week: Week, scale: float) -> tuple[str, ...]:
    return (
        str(week.monday),
        str(len(week.sessions)),
        clock(60 * week.minutes),
        "" if week.intensity is None else f"{100 * week.intensity:.0f} %",
        f"{week.load:.0f}",
        ("#" if is_plain() else "█") * round(scale * week.load),
    )


def _wins(found: Sequence[Session], each: Sequence[Week]) -> Iterator[str]:
    longest = max(found, key=lambda one: one.built.minutes)
    hardest = max(found, key=lambda one: one.load)
    best = max(each, key=lambda week: week.load)
    total = clock(60 * sum(one.built.minutes for one in found))
    yield f"{_count(found)}, {total} in all; most weeks in a row: {streak(each)}"
    for word, one in (("longest", longest), ("hardest", hardest)):
        length, load = clock(60 * one.built.minutes), f"load {_load(one)}"
        yield f"{word}  {one.day}  {length}  {load}  {printable(one.built.name)}"
    length = clock(60 * best.minutes)
    yield f"best week of {best.monday}: {_count(best.sessions)}, {length}, load {best.load:.0f}"


def _count(found: Sequence[Session]) -> str:
    return f"{len(found)} workout{'s' * (len(found) != 1)}"
