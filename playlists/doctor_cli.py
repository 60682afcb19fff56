"""The command `doctor`."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from tempo.cli import library_option
from tempo.screen import colored, paragraph, printable

COLORS = {"ok": "green", "warn": "yellow", "fail": "red"}


@click.command()
@click.option("--online", is_flag=True, help="Ask Spotify whether it serves you, too.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@library_option
def doctor(online: bool, as_json: bool, library: Path) -> None:
    """Check that everything works here, and say what to do where it does not.

    Looks at Python and its packages, tries the decoder of each format, and checks the library,
    folders, disk, configuration and sign-in. Nothing is sent anywhere without --online.

    \b
    Examples:
      tempo doctor
      tempo doctor --online
      tempo doctor --json | jq '.checks[] | select(.status != "ok")'
    """
    from playlists.doctor import asked, findings

    found = []
    for finding in findings(library):
        found.append(finding)
        if not as_json:
            _show(finding.name, finding.status, finding.said, finding.advice)
    if online:
        found.append(asked(library))
        if not as_json:
            _show(found[-1].name, found[-1].status, found[-1].said, found[-1].advice)
    failed = any(finding.status == "fail" for finding in found)
    if as_json:
        checks = [asdict(finding) | {"advice": finding.advice or None} for finding in found]
        click.echo(json.dumps({"schema": 1, "ok": not failed, "checks": checks}, indent=2))
    if failed:
        click.get_current_context().exit(1)


def _show(name: str, status: str, said: str, advice: str) -> None:
    mark = colored(f"{status:4}", COLORS[status])
    click.echo(f"{mark}  {name:16}  ", nl=False)
    paragraph(printable(said), indent=24)
    if advice:
        click.echo(f"{'':24}", nl=False)
        paragraph(printable(advice), indent=24)
