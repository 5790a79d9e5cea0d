"""Notices of the history taken into the workshop of a group, to be corrected there."""

from datetime import datetime

from django.db.models import Case, Q, QuerySet, Value, When

from traam.engines.sharing import BadAddress, normal
from traam.engines.workflow import Missing
from traam.programme.catalogue.models import Notice
from traam.programme.groups.models import Group
from traam.programme.people.models import Person
from traam.programme.productions.actions import LONGEST, Content
from traam.programme.productions.actions.drawing import take_in
from traam.programme.productions.models import Scenario

HISTORY = "history:"


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
    return take_in(group, content_of(notice), source=notice.source_key, address=_address(notice), actor=actor, at=at)


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
