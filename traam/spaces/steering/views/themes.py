"""Themes: writing them, naming who leads them, proposing and closing them."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from traam.design.forms import apply_invalid, show
from traam.design.pages import Request, writes
from traam.engines.workflow import Invalid, Missing, Verdict
from traam.programme.campaigns import policies, queries
from traam.programme.campaigns.models import Campaign, Theme
from traam.programme.campaigns.states import THEME
from traam.programme.catalogue import actions as catalogue
from traam.programme.catalogue import queries as catalogue_queries
from traam.programme.people import queries as people
from traam.programme.people.models import Person, Role
from traam.spaces.steering.forms import ThemeForm, theme_initial


def _leaders(request: Request, role: str, theme: Theme | None) -> list[Person]:
    """Who may be chosen: who holds the role today, and who already leads the theme."""
    found = people.holders(role, request.at)
    led = [s.person for s in theme.stewards.all() if s.role == role] if theme else []
    return [*found, *(person for person in led if person not in found)]


def _first_years(campaign: Campaign, theme: Theme | None) -> list[Theme] | None:
    """The themes this one may continue, that which it continues included; None in an edition of one year."""
    if campaign.edition.edition.duration_years < 2:
        return None
    found = queries.carriable_into(campaign)
    kept = theme.continues if theme else None
    return found if kept is None or kept in found else [kept, *found]


def _write(request: Request, campaign: Campaign, theme: Theme | None) -> HttpResponse:
    form = ThemeForm(
        _leaders(request, Role.EXPERT, theme),
        _leaders(request, Role.GENERAL_INSPECTOR, theme),
        _first_years(campaign, theme),
        request.POST or None,
        initial=theme_initial(theme) if theme else None,
    )
    if request.method == "POST" and form.is_valid():
        try:
            catalogue.save_theme(campaign, form.values, theme=theme, actor=request.user, at=request.at)
        except Invalid as invalid:
            apply_invalid(form, invalid)
        else:
            messages.success(request, f"Le thème « {form.values.title} » est enregistré.")
            return redirect(reverse("steering:campaign", args=[campaign.pk]) + "#themes")
    first = theme.continues if theme else None
    academies = catalogue_queries.academies_of_first_years([first.pk]).get(first.pk, []) if first else []
    return show(
        request, "steering/theme_form.html", form, campaign=campaign, theme=theme, first=first, academies=academies
    )


@writes(find=queries.campaign, may=policies.may_change_themes, why="call")
def new_theme(request: Request, campaign: Campaign) -> HttpResponse:
    return _write(request, campaign, None)


def _find_theme(pk: int, theme: int) -> Theme:
    return queries.theme_of(pk, theme)


def _may_change_theme(person: Person, theme: Theme, at: datetime) -> Verdict:
    return policies.may_change_themes(person, theme.campaign, at)


@writes(find=_find_theme, may=_may_change_theme, why="call")
def edit_theme(request: Request, theme: Theme) -> HttpResponse:
    return _write(request, theme.campaign, theme)


@dataclass(frozen=True)
class ThemeMove:
    theme: Theme
    verb: str


def _find_move(pk: int, verb: str) -> ThemeMove:
    if verb not in {move.verb for move in THEME.moves}:
        raise Missing("Un thème ne change pas d'état ainsi. Revenez à la page de sa campagne.")
    return ThemeMove(queries.theme(pk), verb)


def _may_move(person: Person, move: ThemeMove, at: datetime) -> Verdict:
    return policies.may_move_theme(move.verb, person, move.theme, at)


DONE = {
    "open": "Le thème « {} » est proposé aux académies.",
    "close": "Le thème « {} » ne reçoit plus de candidature.",
}


@writes(find=_find_move, may=_may_move, why="call")
def move_theme(request: Request, move: ThemeMove) -> HttpResponse:
    if request.method == "POST":
        catalogue.move_theme(move.theme, move.verb, actor=request.user, at=request.at)
        messages.success(request, DONE[move.verb].format(move.theme))
    return redirect(reverse("steering:campaign", args=[move.theme.campaign_id]) + "#themes")
