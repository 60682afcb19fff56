"""What is written about the program is true."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import click
import jsonschema
import pytest

from docs.generate import HERE, PAGES
from playlists.cli import SECTIONS, main
from tests.conftest import Tempo

ROOT = HERE.parent


@pytest.mark.parametrize("name", PAGES)
def test_generated_pages_are_current(name: str) -> None:
    """`make docs` would change nothing."""
    assert PAGES[name]() == (HERE / name).read_text("utf-8")


def commands(name: str, group: click.Group) -> Iterator[tuple[str, click.Command]]:
    """Yield every command below a group, with its whole name."""
    for each, command in group.commands.items():
        yield f"{name} {each}", command
        if isinstance(command, click.Group):
            yield from commands(f"{name} {each}", command)


COMMANDS = dict(commands("tempo", main))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_and_examples(name: str) -> None:
    """Each command and option says what it does, with an example."""
    command = COMMANDS[name]
    assert command.help
    assert re.search(rf"\n\s*Examples:\n(.*\n)*?.*{name}", command.help)
    for parameter in command.params:
        if isinstance(parameter, click.Option) and parameter.name != "library":
            assert parameter.help or isinstance(parameter.type, click.Choice), parameter.name


def test_help_names_every_command() -> None:
    """`tempo --help` shows each command once, under a heading, whole."""
    context = click.Context(main, info_name="tempo", terminal_width=80)
    text = " ".join(main.get_help(context).split())
    assert sorted(main.commands) == sorted(name for names in SECTIONS.values() for name in names)
    for command in main.commands.values():
        assert command.get_short_help_str(200) in text


@pytest.mark.parametrize(
    "name", ["README.md", *(f"docs/{page.name}" for page in HERE.glob("*.md"))]
)
def test_links_lead_somewhere(name: str) -> None:
    """Links between pages name files that are there."""
    page = ROOT / name
    for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), target


def test_track_keeps_the_promise(analyzed: Tempo) -> None:
    """`list --json` and `show --json` follow the schema, whose keys are all there."""
    schema = json.loads((HERE / "track.schema.json").read_text("utf-8"))
    tracks = analyzed.json("list")
    assert tracks
    for track in [*tracks, analyzed.json("show", "clicks")]:
        jsonschema.validate(track, schema)
        assert set(track) == set(schema["properties"]) == set(schema["required"])


def test_readme_commands_exist() -> None:
    """Each command that the README shows is one of the program."""
    readme = (ROOT / "README.md").read_text("utf-8")
    shown = set(re.findall(r"^\$ tempo ([a-z]+)", readme, re.MULTILINE))
    assert shown <= set(main.commands)
    assert shown


def test_no_machine_is_named() -> None:
    """No page or module holds a path of somebody's machine."""
    for path in [*ROOT.glob("*.md"), *HERE.glob("*.md"), *Path(ROOT, "tempo").glob("*.py")]:
        assert not re.search(r"/(home|Users|root)/\w", path.read_text("utf-8")), path
