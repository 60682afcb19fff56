"""The way into the program: Ctrl-C and SIGTERM end it, without a word while it still loads."""

import signal
from types import FrameType


def main() -> None:
    """Run `tempo`."""
    heeded = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if heeded:  # Not where who started us wants it to be ignored.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from playlists.cli import main as program  # noqa: PLC0415 - loading is what is guarded

    if heeded:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, _terminate)
    program(prog_name="tempo")


def _terminate(_: int, __: FrameType | None) -> None:
    from tempo.cli import Terminated  # noqa: PLC0415 - loaded by now

    raise Terminated
