"""The journal as a file, with its digests: whoever has it can verify it without us (docs/guides/exploitant.md)."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import partial
from tempfile import TemporaryFile

from traam.engines import chain, datasets
from traam.engines.datasets import Column
from traam.programme.journal import wording
from traam.programme.journal.models import Link

COLUMNS = (
    Column("numero", "Numéro", "integer", "place dans la chaîne"),
    Column("date", "Date", "moment", "en temps universel"),
    Column("par", "Par", "text", "qui a agi"),
    Column("personne", "N° de la personne", "integer", "vide pour la plateforme"),
    Column("acte", "Acte", "text", "ce qui a été fait"),
    Column("nature", "Nature de l'objet", "text", "la sorte de chose"),
    Column("objet", "N° de l'objet", "text", "son numéro"),
    Column("nom", "Objet", "text", "son nom, ce jour-là"),
    Column("motif", "Motif", "text", "la raison donnée"),
    Column("empreinte", "Empreinte", "text", "celle de l'acte et de tous ceux d'avant"),
)
PIECE = 256 * 1024  # bytes of a file given at once
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def json_lines(links: Iterable[Link]) -> Iterator[str]:
    """A line of JSON for each act: all that the digests cover, and the digests."""
    for link in links:
        entry = link.entry
        yield (
            chain.canonical(
                {
                    "number": link.number,
                    "row": entry.pk,
                    "at": chain.moment(entry.at),
                    "actor": entry.actor_id,
                    "actor_label": entry.actor_label,
                    "verb": entry.verb,
                    "object_type": entry.object_type,
                    "object_id": entry.object_id,
                    "object_label": entry.object_label,
                    "reason": entry.reason,
                    "data": entry.data,
                    "salt": entry.salt,
                    "words": entry.words,
                    "content": entry.content,
                    "link": link.link,
                    "redacted_by": entry.redacted_by,
                }
            )
            + "\n"
        )


def _cells(link: Link) -> datasets.Row:
    entry = link.entry
    return (
        link.number,
        entry.at.replace(microsecond=0),
        entry.actor_label,
        entry.actor_id,
        wording.said(entry.verb, entry.object_type),
        wording.kind(entry.object_type),
        entry.object_id,
        entry.object_label,
        entry.reason,
        link.link,
    )


def text(links: Iterable[Link]) -> Iterator[str]:
    """CSV for a French spreadsheet: semicolons, and a mark of UTF-8 at the head."""
    yield "\ufeff" + _line(column.title for column in COLUMNS)
    for link in links:
        told = ("" if cell is None else cell for cell in _cells(link))
        yield _line(_harmless(cell.isoformat() if isinstance(cell, datetime) else str(cell)) for cell in told)


def workbook(form: str, links: Iterable[Link]) -> Iterator[bytes]:
    """A spreadsheet (ods or xlsx) of any length: written row by row on the disk, then given piece by piece."""
    with TemporaryFile() as file:
        table = datasets.writer(form, file, COLUMNS, name="Journal")
        for link in links:
            table.add(_cells(link))
        table.close()
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


def _harmless(cell: str) -> str:
    """A text that a spreadsheet does not take for a formula."""
    return f"'{cell}" if cell.startswith(DANGEROUS) else cell


def _line(cells: Iterable[object]) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerow(list(cells))
    return out.getvalue()


FORMS: dict[str, tuple[Callable[[Iterable[Link]], Iterator[str] | Iterator[bytes]], str]] = {
    "xlsx": (partial(workbook, "xlsx"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "ods": (partial(workbook, "ods"), "application/vnd.oasis.opendocument.spreadsheet"),
    "csv": (text, "text/csv; charset=utf-8"),
    "jsonl": (json_lines, "application/x-ndjson"),
}
"""The formats by the end of the name of the file: who writes it, and its media type."""
