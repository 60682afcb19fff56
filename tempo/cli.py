"""The commands that fill the library: `analyze`, `import`; and what other commands share.

`playlists.cli` joins them with its own into the program `tempo`.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tempo.errors import LibraryError, TempoError
from tempo.screen import line, printable, shown

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from click.shell_completion import CompletionItem

    from tempo.library import Library
    from tempo.track import AudioFile

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


COMMANDS: tuple[click.Command, ...] = (analyze, import_tracks)
