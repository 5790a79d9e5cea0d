"""The styles of a workbook of Excel, with our colour or without it (ECMA-376 part 1, 18.8)."""

from copy import deepcopy

from lxml import etree

from traam.engines.sheets.plan import FILL, INK
from traam.engines.sheets.xlsx_parts import Element

_MINIMAL = (
    '<styleSheet xmlns="{0}"><fonts count="1"><font><sz val="11"/><name val="Arial"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" '
    'borderId="0" xfId="0"/></cellXfs></styleSheet>'
)
_LEGIBLE = {"FF000000", "00000000", f"FF{INK}"}


def minimal(namespace: str) -> Element:
    """The styles of a workbook that has none."""
    return etree.fromstring(_MINIMAL.format(namespace).encode())


class Styles:
    """A style is an index in ``cellXfs``; ours are known by the colour of their fill."""

    def __init__(self, root: Element) -> None:
        self.root = root
        self.names = f"{{{etree.QName(root).namespace}}}"
        self.known: dict[str, dict[bytes, int]] = {}
        self.formats = self._list("cellXfs")
        fills = self._list("fills")
        self.ours = {str(n) for n, fill in enumerate(fills) if self._is_ours(fill)}
        self.fill = self._index("fills", self._made(_FILL.format(f"FF{FILL}")))

    def _list(self, name: str) -> Element:
        found = self.root.find(f"{self.names}{name}")
        if found is None:
            raise ValueError(f"no {name}")
        return found

    def _is_ours(self, fill: Element) -> bool:
        colour = fill.find(f"{self.names}patternFill/{self.names}fgColor")
        return colour is not None and colour.get("rgb", "").upper()[-6:] == FILL

    def is_marked(self, style: str) -> bool:
        return 0 <= int(style) < len(self.formats) and self.formats[int(style)].get("fillId") in self.ours

    def marked(self, style: str) -> str:
        """The style like this one, in our colour, and legible on it."""
        copy = self._copy(style)
        copy.set("fillId", str(self.fill))
        copy.set("applyFill", "1")
        copy.set("fontId", self._dark(copy.get("fontId", "0")))
        copy.set("applyFont", "1")
        return str(self._index("cellXfs", copy))

    def plain(self, style: str) -> str:
        """The style like this one, without a fill."""
        copy = self._copy(style)
        copy.set("fillId", "0")
        return str(self._index("cellXfs", copy))

    def made(self, *, font: str, fill: str = "", border: bool = False, wrap: bool = True) -> str:
        """A style of the list: ``font`` is what its font holds, ``fill`` a colour."""
        shade = self._index("fills", self._made(_FILL.format(fill))) if fill else 0
        line = self._index("borders", self._made(_BORDER)) if border else 0
        ink = self._index("fonts", self._made(f"<font>{font}</font>"))
        aligned = f'<alignment vertical="top" wrapText="{int(wrap)}"/>'
        return str(
            self._index(
                "cellXfs",
                self._made(
                    f'<xf numFmtId="49" fontId="{ink}" fillId="{shade}" borderId="{line}" xfId="0" applyFont="1" '
                    f'applyFill="1" applyBorder="1" applyAlignment="1">{aligned}</xf>'
                ),
            )
        )

    def _copy(self, style: str) -> Element:
        return deepcopy(self.formats[int(style) if 0 <= int(style) < len(self.formats) else 0])

    def _dark(self, font: str) -> str:
        fonts = self._list("fonts")
        if not font.isdigit() or int(font) >= len(fonts):
            return font
        copy = deepcopy(fonts[int(font)])
        colour = copy.find(f"{self.names}color")
        if colour is None or colour.get("theme") == "1" or colour.get("auto") or colour.get("rgb") in _LEGIBLE:
            return font
        colour.attrib.clear()
        colour.set("rgb", f"FF{INK}")
        return str(self._index("fonts", copy))

    def _made(self, xml: str) -> Element:
        return etree.fromstring(f'<x xmlns="{self.names[1:-1]}">{xml}</x>'.encode())[0]

    def _index(self, name: str, element: Element) -> int:
        """The place of an element in its list, where it is added unless it is there already."""
        listed = self._list(name)
        if name not in self.known:
            self.known[name] = {_canonical(one): n for n, one in reversed(list(enumerate(listed)))}
        key = _canonical(element)
        if key not in self.known[name]:
            self.known[name][key] = len(listed)
            listed.append(element)
            listed.set("count", str(len(listed)))
            if name == "fills" and self._is_ours(element):
                self.ours.add(str(len(listed) - 1))
        return self.known[name][key]


_FILL = '<fill><patternFill patternType="solid"><fgColor rgb="{}"/><bgColor indexed="64"/></patternFill></fill>'
_SIDES = "".join(
    f'<{side} style="thin"><color rgb="FF929292"/></{side}>' for side in ("left", "right", "top", "bottom")
)
_BORDER = f"<border>{_SIDES}<diagonal/></border>"


def _canonical(element: Element) -> bytes:
    return etree.tostring(element, method="c14n", exclusive=True, with_tail=False)
