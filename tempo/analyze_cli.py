"""What commands that analyze files share: their options, and how they say what they do."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tempo.cli import F, Number, Whole, end, opened
from tempo.remote import clear_copies
from tempo.screen import line, printable, shown

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from tempo.library import Library
    from tempo.track import AudioFile


def jobs_options(command: F) -> F:
    """Add the options of every command that analyzes."""
    jobs = click.option(
        "-j", "--jobs", type=Whole(min=1), metavar="N",
        help="Worker processes.  [default: all cores]",
    )  # fmt: skip
    limit = click.option(
        "--time-limit", type=Number(min=0, min_open=True), default=300.0,
        show_default=True, metavar="S", help="Give a file up after S seconds.",
    )  # fmt: skip
    return jobs(limit(command))


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

    with opened(library, create=True) as opened_library:
        with timed("folders compared with the library"):
            found = survey(opened_library, paths, force=force)
        for failure in (*found.failures, *found.unreached):
            click.echo(line(failure), err=True)
        counts = Counter(
            unchanged=found.current, broken=found.broken, moved=found.moved,
            missing=found.missing, failed=len(found.failures), unreached=len(found.unreached),
        )  # fmt: skip
        if found.stale:
            opened_library.check_writable()
            with timed(f"{len(found.stale)} files measured"):
                workers = _workers(dask, jobs, limit, len(found.stale))
                corrected = opened_library.files.corrected()
                counts += _measure(opened_library, found.stale, workers, quiet=quiet)
            lost = corrected - opened_library.files.corrected()
            for place in sorted(map(printable, lost & {file.path for file in found.stale})):
                click.echo(f"warning: {place}: {OTHER_SONG}", err=True)
    good = counts["analyzed"] + counts["unchanged"] + counts["moved"]
    return good > 0 or counts.total() == counts["missing"], _summary(counts)


def _workers(dask: str | None, jobs: int | None, limit: float, files: int) -> "Executor":
    """Return what runs the analysis: processes here, or those of a cluster."""
    if dask:
        from tempo.cluster import Cluster

        return Cluster(dask)
    from tempo.batch import load
    from tempo.pool import PatientPool, cores

    return PatientPool(min(jobs or cores(), files), limit, load)


def _measure(
    library: "Library", files: "Sequence[AudioFile]", workers: "Executor", *, quiet: bool
) -> Counter[str]:
    """Measure files; return how many went well, failed, or kept what was measured before."""
    from tempo.track import Failure
    from tempo.update import update

    counts: Counter[str] = Counter()
    try:
        for outcome in shown(update(library, files, workers), len(files), quiet=quiet):
            failed = isinstance(outcome, Failure) and ("kept" if outcome.kept else "failed")
            counts[failed or "analyzed"] += 1
    except KeyboardInterrupt as error:
        left = len(files) - counts.total()
        end(
            error,
            f"interrupted: {counts['analyzed']} analyzed are kept, {left} are left; "
            "run the same command again to go on",
        )
    finally:
        workers.shutdown(cancel_futures=True)
        if any(isinstance(file.path, str) for file in files):
            clear_copies()
    return counts


OTHER_SONG = "holds another song than the one whose tempo you corrected: `tempo show` says its own"
"""Where a correction was forgotten."""
RARE = {
    "moved": "moved or copied",
    "missing": "no longer there",
    "unreached": "not reached",
    "kept": "failed and kept as measured before",
    "failed": "failed: see `tempo list --failed`",
    "broken": "failed before: `tempo list --failed` says why, `tempo analyze --force` tries again",
}
"""What is said only where there is any."""


def _summary(counts: Counter[str]) -> str:
    if not counts.total():
        return "no music found: name a folder that holds sound files"
    parts = [f"{counts['analyzed']} analyzed", f"{counts['unchanged']} unchanged"]
    parts += [f"{counts[what]} {said}" for what, said in RARE.items() if counts[what]]
    return ", ".join(parts)
