#!/usr/bin/env python3
"""Vérifie un fichier de service fait, sans la plateforme : `python3 verificateur.py lignes.csv [dernière empreinte]`.

Stands alone: the standard library only, no network, nothing written. Says OK with the totals, or the first line
that is broken. What it proves of a file:

- each line is byte for byte what its sealed content says, and the seal is SHA-256(seal of the line before + content);
- no line of the file was removed, added or moved: the lines of a whole campaign are numbered without a gap, those of
  one academy have ranks without a gap (only an end that was cut off needs the last seal, shown by the platform);
- amounts are those of the quantities at their rate, to the cent, corrections included.
"""

import csv
import hashlib
import io
import json
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FIRST = "0" * 64
"""What stands for the seal before the first line."""
BOM, END = "\ufeff", "\r\n"
COLUMNS = (
    *("Campagne", "Académie", "Projet", "Nom et prénom", "Établissement (UAI)", "Corps", "Fonction"),
    *("Période", "Unité", "Prévu", "Fait", "Attesté le", "Inspecteur", "État", "Observation", "Montant (euros)"),
    *("Ligne", "Rang", "Empreinte précédente", "Contenu scellé", "Empreinte"),
)
SHOWN = 18
"""How many columns are for people; the three that follow are the seal before, the sealed content, its seal."""
PREVIOUS, PAYLOAD, SEAL = range(SHOWN, SHOWN + 3)
TEXTS_BEFORE = ("campaign", "academy", "project", "name", "school", "corps", "role")
TEXTS_AFTER = ("inspector", "state", "remark")


class Broken(Exception):
    """The file is not what was sealed. The sentence names the line and what is wrong."""


@dataclass
class Report:
    """What a sound file holds. `totals`: (academy, period, unit) → [hundredths of the unit, cents]."""

    lines: int = 0
    last: str = FIRST
    whole: bool = True
    totals: dict[tuple[str, int, str], list[int]] = field(default_factory=dict)


def digest(previous: str, payload: str) -> str:
    return hashlib.sha256((previous + payload).encode()).hexdigest()


def amount(hundredths: int, rate_cents: int) -> int:
    """Cents of a quantity at its rate, half a cent upwards."""
    return (hundredths * rate_cents + 50) // 100


def decimal(hundredths: int) -> str:
    """1250 → "12,50"; -5 → "-0,05"."""
    whole, rest = divmod(abs(hundredths), 100)
    return f"{'-' if hundredths < 0 else ''}{whole},{rest:02d}"


def text_cell(value: object) -> str:
    """A text on one line, that no spreadsheet takes for a formula."""
    text = re.sub(r"[\x00-\x1f\x7f\x85\u2028\u2029]+", " ", str(value))
    return f"'{text}" if text.lstrip().startswith(("=", "+", "-", "@")) else text


def cells(said: Mapping[str, Any]) -> list[str]:
    """What the first columns show of a sealed content."""
    return [
        *(text_cell(said[key]) for key in TEXTS_BEFORE),
        str(said["period"]),
        text_cell(said["unit"]),
        decimal(said["planned"]),
        decimal(said["done"]),
        text_cell(said["attested_on"]),
        *(text_cell(said[key]) for key in TEXTS_AFTER),
        "" if said["amount_cents"] is None else decimal(said["amount_cents"]),
        str(said["number"]),
        str(said["rank"]),
    ]


def joined(row: list[str]) -> str:
    """A line of the file, without its end."""
    stream = io.StringIO()
    csv.writer(stream, delimiter=";", lineterminator="").writerow(row)
    return stream.getvalue()


def verify(data: bytes, last: str = "") -> Report:
    """Read a whole file; raises `Broken` at its first fault. `last` is the seal the file must end on, when known."""
    report, numbers = Report(), list[int]()
    shares: dict[int, list[int]] = {}
    ranks: dict[str, int] = {}
    for place, previous, payload, seal in _lines(data):
        said = json.loads(payload)
        _check_place(place, said, previous, report, numbers, ranks)
        _check_amount(place, said, shares)
        total = report.totals.setdefault((said["academy"], said["period"], said["unit"]), [0, 0])
        total[0] += said["done"]
        total[1] += said["amount_cents"] or 0
        numbers.append(said["number"])
        report.lines, report.last = report.lines + 1, seal
    report.whole = numbers == list(range(1, len(numbers) + 1))
    if len(ranks) > 1 and not report.whole:
        raise Broken("il manque des lignes : le fichier d'une campagne les porte toutes, à partir de la ligne 1.")
    if last and report.last != last:
        raise Broken("la fin manque : la dernière empreinte du fichier n'est pas celle qui est attendue.")
    return report


