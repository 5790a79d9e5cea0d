from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from traam import reference
from traam.design import kept, typed
from traam.design.forms import PageForm, apply_invalid, posted, show
from traam.design.pages import Request, reads, writes
from traam.engines.workflow import Invalid, Missing, Verdict, refuse
from traam.programme.calls import actions, lookalikes, policies, queries, rules, states
from traam.programme.calls.models import Application
from traam.programme.calls.queries import AcademyCall
from traam.programme.journal import queries as journal
from traam.programme.people import queries as people
from traam.programme.people.actions import drop_typing
from traam.programme.people.models import Person, Role
from traam.programme.people.policies import standing_in_academy
from traam.programme.selection.queries import results_for_academy
from traam.programme.selection.rules import names_itself
from traam.spaces.academy.forms import ApplicationForm, ReturnForm, WithdrawalForm, whys


def _call(application: Application) -> AcademyCall:
    return AcademyCall(application.theme.campaign, reference.academies()[application.academy])


# --- Writing


def _without(person: Person, call: AcademyCall, at: datetime) -> frozenset[str]:
    """The questions that are not put to her: a teacher does not speak for the academy."""
    return frozenset() if policies.edits_all(person, call.academy.code, at) else rules.OF_THE_ACADEMY


def _blank(person: Person, call: AcademyCall, at: datetime) -> dict[str, object]:
    """A new form: an inspector finds her own name in it, a teacher hers and that of the only inspector."""
    held = standing_in_academy(person, call.academy.code, at)
    if Role.INSPECTOR in held:
        return _named("inspector", person)
    if held & states.EDITORS:
        return {}
    inspectors = people.holders(Role.INSPECTOR, at, call.academy.code)
    return _named("referent", person) | (_named("inspector", inspectors[0]) if len(inspectors) == 1 else {})


def _named(who: str, person: Person) -> dict[str, object]:
    return {f"{who}_name": person.name, f"{who}_email": person.email, f"{who}_phone": person.phone}


def _place(call: AcademyCall, application: Application | None) -> str:
    """Where the text that is being typed is kept."""
    if application:
        return f"application:{application.pk}"
    return f"application:new:{call.campaign.pk}:{call.academy.code}"


def _initial(request: Request, call: AcademyCall, application: Application | None) -> dict[str, object]:
    if application is None:
        return _blank(request.user, call, request.at)
    return {**rules.as_cells(application), "revision": application.revision}


def _edit(request: Request, call: AcademyCall, application: Application | None) -> HttpResponse:
    """The form, and what became of it: saved, refused, or written over by somebody meanwhile."""
    place = _place(call, application)
    again = typed.again(request, people.typing(request.user, place))
    initial = _initial(request, call, application)
    themes = queries.open_themes(call.campaign)
    data = posted(request)
    named = (data or (again.data if again else initial)).get("theme")
    chosen = next((theme for theme in themes if theme.title == named), None)
    without = _without(request.user, call, request.at)
    form = ApplicationForm(call, themes, chosen, data, initial=initial, without=without)
    if again:
        again.fill(form)
    stale: actions.Stale | None = None
    if data is not None and form.is_valid():
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
            return _saved(request, saved, place)
    return show(
        request,
        "academy/edit.html",
        form,
        call=call,
        application=application,
        themes=themes,
        whys=whys(call.campaign.edition),
        author=bool(without),
        stale=stale,
        again=again,
        place=place,
        versions=_versions(stale.stored, form, without) if stale else (),
    )


def _saved(request: Request, saved: Application, place: str) -> HttpResponse:
    kept.forget(request)
    drop_typing(place, actor=request.user)
    messages.success(request, "Brouillon enregistré." if saved.state == "draft" else "Candidature corrigée.")
    return redirect("academy:application", saved.pk)


def _versions(stored: Application, form: ApplicationForm, without: frozenset[str]) -> tuple[rules.Difference, ...]:
    """What is stored beside what was typed, for the questions that were put."""
    cells = rules.as_cells(stored)
    return rules.differences(cells, {**form.raw, **{name: cells[name] for name in without}})


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
@writes(find=queries.academy_call, may=policies.may_begin_on, why="application")
def new(request: Request, call: AcademyCall) -> HttpResponse:
    return _edit(request, call, None)


@kept.keeping
@writes(find=queries.application, may=policies.may_edit, why="application")
def edit(request: Request, application: Application) -> HttpResponse:
    return _edit(request, _call(application), application)


