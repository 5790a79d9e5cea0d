"""What OpenDocument texts and presentations share: their properties, styles, pictures, history."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from traam.engines.pageaudit.documents.colours import Colour, colour
from traam.engines.pageaudit.documents.package import LOCKED, Package, attribute, child, local, text_of
from traam.engines.pageaudit.documents.people import judge_mail, judge_path, judge_person
from traam.engines.pageaudit.documents.photos import judge_embedded
from traam.engines.pageaudit.documents.report import Report, Unreadable
from traam.engines.pageaudit.documents.wording import Picture, judge_picture, judge_title

_MEDIA = ("Pictures/", "media/")
_NAMESPACES = "urn:oasis:names:tc:opendocument:xmlns:"
TEXT_P = f"{{{_NAMESPACES}text:1.0}}p"
TEXT_H = f"{{{_NAMESPACES}text:1.0}}h"


def open_or_refuse(package: Package) -> None:
    """Raise `Unreadable` when the parts are enciphered."""
    manifest = package.xml("META-INF/manifest.xml")
    if manifest is not None and any(True for _ in manifest.iter("{*}encryption-data")):
        raise Unreadable(LOCKED, code="doc.locked")


def judge_properties(report: Report, package: Package, visible: str | None) -> None:
    meta = package.xml("meta.xml")
    judge_title(report, _said(meta, "title"))
    judge_hidden(report, package, visible)


def judge_hidden(report: Report, package: Package, visible: str | None) -> None:
    meta = package.xml("meta.xml")
    for field, name in (
        ("créé par", "initial-creator"),
        ("modifié en dernier par", "creator"),
        ("imprimé par", "printed-by"),
    ):
        judge_person(report, field, text_of(meta, name), visible)
    for element in [] if meta is None else meta.iter("{*}template"):
        judge_path(report, "modèle", attribute(element, "href"))
    for element in [] if meta is None else meta.iter("{*}user-defined"):
        judge_mail(report, "propriété personnalisée", "".join(element.itertext()))


def _said(meta: Any, name: str) -> str:
    """A property of the document itself, not the title of its template."""
    found = child(meta, "meta", name)
    return "" if found is None else "".join(found.itertext())


def judge_links(report: Report, root: Any) -> None:
    """Paths of the computer in links and in linked pictures."""
    for element in root.iter("{*}a", "{*}image", "{*}section-source", "{*}plugin"):
        judge_path(report, "lien", attribute(element, "href"))


def judge_media(report: Report, package: Package) -> None:
    for name, data in package.media(_MEDIA):
        judge_embedded(report, data, name)


def text(element: Any) -> str:
    """The words of a paragraph, without the notes and remarks in it."""
    parts: list[str] = []
    _gather(element, parts, 0)
    return "".join(parts)


_LEFT_OUT = {"annotation", "note", "tracked-changes", "title", "desc", "text-box", "hidden-text"}
_SPACES = {"s": " ", "tab": "\t", "line-break": " "}


def _gather(element: Any, parts: list[str], depth: int) -> None:
    parts.append(element.text or "")
    for one in element:
        name = local(one)
        if name in _SPACES:
            parts.append(_SPACES[name])
        elif name not in _LEFT_OUT and depth < 200:
            _gather(one, parts, depth + 1)
        parts.append(one.tail or "")


# Styles.


@dataclass(frozen=True)
class Look:
    """How some words look, None where nothing says it. `points` may be a share of what is under (`%`)."""

    strong: bool | None = None
    points: str | None = None
    front: str | None = None
    back: str | None = None
    hidden: bool | None = None
    language: str | None = None

    def over(self, under: "Look") -> "Look":
        return Look(
            self.strong if self.strong is not None else under.strong,
            _scaled(self.points, under.points),
            self.front or under.front,
            self.back or under.back,
            self.hidden if self.hidden is not None else under.hidden,
            self.language or under.language,
        )

    @property
    def size(self) -> float:
        """In points, 0 when nothing says it."""
        return _number(self.points, "pt")


def _scaled(own: str | None, under: str | None) -> str | None:
    if own and own.endswith("%"):
        return f"{_number(own, '%') / 100 * _number(under, 'pt')}pt" if under else None
    return own or under


def _number(said: str | None, unit: str) -> float:
    try:
        return float((said or "").removesuffix(unit))
    except ValueError:
        return 0.0


@dataclass(frozen=True)
class Style:
    name: str
    shown: str
    family: str
    parent: str
    element: Any
    look: Look


class Styles:
    """Every style of a document, its own and those made as it was typed; the latter win."""

    def __init__(self, *roots: Any) -> None:
        self._styles: dict[tuple[str, str], Style] = {}
        self._defaults: dict[str, Style] = {}
        for root in roots:
            for element in [] if root is None else root.iter("{*}default-style", "{*}style"):
                style = _style(element)
                if local(element) == "default-style":
                    self._defaults[style.family] = style
                else:
                    self._styles[style.family, style.name] = style

    def chain(self, family: str, name: str) -> list[Style]:
        """A style, those it is based on, then the default of its family."""
        found: list[Style] = []
        while (style := self._styles.get((family, name))) and style not in found and len(found) < 20:
            found.append(style)
            name = style.parent
        return found + [style for style in [self._defaults.get(family)] if style]

    def look(self, family: str, name: str) -> Look:
        found = Look()
        for style in self.chain(family, name):
            found = found.over(style.look)
        return found

    def property(self, family: str, name: str, kind: str, attribute_name: str) -> str:
        """A property of a style or of the first of its chain that has it; `kind` as in "paragraph-properties"."""
        for style in self.chain(family, name):
            said = attribute_of(child(style.element, kind), attribute_name)
            if said:
                return said
        return ""

    def language(self) -> str:
        look = self.look("paragraph", "Standard" if ("paragraph", "Standard") in self._styles else "standard")
        return look.language or self.look("graphic", "standard").language or ""


def attribute_of(element: Any, name: str) -> str:
    return "" if element is None else attribute(element, name)


def _style(element: Any) -> Style:
    name = attribute(element, "name")
    return Style(
        name,
        attribute(element, "display-name") or name.replace("_20_", " "),
        attribute(element, "family"),
        attribute(element, "parent-style-name"),
        element,
        _look(child(element, "text-properties")),
    )


def _look(properties: Any) -> Look:
    if properties is None:
        return Look()
    weight, display = attribute(properties, "font-weight"), attribute(properties, "display")
    language, country = attribute(properties, "language"), attribute(properties, "country")
    automatic = attribute(properties, "use-window-font-color") == "true"
    return Look(
        (weight == "bold" or (weight.isdigit() and int(weight) >= 600)) if weight else None,
        _fo(properties, "font-size"),
        "auto" if automatic else attribute(properties, "color") or None,
        _back(attribute(properties, "background-color")),
        display == "none" if display else None,
        (f"{language}-{country}" if country and country != "none" else language) or None,
    )


def _fo(properties: Any, name: str) -> str | None:
    """Attributes of Latin letters alone: those for Asian ones have other names."""
    return attribute(properties, name) or None


def _back(said: str) -> str | None:
    return said if colour(said) else None


def fill(styles: Styles, name: str) -> tuple[Colour | None] | None:
    """The fill of a drawn shape in a tuple of one (None there: a picture, a gradient); None when it has none."""
    kind = styles.property("graphic", name, "graphic-properties", "fill") or styles.property(
        "presentation", name, "graphic-properties", "fill"
    )
    if kind in {"", "none"}:
        return None
    if kind != "solid":
        return (None,)
    said = styles.property("graphic", name, "graphic-properties", "fill-color") or styles.property(
        "presentation", name, "graphic-properties", "fill-color"
    )
    return (colour(said),)


# Pictures.


def judge_pictures(report: Report, root: Any, styles: Styles, place: str = "") -> None:
    number = 0
    for element in _drawn(root):
        what = _kind(element)
        if not what:
            continue
        number += 1
        where = ", ".join(filter(None, (place, f"image {number}")))
        label = " ".join(filter(None, (place, _label(element))))
        judge_picture(report, Picture(where, label or where, _alternative(element), _decorative(element, styles), what))


def _drawn(root: Any) -> Iterator[Any]:
    """Frames and groups, a group that has an alternative standing for all it holds; notes are left out."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        name = local(element)
        if name in {"notes", "tracked-changes", "object"}:
            continue
        if name == "frame" or (name == "g" and _alternative(element)):
            yield element
        if name != "g" or not _alternative(element):
            waiting.extend(reversed(element))


