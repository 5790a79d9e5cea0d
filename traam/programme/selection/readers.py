"""Who reads what in a theme, how far each is, who is in conflict with what: for those who ask people to read."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from traam.engines.workflow import Missing
from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Campaign, Steward, Theme
from traam.programme.people.models import Appointment, Person, Role
from traam.programme.selection.models import Assignment, Conflict
from traam.programme.selection.queries import counted
from traam.programme.selection.sharing import Sharing, share_out
from traam.programme.selection.states import MAY_BE_ASKED


def stewards(theme: Theme) -> list[Person]:
    """Those who read the whole theme, in alphabetical order. No query for a theme that comes with its stewards."""
    leading = {steward.person_id: steward.person for steward in theme.stewards.all()}
    return sorted(leading.values(), key=lambda person: (person.name, person.pk))


def candidates(theme: Theme, at: datetime) -> list[Person]:
    """Those who may be asked to read some dossiers of a theme, in alphabetical order.

    Experts and general inspectors in office, who do not read the whole of it already; the national team decides,
    and does not judge. One query.
    """
    day = at.date()
    held = Appointment.objects.filter(person=OuterRef("pk"), since__lte=day).exclude(until__lt=day)
    possible = Person.objects.filter(Exists(held.filter(role__in=MAY_BE_ASKED)), is_active=True)
    others = possible.exclude(Exists(held.filter(role=Role.NATIONAL)))
    return list(others.exclude(pk__in=[person.pk for person in stewards(theme)]).order_by("name", "pk"))


def assignments(theme: Theme) -> QuerySet[Assignment]:
    """What was asked, beside what those who lead the theme read; to be shown a page at a time."""
    rows = Assignment.objects.filter(application__in=_forwarded(theme))
    return rows.select_related("reader").order_by("application_id", "reader__name", "pk")


def assignment(theme: Theme, pk: str) -> Assignment:
    rows = assignments(theme).select_related("application__theme__campaign")
    found = rows.filter(pk=pk).first() if pk.isascii() and pk.isdigit() and len(pk) < 10 else None
    if found is None:
        raise Missing("Cette lecture n'est pas, ou plus, demandée.")
    return found


@dataclass(frozen=True)
class Progress:
    """How far a reader is: `done` of the `expected` dossiers she may judge. `asked`: she does not lead the theme."""

    reader: Person
    done: int
    expected: int
    conflicts: int
    asked: bool


@dataclass(frozen=True)
class Following:
    """How far the reading of a theme is. `little_read`: dossiers with fewer opinions than the edition asks for."""

    progress: tuple[Progress, ...]
    little_read: int


def following(theme: Theme, at: datetime) -> Following:
    """Each reader of a theme, those who lead it first. Six queries, whatever the numbers."""
    leading = stewards(theme)
    first = {person.pk for person in leading}
    asked = _by_reader(assignments_of(theme))
    everyone = [*leading, *Person.objects.filter(pk__in=set(asked) - first).order_by("name", "pk")]
    traits = _traits(_forwarded(theme))
    everything = {pk for pk, *_ in traits}
    conflicts = _conflicts_among(everyone, _forwarded(theme), traits, at)
    pairs = list(counted().filter(application__in=_forwarded(theme)).values_list("application_id", "reader_id"))
    given = _by_reader(pairs)
    found = []
    for reader in everyone:
        hers = everything if reader.pk in first else asked[reader.pk]
        done = given.get(reader.pk, set()) & hers
        barred = (conflicts[reader.pk] & hers) - done
        found.append(Progress(reader, len(done), len(hers) - len(barred), len(barred), reader.pk not in first))
    opinions = Counter(application for application, _ in pairs)
    least = theme.campaign.edition.selection.readers_min
    return Following(tuple(found), sum(opinions[pk] < least for pk in everything))


def assignments_of(theme: Theme) -> Iterable[tuple[int, int]]:
    """Who was asked to read what: (application, reader)."""
    return Assignment.objects.filter(application__in=_forwarded(theme)).values_list("application_id", "reader_id")


def _by_reader(pairs: Iterable[tuple[int, int]]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for application, reader in pairs:
        found.setdefault(reader, set()).add(application)
    return found


def _forwarded(theme: Theme) -> QuerySet[Application]:
    return Application.objects.filter(theme=theme, state="forwarded")


Traits = list[tuple[int, str, str, str, int, int | None]]  # of each dossier, what a conflict is found from


def _traits(dossiers: QuerySet[Application]) -> Traits:
    names = ("pk", "academy", "referent_email", "inspector_email", "created_by_id", "inspector_opinion_by_id")
    return list(dossiers.values_list(*names))


def conflicts_of(readers: Collection[Person], theme: Theme, at: datetime) -> dict[int, set[int]]:
    """The forwarded dossiers of a theme that each reader may not judge: found from the dossier, or declared.

    Three queries, whatever the numbers of readers and of dossiers. As `policies.no_conflict`.
    """
    return _conflicts_among(readers, _forwarded(theme), _traits(_forwarded(theme)), at)


def waiting(campaign: Campaign, at: datetime) -> dict[tuple[int, int], int]:
    """How many dossiers of a theme wait for the opinion of a reader, by (theme, reader); those that wait for none are
    not there. Eight queries, whatever the numbers."""
    dossiers = Application.objects.filter(theme__campaign=campaign, state="forwarded")
    theme_of = dict(dossiers.values_list("pk", "theme_id"))
    of_theme: dict[int, set[int]] = {}
    for pk, theme_pk in theme_of.items():
        of_theme.setdefault(theme_pk, set()).add(pk)
    asked = _by_reader(Assignment.objects.filter(application__in=dossiers).values_list("application_id", "reader_id"))
    for theme_pk, reader in Steward.objects.filter(theme__campaign=campaign).values_list("theme_id", "person_id"):
        asked.setdefault(reader, set()).update(of_theme.get(theme_pk, set()))
    given = _by_reader(counted().filter(application__in=dossiers).values_list("application_id", "reader_id"))
    people = list(Person.objects.filter(pk__in=asked, is_active=True))
    barred = _conflicts_among(people, dossiers, _traits(dossiers), at)
    owed = (
        (theme_of[pk], one.pk) for one in people for pk in asked[one.pk] - given.get(one.pk, set()) - barred[one.pk]
    )
    return Counter(owed)


def _conflicts_among(
    readers: Collection[Person], dossiers: QuerySet[Application], traits: Traits, at: datetime
) -> dict[int, set[int]]:
    academies: dict[int, set[str]] = {}
    day = at.date()
    held = Appointment.objects.filter(person__in=[reader.pk for reader in readers], since__lte=day)
    for person, academy in held.exclude(until__lt=day).exclude(academy="").values_list("person_id", "academy"):
        academies.setdefault(person, set()).add(academy)
    by_trait: dict[object, set[int]] = {}
    for pk, *values in traits:
        for value in values:
            by_trait.setdefault(_trait(value), set()).add(pk)
    found: dict[int, set[int]] = {}
    for reader in readers:
        hers = {reader.email, reader.pk, *academies.get(reader.pk, set())}
        found[reader.pk] = set().union(*(by_trait.get(_trait(trait), set()) for trait in hers))
    declared = Conflict.objects.filter(application__in=dossiers, reader__in=list(found))
    for application, reader_pk in declared.values_list("application_id", "reader_id"):
        found[reader_pk].add(application)
    return found


def _trait(trait: object) -> object:
    return trait.lower() if isinstance(trait, str) else trait


def declared(theme: Theme) -> list[Conflict]:
    """The conflicts that readers declared, for the national team."""
    rows = Conflict.objects.filter(application__theme=theme).select_related("application", "reader")
    return list(rows.order_by("application_id", "declared_at"))


def little_read(theme: Theme) -> int:
    """How many dossiers have fewer opinions than the edition asks for."""
    least = theme.campaign.edition.selection.readers_min
    return _forwarded(theme).annotate(opinions_counted=opinions_counted()).filter(opinions_counted__lt=least).count()


def opinions_counted() -> Coalesce:
    """How many opinions count, of the application of the row."""
    mine = counted().filter(application=OuterRef("pk")).order_by().values("application")
    return Coalesce(Subquery(mine.annotate(n=Count("pk")).values("n")), 0)


def sharing(theme: Theme, readers: Iterable[Person], each: int, at: datetime) -> Sharing:
    """How `spread` would share the dossiers of a theme between these readers, each read by `each` of them."""
    chosen = list(readers)
    barred = {(dossier, reader) for reader, several in conflicts_of(chosen, theme, at).items() for dossier in several}
    pairs = Assignment.objects.filter(application__in=_forwarded(theme), reader__in=chosen)
    held = set(pairs.values_list("application_id", "reader_id"))
    dossiers = _forwarded(theme).values_list("pk", flat=True)
    return share_out(dossiers, [reader.pk for reader in chosen], each, barred, held)
