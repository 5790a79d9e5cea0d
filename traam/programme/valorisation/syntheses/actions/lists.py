"""The lists of those to whom syntheses are sent, and the sending."""

from collections.abc import Collection
from datetime import datetime
from email.utils import parseaddr

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.text import slugify

from traam.engines.workflow import Invalid
from traam.programme.catalogue.models import PublicSynthesis
from traam.programme.catalogue.syntheses import queries as public
from traam.programme.journal.actions import record
from traam.programme.letters.actions import write
from traam.programme.people.actions import know
from traam.programme.people.models import Person
from traam.programme.valorisation.syntheses import policies, queries, sending
from traam.programme.valorisation.syntheses.actions.writing import locked
from traam.programme.valorisation.syntheses.models import MailingList, Synthesis

MOST_RECIPIENTS = 500


@transaction.atomic
def save_list(key: str, name: str, text: str, *, actor: Person, at: datetime) -> MailingList:
    """Write a list: a line for each recipient, "Nom <adresse>" or the address. `key` is "" for a new list."""
    policies.may_keep_lists(actor, at).require()
    errors: dict[str, list[str]] = {}
    recipients = _recipients(text, errors)
    name = " ".join(name.split())
    if not name or len(name) > 150:
        errors["name"] = ["Donnez un nom à cette liste, de 150 caractères au plus."]
    key = key or slugify(name)[:40]
    if not errors and not key:
        errors["name"] = ["Donnez à cette liste un nom qui contienne des lettres."]
    if errors:
        raise Invalid(errors)
    kept, _ = MailingList.objects.update_or_create(
        key=key, defaults={"name": name, "recipients": recipients, "changed_at": at}
    )
    record("save_list", kept, actor=actor, at=at, data={"recipients": len(recipients)})
    return kept


def _recipients(text: str, errors: dict[str, list[str]]) -> list[list[str]]:
    """Rows [address, name], each address once; what is wrong goes to the errors, with its line."""
    found: dict[str, list[str]] = {}
    wrong = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        name, email = parseaddr(line.strip())
        try:
            validate_email(email)
        except ValidationError:
            wrong.append(f"Ligne {number} : « {line.strip()[:80]} » n'est pas une adresse ; écrivez Nom <adresse>.")
            continue
        found.setdefault(email.lower(), [email, (name or email)[:150]])
    if len(found) > MOST_RECIPIENTS:
        wrong.append(f"Cette liste a {len(found)} adresses : {MOST_RECIPIENTS} au plus.")
    if wrong:
        errors["recipients"] = wrong
    return list(found.values())


@transaction.atomic
def send(synthesis: Synthesis, keys: Collection[str], *, actor: Person, at: datetime) -> int:
    """Write the letter of the version on line to these audiences; how many letters. An address receives a version
    once, whatever the lists it is in and however often this is asked."""
    synthesis = locked(synthesis)
    policies.may_send(actor, synthesis, at).require()
    shown = queries.of_public(synthesis)
    assert shown is not None  # noqa: S101 - the policy asked for it
    chosen = [one for one in sending.audiences(synthesis, shown.version) if one.key in keys]
    if not chosen:
        raise Invalid({"audiences": ["Choisissez au moins un destinataire."]})
    body = _body(shown)
    sent = 0
    for audience in chosen:
        for one in audience.waiting:
            person = know(one.email, one.name, actor=actor, at=at)
            key = sending.letter_key(synthesis, shown.version, one.email)
            sent += write(key, to=person, subject=f"TraAM : {shown.title}"[:200], body=body, at=at)
    if not sent:
        raise Invalid({"audiences": ["Ces destinataires ont déjà reçu cette version : rien n'est parti."]})
    told = {"version": shown.version, "audiences": sorted(one.key for one in chosen), "letters": sent}
    record("send", synthesis, actor=actor, at=at, data=told)
    return sent


def _body(shown: PublicSynthesis) -> str:
    content = public.content(shown)
    themes = ", ".join(f"« {title} »" for title, _ in content.themes)
    figures = "\n".join(f"- {one.value} {one.label}" for one in content.essential)
    address = f"{settings.SITE_ADDRESS}/syntheses/{shown.pk}"
    about = f"le thème {themes}" if len(content.themes) == 1 else f"les thèmes {themes}"
    return (
        f"Bonjour,\n\nLa synthèse nationale « {shown.title} » est en ligne. Elle porte sur {about} des travaux "
        f"académiques mutualisés.\n\n{figures}\n\nLire la synthèse, ou l'emporter en PDF, en .odt ou en .docx :\n"
        f"{address}\n\nVous recevez ce message parce que le cahier des charges vous l'adresse, ou comme membre d'un "
        "groupe.\n\nLa plateforme des TraAM"
    )
