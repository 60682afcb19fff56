"""The arc as SVG and pixels."""

import re
from io import BytesIO
from itertools import pairwise
from xml.etree.ElementTree import Element, fromstring

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from playlists.report.arc import COVER, arc, cover, label
from playlists.report.document import view
from playlists.report.picture import DARK, ENERGIES, LIGHT, Box, energy_ink, rgb
from playlists.report.raster import jpeg, png
from playlists.report.svg import alone, inside
from tests.reports import HOSTILE, entry, playlist

SVG = "{http://www.w3.org/2000/svg}"
OPAQUE = len("#rrggbb")
READABLE = 4.5
"""Contrast that WCAG 2.2 asks of text (1.4.3)."""


def luminance(color: str) -> float:
    """Return the relative luminance of a color, as WCAG 2.2 defines it."""
    parts = (value / 255 for value in rgb(color)[:3])
    linear = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colors, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("palette", [DARK, LIGHT], ids=["dark", "light"])
def test_all_that_is_written_can_be_read(palette: dict[str, str]) -> None:
    """Text has a contrast of 4.5 to what it stands on, and so have the colors of energy."""
    for ground in ("paper", "card"):
        for ink in ("ink", "muted", "accent", "target"):
            assert contrast(palette[ink], palette[ground]) >= READABLE, (ink, ground)
    for i in range(ENERGIES):
        assert contrast(palette[f"e{i}"], palette["paper"]) >= READABLE, i
        assert contrast(palette[f"e{i}"], palette["card"]) >= 3, i
    assert len({palette[f"e{i}"] for i in range(ENERGIES)}) == ENERGIES


def test_light_and_dark_have_the_same_inks() -> None:
    """What can be drawn in the light can be drawn in the dark."""
    assert DARK.keys() == LIGHT.keys()


def parsed(text: str) -> Element:
    """Return the root of an SVG."""
    return fromstring(text)  # noqa: S314 - ours


def test_every_song_is_in_the_picture() -> None:
    """Songs stand side by side in order, each as wide as it is long and as high as its tempo."""
    shown = view(playlist())
    picture = arc(shown, 1200, 400)
    columns = [shape for shape in picture.shapes if isinstance(shape, Box) and shape.fades]
    assert [column.song for column in columns] == list(range(10))
    assert all(
        b.x - a.x == pytest.approx(columns[1].x - columns[0].x) for a, b in pairwise(columns)
    )
    assert all(b.height > a.height for a, b in pairwise(columns))
    assert [column.ink for column in columns] == [energy_ink(song.energy) for song in shown.songs]


def test_svg_is_valid_and_named() -> None:
    """A file of its own says what it shows, has light and dark colors, and fetches nothing."""
    text = alone(arc(view(playlist()), headed=True))
    root = parsed(text)
    assert root.findtext(f"{SVG}title") == "hearts on fire: 10 songs, 40:00, 120 to 147 BPM"
    assert "prefers-color-scheme:dark" in (root.findtext(f"{SVG}style") or "")
    assert re.findall(r"https?://[^\"]*", text) == ["http://www.w3.org/2000/svg"]
    assert {"warm-up", "work"} <= {each.text for each in root.iter(f"{SVG}text")}


def test_a_part_of_a_page_has_a_button_for_each_song() -> None:
    """Songs can be reached and are named for those who cannot see them, whatever their titles."""
    shown = view(playlist(entry(0, title=HOSTILE), entry(1)))
    labels = [label(song, number) for number, song in enumerate(shown.songs, 1)]
    root = parsed(inside(arc(shown), labels, "wide"))
    songs = [each for each in root.iter("g") if each.get("role") == "button"]
    assert [each.get("aria-label") for each in songs] == labels
    assert HOSTILE in labels[0]
    assert [each.get("data-song") for each in songs] == ["0", "1"]


@pytest.mark.parametrize("dark", [True, False])
def test_png_has_the_colors_that_were_asked_for(dark: bool) -> None:
    """Pixels are twice those of the picture, and its corner is paper."""
    with Image.open(BytesIO(png(arc(view(playlist()), 600, 300, headed=True), dark=dark))) as image:
        assert (image.format, image.size) == ("PNG", (1200, 600))
        assert image.getpixel((0, 0)) == rgb((DARK if dark else LIGHT)["paper"])


def test_the_same_playlist_gives_the_same_bytes() -> None:
    """Nothing in a picture depends on chance, time or fonts of the machine."""
    made = [
        (png(arc(view(playlist())), dark=True), jpeg(cover(view(playlist())), 192_000, dark=True))
        for _ in range(2)
    ]
    assert made[0] == made[1]


def test_a_cover_of_many_songs_is_small_enough() -> None:
    """Even a hundred short songs of all colors fit into what Spotify takes."""
    songs = [entry(n, duration=60.0, bpm=90.0 + n % 7 * 11, energy=n % 11 / 10) for n in range(100)]
    raw = jpeg(cover(view(playlist(*songs))), 192_000, dark=True)
    assert len(raw) <= 192_000
    with Image.open(BytesIO(raw)) as image:
        assert (image.format, image.size) == ("JPEG", (COVER, COVER))


def test_what_is_not_known_leaves_a_picture() -> None:
    """Songs without tempo, energy, length and target are drawn all the same."""
    unknown = dict.fromkeys(("bpm", "energy", "duration", "target_bpm", "level"))
    shown = view(playlist(entry(0, **unknown), target_duration=None, steps=[], wanted=[]))
    assert "1 song, " in alone(arc(shown, headed=True))
    assert png(arc(shown, headed=True), dark=False)


numbers = st.floats(0.2, 5000, allow_nan=False)


@settings(max_examples=30)
@given(
    st.lists(
        st.tuples(numbers, st.none() | st.floats(20, 400), st.text(max_size=30)), min_size=1,
        max_size=40,
    )
)  # fmt: skip
def test_any_playlist_is_drawn(songs: list[tuple[float, float | None, str]]) -> None:
    """Whatever lengths, tempos and titles there are, the SVG is valid and inside its frame."""
    said = playlist(*(entry(n, duration=d, bpm=b, title=t) for n, (d, b, t) in enumerate(songs)))
    shown = view(said | {"workout": songs[0][2]})
    picture = arc(shown, headed=True)
    parsed(alone(picture))
    for shape in picture.shapes:
        if isinstance(shape, Box):
            assert -0.01 <= shape.x <= shape.x + shape.width <= picture.width + 0.01
            assert -0.01 <= shape.y <= shape.y + shape.height <= picture.height + 0.01
