"""The command that corrects a tempo: `fix`, by a number, by halves and doubles, or by tapping."""

import time
from pathlib import Path

import click

from tempo.cli import Number, library_option, opened, titles
from tempo.screen import counted, line, name, printable

SLOWEST, FASTEST = 10, 500
"""BPM; beyond, a slip of the finger is likelier than music."""


@click.command()
@click.argument("track", shell_complete=titles)
@click.option("--bpm", type=Number(SLOWEST, FASTEST), metavar="N", help="The tempo is N.")
@click.option("--double", is_flag=True, help="The tempo is twice what is said.")
@click.option("--halve", is_flag=True, help="The tempo is half of what is said.")
@click.option("--tap", is_flag=True, help="Tap the tempo on a key while you listen.")
@click.option("--undo", is_flag=True, help="Take the correction back.")
@library_option
def fix(
    track: str, bpm: float | None, double: bool, halve: bool, tap: bool, undo: bool, library: Path
) -> None:
    """Correct the tempo of TRACK: its path or URI, or words that fit it alone.

    A correction survives every later scan, also when the file is moved, renamed, retagged or
    encoded otherwise. It ends where another song, of another length, takes the file's place, until
    the song comes back.

    \b
    Examples:
      tempo fix "hearts on fire" --bpm 136.6
      tempo fix song.mp3 --double
      tempo fix song.mp3 --tap
    """
    if (bpm is not None) + double + halve + tap + undo != 1:
        raise click.UsageError("choose one of --bpm, --double, --halve, --tap and --undo")
    from tempo.choose import ChoiceError, one

    with opened(library) as opened_library:
        found = one(opened_library.tracks(), track)
        if undo and found.source != "fixed":
            click.echo(f"nothing to undo: {line(found)}", err=True)
            return
        if tap:
            bpm = _tapped(printable(name(found)))
        elif double or halve:
            if found.bpm is None:
                raise ChoiceError(f"{printable(name(found))} has no tempo yet: use --bpm or --tap")
            bpm = found.bpm * (2 if double else 0.5)
        if bpm and not SLOWEST <= bpm <= FASTEST:
            raise ChoiceError(f"{bpm:.4g} BPM is no tempo of music: say it with --bpm")
        opened_library.fix(found.location, bpm)
        now = opened_library.track(found.location)
    before, after = (line(t) if t else "" for t in (found, now))
    click.echo(f"was {before}\nnow {after}")


def _tapped(title: str) -> float:
    """Let the user tap, and return the tempo."""
    from tempo.choose import ChoiceError
    from tempo.tap import FEWEST, tapped_bpm

    click.echo(f"{title}: tap any key on the beat, Enter when done", err=True)
    times: list[float] = []
    try:
        while _key() not in {"\r", "\n", "q", ""}:
            times.append(time.monotonic())
            bpm = tapped_bpm(times)
            said = f"{bpm:6.1f} BPM" if bpm else f"{max(1, FEWEST - len(times))} more …"
            click.echo(f"\r{counted(len(times), 'tap'):>8}  {said}  ", err=True, nl=False)
    finally:
        click.echo("\n" * bool(times), nl=False, err=True)
    bpm = tapped_bpm(times)
    if bpm is None:
        raise ChoiceError(f"too few taps: {FEWEST} at least, without a pause")
    return bpm


def _key() -> str:
    from tempo.choose import ChoiceError

    try:
        return click.getchar()
    except EOFError:  # Ctrl-D
        return ""
    except OSError as error:
        raise ChoiceError("there is no terminal to tap on: say the tempo with --bpm") from error
