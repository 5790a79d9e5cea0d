"""OpenDocument presentations."""

from typing import Any

from traam.engines.pageaudit.documents import odf
from traam.engines.pageaudit.documents.colours import Colour, Contrasts, Words, colour
from traam.engines.pageaudit.documents.odt import is_merged
from traam.engines.pageaudit.documents.package import BROKEN, Package, attribute, child, local
from traam.engines.pageaudit.documents.report import Report, Unreadable, shortened
from traam.engines.pageaudit.documents.structure import Table, judge_table
from traam.engines.pageaudit.documents.wording import judge_language


def audit(report: Report, package: Package) -> None:
    odf.open_or_refuse(package)
    content, defined = package.xml("content.xml"), package.xml("styles.xml")
    body = child(content, "body", "presentation")
    if body is None:
        raise Unreadable(BROKEN)
    styles = odf.Styles(defined, content)
    slides = [one for one in body if local(one) == "page"]
    visible = "\n".join(_text(slide) for slide in slides)
    judge_language(report, styles.language(), visible)
    odf.judge_properties(report, package, visible)
    odf.judge_links(report, content)
    contrasts = Contrasts()
    for number, slide in enumerate(slides, 1):
        where = f"diapositive {number}"
        _judge_title(report, slide, where)
        odf.judge_pictures(report, slide, styles, where)
        _judge_tables(report, slide, where)
        odf.judge_history(report, slide, where)
        _judge_visibility(report, slide, styles, where)
        _add_contrasts(contrasts, slide, styles, _back(slide, styles, defined), where)
    contrasts.judge(report)
    odf.judge_media(report, package)


def _paragraphs(slide: Any) -> list[Any]:
    return [
        one
        for one in slide.iter(odf.TEXT_P)
        if not any(local(above) in {"notes", "annotation"} for above in one.iterancestors())
    ]


def _text(slide: Any) -> str:
    return "\n".join(odf.text(one) for one in _paragraphs(slide))


def _judge_title(report: Report, slide: Any, where: str) -> None:
    titles = [one for one in slide if local(one) in {"frame", "custom-shape"} and attribute(one, "class") == "title"]
    if any(odf.text(one).strip() for title in titles for one in title.iter(odf.TEXT_P)):
        return
    lack = "a une zone de titre vide" if titles else "n'a pas de titre"
    first = next((line for line in _text(slide).splitlines() if line.strip()), "")
    report.fault(
        "doc.structure",
        f"La diapositive {lack} : qui écoute la présentation ne peut pas la retrouver dans le plan.",
        where=where,
        part=f"{where}{' : ' + shortened(first, 120) if first else ''}",
    )


def _judge_tables(report: Report, slide: Any, where: str) -> None:
    for number, table in enumerate(slide.iter("{*}table"), 1):
        rows = list(table.iter("{*}table-row"))
        headed = (
            len(rows) < 2
            or child(table, "table-header-rows") is not None
            or "true" in {attribute(table, name) for name in ("use-first-row-styles", "use-first-column-styles")}
        )
        merged = next((_text(cell) for cell in table.iter("{*}table-cell") if is_merged(cell)), None)
        shown = " | ".join(_text(cell) for cell in rows[0]) if rows else ""
        judge_table(report, Table(f"{where}, tableau {number}", shown, headed, merged))


def _judge_visibility(report: Report, slide: Any, styles: odf.Styles, where: str) -> None:
    style = attribute(slide, "style-name")
    if styles.property("drawing-page", style, "drawing-page-properties", "visibility") == "hidden":
        report.review(
            "doc.tracked",
            "Cette diapositive est masquée : elle ne se projette pas, mais chacun la télécharge. Gardez-la si c'est "
            "voulu, sinon supprimez-la.",
            where=where,
            part=f"{where}, masquée : {shortened(_text(slide), 120)}",
        )


# Contrasts.


def _back(slide: Any, styles: odf.Styles, defined: Any) -> Colour | None:
    """The colour of a slide, or of its master; None for a picture, a gradient, or a master with drawings of its own."""
    filled = _page_fill(styles, attribute(slide, "style-name"))
    if filled is not None:
        return filled[0]
    name = attribute(slide, "master-page-name")
    for master in [] if defined is None else defined.iter("{*}master-page"):
        if attribute(master, "name") == name:
            if any(local(one) != "notes" and not attribute(one, "class") for one in master):
                return None
            filled = _page_fill(styles, attribute(master, "style-name"))
            return filled[0] if filled is not None else (255, 255, 255)
    return (255, 255, 255)


def _page_fill(styles: odf.Styles, name: str) -> tuple[Colour | None] | None:
    kind = styles.property("drawing-page", name, "drawing-page-properties", "fill")
    if kind in {"", "none"}:
        return None
    said = styles.property("drawing-page", name, "drawing-page-properties", "fill-color")
    return (colour(said) if kind == "solid" else None,)


def _add_contrasts(contrasts: Contrasts, slide: Any, styles: odf.Styles, back: Colour | None, where: str) -> None:
    """Words of shapes with a fill of their own; of the others, only when nothing else is drawn that they may lie on."""
    shapes = [
        one for one in slide if local(one) in {"frame", "custom-shape", "rect", "g", "polygon", "path", "ellipse"}
    ]
    drawn = [one for one in shapes if child(one, "text-box") is None or _fill(one, styles) is not None]
    for shape in shapes:
        filled = _fill(shape, styles)
        others = [one for one in drawn if one is not shape]
        ground = filled[0] if filled is not None else (None if others else back)
        if ground is not None:
            _add_words(contrasts, shape, styles, ground, where)


def _fill(shape: Any, styles: odf.Styles) -> tuple[Colour | None] | None:
    name = attribute(shape, "style-name")
    return odf.fill(styles, name)


def _add_words(contrasts: Contrasts, shape: Any, styles: odf.Styles, back: Colour, where: str) -> None:
    family = "presentation" if _is_presentation(shape) else "graphic"
    base = styles.look(family, attribute(shape, "style-name"))
    for paragraph in shape.iter(odf.TEXT_P):
        if any(local(above) == "table-cell" for above in paragraph.iterancestors()):
            continue  # on the fill of its cell, which a template says
        look = styles.look("paragraph", attribute(paragraph, "style-name")).over(base)
        for said, piece in odf.pieces(paragraph, styles, look):
            front = colour(piece.front)
            if front is not None:
                contrasts.add(Words(said, front, colour(piece.back) or back, piece.size, bool(piece.strong), where))


def _is_presentation(shape: Any) -> bool:
    return any(str(key).endswith("presentation:1.0}style-name") for key in shape.attrib)
