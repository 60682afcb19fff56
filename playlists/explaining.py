"""Why a track is where it is, in plain words."""

from playlists.playlist import Entry, Mode

CLOSE = 0.1  # Rate up to which a target is met: the edge of the range, see `weights.inside`.
FAIR = 0.5  # Half of poor.
FAULTS = {
    "tempo": "its tempo",
    "energy": "its energy",
    "build": "how it rises or falls",
    "beat": "a weak beat",
    "doubt": "a tempo that is not certain",
    "drift": "a tempo that wanders",
    "intro": "a long start without a beat",
    "short": "how short it is",
    "recent": "having been played lately",
    "jump": "a jump in tempo from the song before",
    "artist": "the same artist again so soon",
}


def explain(entry: Entry, mode: Mode = "async") -> str:
    """Return one sentence that says why `entry` is in its playlist, and what speaks against it."""
    terms = dict(entry.terms)
    step = f"“{entry.step_name}”" if entry.step_name else f"step {entry.step + 1}"
    tempo = _tempo(entry, terms["tempo"] / entry.duration)
    energy = (
        f"energy {entry.track.analysis.energy:.2f} "
        f"{_verdict(terms['energy'] / entry.duration)} {entry.target_energy:.2f}"
    )
    asks = "cadence" if mode == "sync" else "tempo"
    why = "Pinned, in" if entry.is_pinned else "For"
    sentence = f"{why} {step}: {tempo} the {asks} of {entry.target_bpm:.0f}, and {energy}"
    met = -terms.get("change", 0.0)
    if met > 1:
        sentence += "; it starts with the change of effort"
    fault = max(FAULTS, key=lambda name: terms.get(name, 0.0))
    if terms.get(fault, 0.0) / entry.duration > CLOSE:
        sentence += f"; against it speaks {FAULTS[fault]}"
    return sentence + "."


def _tempo(entry: Entry, rate: float) -> str:
    bpm = entry.track.bpm
    if bpm is None:
        return "it has no beat to set against"
    counted = {0.5: " counted at half", 2.0: " counted double"}.get(entry.level, "")
    return f"{bpm:.1f} BPM{counted} {_verdict(rate)}"


def _verdict(rate: float) -> str:
    if rate <= CLOSE:
        return "fits"
    return "comes near" if rate <= FAIR else "is far from"
