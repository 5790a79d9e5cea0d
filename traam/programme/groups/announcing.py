"""The announcement of the results: the groups it opens, the letters it writes; later, who gives up and who comes in."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

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
from traam.programme.selection.queries import retained

LONGEST_WORDS, LONGEST_SUBJECT = 2_000, 200

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


@dataclass(frozen=True)
class Result:
    """An application with what is announced of it: what the letters say, no more."""

    pk: int
    theme: str
    academy: str
    titles: list[str]
    state: str
    reason: str
    referent_name: str
    referent_email: str
    inspector_name: str
    inspector_email: str

    @property
    def title(self) -> str:
        return " ; ".join(self.titles) or "(sans intitulé)"

    @property
    def called(self) -> str:
        return f"{reference.academies()[self.academy].name}, « {self.title} »"


def results(campaign: Campaign) -> list[Result]:
    """What is decided of each forwarded application, by theme and academy. One query."""
    rows = Application.objects.filter(theme__campaign=campaign, state="forwarded", decision__state__in=RESULTS)
    values = rows.order_by("theme_id", "academy", "rank", "pk").values_list(
        "pk",
        "theme__title",
        "academy",
        "titles",
        "decision__state",
        "decision__reason",
        "referent_name",
        "referent_email",
        "inspector_name",
        "inspector_email",
    )
    return [Result(*each) for each in values]


@dataclass(frozen=True)
class Mailing:
    """The letters of an announcement. `missing`: who is told nothing because no address is known, in French."""

    letters: tuple[Draft, ...]
    missing: tuple[str, ...]

    @property
    def seal(self) -> str:
        """Changes with any letter: what was read is what is sent."""
        seen = sha256()
        for draft in self.letters:
            seen.update(f"{draft.key}\0{draft.email}\0{draft.subject}\0{draft.body}\0".encode())
        return seen.hexdigest()[:32]

    def count(self, kind: str) -> int:
        return sum(draft.kind == kind for draft in self.letters)


def mailing(campaign: Campaign, sender: Person, at: datetime, words: Mapping[str, str]) -> Mailing:
    """Every letter of the announcement: what the preview shows is what is written.

    One to the référent of each application, one to each inspector for all of hers, one to each DAN for all of her
    academy. `words`: what the national team adds for an outcome (retained, waiting, refused).
    """
    announced = results(campaign)
    called = {state: f"\n\n{text.strip()}" if text.strip() else "" for state, text in words.items()}
    dans = by_academy(Role.DAN, at)
    letters = [_to_referent(one, sender, called) for one in announced if one.referent_email]
    letters += _to_inspectors(campaign, announced, sender, called)
    letters += _to_dans(campaign, announced, sender, dans)
    return Mailing(tuple(letters), tuple(_missing(announced, dans)))


def result_letters(campaign: Campaign, sender: Person, at: datetime, words: Mapping[str, str]) -> list[Draft]:
    """The letters alone."""
    return list(mailing(campaign, sender, at, words).letters)


def _missing(announced: Iterable[Result], dans: Mapping[str, object]) -> Iterator[str]:
    silent = dict.fromkeys(one.academy for one in announced if one.academy not in dans)
    for code in silent:
        yield f"Aucun DAN connu pour l'académie {reference.academies()[code].of_name}."
    for one in announced:
        if not one.referent_email:
            yield f"{one.called} : pas d'adresse du professeur référent."
        if not one.inspector_email:
            yield f"{one.called} : pas d'adresse de l'inspecteur référent."


def _to_referent(one: Result, sender: Person, words: Mapping[str, str]) -> Draft:
    what = f"Votre candidature au thème « {one.theme} » {RESULTS[one.state]}."
    why = f"\n\n{one.reason}" if one.reason else ""
    name = one.referent_name or one.referent_email
    return Draft(
        kind="referent",
        key=f"result:{one.pk}",
        email=one.referent_email,
        name=name,
        subject=f"TraAM : résultat de votre candidature - {one.theme}"[:LONGEST_SUBJECT],
        body=f"Bonjour {name},\n\n{what}{why}{words.get(one.state, '')}\n\n{sender.name}",
    )


def _to_inspectors(
    campaign: Campaign, announced: Iterable[Result], sender: Person, words: Mapping[str, str]
) -> Iterator[Draft]:
    hers: dict[str, list[Result]] = {}
    for one in announced:
        if one.inspector_email:
            hers.setdefault(one.inspector_email.lower(), []).append(one)
    for email, several in hers.items():
        name = several[0].inspector_name or email
        added = "".join(words.get(state, "") for state in RESULTS if any(one.state == state for one in several))
        yield Draft(
            kind="inspector",
            key=f"results:{campaign.pk}:inspector:{email}"[:200],
            email=email,
            name=name,
            subject=f"TraAM : résultats de la campagne {campaign}"[:LONGEST_SUBJECT],
            body=f"Bonjour {name},\n\nLes résultats des candidatures dont vous êtes l'inspecteur référent :\n\n"
            f"{_listed(several)}{added}\n\n{sender.name}",
        )


def _to_dans(
    campaign: Campaign, announced: Iterable[Result], sender: Person, dans: Mapping[str, list[Person]]
) -> Iterator[Draft]:
    by_code: dict[str, list[Result]] = {}
    for one in announced:
        by_code.setdefault(one.academy, []).append(one)
    for code, several in by_code.items():
        for dan in dans.get(code, []):
            yield Draft(
                kind="dan",
                key=f"results:{campaign.pk}:{code}:{dan.pk}",
                email=dan.email,
                name=dan.name,
                subject=f"TraAM : résultats de la campagne {campaign}"[:LONGEST_SUBJECT],
                body=f"Bonjour {dan.name},\n\nLes résultats de votre académie :\n\n{_listed(several)}\n\n{sender.name}",
            )


def _listed(announced: Iterable[Result]) -> str:
    return "\n".join(f"- {one.theme} : la candidature « {one.title} » {RESULTS[one.state]}." for one in announced)


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
                subject=f"TraAM : {application.theme}"[:LONGEST_SUBJECT],
                body=f"Bonjour {name or email},\n\nLa candidature « {application.title} » de l'académie {of_name}, "
                f"au thème « {application.theme} », {what}.\n\n{reason.strip()}\n\n{actor.name}",
            ),
            actor,
            at,
        )
