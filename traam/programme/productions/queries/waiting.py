"""What waits for a person among the productions of every kind: one query for each kind, whatever their number."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from traam.programme.campaigns.models import Steward
from traam.programme.groups.models import Member
from traam.programme.people.models import Person, Role
from traam.programme.people.policies import academies_of
from traam.programme.productions.models import Module, Production
from traam.programme.productions.queries.reviews import MODELS


def to_read(person: Person, at: datetime) -> list[Production]:
    """What waits for a person's reading, the oldest first: proposed to her as référent, submitted to her as inspector,
    sent on to her as expert. With its group and its theme; its members are not read."""
    rows = [row for model in MODELS.values() for row in _waiting(model, person, at)]
    return sorted(rows, key=lambda row: (row.changed_at, row.pk))


def _waiting(model: type[Production], person: Person, at: datetime) -> QuerySet[Production]:
    rows: QuerySet[Production] = model._default_manager.select_related("group__application__theme__campaign")
    waits = _in_group(person, at)
    if model is Module:
        rows = rows.select_related("theme__campaign")
        waits |= _in_national_group(person)
    return rows.filter(waits)


def _in_group(person: Person, at: datetime) -> Q:
    seats = Member.objects.filter(group=OuterRef("group"), person=person, until__isnull=True)
    leads = Steward.objects.filter(theme=OuterRef("group__application__theme"), person=person)
    inspects = Q(Exists(seats.filter(role=Member.Role.INSPECTOR)))
    inspects |= Q(group__application__academy__in=academies_of(person, at, Role.INSPECTOR))
    return (
        Q(Exists(seats.filter(role=Member.Role.REFERENT)), state="proposed")
        | (inspects & Q(state="submitted"))
        | Q(Exists(leads.filter(role=Steward.Role.EXPERT)), state="endorsed")
    )


def _in_national_group(person: Person) -> Q:
    """Its experts write with the référents, its general inspector reads as an inspector does."""
    leads = Steward.objects.filter(theme=OuterRef("theme"), person=person)
    return Q(Exists(leads.filter(role=Steward.Role.EXPERT)), group__isnull=True, state="proposed") | Q(
        Exists(leads.filter(role=Steward.Role.GENERAL_INSPECTOR)), group__isnull=True, state="submitted"
    )
