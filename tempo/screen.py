"""What a person sees: lines, tables and the progress bar."""

import os
import sys
import time
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click

from tempo.track import Failure, Meter, Track

if TYPE_CHECKING:
    from rich.progress import Progress


def printable(value: object) -> str:
    """Return text that a terminal shows as it is: no control characters, no broken Unicode."""
    if (text := str(value)).isprintable():
        return text
    text = text.encode("utf-8", "replace").decode()
    return "".join(c if c.isprintable() else "\ufffd" for c in text)


def is_plain() -> bool:
    """Tell whether the user's terminal has nothing but ASCII.

    Python writes UTF-8 where the locale is C, which may be unset or meant; it is meant if it is
    said. (`LC_CTYPE` may be Python's own word: PEP 538.)
    """
    said = os.environ.get("LC_ALL") or os.environ.get("LANG")
    return said in {"C", "POSIX"} or not (sys.stdout.encoding or "").lower().startswith("utf")


def colored(text: str, color: str) -> str:
    """Return text in a color, where there is a terminal that has some and wants them."""
    plain = not sys.stdout.isatty() or os.environ.get("TERM") == "dumb"
    return text if plain or os.environ.get("NO_COLOR") else click.style(text, fg=color)


def shown(
    outcomes: Iterable[Track | Failure], total: int, *, quiet: bool
) -> Iterator[Track | Failure]:
    """Pass outcomes on and show how it goes: a bar on a terminal, else a line each."""
    if quiet:
        yield from outcomes
    elif sys.stderr.isatty():
        yield from _with_bar(outcomes, total)
    else:
        for count, outcome in enumerate(outcomes, 1):
            click.echo(f"[{count}/{total}] {line(outcome)}", err=True)
            yield outcome


def _with_bar(outcomes: Iterable[Track | Failure], total: int) -> Iterator[Track | Failure]:
    started = time.monotonic()
    with _progress() as progress:
        task = progress.add_task("", total=total, rate="")
        for count, outcome in enumerate(outcomes, 1):
            if isinstance(outcome, Failure):
                progress.console.print(line(outcome), markup=False, highlight=False)
            rate_now = count / (time.monotonic() - started)
            progress.update(task, advance=1, rate=f"{rate_now:.1f} tracks/s")
            yield outcome


WIDE = 70
"""Characters of a terminal from which there is room for more than a bar and the time left."""


def _progress() -> "Progress":
    """Return a progress bar, of ASCII where the terminal has no more; a narrow one gets less."""
    import shutil

    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )  # fmt: skip

    class Plain(Console):
        encoding = "ascii"  # which decides what rich draws a bar of

    plain = is_plain()
    columns: list[ProgressColumn] = [
        SpinnerColumn("line" if plain else "dots"), BarColumn(), MofNCompleteColumn(),
    ]  # fmt: skip
    if shutil.get_terminal_size().columns >= WIDE:
        columns += [TextColumn("{task.fields[rate]}"), TimeElapsedColumn(), TextColumn("gone,")]
    columns += [TimeRemainingColumn(), TextColumn("left")]
    return Progress(*columns, console=(Plain if plain else Console)(stderr=True))


def line(outcome: Track | Failure) -> str:
    """Return an outcome in one line."""
    if isinstance(outcome, Failure):
        kept = "; what was measured before stays" * outcome.kept
        return f"{printable(outcome.path)}: {outcome.reason}{kept}"
    bpm = "no beat" if outcome.bpm is None else f"{outcome.bpm:.1f} BPM"
    return f"{bpm}  {printable(name(outcome))}"


def name(track: Track) -> str:
    """Return `Artist - Title`, or the title alone."""
    artist = track.artist  # both may have to be read from the file's name
    return f"{artist} - {track.title}" if artist else track.title


def cells(track: Track) -> tuple[str, ...]:
    """Return a row of the track table; `?` marks doubt, `*` a correction."""
    analysis = track.analysis
    mark = "?" if track.is_doubtful else "*" if track.source == "fixed" else " "
    return (
        (f"{track.bpm:.1f}" if track.bpm else "-") + mark,
        f"{analysis.tempo.confidence:.2f}",
        f"{analysis.beat_strength:.2f}",
        f"{analysis.energy:.2f}",
        f"{analysis.build:.2f}",
        f"{analysis.loudness:.1f}",
        clock(analysis.duration),
        printable(name(track)),
    )


TITLE = 20
"""Characters that a table leaves for its text at least: most titles show by their beginning."""


