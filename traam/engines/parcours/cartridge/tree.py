"""XML trees that hold only what XML can."""

from lxml import etree

from traam.engines.parcours.texts import clean

Element = etree._Element


def root(namespace: str, name: str, **attributes: str) -> Element:
    """A document of one namespace."""
    scope: dict[str | None, str] = {None: namespace}
    element = etree.Element(f"{{{namespace}}}{name}", nsmap=scope)  # type: ignore[arg-type]
    _set(element, attributes)
    return element


def add(parent: Element, name: str, text: str | None = None, **attributes: str) -> Element:
    """A child of the same namespace; `lang` is `xml:lang`."""
    element = etree.SubElement(parent, f"{{{etree.QName(parent).namespace}}}{name}")
    element.text = None if text is None else clean(text)
    _set(element, attributes)
    return element


def _set(element: Element, attributes: dict[str, str]) -> None:
    for name, value in attributes.items():
        place = "{http://www.w3.org/XML/1998/namespace}lang" if name == "lang" else name
        element.set(place, clean(value))


def written(element: Element) -> bytes:
    """The bytes of a document."""
    return bytes(etree.tostring(element, xml_declaration=True, encoding="UTF-8", pretty_print=True))
