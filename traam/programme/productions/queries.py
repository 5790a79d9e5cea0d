from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet

from traam.engines.workflow import Missing
from traam.programme.campaigns.models import Steward
from traam.programme.groups.models import Group, Member
from traam.programme.people.models import Person, Role
from traam.programme.people.policies import academies_of
from traam.programme.productions.models import ClassTest, Scenario, Turn, Version


def _scenarios() -> QuerySet[Scenario]:
    return Scenario.objects.select_related("group__application__theme__campaign").prefetch_related(
        Prefetch("group__members", Member.objects.select_related("person").order_by("pk")),
        Prefetch("group__application__theme__stewards", Steward.objects.select_related("person")),
        Prefetch("tests", ClassTest.objects.order_by("-on", "-pk")),
    )


def scenario(pk: int) -> Scenario:
    try:
        return _scenarios().get(pk=pk)
    except Scenario.DoesNotExist:
        raise Missing("Ce scénario n'existe pas.") from None


def of_group(group: Group) -> list[Scenario]:
    return list(_scenarios().filter(group=group).order_by("pk"))


def of_groups(groups: list[Group]) -> list[Scenario]:
    return list(_scenarios().filter(group__in=[g.pk for g in groups]).order_by("pk"))


def turns(scenario: Scenario) -> list[Turn]:
    """The exchanges of the review, latest first."""
    return list(Turn.objects.filter(scenario=scenario).select_related("by").order_by("-at", "-pk"))


def tests(scenario: Scenario) -> list[ClassTest]:
    return list(scenario.tests.all())


def last_version(scenario: Scenario) -> Version | None:
    return Version.objects.filter(scenario=scenario).order_by("-number").first()


def to_review(person: Person, at: datetime) -> list[Scenario]:
    """The submitted scenarios that wait for an inspector: of the groups she pilots, or of her academy."""
    condition = Q(
        group__members__person=person,
        group__members__role=Member.Role.INSPECTOR,
        group__members__until__isnull=True,
    )
    condition |= Q(group__application__academy__in=academies_of(person, at, Role.INSPECTOR))
    keys = Scenario.objects.filter(condition, state="submitted").values("pk")
    return list(_scenarios().filter(pk__in=keys).order_by("changed_at"))


def to_mend(person: Person) -> list[Scenario]:
    """The scenarios sent back to the groups of which the person is a member."""
    condition = Q(group__members__person=person, group__members__until__isnull=True)
    keys = Scenario.objects.filter(condition, state="returned").values("pk")
    return list(_scenarios().filter(pk__in=keys).order_by("changed_at"))