def table(
    heads: tuple[str, ...], rows: Iterable[tuple[str, ...]], spare: tuple[int, ...] = ()
) -> None:
    """Print a table on a terminal, or tab-separated lines elsewhere; the last column is text.

    Parameters
    ----------
    heads : tuple of str
    rows : iterable of tuple of str
    spare : tuple of int
        Columns that a narrow terminal does without, first to last.
    """
    if not sys.stdout.isatty():
        lines = ("\t".join(map(str.strip, row)) for row in (heads, *rows))
        click.echo("\n".join(lines))
        return
    import shutil

    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    # Where the terminal is "dumb", rich would take it for 80 characters wide.
    console = Console(width=shutil.get_terminal_size().columns)
    rows, plain = list(rows), is_plain()
    kept, padding = _fitting(heads, rows, spare, console.width)
    rules = None if plain else box.SIMPLE_HEAD
    grid = Table(box=rules, pad_edge=False, expand=True, padding=(0, padding + plain))
    for i in kept:
        grid.add_column(heads[i], justify="right", no_wrap=True)
    # With a ratio it takes what is left; without, a long title squeezes the numbers out.
    grid.add_column(heads[-1], overflow="crop" if plain else "ellipsis", no_wrap=True, ratio=1)
    for row in rows:
        grid.add_row(*(Text(row[i]) for i in (*kept, -1)))
    console.print(grid)


def _fitting(
    heads: tuple[str, ...], rows: list[tuple[str, ...]], spare: tuple[int, ...], room: int
) -> tuple[list[int], int]:
    """Return the columns that fit beside the text, and the spaces around each."""
    from rich.cells import cell_len

    widths = [max(map(cell_len, column)) for column in zip(heads, *rows, strict=True)]
    kept = list(range(len(heads) - 1))
    text = min(TITLE, widths[-1])
    for gone in (None, *spare):
        kept = [i for i in kept if i != gone]
        for padding in (1, 0):
            if sum(widths[i] + 2 * padding + 1 for i in kept) + text <= room:
                return kept, padding
    return kept, 0


def paragraph(text: str, *, indent: int = 0, err: bool = False) -> None:
    """Print a sentence: on a terminal broken between words, elsewhere as one line.

    What is longer than a line, such as a path, stays whole: the terminal breaks it, but copies it.

    Parameters
    ----------
    text : str
    indent : int
        Characters before each line but the first, which the caller may have begun.
    err : bool
        Print to standard error.
    """
    import shutil
    import textwrap

    stream = sys.stderr if err else sys.stdout
    if stream.isatty():
        width = max(shutil.get_terminal_size().columns - indent, TITLE)
        lines = textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)
        text = f"\n{'':{indent}}".join(lines)
    click.echo(text, err=err)


def counted(number: int, what: str) -> str:
    """Return a number with what is counted, one or many."""
    return f"{number:,} {what}{'s' * (number != 1)}"


def clock(seconds: float) -> str:
    """Return seconds as `m:ss`, or `h:mm:ss` from an hour on."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def weight(count: float) -> str:
    """Return bytes as people write them: `5 bytes`, `20.4 MB`, `64 GB`, by powers of 1000."""
    if count < 1000:  # noqa: PLR2004 - where the next unit begins
        return counted(int(count), "byte")
    for unit in ("kB", "MB", "GB"):
        count /= 1000
        if count < 999.5:  # noqa: PLR2004 - the same, once it is rounded
            return f"{count:.3g} {unit}"
    return f"{count:,.0f} GB"


def _meter(meter: Meter) -> str:
    names = {4: "two or four beats a bar", 3: "three beats a bar", 6: "beats in three, as 6/8"}
    if meter.beats is None:
        return "unknown"
    return f"{names[meter.beats]}, confidence {meter.confidence:.2f}"


LEAST = 0.005
"""Salience of a tempo that is worth a word: less would show as 0.00."""


def portrait(track: Track) -> Iterator[str]:
    """Yield all that is known of a track, a line each."""
    analysis, tempo = track.analysis, track.analysis.tempo
    yield printable(name(track))
    yield f"  {'uri ' if track.path is None else 'file'}          {printable(track.location)}"
    if track.bpm is None:
        yield "  tempo         none: no beat was found"
    else:
        sure = "as you said" if track.source == "fixed" else f"confidence {tempo.confidence:.2f}"
        yield f"  tempo         {track.bpm:.2f} BPM, {sure}{', doubtful' * track.is_doubtful}"
    rivals = (c for c in tempo.candidates[1:] if c.salience >= LEAST)
    others = ", ".join(f"{c.bpm:.2f} ({c.salience:.2f})" for c in rivals)
    if others:
        yield f"  or            {others}"
    if track.tags.bpm:
        yield f"  tag says      {track.tags.bpm:g} BPM"
    yield f"  drift         {100 * tempo.drift:.1f} %"
    for number, section in enumerate(tempo.sections):
        head = "" if number else "changes"
        yield f"  {head:13} {section.bpm:.1f} BPM from {clock(section.start)}"
    yield f"  meter         {_meter(analysis.meter)}"
    yield f"  beat strength {analysis.beat_strength:.2f}"
    yield f"  energy        {analysis.energy:.2f}"
    yield f"  build         {analysis.build:.2f}"
    yield f"  loudness      {analysis.loudness:.1f} LUFS"
    yield f"  length        {clock(analysis.duration)}, beat from {clock(analysis.intro)}"
