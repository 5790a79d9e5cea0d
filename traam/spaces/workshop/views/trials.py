"""Tests in class on the page of a scenario: what was held, what waits, what may be asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from traam.design import kept
from traam.design.forms import PageForm, apply_invalid, attempt, posted, show
from traam.design.pages import Request, writes
from traam.engines.workflow import Invalid, Missing, UnknownMove, Verdict
from traam.programme.catalogue import actions as catalogue
from traam.programme.groups.models import Group
from traam.programme.people.models import Person
from traam.programme.productions import changes, queries, rules, states
from traam.programme.productions import trial_policies as policies
from traam.programme.productions.actions import trials as actions
from traam.programme.productions.models import ClassTest, Scenario
from traam.programme.productions.policies import may_see
from traam.programme.productions.queries import trials as trial_queries
from traam.programme.productions.queries.pieces import pieces_of
from traam.programme.productions.queries.trials import Trial
from traam.spaces.workshop import trial_forms as forms
from traam.spaces.workshop.views.pieces import pictures_of
from traam.spaces.workshop.views.writing import forget, found

KINDS = {"asked": "new", "promised": "info", "kept": "success", "declined": "warning", "withdrawn": "", "missing": ""}
ANSWERS = ("promise", "decline", "postpone", "withdraw", "cancel")
NOTHING_PERSONAL = "Ne nommez ni élève ni établissement : le test peut être publié."


@dataclass(frozen=True)
class Held:
    """A test, the trial it belongs to and the group that held it."""

    test: ClassTest
    trial: Trial
    group: Group


def part(scenario: Scenario, person: Person, at: datetime) -> Mapping[str, Any]:
    """What the section « Tests en classe » of a scenario shows. Constant queries."""
    found = trial_queries.trials(scenario)
    by_group = {trial.group.pk: trial for trial in found}
    held = []
    for test in scenario.tests.all():
        trial = by_group[test.group_id or scenario.group_id]
        held.append(Held(test, trial, trial.group))
    mine = [trial for trial in found if policies.trial_standing(person, trial, at) & states.TESTERS]
    return {
        "held": held,
        "changes": {
            one.test.pk for one in held if policies.may_change_test("correct", person, one.test, one.trial, at)
        },
        "academies": len(trial_queries.tested_in(scenario.tests.all())),
        "waiting": [
            (trial, _moves(trial, person, at)) for trial in found if trial.promise and trial.state in states.WAITING
        ],
        "declined": [trial for trial in found if trial.promise and trial.state == "declined"],
        "promises": [trial for trial in mine if policies.may_try("promise", person, trial, at)],
        "may_record": any(policies.may_try("keep", person, trial, at) for trial in mine),
        "may_ask": policies.may_ask_tests(person, scenario, at),
        "kinds": KINDS,
    }


def _moves(trial: Trial, person: Person, at: datetime) -> list[tuple[str, str]]:
    """The answers open to a person: label and address."""
    shown = []
    for verb in ANSWERS:
        if not policies.may_try(verb, person, trial, at):
            continue
        if verb == "promise":
            href = reverse("workshop:promise_test", args=[trial.scenario.pk, trial.group.pk])
        else:
            href = reverse("workshop:answer_test", args=[_promise_number(trial), verb])
        shown.append((states.PROMISE.move(verb).label, href))
    return shown


def _promise_number(trial: Trial) -> int:
    return trial.promise.pk if trial.promise else 0


def submitted(request: Request, scenario: Scenario) -> HttpResponse:
    """A scenario as another group of the theme reads it: the version that was submitted, and its tests."""
    text = queries.as_submitted(scenario)
    if text is None:
        raise Missing("Ce scénario n'a pas encore été soumis.")
    return show(
        request,
        "workshop/scenario_submitted.html",
        scenario=scenario,
        text=text,
        theme=scenario.group.application.theme,
        sections=rules.read(text.sections, text.phases),
        pieces=changes.text("pieces", pieces_of(text)),
        images=pictures_of(scenario.pk, pieces_of(text)),
        trials=part(scenario, request.user, request.at),
    )


def _trail(scenario: Scenario, person: Person, at: datetime) -> list[tuple[str, str]]:
    """The way to a scenario: through its group, for who may see it."""
    way = [("Atelier", reverse("workshop:home"))]
    if may_see(person, scenario, at):
        way.append((f"Groupe {scenario.group.of_academy}", reverse("workshop:group", args=[scenario.group_id])))
    return [*way, (scenario.title, reverse("workshop:scenario", args=[scenario.pk]))]


def _back(scenario: Scenario) -> str:
    return f"{reverse('workshop:scenario', args=[scenario.pk])}#tests"


def _groups(person: Person, scenario: Scenario, at: datetime) -> list[Group]:
    """The groups for which a person may note a test, the authors' first."""
    found = [t for t in trial_queries.trials(scenario) if policies.may_try("keep", person, t, at)]
    return [trial.group for trial in sorted(found, key=lambda trial: not trial.own)]


