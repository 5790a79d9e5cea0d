"""Scenarios tried in class: asked, promised, held, corrected."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NotRequired, TypedDict, Unpack

from django.db import transaction
from django.utils.timezone import localtime

from traam import reference
from traam.engines.workflow import Invalid
from traam.programme.groups.models import Group, Member
from traam.programme.journal.actions import record
from traam.programme.letters.actions import settle, tell
from traam.programme.people.models import Person
from traam.programme.productions import queries, states
from traam.programme.productions import trial_policies as policies
from traam.programme.productions.models import ClassTest, Promise, Scenario
from traam.programme.productions.queries import trials
from traam.programme.productions.queries.trials import Trial

LONGEST_TEST = 3_000


class Noted(TypedDict):
    """What is noted of a test: the day, a level's code, and what came of it. Without an academy, the group's own."""

    on: date
    level: str
    pupils: int
    worked: str
    resisted: NotRequired[str]
    advice: NotRequired[str]
    academy: NotRequired[str]


def _locked(scenario: Scenario, group: Group) -> Trial:
    """Where this group stands with this scenario, nobody else moving."""
    Scenario.objects.select_for_update().get(pk=scenario.pk)
    return trials.trial(queries.scenario(scenario.pk), group)


@transaction.atomic
def ask(scenario: Scenario, group: Group, *, message: str = "", actor: Person, at: datetime) -> Promise:
    """Ask a group to try a scenario; its référents are told."""
    trial = _locked(scenario, group)
    policies.may_try("ask", actor, trial, at).require()
    made = Promise.objects.create(
        scenario=trial.scenario,
        group=trial.group,
        state="asked",
        message=_text("message", message),
        asked_by=actor,
        asked_at=at,
        changed_at=at,
    )
    _record("ask", trial, made, actor, at)
    text = f"On demande à votre groupe de tester en classe « {trial.scenario} » ({trial.scenario.group.academy_name})."
    _tell("ask", made, _referents(trial.group), f"{text} {made.message}", "Promettre ou décliner", actor, at)
    return made


@transaction.atomic
def promise(
    scenario: Scenario,
    group: Group,
    *,
    level: str,
    planned_on: date,
    person: Person | None = None,
    answer: str = "",
    actor: Person,
    at: datetime,
) -> Promise:
    """Promise to try a scenario, asked or not. `person`, the actor if none, is who will hold the test."""
    trial = _locked(scenario, group)
    policies.may_try("promise", actor, trial, at).require()
    person = person or actor
    _check_promise(trial.group, person, level, planned_on, at)
    made = trial.promise if trial.promise and trial.promise.state == "asked" else None
    made = made or Promise(scenario=trial.scenario, group=trial.group, asked_at=at)
    made.state, made.person, made.level, made.planned_on = "promised", person, level, planned_on
    made.answer, made.changed_at = _text("answer", answer), at
    made.save()
    _record("promise", trial, made, actor, at)
    text = (
        f"Le groupe {trial.group.of_academy} testera en classe « {trial.scenario} » le {planned_on:%d/%m/%Y}. "
        f"{made.answer}"
    )
    _tell("promise", made, _concerned(trial, made), text, "Voir le scénario", actor, at)
    return made


@transaction.atomic
def postpone(promised: Promise, *, level: str, planned_on: date, actor: Person, at: datetime) -> Promise:
    """Hold a promised test another day, or in another class."""
    trial, kept = _locked_promise(promised)
    policies.may_try("postpone", actor, trial, at).require()
    _check_promise(trial.group, kept.person or actor, level, planned_on, at)
    kept.level, kept.planned_on, kept.changed_at = level, planned_on, at
    kept.save(update_fields=["level", "planned_on", "changed_at"])
    _record("postpone", trial, kept, actor, at)
    return kept


@transaction.atomic
def decline(promised: Promise, reason: str, *, actor: Person, at: datetime) -> Promise:
    """Say that the group will not try the scenario, and why."""
    text = "Le groupe {group} ne testera pas « {scenario} » : {reason}"
    return _leave(promised, "decline", reason, text, actor, at)


@transaction.atomic
def cancel(promised: Promise, reason: str = "", *, actor: Person, at: datetime) -> Promise:
    """Ask no more: the group had not answered."""
    return _leave(promised, "cancel", reason, "", actor, at)


@transaction.atomic
def withdraw(promised: Promise, reason: str, *, actor: Person, at: datetime) -> Promise:
    """Take a promise back, and say why: somebody else may then be asked."""
    text = "Le groupe {group} ne testera finalement pas « {scenario} » : {reason}"
    return _leave(promised, "withdraw", reason, text, actor, at)


def _leave(promised: Promise, verb: str, reason: str, text: str, actor: Person, at: datetime) -> Promise:
    trial, left = _locked_promise(promised)
    policies.may_try(verb, actor, trial, at).require()
    reason = _text("reason", reason)
    if text and not reason:
        raise Invalid({"reason": ["Dites pourquoi : les auteurs cherchent alors une autre classe."]})
    left.state, left.changed_at = states.PROMISE.move(verb).target, at
    left.answer = reason or left.answer
    left.save(update_fields=["state", "answer", "changed_at"])
    _record(verb, trial, left, actor, at, reason)
    if text:
        said = text.format(group=trial.group.of_academy, scenario=trial.scenario, reason=reason)
        _tell(verb, left, _concerned(trial, left), said, "Demander à un autre groupe", actor, at)
    return left


@transaction.atomic
def record_test(
    scenario: Scenario,
    *,
    group: Group | None = None,
    version: int | None = None,
    actor: Person,
    at: datetime,
    **noted: Unpack[Noted],
) -> ClassTest:
    """Write down a test in class: of the last version submitted unless `version` says which.

    Without a group it is the actor's own. Authors may note that it was held in another academy; the others are at home.
    What the group had promised is kept by it. Once the scenario is public, `catalogue.actions.record_test`.
    """
    trial = _locked(scenario, group or _group_of(actor, scenario))
    policies.may_try("keep", actor, trial, at).require()
    values = _checked(trial, noted, version, at)
    kept = trial.promise if trial.promise and trial.promise.state in states.WAITING else None
    made = ClassTest.objects.create(
        scenario=trial.scenario, group=trial.group, promise=kept, by=actor, recorded_at=at, **values
    )
    if kept:
        kept.state, kept.changed_at = "kept", at
        kept.save(update_fields=["state", "changed_at"])
    data = {"test": made.pk, "academy": made.academy, "level": made.level, "version": made.version}
    record("record_test", trial.scenario, actor=actor, at=at, data=data)
    if kept:
        settle(f"trial:{kept.pk}", at=at)
    if not trial.own:
        _tell_authors(trial, made, actor, at)
    return made


def _tell_authors(trial: Trial, test: ClassTest, actor: Person, at: datetime) -> None:
    text = (
        f"« {trial.scenario} » a été testé en classe par le groupe {trial.group.of_academy}, "
        f"le {test.on:%d/%m/%Y} : {test.worked}"
    )
    address = f"/atelier/scenarios/{trial.scenario.pk}#tests"
    for person in _referents(trial.scenario.group):
        if person != actor:
            key = f"class_test:{test.pk}:{person.pk}"
            tell(key, to=person, text=text, label="Lire le test", address=address, at=at)


@transaction.atomic
def correct_test(
    test: ClassTest, *, version: int | None = None, actor: Person, at: datetime, **noted: Unpack[Noted]
) -> ClassTest:
    """Mend what was noted of a test; what it said before stays in the journal."""
    test, trial = _locked_test(test)
    policies.may_change_test("correct", actor, test, trial, at).require()
    before = _content(test)
    noted["academy"] = noted.get("academy") or test.academy
    values = _checked(trial, noted, version or test.version, at)
    for name, value in values.items():
        setattr(test, name, value)
    test.save(update_fields=list(values))
    data = {"test": test.pk, "before": before}
    record("correct_test", trial.scenario, actor=actor, at=at, data=data)
    return test


@transaction.atomic
def withdraw_test(test: ClassTest, reason: str, *, actor: Person, at: datetime) -> Scenario:
    """Take away a test noted by mistake: the journal keeps it, and what was promised is promised again."""
    test, trial = _locked_test(test)
    policies.may_change_test("undo", actor, test, trial, at).require()
    reason = _text("reason", reason)
    if not reason:
        raise Invalid({"reason": ["Dites pourquoi ce test est retiré : le journal garde ce qu'il disait."]})
    data = {"test": test.pk, "before": _content(test)}
    promised = test.promise
    test.delete()
    if promised:
        again = "promised" if promised.planned_on else "asked"  # it was kept before anybody answered
        asked_since = trial.promise and trial.promise.state in states.WAITING
        promised.state, promised.changed_at = "withdrawn" if asked_since else again, at
        promised.save(update_fields=["state", "changed_at"])
    settle(f"class_test:{data['test']}", at=at)
    record("withdraw_test", trial.scenario, actor=actor, at=at, reason=reason, data=data)
    return queries.scenario(trial.scenario.pk)


def _locked_promise(promised: Promise) -> tuple[Trial, Promise]:
    """Where its group stands, and the promise as it is now. One that another followed does not move any more."""
    trial = _locked(Scenario(pk=promised.scenario_id), Group(pk=promised.group_id))
    if trial.promise is None or trial.promise.pk != promised.pk:
        raise Invalid("Cette demande de test est ancienne : une autre l'a suivie.")
    return trial, trial.promise


def _locked_test(test: ClassTest) -> tuple[ClassTest, Trial]:
    trial = _locked(Scenario(pk=test.scenario_id), Group(pk=test.group_id or test.scenario.group_id))
    return trials.test(test.pk), trial


def _group_of(actor: Person, scenario: Scenario) -> Group:
    """The actor's group: the authors' when she is one of them, else the one that promised, else her first."""
    theme = scenario.group.application.theme
    mine = [seat.group for seat in trials.seats(actor, theme)]
    if not mine or any(group.pk == scenario.group_id for group in mine):
        return scenario.group
    waiting = Promise.objects.filter(scenario=scenario, group__in=mine, state__in=states.WAITING)
    promised = set(waiting.values_list("group", flat=True))
    return next((group for group in mine if group.pk in promised), mine[0])


def _checked(trial: Trial, noted: Noted, version: int | None, at: datetime) -> dict[str, object]:
    """What is kept of a test, or `Invalid` with every fault."""
    scenario, level, pupils = trial.scenario, noted["level"], noted["pupils"]
    academy = noted.get("academy") or trial.group.academy
    version = max(scenario.version, 1) if version is None else version
    texts = {name: str(noted.get(name, "")).strip() for name in ("worked", "resisted", "advice")}
    errors = _check_day(trial, noted["on"], at) | _check_academy(trial, academy)
    if level not in reference.levels():
        errors["level"] = ["Choisissez le niveau de la classe dans la liste."]
    if not 1 <= pupils <= 500:
        errors["pupils"] = ["Donnez le nombre d'élèves, de 1 à 500."]
    if not texts["worked"]:
        errors["worked"] = ["Dites ce qui a marché : c'est ce que cherchent les collègues."]
    if version not in trials.versions(scenario):
        errors["version"] = [f"La version {version} n'existe pas : choisissez celle que la classe a essayée."]
    errors |= {name: [TOO_LONG.format(len(text))] for name, text in texts.items() if len(text) > LONGEST_TEST}
    if errors:
        raise Invalid(errors)
    return {"version": version, "academy": academy, "level": level, "on": noted["on"], "pupils": pupils, **texts}


TOO_LONG = "Ce texte compte {} caractères : " + f"{LONGEST_TEST} au plus."


def _check_day(trial: Trial, on: date, at: datetime) -> dict[str, list[str]]:
    campaign = trial.scenario.group.application.theme.campaign
    if on > localtime(at).date():
        return {"on": [f"Le {on:%d/%m/%Y} n'est pas encore passé : notez le test après la séance."]}
    if on.year < campaign.first_year:
        return {"on": [f"Le {on:%d/%m/%Y} est avant la campagne {campaign.years} : vérifiez l'année."]}
    return {}


def _check_academy(trial: Trial, academy: str) -> dict[str, list[str]]:
    known = reference.academies().get(academy)
    if known is None or not known.current:
        return {"academy": ["Choisissez l'académie dans la liste."]}
    if not trial.own and academy != trial.group.academy:
        return {"academy": [f"Le groupe {trial.group.of_academy} note les tests tenus dans son académie."]}
    return {}


def _check_promise(group: Group, person: Person, level: str, planned_on: date, at: datetime) -> None:
    errors = {}
    if level not in reference.levels():
        errors["level"] = ["Choisissez le niveau de la classe dans la liste."]
    if planned_on < localtime(at).date():
        errors["planned_on"] = [f"Le {planned_on:%d/%m/%Y} est passé : donnez le jour prévu, ou notez le test."]
    elif planned_on.year > at.year + 2:
        errors["planned_on"] = [f"Le {planned_on:%d/%m/%Y} est trop loin : vérifiez l'année."]
    if not any(member.person_id == person.pk and member.until is None for member in group.members.all()):
        errors["person"] = [f"{person.name} n'est pas du groupe {group.of_academy} : choisissez dans la liste."]
    if errors:
        raise Invalid(errors)


def _text(name: str, text: str) -> str:
    text = text.strip()
    if len(text) > LONGEST_TEST:
        raise Invalid({name: [TOO_LONG.format(len(text))]})
    return text


def _content(test: ClassTest) -> dict[str, object]:
    """What a test says, as plain JSON."""
    names = ("version", "academy", "level", "pupils", "worked", "resisted", "advice")
    content = {name: getattr(test, name) for name in names}
    return {**content, "on": test.on.isoformat(), "group": test.group_id, "by": test.by_id}


def _record(verb: str, trial: Trial, made: Promise, actor: Person, at: datetime, reason: str = "") -> None:
    """The journal of the scenario tells it all; what waited for an answer waits no more."""
    data = {"promise": made.pk, "group": trial.group.pk, "academy": trial.group.academy}
    if made.planned_on:
        data["planned_on"] = made.planned_on.isoformat()
    record(f"{verb}_trial", trial.scenario, actor=actor, at=at, reason=reason, data=data)
    settle(f"trial:{made.pk}", at=at)


def _referents(group: Group) -> list[Person]:
    return [m.person for m in group.members.all() if m.role == Member.Role.REFERENT and m.until is None]


def _concerned(trial: Trial, made: Promise) -> list[Person]:
    """Who asked, and the référents of the authors."""
    asked = [made.asked_by] if made.asked_by else []
    return list(dict.fromkeys([*asked, *_referents(trial.scenario.group)]))


def _tell(
    verb: str, made: Promise, people: Iterable[Person], text: str, label: str, actor: Person, at: datetime
) -> None:
    for person in people:
        if person != actor:
            key = f"trial:{made.pk}:{verb}:{at.isoformat()}:{person.pk}"
            address = f"/atelier/scenarios/{made.scenario_id}#tests"
            tell(key, to=person, text=text, label=label, address=address, at=at)
