from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from urllib.parse import urlsplit

from django.db import transaction

from traam import reference
from traam.engines.workflow import Invalid
from traam.programme.groups.models import Group
from traam.programme.groups.queries import group as find_group
from traam.programme.journal.actions import record
from traam.programme.letters.actions import write
from traam.programme.people.models import Person
from traam.programme.productions import policies, queries, rules, states
from traam.programme.productions.models import ClassTest, Scenario, Turn, Version

LONGEST_SECTION = 40_000


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
    links: Sequence[str] = ()
    terms_read: bool = False
    personal_data_checked: bool = False


class Stale(Exception):
    """Someone saved after this page was opened. `stored` is what they saved: show both."""

    def __init__(self, stored: Scenario) -> None:
        super().__init__("Ce scénario a été modifié pendant que vous l'écriviez.")
        self.stored = stored


def _check(content: Content) -> None:
    errors: dict[str, list[str]] = {}
    if not content.title.strip():
        errors["title"] = ["Donnez un titre au scénario, même provisoire."]
    elif len(content.title) > 200:
        errors["title"] = [f"Le titre compte {len(content.title)} caractères : 200 au plus."]
    lists = (
        ("disciplines", content.disciplines, reference.disciplines(), "discipline"),
        ("levels", content.levels, reference.levels(), "niveau"),
        ("competences", content.competences, reference.competences(), "compétence du CRCN"),
    )
    for name, codes, known, noun in lists:
        strangers = [code for code in codes if code not in known]
        if strangers:
            errors[name] = [
                f"« {strangers[0]} » n'est pas une {noun} de la liste officielle : choisissez dans la liste."
            ]
    if content.licence and content.licence not in reference.licences():
        errors["licence"] = ["Choisissez la licence dans la liste."]
    if content.duration_minutes is not None and not 1 <= content.duration_minutes <= 6000:
        errors["duration_minutes"] = ["Donnez la durée en minutes, de 1 à 6000."]
    for link in content.links:
        if urlsplit(link).scheme not in {"http", "https"} or not urlsplit(link).netloc:
            errors["links"] = [f"« {link} » n'est pas une adresse ; elle commence par https://."]
    errors |= _check_sections(content.sections)
    if errors:
        raise Invalid(errors)


def _check_sections(sections: dict[str, str]) -> dict[str, list[str]]:
    return {
        key: [f"Cette partie compte {len(text)} caractères : {LONGEST_SECTION} au plus."]
        for key, text in sections.items()
        if key not in rules.SECTION_TITLES or len(text) > LONGEST_SECTION
    }


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
    scenario = Scenario(group=group, state=states.SCENARIO.initial, created_by=actor, created_at=at, changed_at=at)
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
    _check(content)
    _fill(scenario, content)
    scenario.revision += 1
    scenario.changed_at = at
    scenario.save()
    record("save", scenario, actor=actor, at=at, data={"revision": scenario.revision})
    return scenario


@transaction.atomic
def record_test(
    scenario: Scenario,
    *,
    on: date,
    level: str,
    pupils: int,
    worked: str,
    resisted: str = "",
    advice: str = "",
    academy: str = "",
    actor: Person,
    at: datetime,
) -> ClassTest:
    """Write down a test in class of the scenario as it stands. Without an academy, it is the group's own."""
    scenario = _locked(scenario)
    policies.may_record_test(actor, scenario, at).require()
    academy = academy or scenario.group.academy
    errors: dict[str, list[str]] = {}
    if on > at.date():
        errors["on"] = [f"Le {on:%d/%m/%Y} n'est pas encore passé : notez le test après la séance."]
    if level not in reference.levels():
        errors["level"] = ["Choisissez le niveau de la classe dans la liste."]
    if academy not in reference.academies():
        errors["academy"] = ["Choisissez l'académie dans la liste."]
    if not 1 <= pupils <= 500:
        errors["pupils"] = ["Donnez le nombre d'élèves, de 1 à 500."]
    if not worked.strip():
        errors["worked"] = ["Dites ce qui a marché : c'est ce que cherchent les collègues."]
    if errors:
        raise Invalid(errors)
    test = ClassTest.objects.create(
        scenario=scenario,
        version=max(scenario.version, 1),
        academy=academy,
        level=level,
        on=on,
        pupils=pupils,
        worked=worked.strip(),
        resisted=resisted.strip(),
        advice=advice.strip(),
        by=actor,
        recorded_at=at,
    )
    record("record_test", scenario, actor=actor, at=at, data={"academy": academy, "level": level})
    return test


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
        scenario=scenario, number=scenario.version, content=snapshot(scenario), made_at=at, made_by=actor
    )
    for inspector in _inspectors(scenario):
        _tell(inspector, scenario, f"Un scénario attend votre lecture : « {scenario} » ({scenario.group}).", at)
    return _move(scenario, "submit", comment, actor, at)


def snapshot(scenario: Scenario) -> dict[str, object]:
    """The content of a scenario, as plain JSON."""
    return {name: getattr(scenario, name) for name in Content.__dataclass_fields__}


def _inspectors(scenario: Scenario) -> list[Person]:
    return [m.person for m in scenario.group.members.all() if m.role == "inspector" and m.until is None]


def _tell(person: Person, scenario: Scenario, sentence: str, at: datetime) -> None:
    write(
        f"scenario:{scenario.pk}:{scenario.version}:{scenario.state}:{person.pk}",
        to=person,
        subject=f"TraAM : {scenario}"[:200],
        body=f"Bonjour {person.name},\n\n{sentence}\n\nLa plateforme des TraAM",
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
    if verb in {"send_back", "validate"}:
        what = "est validé" if verb == "validate" else "vous est renvoyé avec un commentaire"
        for member in scenario.group.members.all():
            if member.role == "referent" and member.until is None:
                _tell(member.person, moved, f"Votre scénario « {scenario} » {what}. {comment}".strip(), at)
    return moved


def _move(scenario: Scenario, verb: str, comment: str, actor: Person, at: datetime) -> Scenario:
    scenario.state = states.SCENARIO.move(verb).target
    scenario.changed_at = at
    scenario.save(update_fields=["state", "version", "changed_at"])
    Turn.objects.create(
        scenario=scenario, version=scenario.version, verb=verb, comment=comment.strip(), by=actor, at=at
    )
    record(verb, scenario, actor=actor, at=at, reason=comment)
    return scenario
