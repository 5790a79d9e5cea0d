"""What waits for a person among the productions of every kind: one query for each kind, whatever their number."""

from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce

from traam import reference
from traam.programme.campaigns.models import Steward
from traam.programme.campaigns.queries import leading
from traam.programme.groups.models import Member
from traam.programme.people.models import Person, Role
from traam.programme.people.policies import academies_of
from traam.programme.productions.models import Bilan, Module, Production, Support
from traam.programme.productions.queries.reviews import MODELS


class ToRead(NamedTuple):
    """A production that waits for a reading; `kind` is a name of `kinds.KINDS`."""

    kind: str
    pk: int
    title: str
    state: str
    changed_at: datetime
    academy: str  # "" when the national group writes it
    theme: str

    @property
    def written_by(self) -> str:
        """Who writes it, in words, as `models.written_by` says it."""
        known = reference.academies().get(self.academy)
        return f"{known.name if known else 'Groupe national'}, {self.theme}"

    @property
    def name(self) -> str:
        return self.title or f"Bilan académique, {self.written_by}"


def to_read(person: Person, at: datetime) -> list[ToRead]:
    """What waits for a person's reading, the oldest first: proposed to her as référent, submitted to her as inspector,
    sent on to her as expert. One query for all the kinds."""
    lines = [_to_read(kind, model, person, at) for kind, model in MODELS.items()]
    rows = lines[0].union(*lines[1:], all=True)
    return sorted((ToRead(*row) for row in rows), key=lambda one: (one.changed_at, one.kind, one.pk))


class SentBack(NamedTuple):
    """A production that its authors take up again; `kind` is a name of `kinds.KINDS`."""

    kind: str
    pk: int
    title: str
    changed_at: datetime


def sent_back(person: Person) -> list[SentBack]:
    """The modules, bilans and supports sent back to those who write them, the oldest first: one query for all.

    Scenarios are told with the rest of what an author has in hand (`in_hand`, `to_mend`).
    """
    seats = Member.objects.filter(group=OuterRef("group"), person=person, until__isnull=True)
    mine = Q(Exists(seats.exclude(role=Member.Role.INSPECTOR)))
    leads = Steward.objects.filter(theme=OuterRef("theme"), person=person, role=Steward.Role.EXPERT)
    answers = Member.objects.filter(
        person=person, role=Member.Role.REFERENT, until__isnull=True, group__application__theme=OuterRef("theme")
    )
    national = Q(group__isnull=True) & (Q(Exists(leads)) | Q(Exists(answers)))
    bilan = Value("Bilan académique", CharField())
    lines = [
        _sent_back("module", Module.objects.filter(mine | national), F("title")),
        _sent_back("bilan", Bilan.objects.filter(mine), bilan),
        _sent_back("support", Support.objects.filter(mine), F("title")),
    ]
    rows = lines[0].union(*lines[1:], all=True)
    return sorted((SentBack(*row) for row in rows), key=lambda one: (one.changed_at, one.kind, one.pk))


def _sent_back(kind: str, rows: QuerySet[Any], title: Any) -> Any:
    told = rows.filter(state="returned").order_by()
    named = told.annotate(told_kind=Value(kind, CharField()), told_title=Cast(title, CharField()))
    return named.values_list("told_kind", "pk", "told_title", "changed_at")


def _to_read(kind: str, model: type[Production], person: Person, at: datetime) -> Any:
    waits, theme = _in_group(person, at), Coalesce(F("group__application__theme__title"), Value(""))
    if model is Module:
        waits |= _in_national_group(person, at)
        theme = Coalesce(F("group__application__theme__title"), F("theme__title"))
    title = Value("", CharField()) if model is Bilan else Cast(F("title"), CharField())
    rows = model._default_manager.filter(waits).order_by()
    told = rows.annotate(
        told_kind=Value(kind, CharField()),
        told_title=title,
        told_academy=Coalesce(F("group__application__academy"), Value("", CharField())),
        told_theme=theme,
    )
    return told.values_list("told_kind", "pk", "told_title", "state", "changed_at", "told_academy", "told_theme")


def _in_group(person: Person, at: datetime) -> Q:
    seats = Member.objects.filter(group=OuterRef("group"), person=person, until__isnull=True)
    leads = leading(person, at).filter(theme=OuterRef("group__application__theme"))
    inspects = Q(Exists(seats.filter(role=Member.Role.INSPECTOR)))
    inspects |= Q(group__application__academy__in=academies_of(person, at, Role.INSPECTOR))
    return (
        Q(Exists(seats.filter(role=Member.Role.REFERENT)), state="proposed")
        | (inspects & Q(state="submitted"))
        | Q(Exists(leads.filter(role=Steward.Role.EXPERT)), state="endorsed")
    )


def _in_national_group(person: Person, at: datetime) -> Q:
    """Its experts write with the référents, its general inspector reads as an inspector does."""
    leads = leading(person, at).filter(theme=OuterRef("theme"))
    return Q(Exists(leads.filter(role=Steward.Role.EXPERT)), group__isnull=True, state="proposed") | Q(
        Exists(leads.filter(role=Steward.Role.GENERAL_INSPECTOR)), group__isnull=True, state="submitted"
    )
