"""Blocks of samples, and what is asked of them, whichever decoder they come from."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tempo.errors import AudioError

BLOCK_SECONDS = 8
"""Audio held at once: 2.8 MB in stereo, whatever the length of the file."""
MISSING = 0.05
"""Share of the promised length that may be lost before a file counts as damaged."""
SHORTEST = 0.5
"""Seconds. Less is a click, or what is left of a song after its first kilobyte."""
LOWEST_RATE = 4_000
"""Hz. Below this, there is nothing to find a beat in."""
FULL_SCALE = 4.0
"""Float files may exceed 1; beyond +12 dB they hold garbage."""
DAMAGED = "is damaged or not music: replace it, or remove it"


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Consecutive samples of one file.

    Attributes
    ----------
    y : np.ndarray [shape=(n, channels), dtype=float32]
        Finite, in [-FULL_SCALE, FULL_SCALE]; in memory either samples or channels lie together.
    sample_rate : int
        Hz; the same in all blocks of a file, as is the number of channels.
    """

    y: NDArray[np.float32]
    sample_rate: int


def check_length(seconds: float, promised: float) -> None:
    """Check that a file held the sound that its header promised.

    Parameters
    ----------
    seconds : float >= 0
        Decoded.
    promised : float >= 0
        According to the header; 0 where it does not say.

    Raises
    ------
    AudioError
        If less than `SHORTEST` was decoded, or more than `MISSING` of the promised length lacks.
    """
    if seconds == 0.0:
        raise AudioError(DAMAGED)
    if max(seconds, promised) < SHORTEST:
        raise AudioError(f"holds {seconds:.2f} s of sound, too little for a tempo: remove it")
    if seconds < (1 - MISSING) * promised - 0.5:
        raise AudioError(
            f"is cut off: it holds {seconds:.0f} s of the {promised:.0f} s that its header "
            "promises: copy it again from its source"
        )


def checked_rate(rate: int | None) -> int:
    """Return a sample rate, Hz; raise `AudioError` where none can be that of music."""
    if not rate:
        raise AudioError(DAMAGED)
    if rate < LOWEST_RATE:
        raise AudioError(f"has a sample rate of {rate} Hz, too low for music: replace it")
    return rate


def clean(y: NDArray[np.float32]) -> NDArray[np.float32]:
    """Make broken float samples harmless."""
    # What is no number is not within any bounds.
    if y.min(initial=0.0) >= -FULL_SCALE and y.max(initial=0.0) <= FULL_SCALE:
        return y
    return np.clip(np.nan_to_num(y), -FULL_SCALE, FULL_SCALE)


def unavailable(error: OSError) -> str:
    """Return why the system keeps a file back, and what to do."""
    why = (error.strerror or str(error)).lower()
    return f"cannot be read ({why}): check that it is there and that you may read it"
