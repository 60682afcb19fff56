"""Integrated loudness of a stream of audio, by ITU-R BS.1770-4."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from tempo.kept import Arrays, kept

SILENCE = -70.0
"""LUFS. The absolute gate: what lies below is not heard (BS.1770-4 Annex 1, eq. 5)."""
RELATIVE_GATE = -10.0
"""LU. Blocks this far below the mean are pauses (BS.1770-4 Annex 1, eq. 6)."""
OFFSET = -0.691
"""LU. Makes a full-scale 997 Hz sine in one channel -3.01 LUFS (BS.1770-4 Annex 1, eq. 2)."""
STEP = 0.1
"""Seconds from one gating block to the next: a quarter of a block (BS.1770-4 Annex 1)."""
STEPS = 4
"""Steps in a gating block of 400 ms."""
PIECES = range(24, 37)
"""Samples that one matrix product may filter: sample by sample takes three times as long."""
BEST = 32
"""Of these the one that takes least."""
ORDER = 4
"""Numbers that two filters of second order carry from one piece to the next."""
GROUP = 8
"""Pieces through which one matrix product carries the states: one by one takes twice as long."""
VANISHED = 1e-7
"""What is left of a carried number when single precision sees no more of it: -140 dB."""
SURROUND = 1.41
"""Power gain of a channel behind the listener (BS.1770-4 Annex 1, table 3)."""
GAINS = {5: (1.0, 1.0, 1.0, SURROUND, SURROUND), 6: (1.0, 1.0, 1.0, 0.0, SURROUND, SURROUND)}
"""Power gains by number of channels, in WAVE order; of six the fourth is the subwoofer."""


class LoudnessMeter:
    """Turns a stream of audio blocks of any length into one loudness.

    Memory is one number for each tenth of a second.

    Parameters
    ----------
    sample_rate : int >= 400
        Hz.
    channels : int > 0
        Mono, stereo, 5.0 and 5.1 count as the standard says; in other layouts all count alike.
    """

    def __init__(self, sample_rate: int, channels: int) -> None:
        piece = _piece(sample_rate)
        self._hop = piece * round(STEP * sample_rate / piece)
        self._weighting = _k_weighting(sample_rate, piece)
        self._gains = np.array(GAINS.get(channels, (1.0,) * channels))
        self._state = np.zeros((channels, ORDER), np.float32)
        self._pending = np.zeros((0, channels), np.float32)
        self._powers: list[NDArray[np.float64]] = []

    def add(self, y: NDArray[np.float32]) -> None:
        """Take the next samples, finite float32 [shape=(n, channels)].

        Blocks of a second or more cost least, and those whose channels lie apart.
        """
        pending = np.concatenate([self._pending, y]) if len(self._pending) else y
        whole = len(pending) // self._hop * self._hop
        filtered, self._state = _filtered(pending[:whole], self._weighting, self._state)
        self._powers.append(self._mean_squares(filtered))
        self._pending = pending[whole:]

    def loudness(self) -> float:
        """Return the integrated loudness so far, LUFS; `SILENCE` if nothing is heard.

        Music shorter than a gating block is measured as if silence filled the block.
        """
        count = len(self._pending)
        rest = np.pad(self._pending, ((0, self._hop - count), (0, 0)))
        filtered, _ = _filtered(rest, self._weighting, self._state)
        # What the filter lets sound behind the music is no part of it.
        filtered[:, count // self._weighting.piece :] = 0
        # Half a step or more at the end counts as a whole one, as in pyloudnorm.
        tail = self._mean_squares(filtered)[: round(count / self._hop)]
        powers = np.concatenate([*self._powers, tail])
        return _gated(np.pad(powers, (0, max(0, STEPS - len(powers)))))

    def _mean_squares(self, filtered: NDArray[np.float32]) -> NDArray[np.float64]:
        count = self._hop // self._weighting.piece
        steps = filtered.reshape(len(filtered), -1, 1, count * filtered.shape[2])
        squares = (steps @ steps.transpose(0, 1, 3, 2))[:, :, 0, 0]
        weighted: NDArray[np.float64] = self._gains @ squares
        return weighted / self._hop


@dataclass(frozen=True, slots=True, eq=False)
class Weighting:
    """A filter of state and output in matrices that take a piece of samples at once.

    Attributes
    ----------
    response : np.ndarray [shape=(piece, ORDER + piece), dtype=float32]
        For each sample of a piece, the state behind it; then the output, turned so that the
        numbers of the state before the piece are added to the first ones and touch no other.
    within : np.ndarray [shape=(GROUP * ORDER, GROUP * ORDER), dtype=float32]
        States behind the pieces of a group for what each of them adds.
    carry : np.ndarray [shape=(ORDER, GROUP * ORDER), dtype=float32]
        The same for each number of the state before the group.
    decays : tuple of np.ndarray [shape=(ORDER, ORDER), dtype=float32]
        State behind 1, 2, 4, … silent groups for each number of the state before them, until
        nothing is left.
    """

    response: NDArray[np.float32]
    within: NDArray[np.float32]
    carry: NDArray[np.float32]
    decays: tuple[NDArray[np.float32], ...]

    @property
    def piece(self) -> int:
        """Samples of a piece."""
        return len(self.response)


def _piece(sample_rate: int) -> int:
    """Return how many samples make a piece, so that pieces make up a step as nearly as can be."""
    step = STEP * sample_rate

    def misfit(piece: int) -> tuple[float, int]:
        return round(abs(piece * round(step / piece) - step), 3), abs(piece - BEST)

    return min(PIECES, key=misfit)


def _filtered(
    y: NDArray[np.float32], weighting: Weighting, state: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Filter sound.

    Parameters
    ----------
    y : np.ndarray [shape=(n * piece, channels)]
    weighting : Weighting
    state : np.ndarray [shape=(channels, ORDER)]
        Before the first sample.

    Returns
    -------
    filtered : np.ndarray [shape=(channels, n, ORDER + piece)]
        Of each piece numbers whose squares have the same sum as those of its filtered samples.
    state : np.ndarray [shape=(channels, ORDER)]
        Behind the last.
    """
    pieces = np.ascontiguousarray(y.T).reshape(y.shape[1], -1, weighting.piece)
    filtered = pieces @ weighting.response
    added, first = _numbers(filtered[:, :, :ORDER]), _numbers(filtered[:, :, ORDER : 2 * ORDER])
    behind = _states(added, weighting, state)
    sounding = np.ascontiguousarray(first).view(np.float32).reshape(*first.shape, ORDER)
    sounding[:, :1] += state[:, None]
    sounding[:, 1:] += behind[:, :-1]
    first[:] = _numbers(sounding)
    added[:] = 0
    return filtered, behind[:, -1] if behind.size else state


