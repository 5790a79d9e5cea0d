"""Word documents."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from traam.engines.pageaudit.documents import office
from traam.engines.pageaudit.documents.colours import WHITE, Colour, Contrasts, Words, colour
from traam.engines.pageaudit.documents.package import BROKEN, Package, Relation, attribute, child, local
from traam.engines.pageaudit.documents.report import Report, Unreadable, shortened
from traam.engines.pageaudit.documents.wording import (
    Heading,
    Line,
    Picture,
    judge_headings,
    judge_language,
    judge_lines,
    judge_no_heading,
    judge_picture,
    words_of,
)

_OFF = {"0", "false", "off", "none"}
_NOT_TEXT = (
    "title",
    "subtitle",
    "titre",
    "sous-titre",
    "caption",
    "légende",
    "toc",
    "header",
    "footer",
    "quote",
    "list",
)
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


def audit(report: Report, package: Package) -> None:
    main = office.main_part(package) or "word/document.xml"
    root = package.xml(main)
    if root is None:
        raise Unreadable(BROKEN)
    document = _Document(package, main, office.without_fallbacks(root))
    text = document.text()
    judge_language(report, document.styles.language(), text)
    office.judge_properties(report, package, text)
    _judge_text(report, document)
    _judge_tables(report, document)
    for name, part in document.parts():
        _judge_drawings(report, document, name, part)
    office.judge_media(report, package)
    _judge_contrasts(report, document)
    _judge_history(report, document)


# Styles: what a name, a level, a size and a colour come from.


@dataclass
class _Look:
    """How some words look. None is « as the style says »."""

    strong: bool | None = None
    points: float | None = None
    front: str | None = None  # "auto", six digits, or "theme …"
    hidden: bool | None = None
    language: str | None = None
    back: str | None = None

    def over(self, under: "_Look") -> "_Look":
        return _Look(
            *(one if one is not None else other for one, other in zip(_fields(self), _fields(under), strict=True))
        )


def _fields(look: _Look) -> tuple[Any, ...]:
    return look.strong, look.points, look.front, look.hidden, look.language, look.back


def _flag(properties: Any, name: str) -> bool | None:
    element = child(properties, name)
    return None if element is None else attribute(element, "val") not in _OFF


def _look(properties: Any, theme: office.Theme) -> _Look:
    if properties is None:
        return _Look()
    size, language = child(properties, "sz"), child(properties, "lang")
    points = attribute(size, "val") if size is not None else ""
    return _Look(
        _flag(properties, "b"),
        int(points) / 2 if points.isdigit() else None,
        _front(child(properties, "color"), theme),
        _flag(properties, "vanish"),
        (attribute(language, "val") or None) if language is not None else None,
        _shade(child(properties, "shd"), theme) or _highlight(child(properties, "highlight")),
    )


def _front(element: Any, theme: office.Theme) -> str | None:
    if element is None:
        return None
    named = theme.named(attribute(element, "themeColor"))
    if named is None or attribute(element, "themeTint") or attribute(element, "themeShade"):
        return attribute(element, "val") or None  # Word writes there what the theme gives
    return bytes(named).hex()


def _shade(element: Any, theme: office.Theme) -> str | None:
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
class _Style:
    name: str = ""
    parent: str = ""
    level: int | None = None  # of an outline, from 1
    look: _Look = field(default_factory=_Look)
    back: str | None = None
    listed: bool = False


class _Styles:
    def __init__(self, root: Any, theme: office.Theme) -> None:
        self._styles: dict[str, _Style] = {}
        self._default = ""
        self.base = _Look() if root is None else _look(child(root, "docDefaults", "rPrDefault", "rPr"), theme)
        for element in [] if root is None else root.iter("{*}style"):
            self._styles[attribute(element, "styleId")] = _style(element, theme)
            if attribute(element, "type") == "paragraph" and attribute(element, "default") in {"1", "true", "on"}:
                self._default = attribute(element, "styleId")

    def chain(self, identifier: str) -> list[_Style]:
        """A style and those it is based on."""
        found: list[_Style] = []
        while identifier in self._styles and self._styles[identifier] not in found and len(found) < 20:
            found.append(self._styles[identifier])
            identifier = self._styles[identifier].parent
        return found

    def of_paragraph(self, identifier: str) -> list[_Style]:
        return self.chain(identifier if identifier in self._styles else self._default)

    def language(self) -> str:
        looks = [style.look for style in self.chain(self._default)]
        return next((look.language for look in [*looks, self.base] if look.language), "")


def _style(element: Any, theme: office.Theme) -> _Style:
    paragraph = child(element, "pPr")
    name, based = child(element, "name"), child(element, "basedOn")
    said = attribute(name, "val").lower() if name is not None else ""
    return _Style(
        said,
        attribute(based, "val") if based is not None else "",
        _named_level(said) or _outline(paragraph),
        _look(child(element, "rPr"), theme),
        _shade(child(paragraph, "shd"), theme),
        child(paragraph, "numPr") is not None,
    )


def _named_level(name: str) -> int | None:
    for start in ("heading ", "titre "):
        if name.startswith(start) and name.removeprefix(start).isdigit():
            return int(name.removeprefix(start))
    return None


def _outline(properties: Any) -> int | None:
    element = child(properties, "outlineLvl")
    said = attribute(element, "val") if element is not None else ""
    return int(said) + 1 if said.isdigit() and int(said) < 9 else None


# The document and its paragraphs.


class _Document:
    def __init__(self, package: Package, main: str, root: Any) -> None:
        self.package, self.main, self.root = package, main, root
        self.relations = package.relations(main)
        self.theme = office.Theme(self._related("theme"))
        self.styles = _Styles(self._related("styles"), self.theme)
        self.body = child(root, "body")

    def _related(self, kind: str) -> Any:
        one = next((one for one in self.relations.values() if one.kind == kind and not one.external), None)
        return None if one is None else self.package.xml(one.target)

    def related(self, kind: str) -> Iterator[tuple[str, Any]]:
        for one in self.relations.values():
            if one.kind == kind and not one.external and (root := self.package.xml(one.target)) is not None:
                yield one.target, office.without_fallbacks(root)

    def parts(self) -> Iterator[tuple[str, Any]]:
        """What is read as text: the document, then its heads, feet and notes, each with what a finding calls it."""
        yield "", self.root
        for kind, label in (("header", "en-tête"), ("footer", "pied de page"), ("footnotes", "notes")):
            for _, root in self.related(kind):
                yield label, root

    def text(self) -> str:
        return "\n".join(_text(one) for _, part in self.parts() for one in part.iter("{*}p"))

    def paragraphs(self) -> list[Any]:
        """Those of the body, out of tables and frames."""
        found: list[Any] = []
        waiting = [] if self.body is None else [self.body]
        while waiting:
            element = waiting.pop()
            if local(element) == "p":
                found.append(element)
            elif local(element) in {"body", "sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"}:
                waiting.extend(reversed(element))
        return found

    def look(self, run: Any, styles: list[_Style]) -> _Look:
        properties = child(run, "rPr")
        named = child(properties, "rStyle")
        own = _look(properties, self.theme)
        for style in [*self.styles.chain(attribute(named, "val") if named is not None else ""), *styles]:
            own = own.over(style.look)
        return own.over(self.styles.base)


def _text(element: Any) -> str:
    """The words of a paragraph as they are read, without those erased."""
    return "".join(
        {"t": one.text or "", "tab": "\t", "br": " ", "noBreakHyphen": "-"}.get(local(one), "")
        for one in element.iter("{*}t", "{*}tab", "{*}br", "{*}noBreakHyphen")
        if local(one.getparent()) != "tabs"
    )


def _runs(paragraph: Any) -> list[Any]:
    """The runs of a paragraph, without those of the frames drawn in it."""
    return [run for run in paragraph.iter("{*}r") if next(run.iterancestors("{*}p"), None) is paragraph]


def _style_of(paragraph: Any) -> str:
    element = child(paragraph, "pPr", "pStyle")
    return attribute(element, "val") if element is not None else ""


def _judge_text(report: Report, document: _Document) -> None:
    headings: list[Heading] = []
    lines: list[Line] = []
    titled, usual = False, _usual_size(document)
    for paragraph in document.paragraphs():
        styles = document.styles.of_paragraph(_style_of(paragraph))
        direct = _outline(child(paragraph, "pPr"))
        level = direct or next((style.level for style in styles if style.level), None)
        text = _text(paragraph)
        if level:
            headings.append(Heading(level, text, _after(lines)))
        titled = titled or (not headings and any(style.name in {"title", "titre"} for style in styles[:2]))
        lines.append(_line(document, paragraph, styles, level, usual))
    judge_headings(report, headings, titled=titled)
    judge_lines(report, lines)
    if not headings:
        judge_no_heading(report, words_of(line.text for line in lines))


def _after(lines: list[Line]) -> str:
    return f"paragraphe {len([line for line in lines if not line.empty]) + 1}"


def _usual_size(document: _Document) -> float:
    """The size most words are in, in points."""
    sizes: Counter[float] = Counter()
    for paragraph in document.paragraphs()[:2000]:
        styles = document.styles.of_paragraph(_style_of(paragraph))
        for run in _runs(paragraph):
            sizes[document.look(run, styles).points or 10.0] += len(_text(run))
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _line(document: _Document, paragraph: Any, styles: list[_Style], level: int | None, usual: float) -> Line:
    text = _text(paragraph)
    runs = [run for run in _runs(paragraph) if _text(run).strip()]
    looks = [document.look(run, styles) for run in runs]
    number = child(paragraph, "pPr", "numPr")
    listed = number is not None or any(style.listed for style in styles)
    named = styles[0].name if styles else ""
    return Line(
        text,
        strong=bool(looks) and all(look.strong for look in looks),
        larger=bool(looks) and usual > 0 and all((look.points or 10.0) >= usual * 1.2 for look in looks),
        plain=level is None and not listed and not named.startswith(_NOT_TEXT),
        empty=not text.strip() and _is_bare(paragraph),
        where=f"paragraphe « {shortened(text, 40)} »" if text.strip() else "",
    )


def _is_bare(paragraph: Any) -> bool:
    """Nothing drawn in it, no break of a page or of a section."""
    kinds = {"drawing", "pict", "object", "sectPr", "oMath", "fldChar", "lastRenderedPageBreak", "pageBreakBefore"}
    return not any(
        local(one) in kinds or (local(one) == "br" and attribute(one, "type") in {"page", "column"})
        for one in paragraph.iter("{*}*")
    )


# Tables, drawings.


def _judge_tables(report: Report, document: _Document) -> None:
    number = 0
    for table in [] if document.body is None else document.body.iter("{*}tbl"):
        number += 1
        rows = [row for row in table.iter("{*}tr") if next(row.iterancestors("{*}tbl")) is table]
        cells = [[cell for cell in row.iter("{*}tc") if next(cell.iterancestors("{*}tr")) is row] for row in rows]
        if len(rows) < 2 or max(map(len, cells)) < 2:
            continue  # a frame around something
        where = f"tableau {number}"
        shown = shortened(" | ".join(_cell_text(cell) for cell in cells[0]), 200)
        if not any(_flag(child(row, "trPr"), "tblHeader") for row in rows[:3]):
            report.fault(
                "doc.table",
                "Le tableau n'a pas de ligne d'en-tête déclarée : une aide technique lit ses cellules sans dire à "
                "quelle colonne elles appartiennent.",
                where=where,
                part=f"{where} : {shown}",
            )
        merged = [cell for row in cells for cell in row if _is_merged(cell)]
        if merged:
            report.review(
                "doc.table",
                "Le tableau a des cellules fusionnées : vérifiez qu'il se comprend lu cellule après cellule, ou "
                "coupez-le en tableaux simples.",
                where=where,
                part=f"{where}, cellule fusionnée « {shortened(_cell_text(merged[0]), 80)} »",
            )


def _cell_text(cell: Any) -> str:
    return " ".join(_text(one) for one in cell.iter("{*}p"))


def _is_merged(cell: Any) -> bool:
    span = child(cell, "tcPr", "gridSpan")
    return child(cell, "tcPr", "vMerge") is not None or (span is not None and attribute(span, "val") not in {"", "1"})


def _judge_drawings(report: Report, document: _Document, name: str, part: Any) -> None:
    relations = document.relations if not name else {}
    number = 0
    for element in part.iter("{*}drawing", "{*}pict", "{*}object"):
        if any(local(one) in {"drawing", "pict", "del"} for one in element.iterancestors()):
            continue  # within a group, which is judged as a whole; or erased
        picture = _drawing(element) if local(element) == "drawing" else _old_drawing(element)
        if picture is None:
            continue
        number += 1
        where = ", ".join(filter(None, (name, f"image {number}")))
        label = " ".join(filter(None, (_file(element, relations), picture.label)))
        judge_picture(report, Picture(where, label or where, picture.alternative, picture.decorative, picture.what))


def _drawing(element: Any) -> Picture | None:
    properties = next(element.iter("{*}docPr"), None)
    if properties is None:
        return None
    what = office.drawn_kind(element)
    inner = next(element.iter("{*}cNvPr"), None)
    said = office.alternative(properties) or (office.alternative(inner) if inner is not None else "")
    if not what and not said:
        return None  # a line, a frame of text
    if (
        what.startswith(("Le groupe", "La zone"))
        and not any(True for _ in element.iter("{*}pic"))
        and _has_text(element)
    ):
        return None
    decorative = office.is_decorative(properties) or (inner is not None and office.is_decorative(inner))
    return Picture("", f"« {properties.get('name', '')} »", said, decorative, what or "Le dessin")


def _has_text(element: Any) -> bool:
    return any((one.text or "").strip() for one in element.iter("{*}t"))


def _old_drawing(element: Any) -> Picture | None:
    """VML, which equations and pictures of old documents are drawn in."""
    shape = next((one for one in element.iter("{*}shape", "{*}rect") if child(one, "imagedata") is not None), None)
    if shape is None or any(True for _ in element.iter("{*}horizontal")):
        return None
    what = "L'objet incorporé" if local(element) == "object" else "L'image"
    return Picture("", f"« {shape.get('id', '')} »", str(shape.get("alt") or ""), False, what)


def _file(element: Any, relations: dict[str, Relation]) -> str:
    for one in element.iter("{*}blip", "{*}imagedata", "{*}chart", "{*}relIds"):
        for key in ("embed", "link", "id", "dm"):
            relation = relations.get(attribute(one, key))
            if relation is not None:
                return relation.target.rpartition("/")[2]
    return ""


# Contrasts.


def _judge_contrasts(report: Report, document: _Document) -> None:
    contrasts = Contrasts()
    page = child(document.root, "background")
    paper = (colour(attribute(page, "color")) if page is not None else None) or WHITE
    for name, part in document.parts():
        for paragraph in part.iter("{*}p"):
            back = _behind(document, paragraph, paper)
            if back is not None:
                _add_runs(contrasts, document, paragraph, back, name)
    contrasts.judge(report)


def _add_runs(contrasts: Contrasts, document: _Document, paragraph: Any, back: Colour, name: str) -> None:
    styles = document.styles.of_paragraph(_style_of(paragraph))
    for run in _runs(paragraph):
        text = _text(run)
        look = document.look(run, styles)
        front = colour(look.front)
        if front is None or look.hidden or look.back == "?" or not text.strip():
            continue
        own = colour(look.back) or back
        contrasts.add(Words(text, front, own, look.points or 10.0, bool(look.strong), name))


def _behind(document: _Document, paragraph: Any, paper: Colour) -> Colour | None:
    """What a paragraph lies on; None when it cannot be known: a drawn frame, a pattern, a table with its own look."""
    shade = _shade(child(paragraph, "pPr", "shd"), document.theme)
    for style in document.styles.of_paragraph(_style_of(paragraph)):
        shade = shade or style.back
    if shade:
        return colour(shade)
    for one in paragraph.iterancestors():
        if local(one) == "tc" and (cell := _shade(child(one, "tcPr", "shd"), document.theme)):
            return colour(cell)
        if local(one) == "tbl" and _is_styled(one):
            return None
        if local(one) == "txbxContent":
            return _frame(document, one)
    return paper


def _is_styled(table: Any) -> bool:
    style = child(table, "tblPr", "tblStyle")
    return style is not None and attribute(style, "val").lower() not in {"tablegrid", "grilledutableau", "tablenormal"}


def _frame(document: _Document, content: Any) -> Colour | None:
    shape = next(content.iterancestors("{*}wsp"), None)
    return document.theme.solid(child(shape, "spPr", "solidFill"))


# What was erased, remarked, hidden.

_CHANGES = {
    "ins": "Texte ajouté",
    "del": "Texte effacé",
    "moveFrom": "Texte déplacé",
    "moveTo": "Texte déplacé",
    "rPrChange": "Mise en forme modifiée",
    "pPrChange": "Mise en forme modifiée",
}


def _judge_history(report: Report, document: _Document) -> None:
    for name, part in document.parts():
        for element in part.iter(*(f"{{*}}{kind}" for kind in _CHANGES)):
            _judge_change(report, element, name)
        _judge_hidden(report, document, part, name)
    for _, root in document.related("comments"):
        for comment in root.iter("{*}comment"):
            said = " ".join(_text(one) for one in comment.iter("{*}p"))
            author = attribute(comment, "author")
            report.fault(
                "doc.tracked", f"Un commentaire de « {author} » est resté dans le document.", quote=said or author
            )


def _judge_change(report: Report, element: Any, name: str) -> None:
    text = "".join(one.text or "" for one in element.iter("{*}t", "{*}delText"))
    if local(element).endswith("Change"):
        text = "".join(one.text or "" for one in _around(element).iter("{*}t"))
    author = attribute(element, "author")
    if not text.strip() and local(element) not in {"ins", "del"}:
        return
    report.fault(
        "doc.tracked",
        f"{_CHANGES[local(element)]} par « {author or 'quelqu’un'} », encore suivi : qui ouvre le document le voit.",
        where=name,
        quote=text.strip(),
        part=f"marque de paragraphe, {author}",
    )


def _around(element: Any) -> Any:
    return next(element.iterancestors("{*}r", "{*}p"), element)


def _judge_hidden(report: Report, document: _Document, part: Any, name: str) -> None:
    for paragraph in part.iter("{*}p"):
        styles = document.styles.of_paragraph(_style_of(paragraph))
        hidden = "".join(_text(run) for run in _runs(paragraph) if document.look(run, styles).hidden)
        if hidden.strip():
            report.fault(
                "doc.tracked",
                "Ce texte est masqué : il ne se voit pas, mais il reste dans le document que chacun télécharge.",
                where=name,
                quote=hidden,
            )
