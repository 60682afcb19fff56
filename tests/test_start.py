"""The way into the program."""

import signal
import subprocess
import sys

STOPPED_WHILE_LOADING = """
import os, signal, sys, threading
from playlists.start import main

def stop():
    while "playlists.build_cli" not in sys.modules:
        pass
    os.kill(os.getpid(), signal.SIGINT)

threading.Thread(target=stop, daemon=True).start()
main()
"""


def test_ctrl_c_while_the_program_loads_ends_it_without_a_word() -> None:
    """A hasty Ctrl-C is no error that anyone has to read about."""
    program = [sys.executable, "-c", STOPPED_WHILE_LOADING]
    done = subprocess.run(program, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, "", "")
