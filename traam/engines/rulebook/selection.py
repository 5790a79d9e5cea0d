"""How the dossiers of an edition are judged: criteria, scale, and the numbers a proposal starts from.

Scores are whole numbers, hundredths of the scale: 375 stands for 3,75. Nothing is ever computed in floating
point, so that two machines give the same order.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from traam.engines.rulebook.reading import suggestion


class BadMarks(ValueError):
    """Marks that leave a criterion out, add one, or are not on the scale. `sentence` says which, in French."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__(sentence)


@dataclass(frozen=True)
class Criterion:
    """What a reader is asked about a dossier. `article` is the aim of the text it comes from."""

    id: str
    label: str
    question: str
    weight: int
    article: str


@dataclass(frozen=True)
class Mark:
    """One step of the scale."""

    value: int
    label: str


@dataclass(frozen=True)
class Setting:
    """A whole number of the proposal: that of a named limit of the edition, or its own (`limit` is "")."""

    value: int
    article: str
    limit: str = ""


@dataclass(frozen=True)
class Proposal:
    """What the computed proposal aims at. A limit the edition does not set is None: there is none.

    `academies_least` is wished for each theme, not imposed; `per_region_most` counts the academies of one
    région académique in one theme; `per_academy_most` the teams of one academy in the campaign. The two
    bonuses are in hundredths of the scale: `mixed_degrees` for a theme that gathers both degrees,
    `served_academy` for each academy that has at least one team.
    """

    academies_least: Setting
    per_region_most: Setting
    per_academy_most: Setting
    mixed_degrees: Setting
    served_academy: Setting
    places: Setting | None = None
    academies_most: Setting | None = None
    continuing_least: Setting | None = None

    @property
    def settings(self) -> Mapping[str, Setting]:
        """Those that are set, by name, in the order of `PROPOSAL_WORDS`."""
        found = {name: getattr(self, name) for name in PROPOSAL_WORDS}
        return {name: setting for name, setting in found.items() if setting is not None}


# What each number of the proposal is, in French, in the order they are told.
PROPOSAL_WORDS: Mapping[str, str] = {
    "places": "Équipes retenues en tout, environ",
    "academies_most": "Académies d'un thème, au plus",
    "academies_least": "Académies d'un thème, si possible au moins",
    "continuing_least": "Académies qui poursuivent un thème en seconde année, au moins",
    "per_region_most": "Académies d'une même région académique pour un thème, au plus",
    "per_academy_most": "Équipes d'une même académie, au plus",
    "mixed_degrees": "Avantage d'un thème qui réunit les deux degrés, en centièmes de note",
    "served_academy": "Avantage d'une académie qui a au moins une équipe, en centièmes de note",
}


@dataclass(frozen=True)
class Selection:
    """The reading of the dossiers. `blind` hides from the readers who applies."""

    article: str
    blind: bool
    readers_min: int
    criteria: tuple[Criterion, ...]
    marks: tuple[Mark, ...]
    proposal: Proposal

    @property
    def lowest(self) -> Mark:
        return self.marks[0]

    @property
    def highest(self) -> Mark:
        return self.marks[-1]

    def criterion(self, criterion_id: str) -> Criterion | None:
        return next((found for found in self.criteria if found.id == criterion_id), None)

    def label_of(self, value: int) -> str:
        """The word of a mark ("Favorable"); `BadMarks` when it is not on the scale."""
        for mark in self.marks:
            if mark.value == value:
                return mark.label
        scale = ", ".join(f"{mark.value} ({mark.label})" for mark in self.marks)
        raise BadMarks(f"La note {value} n'est pas sur l'échelle ; choisissez parmi : {scale}.")

    def score(self, marks: Mapping[str, int]) -> int:
        """The mean of the marks by criterion, each with its weight, in hundredths of the scale (375).

        A half is rounded up. Raises `BadMarks` unless every criterion, and no other, has a mark of the scale.
        """
        self._check(marks)
        total = sum(criterion.weight * marks[criterion.id] for criterion in self.criteria)
        return _rounded(100 * total, sum(criterion.weight for criterion in self.criteria))

    def mean(self, scores: Iterable[int]) -> int | None:
        """The mean of several readers' scores, a half rounded up; None as long as nobody has read."""
        given = tuple(scores)
        return _rounded(sum(given), len(given)) if given else None

    def _check(self, marks: Mapping[str, int]) -> None:
        known = [criterion.id for criterion in self.criteria]
        for name, value in marks.items():
            if name not in known:
                raise BadMarks(f"Le critère « {name} » n'existe pas ; {suggestion(name, known)}")
            self.label_of(value)
        missing = [criterion.label for criterion in self.criteria if criterion.id not in marks]
        if missing:
            raise BadMarks(f"Il manque une note ; donnez aussi la vôtre pour : {', '.join(missing)}.")


def _rounded(total: int, count: int) -> int:
    """`total / count` to the nearest whole number, a half going up; both are positive or zero."""
    return (2 * total + count) // (2 * count)
