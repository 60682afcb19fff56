"""What published numbers of a recording say in the terms of this program.

Conventions
-----------
Energy comes as Spotify means it, and is brought to equal loudness, like that of files. What is not
published, such as how a song builds, is set to what is usual.
"""

from tempo.track import Analysis, TempoCandidate, TempoEstimate

FAST = 120.0
"""BPM from which published tempi are often double. Of 365 hits of known tempo, chosen to spread
evenly from 60 to 200 BPM, Spotify has 171 of 174 right below, and doubles 70 of 191 above (in
usual music fewer); it halves one. Of 34 that people annotated, 32 are right
(`python -m benchmarks.imports`)."""
BELOW, ABOVE = (0.9, 0.05, 0.05), (0.7, 0.25, 0.05)
"""Salience of the published tempo, its half and its double, greatest first; the first is also
the confidence."""
LOUDNESS_SLOPE = 0.027
"""Energy that one dB of mastering adds to the published one: 1,734 recordings in several
masters, r = 0.88 (`python -m benchmarks.train_energy`)."""
REFERENCE_LOUDNESS = -7.6
"""Loudness to which all energies are brought: the median of 141,951 published tracks."""
MASTERS = (-19.0, -2.7)
"""98 of 100 of those masters lie between; below, music is quiet because it is played so."""
USUAL_BEAT = 0.585
"""Beat strength where no danceability is given: its mean over 141,951 published tracks."""
USUAL_ENERGY = 0.65
"""Energy at equal loudness where only a tempo is given: the median of the same tracks."""
USUAL_DRIFT = 0.01
"""Nothing says how steady the tempo is: as a band without a click, which nobody notices."""
NO_TEMPO = TempoEstimate((), 0.0, 0.0)
LEVEL = 0.5
"""Build of a song of which nothing is known."""


def published(
    seconds: float,
    bpm: float,
    energy: float,
    loudness: float = REFERENCE_LOUDNESS,
    danceability: float = USUAL_BEAT,
) -> Analysis:
    """Return what Spotify's numbers for a recording say in the terms of this program.

    Parameters
    ----------
    seconds : float
        Length.
    bpm, energy, loudness, danceability : float
        As Spotify publishes them; 0 BPM is no beat.
    """
    level = _at_equal_loudness(energy, loudness)
    return Analysis(seconds, _estimate(bpm), danceability, level, loudness, LEVEL, 0.0)


def of_tempo(seconds: float, bpm: float) -> Analysis:
    """Return what a bare tempo says; all else is set to what is usual.

    Parameters
    ----------
    seconds : float
        Length.
    bpm : float > 0
    """
    return published(seconds, bpm, USUAL_ENERGY)


def _estimate(bpm: float) -> TempoEstimate:
    if bpm == 0:
        return NO_TEMPO
    saliences = BELOW if bpm < FAST else ABOVE
    levels = tuple(map(TempoCandidate, (bpm, bpm / 2, bpm * 2), saliences))
    return TempoEstimate(levels, saliences[0], USUAL_DRIFT)


def _at_equal_loudness(energy: float, loudness: float) -> float:
    """Return the energy that the same music would have in a master of the usual loudness."""
    master = min(max(loudness, MASTERS[0]), MASTERS[1])
    return min(max(energy + LOUDNESS_SLOPE * (REFERENCE_LOUDNESS - master), 0.0), 1.0)
