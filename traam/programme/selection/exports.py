"""The dossiers of a theme compared, or a proposal of selection, as a file: what the page shows, no more."""

from collections.abc import Iterator
from typing import cast

from traam import reference
from traam.engines.sheets import Column, Form, Layout, write
from traam.programme.selection.advice import Advice, Line
from traam.programme.selection.reading import Asked, Judgment, Listing, Sheet, Viewer
from traam.programme.selection.states import DECISION

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


PROPOSAL = (
    Column("number", "Dossier", kind="integer"),
    Column("theme", "Thème", width=50),
    Column("academy", "Académie"),
    Column("region", "Région académique", width=28),
    Column("titles", "Projets", width=50),
    Column("mean", "Moyenne"),
    Column("proposed", "Proposition"),
    Column("why", "Ce que coûterait l'inverse", width=80),
    Column("pin", "Consigne"),
    Column("reason", "Motif de la consigne", width=40),
    Column("state", "Décision"),
)


def proposal(advice: Advice, form: str) -> bytes:
    """A finished proposal beside the decisions of the committee, by theme."""
    rows: list[dict[str, object]] = []
    for theme in advice.themes:
        rows += [_proposed(line) for line in advice.listing(str(theme))[:]]
    layout = Layout("proposition", "Proposition", PROPOSAL)
    run = advice.proposal
    asked = f"Calculée sur les avis du {run.asked_at:%d/%m/%Y}, nombre du tirage {run.seed}."
    return write(layout, rows, title=str(run), notice=[advice.summary, asked], form=cast(Form, form))


def _proposed(line: Line) -> dict[str, object]:
    application = line.application
    return {
        "number": application.pk,
        "theme": application.theme.title,
        "academy": application.academy_name,
        "region": reference.academies()[application.academy].region,
        "titles": application.title,
        "mean": decimal(line.score),
        "proposed": "retenue" if line.proposed else "non retenue",
        "why": line.why,
        "pin": line.pin.get_kind_display() if line.pin else "",
        "reason": line.pin.reason if line.pin else "",
        "state": DECISION.states[line.decided],
    }
