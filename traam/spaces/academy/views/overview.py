from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime

from traam import reference
from traam.design.pages import Request, reads, writes
from traam.design.typography import date_fr, plural
from traam.engines.workflow import Invalid
from traam.programme.calls import actions, policies, queries, rules
from traam.programme.calls.models import Application
from traam.programme.calls.queries import AcademyCall
from traam.programme.campaigns import queries as campaign_queries
from traam.programme.campaigns.models import Campaign, Theme
from traam.programme.people.models import Person
from traam.programme.selection import queries as selection_queries


def address(call: AcademyCall, page: str = "applications") -> str:
    return reverse(f"academy:{page}", args=[call.academy.slug, call.campaign.pk])


@dataclass(frozen=True)
class Card:
    """One campaign on the first page of an academy: where it stands, and the next thing to do."""

    call: AcademyCall
    drafts: int
    forwarded: int
    withdrawn: int
    open: bool
    days_left: int | None
    next_step: str


def _card(call: AcademyCall, counted: dict[str, int], announced: bool, person: Person, at: datetime) -> Card:
    due = call.campaign.on("applications_due")
    is_open = bool(policies.may_answer(person, call, at))
    drafts, forwarded = counted.get("draft", 0), counted.get("forwarded", 0)
    return Card(
        call=call,
        drafts=drafts,
        forwarded=forwarded,
        withdrawn=counted.get("withdrawn", 0),
        open=is_open,
        days_left=(due - localtime(at).date()).days if is_open and due else None,
        next_step=_next_step(call.campaign, drafts, forwarded, is_open, announced),
    )


def _next_step(campaign: Campaign, drafts: int, forwarded: int, is_open: bool, announced: bool) -> str:
    due = campaign.on("applications_due")
    before = f" avant le {date_fr(due)}" if due else ""
    if announced:
        return "Les résultats sont annoncés : voyez ce qui est retenu."
    if not is_open:
        day = campaign.on("announcement")
        when = f" le {date_fr(day)}" if day else ""
        return f"L'appel est clos. Les résultats sont attendus{when}." if forwarded else "L'appel est clos."
    if drafts:
        return f"{plural(drafts, 'brouillon')} à compléter et à remonter{before}."
    if forwarded:
        return f"Tout est remonté. D'autres candidatures peuvent encore l'être{before}."
    return f"Saisissez vos candidatures ou déposez votre tableur{before}."


@reads(may=policies.may_follow_some)
def home(request: Request) -> HttpResponse:
    codes = policies.editable_academies(request.user, request.at)
    campaigns = campaign_queries.current()
    counted = queries.counts_by_stage(campaigns, codes)
    announced = selection_queries.announced_among(campaigns)
    academies = []
    for code in codes:
        calls = [AcademyCall(campaign, reference.academies()[code]) for campaign in campaigns]
        cards = [
            _card(c, counted.get((c.campaign.pk, code), {}), c.campaign.pk in announced, request.user, request.at)
            for c in calls
        ]
        academies.append((reference.academies()[code], sorted(cards, key=lambda card: not card.open)))
    return render(request, "academy/home.html", {"academies": academies})


@dataclass(frozen=True)
class Line:
    """One application in the list: what it lacks, and what became of it (`result`, "" before the announcement)."""

    application: Application
    lacks: tuple[rules.Lack, ...]
    result: str


def _by_theme(call: AcademyCall) -> list[tuple[Theme, list[Line]]]:
    """The themes of the call with the academy's applications; closed themes only when they have some."""
    results = selection_queries.results_for_academy(call.campaign, call.academy.code)
    lines: dict[int, list[Line]] = {}
    for a in queries.of_academy(call.campaign, call.academy.code):
        lacks = rules.lacks(rules.stored(a), call.campaign) if a.state == "draft" else ()
        lines.setdefault(a.theme_id, []).append(Line(a, lacks, results.get(a.pk, "")))
    themes = queries.published_themes(call.campaign)
    return [(theme, lines.get(theme.pk, [])) for theme in themes if theme.state == "open" or theme.pk in lines]


def _show(request: Request, call: AcademyCall, refused: Invalid | None = None) -> HttpResponse:
    themes = _by_theme(call)
    lines = [line for _, several in themes for line in several]
    drafts = [line for line in lines if line.application.state == "draft"]
    context = {
        "call": call,
        "themes": themes,
        "drafts": drafts,
        "forwarded": sum(line.application.state == "forwarded" for line in lines),
        "incomplete": sum(any(lack.blocking for lack in line.lacks) for line in drafts),
        "announced": any(line.result for line in lines),
        "retained": sum(line.result == "retained" for line in lines),
        "answer": policies.may_answer(request.user, call, request.at),
        "forward": policies.may_forward_call(request.user, call, request.at),
        "errors": refused.errors.get("", []) if refused else [],
    }
    return render(request, "academy/applications.html", context, status=422 if refused else 200)


@reads(find=queries.academy_call, may=policies.may_follow)
def applications(request: Request, call: AcademyCall) -> HttpResponse:
    return _show(request, call)


@writes(find=queries.academy_call, may=policies.may_forward_call)
def forward_all(request: Request, call: AcademyCall) -> HttpResponse:
    """Send up every draft, or none."""
    if request.method == "POST":
        try:
            done = actions.forward_all(call.campaign, call.academy.code, actor=request.user, at=request.at)
        except Invalid as invalid:
            return _show(request, call, invalid)
        said = plural(len(done), "candidature remontée", "candidatures remontées")
        messages.success(request, f"{said} au bureau national.")
    return redirect(address(call))
