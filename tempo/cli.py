"""What commands share; `playlists.cli` joins them into the program `tempo`."""

import contextlib
import errno
import math
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from tempo.errors import LibraryError, TempoError
from tempo.screen import paragraph, printable

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from tempo.library import Library

F = TypeVar("F", bound=Callable[..., Any])


FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}


class Number(click.FloatRange):
    """A number in a range; of "nan", `click.FloatRange` finds that it is in any."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the number; see `click.ParamType.convert`."""
        try:
            is_number = not math.isnan(float(value))
        except ValueError:
            is_number = False
        if not is_number:
            self.fail(f"{value!r} is no number: write it without a unit", param, ctx)
        return super().convert(value, param, ctx)


class Whole(click.IntRange):
    """A whole number in a range."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the number; see `click.ParamType.convert`."""
        try:
            int(value)
        except ValueError:
            self.fail(f"{value!r} is no whole number", param, ctx)
        return super().convert(value, param, ctx)


class Terminated(KeyboardInterrupt):
    """The system asks the program to end (SIGTERM), which it does as after Ctrl-C."""


def end(error: BaseException, said: str = "interrupted") -> NoReturn:
    """End the program after Ctrl-C or SIGTERM, with 128 and its number, as shells have it.

    A terminal shows ``^C``: what is `said` takes its place, or the line below a question.
    """
    before = "\n" if isinstance(error, click.Abort) else "\r"
    click.echo(before * sys.stderr.isatty() + said, err=True)
    is_terminated = isinstance(error, Terminated) or isinstance(error.__context__, Terminated)
    click.get_current_context().exit(128 + (signal.SIGTERM if is_terminated else signal.SIGINT))


class ErrorBoundary(click.Group):
    """The one place where failures become a sentence and an exit status."""

    def make_context(self, *args: Any, **options: Any) -> click.Context:
        """Read the options, of which some print; see `click.Command.make_context`."""
        with _explained():
            return super().make_context(*args, **options)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; see `click.Group.invoke`."""
        try:
            with _explained():
                return super().invoke(ctx)
        except click.UsageError as error:
            if not error.message.startswith("Got unexpected extra argument"):
                raise
            hint = "put words that belong together in quotation marks"
            raise click.UsageError(f"{error.message}: {hint}", error.ctx) from error
        except TempoError as error:
            paragraph(f"Error: {printable(error)}", indent=2, err=True)
            ctx.exit(error.exit_code)
        except (KeyboardInterrupt, click.Abort) as error:
            if isinstance(error.__context__, EOFError):
                raise click.ClickException("the input ended before the answer came") from error
            end(error)


@contextlib.contextmanager
def _explained() -> Iterator[None]:
    """Turn what the system says into a sentence, where nobody knew a better one."""
    try:
        yield
    except BrokenPipeError:
        raise  # click ends quietly
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        if error.filename:
            said = f"{printable(error.filename)}: {why}"
        elif isinstance(error, FileNotFoundError):  # the system calls no other file nothing
            said = "the folder that you are in is gone: change to another"
        elif error.errno in FULL:
            drop_output()
            said = f"the output cannot be written ({why}): send it to another place"
        else:
            said = f"the system: {why}"
        raise click.ClickException(said) from error


def drop_output() -> None:
    """Send what is not written yet nowhere: Python 3.13 would try it again and complain."""
    with contextlib.suppress(OSError, ValueError), Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


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
    for given in (value, ctx.find_root().params.get("library"), os.environ.get("TEMPO_LIBRARY")):
        if given:
            return Path(os.path.expanduser(given))  # noqa: PTH111 - Path's fails for unknown users
    import platformdirs

    return platformdirs.user_data_path("tempo", appauthor=False) / "library.db"


@contextlib.contextmanager
def opened(path: Path, *, create: bool = False) -> Iterator["Library"]:
    """Open the library at `path`; without `create`, it must be there."""
    from tempo.library import Library

    if not create and not _is_there(path):
        raise LibraryError(
            f"there is no library at {printable(path)} yet: run `tempo analyze FOLDER` first, "
            "or `tempo import FILE.csv`"
        )
    with Library(path) as library:
        yield library


def _is_there(path: Path) -> bool:
    """Tell whether a library is there, or may be: whoever opens it says what keeps it back."""
    try:
        path.stat()
    except OSError as error:
        return not isinstance(error, FileNotFoundError | NotADirectoryError)
    return True


MOST_TITLES = 100
"""More would not help who completes one."""


def titles(ctx: click.Context, _: click.Parameter, start: str) -> "list[CompletionItem]":
    """Complete the title of a track; where none fits, the name of a file."""
    from click.shell_completion import CompletionItem

    path = ctx.params.get("library") or _library_path(ctx, _, None)
    found = []
    with contextlib.suppress(LibraryError), opened(path) as library:  # the command will say it
        found = [CompletionItem(title) for title in library.titles(start, MOST_TITLES)]
    return found or [CompletionItem(start, type="file")]
