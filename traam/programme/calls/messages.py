"""The letters of the circuit of an application: to the inspector, back to the author, and up."""

from datetime import datetime

from django.conf import settings

from traam import reference
from traam.programme.calls.models import Application
from traam.programme.letters.actions import write
from traam.programme.people.models import Person, Role
from traam.programme.people.policies import standing_in_academy
from traam.programme.people.queries import by_email, holders


def _write(kind: str, application: Application, to: Person, subject: str, sentences: list[str], at: datetime) -> None:
    """Once for each revision of an application: what is said twice of the same text is said once."""
    body = "\n\n".join([f"Bonjour {to.name},", *sentences, "La plateforme des TraAM"])
    key = f"application-{kind}:{application.pk}:{application.revision}:{to.pk}"
    write(key, to=to, subject=f"TraAM : {subject}"[:200], body=body, at=at)


def _about(application: Application) -> str:
    academy = reference.academies()[application.academy]
    return f"« {application.title} » (thème « {application.theme} », académie {academy.of_name})"


def _address(application: Application) -> str:
    return f"{settings.SITE_ADDRESS}/academie/candidatures/{application.pk}"


def _inspectors(application: Application, at: datetime) -> list[Person]:
    """The inspector whom the application names when she has an account; else those of the academy; else its DAN."""
    inspectors = holders(Role.INSPECTOR, at, application.academy)
    named = [one for one in inspectors if one.email.lower() == application.inspector_email.lower()]
    return named or inspectors or holders(Role.DAN, at, application.academy)


def _authors(application: Application, at: datetime) -> list[Person]:
    """Who wrote it and the référent it names, when they may open it."""
    named = by_email(application.referent_email) if application.referent_email else None
    people = {one.pk: one for one in (application.created_by, named) if one and one.is_active}
    return [one for one in people.values() if standing_in_academy(one, application.academy, at)]


def proposed(application: Application, *, actor: Person, at: datetime) -> None:
    due = application.theme.campaign.on("applications_due")
    for to in _inspectors(application, at):
        sentences = [
            f"{actor.name} vous propose la candidature {_about(application)}.",
            f"Lisez-la, puis donnez votre avis ou renvoyez-la à son auteur : {_address(application)}",
            *([f"Le DAN la remonte ensuite, au plus tard le {due:%d/%m/%Y}."] if due else []),
        ]
        _write("submit", application, to, "une candidature attend votre avis", sentences, at)


def sent_back(application: Application, reason: str, *, actor: Person, at: datetime) -> None:
    for to in _authors(application, at):
        sentences = [
            f"{actor.name} vous renvoie la candidature {_about(application)} :",
            reason,
            f"Corrigez-la, puis proposez-la de nouveau : {_address(application)}",
        ]
        _write("send_back", application, to, "votre candidature est à reprendre", sentences, at)


def forwarded(application: Application, *, actor: Person, at: datetime) -> None:
    announced = application.theme.campaign.on("announcement")
    for to in _authors(application, at):
        if to.pk == actor.pk:
            continue
        sentences = [
            f"Le DAN a remonté au bureau national la candidature {_about(application)}.",
            *([f"Les résultats sont attendus le {announced:%d/%m/%Y}."] if announced else []),
            f"Elle se lit ici : {_address(application)}",
        ]
        _write("forward", application, to, "votre candidature est remontée", sentences, at)
