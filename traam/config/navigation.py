"""The menus of the site, for whoever asks: what each role may open, no more."""

from datetime import datetime
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from traam import editions
from traam.demo import build as demonstration
from traam.design.navigation import Account, Entry, Navigation
from traam.programme.campaigns.models import Campaign
from traam.programme.groups.queries import seat
from traam.programme.people.models import Appointment, Person, Role
from traam.programme.people.policies import appointments

PUBLIC = (
    ("Rechercher", "public:search"),
    ("Thèmes", "public:themes"),
    ("Académies", "public:academies"),
    ("S'informer", "public:informations"),
    ("Lettres", "public:letters"),
    ("Appels à candidatures", "public:calls"),
    ("Cahiers des charges", "public:editions"),
)
SPACES = (
    ("Mon bureau", "desk:dashboard", None),
    ("Académie", "academy:home", {Role.DAN, Role.INSPECTOR}),
    ("Mes candidatures", "academy:mine", {Role.TEACHER}),
    ("Évaluation", "review:home", {Role.EXPERT, Role.GENERAL_INSPECTOR, Role.NATIONAL, Role.INSPECTOR}),
    ("Atelier", "workshop:home", None),
    ("Lettres ÉduNum", "steering:newsletters", {Role.EXPERT}),
    ("Pilotage", "steering:home", {Role.NATIONAL}),
)

# The pages of the person herself, beside her name: words, page, icon.
OWN = (("Mon compte", "desk:account", "account-circle-line"), ("Mes courriels", "desk:habits", "mail-line"))


class DemonstrationAccounts(NamedTuple):
    """Who may be tried on a demonstration, and their password."""

    accounts: tuple[demonstration.Account, ...]
    password: str


def demonstration_accounts() -> DemonstrationAccounts:
    return DemonstrationAccounts(demonstration.ACCOUNTS, demonstration.PASSWORD)


def _entry(request: HttpRequest, label: str, name: str) -> Entry:
    """A link; it is the current one on its page and, when its address is a folder, on the pages under it."""
    address = reverse(name)
    under = address.endswith("/") and request.path.startswith(address)
    return Entry(label, address, current=under or request.path == address)


def _own(request: HttpRequest, label: str, name: str, icon: str) -> Entry:
    address = reverse(name)
    return Entry(label, address, current=request.path == address, icon=icon)


def _at(request: HttpRequest) -> datetime:
    """The time of the request; a page that no view answered (404) has none yet."""
    given: datetime | None = getattr(request, "at", None)
    return given or timezone.now()


def _signed_in(request: HttpRequest) -> Person | None:
    person = getattr(request, "user", None)
    return person if isinstance(person, Person) else None


def _detail(person: Person, held: list[Appointment]) -> str:
    """What someone signed in is: the role she acts under, her appointments, else her place in a group; not what her
    name already says."""
    told = [str(appointment) for appointment in held[:2]]
    if person.acting and [appointment.pk for appointment in held] == [person.acting]:
        return f"J'agis comme : {told[0]}"
    if all(appointment.role == Role.TEACHER for appointment in held):
        told = [seat(person)] if seat(person) else told
    return " · ".join(each for each in told if each != person.name)


def navigation(request: HttpRequest) -> Navigation:
    """The menus of this request: one query, for the appointments, unless the page already read them.

    One more, for the groups, for whoever holds no appointment but that of a teacher.
    """
    public = tuple(_entry(request, label, name) for label, name in PUBLIC)
    person = _signed_in(request)
    if person is None:
        return Navigation(public, sign_in=reverse("desk:sign_in"), search=reverse("public:search"))
    held = appointments(person, _at(request))
    roles = {appointment.role for appointment in held}
    mine = [_entry(request, label, name) for label, name, wanted in SPACES if wanted is None or wanted & roles]
    catalogue = Entry("Catalogue", children=public, current=any(entry.current for entry in public))
    return Navigation(
        (*mine, catalogue),
        account=Account(person.name, _detail(person, held), tuple(_own(request, *entry) for entry in OWN)),
        sign_out=reverse("desk:sign_out"),
        search=reverse("public:search"),
    )


def article(reference: str) -> Entry | None:
    """The page of a clause named "edition#anchor"."""
    edition_id, _, anchor = reference.partition("#")
    if not anchor or edition_id not in editions.books():
        return None
    book = editions.book(edition_id)
    if all(known.anchor != anchor for known in book.articles):
        return None
    label = f"Article {anchor}, {book.edition.short_title}"
    return Entry(label, f"{reverse('public:edition', args=[edition_id])}#{anchor}")


# The names by which the objects of pages hold what leads to their campaign.
TOWARDS = (
    "campaign",
    "theme",
    "application",
    "group",
    "scenario",
    "sheet",
    "period",
    "module",
    "section",
    "activity",
    "production",
)


def _campaign(thing: Any) -> Campaign | None:
    """The campaign this object belongs to: a theme, an application, a group, a step over one of them…"""
    if thing is None or isinstance(thing, Campaign):
        return thing
    held = (getattr(thing, name, None) for name in TOWARDS)
    return next((found for found in map(_campaign, held) if found), None)


def why(topic: str, thing: Any) -> Entry | None:
    """The article that asks, in the edition of the object's campaign, what a page on this topic asks."""
    campaign = _campaign(thing)
    if campaign is None:
        return None
    asked = campaign.edition.topic(topic)
    address = reverse("public:edition", args=[campaign.edition_id])
    return Entry(f"article {asked.anchor}, {asked.title}", f"{address}#{asked.anchor}")
