"""The announcement of the results: the groups it opens, the letters it writes; later, who gives up and who comes in."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from traam import reference
from traam.engines.workflow import Invalid
from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Campaign
from traam.programme.groups import actions, states
from traam.programme.groups.models import Group, Member
from traam.programme.journal.actions import record
from traam.programme.letters.actions import write
from traam.programme.people.actions import know
from traam.programme.people.models import Person, Role
from traam.programme.people.queries import by_academy
from traam.programme.selection.actions import announce as announce_selection
from traam.programme.selection.actions import decide
from traam.programme.selection.queries import Dossier, dossiers_of_campaign

LONGEST_WORDS = 2_000

RESULTS = {
    "retained": "est retenue : son groupe est ouvert sur la plateforme",
    "waiting": "est placée en liste d'attente",
    "refused": "n'est pas retenue",
}


@dataclass(frozen=True)
class Draft:
    """A letter of the results, as it will be written. `kind`: referent, inspector or dan."""

    kind: str
    key: str
    email: str
    name: str
    subject: str
    body: str


def result_letters(campaign: Campaign, sender: Person, at: datetime, words: Mapping[str, str]) -> list[Draft]:
    """Every letter of the announcement: what the preview shows is what is written.

    One to the référent of each application, one to each inspector for all of hers, one to each DAN for all of her
    academy. `words`: what the national team adds for an outcome (retained, waiting, refused).
    """
    dossiers = [dossier for dossier in dossiers_of_campaign(campaign) if dossier.state in RESULTS]
    called = {state: f"\n\n{text.strip()}" if text.strip() else "" for state, text in words.items()}
    drafts = [_to_referent(dossier, sender, called) for dossier in dossiers if dossier.application.referent_email]
    drafts += _to_inspectors(campaign, dossiers, sender, called)
    drafts += _to_dans(campaign, dossiers, sender, at)
    return drafts


def _to_referent(dossier: Dossier, sender: Person, words: Mapping[str, str]) -> Draft:
    application = dossier.application
    what = f"Votre candidature au thème « {application.theme} » {RESULTS[dossier.state]}."
    why = f"\n\n{dossier.reason}" if dossier.reason else ""
    name = application.referent_name or application.referent_email
    return Draft(
        kind="referent",
        key=f"result:{application.pk}",
        email=application.referent_email,
        name=name,
        subject=f"TraAM : résultat de votre candidature - {application.theme}",
        body=f"Bonjour {name},\n\n{what}{why}{words.get(dossier.state, '')}\n\n{sender.name}",
    )


def _to_inspectors(
    campaign: Campaign, dossiers: Iterable[Dossier], sender: Person, words: Mapping[str, str]
) -> Iterator[Draft]:
    hers: dict[str, list[Dossier]] = {}
    for dossier in dossiers:
        if dossier.application.inspector_email:
            hers.setdefault(dossier.application.inspector_email.lower(), []).append(dossier)
    for email, several in hers.items():
        name = several[0].application.inspector_name or email
        added = "".join(words.get(state, "") for state in RESULTS if any(d.state == state for d in several))
        yield Draft(
            kind="inspector",
            key=f"results:{campaign.pk}:inspector:{email}"[:200],
            email=email,
            name=name,
            subject=f"TraAM : résultats de la campagne {campaign}",
            body=f"Bonjour {name},\n\nLes résultats des candidatures dont vous êtes l'inspecteur référent :\n\n"
            f"{_listed(several)}{added}\n\n{sender.name}",
        )


def _to_dans(campaign: Campaign, dossiers: Iterable[Dossier], sender: Person, at: datetime) -> Iterator[Draft]:
    by_code: dict[str, list[Dossier]] = {}
    for dossier in dossiers:
        by_code.setdefault(dossier.application.academy, []).append(dossier)
    dans = by_academy(Role.DAN, at)
    for code, several in by_code.items():
        for dan in dans.get(code, []):
            yield Draft(
                kind="dan",
                key=f"results:{campaign.pk}:{code}:{dan.pk}",
                email=dan.email,
                name=dan.name,
                subject=f"TraAM : résultats de la campagne {campaign}",
                body=f"Bonjour {dan.name},\n\nLes résultats de votre académie :\n\n{_listed(several)}\n\n{sender.name}",
            )


def _listed(dossiers: Iterable[Dossier]) -> str:
    lines = (
        f"- {d.application.theme} : la candidature « {d.application.title} » {RESULTS[d.state]}." for d in dossiers
    )
    return "\n".join(lines)


@transaction.atomic
def announce(campaign: Campaign, *, actor: Person, at: datetime, words: Mapping[str, str] | None = None) -> list[Group]:
    """Announce the results: the group of each retained application opens, each letter is written."""
    words = words or {}
    for state, text in words.items():
        if len(text) > LONGEST_WORDS:
            raise Invalid(
                {state: [f"Le texte ajouté compte {len(text)} caractères, au lieu de {LONGEST_WORDS} au plus."]}
            )
    announce_selection(campaign, actor=actor, at=at)
    retained = [d.application for d in dossiers_of_campaign(campaign) if d.state == "retained"]
    opened = [open_group(application, actor, at) for application in retained]
    for draft in result_letters(campaign, actor, at, words):
        _send(draft, actor, at)
    return opened


def _send(draft: Draft, actor: Person, at: datetime) -> None:
    to = know(draft.email, draft.name, actor=actor, at=at)
    write(draft.key, to=to, subject=draft.subject[:200], body=draft.body, at=at)


def open_group(application: Application, actor: Person, at: datetime) -> Group:
    """The group of a retained application, with its référent and its inspector."""
    group = Group.objects.create(application=application, state=states.GROUP.initial, opened_at=at)
    record("open_group", group, actor=actor, at=at)
    school = application.referent_school
    actions.enter(
        group, Member.Role.REFERENT, application.referent_email, application.referent_name, actor, at, school=school
    )
    actions.enter(group, Member.Role.INSPECTOR, application.inspector_email, application.inspector_name, actor, at)
    return group


@transaction.atomic
def give_up(application: Application, reason: str, *, actor: Person, at: datetime) -> Group | None:
    """A retained team gives up after the announcement: its group ends, its academy is told."""
    decide(application, "give_up", actor=actor, at=at, reason=reason)
    group = Group.objects.filter(application=application).first()
    if group is not None and group.state != "ended":
        group = actions.move(group, "dissolve", actor=actor, at=at)
    what = "s'est désistée : son groupe est clos"
    _tell_academy(application, f"result:{application.pk}:gave-up", what, reason, actor, at)
    return group


@transaction.atomic
def call_up(application: Application, reason: str, *, actor: Person, at: datetime) -> Group:
    """Retain a team of the waiting list in the place of one that gave up: its group opens, everyone is told."""
    decide(application, "call_up", actor=actor, at=at, reason=reason)
    group = open_group(application, actor, at)
    what = "quitte la liste d'attente : elle est retenue, et son groupe est ouvert sur la plateforme"
    _tell_academy(application, f"result:{application.pk}:called-up", what, reason, actor, at)
    return group


def _tell_academy(application: Application, key: str, what: str, reason: str, actor: Person, at: datetime) -> None:
    """The same letter to the référent, the inspector and the DANs of an application."""
    people = [(application.referent_email, application.referent_name)]
    people += [(application.inspector_email, application.inspector_name)]
    people += [(dan.email, dan.name) for dan in by_academy(Role.DAN, at).get(application.academy, [])]
    of_name = reference.academies()[application.academy].of_name
    for email, name in {email.lower(): (email, name) for email, name in people if email}.values():
        _send(
            Draft(
                kind="",
                key=f"{key}:{email.lower()}"[:200],
                email=email,
                name=name or email,
                subject=f"TraAM : {application.theme}",
                body=f"Bonjour {name or email},\n\nLa candidature « {application.title} » de l'académie {of_name}, "
                f"au thème « {application.theme} », {what}.\n\n{reason.strip()}\n\n{actor.name}",
            ),
            actor,
            at,
        )