@reads(find=queries.academy_call, may=policies.may_begin_on)
def axes(request: Request, call: AcademyCall) -> HttpResponse:
    """The boxes of the axes of a theme, when another is chosen in the form."""
    themes = queries.open_themes(call.campaign)
    chosen = next((theme for theme in themes if theme.title == request.GET.get("theme")), None)
    known = {f"Axe {n}" for n in range(1, len(chosen.axes) + 1)} if chosen else None
    ticked = [axis for axis in request.GET.getlist("axes") if known is None or axis in known]
    form = ApplicationForm(call, themes, chosen, initial={"axes": ticked})
    asked = whys(call.campaign.edition)
    return render(request, "academy/axes.html", {"form": form, "themes": themes, "chosen": chosen, "whys": asked})


# --- Reading


@dataclass(frozen=True)
class Step:
    """A move the reader may expect: `refusal` says why not yet, "" when it may be made."""

    verb: str
    label: str
    refusal: str


def _steps(person: Person, application: Application, lacks: tuple[rules.Lack, ...], at: datetime) -> list[Step]:
    """The moves of this state that are hers, and those of her academy that she may expect."""
    held = policies.standing(person, application, at)
    expected = held | (states.EDITORS if held & states.EDITORS else frozenset())
    moves = [m for m in states.APPLICATION.moves if application.state in m.sources and m.roles & expected]
    return [Step(move.verb, move.label, _refusal(move.verb, person, application, lacks, at)) for move in moves]


def _refusal(verb: str, person: Person, application: Application, lacks: tuple[rules.Lack, ...], at: datetime) -> str:
    verdict = policies.may_move(verb, person, application, at)
    if verdict and verb in {"forward", "submit"} and any(lack.blocking for lack in lacks):
        verdict = refuse("Complétez d'abord ce qui manque, ci-dessous.")
    return verdict.reason


def _lacks(application: Application, editor: bool) -> tuple[rules.Lack, ...]:
    """What is still missing, for the one who is asked: a teacher is not asked what the academy says."""
    if application.state not in {"draft", "submitted"}:
        return ()
    lacks = rules.lacks(rules.stored(application), application.theme.campaign)
    return tuple(lack for lack in lacks if editor or lack.field not in rules.OF_THE_ACADEMY)


def _alike(application: Application, editor: bool) -> list[lookalikes.Lookalike]:
    """What the academy looks at before the application goes up."""
    if not editor or application.state not in {"draft", "submitted"}:
        return []
    return lookalikes.of(application.pk, queries.facets(application.theme.campaign, application.academy))


def _page(request: Request, application: Application, refused: Invalid | None = None) -> HttpResponse:
    call = _call(application)
    editor = policies.edits_all(request.user, application.academy, request.at)
    author = not editor and bool(policies.standing(request.user, application, request.at) & states.AUTHORS)
    lacks = _lacks(application, editor)
    events = _events(application, editor) if editor or author else []
    context = {
        "application": application,
        "call": call,
        "editor": editor,
        "author": author,
        "lacks": lacks,
        "blocking": [lack for lack in lacks if lack.blocking],
        "result": results_for_academy(call.campaign, application.academy).get(application.pk, ""),
        "steps": _steps(request.user, application, lacks, request.at) if editor or author else [],
        "edit": policies.may_edit(request.user, application, request.at),
        "endorse": policies.may_give_inspector_opinion(request.user, application, request.at),
        "alike": _alike(application, editor),
        "telltales": names_itself(application) if call.campaign.edition.selection.blind else [],
        "returned": _returned(application, events),
        "events": events,
        "errors": [one for several in refused.errors.values() for one in several] if refused else [],
    }
    return render(request, "academy/application.html", context, status=422 if refused else 200)


def _events(application: Application, editor: bool) -> list[dict[str, object]]:
    """Its history. What the academy says of it (its rank) is not told to the author."""
    hidden = set() if editor else {rules.TITLES[name] for name in rules.OF_THE_ACADEMY}
    verbs = [verb for verb in states.ACTS if editor or verb != "rank"]
    return [
        {
            "when": entry.at,
            "who": entry.actor_label,
            "what": states.ACTS[entry.verb],
            "verb": entry.verb,
            "detail": _detail(entry.verb, entry.reason, entry.data, hidden),
        }
        for entry in journal.history(application, verbs=verbs)
    ]


