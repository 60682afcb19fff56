"""A picture as SVG: alone in a file, or as part of a page."""

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

from playlists.report.picture import (
    DARK,
    ENERGIES,
    FADE,
    LIGHT,
    Area,
    Box,
    Line,
    Picture,
    Shape,
)  # fmt: skip

FONT = "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"


def alone(picture: Picture) -> str:
    """Return a picture as the text of an SVG file, light or dark as its reader likes."""
    style = f"text{{font-family:{FONT}}}{rules(LIGHT)}"
    style += f"@media(prefers-color-scheme:dark){{{rules(DARK)}}}"
    size = f'width="{picture.width}" height="{picture.height}"'
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} '
        f'viewBox="0 0 {picture.width} {picture.height}" role="img">'
    )
    title = f"<title>{escape(picture.title)}</title><style>{style}</style>"
    drawn = (_drawn(shape, "") for shape in picture.shapes)
    return "\n".join([head, title, _fades(""), *drawn, "</svg>", ""])


def inside(picture: Picture, labels: Sequence[str], name: str) -> str:
    """Return a picture as part of a page, whose songs are buttons.

    Parameters
    ----------
    picture : Picture
    labels : sequence of str
        What each song is.
    name : str
        Class of the element.
    """
    box = f'viewBox="0 0 {picture.width} {picture.height}"'
    axis = f'data-left="{picture.left:g}" data-right="{picture.right:g}"'
    head = f'<svg class="{name}" {box} {axis} role="group" aria-label="{escape(picture.title)}">'
    return "\n".join([head, _fades(name), *_grouped(picture, labels, name), "</svg>"])


def _grouped(picture: Picture, labels: Sequence[str], name: str) -> Iterator[str]:
    for song, shapes in groupby(picture.shapes, key=lambda shape: shape.song):
        drawn = "".join(_drawn(shape, name) for shape in shapes)
        if song is None:
            yield f'<g aria-hidden="true">{drawn}</g>'
        else:
            about = f'role="button" tabindex="-1" aria-label="{escape(labels[song])}"'
            yield f'<g class="song" data-song="{song}" {about}>{drawn}</g>'


def rules(palette: dict[str, str]) -> str:
    """Return the style sheet that gives each ink its color."""
    inks = "".join(
        f".{ink}{{fill:{color}}}.l-{ink}{{stroke:{color}}}.s-{ink}{{stop-color:{color}}}"
        for ink, color in palette.items()
    )
    return f"{inks}.clear{{fill:#0000}}.bold{{font-weight:700}}"


def _fades(name: str) -> str:
    """Return the inks that fade towards the bottom; `name` keeps those of two pictures apart."""
    top, bottom = FADE
    inks = ["muted", *(f"e{i}" for i in range(ENERGIES))]
    fades = (
        f'<linearGradient id="{name}-{ink}" x2="0" y2="1"><stop class="s-{ink}" '
        f'stop-opacity="{top}"/><stop class="s-{ink}" offset="1" stop-opacity="{bottom}"/>'
        "</linearGradient>"
        for ink in inks
    )
    return f"<defs>{''.join(fades)}</defs>"


def _drawn(shape: Shape, name: str) -> str:
    if isinstance(shape, Box):
        where = _numbers(x=shape.x, y=shape.y, width=shape.width, height=shape.height)
        if shape.fades:
            return f'<rect fill="url(#{name}-{shape.ink})" {where}/>'
        return f'<rect class="{shape.ink}" {where}/>'
    if isinstance(shape, Area):
        return f'<polygon class="{shape.ink}" points="{_points(shape)}"/>'
    if isinstance(shape, Line):
        return (
            f'<polyline class="l-{shape.ink}" points="{_points(shape)}" fill="none" '
            f'stroke-width="{shape.width:g}" stroke-linejoin="round"/>'
        )
    where = _numbers(x=shape.x, y=shape.y, **{"font-size": shape.size})
    anchor = "" if shape.anchor == "start" else f' text-anchor="{shape.anchor}"'
    bold = " bold" * shape.bold
    return f'<text class="{shape.ink}{bold}" {where}{anchor}>{escape(shape.text)}</text>'


def _points(shape: Area | Line) -> str:
    return " ".join(f"{x:.6g},{y:.6g}" for x, y in shape.points)


def _numbers(**values: float) -> str:
    return " ".join(f'{name}="{round(value, 2):g}"' for name, value in values.items())
