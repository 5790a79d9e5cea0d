"""What the circuit of an application tells: to the inspector, to the DAN, back to the author, and up.

What is sent back leaves at once, with its reason; the rest can wait for the digest (docs/decisions/0007).
"""

from datetime import datetime

from django.conf import settings

from traam import reference
from traam.programme.calls.models import Application
from traam.programme.letters.actions import settle, tell, write
from traam.programme.people.models import Person, Role
from traam.programme.people.policies import standing_in_academy
from traam.programme.people.queries import by_email, holders


def _tell(kind: str, application: Application, to: Person, text: str, label: str, at: datetime) -> None:
    """Once for each revision of an application: what is said twice of the same text is said once."""
    due = application.theme.campaign.on("applications_due") if kind != "forward" else None
    key = f"application:{application.pk}:{kind}:{application.revision}:{to.pk}"
    tell(key, to=to, text=text, label=label, address=_path(application), due=due, at=at)


def _about(application: Application) -> str:
    academy = reference.academies()[application.academy]
    return f"« {application.title} » (thème « {application.theme} », académie {academy.of_name})"


def _path(application: Application) -> str:
    return f"/academie/candidatures/{application.pk}"


def moved(application: Application, *, at: datetime) -> None:
    """What its last move asked of somebody waits no more."""
    settle(f"application:{application.pk}", at=at)


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
    for to in _inspectors(application, at):
        text = f"{actor.name} vous propose la candidature {_about(application)} : elle attend votre avis."
        _tell("submit", application, to, text, "Lire la candidature et donner votre avis", at)


def endorsed(application: Application, *, actor: Person, at: datetime) -> None:
    settle(f"application:{application.pk}:submit", at=at)
    for to in holders(Role.DAN, at, application.academy):
        text = f"La candidature {_about(application)} a l'avis de l'inspecteur : vous pouvez la remonter."
        _tell("endorse", application, to, text, "Lire la candidature et la remonter", at)


def sent_back(application: Application, reason: str, *, actor: Person, at: datetime) -> None:
    for to in _authors(application, at):
        sentences = [
            f"Bonjour {to.name},",
            f"{actor.name} vous renvoie la candidature {_about(application)} :",
            reason,
            f"Corrigez-la, puis proposez-la de nouveau : {settings.SITE_ADDRESS}{_path(application)}",
            "La plateforme des TraAM",
        ]
        key = f"application-send_back:{application.pk}:{application.revision}:{to.pk}"
        write(key, to=to, subject="TraAM : votre candidature est à reprendre", body="\n\n".join(sentences), at=at)


def forwarded(application: Application, *, actor: Person, at: datetime) -> None:
    announced = application.theme.campaign.on("announcement")
    results = f" Les résultats sont attendus le {announced:%d/%m/%Y}." if announced else ""
    for to in _authors(application, at):
        if to.pk != actor.pk:
            text = f"Le DAN a remonté au bureau national la candidature {_about(application)}.{results}"
            _tell("forward", application, to, text, "Relire la candidature", at)
