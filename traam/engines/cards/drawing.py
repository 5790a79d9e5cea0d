"""A card drawn as PNG. The same words, fonts and libraries give the same bytes."""

from io import BytesIO

from PIL import Image, ImageDraw

from traam.engines.cards.layout import HEIGHT, WIDTH, Card, lay_out
from traam.engines.cards.typefaces import Fonts

COLOURS = {"ground": "#ffffff", "title": "#161616", "ink": "#3a3a3a", "brand": "#000091"}
"""Every ink is read on the ground with a contrast of 7 at least."""

_BAND = 28


def draw(card: Card, fonts: Fonts) -> bytes:
    """A PNG of 1200 × 630. Raises `ValueError` when a font cannot be read."""
    image = Image.new("RGB", (WIDTH, HEIGHT), COLOURS["ground"])
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, _BAND - 1, HEIGHT - 1), fill=COLOURS["brand"])
    for line in lay_out(card, fonts):
        pen.text((line.x, line.y), line.text, font=line.opened(), fill=COLOURS[line.role])
    into = BytesIO()
    image.quantize(64, dither=Image.Dither.NONE).save(into, "PNG", optimize=True)
    return into.getvalue()


def contrast(one: str, other: str) -> float:
    """The contrast of two colours (#rrggbb), from 1 to 21, as WCAG 2 defines it."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