def _kind(element: Any) -> str:
    if local(element) == "g":
        return "Le groupe de dessins"
    if attribute(element, "placeholder") == "true":
        return ""
    if child(element, "object") is not None or child(element, "object-ole") is not None:
        return "Le graphique ou l'objet incorporé"
    if child(element, "plugin") is not None:
        return "Le son ou la vidéo"
    return "L'image" if child(element, "image") is not None else ""


def _alternative(element: Any) -> str:
    for name in ("desc", "title"):
        found = child(element, name)
        if found is not None and (said := "".join(found.itertext()).strip()):
            return str(said)
    return ""


def _decorative(element: Any, styles: Styles) -> bool:
    name = attribute(element, "style-name")
    return attribute(element, "decorative") == "true" or "true" in {
        styles.property(family, name, "graphic-properties", "decorative") for family in ("graphic", "presentation")
    }


def _label(element: Any) -> str:
    name = attribute(element, "name")
    file = attribute_of(child(element, "image"), "href").rpartition("/")[2]
    return " ".join(filter(None, (f"« {name} »" if name else "", file)))


# Remarks, erased and hidden words.


def judge_history(report: Report, root: Any, place: str = "") -> None:
    regions = list(root.iter("{*}changed-region"))
    inserted = _inserted(root) if regions else {}
    for region in regions:
        for change in region:
            _judge_change(report, region, change, inserted)
    for remark in root.iter("{*}annotation"):
        author = text_of(remark, "creator")
        said = " ".join(text(one) for one in remark.iter(TEXT_P))
        report.fault(
            "doc.tracked",
            f"Un commentaire de « {author or 'quelqu’un'} » est resté dans le document.",
            where=place,
            quote=said,
            part=f"commentaire de {author}",
        )
    for element in root.iter("{*}hidden-text", "{*}hidden-paragraph"):
        said = attribute(element, "string-value") or "".join(element.itertext())
        _hidden(report, said, place)