def _lines(data: bytes) -> Iterator[tuple[int, str, str, str]]:
    """(line of the file, seal before, content, seal) of each line, once it is exactly what its content says."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as bad:
        place = data[: bad.start].count(b"\n") + 1
        raise Broken(f"ligne {place} du fichier : un octet n'est pas du texte UTF-8.") from None
    head, *rows = text.split(END)
    if head != BOM + joined(list(COLUMNS)):
        raise Broken("ligne 1 du fichier : les titres des colonnes ne sont pas ceux d'un export de service fait.")
    if not rows or rows.pop() != "":
        raise Broken(f"ligne {len(rows) + 2} du fichier : la fin de la dernière ligne manque.")
    for place, row in enumerate(rows, start=2):
        yield place, *_checked(place, row)


def _checked(place: int, row: str) -> tuple[str, str, str]:
    try:
        found = next(csv.reader([row], delimiter=";", strict=True), [])
    except csv.Error:
        found = []
    if len(found) != len(COLUMNS):
        raise Broken(f"ligne {place} du fichier : elle n'a pas les {len(COLUMNS)} colonnes attendues.")
    previous, payload, seal = found[PREVIOUS], found[PAYLOAD], found[SEAL]
    if digest(previous, payload) != seal:
        raise Broken(f"ligne {place} du fichier : le contenu n'est pas celui qui a été scellé.")
    try:
        expected = joined([*cells(json.loads(payload)), previous, payload, seal])
    except (ValueError, LookupError, TypeError, RecursionError):
        raise Broken(f"ligne {place} du fichier : le contenu scellé n'est pas celui d'un service fait.") from None
    if expected != row:
        raise Broken(f"ligne {place} du fichier : une colonne ne dit pas ce que dit le contenu scellé.")
    return previous, payload, seal


def _check_place(
    place: int, said: Any, previous: str, report: Report, numbers: list[int], ranks: dict[str, int]
) -> None:
    """Nothing is missing before this line, and nothing was put between."""
    before = numbers[-1] if numbers else 0
    follows = said["number"] == before + 1
    if said["number"] <= before or (follows and previous != report.last):
        raise Broken(f"ligne {place} du fichier : elle ne suit pas la ligne d'avant.")
    ranks[said["academy"]] = ranks.get(said["academy"], 0) + 1
    if said["rank"] != ranks[said["academy"]]:
        raise Broken(f"ligne {place} du fichier : il manque une ligne de l'académie avant elle.")


def _check_amount(place: int, said: Any, shares: dict[int, list[int]]) -> None:
    """All that was sent for a share, corrections included, is its quantity at its rate."""
    sent = shares.setdefault(said["share"], [0, 0])
    sent[0] += said["done"]
    sent[1] += said["amount_cents"] or 0
    owed = 0 if said["rate_cents"] is None else amount(sent[0], said["rate_cents"])
    if sent[0] < 0 or sent[1] != owed:
        raise Broken(f"ligne {place} du fichier : le montant n'est pas la quantité au taux dit.")


def main(arguments: list[str]) -> int:
    if not 1 <= len(arguments) <= 2:
        sys.stderr.write("Usage : python3 verificateur.py lignes.csv [dernière empreinte]\n")
        return 2
    try:
        report = verify(Path(arguments[0]).read_bytes(), *arguments[1:])
    except Broken as broken:
        sys.stdout.write(f"NON : {broken}\n")
        return 1
    for (academy, period, unit), (done, cents) in sorted(report.totals.items()):
        sys.stdout.write(f"{academy}, période {period} : {decimal(done)} ({unit}), {decimal(cents)} euros\n")
    kind = "campagne entière" if report.whole else "lignes d'une académie"
    sys.stdout.write(f"OK : {report.lines} lignes ({kind}), dernière empreinte {report.last}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
