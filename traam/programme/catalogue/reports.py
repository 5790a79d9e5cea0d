"""What a file does to the catalogue, told line by line: the same words for the command and for the page."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

NOUNS = {
    "notices": ("notice", "notices", "e"),
    "themes": ("thème", "thèmes", ""),
    "scenarios": ("scénario", "scénarios", ""),
    "results": ("bilan", "bilans", ""),
}
"""What a file may hold: one, several, and what a past participle takes."""
KINDS = ("added", "changed", "unchanged", "kept")
FIELDS = {
    "title": "titre",
    "summary": "résumé",
    "sections": "texte et mots-clés",
    "theme_id": "thème",
    "years": "années",
    "academies": "académies",
    "academies_note": "note sur les académies",
    "disciplines": "disciplines",
    "discipline_text": "discipline, telle qu'écrite",
    "levels": "niveaux",
    "level_text": "niveau, tel qu'écrit",
    "competences": "compétences",
    "licence": "licence",
    "tools": "outils",
    "duration_minutes": "durée",
    "authors": "auteurs",
    "published_on": "date de publication",
    "source_url": "adresse de la ressource",
    "edubase_number": "numéro de fiche",
    "edubase_address": "adresse de la fiche",
    "uncertain": "ce qui est incertain",
    "national": "portée",
    "productions": "productions",
    "production_count": "nombre de productions",
    "tests": "tests",
    "test_count": "nombre de tests",
    "difficulties": "difficultés",
}
"""How the fields that a file may change are named to people."""


@dataclass(frozen=True)
class Line:
    """What a line of the file does. `kind` is one of `KINDS`; `pk` the number of what it changes, None when it is new
    or has no page; `differs` the names of the fields that change."""

    where: str
    kind: str
    title: str
    pk: int | None = None
    differs: tuple[str, ...] = ()

    @property
    def changes(self) -> str:
        """The fields that change, named to people."""
        return ", ".join(FIELDS.get(name, name) for name in self.differs)


@dataclass
class Report:
    """What a file did, or would do; nothing was written when there is a problem.

    `kept` are the sheets of notices that are in the catalogue by another door. `problems` are sentences that say where,
    `notes` are worth knowing. `what` is one of `NOUNS`. `unknown` and `missing` are those of `sheets_read.Columns`.
    """

    what: str = "notices"
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    kept: int = 0
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    unknown: Sequence[tuple[str, Sequence[str], str]] = ()
    missing: Sequence[tuple[str, str]] = ()

    @property
    def asks(self) -> bool:
        """Whether a column that is missing may be one of those that were left aside: who sent it knows."""
        return bool(self.unknown and self.missing)

    @property
    def writes(self) -> bool:
        return not self.problems and bool(self.added or self.changed)

    @property
    def counts(self) -> dict[str, int]:
        return {kind: getattr(self, kind) for kind in KINDS}

    @property
    def stamp(self) -> str:
        """Changes when what the file would do changes: the catalogue moved since the report was read."""
        return sha256(repr((self.problems, self.lines)).encode()).hexdigest()[:16]

    def told(self, *, dry_run: bool) -> list[str]:
        """How much, in sentences."""
        one, many, e = NOUNS[self.what]
        added = f"{_number(self.added)} {one if self.added < 2 else many}"
        changed, unchanged = (
            _number(self.changed),
            f"{_number(self.unchanged)} {_agreed(self.unchanged, f'inchangé{e}')}",
        )
        if dry_run:
            said = [f"{added} à ajouter, {changed} à changer, {unchanged}."]
        else:
            done = f"{added} {_agreed(self.added, f'ajouté{e}')}, {changed} {_agreed(self.changed, f'changé{e}')}"
            said = [f"{done}, {unchanged}."]
        if self.kept == 1:
            said.append("1 est au catalogue par une autre porte : son texte n'est pas touché.")
        elif self.kept:
            said.append(f"{_number(self.kept)} sont au catalogue par une autre porte : leur texte n'est pas touché.")
        return said

    def stored(self, *, lines: bool = True) -> dict[str, Any]:
        """As plain JSON that every database takes, with its lines or only its counts."""
        problems = [problem.replace("\x00", "") for problem in self.problems]
        return asdict(self) | {"problems": problems} | ({} if lines else {"lines": []})

    @classmethod
    def found(cls, stored: Mapping[str, Any]) -> "Report":
        lines = [Line(**{**line, "differs": tuple(line["differs"])}) for line in stored["lines"]]
        return cls(**{**stored, "lines": lines})


@dataclass(frozen=True)
class Prepared:
    """A file that was read and judged, which takes time and no lock. `write` does what it says, or only counts it."""

    report: Report
    write: Callable[[datetime, bool], None]

    def carry_out(self, *, at: datetime, dry_run: bool) -> Report:
        """Once: all of it, or nothing when there is a problem."""
        if not self.report.problems:
            self.write(at, dry_run)
        return self.report


def _number(value: int) -> str:
    return f"{value:,}".replace(",", "\u202f")


def _agreed(number: int, word: str) -> str:
    return word if number < 2 else f"{word}s"


def differing(row: object, fields: Mapping[str, object]) -> tuple[str, ...]:
    """The names of the fields that a row does not hold as they are given."""
    return tuple(name for name, value in fields.items() if getattr(row, name) != value)


def split(problem: str) -> tuple[str, str]:
    """A sentence as where it is and what is wrong: « Ligne 12, colonne « Niveau » », and the rest."""
    place, colon, sentence = problem.partition(" : ")
    return (place, sentence) if colon and place.startswith("Ligne ") else ("Le fichier", problem)


def placed(problems: Iterable[str]) -> list[tuple[str, str]]:
    return [split(problem) for problem in problems]
