"""What a reading gives: rows, and problems with their places."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from traam.engines.sheets.grid import Place, reference
from traam.engines.sheets.wording import fold


@dataclass(frozen=True)
class Problem:
    """What is wrong and where: ``Candidatures!D12``, ``Candidatures`` or ``""`` (whole file)."""

    ref: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.ref} : {self.sentence}" if self.ref else self.sentence


@dataclass(frozen=True)
class Row:
    """A filled row: its number in the sheet, its values by key, and where each was read (key to ``D12``).

    The value of a cell with a problem is the empty one of its kind.
    """

    number: int
    values: dict[str, object]
    cells: dict[str, str]


@dataclass(frozen=True)
class Heading:
    """A title that no column answers to: where it is (``Candidatures!I1``), some of the values under it, and
    the key of the missing column that it most likely is ("" when none looks like it)."""

    title: str
    ref: str
    samples: tuple[str, ...] = ()
    suggestion: str = ""

    @property
    def folded(self) -> str:
        """The key of this heading in the ``mapping`` of `read`."""
        return fold(self.title)


@dataclass(frozen=True)
class Reading:
    """What a file holds. Nothing of it should be kept while ``problems`` is not empty. ``sheet`` is the one read.

    ``unknown`` are the titles that no column answers to, ``missing`` the keys of the columns that were not found,
    ``header`` the number of the line of titles (0 when there is none).
    """

    rows: tuple[Row, ...] = ()
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    sheet: str = ""
    unknown: tuple[Heading, ...] = ()
    missing: tuple[str, ...] = ()
    header: int = 0

    @property
    def ok(self) -> bool:
        return not self.problems


@dataclass
class Notes:
    """Problems and warnings as they are found, given back in the order of the sheet."""

    sheet: str
    problems: list[tuple[Place, Problem]] = field(default_factory=list)
    warnings: list[tuple[Place, Problem]] = field(default_factory=list)

    def problem(self, where: Place | None, sentence: str) -> None:
        self.problems.append(self._at(where, sentence))

    def warning(self, where: Place | None, sentence: str) -> None:
        self.warnings.append(self._at(where, sentence))

    def _at(self, where: Place | None, sentence: str) -> tuple[Place, Problem]:
        if where is None:
            return (0, 0), Problem(self.sheet, sentence)
        return where, Problem(f"{self.sheet}!{reference(where)}", sentence)

    def reading(self, rows: Sequence[Row] = ()) -> Reading:
        return Reading(
            tuple(rows),
            tuple(problem for _, problem in sorted(self.problems, key=lambda noted: noted[0])),
            tuple(warning for _, warning in sorted(self.warnings, key=lambda noted: noted[0])),
            self.sheet,
        )
