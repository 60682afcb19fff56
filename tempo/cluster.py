"""Worker processes on other machines: the one door to Dask."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any, TypeVar

from tempo.errors import ClusterError

T = TypeVar("T")

PATIENCE = 10.0
"""Seconds that a scheduler has to answer."""


class Cluster(Executor):
    """The workers of a Dask cluster as an executor.

    A worker that dies is replaced by another, which does its tasks again; a task whose workers
    die again and again ends in `OSError`, as in `tempo.pool.PatientPool`.

    Parameters
    ----------
    address : str
        Of the scheduler, such as ``tcp://host:8786``. The workers need this program in the same
        version, and the files under the same names.

    Raises
    ------
    ClusterError
        If no scheduler answers there, or Dask is not installed.
    """

    def __init__(self, address: str) -> None:
        try:
            from distributed import Client  # noqa: PLC0415 - an extra, and slow to load
        except ImportError as error:
            raise ClusterError(
                "Dask is not installed: `pip install 'tempo-playlists[dask]'`"
            ) from error
        try:
            self._client = Client(address, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError) as error:
            raise ClusterError(
                f"no Dask scheduler answers at {address}: start one with `dask scheduler`, and "
                "workers with `dask worker`"
            ) from error
        self._executor = self._client.get_executor(pure=False)

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Run ``fn(*args, **kwargs)`` on a worker; see `concurrent.futures.Executor.submit`."""
        told: Future[T] = Future()
        self._executor.submit(fn, *args, **kwargs).add_done_callback(lambda done: _tell(done, told))
        return told

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take leave of the cluster, which goes on; its tasks for us are dropped."""
        del wait, cancel_futures  # who leaves drops all
        self._client.close()


def _tell(done: Future[T], told: Future[T]) -> None:
    """Pass an outcome on, and what only Dask can say in words that all executors share."""
    from distributed import KilledWorker  # noqa: PLC0415

    if done.cancelled() or not told.set_running_or_notify_cancel():
        told.cancel()
    elif isinstance(error := done.exception(), KilledWorker):
        told.set_exception(OSError("each worker that tried it died"))
    elif error:
        told.set_exception(error)
    else:
        told.set_result(done.result())
