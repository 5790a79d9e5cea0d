"""Judgements on how a document is built, whatever its format: its headings, its paragraphs, its tables."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from traam.engines.pageaudit.documents.report import Report, shortened


@dataclass(frozen=True)
class Heading:
    """A heading as it is declared; level 1 is the highest."""

    level: int
    text: str
    where: str = ""


def judge_headings(report: Report, headings: Sequence[Heading], *, titled: bool = False) -> None:
    """Their order. `titled` tells that the document opens with a title of its own, above level 1."""
    before = 0
    for heading in headings:
        said = shortened(heading.text, 120)
        if not said:
            report.fault(
                "doc.head",
                f"Un titre de niveau {heading.level} est vide : il apparaît dans le plan sans rien dire.",
                where=heading.where,
                part=f"titre {heading.level} vide, {heading.where}",
            )
            continue
        if heading.level > before + 1:
            report.fault("doc.head", _skipped(said, heading.level, before, titled), where=heading.where, quote=said)
        before = heading.level


def _skipped(said: str, level: int, before: int, titled: bool) -> str:
    if before:
        return (
            f"« {said} » est un titre de niveau {level} juste après un titre de niveau {before} : le plan saute du "
            f"niveau {before} au niveau {level}."
        )
    after = " après le titre du document" if titled else ""
    return f"Le premier titre{after}, « {said} », est de niveau {level} : le plan commence au niveau 1."


def judge_no_heading(report: Report, words: int, pages: int = 0) -> None:
    """A document without a single heading, once it is long enough to need one."""
    if words >= 400 or pages >= 3:
        size = f"ses {pages} pages" if pages >= 3 else f"ses {words} mots"
        report.fault(
            "doc.head",
            f"Le document n'a aucun titre pour {size} : qui l'écoute ne peut ni le parcourir ni aller à une partie.",
            part="aucun titre",
        )


@dataclass(frozen=True)
class Line:
    """A paragraph as a reader sees it. `plain` tells that its style is that of ordinary text, outside of lists."""

    text: str
    strong: bool = False
    larger: bool = False
    plain: bool = True
    empty: bool = False
    where: str = ""


def judge_lines(report: Report, lines: Sequence[Line]) -> None:
    """Paragraphs that look like headings, items typed by hand, and empty paragraphs that make room."""
    for at, line in enumerate(lines):
        after = next((other for other in lines[at + 1 : at + 6] if not other.empty), None)
        if _looks_like_heading(line, after):
            _false_heading(report, line)
    _typed_lists(report, lines)
    _empty_lines(report, lines)


def _looks_like_heading(line: Line, after: Line | None) -> bool:
    if not line.plain or not (line.strong or line.larger) or after is None or (after.strong and not line.larger):
        return False
    said = line.text.strip()
    return 2 < len(said) <= 120 and said[-1] not in ".,;!" and any(sign.isalpha() for sign in said)


def _false_heading(report: Report, line: Line) -> None:
    said = shortened(line.text, 120)
    look = "en gras" if line.strong else "écrit plus gros"
    message = (
        f"« {said} » est {look} comme un titre, sans style de titre : il se voit, mais n'entre pas dans le plan du "
        "document."
    )
    if said.endswith(":"):
        report.review("doc.head", message, where=line.where, quote=said)
    else:
        report.fault("doc.head", message, where=line.where, quote=said)


_TYPED_ITEM = re.compile(r"^\s*(?:[-–—•●▪◦*➢✓→]|\d{1,2}[.)]|[a-z]\))[\s\u00a0]+\S")


def _typed_lists(report: Report, lines: Sequence[Line]) -> None:
    run: list[Line] = []
    for line in [*lines, Line("", plain=False)]:
        if line.plain and not line.empty and _TYPED_ITEM.match(line.text):
            run.append(line)
            continue
        if len(run) >= 3:
            report.review(
                "doc.structure",
                f"{len(run)} lignes à la suite commencent par un tiret ou un numéro tapé à la main : faites-en une "
                "vraie liste, qu'une aide technique annonce et compte.",
                where=run[0].where,
                quote=run[0].text,
            )
        run = []


def _empty_lines(report: Report, lines: Sequence[Line]) -> None:
    runs, count, where, before = 0, 0, "", ""
    longest = (0, "", "")
    for line in lines:
        if line.empty:
            count += 1
            continue
        if count >= 2:
            runs += 1
            longest = max(longest, (count, where, before), key=lambda one: one[0])
        count, where, before = 0, line.where, line.text
    if runs:
        count, where, before = longest
        again = f" ({runs} endroits dans le document)" if runs > 1 else ""
        report.fault(
            "doc.spacing",
            f"{count} paragraphes vides à la suite servent d'espace{again} : une aide technique les annonce un à un.",
            where=where,
            quote=f"Après « {shortened(before, 120)} »" if before else "",
            part="paragraphes vides",
        )


def words_of(texts: Iterable[str]) -> int:
    return sum(len(text.split()) for text in texts)


@dataclass(frozen=True)
class Table:
    """A table of data. `shown` are the words of its first row; `merged` those of a cell that spreads over others, None
    without one."""

    where: str
    shown: str
    headed: bool
    merged: str | None = None


def judge_table(report: Report, table: Table) -> None:
    if not table.headed:
        report.fault(
            "doc.table",
            "Le tableau n'a ni ligne ni colonne d'en-tête déclarée : une aide technique lit ses cellules sans dire à "
            "quelle colonne elles appartiennent.",
            where=table.where,
            part=f"{table.where} : {shortened(table.shown, 200)}",
        )
    if table.merged is not None:
        report.review(
            "doc.table",
            "Le tableau a des cellules fusionnées : vérifiez qu'il se comprend lu cellule après cellule, ou coupez-le "
            "en tableaux simples.",
            where=table.where,
            part=f"{table.where}, cellule fusionnée « {shortened(table.merged, 80)} »",
        )
