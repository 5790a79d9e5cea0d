from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime

from traam import reference
from traam.design import lists
from traam.design.pages import Request, reads, writes
from traam.design.typography import agree, date_fr, plural
from traam.engines.workflow import Invalid
from traam.programme.calls import actions, lookalikes, policies, queries, rules, states
from traam.programme.calls.models import Application
from traam.programme.calls.queries import AcademyCall
from traam.programme.campaigns import queries as campaign_queries
from traam.programme.campaigns.models import Campaign, Theme
from traam.programme.people.models import Person, Role
from traam.programme.people.policies import may_save_contact, standing_in_academy
from traam.programme.selection import queries as selection_queries


def address(call: AcademyCall, page: str = "applications") -> str:
    return reverse(f"academy:{page}", args=[call.academy.slug, call.campaign.pk])


@dataclass(frozen=True)
class Card:
    """One campaign on the first page of an academy: where it stands (`counts` by stage), and the next thing to do."""

    call: AcademyCall
    counts: Counter[str]
    open: bool
    days_left: int | None
    next_step: str

    @property
    def figures(self) -> list[tuple[int, str, str]]:
        """How many at each stage, and the list of them."""
        asked = ((stage, self.counts[stage]) for stage in FIGURES if self.counts[stage] or stage in ALWAYS)
        return [(n, agree(n, *FIGURES[stage]), f"{address(self.call)}?etat={stage}") for stage, n in asked]


FIGURES = {
    "writing": ("en cours d'écriture", "en cours d'écriture"),
    "draft": ("brouillon", "brouillons"),
    "to_endorse": ("à viser", "à viser"),
    "endorsed": ("visée", "visées"),
    "forwarded": ("remontée", "remontées"),
    "withdrawn": ("retirée", "retirées"),
}
ALWAYS = {"draft", "forwarded"}


def _card(call: AcademyCall, counts: Counter[str], announced: bool, person: Person, at: datetime) -> Card:
    due = call.campaign.on("applications_due")
    is_open = bool(policies.may_answer(person, call, at))
    return Card(
        call=call,
        counts=counts,
        open=is_open,
        days_left=(due - localtime(at).date()).days if is_open and due else None,
        next_step=_next_step(call.campaign, counts, is_open, announced),
    )


def _next_step(campaign: Campaign, counts: Counter[str], is_open: bool, announced: bool) -> str:
    due = campaign.on("applications_due")
    before = f" avant le {date_fr(due)}" if due else ""
    if announced:
        return "Les résultats sont annoncés : voyez ce qui est retenu."
    if not is_open:
        day = campaign.on("announcement")
        when = f" le {date_fr(day)}" if day else ""
        return f"L'appel est clos. Les résultats sont attendus{when}." if counts["forwarded"] else "L'appel est clos."
    waiting = [
        f"{plural(counts['to_endorse'], 'candidature')} à viser" if counts["to_endorse"] else "",
        f"{plural(counts['endorsed'], 'candidature visée', 'candidatures visées')} à remonter"
        if counts["endorsed"]
        else "",
        f"{plural(counts['draft'], 'brouillon')} à compléter et à remonter" if counts["draft"] else "",
    ]
    if any(waiting):
        return f"{', '.join(filter(None, waiting))}{before}."
    if counts["forwarded"]:
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
            _card(
                c, counted.get((c.campaign.pk, code), Counter()), c.campaign.pk in announced, request.user, request.at
            )
            for c in calls
        ]
        academies.append((reference.academies()[code], sorted(cards, key=lambda card: not card.open)))
    contacts = {code for code in codes if may_save_contact(request.user, code, request.at)}
    return render(request, "academy/home.html", {"academies": academies, "contacts": contacts})


@dataclass(frozen=True)
class Line:
    """One application in the list: what it lacks, and what became of it (`result`, "" before the announcement)."""

    application: Application
    blocking: tuple[rules.Lack, ...]
    result: str


