"""The network of the IAN: named by their academy, told what is published, invited to the national groups."""

from datetime import datetime

from django.db import transaction

from traam import reference
from traam.engines.workflow import Invalid
from traam.programme.campaigns.models import Theme
from traam.programme.groups import policies
from traam.programme.groups.actions.national import invite_correspondent
from traam.programme.groups.models import Correspondent, Relay
from traam.programme.journal.actions import record
from traam.programme.letters.actions import send_invitation, tell
from traam.programme.people.actions import know
from traam.programme.people.models import Person


@transaction.atomic
def name_relay(academy: str, *, name: str, email: str, discipline: str, actor: Person, at: datetime) -> Relay:
    """Name an IAN for a discipline of an academy; she is told, and receives what is published from then on."""
    policies.may_name_relays(actor, academy, at).require()
    _check(academy, name, email, discipline)
    person = know(email, name, actor=actor, at=at)
    row = Relay.objects.create(person=person, academy=academy, discipline=discipline, since=at.date())
    record("name_relay", row, actor=actor, at=at, data={"person": person.pk})
    why = f"Vous êtes {row}. Les scénarios publiés de la discipline vous seront annoncés."
    if not send_invitation(person, why, at=at):
        tell(
            f"relay:{row.pk}",
            to=person,
            text=why,
            label="Voir les scénarios publiés",
            address=f"/recherche?discipline={discipline}",
            at=at,
        )
    return row


def _check(academy: str, name: str, email: str, discipline: str) -> None:
    errors: dict[str, list[str]] = {}
    if not name.strip():
        errors["name"] = ["Écrivez le prénom et le nom de la personne."]
    if not email.strip():
        errors["email"] = ["Donnez l'adresse électronique de la personne."]
    if discipline not in reference.disciplines():
        errors["discipline"] = ["Choisissez une discipline de la liste."]
    again = Relay.objects.filter(
        until=None, academy=academy, discipline=discipline, person__email__iexact=email.strip()
    )
    if again.exists():
        errors["email"] = ["Cette personne est déjà IAN de cette discipline."]
    if errors:
        raise Invalid(errors)


@transaction.atomic
def end_relay(row: Relay, *, actor: Person, at: datetime) -> Relay:
    """End the mission of an IAN today: she receives no more announcement, her passage stays in the history."""
    row = Relay.objects.select_for_update(of=("self",)).select_related("person").get(pk=row.pk)
    policies.may_name_relays(actor, row.academy, at).require()
    if row.until is not None:
        raise Invalid("Cette mission a déjà pris fin.")
    row.until = at.date()
    row.save(update_fields=["until"])
    record("end_relay", row, actor=actor, at=at, data={"until": row.until.isoformat()})
    return row


@transaction.atomic
def invite_relay(row: Relay, theme: Theme, *, actor: Person, at: datetime) -> Correspondent:
    """Invite an IAN to the national group of a theme of her discipline: she is convened to its meetings."""
    return invite_correspondent(
        theme,
        name=row.person.name,
        email=row.person.email,
        capacity=f"{row}",
        since=at.date(),
        actor=actor,
        at=at,
    )
