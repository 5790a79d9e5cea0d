from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from traam import reference
from traam.design import kept
from traam.design.forms import apply_invalid, show
from traam.design.pages import Request, reads, writes
from traam.engines.workflow import Invalid, Missing, Verdict, refuse
from traam.programme.calls import actions, policies, queries, rules, states
from traam.programme.calls.models import Application
from traam.programme.calls.queries import AcademyCall
from traam.programme.campaigns.models import Theme
from traam.programme.journal import queries as journal
from traam.programme.people.models import Person, Role
from traam.programme.people.policies import standing_in_academy
from traam.programme.selection.queries import results_for_academy
from traam.spaces.academy.forms import SECTIONS, ApplicationForm, WithdrawalForm


def _call(application: Application) -> AcademyCall:
    return AcademyCall(application.theme.campaign, reference.academies()[application.academy])


# --- Writing


def _form(request: Request, call: AcademyCall, initial: Mapping[str, object]) -> tuple[ApplicationForm, list[Theme]]:
    themes = queries.open_themes(call.campaign)
    data = request.POST if request.method == "POST" else kept.given_back(request)
    named = (initial if data is None else data).get("theme")
    chosen = next((theme for theme in themes if theme.title == named), None)
    return ApplicationForm(call, themes, chosen, data, initial=dict(initial)), themes


def _blank(person: Person, call: AcademyCall, at: datetime) -> dict[str, object]:
    """A new form: an inspector finds her own name in it."""
    if Role.INSPECTOR not in standing_in_academy(person, call.academy.code, at):
        return {}
    return {"inspector_name": person.name, "inspector_email": person.email, "inspector_phone": person.phone}


def _edit(request: Request, call: AcademyCall, application: Application | None) -> HttpResponse:
    """The form, and what became of it: saved, refused, or written over by somebody meanwhile."""
    initial = _blank(request.user, call, request.at)
    if application:
        initial = {**rules.as_cells(application), "revision": application.revision}
    form, themes = _form(request, call, initial)
    stale: actions.Stale | None = None
    if request.method == "POST" and form.is_valid():
        try:
            saved = actions.save_draft(
                call.campaign,
                call.academy.code,
                form.raw,
                application=application,
                revision=form.cleaned_data["revision"],
                actor=request.user,
                at=request.at,
            )
        except Invalid as invalid:
            apply_invalid(form, invalid)
        except actions.Stale as problem:
            stale = problem
            _make_aware(form, request, problem.stored)
        else:
            kept.forget(request)
            messages.success(request, "Brouillon enregistré.")
            return redirect("academy:application", saved.pk)
    return show(
        request,
        "academy/edit.html",
        form,
        call=call,
        application=application,
        themes=themes,
        sections=SECTIONS,
        limit=rules.description_limit(call.campaign.edition),
        stale=stale,
        returned=request.method != "POST" and form.is_bound,
        versions=rules.differences(rules.as_cells(stale.stored), form.raw) if stale else (),
    )


def _make_aware(form: ApplicationForm, request: Request, stored: Application) -> None:
    """The same answers, ready to be sent over the version that is stored now."""
    data = request.POST.copy()
    data["revision"] = str(stored.revision)
    form.data = data
    form.add_error(
        None,
        "Quelqu'un a enregistré cette candidature pendant que vous l'écriviez. Rien de votre saisie n'est perdu : "
        "comparez les deux versions ci-dessous, corrigez au besoin, puis enregistrez de nouveau.",
    )


@kept.keeping
@writes(find=queries.academy_call, may=policies.may_answer)
def new(request: Request, call: AcademyCall) -> HttpResponse:
    return _edit(request, call, None)


@kept.keeping
@writes(find=queries.application, may=policies.may_edit)
def edit(request: Request, application: Application) -> HttpResponse:
    return _edit(request, _call(application), application)


@reads(find=queries.academy_call, may=policies.may_answer)
def axes(request: Request, call: AcademyCall) -> HttpResponse:
    """The boxes of the axes of a theme, when another is chosen in the form."""
    themes = queries.open_themes(call.campaign)
    chosen = next((theme for theme in themes if theme.title == request.GET.get("theme")), None)
    known = {f"Axe {n}" for n in range(1, len(chosen.axes) + 1)} if chosen else None
    ticked = [axis for axis in request.GET.getlist("axes") if known is None or axis in known]
    form = ApplicationForm(call, themes, chosen, initial={"axes": ticked})
    return render(request, "academy/axes.html", {"form": form, "themes": themes, "chosen": chosen})


# --- Reading


