"""Whom to ask for a test in class: the academies that work together first, then those that resemble."""

from collections.abc import Iterable
from dataclasses import dataclass

from traam import reference


@dataclass(frozen=True)
class Candidate:
    """A group that could try a scenario. `axes` are titles, `levels` codes; `load` counts the tests it already owes.

    `school` is the kind of its school, in French ("Collège"), "" when it is not known.
    """

    group: int
    academy: str
    academy_name: str
    paired: bool = False
    axes: tuple[str, ...] = ()
    levels: frozenset[str] = frozenset()
    school: str = ""
    load: int = 0


@dataclass(frozen=True)
class Tester:
    """A group to ask, with the reasons in French: « académie associée », « classe de 4e »."""

    group: int
    academy: str
    academy_name: str
    reasons: tuple[str, ...]

    @property
    def sentence(self) -> str:
        return " ; ".join(self.reasons)


def propose(authors: Candidate, levels: frozenset[str], others: Iterable[Candidate]) -> list[Tester]:
    """The groups to ask, the most fitting first. `levels` are those of the scenario.

    In order: the paired academies, another academy rather than the authors' own, more common axes, more common levels,
    the same kind of school, fewer tests owed; then by the academy's code and the group's number, so that the same
    facts always give the same list.
    """
    return [_tester(authors, levels, one) for one in sorted(others, key=lambda one: _rank(authors, levels, one))]


def _rank(authors: Candidate, levels: frozenset[str], one: Candidate) -> tuple[object, ...]:
    return (
        not one.paired,
        one.academy == authors.academy,
        -len(set(one.axes) & set(authors.axes)),
        -len(one.levels & levels),
        not (one.school and one.school == authors.school),
        one.load,
        one.academy,
        one.group,
    )


def _tester(authors: Candidate, levels: frozenset[str], one: Candidate) -> Tester:
    reasons = ["académie associée"] if one.paired else []
    if one.academy == authors.academy:
        reasons.append("même académie que les auteurs")
    axes = [axis for axis in one.axes if axis in authors.axes]
    if axes:
        reasons.append(f"{'même axe' if len(axes) == 1 else 'mêmes axes'} : {', '.join(axes)}")
    if common := _named(one.levels & levels):
        reasons.append(common)
    elif one.school and one.school == authors.school:
        reasons.append(f"même type d'établissement : {one.school.lower()}")
    if one.load:
        reasons.append("déjà un test en attente" if one.load == 1 else f"déjà {one.load} tests en attente")
    return Tester(one.group, one.academy, one.academy_name, tuple(reasons or ["même thème"]))


def _named(codes: frozenset[str]) -> str:
    """ "classe de 4e", "classes de 5e et 4e", "même niveau : cycle 3"; "" for none. As the vocabulary orders them."""
    known = [level.label for code, level in reference.levels().items() if code in codes]
    if not known:
        return ""
    said = known[0] if len(known) == 1 else f"{', '.join(known[:-1])} et {known[-1]}"
    if not all(label[0].isdigit() or label.startswith("terminale") for label in known):
        return f"même niveau : {said}"
    return f"classe de {said}" if len(known) == 1 else f"classes de {said}"
