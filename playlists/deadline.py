"""Work that is given up when it takes too long."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

T = TypeVar("T")

PATIENCE = 60.0
"""Seconds for the whole of an answer, which may drip: in that, 270 kbit/s bring 2 MB."""


def in_time(ask: Callable[[], T], patience: float) -> T:
    """Return what `ask` does, if it ends in time; else its thread is left behind.

    The network needs it: its own limits are for each part of an answer, and a host that sends a
    byte now and then can take for ever.

    Parameters
    ----------
    ask : callable
    patience : float
        Seconds.

    Raises
    ------
    TimeoutError
        If it does not end in time.
    """
    answer: Future[T] = Future()
    Thread(target=_settle, args=(answer, ask), daemon=True).start()
    return answer.result(patience)


def _settle(answer: Future[T], ask: Callable[[], T]) -> None:
    try:
        answer.set_result(ask())
    except BaseException as error:  # noqa: BLE001 - it is raised where the answer is wanted
        answer.set_exception(error)
