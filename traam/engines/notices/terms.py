"""The terms of ScoLOMFR for our codes: each as a path from the widest to the term itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from traam import reference


@dataclass(frozen=True)
class Term:
    uri: str
    label: str


Path = tuple[Term, ...]

_CONTEXTS = {
    "école maternelle": "context-primary",
    "école élémentaire": "context-primary",
    "collège": "context-secondary",
    "lycée général et technologique": "context-secondary",
    "lycée professionnel": "context-secondary",
    "collège professionnel": "context-secondary",
    "voie professionnelle": "context-secondary",
    "voie générale et technologique": "context-secondary",
    "section BTS": "context-higher",
    "section DUT": "context-higher",
    "voie CPGE": "context-higher",
    "licence professionnelle": "context-higher",
    "formation professionnelle continue des adultes": "context-training",
    "formation des personnels de l'éducation nationale": "context-training",
}
"""What the widest term of a level says of where one teaches; of the others (ages, cycles), that it is at school."""


def fixed(code: str) -> Term:
    """A term by our code for it."""
    concept = reference.concepts()[code]
    return Term(concept.uri, concept.label)


@cache
def _known() -> Mapping[str, reference.Concept]:
    return {concept.uri: concept for concept in reference.concepts().values()}


def discipline(code: str) -> Path:
    """() for a discipline that ScoLOMFR does not name."""
    found = reference.disciplines().get(code)
    if found is None or not found.uri:
        return ()
    term = Term(found.uri, found.scolomfr_label)
    concept = _known().get(found.uri)
    if concept is None or not concept.parent:
        return (term,)
    above = _known()[concept.parent]
    return (Term(above.uri, above.label), term)


@cache
def _levels() -> Mapping[str, reference.Level]:
    """By path."""
    return {level.path: level for level in reference.levels().values()}


def level(code: str) -> Path:
    found = reference.levels().get(code)
    if found is None:
        return ()
    steps = found.path.split(" > ")
    paths = (" > ".join(steps[: n + 1]) for n in range(len(steps)))
    above = [_levels()[path] for path in paths if path in _levels()]
    return tuple(Term(one.uri, one.label) for one in above)


def context(code: str) -> Term | None:
    """Where one teaches at this level."""
    found = reference.levels().get(code)
    return fixed(_CONTEXTS.get(found.path.split(" > ")[0], "context-school")) if found else None


def competence(code: str) -> Path:
    """A competence of the CRCN under its domain."""
    found = reference.competences().get(code)
    if found is None:
        return ()
    return (_of_crcn(reference.frameworks()["CRCN"][found.domain]), _of_crcn(found))


def _of_crcn(entry: reference.Competence) -> Term:
    """Its label as the vocabulary writes it, which is that of the decree but for the capital, and two of them."""
    concept = _known().get(entry.uri)
    return Term(entry.uri, concept.label if concept else entry.label[0].lower() + entry.label[1:])
