"""Deciding: the themes counted beside the limits of the edition, then every dossier, one by one or many at once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from traam import reference
from traam.design import lists
from traam.design.forms import show
from traam.design.pages import Request, writes
from traam.design.typography import plural
from traam.engines.workflow import Invalid, Missing, Verdict
from traam.programme.calls.models import Application
from traam.programme.calls.queries import application as find_application
from traam.programme.campaigns import policies, queries
from traam.programme.campaigns.models import Campaign, Theme
from traam.programme.catalogue import actions as catalogue
from traam.programme.journal.queries import history
from traam.programme.people.models import Person
from traam.programme.selection import actions, committee, proposals, states
from traam.programme.selection import policies as selection_policies
from traam.programme.selection.models import Pin
from traam.spaces.steering import wording

VERBS = {move.verb: move for move in states.DECISION.moves}
TOGETHER = tuple(verb for verb in VERBS if verb not in states.AFTER_ANNOUNCEMENT)


def sentences_of(invalid: Invalid) -> list[str]:
    return [sentence for several in invalid.errors.values() for sentence in several]


# --- the list


def _filters(request: Request, table: committee.Table) -> lists.Filters:
    academies = reference.academies().values()
    regions = sorted({academy.region for academy in academies})
    return lists.read_filters(
        request,
        lists.search("q", "Rechercher"),
        lists.select("theme", "Thème", [(pk, theme.title) for pk, theme in table.themes.items()], "Tous les thèmes"),
        lists.select("etat", "Décision", states.DECISION.states.items(), "Toutes les décisions"),
        lists.select("academie", "Académie", [(one.code, one.name) for one in academies], "Toutes les académies"),
        lists.select("region", "Région académique", [(one, one) for one in regions], "Toutes les régions"),
    )


@writes(find=queries.campaign, may=policies.may_steer, why="selection")
def decisions(request: Request, campaign: Campaign) -> HttpResponse:
    refusals: list[str] = []
    if request.method == "POST":
        try:
            said = _decide_ticked(request, campaign)
        except Invalid as invalid:
            refusals = sentences_of(invalid)
        else:
            messages.success(request, said)
            return redirect(request.get_full_path() + "#liste")
    table = committee.Table(campaign)
    filters = _filters(request, table)
    ordering = lists.read_ordering(request, committee.SORTS, first="-moyenne")
    asked = committee.Asked(
        theme=filters["theme"],
        state=filters["etat"],
        academy=filters["academie"],
        region=filters["region"],
        words=filters["q"],
        sort=ordering.sign + ordering.key,
    )
    page = show(
        request,
        "steering/selection.html",
        campaign=campaign,
        table=table,
        limits=[(finding, wording.most(finding)) for finding in table.limits],
        announced=selection_policies.announced(campaign),
        announcing=selection_policies.may_announce(request.user, campaign, request.at),
        deciding=campaign.state == "closed",
        filters=filters,
        ordering=ordering,
        page=lists.page_of(committee.Listing(table, asked), request),
        verbs=[VERBS[verb] for verb in TOGETHER],
        badges={state: wording.decision_badge(state) for state in states.DECISION.states},
        refusals=refusals,
        ticked=set(request.POST.getlist("rows")),
        reason=request.POST.get("reason", ""),
        most=wording.most,
    )
    page.status_code = 422 if refusals else 200
    return page


def _decide_ticked(request: Request, campaign: Campaign) -> str:
    """Do what the list asks: for the row of a button ("retain:12"), or for the rows that are ticked. What was done."""
    verb, _, one = request.POST.get("one", "").partition(":")
    keys = [one] if one else request.POST.getlist("rows")
    verb = verb if one else request.POST.get("verb", "")
    if verb not in TOGETHER:
        raise Missing("Cette décision n'existe pas. Revenez à la page de sélection.")
    rows = committee.chosen(campaign, keys)
    if len(rows) < len(set(keys)):
        raise Invalid("Une des candidatures cochées n'est plus remontée : relisez la liste, puis recommencez.")
    decided = actions.decide_all(rows, verb, reason=request.POST.get("reason", ""), actor=request.user, at=request.at)
    label = states.DECISION.states[VERBS[verb].target]
    if len(rows) == 1:
        return f"{rows[0].academy_name}, « {rows[0].title} » : {label}."
    return f"{plural(len(decided), 'candidature')} : {label}."


# --- one dossier


def _may_decide(person: Person, application: Application, at: datetime) -> Verdict:
    return policies.may_steer(person, application.theme.campaign, at)


@writes(find=find_application, may=_may_decide, why="selection")
def decide(request: Request, application: Application) -> HttpResponse:
    """A dossier before the committee: what was thought of it, what was decided, what can be decided now."""
    refusals: list[str] = []
    if request.method == "POST":
        try:
            return _decided(request, application)
        except Invalid as invalid:
            refusals = sentences_of(invalid)
            application = find_application(application.pk)
    row = committee.row(application)
    announced = selection_policies.announced(application.theme.campaign)
    verbs = [verb for verb in row.verbs if (verb in states.AFTER_ANNOUNCEMENT) == announced]
    page = show(
        request,
        "steering/decide.html",
        application=application,
        row=row,
        opinions=committee.opinions(application),
        moves=[(VERBS[verb], why) for verb, why in zip(verbs, _refusals(request, row, verbs), strict=True)],
        badge_=wording.decision_badge(row.state),
        events=history(application, limit=20, verbs=[*VERBS, "pin", "unpin"]),
        labels={**{verb: move.label for verb, move in VERBS.items()}, "pin": "Consigne", "unpin": "Consigne levée"},
        pinning=selection_policies.may_pin(request.user, application, request.at),
        kinds=Pin.Kind.choices,
        refusals=refusals,
        reason=request.POST.get("reason", ""),
        scale=application.theme.campaign.edition.selection.highest.value,
    )
    page.status_code = 422 if refusals else 200
    return page


def _refusals(request: Request, row: committee.Row, verbs: Sequence[str]) -> list[str]:
    """Why each of these may not be decided now, or "": what the campaign forbids is the same for all."""
    if not verbs:
        return []
    verdict = selection_policies.may_decide(verbs[0], request.user, row.application, row.state, request.at)
    return [verdict.reason or (row.full if VERBS[verb].target == "retained" else "") for verb in verbs]


def _decided(request: Request, application: Application) -> HttpResponse:
    verb, reason = request.POST.get("verb", ""), request.POST.get("reason", "")
    who = f"{application.academy_name}, « {application.title} »"
    acting: Any = {"actor": request.user, "at": request.at}
    if verb == "pin":
        proposals.pin(application, request.POST.get("kind", ""), reason, **acting)
        messages.success(request, f"{who} : consigne enregistrée. Recalculez une proposition pour en voir l'effet.")
        return redirect("steering:decide", application.pk)
    if verb not in VERBS:
        raise Missing("Cette décision n'existe pas. Revenez à la page de sélection.")
    if verb == "give_up":
        catalogue.give_up(application, reason, **acting)
        messages.success(request, f"{who} : désistement constaté. Appelez une équipe de la liste d'attente.")
        return redirect("steering:waiting", application.theme_id)
    if verb == "call_up":
        catalogue.call_up(application, reason, **acting)
    else:
        actions.decide(application, verb, reason=reason, **acting)
    messages.success(request, f"{who} : {states.DECISION.states[VERBS[verb].target]}.")
    return redirect(
        reverse("steering:selection", args=[application.theme.campaign_id]) + f"?theme={application.theme_id}"
    )


# --- the waiting list of a theme


def _may_see_waiting(person: Person, theme: Theme, at: datetime) -> Verdict:
    return policies.may_steer(person, theme.campaign, at)


@writes(find=queries.theme, may=_may_see_waiting, why="selection")
def waiting(request: Request, theme: Theme) -> HttpResponse:
    """The waiting list of a theme: put in order before the announcement; called up after it."""
    refusals: list[str] = []
    if request.method == "POST":
        try:
            return _call_up(request, theme) if "call" in request.POST else _order(request, theme)
        except Invalid as invalid:
            refusals = sentences_of(invalid)
    rows = committee.WaitingList(theme)
    first = next(iter(rows[:1]), None)
    announced = selection_policies.announced(theme.campaign)
    page = show(
        request,
        "steering/waiting.html",
        theme=theme,
        page=lists.page_of(rows, request),
        first=first,
        announced=announced,
        ordering=selection_policies.may_order_waiting(request.user, theme, request.at),
        refusals=refusals,
        full=committee.row(find_application(first.application.pk)).full if first and announced else "",
        typed=request.POST,
    )
    page.status_code = 422 if refusals else 200
    return page


def _call_up(request: Request, theme: Theme) -> HttpResponse:
    wanted = request.POST["call"]
    key = next((key for key in committee.WaitingList(theme).numbers() if str(key) == wanted), None)
    if key is None:
        raise Invalid("Choisissez une équipe de la liste d'attente.")
    application = find_application(key)
    group = catalogue.call_up(application, request.POST.get("reason", ""), actor=request.user, at=request.at)
    messages.success(
        request,
        f"{application.academy_name}, « {application.title} » : retenue, son groupe est ouvert, l'académie prévenue.",
    )
    return redirect("workshop:group", group.pk)


def _order(request: Request, theme: Theme) -> HttpResponse:
    keys = committee.WaitingList(theme).numbers()
    moved = reordered(keys, {key: request.POST[f"rang-{key}"] for key in keys if f"rang-{key}" in request.POST})
    actions.order_waiting(theme, {key: n for n, key in enumerate(moved, 1)}, actor=request.user, at=request.at)
    messages.success(request, "L'ordre de la liste d'attente est enregistré.")
    return redirect(request.get_full_path())


def reordered(keys: Sequence[int], typed: dict[int, str]) -> list[int]:
    """A list in which those whose place was typed anew take it, and the others move aside."""
    places: dict[int, int] = {}
    for key, text in typed.items():
        if not (text.strip().isascii() and text.strip().isdigit() and 1 <= int(text.strip()[:6]) <= len(keys)):
            raise Invalid(f"« {text.strip() or 'vide'} » n'est pas un rang : écrivez un nombre de 1 à {len(keys)}.")
        if int(text) != keys.index(key) + 1:
            places[key] = int(text)
    twice = [place for place in places.values() if list(places.values()).count(place) > 1]
    if twice:
        raise Invalid(f"Le rang {min(twice)} est donné à deux candidatures : donnez-lui une seule candidature.")
    left = [key for key in keys if key not in places]
    for key, place in sorted(places.items(), key=lambda item: item[1]):
        left.insert(place - 1, key)
    return left
