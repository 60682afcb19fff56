"""The way into the program: Ctrl-C ends it without a word while it still loads."""

import signal


def main() -> None:
    """Run `tempo`."""
    heeded = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if heeded:  # Not where who started us wants it to be ignored.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from playlists.cli import main as program  # noqa: PLC0415 - loading is what is guarded

    if heeded:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    program(prog_name="tempo")