def _numbers(states: NDArray[np.float32]) -> NDArray[np.complex128]:
    """View all numbers of each state [shape=(channels, n, ORDER)] as one, copied far sooner."""
    return states.view(np.complex128)[:, :, 0]


def _states(
    added: NDArray[np.complex128], weighting: Weighting, state: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return the state behind each piece [shape=(channels, n, ORDER)]."""
    channels, count = added.shape
    padded = np.zeros((channels, -(-count // GROUP) * GROUP), np.complex128)
    padded[:, :count] = added
    states = padded.view(np.float32).reshape(channels, -1, GROUP * ORDER) @ weighting.within
    before = np.concatenate([state[:, None], states[:, :-1, -ORDER:]], axis=1)
    # What each group adds decays through those behind it: first the next one, then two more, ….
    for doubling, decay in enumerate(weighting.decays):
        reach = 1 << doubling
        before[:, reach:] += before[:, :-reach] @ decay
    states += before[:, : states.shape[1]] @ weighting.carry
    return states.reshape(channels, -1, ORDER)[:, :count]


@cache
def _k_weighting(sample_rate: int, piece: int) -> Weighting:
    """Return the two filters of BS.1770-4 Annex 1 as `pyloudnorm.Meter` designs them."""
    name = f"k-weighting-{sample_rate}-{piece}-{GROUP}-turned"
    found = kept(name, "pyloudnorm", lambda: _pyloudnorms_weighting(sample_rate, piece))
    single = {name: rows.astype(np.float32) for name, rows in found.items()}
    return Weighting(decays=tuple(single.pop("decays")), **single)


def _pyloudnorms_weighting(sample_rate: int, piece: int) -> Arrays:
    from pyloudnorm import IIRfilter  # noqa: PLC0415 - see `tempo.kept`
    from scipy import signal  # noqa: PLC0415

    shelf = IIRfilter(4.0, 1 / np.sqrt(2), 1500.0, sample_rate, "high_shelf")
    high_pass = IIRfilter(0.0, 0.5, 38.0, sample_rate, "high_pass")
    sections = np.array([np.concatenate([band.b, band.a]) for band in (shelf, high_pass)])
    # A filter is linear: how it answers each sample and each number of its state is all of it.
    each = np.eye(piece + ORDER)
    states = each[:, piece:].T.reshape(len(sections), ORDER // 2, len(each))
    response, behind = signal.sosfilt(
        sections, each[:, :piece], axis=1, zi=states.transpose(0, 2, 1)
    )
    behind = behind.transpose(1, 0, 2).reshape(len(each), ORDER)
    # Told by what it lets sound, a state keeps its digits in single precision.
    turned, basis = np.linalg.qr(response[piece:].T, mode="complete")
    basis = basis[:ORDER]
    decay = np.linalg.solve(basis.T, behind[piece:] @ basis.T)
    powers = [np.linalg.matrix_power(decay, i) for i in range(GROUP + 1)]
    nothing = np.zeros_like(decay)
    return {
        "response": np.hstack([behind[:piece] @ basis.T, response[:piece] @ turned]),
        "within": np.block(
            [[powers[j - i] if i <= j else nothing for j in range(GROUP)] for i in range(GROUP)]
        ),
        "carry": np.hstack(powers[1:]),
        "decays": np.array(list(_vanishing(powers[GROUP]))),
    }


def _vanishing(decay: NDArray[np.float64]) -> Iterator[NDArray[np.float64]]:
    """Yield a matrix and its second, fourth, … power as long as anything is left of it."""
    while np.abs(decay).max() > VANISHED:
        yield decay
        decay = decay @ decay


def _gated(powers: NDArray[np.float64]) -> float:
    """Return the loudness of steps of the given mean squares (BS.1770-4 Annex 1, eq. 4-7)."""
    blocks = np.lib.stride_tricks.sliding_window_view(powers, STEPS).mean(1)
    heard = blocks[blocks > 10 ** ((SILENCE - OFFSET) / 10)]
    if not len(heard):
        return SILENCE
    gate = heard.mean() * 10 ** (RELATIVE_GATE / 10)
    return float(OFFSET + 10 * np.log10(heard[heard > gate].mean()))