def _judge_change(report: Report, region: Any, change: Any, inserted: Mapping[str, str]) -> None:
    kind = {"insertion": "Texte ajouté", "deletion": "Texte effacé"}.get(local(change), "Mise en forme modifiée")
    author = text_of(change, "creator")
    said = " ".join(text(one) for one in change.iter(TEXT_P, TEXT_H))
    if not said.strip():
        said = inserted.get(attribute(region, "id"), "")
    report.fault(
        "doc.tracked",
        f"{kind} par « {author or 'quelqu’un'} », encore suivi : qui ouvre le document le voit.",
        quote=said,
        part=f"{kind.lower()}, {attribute(region, 'id')}",
    )


def _inserted(root: Any) -> dict[str, str]:
    """What lies between the marks of each insertion, by its identifier."""
    found: dict[str, str] = {}
    under_way: set[str] = set()
    for step, element in etree.iterwalk(root, events=("start", "end")):
        if step == "end" and local(element) == "change-start":
            under_way.add(attribute(element, "change-id"))
        elif step == "end" and local(element) == "change-end":
            under_way.discard(attribute(element, "change-id"))
        words = (element.text if step == "start" else element.tail) or ""
        for identifier in under_way:
            if words.strip() and len(found.get(identifier, "")) < 300:
                found[identifier] = found.get(identifier, "") + words
    return found


def _hidden(report: Report, said: str, place: str) -> None:
    if said.strip():
        report.fault(
            "doc.tracked",
            "Ce texte est masqué : il ne se voit pas, mais il reste dans le document que chacun télécharge.",
            where=place,
            quote=said,
        )


def judge_hidden_words(report: Report, words: Iterator[tuple[str, Look]], place: str = "") -> None:
    for said, look in words:
        if look.hidden:
            _hidden(report, said, place)


def pieces(paragraph: Any, styles: Styles, look: Look) -> Iterator[tuple[str, Look]]:
    """The words of a paragraph, each with how it looks. `look` is that of the paragraph."""
    waiting: list[tuple[str, Any, Look]] = [("in", paragraph, look)]
    while waiting:
        step, element, current = waiting.pop()
        if step == "say":
            yield str(element), current
            continue
        inner = current
        if local(element) == "span":
            inner = styles.look("text", attribute(element, "style-name")).over(current)
        follows: list[tuple[str, Any, Look]] = [("say", element.text or "", inner)]
        for one in element:
            if local(one) in _SPACES:
                follows.append(("say", _SPACES[local(one)], inner))
            elif local(one) not in _LEFT_OUT:
                follows.append(("in", one, inner))
            follows.append(("say", one.tail or "", inner))
        waiting.extend(reversed(follows))
