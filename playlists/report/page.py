"""A playlist as one self-contained page: arc, table, player and floor display.

Titles come from files of anyone: the template engine escapes them, and a policy keeps the page
from running or loading anything but its own script, its own style and the songs.
"""

import base64
import hashlib
from importlib import resources
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from playlists.formats.location import reference
from playlists.report.arc import arc, label
from playlists.report.picture import DARK, ENERGIES, LIGHT, energy_ink
from playlists.report.sound import embedded, is_music
from playlists.report.svg import inside, rules
from playlists.report.view import View
from tempo.screen import clock, counted

WIDE, NARROW = (1200, 400), (400, 330)
"""Pixels of the arc on a desk, and on a phone."""
LEVELS = {0.5: "half", 2.0: "double"}
NAMED = 3
"""Songs that a sentence names; of more, it says how many."""


def page(shown: View, folder: Path, *, embed: bool = False) -> str:
    """Return the text of a page.

    Parameters
    ----------
    shown : View
    folder : Path
        Where the page will lie: songs are named relative to it.
    embed : bool
        Whether the songs are part of the page, so that it plays anywhere.

    Raises
    ------
    PlaylistError
        If a song that is to be part of it cannot be read.
    """
    there = [is_music(song.path) for song in shown.songs]
    music = list(embedded(shown, there)) if embed else []
    script, style = _part("page.js"), _style()
    labels = [label(song, number) for number, song in enumerate(shown.songs, 1)]
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    environment.filters |= {
        "clock": clock, "cues": _cues, "ink": energy_class, "level": _level, "number": _number,
    }  # fmt: skip
    missing = _missing(shown, there)
    return environment.from_string(_part("page.html")).render(
        shown=shown,
        about=_about(shown),
        missing=missing,
        policy=_policy(script, style),
        script=Markup(script),  # noqa: S704 - ours, not from a playlist
        style=Markup(style),  # noqa: S704 - the same
        wide=Markup(inside(arc(shown, *WIDE), labels, "wide")),  # noqa: S704 - escaped there
        narrow=Markup(inside(arc(shown, *NARROW), labels, "narrow")),  # noqa: S704 - the same
        energies=ENERGIES,
        data=_data(shown, there, folder, missing, embed=embed),
        embedded=music,
    )


def energy_class(energy: float | None) -> str:
    """Return the class that gives an element the color of an energy."""
    return f"c{_tone(energy)}"


def _tone(energy: float | None) -> str:
    return energy_ink(energy).removeprefix("e") if energy is not None else "x"


def _data(
    shown: View, there: list[bool], folder: Path, missing: str, *, embed: bool
) -> dict[str, Any]:
    """Return what the script needs to know."""
    return {
        "title": shown.title,
        "duration": shown.duration,
        "target": shown.target_duration,
        "length": shown.length,
        "missing": missing,
        "songs": [
            {
                "start": song.start,
                "duration": song.duration,
                "title": song.title,
                "artist": song.artist,
                "bpm": song.bpm,
                "level": song.level,
                "followed": song.followed,
                "target": song.target_bpm,
                "energy": song.energy,
                "targetEnergy": song.target_energy,
                "confidence": song.confidence,
                "step": song.step,
                "why": song.why,
                "cues": _cues(shown.cues(song)),
                "ink": _tone(song.energy),
                "src": reference(song.path, folder) if is_there and not embed else "",
            }
            for song, is_there in zip(shown.songs, there, strict=True)
        ],
        "stages": [
            {
                "name": stage.name,
                "start": stage.start,
                "duration": stage.duration,
                "intensity": stage.intensity,
                "cadence": stage.cadence,
            }
            for stage in shown.stages
        ],
    }


def _about(shown: View) -> str:
    tempos, parts = shown.tempos, [counted(len(shown.songs), "song"), clock(shown.duration)]
    if shown.target_duration:
        parts[1] += f" of {clock(shown.target_duration)}"
    parts += [f"{tempos[0]:.0f} to {tempos[1]:.0f} BPM"] if tempos else []
    parts += [{"async": "music that fits the effort", "sync": "beats locked to the legs"}.get(
        shown.mode, "")]  # fmt: skip
    if shown.misfit is not None:
        parts += [f"misfit {shown.misfit:.2f} (0 is perfect, 1 is poor)"]
    return " · ".join(part for part in parts if part)


def _missing(shown: View, there: list[bool]) -> str:
    """Return in a sentence what this page cannot play, and what it does instead."""
    if not any(song.path for song in shown.songs):
        return (
            "These songs are no files here. Start them in your own player, press play here at the "
            "same moment, and arc and floor display run along."
        )
    lost = [song.name for song, is_there in zip(shown.songs, there, strict=True) if not is_there]
    if not lost:
        return ""
    names = ", ".join(lost[:NAMED]) + f" and {len(lost) - NAMED} more" * (len(lost) > NAMED)
    return f"{len(lost)} of {len(there)} songs are not there, and pass in silence: {names}."


def _policy(script: str, style: str) -> str:
    """Return a content security policy (W3C, CSP level 3) under which only ours is run."""
    return (
        f"default-src 'none'; script-src '{_digest(script)}'; style-src '{_digest(style)}'; "
        "media-src 'self' file: blob:; img-src data:; base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _part(name: str) -> str:
    return (resources.files("playlists.report") / name).read_text("utf-8")


def _style() -> str:
    """Return the style sheet: colors, the inks of the picture, then the page."""
    light, dark = (
        "".join(f"--{ink}:{color};" for ink, color in palette.items()) for palette in (LIGHT, DARK)
    )
    night = f":root:not([data-theme=light]){{{dark}}}"
    tones = "".join(
        f".c{i}{{background:var(--e{i})}}i.c{i}{{background:var(--e{i})!important}}"
        f".t{i}{{color:var(--e{i})}}"
        for i in range(ENERGIES)
    )
    return "\n".join(
        [
            f":root{{{light}}}@media screen{{:root[data-theme=dark],#floor{{{dark}}}}}",
            f"@media screen and (prefers-color-scheme:dark){{{night}}}",
            rules({ink: f"var(--{ink})" for ink in LIGHT}),
            tones + ".cx{background:var(--muted)}",
            _part("page.css"),
        ]
    )


def _cues(cues: tuple[tuple[float, str], ...]) -> str:
    """Return when which step begins, counted from the start of the song."""
    return ", ".join(f"{clock(into)} {step}" for into, step in cues)


def _level(level: float) -> str:
    return LEVELS.get(level, f"{level:g} times")


def _number(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:.{digits}f}"
