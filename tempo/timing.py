"""What is done and how long it takes, through the standard logger ``tempo``.

Nothing of it shows unless somebody listens: `-v` does, and so can a program that uses this
library.
"""

import contextlib
import logging
import time
from collections.abc import Iterator

log = logging.getLogger("tempo")


@contextlib.contextmanager
def timed(what: str) -> Iterator[None]:
    """Log how long something took, if it went well."""
    started = time.perf_counter()
    yield
    log.info("%s: %.2f s", what, time.perf_counter() - started)
