"""Information pages from Markdown files with a front matter: all of them, or none when one is wrong."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import urljoin

from django.db import transaction
from django.db.models import F

from traam.engines.infopages import Sheet, read
from traam.programme.catalogue.information.actions import add
from traam.programme.catalogue.information.models import Content, InformationRevision
from traam.programme.catalogue.information.rules import SLUG, faults, lacking
from traam.programme.journal.actions import Actor

# The name, in the files, of what a rule speaks of.
WRITTEN = {
    "title": "title",
    "description": "description",
    "video": "videoEmbedSrc",
    "download": "videoDownloadHref",
    "document": "pdfFilePath",
    "captions": "captionFilePath",
    "licence_address": "Licence, dans les crédits",
}
HEAVIEST = 5_000_000


@dataclass
class Report:
    """What the files did, or would do. `problems` say where; nothing is written when there is one. `notes` are what a
    page still lacks to be published."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@transaction.atomic
def pages(
    path: Path, *, actor: Actor, at: datetime, dry_run: bool = False, replace: bool = False, site: str = ""
) -> Report:
    """Import a file, or every `.md` file under a folder. New pages are drafts; a page that is known gets a revision.

    `site` is the address that completes the documents given by a path ("/pdf/un.pdf").

    A page that somebody edited on line since its import is left alone, with a problem, unless `replace`.
    """
    report = Report()
    if not path.exists():
        report.problems.append(f"{path} : ce fichier n'existe pas.")
        return report
    files = sorted(path.rglob("*.md")) if path.is_dir() else [path]
    if not files:
        report.problems.append(f"{path} : ce dossier ne contient aucun fichier .md.")
    wanted = dict(_wanted(files, path, site, report))
    rows = InformationRevision.objects.filter(number=F("page__last"), page__slug__in=wanted).select_related("page")
    known = {row.page.slug: row for row in rows}
    for slug, (where, content) in wanted.items():
        before = known.get(slug)
        if before and not before.imported and before.content != content and not replace:
            report.problems.append(
                f"{where} : la page « {slug} » a été modifiée en ligne par {before.saved_by} ; donnez --replace pour "
                "la remplacer (sa version d'avant reste dans ses versions)."
            )
    if report.problems:
        return report
    for slug, (where, content) in wanted.items():
        before = known.get(slug)
        report.added += before is None
        report.changed += before is not None and before.content != content
        report.unchanged += before is not None and before.content == content
        report.notes += [f"{where} : pour la publier, {lack}." for lack in lacking(content)]
        if not dry_run and (before is None or before.content != content):
            add(slug, content, actor=actor, at=at, imported=True)
    return report


def _wanted(files: Sequence[Path], root: Path, site: str, report: Report) -> Iterator[tuple[str, tuple[str, Content]]]:
    """Each page by its slug, with where it comes from; what is wrong goes to the report."""
    seen: dict[str, str] = {}
    for file in files:
        where = str(file.relative_to(root)) if root.is_dir() else file.name
        slug = file.stem
        content = _content(file, where, site, report)
        if not SLUG.fullmatch(slug):
            report.problems.append(
                f"{where} : le nom du fichier devient l'adresse de la page ; écrivez-le avec des minuscules sans "
                "accent, des chiffres et des tirets."
            )
        elif slug in seen:
            report.problems.append(f"{where} : {seen[slug]} porte déjà ce nom ; deux pages auraient la même adresse.")
        elif content:
            yield slug, (where, content)
        seen.setdefault(slug, where)


def _content(file: Path, where: str, site: str, report: Report) -> Content | None:
    try:
        if file.stat().st_size > HEAVIEST:
            report.problems.append(f"{where} : ce fichier pèse plus de {HEAVIEST // 1_000_000} Mo.")
            return None
        sheet, wrong = read(file.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError:
        report.problems.append(f"{where} : ce fichier n'est pas en UTF-8 ; enregistrez-le avec ce codage.")
        return None
    except OSError as problem:
        report.problems.append(f"{where} ne se lit pas : {problem.strerror}.")
        return None
    report.problems += [f"{where}, {fault}" for fault in wrong]
    return _judged(sheet, file, where, site, report) if sheet else None


def _judged(sheet: Sheet, file: Path, where: str, site: str, report: Report) -> Content | None:
    before = len(report.problems)
    values = {name: getattr(sheet, name) for name in Content.__dataclass_fields__ if name != "captions"}
    if site and sheet.document:
        values["document"] = urljoin(site, sheet.document)
    content = Content(**values, captions=_captions(sheet.captions, file, where, report))
    for name, sentences in faults(content).items():
        report.problems += [f"{where}, {WRITTEN.get(name, name)} : {sentence}" for sentence in sentences]
    return content if len(report.problems) == before else None


def _captions(path: str, file: Path, where: str, report: Report) -> str:
    """The captions named by a path: beside the file, or in a folder above it, as a site keeps them ("public")."""
    if not path:
        return ""
    inside = Path(path.lstrip("/"))
    folders = [
        folder / part for folder in (file.resolve().parent, *file.resolve().parents[1:5]) for part in ("", "public")
    ]
    found = next((folder / inside for folder in folders if (folder / inside).is_file()), None)
    if ".." in inside.parts or inside.suffix != ".vtt" or found is None:
        report.problems.append(
            f"{where}, captionFilePath : le fichier de sous-titres « {path} » n'est pas là ; posez ce fichier .vtt à "
            "côté de la page, ou dans un dossier public au-dessus."
        )
        return ""
    try:
        if found.stat().st_size > HEAVIEST:
            raise OSError("trop lourd")
        return found.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError):
        report.problems.append(
            f"{where}, captionFilePath : « {path} » ne se lit pas ; il est en UTF-8, de 5 Mo au plus."
        )
        return ""
