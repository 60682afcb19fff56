"""Worker processes that survive any file: the one door to pebble."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager, suppress
from multiprocessing import resource_tracker
from multiprocessing.context import SpawnContext
from multiprocessing.synchronize import RLock
from typing import Any, TypeVar

T = TypeVar("T")

WORKER_VARIABLES = {
    # Each worker counts as one core; numeric libraries would start a thread for each core in each.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    # Arrays of a block's size are freed and needed again all the time; glibc would hand each to
    # the system and ask for it back, which takes a tenth of the time of an analysis.
    "MALLOC_MMAP_THRESHOLD_": str(32 << 20),
    "MALLOC_TRIM_THRESHOLD_": str(64 << 20),
    # Large pages, where Linux has them on request: the processor looks up fewer addresses.
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
    # Where kill -9 ends the program, Python's own process that tidies up after it would tell the
    # user's terminal of it.
    "PYTHONWARNINGS": "ignore:resource_tracker",
}
"""Environment of the workers, unless the user's says otherwise."""


class PatientPool(Executor):
    """A pool of processes in which one bad task costs only itself.

    A task that takes longer than `limit` ends in `TimeoutError`, one whose process dies in
    another exception; only that process is replaced. (The standard library's pool loses all its
    tasks when a process dies, and cannot stop one that hangs.)

    Parameters
    ----------
    jobs : int >= 1
        Processes.
    limit : float > 0
        Seconds for one task.
    load : callable, optional
        What each process does before its first task, and no task's time goes by.
    """

    def __init__(self, jobs: int, limit: float, load: Callable[[], object] | None = None) -> None:
        from pebble import ProcessPool  # noqa: PLC0415

        for variable, value in WORKER_VARIABLES.items():
            os.environ.setdefault(variable, value)
        self._pool = ProcessPool(jobs, initializer=_settle, initargs=(load,), context=_Context())
        self._limit = limit

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Run ``fn(*args, **kwargs)`` in a process; see `concurrent.futures.Executor.submit`."""
        if hasattr(signal, "pthread_sigmask"):  # not on Windows
            resource_tracker.ensure_running()  # it would let Ctrl-C through when it starts
        with deaf():  # the first starts the pool
            future: Future[T] = self._pool.schedule(
                _within, (self._limit, fn, args, kwargs), timeout=self._limit
            )
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the processes, at once and in the middle of their tasks with `cancel_futures`."""
        if cancel_futures:
            self._pool.stop()
        else:
            self._pool.close()
        if wait:
            self._pool.join()


class _Context(SpawnContext):
    """How processes start: spawned, for a fork would inherit locks of threads it does not have.

    A pool that ends lets go of its locks before its processes, and one that is still starting
    would look for them in vain and say so in a traceback; so they are kept here.
    """

    def __init__(self) -> None:
        super().__init__()
        self._locks: list[RLock] = []

    def RLock(self) -> RLock:  # noqa: N802 - as the standard library calls it
        self._locks.append(super().RLock())
        return self._locks[-1]


def cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def deaf() -> Iterator[None]:
    """Hold Ctrl-C and SIGTERM back; threads and processes that start meanwhile never hear them.

    A process that is still importing could not ignore Ctrl-C yet, and would end in a traceback; a
    pool that is interrupted while it starts would not end at all, and an import that is may go on
    as if nothing had been.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _within(limit: float, fn: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]) -> T:
    """Run a task; pebble looks at the clock ten times a second, so that one may slip through.

    Raises
    ------
    TimeoutError
        If it took longer than `limit`.
    """
    start = time.monotonic()
    result = fn(*args, **kwargs)
    if time.monotonic() - start > limit:
        raise TimeoutError
    return result


def _settle(load: Callable[[], object] | None) -> None:
    """Leave Ctrl-C to the parent, and keep the decoders' chatter off the terminal."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})  # so the parent ends it
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 2)
    os.close(null)
    if load:
        with suppress(ImportError):  # the first task meets it again, and has somebody to tell
            load()
