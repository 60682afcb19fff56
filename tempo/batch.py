"""Many files at once, on any executor."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from itertools import islice

from tempo.errors import AudioError, UnavailableError
from tempo.track import AudioFile, Failure, Track

AHEAD = 64
"""Files handed to the executor at once: enough for many cores, and no more than memory likes."""
KILLED = -9
"""How a process of pebble's ends that was killed, as Linux does with who asks for too much."""


def analyze_many(
    files: Iterable[AudioFile],
    executor: Executor,
    analyze: Callable[[AudioFile], Track] | None = None,
) -> Iterator[tuple[AudioFile, Track | Failure]]:
    """Measure files as they come and as they are done.

    Parameters
    ----------
    files : iterable of AudioFile
        Read only as fast as the files are measured.
    executor : concurrent.futures.Executor
        Threads, processes, or a cluster's executor; its owner shuts it down.
    analyze : callable, optional
        What measures one file; `tempo.analysis.analyze` by default.

    Yields
    ------
    file : AudioFile
    outcome : Track or Failure
        In the order in which they are done. No file's failure stops the others.
    """
    measure = analyze or _analyze
    waiting = iter(files)
    pending: dict[Future[Track], AudioFile] = {}
    try:
        while True:
            for file in islice(waiting, AHEAD - len(pending)):
                pending[executor.submit(measure, file)] = file
            if not pending:
                return
            for future in wait(pending, return_when=FIRST_COMPLETED).done:
                file = pending.pop(future)
                yield file, _outcome(file, future)
    finally:
        for future in pending:
            future.cancel()


def load() -> None:
    """Load what measures: the numeric libraries, which who only hands out files never needs."""
    import tempo.analysis  # noqa: F401, PLC0415 - as said


def _analyze(file: AudioFile) -> Track:
    from tempo.analysis import analyze  # noqa: PLC0415 - as in `load`

    return analyze(file)


def _outcome(file: AudioFile, future: Future[Track]) -> Track | Failure:
    try:
        return future.result()
    except Exception as error:  # noqa: BLE001 - whatever goes wrong must stop this file alone
        reason, transient = _explained(error, remote=isinstance(file.path, str))
        return Failure(file.path, reason, transient=transient)


def _explained(error: Exception, *, remote: bool) -> tuple[str, bool]:
    """Return why a file failed and what to do, and whether the next run may succeed."""
    if getattr(error, "exitcode", 0) == KILLED:
        error = MemoryError()
    match error:
        case AudioError():
            return str(error), isinstance(error, UnavailableError)
        case TimeoutError() if remote:
            advice = "try again, or with a higher --time-limit"
            return f"took too long to fetch and decode and was given up: {advice}", True
        case TimeoutError():
            advice = "analyze it alone with --force and a higher --time-limit, or replace it"
            return f"took too long to decode and was given up: {advice}", False
        case MemoryError():
            return "needs more memory than there is: try again with --jobs 1", True
        case OSError():  # the process died, as pebble says it
            return f"made its decoder crash ({error}): replace it, or remove it", False
        case _:
            fault = f"{type(error).__name__}: {error}"
            return f"met a fault in tempo itself ({fault}): please report it", True
