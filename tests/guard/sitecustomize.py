"""Lets no test, and no program that a test starts, talk to another machine.

Python imports this file by itself where its folder is in ``PYTHONPATH``.
"""

import sys
from typing import Any


def stay_here(event: str, details: tuple[Any, ...]) -> None:
    """Refuse to connect to anything but this machine."""
    if event == "socket.connect" and isinstance(details[1], tuple):
        assert details[1][0] in {"127.0.0.1", "::1"}, f"a test connects to {details[1]}"


sys.addaudithook(stay_here)
