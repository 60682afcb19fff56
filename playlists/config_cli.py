"""The command `config`: every value that can be set, and where it comes from."""

import json
from typing import TYPE_CHECKING

import click

from tempo.screen import printable, table

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from playlists.preferences import Preference


WIDEST = 40
"""Characters of a value in the table; tables of intensity are longer."""


def keys(_: click.Context, __: click.Parameter, start: str) -> "list[CompletionItem]":
    """Complete the name of a setting."""
    from click.shell_completion import CompletionItem

    from playlists.preferences import known_keys

    return [CompletionItem(key) for key in known_keys() if key.startswith(start)]


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def config(ctx: click.Context, as_json: bool) -> None:
    """Show every setting and where it comes from: default, file or environment; or change it.

    What each number means, and its source, stands in docs/settings.md.

    \b
    Examples:
      tempo config
      tempo config get weights.energy
      tempo config set weights.energy 1.2
      tempo config unset weights.energy
      $EDITOR "$(tempo config path)"
    """
    if ctx.invoked_subcommand:
        return
    from playlists.config import config_path, read_config
    from playlists.preferences import check, preferences

    said = read_config(config_path())
    found = preferences(said)
    if as_json:
        values = [{"key": p.key, "value": p.shown, "source": p.source} for p in found]
        click.echo(
            json.dumps({"schema": 1, "path": str(config_path()), "values": values}, indent=2)
        )
    else:
        table(("from", "value", "setting"), [_cells(each) for each in found])
        click.echo(
            f"file: {printable(config_path())}{' (none yet)' * (not config_path().exists())}"
        )
    check(said)


def _cells(preference: "Preference") -> tuple[str, ...]:
    value = _text(preference.shown)
    short = value if len(value) <= WIDEST else f"{len(_rows(preference.value))} rows"
    return preference.source, printable(short), preference.key


def _rows(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _text(value: object) -> str:
    """Return a value as `config set` takes it."""
    return value if isinstance(value, str) else _toml(value)


def _toml(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {_toml(each)}" for key, each in value.items()) + "}"
    return json.dumps(value)  # numbers, truth values and texts: as in TOML


@config.command()
@click.argument("key", shell_complete=keys)
def get(key: str) -> None:
    """Print the value of KEY.

    \b
    Examples:
      tempo config get weights.energy
    """
    from playlists.config import config_path, read_config
    from playlists.preferences import known_key, preferences

    known_key(key)
    for each in preferences(read_config(config_path())):
        if each.key == key:
            click.echo(printable(_text(each.shown)))


@config.command("set", context_settings={"ignore_unknown_options": True})
@click.argument("key", shell_complete=keys)
@click.argument("value")
def set_value(key: str, value: str) -> None:
    """Set KEY to VALUE in your configuration file; its comments stay.

    What has no meaning is refused, and the file stays as it was.

    \b
    Examples:
      tempo config set weights.energy 1.2
      tempo config set spotify.sources deezer,preview
    """
    from playlists.config import config_path
    from playlists.preferences import change, known_key, read_value

    change(config_path(), known_key(key), read_value(key, value))
    _say_now(key)


@config.command()
@click.argument("key", shell_complete=keys)
def unset(key: str) -> None:
    """Take KEY out of your configuration file, so that the default counts.

    \b
    Examples:
      tempo config unset weights.energy
    """
    from playlists.config import config_path
    from playlists.preferences import change, known_key

    change(config_path(), known_key(key), None)
    _say_now(key)


def _say_now(key: str) -> None:
    """Say what a setting is after a change, and where that stands."""
    from playlists.config import config_path, read_config
    from playlists.preferences import preferences, variable_of

    (now,) = (each for each in preferences(read_config(config_path())) if each.key == key)
    value, file = _cells(now)[1], printable(config_path())
    if now.source == "default":
        click.echo(f"{key} is {value or 'empty'}, the default: {file} does not set it", err=True)
    elif now.source == "file":
        click.echo(f"{key} is {value or 'empty'}, set in {file}", err=True)
    if variable := variable_of(key):
        click.echo(f"note: ${variable} is set, and counts instead", err=True)


@config.command()
def path() -> None:
    """Print where your configuration file is, or would be.

    \b
    Examples:
      tempo config path
    """
    from playlists.config import config_path

    click.echo(config_path())
