"""Who is invited to the national group of a theme, beside those who are there by their role."""

from datetime import date, datetime

from django.db import transaction

from traam.engines.workflow import Invalid
from traam.programme.campaigns.models import Theme
from traam.programme.groups import policies
from traam.programme.groups.actions.places import invite_again
from traam.programme.groups.models import Correspondent
from traam.programme.journal.actions import record
from traam.programme.letters.actions import send_invitation
from traam.programme.people.actions import know
from traam.programme.people.models import Person

LONGEST_CAPACITY = 150


@transaction.atomic
def invite_correspondent(
    theme: Theme,
    *,
    name: str,
    email: str,
    capacity: str,
    since: date,
    until: date | None = None,
    actor: Person,
    at: datetime,
) -> Correspondent:
    """Invite somebody to the national group, in a capacity, for a period whose last day may be known."""
    Theme.objects.select_for_update().get(pk=theme.pk)
    policies.may_compose_national(actor, theme, at).require()
    _check(theme, name, email, capacity, since, until, at.date())
    person = know(email, name, actor=actor, at=at)
    row = Correspondent.objects.create(theme=theme, person=person, capacity=capacity.strip(), since=since, until=until)
    send_invitation(person, _why(theme), at=at)
    record("invite_correspondent", row, actor=actor, at=at, data={"theme": theme.pk, "person": person.pk})
    return row


def _why(theme: Theme) -> str:
    return f"Vous êtes invité au groupe national du thème « {theme.title} »."


def _check(theme: Theme, name: str, email: str, capacity: str, since: date, until: date | None, today: date) -> None:
    errors: dict[str, list[str]] = {}
    if not name.strip():
        errors["name"] = ["Écrivez le prénom et le nom de la personne."]
    if not email.strip():
        errors["email"] = ["Donnez l'adresse électronique de la personne : son invitation y sera envoyée."]
    if not 0 < len(capacity.strip()) <= LONGEST_CAPACITY:
        errors["capacity"] = [f"Dites à quel titre elle participe, en {LONGEST_CAPACITY} caractères au plus."]
    if until is not None and until < max(since, today):
        errors["until"] = ["Le dernier jour vient après le premier, et n'est pas déjà passé."]
    again = theme.correspondents.filter(person__email__iexact=email.strip()).exclude(until__lt=today)
    if again.exists():
        errors["email"] = ["Cette personne est déjà correspondante de ce thème."]
    if errors:
        raise Invalid(errors)


@transaction.atomic
def end_correspondent(row: Correspondent, until: date, *, actor: Person, at: datetime) -> Correspondent:
    """Say the last day of a correspondent: she stays in the history, her rights stop that evening."""
    row = (
        Correspondent.objects.select_for_update(of=("self",)).select_related("person", "theme__campaign").get(pk=row.pk)
    )
    policies.may_compose_national(actor, row.theme, at).require()
    if row.until is not None and row.until < at.date():
        raise Invalid("Cette participation a déjà pris fin.")
    if until < row.since:
        raise Invalid({"until": [f"Elle participe depuis le {row.since:%d/%m/%Y} : donnez une date plus tardive."]})
    row.until = until
    row.save(update_fields=["until"])
    record("end_correspondent", row, actor=actor, at=at, data={"until": until.isoformat()})
    return row


@transaction.atomic
def invite_correspondent_again(row: Correspondent, *, actor: Person, at: datetime) -> None:
    """Write the invitation of a correspondent again, when she has not opened her account. Once a day at most."""
    policies.may_compose_national(actor, row.theme, at).require()
    invite_again(row.person, _why(row.theme), at)
    record("invite_correspondent_again", row, actor=actor, at=at)
