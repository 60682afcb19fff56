"""Write the pages that come from the code: ``python -m docs.generate``.

``docs/cli.md`` holds the help of every command, ``docs/workouts.md`` the built-in workouts with
their curves, ``docs/settings.md`` every number that a configuration file can change.
"""

from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import click

from playlists import blocks as bundling
from playlists.builtin import BUILT_IN, builtin
from playlists.cli import main as program
from playlists.drawing import chart, steps
from playlists.settings import load
from tempo.screen import clock

HERE = Path(__file__).parent
NOTE = "<!-- Written by `make docs` from the code; change it there. -->\n"


def command_reference() -> str:
    """Return the help of the program and of each command."""
    parts = ["# Commands\n", NOTE]
    for name, command in _commands("tempo", program):
        context = click.Context(command, info_name=name, terminal_width=88, max_content_width=88)
        parts.append(f"## {name}\n\n```text\n{command.get_help(context)}\n```\n")
    return "\n".join(parts)


def _commands(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    yield name, command
    if isinstance(command, click.Group):
        for each, inner in sorted(command.commands.items()):
            yield from _commands(f"{name} {each}", inner)


def workout_gallery() -> str:
    """Return each built-in workout with its curve and steps."""
    _, _, rule = str(bundling.__doc__).partition("\n\n")
    parts = ["# Workouts\n", NOTE, GALLERY.format(rule=rule.strip())]
    return "\n".join([*parts, *("\n".join(_workout(name)) for name in BUILT_IN)])


GALLERY = """\
Each can have any length (`--minutes`); shown is the usual one. Heights are percent of threshold,
the effort that can just be held for an hour. BPM is what `--async` looks for.

## Steps shorter than a song

{rule}

`tempo build` prints these cues below its table, `--explain` and `--json` with each song. The 150 s
are `blocks.shortest` in [the settings](settings.md).
"""


def _workout(name: str) -> Iterator[str]:
    workout = builtin(name)
    yield f"## {name}\n\n{workout.description} {clock(workout.duration)}.\n"
    yield from ("```text", *chart(workout), "```", "")
    yield "| at | length | intensity | BPM | cadence | step |"
    yield "|---:|---:|---:|---:|---:|---|"
    yield from (f"| {' | '.join(row)} |" for row in steps(workout, load()))
    yield ""


def settings_reference() -> str:
    """Return the default settings, whose comments say where each number comes from."""
    text = (resources.files("playlists") / "defaults.toml").read_text("utf-8")
    return f"# Settings\n\n{NOTE}\n{SETTINGS}\n```toml\n{text}```\n"


SETTINGS = """\
Every number below can be changed in your own `config.toml` (on Linux in `~/.config/tempo/`, or
where `$TEMPO_CONFIG` says): write the same name under the same heading, or let
`tempo config set weights.energy 1.2` do so. A mistyped name is an error, not a surprise.
"""


def readme() -> str:
    """Return the README with the list of commands brought up to date."""
    text = (HERE.parent / "README.md").read_text("utf-8")
    before, _, rest = text.partition(START)
    _, _, after = rest.partition(END)
    rows = (
        f"| [`tempo {name}`](docs/cli.md#tempo-{name}) | {command.get_short_help_str(200)} |"
        for name, command in sorted(program.commands.items())
    )
    return "\n".join(
        [before + START, "| command | what it does |", "|---|---|", *rows, END + after]
    )


START = "<!-- commands: written by `make docs` -->"
END = "<!-- end of commands -->"

PAGES = {
    "cli.md": command_reference,
    "workouts.md": workout_gallery,
    "settings.md": settings_reference,
    "../README.md": readme,
}


def main() -> None:
    """Write all pages."""
    for name, page in PAGES.items():
        (HERE / name).write_text(page(), "utf-8")


if __name__ == "__main__":
    main()
