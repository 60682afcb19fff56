"""The program `tempo`: its main command, and all that hang on it.

It lives in the upper package, because it needs both; the commands that measure are in `tempo`.
"""

import os
import sys
from io import TextIOWrapper
from pathlib import Path

import click

from playlists.analyze_cli import analyze
from playlists.build_cli import build
from playlists.carry import convert, export
from playlists.completion_cli import completion
from playlists.config_cli import config
from playlists.doctor_cli import doctor
from playlists.history_cli import done, history
from playlists.library_cli import show_library
from playlists.push_cli import push
from playlists.report_cli import report
from playlists.score_cli import score
from playlists.spotify_cli import spotify
from playlists.workout_cli import workouts
from tempo.cli import ErrorBoundary
from tempo.fix_cli import fix
from tempo.import_cli import import_tracks
from tempo.list_cli import list_tracks, show
from tempo.tag_cli import tag
from tempo.volume import add_volume

SECTIONS = {
    "Your music": ("analyze", "import", "list", "show", "fix", "tag", "library"),
    "Playlists": ("workouts", "build", "score", "report", "convert", "export", "push"),
    "Training": ("done", "history"),
    "Setup": ("config", "spotify", "doctor", "completion"),
}
"""How `tempo --help` orders the commands."""


class Program(ErrorBoundary):
    """The main command, with its commands by what they are about."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what each command does; see `click.Group.format_commands`."""
        for heading, names in SECTIONS.items():
            found = [(name, self.get_command(ctx, name)) for name in names]
            with formatter.section(heading):
                formatter.write_dl(
                    [(name, each.get_short_help_str(LONG)) for name, each in found if each]
                )


LONG = 200
"""Characters of a first sentence: whole, on two lines, rather than cut off on one."""


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="tempo-playlists", prog_name="tempo")
@click.option(
    "--library",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Library file, for every command.",
)
def main(library: Path | None) -> None:  # noqa: ARG001 - each command asks for it
    """Find the tempo of your music and build workout playlists that fit.

    \b
    tempo analyze ~/Music
    tempo build hearts-on-fire --minutes 45 -o run.m3u8
    """
    _open_streams()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper) and not stream.encoding.lower().startswith("utf"):
            stream.reconfigure(errors="replace")  # what such a terminal cannot show becomes a ?


def _open_streams() -> None:
    """Give what was closed by who started us an end, before a file of ours takes its number."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            end = Path(os.devnull).open(mode, encoding="utf-8")  # noqa: SIM115 - open to the end
            os.set_inheritable(end.fileno(), True)  # workers must not find it closed either
            setattr(sys, name, end)


TOP = (
    *(analyze, import_tracks, list_tracks, show, fix),
    *(tag, build, score, workouts, convert, export, report, push, spotify),
    *(done, history, show_library, config, doctor, completion),
)
for command in TOP:
    main.add_command(command)
add_volume(main)
if "_TEMPO_COMPLETE" in os.environ:
    from playlists.completion import register

    register()
