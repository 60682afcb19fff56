"""A picture as pixels: PNG, and JPEG of a limited size."""

from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from playlists.report.picture import DARK, FADE, LIGHT, Area, Box, Label, Line, Picture, rgb

FINE = 3
"""Pixels that each pixel is drawn with before they are averaged: smooth edges."""
SHARP = 2
"""Pixels of a PNG for each of the picture: screens of today show two."""
QUALITIES = (92, 85, 75, 60, 40)
"""Of a JPEG, tried in turn; flat colors look the same with all but the last."""
BOLD = 0.02
"""Width of the stroke around a letter that makes it bold, in its size."""
ANCHORS = {"start": "ls", "middle": "ms", "end": "rs"}


def png(picture: Picture, *, dark: bool) -> bytes:
    """Return a picture as a PNG file of twice its size."""
    file = BytesIO()
    _image(picture, SHARP, dark=dark).save(file, "PNG", optimize=True)
    return file.getvalue()


def jpeg(picture: Picture, most: int, *, dark: bool) -> bytes:
    """Return a picture as a JPEG file of at most `most` bytes, if any quality gets there."""
    image = _image(picture, 1, dark=dark)
    raw = b""
    for quality in QUALITIES:
        file = BytesIO()
        image.save(file, "JPEG", quality=quality, optimize=True)
        raw = file.getvalue()
        if len(raw) <= most:
            break
    return raw


def _image(picture: Picture, scale: int, *, dark: bool) -> Image.Image:
    fine = scale * FINE
    palette = DARK if dark else LIGHT
    size = (picture.width * fine, picture.height * fine)
    image = Image.new("RGB", size, palette["paper"])
    pen = ImageDraw.Draw(image, "RGBA")  # mixes a color that lets others through
    for shape in picture.shapes:
        if shape.ink == "clear":
            continue
        color = rgb(palette[shape.ink])
        if isinstance(shape, Box):
            _fill(image, pen, shape, color, fine)
        elif isinstance(shape, Area):
            pen.polygon([(x * fine, y * fine) for x, y in shape.points], color)
        elif isinstance(shape, Line):
            points = [(x * fine, y * fine) for x, y in shape.points]
            pen.line(points, color, round(shape.width * fine), "curve")
        else:
            _write(pen, shape, color, fine)
    return image.resize((picture.width * scale, picture.height * scale), Image.Resampling.BOX)


def _fill(
    image: Image.Image, pen: ImageDraw.ImageDraw, box: Box, color: tuple[int, ...], fine: int
) -> None:
    left, top = round(box.x * fine), round(box.y * fine)
    width, height = round(box.width * fine), round(box.height * fine)
    if width <= 0 or height <= 0:
        return
    if not box.fades:
        pen.rectangle((left, top, left + width - 1, top + height - 1), color)
        return
    first, last = (255 * opacity for opacity in FADE)
    falling = Image.linear_gradient("L").point(lambda at: first + (last - first) * at / 255)
    image.paste(color[:3], (left, top), falling.resize((width, height)))


def _write(pen: ImageDraw.ImageDraw, label: Label, color: tuple[int, ...], fine: int) -> None:
    # The font that comes with Pillow is the same on every machine.
    font = ImageFont.load_default(label.size * fine)
    stroke = label.size * fine * BOLD if label.bold else 0
    where = (label.x * fine, label.y * fine)
    pen.text(where, label.text, color, font, ANCHORS[label.anchor], stroke_width=stroke)
