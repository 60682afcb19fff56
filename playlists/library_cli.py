"""The command `library`: what one has."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from playlists.workout_cli import current_settings
from tempo.cli import library_option, opened
from tempo.screen import counted, is_plain, paragraph, printable, table

if TYPE_CHECKING:
    from playlists.playlist import Mode
    from playlists.stock import Fill, Stock

BAR = 40
"""Characters of the longest bar, where there is room for it beside `MARGIN` and its number."""
MARGIN = 6
"""Characters in front of charts."""
NARROWEST = 30
"""Characters of a terminal below which charts are broken, not drawn smaller."""
SHADES, ASCII = " ░▒▓█", " .:+#"
"""From none to the densest."""
CELLS = (2, 3)
"""Characters of a bin of tempos: the least, in which every other can be named, and the most."""
HOURS = 2
"""Hours from which a whole number of them says enough."""


@click.command("library")
@click.option(
    "--async/--sync", "is_async", default=True,
    help="Which workouts it can fill in which way; see `tempo build`.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@library_option
def show_library(is_async: bool, as_json: bool, library: Path) -> None:
    """Show what you have: tempos, energies, and which workouts they can fill.

    \b
    Examples:
      tempo library
      tempo library --sync
      tempo library --json | jq '.workouts[] | select(.full | not)'
    """
    from playlists.builtin import BUILT_IN, builtin
    from playlists.copies import without_copies
    from playlists.sequencing import library as arrays
    from playlists.stock import fills, stock

    settings = current_settings()
    with opened(library) as opened_library:
        held = arrays(without_copies(opened_library.tracks()))
        failed = len(opened_library.failures())
        missing = sum(known.missing for known in opened_library.files.known().values())
    mode: Mode = "async" if is_async else "sync"
    workouts = [builtin(name) for name in BUILT_IN]
    workouts = [each for each in workouts if is_async or settings.cadence.get(each.activity)]
    counted, filled = stock(held), fills(workouts, held, settings=settings, mode=mode)
    if as_json:
        click.echo(json.dumps(_json(counted, filled, failed, missing), indent=2))
        return
    for line in _lines(counted, failed, missing, plain=is_plain()):
        click.echo(line)
    table(
        ("full", "fitting", "needed", "workout", "thinnest effort"),
        map(_cells, filled),
        spare=(2, 1),
    )
    for each in filled:
        if not each.is_full:
            paragraph(f"{each.workout.name}: {each.thinnest.advice}", indent=2)


def _lines(stock: "Stock", failed: int, missing: int, *, plain: bool) -> Iterator[str]:
    sources = ", ".join(f"{count:,} {source}" for source, count in stock.sources.items())
    hours = stock.seconds / 3600
    length = f"{hours:,.0f} h" if hours >= HOURS else f"{60 * hours:.0f} min"
    yield f"{counted(stock.tracks, 'track')}, {length}: {sources or 'none'}"
    parts = [
        (stock.doubtful, "doubtful: `tempo list --doubtful`"),
        (stock.beatless, "without a beat"),
        (failed, "failed: `tempo list --failed`"),
        (missing, "no longer there: should they come back, `tempo analyze` their folder"),
    ]
    yield from (f"{count:,} {what}" for count, what in parts if count)
    if stock.tracks:
        yield ""
        yield from _tempos(stock, plain=plain)
        yield ""
        yield from _plane(stock, plain=plain)


def _tempos(stock: "Stock", *, plain: bool) -> Iterator[str]:
    """Yield the tempos as bars, their doubtful part lighter."""
    sure, doubtful = ("#", "?") if plain else ("█", "░")
    yield f"tempo (BPM), {doubtful} doubtful"
    most = int(stock.tempos.sum(axis=1).max())
    longest = min(BAR, _room() - len(f" {most:,}"))
    for i, (certain, unsure) in enumerate(stock.tempos.tolist()):
        whole = round(longest * (certain + unsure) / most)
        light = round(longest * unsure / most)
        bar = sure * (whole - light) + doubtful * light
        yield f"{_bin(i, len(stock.tempos)):>5} {bar:{longest}} {certain + unsure:,}".rstrip()


def _room() -> int:
    """Return how many characters of a line charts may fill."""
    return max(shutil.get_terminal_size().columns, NARROWEST) - MARGIN


def _bin(i: int, count: int) -> str:
    from playlists.stock import SLOWEST, STEP

    low = SLOWEST + STEP * i
    return f"<{low + STEP}" if i == 0 else f"{low}+" if i == count - 1 else str(low)


def _plane(stock: "Stock", *, plain: bool) -> Iterator[str]:
    """Yield energy upwards and tempo to the right, the densest place darkest."""
    from playlists.stock import SLOWEST, STEP

    shades = ASCII if plain else SHADES
    yield f"energy against tempo, {shades[1]} few tracks to {shades[-1]} many"
    most, count = stock.plane.max(), stock.plane.shape[1]
    cell = max(CELLS[0], min(CELLS[1], _room() // count))
    for row, counts in reversed(list(enumerate(stock.plane.tolist()))):
        # The square root keeps what is rare in sight; whatever is there leaves a mark.
        marks = (-int(-(len(shades) - 1) * (each / most) ** 0.5 // 1) for each in counts)
        yield f"{row / 10:5.1f} " + "".join(cell * shades[mark] for mark in marks).rstrip()
    bins = range(SLOWEST, SLOWEST + STEP * count, 2 * STEP)
    yield f"{'':{MARGIN}}" + "".join(f"{bpm:<{2 * cell}}" for bpm in bins).rstrip()


def _cells(fill: "Fill") -> tuple[str, ...]:
    thin = fill.thinnest
    name = printable(fill.workout.steps[thin.step].name)
    low, high = thin.bpm
    return (
        "yes" if fill.is_full else "no",
        f"{thin.fitting:,}",
        str(thin.needed),
        fill.workout.name,
        f"{name}, {low:.0f} to {high:.0f} BPM",
    )


def _json(stock: "Stock", filled: "list[Fill]", failed: int, missing: int) -> dict[str, Any]:
    from playlists.stock import SLOWEST, STEP

    return {
        "schema": 1,
        "tracks": stock.tracks,
        "seconds": stock.seconds,
        "sources": stock.sources,
        "beatless": stock.beatless,
        "doubtful": stock.doubtful,
        "failed": failed,
        "missing": missing,
        "tempos": [
            {"from": SLOWEST + STEP * i, "sure": sure, "doubtful": unsure}
            for i, (sure, unsure) in enumerate(stock.tempos.tolist())
        ],
        "energies": stock.plane.tolist(),
        "workouts": [
            {
                "workout": fill.workout.name,
                "full": fill.is_full,
                "efforts": [
                    {
                        "step": fill.workout.steps[each.step].name or None,
                        "step_index": each.step,
                        "fitting": each.fitting,
                        "needed": each.needed,
                        "bpm": list(each.bpm),
                        "advice": None if each.fitting >= each.needed else each.advice,
                    }
                    for each in fill.supplies
                ],
            }
            for fill in filled
        ],
    }
