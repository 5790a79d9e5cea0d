"""What goes in and out of the selection: candidates, themes, limits, weights, pins; a solution, an explanation.

Every number is an integer: scores, bonuses and penalties are hundredths of a point, so a sum is exact and two values
are equal or they are not.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

Degree = Literal["premier", "second", "mixte", ""]
Status = Literal["optimal", "infeasible"]
Kind = Literal["cost", "tie", "impossible"]
TieRule = Literal["", "places_last_year", "draw"]
Rule = Literal[
    "theme_least",
    "continuing_least",
    "region_theme",
    "academy_total",
    "academy_theme",
    "theme_most",
    "places",
    "pin_retained",
    "pin_excluded",
    "unknown_candidate",
]

LARGEST = 100_000
"""Hundredths one candidate, bonus or penalty may be worth: the solver's tolerances tell whole values apart under it."""

RELAXATION: tuple[Rule, ...] = (
    "theme_least",
    "continuing_least",
    "region_theme",
    "academy_total",
    "academy_theme",
    "theme_most",
    "places",
)
"""The published order in which rules give way when they cannot all hold: the first is the first to yield.

Pins never yield: a person decided them, and it is the rule they run against that must be named.
"""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An application that may be retained. `score`: hundredths of a point, 0 or more.

    `continuing`: its academy worked on this theme in year 1. `places_last_year`: teams its academy had last year.
    A `region` left empty counts in no region's limit; a `degree` of `mixte` counts for both degrees.
    """

    id: str
    theme: str
    academy: str
    region: str
    score: int
    degree: Degree = ""
    continuing: bool = False
    places_last_year: int = 0

    @property
    def degrees(self) -> frozenset[str]:
        """The degrees it brings to its theme."""
        return frozenset({"premier", "second"} if self.degree == "mixte" else {self.degree} - {""})


@dataclass(frozen=True, slots=True)
class Theme:
    """How many ACADEMIES (not teams) the theme takes: from `least` to `most`, of which `continuing_least` go on.

    Both minimums are capped by what can be reached with the candidates that nobody excluded and the limit per region.
    """

    id: str
    least: int
    most: int
    continuing_least: int = 0


@dataclass(frozen=True, slots=True)
class Limits:
    """Numbers of TEAMS at most, None for no limit: in all; and for one region in one theme, one academy in all."""

    places: int | None = None
    per_region_per_theme: int | None = None
    per_academy: int | None = None
    per_academy_per_theme: int | None = 1


@dataclass(frozen=True, slots=True)
class Weights:
    """Hundredths, 0 or more. `served_academy`: gained by each academy that has a team, wherever it is.

    `missing_degree`: lost by each theme where both degrees were candidates and the retained teams lack one.
    """

    missing_degree: int = 600
    served_academy: int = 400


@dataclass(frozen=True, slots=True)
class Pins:
    """Candidates that people retain or exclude before the solver speaks."""

    retained: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()


class BadProblem(ValueError):
    """The problem contradicts itself (an unknown theme, a candidate pinned twice…): nothing can be solved."""


@dataclass(frozen=True, slots=True)
class Problem:
    """All that decides a selection. Whatever the order it is given in, it is kept in one canonical order.

    `seed`: the public number of the draw that separates equal selections. Raises `BadProblem`.
    """

    candidates: tuple[Candidate, ...]
    themes: tuple[Theme, ...]
    limits: Limits = field(default_factory=Limits)
    weights: Weights = field(default_factory=Weights)
    pins: Pins = field(default_factory=Pins)
    seed: int = 0

    def __post_init__(self) -> None:
        candidates = sorted(self.candidates, key=lambda one: (one.theme, one.academy, one.id))
        object.__setattr__(self, "candidates", tuple(candidates))
        object.__setattr__(self, "themes", tuple(sorted(self.themes, key=lambda one: one.id)))
        _check_names(self)
        _check_numbers(self)


def _check_names(problem: Problem) -> None:
    ids = [one.id for one in problem.candidates]
    themes = [one.id for one in problem.themes]
    _refuse("The same candidate twice", _twice(ids))
    _refuse("The same theme twice", _twice(themes))
    _refuse("A candidate of an unknown theme", {one.theme for one in problem.candidates} - set(themes))
    _refuse("A pin on an unknown candidate", (problem.pins.retained | problem.pins.excluded) - set(ids))
    _refuse("A candidate both retained and excluded", problem.pins.retained & problem.pins.excluded)
    regions = {(one.academy, one.region) for one in problem.candidates}
    _refuse("An academy in two regions", _twice([academy for academy, _ in regions]))


def _check_numbers(problem: Problem) -> None:
    limits, weights = problem.limits, problem.weights
    _refuse("A negative number", [one.id for one in problem.candidates if min(one.score, one.places_last_year) < 0])
    _refuse("More than 1 000 points", [one.id for one in problem.candidates if one.score > LARGEST])
    _refuse(
        "A theme whose minimums and maximum cross",
        [one.id for one in problem.themes if not 0 <= max(one.least, one.continuing_least) <= one.most]
        + [one.id for one in problem.themes if min(one.least, one.continuing_least) < 0],
    )
    each = (limits.per_region_per_theme, limits.per_academy, limits.per_academy_per_theme)
    _refuse("A limit under 1", [str(one) for one in each if one is not None and one < 1])
    _refuse("A negative number of places", [str(limits.places)] if (limits.places or 0) < 0 else [])
    of_weights = (weights.missing_degree, weights.served_academy)
    _refuse("A negative weight", [str(one) for one in of_weights if one < 0])
    _refuse("More than 1 000 points", [str(one) for one in of_weights if one > LARGEST])


def _refuse(what: str, culprits: Iterable[str]) -> None:
    if named := sorted(culprits):
        raise BadProblem(f"{what}: {', '.join(named[:5])}.")


def _twice(names: list[str]) -> set[str]:
    seen: set[str] = set()
    return {name for name in names if name in seen or seen.add(name)}  # type: ignore[func-returns-value]


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that does not hold. `wanted`: its number; `found`: what the selection has instead (or could at best).

    `theme`, `region`, `academy`, `candidate` say where, empty when the rule is not about one.
    """

    rule: Rule
    wanted: int
    found: int
    theme: str = ""
    region: str = ""
    academy: str = ""
    candidate: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a value is made of, in hundredths: `scores` + `served` − `missing`, with the names behind each."""

    scores: int = 0
    served: int = 0
    missing: int = 0
    academies: tuple[str, ...] = ()
    themes_missing_a_degree: tuple[str, ...] = ()

    @property
    def value(self) -> int:
        return self.scores + self.served - self.missing


@dataclass(frozen=True, slots=True)
class Tie:
    """Whether another selection has the same value, and the published rule that chose between them.

    `without` and `instead`: the nearest equal selection drops these candidates and takes those.
    """

    rule: TieRule = ""
    without: tuple[str, ...] = ()
    instead: tuple[str, ...] = ()

    @property
    def unique(self) -> bool:
        return not self.rule


@dataclass(frozen=True, slots=True)
class Solution:
    """A selection. When `infeasible`, nothing is retained: `fallback` is the best selection that breaks as little as
    possible in the order of `RELAXATION`, and `broken` names what it breaks.

    `binding`: the rules met exactly, that hold something back. `solver`: what computed it, for a replay.
    """

    status: Status
    retained: tuple[str, ...]
    terms: Terms
    tie: Tie = field(default_factory=Tie)
    binding: tuple[Broken, ...] = ()
    broken: tuple[Broken, ...] = ()
    fallback: tuple[str, ...] = ()
    solver: str = ""

    @property
    def value(self) -> int:
        """Hundredths of a point."""
        return self.terms.value


@dataclass(frozen=True, slots=True)
class Explanation:
    """What the opposite decision on one candidate would do to the whole selection.

    `cost`: hundredths lost (negative only when the decision was pinned and the opposite would gain); `entering` and
    `leaving`: the other candidates that would come in or be set aside. `impossible`: no selection allows it, and
    `broken` says why. `tie`: it costs nothing; `rule` is the published rule that decided.
    """

    candidate: str
    retained: bool
    pinned: bool
    kind: Kind
    cost: int = 0
    entering: tuple[str, ...] = ()
    leaving: tuple[str, ...] = ()
    rule: TieRule = ""
    broken: tuple[Broken, ...] = ()
