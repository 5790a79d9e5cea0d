"""The announcement of the results: the groups it opens, the letters it writes; later, who gives up and who comes in."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from traam import reference
from traam.engines.workflow import Invalid
from traam.programme.calls.models import Application
from traam.programme.campaigns.models import Campaign
from traam.programme.groups import states
from traam.programme.groups.actions.composition import enter, move
from traam.programme.groups.models import Group, Member
from traam.programme.groups.queries.results import LONGEST_SUBJECT, LONGEST_WORDS, Draft, result_letters
from traam.programme.journal.actions import record
from traam.programme.letters.actions import write
from traam.programme.people.actions import know
from traam.programme.people.models import Person, Role
from traam.programme.people.queries import by_academy
from traam.programme.selection.actions import announce as announce_selection
from traam.programme.selection.actions import decide
from traam.programme.selection.queries import retained


def check_words(words: Mapping[str, str]) -> None:
    """Raises `Invalid` when what is added to the letters is too long."""
    too_long = {
        state: [f"Le texte ajouté compte {len(text)} caractères, au lieu de {LONGEST_WORDS} au plus."]
        for state, text in words.items()
        if len(text) > LONGEST_WORDS
    }
    if too_long:
        raise Invalid(too_long)


@transaction.atomic
def announce(campaign: Campaign, *, actor: Person, at: datetime, words: Mapping[str, str] | None = None) -> list[Group]:
    """Announce the results: the group of each retained application opens, each letter is written."""
    words = words or {}
    check_words(words)
    announce_selection(campaign, actor=actor, at=at)
    opened = [open_group(application, actor, at) for application in retained(campaign)]
    for draft in result_letters(campaign, actor, at, words):
        _send(draft, actor, at)
    return opened


def _send(draft: Draft, actor: Person, at: datetime) -> None:
    to = know(draft.email, draft.name, actor=actor, at=at)
    write(draft.key, to=to, subject=draft.subject, body=draft.body, at=at)


def open_group(application: Application, actor: Person, at: datetime) -> Group:
    """The group of a retained application, with its référent and its inspector."""
    group = Group.objects.create(application=application, state=states.GROUP.initial, opened_at=at)
    record("open_group", group, actor=actor, at=at)
    school = application.referent_school
    enter(group, Member.Role.REFERENT, application.referent_email, application.referent_name, actor, at, school=school)
    enter(group, Member.Role.INSPECTOR, application.inspector_email, application.inspector_name, actor, at)
    return group


@transaction.atomic
def give_up(application: Application, reason: str, *, actor: Person, at: datetime) -> Group | None:
    """A retained team gives up after the announcement: its group ends, its academy is told."""
    decide(application, "give_up", actor=actor, at=at, reason=reason)
    group = Group.objects.filter(application=application).first()
    if group is not None and group.state != "ended":
        group = move(group, "dissolve", actor=actor, at=at)
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
                subject=f"TraAM : {application.theme}"[:LONGEST_SUBJECT],
                body=f"Bonjour {name or email},\n\nLa candidature « {application.title} » de l'académie {of_name}, "
                f"au thème « {application.theme} », {what}.\n\n{reason.strip()}\n\n{actor.name}",
            ),
            actor,
            at,
        )
