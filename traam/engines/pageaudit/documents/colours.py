"""Colours of text and of what lies under it, and the contrast between them (WCAG 2.1, 1.4.3)."""

import colorsys
import re
from collections.abc import Mapping
from dataclasses import dataclass

from traam.engines.pageaudit.documents.report import Report, shortened

Colour = tuple[int, int, int]
WHITE: Colour = (255, 255, 255)
LEAST, LEAST_OF_LARGE = 4.5, 3.0
LARGE_POINTS, LARGE_STRONG_POINTS = 18.0, 14.0


def colour(text: str | None) -> Colour | None:
    """ "1F4E79" or "#1f4e79" as red, green and blue; None for "auto", "transparent" or anything else."""
    found = re.fullmatch(r"#?([0-9A-Fa-f]{6})", (text or "").strip())
    if not found:
        return None
    red, green, blue = bytes.fromhex(found[1])
    return red, green, blue


def contrast(one: Colour, other: Colour) -> float:
    """From 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(shade: Colour) -> float:
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (one / 255 for one in shade)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def written(shade: Colour) -> str:
    return "#" + bytes(shade).hex()


def modified(shade: Colour, changes: Mapping[str, float]) -> Colour:
    """A theme colour after DrawingML's modifiers (`lumMod`, `lumOff`, `tint`, `shade`), each from 0 to 1."""
    red, green, blue = (part / 255 for part in shade)
    hue, light, saturation = colorsys.rgb_to_hls(red, green, blue)
    light = min(1.0, max(0.0, light * changes.get("lumMod", 1.0) + changes.get("lumOff", 0.0)))
    parts = list(colorsys.hls_to_rgb(hue, light, saturation))
    if "shade" in changes:
        parts = [part * changes["shade"] for part in parts]
    if "tint" in changes:
        parts = [1 - (1 - part) * changes["tint"] for part in parts]
    red, green, blue = parts
    return _byte(red), _byte(green), _byte(blue)


def _byte(part: float) -> int:
    return round(255 * min(1.0, max(0.0, part)))


@dataclass(frozen=True)
class Words:
    """Words of one colour on a colour. `points` is their size, 0 when it is not known."""

    text: str
    front: Colour
    back: Colour
    points: float = 0.0
    strong: bool = False
    where: str = ""


class Contrasts:
    """Gathers the pairs of colours of a document, and tells each one once, with the first words it was seen on."""

    def __init__(self) -> None:
        self._seen: dict[tuple[Colour, Colour, bool], list[Words]] = {}

    def add(self, words: Words) -> None:
        if not words.text.strip():
            return
        large = words.points >= (LARGE_STRONG_POINTS if words.strong else LARGE_POINTS)
        kept = self._seen.setdefault((words.front, words.back, large), [])
        if len(kept) < 1000:
            kept.append(words)

    def judge(self, report: Report) -> None:
        for (front, back, large), seen in self._seen.items():
            least, found = (LEAST_OF_LARGE if large else LEAST), contrast(front, back)
            if found < least:
                _tell(report, seen, found, least)


def _tell(report: Report, seen: list[Words], found: float, least: float) -> None:
    first = seen[0]
    again = f" Ces couleurs reviennent {len(seen)} fois." if len(seen) > 1 else ""
    if contrast(first.front, first.back) < 1.05:
        message = (
            f"Ce texte est de la couleur du fond ({written(first.front)}) : il ne se voit pas, mais il se lit et se "
            f"copie.{again}"
        )
    else:
        ratio = f"{int(found * 100) / 100:.2f}".replace(".", ",")  # cut, so that 4,499 does not read 4,50
        asked = f"{least:g}".replace(".", ",")
        size = "un grand texte" if least == LEAST_OF_LARGE else "un texte"
        message = (
            f"Texte {written(first.front)} sur fond {written(first.back)} : contraste de {ratio} pour 1, quand {size} "
            f"en demande {asked} au moins.{again}"
        )
    report.fault("doc.contrast", message, where=first.where, quote=shortened(first.text, 120), part="texte illisible")
