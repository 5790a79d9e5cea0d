"""Letters that the national team writes to the academies while a call is open: what is expected, and until when."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localtime

from traam import reference
from traam.engines.workflow import Invalid
from traam.programme.calls import policies, queries
from traam.programme.calls.queries import Answer
from traam.programme.campaigns.models import Campaign
from traam.programme.journal.actions import record
from traam.programme.letters.actions import write
from traam.programme.letters.queries import written
from traam.programme.people.models import Person, Role
from traam.programme.people.queries import by_academy

LONGEST = 2_000  # characters of the message


@dataclass(frozen=True)
class Reminder:
    """A letter to one person of an academy. `key` says that it is of today: it is not written twice the same day."""

    academy: reference.Academy
    to: Person
    role: str
    said: str
    key: str


@dataclass(frozen=True)
class Plan:
    """The letters of a reminder, without those already `written` today; `unknown` have nobody to write to."""

    reminders: tuple[Reminder, ...]
    written: tuple[Reminder, ...]
    unknown: tuple[reference.Academy, ...]


def default_message(campaign: Campaign) -> str:
    due = campaign.on("applications_due")
    limit = f" Les candidatures remontent au plus tard le {due:%d/%m/%Y}." if due else ""
    return (
        f"L'appel « {campaign.title} » est ouvert, et nous n'avons pas encore toutes les candidatures de votre "
        f"académie.{limit}\n\nSi votre académie ne candidate pas cette année, dites-le nous par retour de courriel."
    )


def plan(campaign: Campaign, academies: Collection[str], at: datetime) -> Plan:
    """Who would be written to: the DAN of each academy and, where applications wait for it, its inspectors."""
    dans, inspectors = by_academy(Role.DAN, at), by_academy(Role.INSPECTOR, at)
    found: list[Reminder] = []
    unknown: list[reference.Academy] = []
    for answer in queries.answers(campaign):
        if answer.academy.code in academies:
            waiting = inspectors.get(answer.academy.code, []) if answer.number("to_endorse") else []
            theirs = list(
                _of_academy(campaign, answer, dans.get(answer.academy.code, []), waiting, localtime(at).date())
            )
            found += theirs
            if not theirs:
                unknown.append(answer.academy)
    already = written(reminder.key for reminder in found)
    return Plan(
        tuple(reminder for reminder in found if reminder.key not in already),
        tuple(reminder for reminder in found if reminder.key in already),
        tuple(unknown),
    )


def _of_academy(
    campaign: Campaign, answer: Answer, dans: Iterable[Person], inspectors: Iterable[Person], today: date
) -> Iterable[Reminder]:
    academy, told = answer.academy, set()
    for role, people, said in (
        ("DAN", dans, _state(answer)),
        ("inspecteur", inspectors, _expected(answer)),
    ):
        for to in people:
            if to.pk not in told:
                key = f"reminder:{campaign.pk}:{academy.code}:{to.pk}:{today:%Y-%m-%d}"
                yield Reminder(academy, to, role, said, key)
            told.add(to.pk)


def _count(n: int, one: str, many: str) -> str:
    return f"{n} {many if n > 1 else one}"


def _state(answer: Answer) -> str:
    return (
        f"Académie {answer.academy.of_name} : "
        f"{_count(answer.forwarded, 'candidature remontée', 'candidatures remontées')}, "
        f"{_count(answer.begun, 'commencée', 'commencées')}."
    )


def _expected(answer: Answer) -> str:
    waiting = _count(answer.number("to_endorse"), "candidature attend", "candidatures attendent")
    return f"Académie {answer.academy.of_name} : {waiting} votre avis avant de pouvoir remonter."


def body(campaign: Campaign, reminder: Reminder, message: str, sender: Person) -> str:
    """The text of a letter, as it is shown before it leaves."""
    page = f"{settings.SITE_ADDRESS}/academie/{reminder.academy.slug}/campagnes/{campaign.pk}"
    return "\n\n".join([f"Bonjour {reminder.to.name},", message, f"{reminder.said}\n{page}", sender.name])


@transaction.atomic
def remind(campaign: Campaign, academies: Collection[str], message: str, *, actor: Person, at: datetime) -> Plan:
    """Write to the academies chosen; a person has one letter a day at most."""
    policies.may_remind(actor, campaign, at).require()
    message = message.strip()
    check(campaign, academies, message)
    planned = plan(campaign, academies, at)
    due = campaign.on("applications_due")
    subject = f"TraAM : candidatures attendues{f' avant le {due:%d/%m/%Y}' if due else ''}"
    for reminder in planned.reminders:
        write(reminder.key, to=reminder.to, subject=subject, body=body(campaign, reminder, message, actor), at=at)
    if planned.reminders:
        data = {"academies": sorted({r.academy.code for r in planned.reminders}), "letters": len(planned.reminders)}
        record("remind", campaign, actor=actor, at=at, data={**data, "message": message})
    return planned


def check(campaign: Campaign, academies: Collection[str], message: str) -> None:
    """`Invalid` when the reminder has nobody to go to, or nothing to say."""
    errors: dict[str, list[str]] = {}
    known = {answer.academy.code for answer in queries.answers(campaign)}
    if not academies or set(academies) - known:
        errors["academies"] = ["Cochez au moins une académie de la liste."]
    if not message:
        errors["message"] = ["Écrivez le message : le DAN le lira tel quel."]
    elif len(message) > LONGEST:
        errors["message"] = [f"Le message compte {len(message)} caractères, pour {LONGEST} au plus : raccourcissez-le."]
    if errors:
        raise Invalid(errors)
