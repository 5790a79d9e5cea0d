"""Reading a TOML table strictly, gathering every problem with its place instead of stopping at the first."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from traam.engines.rulebook.wording import NBSP


@dataclass(frozen=True)
class Problem:
    """What is wrong in an edition: the file, the place in it ("rule[3].article"), the reason in French."""

    file: str
    key: str
    reason: str

    def __str__(self) -> str:
        where = f"{self.file}, {self.key}" if self.key else self.file
        return f"{where}{NBSP}: {self.reason}{'' if self.reason.endswith('?') else '.'}"


class BadEdition(Exception):
    """A cahier des charges that cannot be used. `problems` holds them all, in the order of the files."""

    def __init__(self, folder: str, problems: Iterable[Problem]) -> None:
        self.folder = folder
        self.problems = tuple(problems)
        super().__init__("\n".join([f"L'édition « {folder} » ne peut pas servir{NBSP}:", *map(str, self.problems)]))


def suggestion(word: str, known: Iterable[str]) -> str:
    """The end of a sentence: what the writer may have meant, or what exists."""
    known = list(known)
    close = get_close_matches(word, known, n=1, cutoff=0.6)
    if close:
        return f"vouliez-vous dire « {close[0]} » ?"
    return f"il existe{NBSP}: {', '.join(known)}" if known else "il n'y en a aucun"


_NOTHING: dict[str, object] = {}


@dataclass
class Table:
    """One TOML table being read. A missing or mistyped key adds a problem and answers an empty value."""

    file: str
    path: str
    values: Mapping[str, object]
    problems: list[Problem]
    read: set[str] = field(default_factory=set)

    def refuse(self, key: str, reason: str) -> None:
        """Add a problem about a key of this table ("" for the table itself)."""
        self.problems.append(Problem(self.file, ".".join(filter(None, (self.path, key))), reason))

    def has(self, key: str) -> bool:
        return key in self.values

    def raw(self, key: str) -> object:
        self.read.add(key)
        return self.values.get(key)

    def _typed(self, key: str, expected: type, words: str, default: object) -> object:
        value = self.raw(key)
        if value is None and default is not None:
            return default
        if value is None:
            self.refuse(key, f"manque (attendu{NBSP}: {words})")
        elif isinstance(value, expected) and (expected is not int or not isinstance(value, bool)):
            return value
        else:
            self.refuse(key, f"attendu{NBSP}: {words}")
        return expected()

    def text(self, key: str, default: str | None = None) -> str:
        value = str(self._typed(key, str, "un texte", default))
        if self.has(key) and isinstance(self.values[key], str) and not value.strip():
            self.refuse(key, "est vide")
        return value

    def whole(self, key: str, default: int | None = None) -> int:
        value = self._typed(key, int, "un nombre entier", default)
        return value if isinstance(value, int) else 0

    def flag(self, key: str) -> bool:
        return bool(self._typed(key, bool, "true ou false", None))

    def texts(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        value = self._typed(key, list, "une liste de textes", list(default) if default is not None else None)
        items = value if isinstance(value, list) else []
        if not all(isinstance(item, str) for item in items):
            self.refuse(key, f"attendu{NBSP}: une liste de textes")
        return tuple(item for item in items if isinstance(item, str))

    def table(self, key: str, *, optional: bool = False) -> "Table":
        value = self._typed(key, dict, "une table", _NOTHING if optional else None)
        inner = value if isinstance(value, dict) else {}
        return Table(self.file, ".".join(filter(None, (self.path, key))), inner, self.problems)

    def rows(self, key: str, *, optional: bool = False) -> list["Table"]:
        value = self._typed(key, list, "une suite de tables", [] if optional else None)
        rows = []
        for number, row in enumerate(value if isinstance(value, list) else [], start=1):
            name = ".".join(filter(None, (self.path, f"{key}[{number}]")))
            if isinstance(row, dict):
                rows.append(Table(self.file, name, row, self.problems))
            else:
                self.problems.append(Problem(self.file, name, f"attendu{NBSP}: une table"))
        return rows

    def named(self, name: str, key: str, known: Iterable[str], what: str) -> bool:
        """Whether a name read at `key` is known; otherwise a problem with a suggestion."""
        known = list(known)
        if name in known:
            return True
        if name:
            self.refuse(key, f"« {name} » : {what} ; {suggestion(name, known)}")
        return False

    def finish(self) -> None:
        """Refuse the keys nobody asked for."""
        for key in self.values.keys() - self.read:
            self.refuse(key, f"clé inconnue ; {suggestion(key, sorted(self.read))}")


def open_table(folder: Path, name: str, problems: list[Problem]) -> Table:
    """The root table of a TOML file of the folder; empty, with a problem, when it cannot be read."""
    try:
        values = tomllib.loads((folder / name).read_text(encoding="utf-8"))
    except FileNotFoundError:
        problems.append(Problem(name, "", "ce fichier manque"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        problems.append(Problem(name, "", f"n'est pas du TOML en UTF-8 ({error})"))
    else:
        return Table(name, "", values, problems)
    return Table(name, "", {}, [])
