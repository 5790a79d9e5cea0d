"""The menus of the site, for whoever asks: what each role may open, no more."""

from django.http import HttpRequest
from django.urls import reverse

from traam import editions
from traam.design.navigation import Account, Entry, Navigation
from traam.programme.people.models import Person, Role
from traam.programme.people.policies import appointments

PUBLIC = (
    ("Rechercher", "public:search"),
    ("Thèmes", "public:themes"),
    ("Académies", "public:academies"),
    ("Cahiers des charges", "public:editions"),
)
SPACES = (
    ("Mon bureau", "desk:dashboard", None),
    ("Académie", "academy:home", {Role.DAN, Role.INSPECTOR}),
    ("Évaluation", "review:home", {Role.EXPERT, Role.GENERAL_INSPECTOR, Role.NATIONAL}),
    ("Atelier", "workshop:home", None),
    ("Pilotage", "steering:home", {Role.NATIONAL}),
)


def _entry(request: HttpRequest, label: str, name: str) -> Entry:
    address = reverse(name)
    return Entry(label, address, current=request.path.startswith(address))


def _account(person: Person, request: HttpRequest) -> Account:
    held = appointments(person, request.at) if hasattr(request, "at") else []
    return Account(person.name, " · ".join(str(appointment) for appointment in held[:2]))


def navigation(request: HttpRequest) -> Navigation:
    person = getattr(request, "user", None)
    entries = [_entry(request, label, name) for label, name in PUBLIC]
    if not isinstance(person, Person):
        return Navigation(tuple(entries), sign_in=reverse("desk:sign_in"), search=reverse("public:search"))
    held = {a.role for a in appointments(person, request.at)} if hasattr(request, "at") else set()
    mine = [_entry(request, label, name) for label, name, roles in SPACES if roles is None or roles & held]
    catalogue = Entry("Catalogue", children=tuple(entries))
    return Navigation(
        (*mine, catalogue),
        account=_account(person, request),
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
