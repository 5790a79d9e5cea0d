"""Campaigns: where they stand, their calendar, their moves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from traam import editions
from traam.design.forms import apply_invalid, show
from traam.design.pages import Request, reads, writes
from traam.engines.workflow import Invalid, Missing, Verdict, refuse
from traam.programme.campaigns import actions, policies, queries, rules
from traam.programme.campaigns.models import Amendment, Campaign, Theme
from traam.programme.campaigns.states import CAMPAIGN, THEME
from traam.programme.catalogue import actions as catalogue
from traam.programme.catalogue.queries import academies_of_first_years
from traam.programme.people.models import Person
from traam.programme.people.policies import is_national
from traam.programme.selection import queries as selection
from traam.programme.selection.policies import may_announce, may_change_call, may_move_call
from traam.programme.selection.queries import Stand
from traam.spaces.steering import wording
from traam.spaces.steering.forms import CampaignForm, TitleForm, campaign_initial, default_calendar

DONE = {
    "open": "L'appel est ouvert : sa page publique est en ligne et les académies peuvent candidater.",
    "close": "L'appel est clos : plus rien ne peut être remonté.",
    "reopen": "L'appel est rouvert jusqu'à la date limite.",
    "archive": "La campagne est archivée.",
}


@reads(may=is_national)
def home(request: Request) -> HttpResponse:
    today = timezone.localdate(request.at)
    stands = [(stand, wording.campaign_badge(stand), wording.next_step(stand, today)) for stand in selection.stands()]
    current = [row for row in stands if row[0].campaign.state != "archived"]
    archived = [row for row in stands if row[0].campaign.state == "archived"]
    return show(request, "steering/home.html", current=current, archived=archived)


def _asked_year(request: Request) -> int:
    """The first year asked for in the address, or the next one."""
    raw = request.GET.get("rentree", "")
    today = timezone.localdate(request.at)
    coming = today.year + 1 if today.month >= 9 else today.year
    return int(raw) if raw.isdecimal() and 2000 <= int(raw) <= 2100 else coming


@writes(may=policies.may_prepare)
def new_campaign(request: Request) -> HttpResponse:
    """Two screens: the edition, then the campaign with the dates this edition proposes."""
    edition_id, year = request.GET.get("edition", ""), _asked_year(request)
    if edition_id not in editions.books():
        books = list(editions.books().values())[::-1]
        return show(request, "steering/editions.html", books=books, year=year, last=queries.latest())
    book = editions.book(edition_id)
    initial: dict[str, Any] = {
        "title": f"{book.edition.short_title} {year}-{year + book.edition.duration_years}",
        "first_year": year,
        **default_calendar(edition_id, year),
    }
    form = CampaignForm(edition_id, year, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            made = actions.draft(
                typed["title"], edition_id, typed["first_year"], form.calendar, actor=request.user, at=request.at
            )
        except Invalid as invalid:
            apply_invalid(form, invalid)
        else:
            messages.success(request, "La campagne est en préparation. Ajoutez maintenant ses thèmes.")
            return redirect("steering:campaign", made.pk)
    return show(request, "steering/campaign_form.html", form, book=book, campaign=None, calendar=[])


@writes(find=queries.campaign, may=may_change_call, why="call")
def edit_campaign(request: Request, campaign: Campaign) -> HttpResponse:
    """All of it before the call opens; its title afterwards, since its dates then change by amendment."""
    drafted = campaign.state == "draft"
    form: CampaignForm | TitleForm = TitleForm(request.POST or None, initial={"title": campaign.title})
    if drafted:
        initial = campaign_initial(campaign)
        form = CampaignForm(campaign.edition_id, campaign.first_year, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        title, year, calendar = form.cleaned_data["title"], campaign.first_year, rules.days(campaign)
        if isinstance(form, CampaignForm):
            year, calendar = form.cleaned_data["first_year"], form.calendar
        try:
            catalogue.change_call(campaign, title, year, calendar, actor=request.user, at=request.at)
        except Invalid as invalid:
            apply_invalid(form, invalid)
        else:
            messages.success(request, "La campagne est enregistrée.")
            return redirect("steering:campaign", campaign.pk)
    today = timezone.localdate(request.at)
    calendar_shown = [] if drafted else _calendar(campaign, today)
    return show(
        request,
        "steering/campaign_form.html",
        form,
        book=campaign.edition,
        campaign=campaign,
        calendar=calendar_shown,
    )


@reads(find=queries.campaign, may=policies.may_steer, why="call")
def campaign(request: Request, campaign: Campaign) -> HttpResponse:
    return _campaign_page(request, campaign)


def _campaign_page(request: Request, campaign: Campaign, refusals: tuple[str, ...] = ()) -> HttpResponse:
    today = timezone.localdate(request.at)
    stand = selection.stand(campaign)
    themes, amendments = queries.themes(campaign), queries.amendments(campaign)
    page = show(
        request,
        "steering/campaign.html",
        campaign=campaign,
        stand=stand,
        badge_=wording.campaign_badge(stand),
        step=wording.next_step(stand, today),
        calendar=_calendar(campaign, today, amendments),
        themes=[
            (theme, wording.theme_badge(theme.state), rules.leading_breaches(theme), _theme_moves(theme))
            for theme in themes
        ],
        first_years=academies_of_first_years([t.continues_id for t in themes if t.continues_id]),
        change=may_change_call(request.user, campaign, request.at),
        amended=len(amendments),
        change_themes=policies.may_change_themes(request.user, campaign, request.at),
        moves=_moves(request.user, campaign, request.at),
        announcing=_announcing(request.user, stand, request.at),
        refusals=refusals,
    )
    page.status_code = 422 if refusals else page.status_code
    return page


@dataclass(frozen=True)
class Deadline:
    """A dated milestone; `word` is "passé", "prochaine échéance" or "", `amended` the day it was put off from."""

    name: str
    label: str
    day: date
    word: str
    amended: str


def _calendar(campaign: Campaign, today: date, amendments: Sequence[Amendment] = ()) -> list[Deadline]:
    """Every dated milestone, in order, with the day first announced of those that were put off."""
    labels = rules.milestone_labels(campaign.edition_id)
    first = {
        row.name: row.before for row in queries.amendments(campaign) if row.kind == "date"
    }  # the oldest comes last
    days = sorted((day, name) for name in campaign.calendar if (day := campaign.on(name)))
    coming = next((index for index, (day, _) in enumerate(days) if day >= today), len(days))
    words = ["passé" if i < coming else "prochaine échéance" if i == coming else "" for i in range(len(days))]
    return [
        Deadline(name, labels.get(name, name), day, word, wording.value("date", first[name]) if name in first else "")
        for (day, name), word in zip(days, words, strict=True)
    ]


def _theme_moves(theme: Theme) -> list[tuple[str, str]]:
    """The moves of a theme; before the call opens, all its themes are proposed together."""
    if theme.campaign.state != "open":
        return []
    return [(move.verb, move.label) for move in THEME.available(theme.state, {"national"})]


def _moves(person: Person, campaign: Campaign, at: datetime) -> list[tuple[str, str, Verdict]]:
    """The moves that leave the state of a campaign with their verdicts, those that are possible first."""
    leaving = [move for move in CAMPAIGN.moves if campaign.state in move.sources]
    moves = [(m.verb, m.label, may_move_call(m.verb, person, campaign, at)) for m in leaving]
    return sorted(moves, key=lambda move: not move[2])


def _announcing(person: Person, stand: Stand, at: datetime) -> Verdict:
    verdict = may_announce(person, stand.campaign, at)
    if verdict and stand.undecided:
        return refuse(f"Il reste des candidatures à décider : {stand.undecided}.")
    return verdict


@dataclass(frozen=True)
class CampaignMove:
    campaign: Campaign
    verb: str


def _find_move(pk: int, verb: str) -> CampaignMove:
    if verb not in {move.verb for move in CAMPAIGN.moves}:
        raise Missing("Une campagne ne change pas d'état ainsi. Revenez à sa page.")
    return CampaignMove(queries.campaign(pk), verb)


def _may_move(person: Person, move: CampaignMove, at: datetime) -> Verdict:
    return may_move_call(move.verb, person, move.campaign, at)


@writes(find=_find_move, may=_may_move, why="call")
def move_campaign(request: Request, move: CampaignMove) -> HttpResponse:
    if request.method == "POST":
        try:
            if move.verb == "open":
                catalogue.open_call(move.campaign, actor=request.user, at=request.at)
            else:
                catalogue.move_call(move.campaign, move.verb, actor=request.user, at=request.at)
        except Invalid as invalid:
            sentences = tuple(sentence for several in invalid.errors.values() for sentence in several)
            return _campaign_page(request, queries.campaign(move.campaign.pk), sentences)
        messages.success(request, DONE[move.verb])
    return redirect(reverse("steering:campaign", args=[move.campaign.pk]))
