"""Notices taken into the workshop of a group: those of the history, to be corrected there; any other, to be reused.

Where a scenario comes from is kept (`Scenario.source`), then told by its notice once it is released (`inspired_by`).
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Case, Q, QuerySet, Value, When

from traam.engines.sharing import BadAddress, normal
from traam.engines.workflow import ALLOWED, Missing, Verdict, refuse
from traam.programme.catalogue.models import Notice
from traam.programme.groups.models import Group
from traam.programme.groups.queries.composition import of_person
from traam.programme.people.models import Person
from traam.programme.productions.actions import LONGEST, Content, drawing
from traam.programme.productions.drawing_policies import may_reuse
from traam.programme.productions.models import Scenario
from traam.programme.publication.models import Release

HISTORY, RELEASED = "history:", "scenario:"
UNCHANGED = frozenset({"CC-BY-ND"})
"""The licences that let nobody publish a changed copy."""


def history(text: str = "") -> QuerySet[Notice]:
    """The notices of the history that hold these words, the most recent first."""
    rows = Notice.objects.filter(source_key__startswith=HISTORY, state=Notice.State.PUBLISHED)
    for word in text.split():
        rows = rows.filter(Q(title__icontains=word) | Q(summary__icontains=word))
    # « avant 2021 » is no year: it comes after those that are.
    dated = Case(When(years__startswith="2", then=Value(1)), default=Value(0))
    return rows.order_by(dated.desc(), "-years", "title", "pk")


def historical(pk: int) -> Notice:
    try:
        return Notice.objects.get(pk=pk, source_key__startswith=HISTORY, state=Notice.State.PUBLISHED)
    except Notice.DoesNotExist:
        raise Missing("Cette notice n'est pas de celles d'avant la plateforme.") from None


def adopted(group: Group) -> dict[str, int]:
    """The numbers of the scenarios of a group that come from the history, by the notice's key."""
    rows = Scenario.objects.filter(group=group, source__startswith=HISTORY)
    return dict(rows.values_list("source", "pk"))


def adopt(notice: Notice, group: Group, *, actor: Person, at: datetime) -> Scenario:
    """Begin, in the workshop of a group, the scenario that a notice of the history tells of. The notice stays."""
    content, address = content_of(notice), _address(notice)
    return drawing.take_in(group, content, source=notice.source_key, address=address, actor=actor, at=at)


def reusable(pk: int) -> Notice:
    """A notice that is public, to be reused."""
    notice = Notice.objects.select_related("theme").filter(pk=pk, state=Notice.State.PUBLISHED).first()
    if notice is None:
        raise Missing("Cette notice n'est pas publiée : elle ne peut pas être réutilisée.")
    return notice


def allows(notice: Notice, group: Group) -> Verdict:
    """What its licence says of a copy that a group changes and publishes."""
    if notice.licence in UNCHANGED and group.application.academy not in notice.academies:
        label = notice.licence_known.label if notice.licence_known else notice.licence
        return refuse(f"Sa licence ({label}) ne permet pas d'en publier une version modifiée : écrivez à l'académie.")
    return ALLOWED


@dataclass(frozen=True)
class Home:
    """A group that may take a notice in. `taken` is the number of the scenario it began from it, None before."""

    group: Group
    verdict: Verdict
    taken: int | None


def homes(person: Person, notice: Notice, at: datetime) -> list[Home]:
    """The groups of a person, for a notice she would reuse."""
    groups = [group for group in of_person(person) if group.state != "ended"]
    taken = dict(Scenario.objects.filter(group__in=groups, source=notice.source_key).values_list("group", "pk"))
    return [Home(group, _may(person, notice, group, at), taken.get(group.pk)) for group in groups]


def _may(person: Person, notice: Notice, group: Group, at: datetime) -> Verdict:
    if _own(group, notice):
        return refuse("Ce scénario est de ce groupe : pour une variante, déclinez-le depuis l'atelier.")
    return allows(notice, group) and may_reuse(person, group, at)


def _own(group: Group, notice: Notice) -> bool:
    number = notice.source_key.removeprefix(RELEASED)
    return number.isdigit() and Scenario.objects.filter(pk=int(number), group=group).exists()


@transaction.atomic
def reuse(notice: Notice, group: Group, *, actor: Person, at: datetime) -> Scenario:
    """Begin, in the workshop of a group, a scenario from a published one; both will say so."""
    _may(actor, notice, group, at).require()
    if notice.archived:
        stored: dict[str, Any] = asdict(content_of(notice))
        if address := _address(notice):
            stored["pieces"] = [{"id": 0, "title": "Le travail d'origine", "address": address}]
    else:
        number = int(notice.source_key.removeprefix(RELEASED))
        release = Release.objects.get(scenario=number, version=notice.version)
        stored = release.content
    return drawing.reuse(group, stored, source=notice.source_key, credit=_credit(notice), actor=actor, at=at)


def _credit(notice: Notice) -> str:
    academies = " et ".join(f"de l'académie {academy.of_name}" for academy in notice.academy_list)
    return notice.authors or f"un travail {academies}".strip()


@dataclass(frozen=True)
class Ties:
    """What a scenario owes to a notice, and the scenarios of other groups that owe it something."""

    source: Notice | None
    reused: list[Scenario]


def ties(scenario: Scenario) -> Ties:
    source = Notice.objects.filter(source_key=scenario.source).first() if scenario.source else None
    rows = Scenario.objects.filter(source=f"{RELEASED}{scenario.pk}").order_by("pk")
    return Ties(source, list(rows.select_related("group__application__theme__campaign")))


def content_of(notice: Notice) -> Content:
    """What the notice says, in the places of a scenario; what has no place is told in the context."""
    told = [f"Repris d'une notice d'avant la plateforme{_when(notice)}."]
    told += [f"Niveau noté alors : {notice.level_text}."] if notice.level_text and not notice.levels else []
    title = " ".join(notice.title.split())
    if len(title) > LONGEST["title"]:
        told.append(f"Titre complet : {title}")
        title = f"{title[: LONGEST['title'] - 1]}…"
    told += [f"# {heading}\n\n{text}" for heading, text in notice.sections]
    if notice.source_url and not _address(notice):
        told.append(f"Adresse notée alors : {notice.source_url}")
    return Content(
        title=title,
        summary=notice.summary[: LONGEST["summary"]],
        sections={"context": "\n\n".join(told)},
        disciplines=list(notice.disciplines),
        levels=list(notice.levels),
        competences=list(notice.competences),
        licence=notice.licence,
        tools=list(notice.tools),
        duration_minutes=notice.duration_minutes,
        authors=notice.authors,
    )


def _when(notice: Notice) -> str:
    academies = ", ".join(academy.name for academy in notice.academy_list)
    said = [f"académie de {academies}"] * bool(academies) + [notice.years] * bool(notice.years)
    return f" ({', '.join(said)})" if said else ""


def _address(notice: Notice) -> str:
    """Where the work stood, when it is one address that can be followed; else ""."""
    try:
        return normal(notice.source_url)
    except BadAddress:
        return ""
