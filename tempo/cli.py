"""The commands that measure and correct: `analyze`, `import`, `list`, `show`, `fix`.

`playlists.cli` joins them with its own into the program `tempo`.
"""

import contextlib
import csv
import gc
import io
import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tempo.errors import LibraryError, TempoError
from tempo.screen import cells, line, name, portrait, printable, shown, table

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from click.shell_completion import CompletionItem

    from tempo.library import Library
    from tempo.track import AudioFile, Failure, Track

F = TypeVar("F", bound=Callable[..., Any])

INTERRUPTED = 130
"""Exit status after Ctrl-C: 128 and the signal's number, as shells have it."""


class ErrorBoundary(click.Group):
    """The one place where failures become a sentence and an exit status."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; see `click.Group.invoke`."""
        try:
            return super().invoke(ctx)
        except TempoError as error:
            click.ClickException(str(error)).show()
            ctx.exit(error.exit_code)
        except OSError as error:
            if isinstance(error, BrokenPipeError):
                raise
            name = printable(error.filename or "the system")
            raise click.ClickException(
                f"{name}: {(error.strerror or str(error)).lower()}"
            ) from error


def library_option(command: F) -> F:
    """Add `--library` to a command, which gets the file's path as `library`."""
    return click.option(
        "--library",
        type=click.Path(dir_okay=False, path_type=Path),
        callback=_library_path,
        help="Library file.  [default: $TEMPO_LIBRARY, or one in your data folder]",
    )(command)


def _library_path(ctx: click.Context, _: click.Parameter, value: Path | None) -> Path:
    """Return the library's path: given here, before the command, in the environment, or usual."""
    import os

    for given in (value, ctx.find_root().params.get("library"), os.environ.get("TEMPO_LIBRARY")):
        if given:
            return Path(given).expanduser()
    import platformdirs

    return platformdirs.user_data_path("tempo", appauthor=False) / "library.db"


@contextlib.contextmanager
def opened(path: Path, *, create: bool = False) -> Iterator["Library"]:
    """Open the library at `path`; without `create`, it must be there."""
    from tempo.library import Library

    if not create and not path.exists():
        raise LibraryError(
            f"there is no library at {printable(path)} yet: run `tempo analyze FOLDER` first, "
            "or `tempo import FILE.csv`"
        )
    with Library(path) as library:
        yield library


MOST_TITLES = 100
"""More would not help who completes one."""


def titles(ctx: click.Context, _: click.Parameter, start: str) -> "list[CompletionItem]":
    """Complete the title of a track; where none fits, the name of a file."""
    from click.shell_completion import CompletionItem

    path = ctx.params.get("library") or _library_path(ctx, _, None)
    found = []
    if path.exists():
        with opened(path) as library:
            found = [CompletionItem(title) for title in library.titles(start, MOST_TITLES)]
    return found or [CompletionItem(start, type="file")]


# -------------------------------------------------------------------- analyze


def jobs_options(command: F) -> F:
    """Add the options of every command that analyzes."""
    jobs = click.option(
        "-j", "--jobs", type=click.IntRange(min=1), metavar="N",
        help="Worker processes.  [default: all cores]",
    )  # fmt: skip
    limit = click.option(
        "--time-limit", type=click.FloatRange(min=0, min_open=True), default=300.0,
        show_default=True, metavar="S", help="Give a file up after S seconds.",
    )  # fmt: skip
    return jobs(limit(command))


