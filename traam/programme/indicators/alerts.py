"""What goes wrong in a campaign, and what to do about it: each alert names a thing, a gesture and the page to do it."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q

from traam import reference
from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Campaign
from traam.programme.catalogue.searches.queries import looked_for
from traam.programme.groups.models import Group, Meeting
from traam.programme.productions.models import ClassTest, Scenario
from traam.programme.publication.audit_states import AWAY, FAULTY, STATES
from traam.programme.publication.models import Watched
from traam.programme.selection.models import Announcement

FEW_ACADEMIES = 2
"""A theme that has no more academies than that can hardly test across academies (cahier des charges, the trials)."""
WITHOUT_MEETING = timedelta(days=45)
"""How long a group may work before it has held a meeting: the first term, less the holidays."""
SEARCHES, WEEKS = 10, 12
"""A text that was asked for so many times in so many weeks, and found nothing."""


@dataclass(frozen=True)
class Place:
    """A page of the site: the name of its address, and its arguments."""

    name: str
    arguments: tuple[int | str, ...] = ()


@dataclass(frozen=True)
class Alert:
    """`about` is what it concerns, `what` is wrong, `todo` a gesture in the infinitive, done at `place`."""

    kind: str
    about: str
    what: str
    todo: str
    place: Place


@dataclass(frozen=True)
class Kind:
    """A group of alerts: `title` heads them, `why` says what happens if nothing is done."""

    title: str
    why: str


KINDS = {
    "themes": Kind("Thèmes où il reste peu d'académies", "Sans une autre académie, personne ne teste leurs scénarios."),
    "meetings": Kind(
        "Groupes qui ne se sont pas réunis", "Un groupe qui ne s'est pas vu au premier trimestre s'arrête."
    ),
    "tests": Kind(
        "Scénarios validés sans test en classe", "Le cahier des charges demande un test avant la publication."
    ),
    "links": Kind("Pages publiées à réparer", "Le public les lit aujourd'hui, ou ne les trouve plus."),
    "searches": Kind(
        "Recherches qui ne trouvent rien", "Un sujet attendu manque au catalogue, ou y porte un autre nom."
    ),
}


def alerts(campaign: Campaign, at: datetime) -> dict[str, list[Alert]]:
    """By kind, in the order of `KINDS`; a kind without an alert is absent. Eight queries."""
    found: dict[str, list[Alert]] = {kind: [] for kind in KINDS}
    for alert in (*_themes(campaign), *_meetings(campaign, at), *_tests(campaign), *_links(campaign), *_searches(at)):
        found[alert.kind].append(alert)
    return {kind: alerts for kind, alerts in found.items() if alerts}


def _themes(campaign: Campaign) -> Iterator[Alert]:
    if not Announcement.objects.filter(campaign=campaign).exists():
        return
    left: dict[int, set[str]] = defaultdict(set)
    waiting: Counter[int] = Counter()
    rows = Application.objects.filter(theme__campaign=campaign, decision__state__in=("retained", "waiting"))
    for number, academy, state in rows.values_list("theme", "academy", "decision__state"):
        if state == "retained":
            left[number].add(academy)
        else:
            waiting[number] += 1
    for theme in campaign.themes.order_by("title"):
        if len(left[theme.pk]) <= FEW_ACADEMIES:
            names = sorted(reference.academies()[code].name for code in left[theme.pk])
            if waiting[theme.pk]:
                todo, place = "Appeler la liste d'attente", Place("steering:waiting", (theme.pk,))
            else:
                todo, place = "Chercher une académie", Place("steering:followup", (campaign.pk,))
            yield Alert("themes", theme.title, f"Il reste {' et '.join(names) or 'aucune académie'}.", todo, place)


def _meetings(campaign: Campaign, at: datetime) -> Iterator[Alert]:
    held = Meeting.objects.filter(Q(group=OuterRef("pk")), state="held")
    groups = Group.objects.filter(
        ~Exists(held), application__theme__campaign=campaign, state="working", opened_at__lte=at - WITHOUT_MEETING
    )
    for group in groups.select_related("application__theme").order_by("opened_at", "pk"):
        academy = reference.academies()[group.application.academy].name
        yield Alert(
            "meetings",
            f"{academy} : {group.application.theme.title}",
            f"Ouvert depuis {(at - group.opened_at).days} jours, sans réunion tenue.",
            "Écrire au professeur référent",
            Place("workshop:group", (group.pk,)),
        )


def _tests(campaign: Campaign) -> Iterator[Alert]:
    rows = Scenario.objects.filter(
        ~Exists(ClassTest.objects.filter(scenario=OuterRef("pk"))),
        group__application__theme__campaign=campaign,
        state="validated",
    ).annotate(asked=Count("promises", filter=Q(promises__state__in=("asked", "promised"))))
    for scenario in rows.select_related("group__application").order_by("title", "pk"):
        academy = reference.academies()[scenario.group.application.academy].name
        what = "Un test est demandé ou promis." if scenario.asked else "Personne n'a promis de test."
        place = Place("workshop:theme_trials", (scenario.group.application.theme_id,))
        yield Alert("tests", f"{scenario.title} ({academy})", what, "Demander un test", place)


def _links(campaign: Campaign) -> Iterator[Alert]:
    rows = Watched.objects.filter(
        scenario__group__application__theme__campaign=campaign,
        release__isnull=False,
        stopped_at=None,
        told__in=(FAULTY, AWAY),
    )
    for watched in rows.select_related("scenario").order_by("told", "address"):
        about = watched.scenario.title if watched.scenario else watched.address
        place = Place("review:address", (watched.pk,))
        yield Alert("links", about, f"{watched.address} : {STATES[watched.told]}.", "Voir ce qui est à réparer", place)


def _searches(at: datetime) -> Iterator[Alert]:
    for one in looked_for(at.date(), WEEKS).lacking:
        if one.times >= SEARCHES:
            what = f"Cherché {one.times} fois en {WEEKS} semaines, sans résultat."
            yield Alert("searches", f"« {one.text} »", what, "Voir ces recherches", Place("steering:searches"))
