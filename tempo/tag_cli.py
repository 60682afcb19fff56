"""The command `tag`, which alone changes music files."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tempo.cli import library_option, opened, titles
from tempo.screen import name, paragraph, printable

if TYPE_CHECKING:
    from tempo.library import Library
    from tempo.tagging import Change, Verdict


@click.command()
@click.argument("tracks", metavar="[TRACK]...", nargs=-1, shell_complete=titles)
@click.option("--all", "everything", is_flag=True, help="Every track that is not doubtful.")
@click.option("--write", is_flag=True, help="Do it.  [default: say what would be done]")
@click.option("--force", is_flag=True, help="Replace a tempo that a file has.")
@click.option("--whole", is_flag=True, help="Whole numbers, for players that stumble on others.")
@click.option("--keep-mtime", is_flag=True, help="Leave the files' time of last change.")
@library_option
def tag(
    tracks: tuple[str, ...], everything: bool, write: bool, force: bool, whole: bool,
    keep_mtime: bool, library: Path,
) -> None:  # fmt: skip
    """Write the tempo of each TRACK (its path, or words that fit it alone) into its tags.

    Nothing is written without --write, nor over a tempo that a file has without --force. Each
    file is replaced by a copy that was proved to have the same sound.

    \b
    Examples:
      tempo tag --all
      tempo tag "hearts on fire" --write
      tempo tag --all --write --force --whole --keep-mtime
    """
    if bool(tracks) == everything:
        raise click.UsageError("say which TRACK, or --all")
    from tempo.choose import one
    from tempo.tagging import Verdict, changes, sweep

    with opened(library) as opened_library:
        if write:
            opened_library.check_writable()
        held = opened_library.tracks()
        chosen = held if everything else [one(held, text) for text in tracks]
        known = opened_library.files.known()
        wanted = changes(chosen, known, force=force, named=not everything, whole=whole)
        for track in [] if everything else chosen:
            if not track.path:
                no = "is no file here: only files have tags"
                click.echo(f"{printable(name(track))} {no}", err=True)
        if write:
            sweep(each.path for each in wanted)
        said = Counter(each.verdict for each in wanted)
        failed = 0
        for change in wanted:
            if change.verdict is Verdict.WRITE:
                failed += not _done(opened_library, change, write=write, keep_mtime=keep_mtime)
            elif not everything:
                click.echo(f"{printable(name(change.track))} {change.verdict.value}", err=True)
    paragraph(_summary(said, failed, write=write))
    if failed:
        click.get_current_context().exit(1)


def _done(library: "Library", change: "Change", *, write: bool, keep_mtime: bool) -> bool:
    """Write a tag if asked, say it, and return whether that went well."""
    from tempo.errors import TagError
    from tempo.tagging import apply

    try:
        if write:
            apply(library, change, keep_mtime=keep_mtime)
    except TagError as error:
        click.echo(f"{printable(change.path)}: {error}", err=True)
        return False
    was = f" (was {printable(change.old)})" if change.old else ""
    click.echo(f"{change.bpm:g}{was}  {printable(name(change.track))}")
    return True


def _summary(said: "Counter[Verdict]", failed: int, *, write: bool) -> str:
    from tempo.tagging import Verdict

    count = said[Verdict.WRITE] - failed
    parts = [f"{count} written" if write else f"{count} to write"]
    parts += [f"{failed} failed"] * bool(failed)
    texts = {
        Verdict.SAME: "right already",
        Verdict.TAKEN: "with another tempo (--force replaces it)",
        Verdict.DOUBTFUL: "doubtful (`tempo list --doubtful`)",
        Verdict.NO_BEAT: "without a beat",
        Verdict.CHANGED: "changed since (`tempo analyze` first)",
    }
    parts += [f"{said[verdict]} {text}" for verdict, text in texts.items() if said[verdict]]
    if not write and count:
        parts.append("nothing was changed: add --write to do it")
    return ", ".join(parts)
