"""The styles of a Word document: what the level, the size, the weight and the colour of its words come from."""

from dataclasses import dataclass, field
from typing import Any

from traam.engines.pageaudit.documents import office
from traam.engines.pageaudit.documents.colours import WHITE, Colour, colour
from traam.engines.pageaudit.documents.package import attribute, child

_OFF = {"0", "false", "off", "none"}
_HIGHLIGHTS: dict[str, Colour] = {
    "yellow": (255, 255, 0),
    "green": (0, 255, 0),
    "cyan": (0, 255, 255),
    "magenta": (255, 0, 255),
    "blue": (0, 0, 255),
    "red": (255, 0, 0),
    "darkBlue": (0, 0, 128),
    "darkCyan": (0, 128, 128),
    "darkGreen": (0, 128, 0),
    "darkMagenta": (128, 0, 128),
    "darkRed": (128, 0, 0),
    "darkYellow": (128, 128, 0),
    "darkGray": (128, 128, 128),
    "lightGray": (192, 192, 192),
    "black": (0, 0, 0),
    "white": WHITE,
}


@dataclass
class Look:
    """How some words look. None is « as the style says »."""

    strong: bool | None = None
    points: float | None = None
    front: str | None = None  # "auto" or six digits
    hidden: bool | None = None
    language: str | None = None
    back: str | None = None  # six digits, or "?" for a pattern

    def over(self, under: "Look") -> "Look":
        return Look(
            *(one if one is not None else other for one, other in zip(_fields(self), _fields(under), strict=True))
        )


def _fields(look: Look) -> tuple[Any, ...]:
    return look.strong, look.points, look.front, look.hidden, look.language, look.back


def flag(properties: Any, name: str) -> bool | None:
    element = child(properties, name)
    return None if element is None else attribute(element, "val") not in _OFF


def look_of(properties: Any, theme: office.Theme) -> Look:
    if properties is None:
        return Look()
    size, language = child(properties, "sz"), child(properties, "lang")
    points = attribute(size, "val") if size is not None else ""
    return Look(
        flag(properties, "b"),
        int(points) / 2 if points.isdigit() else None,
        _front(child(properties, "color"), theme),
        flag(properties, "vanish"),
        (attribute(language, "val") or None) if language is not None else None,
        shade_of(child(properties, "shd"), theme) or _highlight(child(properties, "highlight")),
    )


def _front(element: Any, theme: office.Theme) -> str | None:
    if element is None:
        return None
    named = theme.named(attribute(element, "themeColor"))
    if named is None or attribute(element, "themeTint") or attribute(element, "themeShade"):
        return attribute(element, "val") or None  # Word writes there what the theme gives
    return bytes(named).hex()


def shade_of(element: Any, theme: office.Theme) -> str | None:
    """The colour behind some words; "?" for a pattern."""
    if element is None or attribute(element, "val") == "nil":
        return None
    pattern = attribute(element, "val") not in {"clear", ""}
    fill = attribute(element, "color") if attribute(element, "val") == "solid" else attribute(element, "fill")
    if pattern and attribute(element, "val") != "solid":
        return "?"
    return fill if colour(fill) else None


def _highlight(element: Any) -> str | None:
    found = None if element is None else _HIGHLIGHTS.get(attribute(element, "val"))
    return bytes(found).hex() if found else None


@dataclass
class Style:
    name: str = ""
    parent: str = ""
    level: int | None = None  # of an outline, from 1
    look: Look = field(default_factory=Look)
    back: str | None = None
    listed: bool = False


class Styles:
    def __init__(self, root: Any, theme: office.Theme) -> None:
        self._styles: dict[str, Style] = {}
        self._default = ""
        self.base = Look() if root is None else look_of(child(root, "docDefaults", "rPrDefault", "rPr"), theme)
        for element in [] if root is None else root.iter("{*}style"):
            self._styles[attribute(element, "styleId")] = _style(element, theme)
            if attribute(element, "type") == "paragraph" and attribute(element, "default") in {"1", "true", "on"}:
                self._default = attribute(element, "styleId")

    def chain(self, identifier: str) -> list[Style]:
        """A style and those it is based on."""
        found: list[Style] = []
        while identifier in self._styles and self._styles[identifier] not in found and len(found) < 20:
            found.append(self._styles[identifier])
            identifier = self._styles[identifier].parent
        return found

    def of_paragraph(self, identifier: str) -> list[Style]:
        return self.chain(identifier if identifier in self._styles else self._default)

    def language(self) -> str:
        looks = [style.look for style in self.chain(self._default)]
        return next((look.language for look in [*looks, self.base] if look.language), "")


def _style(element: Any, theme: office.Theme) -> Style:
    paragraph = child(element, "pPr")
    name, based = child(element, "name"), child(element, "basedOn")
    said = attribute(name, "val").lower() if name is not None else ""
    return Style(
        said,
        attribute(based, "val") if based is not None else "",
        _named_level(said) or outline(paragraph),
        look_of(child(element, "rPr"), theme),
        shade_of(child(paragraph, "shd"), theme),
        child(paragraph, "numPr") is not None,
    )


def _named_level(name: str) -> int | None:
    for start in ("heading ", "titre "):
        if name.startswith(start) and name.removeprefix(start).isdigit():
            return int(name.removeprefix(start))
    return None


def outline(properties: Any) -> int | None:
    element = child(properties, "outlineLvl")
    said = attribute(element, "val") if element is not None else ""
    return int(said) + 1 if said.isdigit() and int(said) < 9 else None