def _detail(verb: str, reason: str, data: Mapping[str, Any], hidden: set[str]) -> str:
    if verb == "give_inspector_opinion":
        label = dict(Application.InspectorOpinion.choices).get(data["opinion"], "")
        return f"{label}. {reason}" if reason else label
    if verb == "rank":
        return f"rang {data['after']}" if data["after"] else "sans rang"
    fields = ", ".join(field for field in data.get("fields", []) if field not in hidden)
    dropped = "l'avis de l'inspecteur, donné sur le texte d'avant, est à redonner" if "opinion_dropped" in data else ""
    return reason or " ; ".join(filter(None, (fields, dropped)))


def _returned(application: Application, events: list[dict[str, object]]) -> dict[str, object] | None:
    """The reasons for which a draft was sent back, while it has not been proposed again."""
    turns = (event for event in events if event["verb"] in {"submit", "take_back", "send_back"})
    last = next(turns, None)
    return last if application.state == "draft" and last and last["verb"] == "send_back" else None


@reads(find=queries.application, may=policies.may_see, why="application")
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


# The moves that ask to be sure, or why: title, what will happen, form, button, what is said once done.
ASKED: dict[str, tuple[str, str, type[PageForm], str, str]] = {
    "withdraw": (
        "Retirer la candidature",
        "ne sera plus lue ni remontée. Une candidature retirée ne revient pas : il faudrait la saisir de nouveau.",
        WithdrawalForm,
        "Retirer définitivement",
        "Candidature retirée.",
    ),
    "send_back": (
        "Renvoyer la candidature à son auteur",
        "redevient un brouillon : son auteur la corrige, puis la propose de nouveau.",
        ReturnForm,
        "Renvoyer à l'auteur",
        "Candidature renvoyée : son auteur est prévenu par courriel.",
    ),
    "abandon": (
        "Abandonner le brouillon",
        "ne sera pas proposée. Un brouillon abandonné ne revient pas : il faudrait l'écrire de nouveau.",
        PageForm,
        "Abandonner définitivement",
        "Brouillon abandonné.",
    ),
}
SAID = {
    "submit": "Candidature proposée à l'inspecteur : son prochain récapitulatif l'en prévient.",
    "take_back": "Vous avez repris votre candidature : corrigez-la, puis proposez-la de nouveau.",
    "forward": "Candidature remontée au bureau national.",
    "recall": "Candidature reprise : corrigez-la, puis remontez-la de nouveau.",
}


@writes(find=_wanted, may=_may_move, why="forwarding")
def move(request: Request, wanted: Wanted) -> HttpResponse:
    if wanted.verb in ASKED:
        return _ask(request, wanted)
    if request.method == "POST":
        try:
            getattr(actions, wanted.verb)(wanted.application, actor=request.user, at=request.at)
        except Invalid as invalid:
            return _page(request, wanted.application, invalid)
        messages.success(request, SAID[wanted.verb])
    return redirect("academy:application", wanted.application.pk)


def _ask(request: Request, wanted: Wanted) -> HttpResponse:
    """A move that is for good, or that somebody will read the reasons of: it asks first."""
    application = wanted.application
    title, then, asked, button, said = ASKED[wanted.verb]
    form = asked(posted(request))
    if form.is_valid():
        try:
            getattr(actions, wanted.verb)(application, actor=request.user, at=request.at, **form.cleaned_data)
        except Invalid as invalid:
            apply_invalid(form, invalid)
        else:
            messages.success(request, said)
            return redirect("academy:application", application.pk)
    page = reverse("academy:application", args=[application.pk])
    return show(
        request,
        "design/form.html",
        form,
        title=title,
        introduction=f"« {application.title} » ({application.theme}) {then}",
        submit_label=button,
        cancel=page,
        trail=[*trail(request, application), (application.title, page)],
    )


def trail(request: Request, application: Application) -> list[tuple[str, str]]:
    """The way back: the list of the academy for whoever follows it, else her own."""
    call = _call(application)
    if not policies.edits_all(request.user, call.academy.code, request.at):
        return [("Mes candidatures", reverse("academy:mine"))]
    listing = reverse("academy:applications", args=[call.academy.slug, call.campaign.pk])
    return [("Académie", reverse("academy:home")), (f"{call.academy.name}, {call.campaign}", listing)]
