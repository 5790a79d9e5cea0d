"""Deciding: every dossier of a campaign beside the limits of its edition, then the announcement."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from traam.design.forms import show
from traam.design.pages import Request, reads, writes
from traam.design.typography import plural
from traam.engines.rulebook import Finding
from traam.engines.workflow import Invalid, Missing, Verdict
from traam.programme.calls.models import Application
from traam.programme.calls.queries import application as find_application
from traam.programme.campaigns import policies, queries
from traam.programme.campaigns.models import Campaign, Theme
from traam.programme.catalogue import actions as catalogue
from traam.programme.people.models import Person
from traam.programme.selection import actions, rules, states
from traam.programme.selection import policies as selection_policies
from traam.programme.selection import queries as selection
from traam.programme.selection.queries import Dossier
from traam.spaces.steering import wording


@dataclass(frozen=True)
class DossierView:
    """A dossier with what may be done of it: (verb, label, why not)."""

    dossier: Dossier
    badge: wording.Badge
    moves: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class ThemeView:
    """A theme to be decided: its dossiers, the best first, and how far its limits are used."""

    theme: Theme
    dossiers: tuple[DossierView, ...]
    limits: tuple[tuple[Finding, int], ...]

    @property
    def undecided(self) -> int:
        return sum(view.dossier.state == "pending" for view in self.dossiers)


@reads(find=queries.campaign, may=policies.may_steer, why="selection")
def decisions(request: Request, campaign: Campaign) -> HttpResponse:
    return _selection_page(request, campaign)


def _selection_page(
    request: Request, campaign: Campaign, refused: Application | None = None, refusals: tuple[str, ...] = ()
) -> HttpResponse:
    dossiers = selection.dossiers_of_campaign(campaign)
    announced = selection_policies.announced(campaign)
    teams = sum(dossier.state == "retained" for dossier in dossiers)
    passed = rules.passed(rules.campaign_limits(campaign, teams + 1))
    themes = [_theme_view(theme, dossiers, passed, announced) for theme in queries.themes(campaign)]
    page = show(
        request,
        "steering/selection.html",
        campaign=campaign,
        themes=themes,
        announced=announced,
        total=len(dossiers),
        teams=teams,
        undecided=sum(dossier.state == "pending" for dossier in dossiers),
        limits=_measured(rules.campaign_limits(campaign, teams)),
        announcing=selection_policies.may_announce(request.user, campaign, request.at),
        refused=refused,
        refusals=refusals,
    )
    page.status_code = 422 if refusals else page.status_code
    return page


def _measured(findings: Iterable[Finding]) -> tuple[tuple[Finding, int], ...]:
    return tuple((finding, wording.most(finding)) for finding in findings)


def _theme_view(theme: Theme, everything: list[Dossier], passed: list[Finding], announced: bool) -> ThemeView:
    mine = [dossier for dossier in everything if dossier.application.theme_id == theme.pk]
    mine.sort(key=lambda dossier: -(dossier.mean or 0))
    academies = {d.application.academy for d in mine if d.state == "retained"}
    full = rules.passed(rules.limits(theme, len(academies) + 1))
    views = []
    for dossier in mine:
        new = dossier.application.academy not in academies
        breaches = [*passed, *(full if new else [])]
        moves = () if announced else _moves(dossier.state, breaches)
        views.append(DossierView(dossier, wording.decision_badge(dossier.state), moves))
    return ThemeView(theme, tuple(views), _measured(rules.limits(theme, len(academies))))


def _moves(state: str, breaches: list[Finding]) -> tuple[tuple[str, str, str], ...]:
    """The moves from this state; retaining says which limit it would pass."""
    why = " ".join(breach.sentence for breach in breaches)
    available = states.DECISION.available(state, {"national"})
    return tuple((move.verb, move.label, why if move.verb == "retain" else "") for move in available)


def _may_decide(person: Person, application: Application, at: datetime) -> Verdict:
    return policies.may_steer(person, application.theme.campaign, at)


@writes(find=find_application, may=_may_decide, why="selection")
def decide(request: Request, application: Application) -> HttpResponse:
    campaign = application.theme.campaign
    if request.method == "POST":
        verb = request.POST.get("verb", "")
        if verb not in {move.verb for move in states.DECISION.moves}:
            raise Missing("Cette décision n'existe pas. Revenez à la page de sélection.")
        try:
            decision = actions.decide(
                application, verb, reason=request.POST.get("reason", ""), actor=request.user, at=request.at
            )
        except Invalid as invalid:
            sentences = tuple(sentence for several in invalid.errors.values() for sentence in several)
            return _selection_page(request, campaign, application, sentences)
        label = states.DECISION.states[decision.state]
        messages.success(request, f"{application.academy_name}, « {application.title} » : {label}.")
    return redirect(reverse("steering:selection", args=[campaign.pk]) + f"#theme-{application.theme_id}")


@writes(find=queries.campaign, may=selection_policies.may_announce, why="announcement")
def announce(request: Request, campaign: Campaign) -> HttpResponse:
    """What announcing will do, said before it is done: it cannot be undone."""
    refusals: tuple[str, ...] = ()
    if request.method == "POST":
        try:
            opened = catalogue.announce(campaign, actor=request.user, at=request.at)
        except Invalid as invalid:
            refusals = tuple(sentence for several in invalid.errors.values() for sentence in several)
        else:
            messages.success(
                request, f"Les résultats sont annoncés : {plural(len(opened), 'groupe ouvert', 'groupes ouverts')}."
            )
            return redirect("steering:groups", campaign.pk)
    dossiers = selection.dossiers_of_campaign(campaign)
    count = {state: sum(d.state == state for d in dossiers) for state in states.DECISION.states}
    by_theme = [(t, [d for d in dossiers if d.application.theme_id == t.pk]) for t in queries.themes(campaign)]
    page = show(request, "steering/announce.html", campaign=campaign, count=count, by_theme=by_theme, refusals=refusals)
    page.status_code = 422 if refusals else page.status_code
    return page
