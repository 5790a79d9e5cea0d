"""The reads of what scenarios have to do with one another: other levels, another year, earlier drafts and versions."""

from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q, QuerySet

from traam.engines.workflow import Missing
from traam.programme.groups.models import Group
from traam.programme.groups.queries import group as find_group
from traam.programme.productions.models import Draft, Scenario, Turn, Version

VALIDATING = ("validate", "confirm")
"""The moves after which a scenario was validated, whatever the circuit."""


@dataclass(frozen=True)
class Relatives:
    """The scenarios one has to do with: the one it comes from, its other levels, those of the second year."""

    origin: Scenario | None
    levels: list[Scenario] = field(default_factory=list)
    years: list[Scenario] = field(default_factory=list)


def relatives(scenario: Scenario) -> Relatives:
    """What a scenario was drawn from, and what was drawn from it. Two levels of one scenario know one another."""
    level = Scenario.OriginKind.LEVEL
    siblings = Q(origin=scenario.origin_id, origin_kind=level) if scenario.origin_kind == level else Q(pk__in=[])
    rows = _named(Scenario.objects.filter(Q(pk=scenario.origin_id) | Q(origin=scenario) | siblings))
    others = [row for row in rows if row.pk != scenario.pk]
    return Relatives(
        next((row for row in others if row.pk == scenario.origin_id), None),
        [row for row in others if row.origin_kind == level and row.pk != scenario.origin_id],
        [row for row in others if row.origin_id == scenario.pk and row.origin_kind == Scenario.OriginKind.YEAR],
    )


def _named(rows: QuerySet[Scenario]) -> list[Scenario]:
    return list(rows.select_related("group__application__theme__campaign").order_by("pk"))


def of_first_year(group: Group) -> QuerySet[Scenario]:
    """The scenarios that the first year of the theme validated, of every academy.

    `carried` when this group began one from it.
    """
    mine = Scenario.objects.filter(origin=OuterRef("pk"), group=group)
    rows = Scenario.objects.filter(_validated(), group__application__theme=group.application.theme.continues_id)
    return (
        rows.annotate(carried=Exists(mine))
        .select_related("group__application__theme__campaign")
        .order_by("group__application__academy", "pk")
    )


def _validated() -> Q:
    return Q(Exists(Turn.objects.filter(review=OuterRef("review"), verb__in=VALIDATING))) | Q(state="validated")


def was_validated(scenario: Scenario) -> bool:
    """Whether it was validated once, even if its authors have taken it up again since."""
    return Scenario.objects.filter(_validated(), pk=scenario.pk).exists()


def validated_version(scenario: Scenario) -> Version | None:
    """What was last validated of it, word for word."""
    turns = Turn.objects.filter(review=scenario.review_id, verb__in=VALIDATING).order_by("-at", "-pk")
    number = turns.values_list("version", flat=True).first()
    return Version.objects.filter(review=scenario.review_id, number=number).first() if number else None


@dataclass(frozen=True)
class First:
    """A scenario of the first year, as a group of the second reads it."""

    scenario: Scenario
    group: Group


def first_year(pk: int, number: int) -> First:
    """A scenario of the first year (`number`), for the group `pk` that goes on with its theme."""
    group = find_group(pk)
    try:
        return First(of_first_year(group).get(pk=number), group)
    except Scenario.DoesNotExist:
        raise Missing("Ce scénario n'est pas de ceux que la première année du thème a validés.") from None


def versions(scenario: Scenario) -> list[Version]:
    """What was submitted, the last first."""
    return list(Version.objects.filter(review=scenario.review_id).select_related("made_by").order_by("-number"))


def replaced_since(scenario: Scenario, revision: int) -> list[Draft]:
    """What was saved over from a revision on, the oldest first: the first is what the page was opened on."""
    return list(scenario.drafts.filter(revision__gte=revision).order_by("revision"))


def in_group(group: Group, words: str = "", state: str = "") -> QuerySet[Scenario]:
    """The scenarios of a group, for a list that is read page by page: neither members nor tests are read."""
    rows = Scenario.objects.filter(group=group).select_related("origin").order_by("-changed_at", "-pk")
    for word in words.split():
        rows = rows.filter(title__icontains=word)
    return rows.filter(state=state) if state else rows


def draft(scenario: Scenario, revision: int) -> Draft | None:
    """What the scenario held at a revision that was saved over; None when it is too old to be kept."""
    return scenario.drafts.filter(revision=revision).first()
