"""The official vocabularies, read once from the CSV files beside this module. See SOURCES.md."""

import csv
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Academy:
    """An academy or an overseas collectivity. `until` and `successor` are set on those that merged."""

    code: str
    name: str
    slug: str
    kind: str  # academie, collectivite, historique
    region: str
    departments: tuple[str, ...]
    since: date | None
    until: date | None
    successor: str

    @property
    def label(self) -> str:
        return self.name

    @property
    def of_name(self) -> str:
        """The name after "académie" or "groupe": "de Lyon", "d'Amiens"."""
        return f"d'{self.name}" if self.name[0] in "AEIOUYÉÎ" else f"de {self.name}"

    @property
    def current(self) -> bool:
        return self.kind != "historique"


@dataclass(frozen=True)
class Discipline:
    code: str
    label: str
    proven: bool  # a TraAM theme of this group exists
    uri: str
    scolomfr_label: str
    edubase_label: str


@dataclass(frozen=True)
class Level:
    code: str
    label: str
    parent: str
    path: str
    cycle: str
    offered: bool  # offered first on screens
    uri: str


@dataclass(frozen=True)
class Competence:
    """A competence of the CRCN (pupils) or of the CRCN-Édu (teachers), or one of their domains."""

    framework: str  # CRCN, CRCN-Édu
    code: str  # "2.3"; a domain has no dot
    label: str
    domain: str  # code of its domain, "" on a domain
    description: str
    uri: str

    @property
    def full_label(self) -> str:
        return f"{self.code} {self.label}"


@dataclass(frozen=True)
class Criterion:
    """A criterion of RGAA 4.1 that a machine can find a fault against, in words of ours."""

    number: str  # "10.4"
    theme: str
    label: str


@dataclass(frozen=True)
class Licence:
    code: str
    label: str
    url: str


@dataclass(frozen=True)
class Concept:
    """A term of a vocabulary of ScoLOMFR that notices use. `parent` is the URI of the term above it, or ""."""

    code: str
    vocabulary: str  # "voc-010"
    label: str
    uri: str
    parent: str


@dataclass(frozen=True)
class FormField:
    """A field of the form of Édubase. `most` is its limit in characters, 0 when none is known."""

    label: str
    source: str
    most: int
    hint: str


@dataclass(frozen=True)
class EdubaseForm:
    """`seen`: whether the order and the limits are those of the real form, or ours. `separator` goes between values."""

    site: str
    seen: bool
    separator: str
    fields: tuple[FormField, ...]


def _rows(name: str) -> Iterable[Mapping[str, str]]:
    with (HERE / name).open(newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@cache
def academies() -> Mapping[str, Academy]:
    """Every academy by code, those in force first, then the historical ones; each part in alphabetical order."""
    return {
        row["code"]: Academy(
            row["code"],
            row["nom"],
            row["slug"],
            row["type"],
            row["region"],
            tuple(row["departements"].split()),
            _day(row["depuis"]),
            _day(row["jusqu_au"]),
            row["successeur"],
        )
        for row in _rows("academies.csv")
    }


@cache
def disciplines() -> Mapping[str, Discipline]:
    return {
        row["code"]: Discipline(
            row["code"],
            row["libelle"],
            row["groupe_traam"] == "oui",
            row["uri"],
            row["libelle_scolomfr"],
            row["libelle_edubase"],
        )
        for row in _rows("disciplines.csv")
    }


@cache
def levels() -> Mapping[str, Level]:
    return {
        row["code"]: Level(
            row["code"],
            row["libelle"],
            row["parent"],
            row["chemin"],
            row["cycle"],
            row["conseille"] == "oui",
            row["uri"],
        )
        for row in _rows("niveaux.csv")
    }


@cache
def frameworks() -> Mapping[str, Mapping[str, Competence]]:
    """Every entry (domains included) by framework, then by code."""
    tables: dict[str, dict[str, Competence]] = {}
    for row in _rows("crcn.csv"):
        entry = Competence(row["cadre"], row["code"], row["libelle"], row["domaine"], row["description"], row["uri"])
        tables.setdefault(entry.framework, {})[entry.code] = entry
    return tables


@cache
def competences(framework: str = "CRCN") -> Mapping[str, Competence]:
    """The competences one may choose, by code: domains are left out."""
    return {code: entry for code, entry in frameworks()[framework].items() if entry.domain}


@cache
def licences() -> Mapping[str, Licence]:
    return {row["code"]: Licence(row["code"], row["libelle"], row["adresse"]) for row in _rows("licences.csv")}


@cache
def rgaa() -> Mapping[str, Criterion]:
    """By number; only those that the rules of axe-core speak of."""
    return {row["critere"]: Criterion(row["critere"], row["theme"], row["libelle"]) for row in _rows("rgaa.csv")}


@cache
def concepts() -> Mapping[str, Concept]:
    """The terms of ScoLOMFR that are in no other table, by our code."""
    return {
        row["code"]: Concept(row["code"], row["vocabulaire"], row["libelle"], row["uri"], row["parent"])
        for row in _rows("scolomfr.csv")
    }


@cache
def edubase_form() -> EdubaseForm:
    told = tomllib.loads((HERE / "edubase.toml").read_text(encoding="utf-8"))
    fields = (FormField(f["label"], f["source"], f.get("most", 0), f.get("hint", "")) for f in told["field"])
    return EdubaseForm(told["site"], told["seen"], told["separator"], tuple(fields))
