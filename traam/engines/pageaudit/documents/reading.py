"""Opens a document as what it is, and has it judged."""

import zipfile
from collections.abc import Callable

import pikepdf
from lxml import etree

from traam.engines.pageaudit.documents import docx, kinds, odf, odp, odt, office, pdf, photos, pptx
from traam.engines.pageaudit.documents.package import BROKEN, LOCKED, Package
from traam.engines.pageaudit.documents.report import Report, Unreadable
from traam.engines.pageaudit.values import Answer, Finding

_HEAVY = "La lecture du document a été arrêtée : il demande trop de mémoire. Allégez ses images ou coupez-le en deux."
_OF_OFFICE: dict[str, Callable[[Report, Package], None]] = {
    kinds.WORD: docx.audit,
    kinds.SLIDES: pptx.audit,
    kinds.OPEN_TEXT: odt.audit,
    kinds.OPEN_SLIDES: odp.audit,
}
_NOT_READ = {
    kinds.OLD_OFFICE: "Ce format ancien (.doc, .ppt, .xls) n'est pas examiné, et tous les logiciels ne le lisent pas : "
    "enregistrez-le en .odt, .odp ou .ods, ou en .docx, .pptx ou .xlsx, puis remplacez-le.",
    kinds.RTF: "Le format RTF n'est pas examiné : enregistrez-le en .odt ou .docx, puis remplacez-le.",
    kinds.EPUB: "Les livres EPUB ne sont pas examinés : vérifiez celui-ci avec l'outil Ace de DAISY.",
    kinds.ARCHIVE: "Ce qu'une archive contient n'est pas examiné : publiez ses documents un par un, ils le seront.",
    kinds.HEIC: "Les photographies HEIC ne sont pas examinées, et peu de logiciels les lisent : passez-la en JPEG.",
    kinds.OPEN_OTHER: "Ce genre de document n'est pas examiné : publiez-en un PDF balisé.",
}
_SHEETS = (
    "Les feuilles d'un classeur ne sont pas examinées (seuls ses noms et ses photographies le sont) : vérifiez que "
    "chaque tableau a une ligne d'en-tête, sans cellules fusionnées, et chaque graphique un texte de remplacement."
)


def read(name: str, content: bytes) -> list[Finding]:
    """The findings of a document, in this very process: for bytes that are known, and for the child."""
    report = Report(name)
    try:
        _judge(report, name, content)
    except Unreadable as problem:
        report.refused(problem)
    except (MemoryError, RecursionError):
        report.refused(Unreadable(_HEAVY, answer=Answer.UNTESTED))
    except (
        pikepdf.PdfError,
        pikepdf.ForeignObjectError,
        etree.LxmlError,
        zipfile.BadZipFile,
        ArithmeticError,
        LookupError,
        ValueError,
        TypeError,
        AttributeError,
        OSError,
        RuntimeError,
    ):  # a crafted file makes readers fail in every way there is
        report.refused(Unreadable(BROKEN))
    return report.findings()


def _judge(report: Report, name: str, content: bytes) -> None:
    kind = kinds.recognised(content)
    _judge_name(report, name, kind)
    if kind in _OF_OFFICE:
        _OF_OFFICE[kind](report, Package(content))
    elif kind == kinds.PDF:
        pdf.audit(report, content)
    elif kind == kinds.PICTURE:
        photos.judge_photo(report, content)
    elif kind in {kinds.SHEET, kinds.OPEN_SHEET}:
        _judge_sheet(report, Package(content), kind)
    elif kind == kinds.LOCKED_OFFICE:
        raise Unreadable(LOCKED, code="doc.locked")
    elif kind in _NOT_READ:
        raise Unreadable(_NOT_READ[kind], answer=Answer.UNTESTED)


def _judge_name(report: Report, name: str, kind: str) -> None:
    extension = kinds.extension(name)
    announced = kinds.EXTENSIONS.get(extension, "")
    if kind == kinds.EMPTY:
        raise Unreadable("Ce fichier est vide : déposez-le à nouveau.")
    if kind == kinds.WEB_PAGE:
        raise Unreadable(
            "L'adresse donne une page web et non le document annoncé : c'est souvent une page d'erreur ou de "
            "connexion. Vérifiez le lien."
        )
    if kind == kinds.UNKNOWN:
        said = f"n'est pas le document annoncé ({announced})" if announced else "n'est pas d'un format connu"
        raise Unreadable(f"Ce fichier {said}, ou il est abîmé : enregistrez-le à nouveau, puis remplacez-le.")
    if extension in kinds.EXTENSIONS and kind in kinds.FAMILIES and extension not in kinds.FAMILIES[kind]:
        report.fault(
            "doc.format",
            f"Le nom finit par .{extension}, mais le fichier est {kinds.SAID[kind]} : il ne s'ouvrira pas partout. "
            "Corrigez son nom.",
            part=f"nom en .{extension}",
        )


def _judge_sheet(report: Report, package: Package, kind: str) -> None:
    if kind == kinds.SHEET:
        office.judge_hidden(report, package, None, package.xml("docProps/core.xml"), package.xml("docProps/app.xml"))
        office.judge_media(report, package)
    else:
        odf.open_or_refuse(package)
        odf.judge_hidden(report, package, None)
        odf.judge_media(report, package)
    report.untested("doc.format", _SHEETS)