@click.command()
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(exists=True, readable=False, path_type=Path)
)
@jobs_options
@click.option(
    "--dask", metavar="ADDRESS",
    help="Measure on the workers of a Dask scheduler, such as tcp://host:8786, not on this "
    "machine; --jobs and --time-limit do not reach there.",
)  # fmt: skip
@click.option("--force", is_flag=True, help="Measure unchanged files again.")
@click.option("-q", "--quiet", is_flag=True, help="Print the summary only.")
@library_option
def analyze(
    paths: tuple[Path | str, ...], jobs: int | None, force: bool, time_limit: float, quiet: bool,
    library: Path, dask: str | None,
) -> None:  # fmt: skip
    """Measure the tempo of every track in folders and files.

    Unchanged files are not decoded again, so run it as often as you like. Interrupt it whenever
    you like: what was done is kept, and the next run goes on from there.

    \b
    Examples:
      tempo analyze ~/Music
      tempo analyze --jobs 2 ~/Music/new song.mp3
    """
    good, said = run_analysis(
        library, paths, jobs, force=force, limit=time_limit, quiet=quiet, dask=dask
    )
    click.echo(said)
    if not good:
        click.get_current_context().exit(1)


def run_analysis(
    library: Path, paths: Iterable[Path | str], jobs: int | None, *, force: bool, limit: float,
    quiet: bool, dask: str | None = None,
) -> tuple[bool, str]:  # fmt: skip
    """Bring a library up to date with folders and files.

    Returns
    -------
    good : bool
        Whether anything was analyzed or up to date, or there was nothing to do.
    said : str
        What was done, in a line.
    """
    from tempo.timing import timed
    from tempo.update import survey

    done = failed = 0
    with opened(library, create=True) as opened_library:
        with timed("folders compared with the library"):
            found = survey(opened_library, paths, force=force)
        for failure in found.failures:
            click.echo(line(failure), err=True)
        if found.stale:
            with timed(f"{len(found.stale)} files measured"):
                workers = _workers(dask, jobs, limit, len(found.stale))
                done, failed = _measure(opened_library, found.stale, workers, quiet=quiet)
    failed += len(found.failures)
    said = _summary(done, found.current, found.moved, found.missing, failed)
    return bool(done or found.current or found.moved) or not failed, said


def _workers(dask: str | None, jobs: int | None, limit: float, files: int) -> "Executor":
    """Return what runs the analysis: processes here, or those of a cluster."""
    if dask:
        from tempo.cluster import Cluster

        return Cluster(dask)
    from tempo.pool import PatientPool, cores

    return PatientPool(min(jobs or cores(), files), limit)


def _measure(
    library: "Library", files: "Sequence[AudioFile]", workers: "Executor", *, quiet: bool
) -> tuple[int, int]:
    """Measure files; return how many went well and how many failed."""
    from tempo.track import Failure
    from tempo.update import update

    done = failed = 0
    try:
        for outcome in shown(update(library, files, workers), len(files), quiet=quiet):
            failed += isinstance(outcome, Failure)
            done += not isinstance(outcome, Failure)
    except KeyboardInterrupt:
        left = len(files) - done - failed
        click.echo(
            f"interrupted: {done} analyzed are kept, {left} are left; "
            "run the same command again to go on",
            err=True,
        )
        click.get_current_context().exit(INTERRUPTED)
    finally:
        workers.shutdown(cancel_futures=True)
    return done, failed


def _summary(done: int, current: int, moved: int, missing: int, failed: int) -> str:
    parts = [f"{done} analyzed", f"{current} unchanged"]
    parts += [f"{moved} moved or copied"] * bool(moved)
    parts += [f"{missing} no longer there"] * bool(missing)
    parts += [f"{failed} failed: see `tempo list --failed`"] * bool(failed)
    if not any((done, current, moved, missing, failed)):
        return "no music found: name a folder that holds sound files"
    return ", ".join(parts)


