"""The academies of a theme in pairs or triples that have the most to share: exact, by dynamic programming on subsets.

A link is worth at most 1000: what two academies have in common (axes, kind of school) and what sets them apart (degree,
region: a production is better tested elsewhere). A group is worth its mean link × its size, so that a pair and
a triple of equal links weigh the same for each academy.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Literal

from .values import BadProblem

AXES = 600
"""Shared axes: this × common ÷ all the axes of the two, rounded down."""
SCHOOL_KIND = 150
OTHER_DEGREE = 150
OTHER_REGION = 100
LARGEST = 14
"""Academies in one theme: the subsets double with each. No cahier des charges ever asked for more than 8."""

FactKind = Literal["axes", "school_kind", "other_degree", "other_region", "already_paired"]
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Member:
    """An academy in a theme. What is unknown is left empty and counts for nothing. `degree`: premier, second, mixte."""

    academy: str
    region: str = ""
    axes: frozenset[int] = frozenset()
    school_kind: str = ""
    degree: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One reason of a link: `points` it adds (or takes, when already paired elsewhere), the common `axes`, the
    common `school_kind`."""

    kind: FactKind
    points: int
    axes: tuple[int, ...] = ()
    school_kind: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """Two academies of one group, in alphabetical order of their codes, and why they go together."""

    academies: Pair
    facts: tuple[Fact, ...]

    @property
    def value(self) -> int:
        return sum(fact.points for fact in self.facts)


@dataclass(frozen=True, slots=True)
class Pairing:
    """Groups of two or three, in alphabetical order; one group of one when the theme has a single academy (`alone`).

    `value`: the sum of the groups' (a pair counts its link twice, a triple its three links once). `links`: the links
    inside the groups. `equals`: how many other pairings have the same value; the one kept is then the first in
    alphabetical order.
    """

    groups: tuple[tuple[str, ...], ...]
    links: tuple[Link, ...] = ()
    value: int = 0
    equals: int = 0

    @property
    def alone(self) -> str:
        """The academy that has nobody to work with in this theme, empty when there is none."""
        return self.groups[0][0] if len(self.groups) == 1 and len(self.groups[0]) == 1 else ""


def link(one: Member, other: Member, already: Mapping[Pair, int] | None = None) -> Link:
    """What two academies have to share. `already`: pairs (either way round) to avoid → the points they lose."""
    first, second = sorted((one, other), key=lambda member: member.academy)
    facts = list(_facts(first, second))
    names = (first.academy, second.academy)
    penalty = max((already or {}).get(names, 0), (already or {}).get((names[1], names[0]), 0))
    if penalty:
        facts.append(Fact("already_paired", -penalty))
    return Link(names, tuple(facts))


def _facts(first: Member, second: Member) -> Iterable[Fact]:
    common = first.axes & second.axes
    if common:
        yield Fact("axes", AXES * len(common) // len(first.axes | second.axes), axes=tuple(sorted(common)))
    if first.school_kind and first.school_kind == second.school_kind:
        yield Fact("school_kind", SCHOOL_KIND, school_kind=first.school_kind)
    if first.degree and second.degree and first.degree != second.degree:
        yield Fact("other_degree", OTHER_DEGREE)
    if first.region and second.region and first.region != second.region:
        yield Fact("other_region", OTHER_REGION)


def pair(members: Iterable[Member], already: Mapping[Pair, int] | None = None) -> Pairing:
    """The best way to put every academy in a group of two or three; the same whatever the order of the input.

    Raises `BadProblem` for an academy named twice, or more than `LARGEST` of them.
    """
    ordered = sorted(members, key=lambda member: member.academy)
    names = [member.academy for member in ordered]
    if len(set(names)) < len(names):
        raise BadProblem("The same academy twice in one theme.")
    if len(ordered) > LARGEST:
        raise BadProblem(f"More than {LARGEST} academies in one theme.")
    if len(ordered) < 2:
        return Pairing(tuple((name,) for name in names))
    links = {(a, b): link(ordered[a], ordered[b], already) for a, b in combinations(range(len(ordered)), 2)}
    value, ways, groups = _best({pair: found.value for pair, found in links.items()}, len(ordered))
    inside = [links[two] for group in groups for two in combinations(group, 2)]
    return Pairing(tuple(tuple(names[n] for n in group) for group in groups), tuple(inside), value, ways - 1)


Group = tuple[int, ...]
Found = tuple[int, int, tuple[Group, ...]]
"""Value, how many ways reach it, and the first of them in order."""


def _best(links: Mapping[tuple[int, int], int], count: int) -> Found:
    """Members left → the best way to group them. The first one left is always placed next, so each way comes once."""

    @cache
    def best(left: int) -> Found | None:
        if not left:
            return 0, 1, ()
        members = [n for n in range(count) if left >> n & 1]
        first, others = members[0], members[1:]
        found: Found | None = None
        for size in (1, 2):
            for partners in combinations(others, size):
                group = (first, *partners)
                rest = best(left - sum(1 << n for n in group))
                if rest is not None:
                    way = rest[0] + group_value(links, group), rest[1], (group, *rest[2])
                    found = _better(found, way)
        return found

    answer = best((1 << count) - 1)
    if answer is None:
        raise BadProblem("No way to group these academies.")
    return answer


def group_value(links: Mapping[tuple[int, int], int], group: Group) -> int:
    """Mean link × size: twice its link for a pair, the sum of its three links for a triple."""
    total = sum(links[two] for two in combinations(group, 2))
    return 2 * total if len(group) == 2 else total


def _better(found: Found | None, way: Found) -> Found:
    if found is None or way[0] > found[0]:
        return way
    if way[0] < found[0]:
        return found
    return found[0], found[1] + way[1], min(found[2], way[2])