@kept.keeping
@writes(find=queries.scenario, may=policies.may_record_test, why="class_test")
def add_test(request: Request, scenario: Scenario) -> HttpResponse:
    groups = _groups(request.user, scenario, request.at)
    place = f"scenario:{scenario.pk}:test"
    initial = {
        "academy": scenario.group.academy,
        "version": max(scenario.version, 1),
        "group": request.GET.get("groupe"),
    }
    form = forms.TestForm(scenario, groups, posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        group = next((group for group in groups if group.pk == values.pop("group", groups[0].pk)), groups[0])
        try:
            catalogue.record_test(scenario, group=group, **values, actor=request.user, at=request.at)
        except Invalid as invalid:
            apply_invalid(form, invalid)
        else:
            return _noted(request, scenario, place, "Test en classe enregistré.")
    return _long_form(
        request,
        scenario,
        form,
        place,
        title="Noter un test en classe",
        introduction=f"Scénario « {scenario} ». {NOTHING_PERSONAL}",
        submit_label="Enregistrer le test",
    )


def _noted(request: Request, scenario: Scenario, place: str, sentence: str) -> HttpResponse:
    forget(request, place)
    messages.success(request, sentence)
    return redirect(_back(scenario))


def _long_form(request: Request, scenario: Scenario, form: PageForm, place: str, **words: str) -> HttpResponse:
    again = found(request, place, form)
    return show(
        request,
        "workshop/sharing_form.html",
        form,
        again=again,
        place=place,
        cancel=_back(scenario),
        trail=_trail(scenario, request.user, request.at),
        **words,
    )


def _find_held(pk: int) -> Held:
    test = trial_queries.test(pk)
    scenario = queries.scenario(test.scenario_id)
    trial = trial_queries.trial(scenario, Group(pk=test.group_id or scenario.group_id))
    return Held(test, trial, trial.group)


def _may_correct(person: Person, held: Held, at: datetime) -> Verdict:
    return policies.may_change_test("correct", person, held.test, held.trial, at)


def _may_undo(person: Person, held: Held, at: datetime) -> Verdict:
    return policies.may_change_test("undo", person, held.test, held.trial, at)


@kept.keeping
@writes(find=_find_held, may=_may_correct, why="class_test")
def correct_test(request: Request, held: Held) -> HttpResponse:
    scenario, place = held.trial.scenario, f"class_test:{held.test.pk}"
    data = posted(request)
    form = forms.TestForm(scenario, [held.group], data, initial=forms.initial_test(held.test))
    if attempt(request, form, lambda given: catalogue.correct_test(held.test, **given)):
        return _noted(request, scenario, place, "Test corrigé : ce qu'il disait avant reste au journal.")
    words = {"title": "Corriger le test en classe", "introduction": f"Scénario « {scenario} ». {NOTHING_PERSONAL}"}
    return _long_form(request, scenario, form, place, **words)


@writes(find=_find_held, may=_may_undo, why="class_test")
def withdraw_test(request: Request, held: Held) -> HttpResponse:
    scenario = held.trial.scenario
    form = forms.ReasonForm(posted(request))
    if attempt(request, form, lambda given: catalogue.withdraw_test(held.test, **given)):
        messages.success(request, "Test retiré.")
        return redirect(_back(scenario))
    introduction = (
        f"La séance du {held.test.on:%d/%m/%Y} ne comptera plus, ni ici ni dans le catalogue. Ce qu'elle disait reste "
        "au journal."
    )
    words = {"title": "Retirer le test noté", "introduction": introduction, "submit_label": "Retirer le test"}
    return _form(request, scenario, form, **words)


def _form(request: Request, scenario: Scenario, form: PageForm, **words: str) -> HttpResponse:
    trail = _trail(scenario, request.user, request.at)
    return show(request, "design/form.html", form, cancel=_back(scenario), trail=trail, **words)


def _find_trial(pk: int, group: int) -> Trial:
    return trial_queries.trial(queries.scenario(pk), Group(pk=group))


def _may_promise(person: Person, trial: Trial, at: datetime) -> Verdict:
    return policies.may_try("promise", person, trial, at)


@writes(find=_find_trial, may=_may_promise, why="class_test")
def promise_test(request: Request, trial: Trial) -> HttpResponse:
    members = _teachers(trial.group)
    data = posted(request)
    form = forms.PromiseForm(members, data, initial=forms.initial_promise(trial.promise, request.user))
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        person = next(member for member in members if member.pk == values["person"])
        about = (trial.scenario, trial.group)
        try:
            actions.promise(*about, **{**values, "person": person}, actor=request.user, at=request.at)
        except Invalid as invalid:
            apply_invalid(form, invalid)
        else:
            messages.success(request, "Test promis : les auteurs le sauront, et la date sera rappelée.")
            return redirect(_back(trial.scenario))
    return _form(
        request,
        trial.scenario,
        form,
        title="Promettre un test en classe",
        introduction=f"Scénario « {trial.scenario} », pour le groupe {trial.group.of_academy}.",
        submit_label="Promettre ce test",
    )


def _teachers(group: Group) -> list[Person]:
    """Who may hold a test: the members of the group, the référent first, inspectors aside."""
    current = [m for m in group.members.all() if m.until is None and m.role != "inspector"]
    return list(dict.fromkeys(m.person for m in sorted(current, key=lambda m: m.role != "referent")))


@writes(find=queries.scenario, may=policies.may_ask_tests, why="class_test")
def ask_test(request: Request, scenario: Scenario) -> HttpResponse:
    choices = _choices(scenario, request.user, request.at)
    asked = request.GET.get("groupe", "")
    known = {str(number) for number, _ in choices}
    initial = {"group": asked if asked in known else next((number for number, _ in choices), "")}
    form = forms.AskForm(choices, posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        group = Group(pk=form.cleaned_data["group"])
        try:
            actions.ask(scenario, group, message=form.cleaned_data["message"], actor=request.user, at=request.at)
        except Invalid as invalid:
            apply_invalid(form, invalid)
        else:
            messages.success(request, "Test demandé : le professeur référent de ce groupe le saura.")
            return redirect(_back(scenario))
    trail = _trail(scenario, request.user, request.at)
    return show(request, "workshop/ask_test.html", form, scenario=scenario, choices=choices, trail=trail)


def _choices(scenario: Scenario, person: Person, at: datetime) -> list[tuple[int, str]]:
    """The groups to ask, the most fitting first, then those who already answered; with why."""
    proposed = trial_queries.testers(scenario)
    rows = [(tester.group, f"{tester.academy_name} ({tester.sentence})") for tester in proposed]
    named = {number for number, _ in rows}
    said = {"kept": "a déjà testé", "declined": "a décliné"}
    rows += [
        (trial.group.pk, f"{trial.group.academy_name} ({said.get(trial.state, 'a retiré sa promesse')})")
        for trial in trial_queries.trials(scenario)
        if trial.group.pk not in named and not trial.own and policies.may_try("ask", person, trial, at)
    ]
    return rows


@dataclass(frozen=True)
class Answer:
    trial: Trial
    group: Group
    verb: str


def _find_answer(pk: int, verb: str) -> Answer:
    try:
        states.PROMISE.move(verb)
    except UnknownMove:
        verb = ""
    if verb not in ANSWERS[1:]:
        raise Missing("Cette action n'existe pas pour un test en classe.")
    trial = trial_queries.promise(pk)
    return Answer(trial, trial.group, verb)


def _may_answer(person: Person, answer: Answer, at: datetime) -> Verdict:
    return policies.may_try(answer.verb, person, answer.trial, at)


DONE = {
    "decline": "Demande déclinée : les auteurs le sauront, et chercheront une autre classe.",
    "cancel": "Demande retirée.",
    "withdraw": "Promesse retirée : les auteurs le sauront.",
    "postpone": "Test reporté.",
}
WHY = {
    "decline": "Dites pourquoi : les auteurs sauront à qui demander.",
    "cancel": "Le groupe n'a pas encore répondu. Une raison est facultative.",
    "withdraw": "Dites pourquoi : les auteurs cherchent alors une autre classe.",
    "postpone": "Le test reste promis, un autre jour ou dans une autre classe.",
}


@writes(find=_find_answer, may=_may_answer, why="class_test")
def answer_test(request: Request, answer: Answer) -> HttpResponse:
    trial, verb, promise = answer.trial, answer.verb, answer.trial.promise
    data = posted(request)
    form: PageForm = forms.ReasonForm(data)
    if verb == "postpone":
        form = forms.PostponeForm(data, initial=forms.initial_promise(promise, request.user))
    if request.method == "POST" and form.is_valid() and promise:
        try:
            getattr(actions, verb)(promise, **form.cleaned_data, actor=request.user, at=request.at)
        except Invalid as invalid:
            apply_invalid(form, invalid)
        else:
            messages.success(request, DONE[verb])
            return redirect(_back(trial.scenario))
    label = states.PROMISE.move(verb).label
    about = f"Scénario « {trial.scenario} », groupe {trial.group.of_academy}. {WHY[verb]}"
    return _form(request, trial.scenario, form, title=label, introduction=about, submit_label=label)
