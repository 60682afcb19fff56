"""How much a command says: `-q` and `-v`, the same for all of them."""

import contextlib
import functools
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

QUIET, VERBOSE = "tempo.quiet", "tempo.verbose"
"""Where a run keeps what was asked for."""


def add_volume(command: click.Command) -> None:
    """Give a command, and those below it, `-q` and `-v`, beside those that it may have."""
    if isinstance(command, click.Group):
        for each in command.commands.values():
            add_volume(each)
        if not command.invoke_without_command:
            command.params.extend(_options())
            return
    own = {param.name: param for param in command.params}
    for option in _options():
        if option.name not in own:
            command.params.append(option)
        elif option.name == "verbose":
            own[option.name].callback = _noted
    if command.callback:
        command.callback = _spoken(command.callback)


def _options() -> Iterator[click.Option]:
    yield click.Option(
        ["-q", "--quiet"], is_flag=True, expose_value=False, callback=_noted,
        help="No notes, warnings or progress; errors still show.",
    )  # fmt: skip
    yield click.Option(
        ["-v", "--verbose"], is_flag=True, expose_value=False, callback=_noted,
        help="Say which files are used, what is asked for, and how long it takes.",
    )  # fmt: skip


def _noted(ctx: click.Context, param: click.Parameter, value: bool) -> bool:
    key = f"tempo.{param.name}"  # It may have been said before the command already.
    ctx.meta[key] = ctx.meta.get(key, False) or value
    return value


def _spoken(callback: Callable[..., Any]) -> Callable[..., Any]:
    """Return a command's function that minds what was asked for, once."""

    @functools.wraps(callback)
    def run(*args: Any, **kwargs: Any) -> Any:
        meta = click.get_current_context().meta
        with contextlib.ExitStack() as stack:
            if meta.pop(QUIET, False):
                nothing = stack.enter_context(Path(os.devnull).open("w", encoding="utf-8"))
                stack.enter_context(contextlib.redirect_stderr(nothing))
            if meta.pop(VERBOSE, False):
                stack.enter_context(_shown())
            return callback(*args, **kwargs)

    return run


@contextlib.contextmanager
def _shown() -> Iterator[None]:
    """Show what is logged, and at the end how long it all took."""
    import logging

    from tempo.timing import log, timed

    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(message)s"))
    before = log.level
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    try:
        with timed("in all"):
            yield
    finally:
        log.removeHandler(handler)
        log.setLevel(before)
