"""What can go wrong, as one tree.

::

    TempoError
    ├── AudioError       a file cannot be read as music
    └── LibraryError     the library file cannot be used

Every message is one sentence: what happened, to which file, and what to do next.
"""


class TempoError(Exception):
    """Any failure this program explains to its user. Never raised itself."""


class AudioError(TempoError):
    """A file cannot be read as music."""


class LibraryError(TempoError):
    """The library file cannot be opened, read or written."""
