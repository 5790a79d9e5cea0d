"""The picture that stands for a page where people share its address: 1200 × 630, its words drawn large, nothing cut."""

from .drawing import COLOURS, contrast, draw
from .layout import HEIGHT, MARGIN, WIDTH, Card, Line, lay_out
from .typefaces import Face, Fonts, clean, face

__all__ = [
    "COLOURS",
    "HEIGHT",
    "MARGIN",
    "WIDTH",
    "Card",
    "Face",
    "Fonts",
    "Line",
    "clean",
    "contrast",
    "draw",
    "face",
    "lay_out",
]
