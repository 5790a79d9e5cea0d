"""The selection proposed by the solver: asked, followed while it is computed, read, pinned, adopted, taken away."""

import json
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from traam.design import lists
from traam.design.forms import apply_invalid, show
from traam.design.pages import Request, reads, writes
from traam.design.typography import plural
from traam.engines.rulebook.selection import PROPOSAL_WORDS
from traam.engines.workflow import Invalid, Missing, Verdict
from traam.programme.campaigns import policies, queries
from traam.programme.campaigns.models import Campaign
from traam.programme.people.models import Person
from traam.programme.selection import advice, committee, exports, proposals, states
from traam.programme.selection import policies as selection_policies
from traam.programme.selection.models import Pin, Proposal
from traam.spaces.steering import wording
from traam.spaces.steering.forms import AdoptForm, AskForm
from traam.spaces.steering.views.selection import sentences_of

STATE_KINDS = {"waiting": "info", "running": "info", "done": "success", "failed": "error"}
KINDS = [("oui", "Proposées"), ("non", "Non proposées"), ("ecarts", "Décidées autrement par le comité")]


@writes(find=queries.campaign, may=policies.may_steer, why="selection")
def runs(request: Request, campaign: Campaign) -> HttpResponse:
    """Ask for a proposal; the published rules; the proposals asked before; the pins."""
    asking = selection_policies.may_propose(request.user, campaign, request.at)
    form = AskForm(request.POST or None, initial={"seed": f"{timezone.localdate(request.at):%Y%m%d}"})
    if request.method == "POST":
        asking.require()
        if form.is_valid():
            try:
                run = proposals.ask(campaign, form.cleaned_data["seed"], actor=request.user, at=request.at)
            except Invalid as invalid:
                apply_invalid(form, invalid)
            else:
                return redirect("steering:proposal", run.pk)
    settings = campaign.edition.selection.proposal.settings
    return show(
        request,
        "steering/proposals.html",
        form,
        campaign=campaign,
        asking=asking,
        rules=[(PROPOSAL_WORDS[name], setting) for name, setting in settings.items()],
        runs=proposals.runs(campaign),
        kinds=STATE_KINDS,
        pins=list(proposals.pins(campaign).values())[:200],
        lowest=campaign.edition.selection.lowest,
    )


def _may_read(person: Person, run: Proposal, at: datetime) -> Verdict:
    return policies.may_steer(person, run.campaign, at)


@writes(find=proposals.proposal, may=_may_read, why="selection")
def proposal(request: Request, run: Proposal) -> HttpResponse:
    """A proposal: how far it is, then what it says, then what the committee makes of it."""
    if request.headers.get("HX-Target") == "avancement" and run.state in {Proposal.State.DONE, Proposal.State.FAILED}:
        return HttpResponse(headers={"HX-Refresh": "true"})  # the page that waited shows the answer
    if run.state != Proposal.State.DONE:
        return show(request, "steering/proposal_running.html", run=run, campaign=run.campaign)
    refusals: list[str] = []
    form = AdoptForm()
    if request.method == "POST":
        form = AdoptForm(request.POST) if request.POST.get("verb") == "adopt" else form
        try:
            done = _act(request, run, form)
        except Invalid as invalid:
            refusals = sentences_of(invalid)
        else:
            if done:
                return done
    page = _read(request, run, form, refusals)
    page.status_code = 422 if refusals or form.errors else 200
    return page


def _act(request: Request, run: Proposal, form: AdoptForm) -> HttpResponse | None:
    verb = request.POST.get("verb", "")
    acting: Any = {"actor": request.user, "at": request.at}
    if verb == "adopt":
        if not form.is_valid():
            return None
        count = proposals.adopt(run, form.cleaned_data["rest"], **acting)
        messages.success(
            request, f"{plural(count, 'candidature décidée', 'candidatures décidées')} comme la proposition."
        )
        return redirect("steering:selection", run.campaign_id)
    if verb == "again":
        return redirect("steering:proposal", proposals.ask(run.campaign, run.seed, **acting).pk)
    if verb not in {"pin-retained", "pin-excluded", "unpin"}:
        raise Missing("Cette action n'existe pas. Revenez à la proposition.")
    kind = verb.removeprefix("pin-") if verb != "unpin" else ""
    rows = committee.chosen(run.campaign, request.POST.getlist("rows"))
    told = proposals.pin_all(rows, kind, request.POST.get("reason", ""), **acting)
    label = f"à {'retenir' if kind == Pin.Kind.RETAINED else 'écarter'}" if kind else "sans consigne"
    messages.success(request, f"{plural(told, 'candidature')} {label}. Recalculez pour en voir l'effet.")
    return redirect(request.get_full_path() + "#liste")


def _read(request: Request, run: Proposal, form: AdoptForm, refusals: list[str]) -> HttpResponse:
    found = advice.Advice(run)
    by_theme = found.by_theme
    filters = lists.read_filters(
        request,
        lists.select("theme", "Thème", [(one.theme.pk, one.theme.title) for one in by_theme], "Tous les thèmes"),
        lists.select("quoi", "Candidatures", KINDS, "Toutes"),
    )
    return show(
        request,
        "steering/proposal.html",
        form,
        campaign=run.campaign,
        run=run,
        advice=found,
        lowest=run.campaign.edition.selection.lowest,
        by_theme=by_theme,
        differences=sum(one.differences for one in by_theme),
        undecided=sum(found.decided.get(one["id"], "pending") == "pending" for one in found.candidates),
        outdated=advice.outdated(run),
        adopting=selection_policies.may_propose(request.user, run.campaign, request.at),
        filters=filters,
        page=lists.page_of(found.listing(filters["theme"], filters["quoi"]), request),
        badges={state: wording.decision_badge(state) for state in states.DECISION.states},
        refusals=refusals,
        ticked=set(request.POST.getlist("rows")),
        reason=request.POST.get("reason", ""),
    )


def _file(pk: int, form: str) -> tuple[Proposal, str]:
    found = proposals.proposal(pk)
    if form not in {"json", *exports.FORMS} or found.state != Proposal.State.DONE:
        raise Missing("Ce fichier n'existe pas : choisissez .json, .xlsx, .ods ou .csv d'une proposition calculée.")
    return found, form


def _may_take(person: Person, wanted: tuple[Proposal, str], at: datetime) -> Verdict:
    return _may_read(person, wanted[0], at)


@reads(find=_file, may=_may_take)
def proposal_file(request: Request, wanted: tuple[Proposal, str]) -> HttpResponse:
    """What was given and what was answered, to be played again; or the result as a table."""
    run, form = wanted
    headers = {"Content-Disposition": f'attachment; filename="proposition-{run.pk}.{form}"'}
    if form == "json":
        kept = {"problem": run.inputs["problem"], "outcome": run.outcome}
        data = json.dumps(kept, ensure_ascii=False, sort_keys=True, indent=1)
        return HttpResponse(data, content_type="application/json; charset=utf-8", headers=headers)
    return HttpResponse(exports.proposal(advice.Advice(run), form), content_type=exports.FORMS[form], headers=headers)
