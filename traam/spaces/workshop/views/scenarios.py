from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from traam.design.forms import PageForm, apply_invalid, show
from traam.design.pages import Request, reads, writes
from traam.engines.workflow import Invalid
from traam.programme.catalogue import adoption
from traam.programme.catalogue.queries import notice_of_scenario
from traam.programme.groups import queries as group_queries
from traam.programme.groups.models import Group
from traam.programme.people.models import Person
from traam.programme.productions import actions, drawing_policies, policies, queries, rules, trial_policies
from traam.programme.productions.actions import Content
from traam.programme.productions.models import Scenario
from traam.programme.productions.queries import drawing
from traam.programme.productions.queries.pieces import pieces_of
from traam.programme.productions.states import TURNS
from traam.programme.publication.policies import may_release
from traam.programme.publication.queries import latest
from traam.spaces.workshop import duties, forms
from traam.spaces.workshop.views import moving, pieces, reviews, rights, sharing, trials


@writes(find=group_queries.group, may=policies.may_write, why="scenario")
def new_scenario(request: Request, group: Group) -> HttpResponse:
    form = forms.BeginForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            content = Content(title=form.cleaned_data["title"])
            made = actions.begin(group, content, actor=request.user, at=request.at)
        except Invalid as invalid:
            apply_invalid(form, invalid)
        else:
            messages.success(request, "Scénario commencé. Écrivez à votre rythme : seul le groupe le voit.")
            return redirect("workshop:edit_scenario", made.pk)
    address = reverse("workshop:group", args=[group.pk])
    return show(
        request,
        "design/form.html",
        form,
        title="Commencer un scénario",
        introduction=f"Groupe {group.of_academy}, thème « {group.application.theme} ».",
        submit_label="Commencer",
        cancel=address,
        trail=[("Atelier", reverse("workshop:home")), (f"Groupe {group.of_academy}", address)],
    )


@reads(find=queries.scenario, may=trial_policies.may_read_submitted, why="scenario")
def scenario(request: Request, scenario: Scenario) -> HttpResponse:
    if not policies.may_see(request.user, scenario, request.at):
        return trials.submitted(request, scenario)
    return _show(request, scenario, forms.CommentForm())


def _show(request: Request, scenario: Scenario, form: PageForm) -> HttpResponse:
    """The page of a scenario; `form` carries the message to the inspector and what was just refused."""
    person, at = request.user, request.at
    editable = policies.may_edit(person, scenario, at)
    testable = trial_policies.may_record_test(person, scenario, at)
    fixes = duties.scenario_fixes(scenario.pk, editable=bool(editable), testable=bool(testable))
    turns = queries.turns(scenario)
    release, notice = latest(scenario), notice_of_scenario(scenario.pk)
    return show(
        request,
        "workshop/scenario.html",
        form,
        scenario=scenario,
        group=scenario.group,
        theme=scenario.group.application.theme,
        state=moving.state_of(scenario),
        sections=rules.read(scenario.sections, scenario.phases),
        duties=duties.lines(rules.findings(scenario), scenario.group.application.theme.campaign, fixes, at.date()),
        editable=editable,
        moves=moving.moves(scenario, person, at),
        points=reviews.points(scenario, person, at),
        inspects=_inspects(person, scenario, at),
        last_turn=turns[0] if turns else None,
        turns=turns,
        turn_labels=TURNS,
        trials=trials.part(scenario, person, at),
        release=release,
        public_notice=notice,
        shared=sharing.summary(scenario, notice),
        pieces=pieces.summary(scenario, person, at),
        rights=rights.summary(scenario, person, at),
        images=pieces.pictures_of(scenario.pk, pieces_of(scenario)),
        relatives=drawing.relatives(scenario),
        ties=adoption.ties(scenario),
        may_decline=drawing_policies.may_decline(person, scenario, at),
    )


def _inspects(person: Person, scenario: Scenario, at: datetime) -> str:
    """What a reader has to do with this scenario on the pages of the review, "" when nothing."""
    if policies.may_move("send_back", person, scenario, at):
        return "Relire, puis soumettre ou renvoyer" if scenario.state == "proposed" else "Relire, valider ou renvoyer"
    return "Publier le scénario" if may_release(person, scenario, at) else ""


move_scenario = moving.page("scenario", _show)
