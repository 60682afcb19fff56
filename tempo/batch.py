"""Many files at once, on any executor."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from itertools import islice

from tempo.errors import AudioError, TempoError, UnavailableError
from tempo.track import AudioFile, Failure, Track

AHEAD = 64
"""Files handed to the executor at once: enough for many cores, and no more than memory likes."""


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
    measure = analyze or _default()
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


def _default() -> Callable[[AudioFile], Track]:
    from tempo.analysis import analyze  # noqa: PLC0415 - pulls in the numeric libraries

    return analyze


def _outcome(file: AudioFile, future: Future[Track]) -> Track | Failure:
    try:
        return future.result()
    except UnavailableError as error:
        return Failure(file.path, str(error), transient=True)
    except AudioError as error:
        return Failure(file.path, str(error))
    except TimeoutError:
        return Failure(
            file.path,
            "took too long to decode and was given up: replace it, or analyze it alone with "
            "--force and a higher --time-limit",
        )
    except MemoryError:
        return Failure(file.path, "needs more memory than there is: analyze it with --jobs 1")
    except TempoError:
        raise
    except OSError as error:  # the process died, as pebble says it
        return Failure(file.path, f"made its decoder crash ({error}): replace it, or remove it")
    except Exception as error:  # noqa: BLE001 - whatever goes wrong must stop this file alone
        fault = f"{type(error).__name__}: {error}"
        return Failure(
            file.path,
            f"met a fault in tempo itself ({fault}): please report it with the file's format",
            transient=True,
        )
