"""What a shell completes: commands, options, workouts, settings and titles of the library."""

import os
from typing import Any

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    add_completion_class,
    get_completion_class,
)

PROGRAM, VARIABLE = "tempo", "_TEMPO_COMPLETE"
"""The program, and the variable by which its completion is asked."""
SPECIAL = frozenset(" \t\"'\\$`!&()*;<>?[]{}|~#^")
"""What bash takes for something else outside quotes."""


class Bash(BashComplete):
    """Completion for bash of words that hold spaces and other signs."""

    source_template = BashComplete.source_template.replace("read type", "read -r type").replace(
        "($value)", '("$value")'
    )

    def format_completion(self, item: "CompletionItem[Any]") -> str:
        """Return a line for the script: a word as it would be typed."""
        if item.type != "plain" or self._in_quotes():
            return super().format_completion(item)
        typed = "".join(f"\\{sign}" if sign in SPECIAL else sign for sign in item.value)
        return f"plain,{typed}"

    def _in_quotes(self) -> bool:
        """Tell whether the user began the word with a quote; bash ends it then."""
        words = os.environ.get("COMP_WORDS", "").split("\n")
        place = int(os.environ.get("COMP_CWORD", "0"))
        return place < len(words) and words[place][:1] in {"'", '"'}


def register() -> None:
    """Let click use `Bash` for bash."""
    add_completion_class(Bash)


def script(program: click.Command, shell: str) -> str:
    """Return the script that teaches a shell to complete the program."""
    register()
    kind = get_completion_class(shell)
    if kind is None:
        raise ValueError(f"{shell!r} is no known shell")
    return kind(program, {}, PROGRAM, VARIABLE).source()
