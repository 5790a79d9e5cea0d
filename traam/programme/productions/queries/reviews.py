"""The review of a production, whatever its kind."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet

from traam.engines.workflow import Missing
from traam.programme.campaigns.models import Steward
from traam.programme.groups.models import Member
from traam.programme.journal.models import Entry
from traam.programme.people.models import Person
from traam.programme.productions.models import (
    Bilan,
    Module,
    Production,
    Reading,
    Remark,
    Scenario,
    Support,
    Turn,
    Version,
)

# The verbs of the journal by which a person writes in a production.
WRITING = (
    *("begin", "save", "add_section", "change_section", "add_activity", "change_activity"),
    *("add_question", "change_question", "set_file", "set_captions"),
)
MODELS: dict[str, type[Production]] = {"scenario": Scenario, "module": Module, "bilan": Bilan, "support": Support}


def reviewed(model: type[Production]) -> QuerySet[Any]:
    """The productions of a kind with all that says who may do what to them: group, members, theme, stewards."""
    rows: QuerySet[Any] = model._default_manager.select_related("group__application__theme__campaign", "review")
    if model is Module:
        stewards = Prefetch("theme__stewards", Steward.objects.select_related("person"))
        rows = rows.select_related("theme__campaign").prefetch_related(stewards)
    return rows.prefetch_related(
        Prefetch("group__members", Member.objects.select_related("person").order_by("pk")),
        Prefetch("group__application__theme__stewards", Steward.objects.select_related("person")),
    )


def production(kind: str, pk: int) -> Any:
    """A production of a kind ("module"), with its group and its theme; a kind that adds more gives its own `find`."""
    model = MODELS[kind]
    try:
        return reviewed(model).get(pk=pk)
    except model.DoesNotExist:
        raise Missing("Cette production n'existe pas.") from None


def turns(production: Production) -> list[Turn]:
    """The exchanges of the review, latest first."""
    return list(Turn.objects.filter(review=production.review_id).select_related("by").order_by("-at", "-pk"))


def last_version(production: Production) -> Version | None:
    return Version.objects.filter(review=production.review_id).order_by("-number").first()


def version(production: Production, number: int) -> Version:
    try:
        return Version.objects.get(review=production.review_id, number=number)
    except Version.DoesNotExist:
        raise Missing("Cette version n'existe pas.") from None


def remarks(production: Production) -> list[Remark]:
    """Every remark, the oldest first, with who made, answered and closed it."""
    rows = Remark.objects.filter(review=production.review_id).select_related("by", "answered_by", "closed_by")
    return list(rows.order_by("at", "pk"))


def unanswered(production: Production) -> list[Remark]:
    """The remarks that wait for an answer, the oldest first."""
    waiting = Remark.objects.filter(review=production.review_id, answer="", closed_at__isnull=True)
    return list(waiting.select_related("by").order_by("at", "pk"))


@dataclass(frozen=True)
class Said:
    """A remark, and the production it is about."""

    remark: Remark
    production: Production


def said(pk: int) -> Said:
    """A remark with its production, read with its group and its theme."""
    try:
        remark = Remark.objects.select_related("by", "answered_by").get(pk=pk)
    except Remark.DoesNotExist:
        raise Missing("Cette remarque n'existe pas, ou a été retirée.") from None
    for model in MODELS.values():
        found: Production | None = reviewed(model).filter(review=remark.review_id).first()
        if found is not None:
            return Said(remark, found)
    raise Missing("Cette remarque n'est plus attachée à une production.")


def reading(production: Production, person: Person) -> Reading | None:
    """What the person last said she had read of it."""
    return Reading.objects.filter(review=production.review_id, person=person).first()


def moved_since(production: Production, moment: datetime) -> bool:
    """Whether somebody moved it after that moment."""
    return Turn.objects.filter(review=production.review_id, at__gte=moment).exists()


def wrote(person: Person, production: Production) -> bool:
    """Whether the person began it or wrote in it, even if she has left its group since."""
    entries = Entry.objects.filter(object_type=production._meta.label_lower, object_id=str(production.pk))
    return production.created_by_id == person.pk or entries.filter(actor_id=person.pk, verb__in=WRITING).exists()
