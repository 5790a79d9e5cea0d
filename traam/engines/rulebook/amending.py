"""What the numbers of an edition decide, and the edition with other numbers.

The edition as written never changes: an amendment (« avenant ») makes a new rulebook, in which the limit keeps
its name and its article, and everything that draws on it follows.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from traam.engines.rulebook.book import Limit, Rule, Rulebook
from traam.engines.rulebook.predicates import PREDICATES, Takes
from traam.engines.rulebook.reading import suggestion
from traam.engines.rulebook.selection import Proposal
from traam.engines.rulebook.wording import NBSP


class BadAmendment(ValueError):
    """An amendment the edition cannot take: `sentence` says why, in French."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__(sentence)


def resolved(names: tuple[str, ...], limits: Mapping[str, Limit]) -> object:
    """What a rule that names these limits is compared with: a number, or as many numbers as names."""
    numbers = tuple(limits[name].value for name in names)
    return numbers[0] if len(numbers) == 1 else numbers


def contradictions(limits: Mapping[str, Limit]) -> Iterator[tuple[str, str]]:
    """The names of each least number that exceeds its greatest ("experts_min", "experts_max")."""
    for name, low in limits.items():
        high = limits.get(f"{name.removesuffix('_min')}_max")
        if name.endswith("_min") and high and low.value > high.value:
            yield name, high.name


def amended(book: Rulebook, limits: Mapping[str, int] | None = None, blind: bool | None = None) -> Rulebook:
    """The edition with these limits instead of its own, and read blind or not; None leaves as written.

    `limits` maps the name of a limit to its value in force. Raises `BadAmendment` for a limit the edition does
    not set, a negative number, or a least number above the greatest.
    """
    in_force = {**book.limits, **{name: _limit(book, name, value) for name, value in (limits or {}).items()}}
    rules = tuple(replace(rule, value=resolved(rule.limits, in_force)) if rule.limits else rule for rule in book.rules)
    selection = replace(
        book.selection,
        blind=book.selection.blind if blind is None else blind,
        proposal=_proposal(book.selection.proposal, in_force),
    )
    result = replace(book, limits=in_force, rules=rules, selection=selection)
    _check(result)
    return result


def touched(book: Rulebook, limit_name: str) -> tuple[Rule, ...]:
    """The rules that an amendment of this limit changes; `BadAmendment` when the edition does not set it."""
    _known(book, limit_name)
    return tuple(rule for rule in book.rules if limit_name in rule.limits)


def _known(book: Rulebook, name: str) -> Limit:
    if name not in book.limits:
        raise BadAmendment(
            f"Le cahier des charges « {book.id} » ne fixe pas de nombre « {name} » ; {suggestion(name, book.limits)}"
        )
    return book.limits[name]


def _limit(book: Rulebook, name: str, value: int) -> Limit:
    limit = _known(book, name)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise BadAmendment(f"« {limit.label} »{NBSP}: donnez un nombre entier, positif ou nul, au lieu de « {value} ».")
    return replace(limit, value=value)


def _proposal(proposal: Proposal, limits: Mapping[str, Limit]) -> Proposal:
    """The same proposal, with the numbers in force of the limits it names."""
    followed: dict[str, Any] = {
        name: replace(setting, value=limits[setting.limit].value)
        for name, setting in proposal.settings.items()
        if setting.limit
    }
    return replace(proposal, **followed)


def _check(book: Rulebook) -> None:
    """No number may make a rule impossible: everybody would be in breach for ever."""
    together = (*contradictions(book.limits), *_same_rule(book), *_same_fact(book), *_same_theme(book))
    for low, high in together:
        least, most = book.limits[low], book.limits[high]
        if least.value > most.value:
            raise BadAmendment(
                f"« {least.label} » vaudrait {least.value}, plus que « {most.label} », qui vaut {most.value}."
                " Amendez aussi l'autre nombre, ou choisissez-en un qui tient avec lui."
            )


# The least and the greatest number, by name, that one dossier must respect together.
Pair = tuple[str, str]


def _same_rule(book: Rulebook) -> Iterator[Pair]:
    for rule in book.rules:
        if rule.limits and PREDICATES[rule.check].takes is Takes.PAIR:
            yield rule.limits[0], rule.limits[1]


def _same_fact(book: Rulebook) -> Iterator[Pair]:
    """Of rules under two different conditions nothing is said: they may never apply together."""
    limited = [rule for rule in book.rules if rule.limits]
    for least in (rule for rule in limited if rule.check == "at_least"):
        for most in (rule for rule in limited if rule.check == "at_most"):
            both = least.when == most.when or not (least.when and most.when)
            if both and (least.on, least.fact) == (most.on, most.fact):
                yield least.limits[0], most.limits[0]


def _same_theme(book: Rulebook) -> Iterator[Pair]:
    """The academies that go on are among those of the theme."""
    continuing, most = book.selection.proposal.continuing_least, book.selection.proposal.academies_most
    if continuing and most and continuing.limit and most.limit:
        yield continuing.limit, most.limit
