"""PDF documents: their lock, their properties, and what their tags and their pages say together."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf

from traam.engines.pageaudit.documents import pdf_tags
from traam.engines.pageaudit.documents.colours import Contrasts
from traam.engines.pageaudit.documents.package import LOCKED, parsed
from traam.engines.pageaudit.documents.pdf_pages import Budget, Page, read_page
from traam.engines.pageaudit.documents.people import judge_company, judge_path, judge_person
from traam.engines.pageaudit.documents.photos import judge_embedded
from traam.engines.pageaudit.documents.report import Report, Unreadable, shortened
from traam.engines.pageaudit.documents.wording import judge_language, judge_title

MOST_PAGES = 500
MOST_IMAGES = 500
MOST_ANNOTATIONS = 5_000
_MOST_XMP = 2_000_000
_BROKEN = "Ce PDF est abîmé ou incomplet : produisez-le à nouveau depuis le document d'origine, puis remplacez-le."
_REMARKS = {
    "/Text": "note",
    "/Highlight": "surlignage",
    "/Underline": "soulignement",
    "/StrikeOut": "texte barré",
    "/Squiggly": "soulignement ondulé",
    "/Caret": "ajout proposé",
    "/FreeText": "note écrite sur la page",
    "/Ink": "trait à main levée",
}


def audit(report: Report, content: bytes) -> None:
    """Raises `Unreadable`, or whatever pikepdf raises on a file that is not sound."""
    with _opened(content) as pdf:
        if pdf.is_encrypted and not pdf.allow.accessibility:
            report.fault(
                "doc.locked",
                "Le PDF est protégé et interdit d'extraire son texte, même à une aide technique : certaines ne "
                "peuvent plus le lire.",
                part="protection",
            )
        _audit(report, pdf)


def _opened(content: bytes) -> pikepdf.Pdf:
    try:
        return pikepdf.open(BytesIO(content))
    except pikepdf.PasswordError:
        raise Unreadable(LOCKED, code="doc.locked") from None
    except (pikepdf.PdfError, pikepdf.ForeignObjectError, ValueError, RuntimeError):
        raise Unreadable(_BROKEN) from None


def _audit(report: Report, pdf: pikepdf.Pdf) -> None:
    root = pdf.Root
    pages = list(_pages(pdf))
    if not pages:
        raise Unreadable(_BROKEN)
    budget = Budget()
    read = [read_page(page, number, budget) for number, page in enumerate(pages, 1)]
    text = "\n".join(page.text for page in read)
    visible = text if any(page.legible for page in read) else None
    judge_language(report, text_of(root.get("/Lang")), text if visible else "")
    _judge_title(report, pdf)
    _judge_people(report, pdf, visible)
    pdf_tags.judge(report, root, pages, read)
    _judge_scans(report, read)
    _judge_contrasts(report, read)
    _judge_remarks(report, pdf, pages)
    _judge_images(report, pdf, pages)
    if budget.spent or len(pdf.pages) > MOST_PAGES:
        report.untested(
            "doc.structure",
            "Une partie des pages n'a pas été examinée : le document est très long, ou leur contenu ne se lit pas.",
            part="pages non examinées",
        )


def _pages(pdf: pikepdf.Pdf) -> Iterator[Any]:
    for number, page in enumerate(pdf.pages):
        if number >= MOST_PAGES:
            return
        yield page.obj


def text_of(value: Any) -> str:
    """A string of a PDF as text; "" for anything else."""
    return str(value).strip("\0 \ufeff") if isinstance(value, pikepdf.String) else ""


# Properties.


def _judge_title(report: Report, pdf: pikepdf.Pdf) -> None:
    title = _xmp(pdf).get("title", "") or _info(pdf, "/Title")
    if not judge_title(report, title):
        return
    preferences = pdf.Root.get("/ViewerPreferences")
    shown = isinstance(preferences, pikepdf.Dictionary) and bool(preferences.get("/DisplayDocTitle"))
    if not shown:
        report.fault(
            "doc.title",
            f"Le document a un titre, « {shortened(title, 120)} », mais demande à la fenêtre de montrer le nom du "
            "fichier à sa place.",
            part="titre non affiché",
        )


def _info(pdf: pikepdf.Pdf, name: str) -> str:
    info = pdf.trailer.get("/Info")
    return text_of(info.get(name)) if isinstance(info, pikepdf.Dictionary) else ""


def _xmp(pdf: pikepdf.Pdf) -> dict[str, str]:
    """What the XMP packet of the document says, by local name; empty when there is none one can read."""
    packet = pdf.Root.get("/Metadata")
    if not isinstance(packet, pikepdf.Stream):
        return {}
    try:
        root = parsed(packet.read_bytes()[:_MOST_XMP].strip(b"\0 \r\n"))
    except (Unreadable, pikepdf.PdfError, NotImplementedError):
        return {}
    said: dict[str, str] = {}
    for element in root.iter("{*}*"):
        said.setdefault(element.tag.rpartition("}")[2], " ".join("".join(element.itertext()).split()))
        for key, value in element.attrib.items():
            said.setdefault(str(key).rpartition("}")[2], str(value).strip())
    return said


def _judge_people(report: Report, pdf: pikepdf.Pdf, visible: str | None) -> None:
    said = _xmp(pdf)
    authors = dict.fromkeys(filter(None, (_info(pdf, "/Author"), said.get("creator", ""))))
    for author in authors:
        judge_person(report, "auteur", author, visible)
    judge_company(report, _info(pdf, "/Company") or said.get("Company", ""))
    for name in ("/Title", "/Subject", "/Keywords", "/Producer", "/Creator"):
        judge_path(report, name.lstrip("/"), _info(pdf, name))
    for value in list(said.values())[:2000]:
        judge_path(report, "métadonnées XMP", value)


# Pages.


def _judge_scans(report: Report, pages: list[Page]) -> None:
    scans = [page for page in pages if page.is_scan]
    read = [page for page in scans if page.hidden_signs]
    blind = [page for page in scans if not page.hidden_signs]
    if blind:
        all_of_it = "toutes les pages" if len(blind) == len(pages) else _numbers(blind)
        report.fault(
            "doc.structure",
            f"Le texte est une image numérisée ({all_of_it}) : aucune aide technique ne peut le lire, aucune recherche "
            "ne le trouve.",
            where=f"page {blind[0].number}",
            part=f"pages numérisées : {_numbers(blind)}",
        )
    if read:
        report.review(
            "doc.structure",
            f"Le texte vient d'une reconnaissance de caractères posée sur une image ({_numbers(read)}) : relisez-le, "
            "ou repartez du document d'origine.",
            where=f"page {read[0].number}",
            part=f"pages reconnues : {_numbers(read)}",
        )


def _numbers(pages: list[Page]) -> str:
    shown = ", ".join(str(page.number) for page in pages[:8])
    return f"page{'s' if len(pages) > 1 else ''} {shown}{'…' if len(pages) > 8 else ''}"


def _judge_contrasts(report: Report, pages: list[Page]) -> None:
    contrasts = Contrasts()
    for page in pages:
        for words in page.coloured:
            contrasts.add(words)
    contrasts.judge(report)


def _judge_remarks(report: Report, pdf: pikepdf.Pdf, pages: list[Any]) -> None:
    left = MOST_ANNOTATIONS
    for number, page in enumerate(pages, 1):
        for annotation in _items(page.get("/Annots")):
            left -= 1
            if left < 0:
                return
            kind = _REMARKS.get(str(annotation.get("/Subtype", "")))
            author, said = text_of(annotation.get("/T")), text_of(annotation.get("/Contents"))
            if kind and (said or author):
                by = f" de « {shortened(author, 80)} »" if author else ""
                report.fault(
                    "doc.tracked",
                    f"Une annotation ({kind}){by} est restée sur la page.",
                    where=f"page {number}",
                    quote=said,
                    part=f"page {number}, {kind}",
                )
    names = pdf.Root.get("/Names")
    joined = isinstance(names, pikepdf.Dictionary) and isinstance(names.get("/EmbeddedFiles"), pikepdf.Dictionary)
    if joined or isinstance(pdf.trailer.get("/AdditionalStreams"), pikepdf.Array):  # the latter by LibreOffice
        report.review(
            "doc.tracked",
            "Le PDF contient un fichier joint (souvent le document d'origine, avec ses corrections et ses noms) : "
            "vérifiez que vous voulez le publier.",
            part="fichier joint",
        )


def _items(value: Any) -> Iterator[Any]:
    if isinstance(value, pikepdf.Array):
        for one in value:
            if isinstance(one, pikepdf.Dictionary):
                yield one


def _judge_images(report: Report, pdf: pikepdf.Pdf, pages: list[Any]) -> None:
    seen: set[tuple[int, int]] = set()
    for number, page in enumerate(pages, 1):
        for name, image in _images(page, seen, 0):
            if len(seen) > MOST_IMAGES:
                return
            filters = image.get("/Filter")
            last = filters[-1] if isinstance(filters, pikepdf.Array) and len(filters) else filters
            if str(last) == "/DCTDecode" and not (isinstance(filters, pikepdf.Array) and len(filters) > 1):
                judge_embedded(report, image.read_raw_bytes(), f"page {number}, image {name}", f"page {number}")


def _images(page: Any, seen: set[tuple[int, int]], depth: int) -> Iterator[tuple[str, Any]]:
    resources = page.get("/Resources")
    drawn = resources.get("/XObject") if isinstance(resources, pikepdf.Dictionary) else None
    if not isinstance(drawn, pikepdf.Dictionary):
        return
    for name, one in drawn.items():
        if not isinstance(one, pikepdf.Stream) or one.objgen in seen or len(seen) > MOST_IMAGES:
            continue
        seen.add(one.objgen)
        if one.get("/Subtype") == "/Image":
            yield name.lstrip("/"), one
        elif depth < 10:
            yield from _images(one, seen, depth + 1)
