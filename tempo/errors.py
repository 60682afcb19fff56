"""What can go wrong, as one tree.

::

    TempoError
    ├── AudioError              a file cannot be read as music
    │   └── UnavailableError    the system does not hand the file over; worth another try
    ├── TagError                a tag cannot be written into a file
    ├── ClusterError            the workers on other machines cannot be reached
    ├── CatalogError            a table of tracks cannot be read
    └── LibraryError            the library file cannot be opened, read or written

Every message is one sentence: what happened and what to do next. The messages of `AudioError` and
`TagError` leave out the file, because they always travel with its path.
"""


class TempoError(Exception):
    """Any failure this program explains to its user. Never raised itself."""

    exit_code = 1
    """Status with which the program ends."""


class AudioError(TempoError):
    """A file cannot be read as music."""


class UnavailableError(AudioError):
    """The system does not hand a file over: no permission, gone, a failing disk."""


class TagError(TempoError):
    """A tag cannot be written into a file."""


class ClusterError(TempoError):
    """The workers on other machines cannot be reached."""


class CatalogError(TempoError):
    """A table of tracks cannot be read."""


class LibraryError(TempoError):
    """The library file cannot be opened, read or written."""