@dataclass(frozen=True)
class Step:
    """A move the reader may expect: `refusal` says why not yet, "" when it may be made."""

    verb: str
    label: str
    refusal: str


def _steps(person: Person, application: Application, lacks: tuple[rules.Lack, ...], at: datetime) -> list[Step]:
    moves = [move for move in states.APPLICATION.moves if application.state in move.sources]
    return [Step(move.verb, move.label, _refusal(move.verb, person, application, lacks, at)) for move in moves]


def _refusal(verb: str, person: Person, application: Application, lacks: tuple[rules.Lack, ...], at: datetime) -> str:
    verdict = policies.may_move(verb, person, application, at)
    if verdict and verb == "forward" and any(lack.blocking for lack in lacks):
        verdict = refuse("Complétez d'abord ce qui manque, ci-dessous.")
    return verdict.reason


def _page(request: Request, application: Application, refused: Invalid | None = None) -> HttpResponse:
    call = _call(application)
    lacks = rules.lacks(rules.stored(application), call.campaign) if application.state == "draft" else ()
    at_home = bool(policies.may_follow(request.user, call, request.at))
    context = {
        "application": application,
        "call": call,
        "at_home": at_home,
        "lacks": lacks,
        "blocking": [lack for lack in lacks if lack.blocking],
        "state_label": states.APPLICATION.states[application.state],
        "result": results_for_academy(call.campaign, application.academy).get(application.pk, ""),
        "steps": _steps(request.user, application, lacks, request.at) if at_home else [],
        "edit": policies.may_edit(request.user, application, request.at),
        "events": _events(application) if at_home else [],
        "errors": [one for several in refused.errors.values() for one in several] if refused else [],
    }
    return render(request, "academy/application.html", context, status=422 if refused else 200)


def _events(application: Application) -> list[dict[str, object]]:
    entries = journal.history(application, verbs=states.ACTS)
    return [
        {
            "when": entry.at,
            "who": entry.actor_label,
            "what": states.ACTS[entry.verb],
            "detail": entry.reason or ", ".join(entry.data.get("fields", [])),
        }
        for entry in entries
    ]


@reads(find=queries.application, may=policies.may_see)
def application(request: Request, application: Application) -> HttpResponse:
    return _page(request, application)


# --- Moving


@dataclass(frozen=True)
class Wanted:
    """A move asked of an application."""

    application: Application
    verb: str


def _wanted(pk: int, verb: str) -> Wanted:
    if verb not in {move.verb for move in states.APPLICATION.moves}:
        raise Missing("Cette action n'existe pas pour une candidature.")
    return Wanted(queries.application(pk), verb)


def _may_move(person: Person, wanted: Wanted, at: datetime) -> Verdict:
    return policies.may_move(wanted.verb, person, wanted.application, at)


@writes(find=_wanted, may=_may_move)
def move(request: Request, wanted: Wanted) -> HttpResponse:
    if wanted.verb == "withdraw":
        return _withdraw(request, wanted.application)
    if request.method == "POST":
        verbs = {"forward": actions.forward, "recall": actions.recall}
        said = {
            "forward": "Candidature remontée au bureau national.",
            "recall": "Candidature reprise : corrigez-la, puis remontez-la de nouveau.",
        }
        try:
            verbs[wanted.verb](wanted.application, actor=request.user, at=request.at)
        except Invalid as invalid:
            return _page(request, wanted.application, invalid)
        messages.success(request, said[wanted.verb])
    return redirect("academy:application", wanted.application.pk)


def _withdraw(request: Request, application: Application) -> HttpResponse:
    """Withdrawing is for good: it asks why, and to be sure."""
    form = WithdrawalForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.withdraw(application, reason=form.cleaned_data["reason"], actor=request.user, at=request.at)
        except Invalid as invalid:
            apply_invalid(form, invalid)
        else:
            messages.success(request, "Candidature retirée.")
            return redirect("academy:application", application.pk)
    call = _call(application)
    listing = reverse("academy:applications", args=[call.academy.slug, call.campaign.pk])
    page = reverse("academy:application", args=[application.pk])
    return show(
        request,
        "design/form.html",
        form,
        title="Retirer la candidature",
        introduction=f"« {application.title} » ({application.theme}) ne sera plus lue ni remontée. "
        "Une candidature retirée ne revient pas : il faudrait la saisir de nouveau.",
        submit_label="Retirer définitivement",
        cancel=page,
        trail=[("Académie", reverse("academy:home")), (str(call.campaign), listing), (application.title, page)],
    )
