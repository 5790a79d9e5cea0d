"""The comparison of the dossiers of a theme, as a file: what the page shows to the same reader, no more."""

from collections.abc import Iterator
from typing import cast

from traam.engines.sheets import Column, Form, Layout, write
from traam.programme.selection.reading import Asked, Judgment, Listing, Sheet, Viewer

FORMS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "csv": "text/csv; charset=utf-8",
}
LONGEST = 30_000  # characters of a cell, under what a spreadsheet takes


def comparison(seen: Viewer, asked: Asked, form: str) -> bytes:
    """The dossiers this reader may know of, filtered and sorted as she asks. Private notes are in no file."""
    layout = Layout("comparaison", "Comparaison", tuple(_columns(seen)))
    rows = [_row(seen, sheet) for sheet in Listing(seen, asked).all()]
    scale = ", ".join(f"{mark.value} {mark.label}" for mark in seen.selection.marks)
    notice = [f"{seen.theme} ({seen.theme.campaign}).", f"Échelle : {scale}. Les moyennes sont pondérées."]
    return write(layout, rows, title="Comparaison des dossiers", notice=notice, form=cast(Form, form))


def _columns(seen: Viewer) -> Iterator[Column]:
    yield Column("number", "Dossier", kind="integer")
    if not seen.hidden:
        yield Column("academy", "Académie")
        yield Column("region", "Région académique", width=28)
        yield Column("rank", "Rang de l'académie", kind="integer")
        yield Column("inspector_opinion", "Avis de l'inspecteur")
    yield Column("titles", "Projets", width=50)
    yield Column("axes", "Axes")
    yield Column("degree", "Degré")
    for criterion in seen.selection.criteria:
        yield Column(f"criterion_{criterion.id}", f"Critère : {criterion.label}")
    yield Column("readers", "Avis comptés", kind="integer")
    yield Column("mean", "Moyenne")
    yield Column("spread", "Écart entre lecteurs")
    yield Column("scores", "Notes des lecteurs", width=40)
    yield Column("comments", "Commentaires", width=60)
    yield Column("state", "Décision")


def _row(seen: Viewer, sheet: Sheet) -> dict[str, object]:
    row: dict[str, object] = {
        "number": sheet.number,
        "titles": sheet.title,
        "axes": ", ".join(str(axis) for axis in sheet.axes),
        "degree": sheet.degree,
        "readers": None if sheet.judgments is None else len(sheet.counted),
        "mean": decimal(sheet.mean),
        "spread": decimal(sheet.spread),
        "scores": "\n".join(f"{each.reader} : {_scored(each)}" for each in sheet.judgments or ()),
        "comments": "\n\n".join(f"{each.reader} : {each.comment}" for each in sheet.judgments or ())[:LONGEST],
        "state": sheet.state_label,
    }
    row |= {f"criterion_{name}": decimal(mean) for name, mean in sheet.means.items()}
    if sheet.identity:
        who = sheet.identity
        row |= {
            "academy": who.academy_name,
            "region": who.region,
            "rank": who.rank,
            "inspector_opinion": who.inspector_opinion,
        }
    return row


def _scored(judgment: Judgment) -> str:
    aside = ", mis à part : conflit d'intérêts déclaré" if judgment.aside else ""
    return f"{decimal(judgment.score)} ({judgment.word}{aside})"


def decimal(hundredths: int | None) -> str:
    """A number of the scale in French: 3,25."""
    return "" if hundredths is None else f"{hundredths // 100},{hundredths % 100:02d}"
