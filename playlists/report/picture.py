"""Pictures as a few shapes, which SVG and pixels are made of alike.

Conventions
-----------
x to the right, y down, in pixels. Each shape is drawn in an ink, a key of the palettes, so that
one picture has light and dark colors.
"""

from dataclasses import dataclass

Point = tuple[float, float]

ENERGIES = 10
"""Inks `e0` to `e9`, from calm to full energy."""
FADE = (1.0, 0.3)
"""Opacity at the top and at the bottom of what fades."""


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle."""

    x: float
    y: float
    width: float
    height: float
    ink: str
    song: int | None = None
    """Index of the song that it stands for."""
    fades: bool = False
    """Whether the ink fades towards the bottom, by `FADE`."""


@dataclass(frozen=True, slots=True)
class Area:
    """A filled polygon."""

    points: tuple[Point, ...]
    ink: str
    song: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line through points."""

    points: tuple[Point, ...]
    ink: str
    width: float
    song: int | None = None


@dataclass(frozen=True, slots=True)
class Label:
    """A text on one line; `y` is its baseline."""

    x: float
    y: float
    text: str
    size: float
    ink: str
    anchor: str = "start"
    """`start`, `middle` or `end`: what of the text is at `x`."""
    song: int | None = None
    bold: bool = False


Shape = Box | Area | Line | Label


@dataclass(frozen=True, slots=True)
class Picture:
    """Shapes in the order in which they are drawn."""

    width: int
    height: int
    title: str
    """What it shows, in one line."""
    shapes: tuple[Shape, ...]
    left: float = 0.0
    right: float = 0.0
    """Where the time axis starts and ends, x."""


def _ramp(*anchors: str) -> dict[str, str]:
    """Return the inks of energy, evenly between anchor colors in sRGB."""
    inks = {}
    for i in range(ENERGIES):
        at = i / (ENERGIES - 1) * (len(anchors) - 1)
        k = min(int(at), len(anchors) - 2)
        mixed = (
            round(a + (b - a) * (at - k))
            for a, b in zip(rgb(anchors[k]), rgb(anchors[k + 1]), strict=True)
        )
        inks[f"e{i}"] = "#" + "".join(f"{value:02x}" for value in mixed)
    return inks


def rgb(color: str) -> tuple[int, ...]:
    """Return the parts of `#rrggbb` or `#rrggbbaa`, 0 to 255."""
    return tuple(bytes.fromhex(color.removeprefix("#")))


# Calm is cool, full energy glows. Text, and each ink of energy, which text stands on,
# have a contrast of 4.5 to the paper (WCAG 2.2, 1.4.3); `tests/test_picture.py` computes it.
DARK = {
    "paper": "#0f1115", "card": "#171a21", "ink": "#f4f1ea", "muted": "#a3a9b6",
    "rule": "#2b303b", "band": "#ffffff0a", "strip": "#ffffff24", "range": "#ffffff26",
    "target": "#ffffff", "halo": "#0f1115", "accent": "#ffb454",
    **_ramp("#4a8fe0", "#8f80ec", "#dc62b0", "#ff7a4d", "#ffc53d"),
}  # fmt: skip
LIGHT = {
    "paper": "#faf7f1", "card": "#ffffff", "ink": "#191b21", "muted": "#5b6270",
    "rule": "#dfdad0", "band": "#191b2109", "strip": "#191b211f", "range": "#191b2121",
    "target": "#191b21", "halo": "#faf7f1", "accent": "#a34a00",
    **_ramp("#2a6ab6", "#6a59cc", "#b23a88", "#c92a4a", "#c24400"),
}  # fmt: skip


def energy_ink(energy: float | None) -> str:
    """Return the ink of an energy in [0, 1]; what is not known is gray."""
    return "muted" if energy is None else f"e{min(int(energy * ENERGIES), ENERGIES - 1)}"