# --------------------------------------------------------------------- import


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--remove", is_flag=True, help="Forget the tracks of FILE instead.")
@library_option
def import_tracks(file: Path, remove: bool, library: Path) -> None:
    """Bring the tracks of a table into the library: songs that are not files here.

    FILE is a CSV as Exportify writes it, or any with columns for title, duration, tempo and
    energy, best also for Spotify's id, artist, loudness and danceability; it may be gzipped.
    Their tempo is what the table says, with less confidence than one that was measured.

    \b
    Examples:
      tempo import liked_songs.csv
      tempo import --remove liked_songs.csv
    """
    from tempo.catalog import read_catalog

    catalog = read_catalog(file)
    with opened(library, create=not remove) as opened_library:
        if remove:
            click.echo(f"{opened_library.remove_imported(catalog.tracks)} removed")
            return
        new, changed = opened_library.add_imported(catalog.tracks)
    parts = [f"{new} new", f"{changed} changed", f"{len(catalog.tracks) - new - changed} unchanged"]
    parts += [f"{catalog.repeated} repeated"] * bool(catalog.repeated)
    parts += [f"{catalog.unmeasured} left out: no tempo given"] * bool(catalog.unmeasured)
    click.echo(", ".join(parts))


# ----------------------------------------------------------------------- list


