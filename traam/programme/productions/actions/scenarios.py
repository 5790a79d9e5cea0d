import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from traam import reference
from traam.engines.workflow import Invalid
from traam.programme.groups.actions import service
from traam.programme.groups.actions.service import Done
from traam.programme.groups.models import Group, ServicePeriod, Share
from traam.programme.groups.queries import group as find_group
from traam.programme.journal.actions import record
from traam.programme.letters.actions import settle, tell, write
from traam.programme.people.models import Person
from traam.programme.productions import policies, queries, rules, states
from traam.programme.productions.models import Review, Scenario, Turn, Version

LONGEST = {"title": 200, "summary": 1_500, "authors": 300}
LONGEST_SECTION = 40_000
LONGEST_LINE = 500
MOST_LINES = 30


@dataclass(frozen=True)
class Content:
    """What is typed of a scenario. Codes are those of the vocabularies, `sections` Markdown by section key."""

    title: str
    summary: str = ""
    sections: dict[str, str] = field(default_factory=dict)
    disciplines: Sequence[str] = ()
    levels: Sequence[str] = ()
    competences: Sequence[str] = ()
    licence: str = ""
    tools: Sequence[str] = ()
    duration_minutes: int | None = None
    authors: str = ""
    phases: Sequence[dict[str, Any]] = ()
    teacher_competences: Sequence[str] = ()
    links: Sequence[str] = ()
    terms_read: bool = False
    personal_data_checked: bool = False


class Stale(Exception):
    """Someone saved after this page was opened. `stored` is what they saved: show both."""

    def __init__(self, stored: Scenario) -> None:
        super().__init__("Ce scénario a été modifié pendant que vous l'écriviez.")
        self.stored = stored


def _check(content: Content, stored: Scenario | None = None) -> None:
    """Raise `Invalid` with every fault. A code already `stored` may stay after it left its vocabulary."""
    errors: dict[str, list[str]] = {}
    if not content.title.strip():
        errors["title"] = ["Donnez un titre au scénario, même provisoire."]
    for name, longest in LONGEST.items():
        length = len(getattr(content, name))
        if length > longest:
            errors[name] = [f"Ce texte compte {length} caractères : {longest} au plus."]
    if content.duration_minutes is not None and not 1 <= content.duration_minutes <= 6000:
        errors["duration_minutes"] = ["Donnez la durée en minutes, de 1 à 6000."]
    errors |= _check_codes(content, stored)
    errors |= _check_lines(content)
    errors |= _check_sections(content.sections)
    if errors:
        raise Invalid(errors)


def _check_codes(content: Content, stored: Scenario | None) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    lists = (
        ("disciplines", content.disciplines, reference.disciplines(), "une discipline"),
        ("levels", content.levels, reference.levels(), "un niveau"),
        ("competences", content.competences, reference.competences(), "une compétence du CRCN"),
        ("licence", [content.licence] if content.licence else [], reference.licences(), "une licence"),
    )
    for name, codes, known, noun in lists:
        kept = getattr(stored, name) if stored else ()
        kept = {kept} if isinstance(kept, str) else set(kept)
        strangers = [code for code in codes if code not in known and code not in kept]
        if strangers:
            errors[name] = [f"« {strangers[0]} » n'est pas {noun} de la liste officielle : choisissez dans la liste."]
    return errors


def _check_lines(content: Content) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    for name in ("tools", "links"):
        lines: Sequence[str] = getattr(content, name)
        if len(lines) > MOST_LINES:
            errors[name] = [f"Il y a {len(lines)} lignes : {MOST_LINES} au plus."]
        elif any(len(line) > LONGEST_LINE for line in lines):
            errors[name] = [f"Une ligne dépasse {LONGEST_LINE} caractères : raccourcissez-la."]
    wrong = [link for link in content.links if not _is_address(link)]
    if wrong:
        errors["links"] = [f"« {wrong[0][:80]} » n'est pas une adresse ; elle commence par https://."]
    return errors


def _is_address(link: str) -> bool:
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc) and not re.search(r"\s", link)


def _check_sections(sections: dict[str, str]) -> dict[str, list[str]]:
    errors = {
        key: [f"Cette partie compte {len(text)} caractères : {LONGEST_SECTION} au plus."]
        for key, text in sections.items()
        if len(text) > LONGEST_SECTION
    }
    strangers = [key for key in sections if key not in rules.SECTION_TITLES]
    return errors | {key: ["Cette partie n'existe pas dans le modèle des scénarios."] for key in strangers}


def _fill(scenario: Scenario, content: Content) -> None:
    for name, value in asdict(content).items():
        setattr(scenario, name, list(value) if isinstance(value, tuple) else value)
    scenario.title = scenario.title.strip()


@transaction.atomic
def begin(group: Group, content: Content, *, actor: Person, at: datetime) -> Scenario:
    """Begin a scenario in a group."""
    group = find_group(group.pk)
    policies.may_write(actor, group, at).require()
    _check(content)
    review = Review.objects.create(opened_at=at)
    scenario = Scenario(group=group, review=review, state=states.SCENARIO.initial, created_by=actor)
    scenario.created_at = scenario.changed_at = at
    _fill(scenario, content)
    scenario.save()
    record("begin", scenario, actor=actor, at=at)
    return scenario


