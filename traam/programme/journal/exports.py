"""The journal as a file, with its digests: whoever has it can verify it without us (docs/guides/exploitant.md)."""

import csv
import io
from collections.abc import Iterable, Iterator

from traam.engines import chain
from traam.programme.journal import wording
from traam.programme.journal.models import Link

COLUMNS = (
    "Numéro",
    "Date",
    "Par",
    "N° de la personne",
    "Acte",
    "Nature de l'objet",
    "N° de l'objet",
    "Objet",
    "Motif",
    "Empreinte",
)
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


def spreadsheet(links: Iterable[Link]) -> Iterator[str]:
    """CSV for a French spreadsheet: semicolons, and a mark of UTF-8 at the head."""
    yield "\ufeff" + _line(COLUMNS)
    for link in links:
        entry = link.entry
        cells = (
            link.number,
            entry.at.isoformat(timespec="seconds"),
            entry.actor_label,
            entry.actor_id or "",
            wording.said(entry.verb, entry.object_type),
            wording.kind(entry.object_type),
            entry.object_id,
            entry.object_label,
            entry.reason,
            link.link,
        )
        yield _line(_harmless(str(cell)) for cell in cells)


def _harmless(cell: str) -> str:
    """A text that a spreadsheet does not take for a formula."""
    return f"'{cell}" if cell.startswith(DANGEROUS) else cell


def _line(cells: Iterable[object]) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerow(list(cells))
    return out.getvalue()


FORMS = {"jsonl": (json_lines, "application/x-ndjson"), "csv": (spreadsheet, "text/csv; charset=utf-8")}