def _range(_: click.Context, __: click.Parameter, value: str | None) -> tuple[float, float] | None:
    from tempo.choose import bpm_range

    try:
        return None if value is None else bpm_range(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


@click.command("list")
@click.argument("words", nargs=-1)
@click.option("--bpm", callback=_range, metavar="LOW-HIGH", help="Only tempos in this range.")
@click.option("--min-confidence", type=click.FloatRange(0, 1), help="Only tempos this sure.")
@click.option("--max-confidence", type=click.FloatRange(0, 1), help="Only tempos this unsure.")
@click.option(
    "--doubtful", is_flag=True, help="Only low confidence, an ambiguous octave or a changing tempo."
)
@click.option(
    "--source",
    type=click.Choice([
        "analysis", "fixed", "import", "file", "spotify", "reccobeats", "deezer", "preview",
        "getsongbpm",
    ]),
    help="Only tempos that were measured, corrected, imported, or come from a file or service.",
)  # fmt: skip
@click.option("--failed", is_flag=True, help="The files that could not be measured, and why.")
@click.option(
    "--sort",
    type=click.Choice(
        ["path", "title", "artist", "bpm", "confidence", "strength", "energy", "build",
         "loudness", "duration"]
    ),
    default="path", show_default=True, help="What to sort by.",
)  # fmt: skip
@click.option("--reverse", is_flag=True, help="Highest first.")
@click.option("--json", "as_json", is_flag=True, help="A JSON list.")
@click.option("--csv", "as_csv", is_flag=True, help="CSV with a header.")
@library_option
def list_tracks(
    words: tuple[str, ...], bpm: tuple[float, float] | None, min_confidence: float | None,
    max_confidence: float | None, doubtful: bool, source: str | None, failed: bool, sort: str,
    reverse: bool, as_json: bool, as_csv: bool, library: Path,
) -> None:  # fmt: skip
    """List the tracks of the library; WORDS must all occur in artist, title, album or path.

    A word may be bound to artist:, title:, album: or path:, and bpm:, energy:, strength:, build:,
    confidence: and minutes: to a range.

    \b
    Examples:
      tempo list artist:rush bpm:120-140 energy:0.7-
      tempo list --bpm 165-175 --sort energy --reverse
      tempo list --doubtful
      tempo list --json rocky | jq '.[].bpm'
    """
    if as_json and as_csv:
        raise click.UsageError("choose one of --json and --csv")
    with opened(library) as opened_library:
        if failed:
            _show_failures(opened_library.failures(), as_json=as_json, as_csv=as_csv)
            return
        tracks = opened_library.tracks()
    gc.freeze()  # what was read stays to the end: looking for garbage in it takes a fifth longer
    from tempo.choose import SORT_KEYS, matching

    low, high = bpm or (None, None)
    tracks = [
        track
        for track in matching(tracks, " ".join(words))
        if (low is None or high is None or low <= (track.bpm or 0) <= high)
        and (min_confidence is None or track.analysis.tempo.confidence >= min_confidence)
        and (max_confidence is None or track.analysis.tempo.confidence <= max_confidence)
        and (not doubtful or track.is_doubtful)
        and source in {None, track.source}
    ]
    _show_tracks(sorted(tracks, key=SORT_KEYS[sort], reverse=reverse), as_json, as_csv)


def _show_tracks(tracks: list["Track"], as_json: bool, as_csv: bool) -> None:
    from tempo.contract import COLUMNS, track_json

    if as_json:
        click.echo(json.dumps([track_json(track) for track in tracks], indent=2))
    elif as_csv:
        _write_csv(COLUMNS, map(track_json, tracks))
    elif not tracks:
        click.echo("no track fits", err=True)
    else:
        heads = ("BPM", "sure", "beat", "energy", "build", "LUFS", "length", "track")
        table(heads, [cells(track) for track in tracks], spare=(5, 4, 2, 6, 3))


def _show_failures(failures: list["Failure"], *, as_json: bool, as_csv: bool) -> None:
    from tempo.contract import failure_json

    if as_json:
        click.echo(json.dumps([failure_json(failure) for failure in failures], indent=2))
    elif as_csv:
        _write_csv(("path", "reason"), map(failure_json, failures))
    elif not failures:
        click.echo("no file failed", err=True)
    else:
        for failure in failures:
            click.echo(f"{printable(failure.path)}: {failure.reason}")


def _write_csv(columns: tuple[str, ...], rows: Iterable[dict[str, Any]]) -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    # A name that is no UTF-8 goes out as the bytes that it is.
    click.echo(text.getvalue().encode("utf-8", "surrogateescape"), nl=False)


# ----------------------------------------------------------------- show, fix


@click.command()
@click.argument("track", shell_complete=titles)
@click.option("--json", "as_json", is_flag=True, help="A JSON object.")
@library_option
def show(track: str, as_json: bool, library: Path) -> None:
    """Show all that is known of TRACK: its path or URI, or words that fit it alone.

    \b
    Examples:
      tempo show "hearts on fire"
      tempo show song.mp3 --json
    """
    from tempo.choose import one
    from tempo.contract import track_json

    with opened(library) as opened_library:
        found = one(opened_library.tracks(), track)
    if as_json:
        click.echo(json.dumps(track_json(found), indent=2))
        return
    for text in portrait(found):
        click.echo(text)


@click.command()
@click.argument("track", shell_complete=titles)
@click.option("--bpm", type=click.FloatRange(10, 500), metavar="N", help="The tempo is N.")
@click.option("--double", is_flag=True, help="The tempo is twice what is said.")
@click.option("--halve", is_flag=True, help="The tempo is half of what is said.")
@click.option("--tap", is_flag=True, help="Tap the tempo on a key while you listen.")
@click.option("--undo", is_flag=True, help="Take the correction back.")
@library_option
def fix(
    track: str, bpm: float | None, double: bool, halve: bool, tap: bool, undo: bool, library: Path
) -> None:
    """Correct the tempo of TRACK: its path or URI, or words that fit it alone.

    A correction survives every later scan, also when the file is moved or renamed.

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
        if tap:
            bpm = _tapped(printable(name(found)))
        elif double or halve:
            if found.bpm is None:
                raise ChoiceError(f"{printable(name(found))} has no tempo yet: use --bpm or --tap")
            bpm = found.bpm * (2 if double else 0.5)
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
    while click.getchar() not in {"\r", "\n", "q", ""}:
        times.append(time.monotonic())
        bpm = tapped_bpm(times)
        said = f"{bpm:6.1f} BPM" if bpm else f"{max(1, FEWEST - len(times))} more …"
        click.echo(f"\r{len(times):3} taps  {said}  ", err=True, nl=False)
    click.echo(err=True)
    bpm = tapped_bpm(times)
    if bpm is None:
        raise ChoiceError(f"too few taps: {FEWEST} at least, without a pause")
    return bpm


COMMANDS: tuple[click.Command, ...] = (analyze, import_tracks, list_tracks, show, fix)