def _locked(scenario: Scenario) -> Scenario:
    Scenario.objects.select_for_update().get(pk=scenario.pk)
    return queries.scenario(scenario.pk)


@transaction.atomic
def save(scenario: Scenario, content: Content, *, revision: int, actor: Person, at: datetime) -> Scenario:
    """Keep what was typed. `revision` is the one the page was opened on: `Stale` when somebody saved since."""
    scenario = _locked(scenario)
    policies.may_edit(actor, scenario, at).require()
    if revision != scenario.revision:
        raise Stale(scenario)
    _check(content, scenario)
    _fill(scenario, content)
    scenario.revision += 1
    scenario.changed_at = at
    scenario.save()
    record("save", scenario, actor=actor, at=at, data={"revision": scenario.revision})
    return scenario


@transaction.atomic
def submit(scenario: Scenario, *, comment: str = "", actor: Person, at: datetime) -> Scenario:
    """Submit a scenario to the inspector: what was submitted is kept as a version."""
    scenario = _locked(scenario)
    policies.may_move("submit", actor, scenario, at).require()
    breaches = rules.breaches(scenario)
    if breaches:
        raise Invalid({"": [breach.sentence for breach in breaches]})
    scenario.version += 1
    Version.objects.create(
        review=scenario.review, number=scenario.version, content=snapshot(scenario), made_at=at, made_by=actor
    )
    moved = _move(scenario, "submit", comment, actor, at)
    for inspector in _inspectors(scenario):
        text = f"Un scénario attend votre lecture : « {scenario} » ({scenario.group})."
        _tell("submit", moved, inspector, text, "Lire le scénario", f"/evaluation/scenarios/{scenario.pk}", at)
    return moved


def snapshot(scenario: Scenario) -> dict[str, object]:
    """The content of a scenario, as plain JSON."""
    return {name: getattr(scenario, name) for name in Content.__dataclass_fields__}


def _inspectors(scenario: Scenario) -> list[Person]:
    return [m.person for m in scenario.group.members.all() if m.role == "inspector" and m.until is None]


def _referents(scenario: Scenario) -> list[Person]:
    return [m.person for m in scenario.group.members.all() if m.role == "referent" and m.until is None]


def _tell(kind: str, scenario: Scenario, person: Person, text: str, label: str, address: str, at: datetime) -> None:
    key = f"scenario:{scenario.pk}:{kind}:{scenario.version}:{at.isoformat()}:{person.pk}"
    tell(key, to=person, text=text, label=label, address=address, at=at)


def _send_back(scenario: Scenario, person: Person, comment: str, at: datetime) -> None:
    """A comment is read while its author remembers: this one leaves at once."""
    sentence = f"Votre scénario « {scenario} » vous est renvoyé avec un commentaire. {comment.strip()}"
    address = f"{settings.SITE_ADDRESS}/atelier/scenarios/{scenario.pk}"
    write(
        f"scenario:{scenario.pk}:{scenario.version}:{scenario.state}:{person.pk}",
        to=person,
        subject=f"TraAM : {scenario}"[:200],
        body=f"Bonjour {person.name},\n\n{sentence}\n\nReprenez-le ici : {address}\n\nLa plateforme des TraAM",
        at=at,
    )


@transaction.atomic
def move(scenario: Scenario, verb: str, *, comment: str = "", actor: Person, at: datetime) -> Scenario:
    """Take back, send back, validate or reopen a scenario. Sending back takes a comment."""
    if verb == "submit":
        return submit(scenario, comment=comment, actor=actor, at=at)
    scenario = _locked(scenario)
    policies.may_move(verb, actor, scenario, at).require()
    if verb == "send_back" and not comment.strip():
        raise Invalid({"comment": ["Dites aux auteurs ce qu'il faut reprendre."]})
    moved = _move(scenario, verb, comment, actor, at)
    for referent in _referents(scenario):
        if verb == "send_back":
            _send_back(moved, referent, comment, at)
        elif verb == "validate":
            text = f"Votre scénario « {scenario} » est validé. {comment.strip()}"
            _tell(verb, moved, referent, text, "Voir le scénario", f"/atelier/scenarios/{scenario.pk}", at)
    return moved


def _move(scenario: Scenario, verb: str, comment: str, actor: Person, at: datetime) -> Scenario:
    scenario.state = states.SCENARIO.move(verb).target
    scenario.changed_at = at
    scenario.save(update_fields=["state", "version", "changed_at"])
    Turn.objects.create(
        review=scenario.review, version=scenario.version, verb=verb, comment=comment.strip(), by=actor, at=at
    )
    record(verb, scenario, actor=actor, at=at, reason=comment)
    settle(f"scenario:{scenario.pk}", at=at)
    return scenario


def attest(
    group: Group, period: ServicePeriod, done: Mapping[int, Done], statement: str = "", *, actor: Person, at: datetime
) -> list[Share]:
    """Attest what members did over a period: the scenarios and the tests they handed over are kept as its evidence."""
    handed = queries.deliverables(group, period.since, period.until)
    return service.attest(group, period, done, statement, deliverables=handed, actor=actor, at=at)
