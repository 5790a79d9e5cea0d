"""OpenDocument texts."""

from collections import Counter
from typing import Any

from traam.engines.pageaudit.documents import odf
from traam.engines.pageaudit.documents.colours import WHITE, Colour, Contrasts, Words, colour
from traam.engines.pageaudit.documents.package import BROKEN, Package, attribute, child, local
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
from traam.engines.pageaudit.documents.wording import judge_language

_NOT_TEXT = (
    "title",
    "subtitle",
    "titre",
    "sous-titre",
    "caption",
    "légende",
    "contents",
    "header",
    "footer",
    "quot",
    "list",
)
_TITLES = {"Title", "Titre", "Titre principal"}


def audit(report: Report, package: Package) -> None:
    odf.open_or_refuse(package)
    content, defined = package.xml("content.xml"), package.xml("styles.xml")
    body = child(content, "body", "text")
    if body is None:
        raise Unreadable(BROKEN)
    styles = odf.Styles(defined, content)
    pages = list(defined.iter("{*}master-page")) if defined is not None else []
    paragraphs = [one for root in (body, *pages) for one in root.iter(odf.TEXT_P, odf.TEXT_H)]
    visible = "\n".join(odf.text(one) for one in paragraphs if not _is_erased(one))
    judge_language(report, styles.language(), visible)
    odf.judge_properties(report, package, visible)
    odf.judge_links(report, content)
    _judge_text(report, body, styles)
    _judge_tables(report, body)
    odf.judge_pictures(report, body, styles)
    for page in pages:
        odf.judge_pictures(report, page, styles, "en-tête ou pied de page")
    odf.judge_media(report, package)
    _judge_contrasts(report, paragraphs, styles, _paper(defined))
    odf.judge_history(report, body)


def _is_erased(element: Any) -> bool:
    return any(local(one) in {"tracked-changes", "annotation"} for one in element.iterancestors())


def _paragraphs(body: Any) -> list[Any]:
    """Those of the text itself, out of tables, frames and notes."""
    found, waiting = [], [body]
    while waiting:
        element = waiting.pop()
        if element.tag in {odf.TEXT_P, odf.TEXT_H}:
            found.append(element)
        elif local(element) in {"text", "section", "list", "list-item", "list-header"}:
            waiting.extend(reversed(element))
    return found


def _judge_text(report: Report, body: Any, styles: odf.Styles) -> None:
    paragraphs = _paragraphs(body)
    usual = _usual_size(paragraphs, styles)
    headings: list[Heading] = []
    lines: list[Line] = []
    titled = False
    for paragraph in paragraphs:
        if paragraph.tag == odf.TEXT_H:
            level = attribute(paragraph, "outline-level")
            at = f"paragraphe {len([line for line in lines if not line.empty]) + 1}"
            headings.append(Heading(int(level) if level.isdigit() else 1, odf.text(paragraph), at))
        chain = styles.chain("paragraph", attribute(paragraph, "style-name"))
        titled = titled or (not headings and any(style.shown in _TITLES for style in chain[:2]))
        lines.append(_line(paragraph, styles, usual))
    judge_headings(report, headings, titled=titled)
    judge_lines(report, lines)
    if not headings:
        judge_no_heading(report, words_of(line.text for line in lines))


def _usual_size(paragraphs: list[Any], styles: odf.Styles) -> float:
    sizes: Counter[float] = Counter()
    for paragraph in paragraphs[:2000]:
        look = styles.look("paragraph", attribute(paragraph, "style-name"))
        for said, piece in odf.pieces(paragraph, styles, look):
            sizes[piece.size] += len(said.strip())
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _line(paragraph: Any, styles: odf.Styles, usual: float) -> Line:
    text = odf.text(paragraph)
    name = attribute(paragraph, "style-name")
    seen = [piece for said, piece in odf.pieces(paragraph, styles, styles.look("paragraph", name)) if said.strip()]
    ordinary = not any(style.shown.lower().startswith(_NOT_TEXT) for style in styles.chain("paragraph", name)[:2])
    return Line(
        text,
        strong=bool(seen) and all(piece.strong for piece in seen),
        larger=bool(seen) and usual > 0 and all(piece.size >= usual * 1.2 for piece in seen),
        plain=paragraph.tag == odf.TEXT_P
        and ordinary
        and local(paragraph.getparent()) not in {"list-item", "list-header"},
        empty=not text.strip() and not any(True for _ in paragraph.iter("{*}frame", "{*}g", "{*}custom-shape", "{*}a")),
        where=f"paragraphe « {shortened(text, 40)} »" if text.strip() else "",
    )


def _judge_tables(report: Report, body: Any) -> None:
    number = 0
    for table in body.iter("{*}table"):
        if attribute(table, "is-sub-table") == "true":
            continue
        number += 1
        rows = [row for row in table.iter("{*}table-row") if next(row.iterancestors("{*}table")) is table]
        cells = [[cell for cell in row if local(cell) == "table-cell"] for row in rows]
        if len(rows) < 2 or max(map(len, cells)) < 2:
            continue
        headed = any(child(table, name) is not None for name in ("table-header-rows", "table-header-columns"))
        merged = next((_words(cell) for row in cells for cell in row if is_merged(cell)), None)
        judge_table(report, Table(f"tableau {number}", " | ".join(map(_words, cells[0])), headed, merged))


def is_merged(cell: Any) -> bool:
    return any(attribute(cell, name) not in {"", "1"} for name in ("number-columns-spanned", "number-rows-spanned"))


def _words(cell: Any) -> str:
    return " ".join(odf.text(one) for one in cell.iter(odf.TEXT_P, odf.TEXT_H))


def _paper(defined: Any) -> Colour | None:
    """The colour of the page; None for a picture."""
    for element in [] if defined is None else defined.iter("{*}page-layout-properties"):
        if attribute(element, "fill") in {"bitmap", "gradient", "hatch"}:
            return None
        if found := colour(attribute(element, "background-color")):
            return found
    return WHITE


def _judge_contrasts(report: Report, paragraphs: list[Any], styles: odf.Styles, paper: Colour | None) -> None:
    contrasts = Contrasts()
    for paragraph in paragraphs:
        if _is_erased(paragraph):
            continue
        name = attribute(paragraph, "style-name")
        look = styles.look("paragraph", name)
        back = _behind(paragraph, name, styles, paper)
        for said, piece in odf.pieces(paragraph, styles, look):
            front, own = colour(piece.front), colour(piece.back) or back
            if front is not None and own is not None and not piece.hidden:
                contrasts.add(Words(said, front, own, piece.size, bool(piece.strong)))
        odf.judge_hidden_words(report, odf.pieces(paragraph, styles, look))
    contrasts.judge(report)


def _behind(paragraph: Any, name: str, styles: odf.Styles, paper: Colour | None) -> Colour | None:
    own = colour(styles.property("paragraph", name, "paragraph-properties", "background-color"))
    if own:
        return own
    for one in paragraph.iterancestors():
        kind = local(one)
        if kind in {"table-cell", "table-row", "table"}:
            said = styles.property(kind, attribute(one, "style-name"), f"{kind}-properties", "background-color")
            if found := colour(said):
                return found
        if kind in {"frame", "custom-shape"}:
            filled = odf.fill(styles, attribute(one, "style-name"))
            return filled[0] if filled else None
    return paper
