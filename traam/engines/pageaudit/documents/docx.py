"""Word documents."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from traam.engines.pageaudit.documents import office
from traam.engines.pageaudit.documents.colours import WHITE, Colour, Contrasts, Words, colour
from traam.engines.pageaudit.documents.docx_styles import Look, Style, Styles, flag, look_of, outline, shade_of
from traam.engines.pageaudit.documents.package import BROKEN, Package, Relation, attribute, child, local
from traam.engines.pageaudit.documents.report import Report, Unreadable, shortened
from traam.engines.pageaudit.documents.structure import (
    Heading,
    Line,
    Table,
    judge_headings,
    judge_lines,
    judge_no_heading,
    judge_table,
    words_of,
)
from traam.engines.pageaudit.documents.wording import Picture, judge_language, judge_picture

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


def audit(report: Report, package: Package) -> None:
    main = office.main_part(package) or "word/document.xml"
    root = package.xml(main)
    if root is None:
        raise Unreadable(BROKEN)
    document = Document(package, main, office.without_fallbacks(root))
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


# The document and its paragraphs.


class Document:
    def __init__(self, package: Package, main: str, root: Any) -> None:
        self.package, self.main, self.root = package, main, root
        self.relations = package.relations(main)
        self.theme = office.Theme(self._related("theme"))
        self.styles = Styles(self._related("styles"), self.theme)
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

    def look(self, run: Any, styles: list[Style]) -> Look:
        properties = child(run, "rPr")
        named = child(properties, "rStyle")
        own = look_of(properties, self.theme)
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


def _judge_text(report: Report, document: Document) -> None:
    headings: list[Heading] = []
    lines: list[Line] = []
    titled, usual = False, _usual_size(document)
    for paragraph in document.paragraphs():
        styles = document.styles.of_paragraph(_style_of(paragraph))
        direct = outline(child(paragraph, "pPr"))
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


def _usual_size(document: Document) -> float:
    """The size most words are in, in points."""
    sizes: Counter[float] = Counter()
    for paragraph in document.paragraphs()[:2000]:
        styles = document.styles.of_paragraph(_style_of(paragraph))
        for run in _runs(paragraph):
            sizes[document.look(run, styles).points or 10.0] += len(_text(run))
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _line(document: Document, paragraph: Any, styles: list[Style], level: int | None, usual: float) -> Line:
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


def _judge_tables(report: Report, document: Document) -> None:
    number = 0
    for table in [] if document.body is None else document.body.iter("{*}tbl"):
        number += 1
        rows = [row for row in table.iter("{*}tr") if next(row.iterancestors("{*}tbl")) is table]
        cells = [[cell for cell in row.iter("{*}tc") if next(cell.iterancestors("{*}tr")) is row] for row in rows]
        if len(rows) < 2 or max(map(len, cells)) < 2:
            continue  # a frame around something
        headed = any(flag(child(row, "trPr"), "tblHeader") for row in rows[:3])
        merged = next((_cell_text(cell) for row in cells for cell in row if _is_merged(cell)), None)
        shown = " | ".join(_cell_text(cell) for cell in cells[0])
        judge_table(report, Table(f"tableau {number}", shown, headed, merged))


def _cell_text(cell: Any) -> str:
    return " ".join(_text(one) for one in cell.iter("{*}p"))


def _is_merged(cell: Any) -> bool:
    span = child(cell, "tcPr", "gridSpan")
    return child(cell, "tcPr", "vMerge") is not None or (span is not None and attribute(span, "val") not in {"", "1"})


def _judge_drawings(report: Report, document: Document, name: str, part: Any) -> None:
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


def _judge_contrasts(report: Report, document: Document) -> None:
    contrasts = Contrasts()
    page = child(document.root, "background")
    paper = (colour(attribute(page, "color")) if page is not None else None) or WHITE
    for name, part in document.parts():
        for paragraph in part.iter("{*}p"):
            back = _behind(document, paragraph, paper)
            if back is not None:
                _add_runs(contrasts, document, paragraph, back, name)
    contrasts.judge(report)


def _add_runs(contrasts: Contrasts, document: Document, paragraph: Any, back: Colour, name: str) -> None:
    styles = document.styles.of_paragraph(_style_of(paragraph))
    for run in _runs(paragraph):
        text = _text(run)
        look = document.look(run, styles)
        front = colour(look.front)
        if front is None or look.hidden or look.back == "?" or not text.strip():
            continue
        own = colour(look.back) or back
        contrasts.add(Words(text, front, own, look.points or 10.0, bool(look.strong), name))


def _behind(document: Document, paragraph: Any, paper: Colour) -> Colour | None:
    """What a paragraph lies on; None when it cannot be known: a drawn frame, a pattern, a table with its own look."""
    shade = shade_of(child(paragraph, "pPr", "shd"), document.theme)
    for style in document.styles.of_paragraph(_style_of(paragraph)):
        shade = shade or style.back
    if shade:
        return colour(shade)
    for one in paragraph.iterancestors():
        if local(one) == "tc" and (cell := shade_of(child(one, "tcPr", "shd"), document.theme)):
            return colour(cell)
        if local(one) == "tbl" and _is_styled(one):
            return None
        if local(one) == "txbxContent":
            return _frame(document, one)
    return paper


def _is_styled(table: Any) -> bool:
    style = child(table, "tblPr", "tblStyle")
    return style is not None and attribute(style, "val").lower() not in {"tablegrid", "grilledutableau", "tablenormal"}


def _frame(document: Document, content: Any) -> Colour | None:
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


def _judge_history(report: Report, document: Document) -> None:
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


def _judge_hidden(report: Report, document: Document, part: Any, name: str) -> None:
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