def _lines(call: AcademyCall, applications: list[Application], *, announced: bool) -> list[tuple[Theme, list[Line]]]:
    """One page of applications under their themes."""
    results = selection_queries.results_of(applications) if announced else {}
    themes: dict[int, tuple[Theme, list[Line]]] = {}
    for a in applications:
        waits = a.state in {"draft", "submitted"}
        lacks = rules.lacks(rules.stored(a), call.campaign) if waits else ()
        blocking = tuple(lack for lack in lacks if lack.blocking)
        themes.setdefault(a.theme_id, (a.theme, []))[1].append(Line(a, blocking, results.get(a.pk, "")))
    return list(themes.values())


def _listing(request: Request, call: AcademyCall, themes: list[Theme]) -> tuple[queries.Listing, lists.Filters]:
    stages = [(stage, label.capitalize()) for stage, label in states.STAGES.items()]
    filters = lists.read_filters(
        request,
        lists.select("theme", "Thème", [(theme.pk, theme.title) for theme in themes], "Tous les thèmes"),
        lists.select("etat", "État", stages, "Tous les états"),
    )
    found = queries.listing(
        call.campaign,
        call.academy.code,
        themes,
        theme=filters["theme"],
        stage=filters["etat"],
        page=request.GET.get("page"),
    )
    return found, filters


@reads(find=queries.academy_call, may=policies.may_follow, why="application")
def applications(request: Request, call: AcademyCall) -> HttpResponse:
    themes = queries.published_themes(call.campaign)
    found, filters = _listing(request, call, themes)
    announced = selection_queries.announcement(call.campaign) is not None
    answer = policies.may_answer(request.user, call, request.at)
    context = {
        "call": call,
        "filters": filters,
        "page": found.page,
        "groups": _lines(call, list(found.page), announced=announced),
        "some": bool(themes),
        "without": [t for t in themes if t.state == "open" and t.pk not in found.counts] if not filters else [],
        "goes_up": found.total("draft", "to_endorse", "endorsed"),
        "to_endorse": found.total("to_endorse"),
        "announced": announced,
        "retained": selection_queries.count_retained(call.campaign, call.academy.code) if announced else 0,
        "answer": answer,
        "forward": policies.may_forward_call(request.user, call, request.at),
        "ranks": policies.may_rank(request.user, call, request.at),
        "endorses": Role.INSPECTOR in standing_in_academy(request.user, call.academy.code, request.at),
        "renewable": selection_queries.renewable(call.campaign, call.academy.code) if answer else [],
    }
    return render(request, "academy/applications.html", context)


MOST_NAMED = 50


@writes(find=queries.academy_call, may=policies.may_forward_call, why="forwarding")
def forward_all(request: Request, call: AcademyCall) -> HttpResponse:
    """Send up all that can go, or none: first what would go, what blocks it, what looks like what."""
    errors: list[str] = []
    if request.method == "POST":
        try:
            done = actions.forward_all(call.campaign, call.academy.code, actor=request.user, at=request.at)
        except Invalid as invalid:
            errors = invalid.errors.get("", [])
        else:
            said = plural(len(done), "candidature remontée", "candidatures remontées")
            messages.success(request, f"{said} au bureau national.")
            return redirect(address(call))
    counts = queries.counts_by_stage([call.campaign], [call.academy.code])
    counted = counts.get((call.campaign.pk, call.academy.code), Counter())
    alike = lookalikes.among(queries.facets(call.campaign, call.academy.code), MOST_NAMED + 1)
    context = {
        "call": call,
        "goes_up": counted["draft"] + counted["to_endorse"] + counted["endorsed"],
        "to_endorse": counted["to_endorse"],
        "writing": counted["writing"],
        "alike": alike[:MOST_NAMED],
        "more_alike": len(alike) > MOST_NAMED,
        "errors": errors[:MOST_NAMED],
        "more_errors": max(len(errors) - MOST_NAMED, 0),
    }
    return render(request, "academy/forward_all.html", context, status=422 if errors else 200)
