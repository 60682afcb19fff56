"""Which encoding the text of a file from anywhere is in."""

import codecs
from collections.abc import Callable, Iterable

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
WITHOUT_MARK = ("utf-8", "cp1252", "latin-1")
"""Tried in this order; the last takes any bytes."""


def encoding(read: Callable[[], Iterable[bytes]]) -> str:
    """Return the encoding of a text by its mark, its zeros, or what decodes all of it.

    Parameters
    ----------
    read : callable
        Gives the bytes, block by block; called once for each encoding that is tried.

    Returns
    -------
    str
        A name that `bytes.decode` knows; for UTF-8 with a mark the one that drops it.
    """
    head = next(iter(read()), b"")
    for mark, name in MARKS:
        if head.startswith(mark):
            return name
    if b"\0" in head:
        # Text in UTF-16 without a mark: every other byte of what is ASCII is zero.
        return "utf-16-le" if head.find(b"\0") % 2 else "utf-16-be"
    return next(name for name in WITHOUT_MARK if _decodes(read(), name))


def _decodes(blocks: Iterable[bytes], name: str) -> bool:
    decoder = codecs.getincrementaldecoder(name)()
    try:
        for block in blocks:
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
