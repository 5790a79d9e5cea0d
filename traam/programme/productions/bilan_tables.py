"""What was counted for a bilan, as tables that a page, a PDF and a text all show. No name of a person is in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from traam import reference

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Table:
    """`rows` are texts and numbers, the first cell naming the row; `drawn` is the column to draw, or None."""

    key: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | int, ...], ...]
    drawn: int | None = None


def figures(facts: Facts) -> list[tuple[int, str]]:
    """The numbers one reads first: a number, then what it counts, in its own number."""
    scenarios, tests, given = facts["scenarios"], facts["tests"], facts["given"]
    validated = sum(row["state"] == "validated" for row in scenarios)
    academies = {row["academy"] for row in tests}
    pupils = sum(row["pupils"] for row in tests)
    counted = (
        (sum(number for _, number in facts["people"]), "personne dans le groupe", "personnes dans le groupe"),
        (len(facts["meetings"]), "réunion tenue", "réunions tenues"),
        (len(scenarios), "scénario écrit", "scénarios écrits"),
        (validated, "scénario validé", "scénarios validés"),
        (len(tests), "test en classe", "tests en classe"),
        (len(academies), "académie qui les a essayés", "académies qui les ont essayés"),
        (pupils, "élève concerné", "élèves concernés"),
        (len(given), "test fait pour une autre académie", "tests faits pour d'autres académies"),
    )
    return [(number, one if number < 2 else many) for number, one, many in counted]


def tables(facts: Facts) -> list[Table]:
    """The tables that have at least one row."""
    found = (
        _people(facts),
        _meetings(facts),
        _scenarios(facts),
        _tests(facts),
        _given(facts),
        _levels(facts),
        _competences(facts, "competences", "CRCN", "Compétences numériques des élèves (CRCN)"),
        _competences(facts, "teacher_competences", "CRCN-Édu", "Compétences numériques des enseignants (CRCN-Édu)"),
        _others(facts),
    )
    return [table for table in found if table.rows]


def _day(iso: str) -> str:
    return f"{date.fromisoformat(iso):%d/%m/%Y}"


def _academy(code: str) -> str:
    known = reference.academies().get(code)
    return known.name if known else code


def _level(code: str) -> str:
    known = reference.levels().get(code)
    return known.label if known else code


def _people(facts: Facts) -> Table:
    rows = tuple((label, number) for label, number in facts["people"])
    return Table("people", "Le groupe", ("Fonction", "Personnes"), rows)


def _meetings(facts: Facts) -> Table:
    rows = tuple((_day(row["on"]), row["subject"], row["mode"], row["present"]) for row in facts["meetings"])
    return Table("meetings", "Réunions du groupe", ("Date", "Objet", "Forme", "Présents"), rows)


def _scenarios(facts: Facts) -> Table:
    rows = tuple(
        (
            row["title"],
            ", ".join(map(_level, row["levels"])),
            row["state_label"],
            row["tests"],
            ", ".join(map(_academy, row["academies"])),
        )
        for row in facts["scenarios"]
    )
    return Table("scenarios", "Scénarios", ("Titre", "Niveaux", "État", "Tests", "Académies qui l'ont essayé"), rows, 3)


def _tests(facts: Facts) -> Table:
    return Table(
        "tests",
        "Tests en classe des scénarios du groupe",
        ("Date", "Scénario", "Académie", "Niveau", "Élèves"),
        _test_rows(facts["tests"]),
    )


def _given(facts: Facts) -> Table:
    return Table(
        "given",
        "Tests faits pour d'autres académies",
        ("Date", "Scénario", "Académie du scénario", "Niveau", "Élèves"),
        _test_rows(facts["given"]),
    )


def _test_rows(tests: Sequence[Mapping[str, Any]]) -> tuple[tuple[str | int, ...], ...]:
    return tuple(
        (_day(row["on"]), row["scenario"], _academy(row["academy"]), _level(row["level"]), row["pupils"])
        for row in tests
    )


def _levels(facts: Facts) -> Table:
    """By level, in the order of the vocabulary: scenarios written for it, classes and pupils who tried one."""
    codes = {code for row in facts["scenarios"] for code in row["levels"]} | {row["level"] for row in facts["tests"]}
    order = {code: place for place, code in enumerate(reference.levels())}
    rows = []
    for code in sorted(codes, key=lambda code: (order.get(code, len(order)), code)):
        tried = [row for row in facts["tests"] if row["level"] == code]
        written = sum(code in row["levels"] for row in facts["scenarios"])
        rows.append((_level(code), written, len(tried), sum(row["pupils"] for row in tried)))
    return Table("levels", "Niveaux", ("Niveau", "Scénarios", "Classes", "Élèves"), tuple(rows), 1)


def _competences(facts: Facts, key: str, framework: str, title: str) -> Table:
    known = reference.competences(framework)
    codes = {code for row in facts["scenarios"] for code in row[key]}
    rows = [
        (known[code].full_label if code in known else code, sum(code in row[key] for row in facts["scenarios"]))
        for code in sorted(codes)
    ]
    return Table(key, title, ("Compétence", "Scénarios"), tuple(rows), 1)


def _others(facts: Facts) -> Table:
    rows = tuple((row["title"], row["kind"], row["state_label"]) for row in facts["others"])
    return Table("others", "Modules et supports", ("Titre", "Nature", "État"), rows)
