"""Who is told of what becomes public: a withdrawal leaves at once, with its reason; the rest waits for the digest."""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings

from traam.programme.catalogue.models import Notice
from traam.programme.groups.models import Member
from traam.programme.groups.queries import relays_of_disciplines
from traam.programme.letters.actions import Line, tell, tell_all, write
from traam.programme.people.models import Person, Role
from traam.programme.people.queries import holders
from traam.programme.productions.models import Scenario, written_by
from traam.programme.publication.models import Erratum, Release


def tell_release(release: Release, notice: Notice, actor: Person, at: datetime) -> None:
    text = f"Le scénario « {notice.title} » ({written_by(release.scenario)}) est publié, version {release.version}."
    _tell(f"released:{release.pk}:{at.isoformat()}", text, release.scenario, notice, actor, at)
    _tell_network(release.scenario, notice, actor, at)


def _tell_network(scenario: Scenario, notice: Notice, actor: Person, at: datetime) -> None:
    """The IAN of its disciplines, in every academy, once for a scenario: those concerned were just told."""
    known = {actor.pk, *(person.pk for person in _group_and_dan(scenario, at))}
    relays = {row.person_id: row for row in relays_of_disciplines(notice.disciplines) if row.person_id not in known}
    tell_all(
        (
            Line(
                f"network:{scenario.pk}:{pk}",
                pk,
                f"Un scénario paraît dans votre discipline ({row.discipline_label}) : « {notice.title} » "
                f"({written_by(scenario)}).",
                "Lire la notice",
                f"/notices/{notice.pk}",
            )
            for pk, row in relays.items()
        ),
        at=at,
    )


def tell_erratum(erratum: Erratum, notice: Notice, actor: Person, at: datetime) -> None:
    text = f"Un erratum est ajouté à « {notice.title} » : {erratum.text}"
    _tell(f"erratum:{erratum.pk}", text, erratum.release.scenario, notice, actor, at)


def tell_withdrawal(release: Release, notice: Notice, actor: Person, at: datetime) -> None:
    """What is taken away is told while it may still surprise."""
    address = f"{settings.SITE_ADDRESS}/notices/{notice.pk}"
    for person in _concerned(release.scenario, actor, at):
        write(
            f"withdrawn:{release.pk}:{at.isoformat()}:{person.pk}",
            to=person,
            subject=f"TraAM : « {notice.title} » est retiré de la publication"[:200],
            body=(
                f"Bonjour {person.name},\n\n« {notice.title} » n'est plus publié. Son adresse le dit, et pourquoi : "
                f"{address}\n\nMotif : {notice.reason}\n\n{actor.name}"
            ),
            at=at,
        )


def _tell(key: str, text: str, scenario: Scenario, notice: Notice, actor: Person, at: datetime) -> None:
    for person in _concerned(scenario, actor, at):
        tell(
            f"{key}:{person.pk}",
            to=person,
            text=text,
            label="Voir la page publique",
            address=f"/notices/{notice.pk}",
            at=at,
        )


def _concerned(scenario: Scenario, actor: Person, at: datetime) -> list[Person]:
    """Its group (authors, référents, inspectors) and the DAN of its academy, each once; the actor knows."""
    people = {person.pk: person for person in _group_and_dan(scenario, at)}
    return [person for pk, person in people.items() if pk != actor.pk]


def _group_and_dan(scenario: Scenario, at: datetime) -> Iterator[Person]:
    rows = Member.objects.filter(group=scenario.group, until=None).select_related("person")
    yield from (member.person for member in rows.order_by("pk"))
    yield from holders(Role.DAN, at, scenario.group.application.academy)
