"""Beginning a campaign from the last one: dates shifted, themes chosen one by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from traam.design.forms import attempt, show
from traam.design.pages import Request, writes
from traam.programme.campaigns import actions, policies, queries, rules
from traam.programme.campaigns.models import Campaign, Theme
from traam.programme.catalogue.queries import academies_of_first_years
from traam.reference import Academy
from traam.spaces.steering import wording
from traam.spaces.steering.forms import CopyForm


@dataclass(frozen=True)
class Choice:
    """A theme of the campaign that is copied, and the academies that were retained for it."""

    theme: Theme
    academies: Sequence[Academy]
    taken: bool  # a second year was already begun


def _themes(source: Campaign) -> tuple[list[Choice], list[Choice]]:
    """Those that may go on in a second year, and the others."""
    themes = queries.themes(source)
    academies = academies_of_first_years([theme.pk for theme in themes])
    taken = queries.carried_on(source)
    choices = [Choice(theme, academies.get(theme.pk, []), theme.pk in taken) for theme in themes]
    going = [choice for choice in choices if rules.may_go_on(choice.theme)]
    return going, [choice for choice in choices if not rules.may_go_on(choice.theme)]


def _offered(choice: Choice) -> tuple[Theme, str]:
    """A theme with the label of its box, which names its academies."""
    names = ", ".join(academy.name for academy in choice.academies)
    return choice.theme, f"{choice.theme.title} ({names})" if names else choice.theme.title


def _calendar(source: Campaign, years: int) -> list[tuple[str, date, date]]:
    labels = rules.milestone_labels(source.edition_id)
    days = sorted((day, name) for name, day in rules.days(source).items() if day)
    return [(labels.get(name, name), day, rules.shifted(day, years)) for day, name in days]


@writes(find=queries.campaign, may=policies.may_copy, why="call")
def copy_campaign(request: Request, source: Campaign) -> HttpResponse:
    going, others = _themes(source)
    offered = [_offered(choice) for choice in going if not choice.taken], [_offered(choice) for choice in others]
    form = CopyForm(source, *offered, request.POST or None)
    if done := attempt(request, form, lambda _: actions.copy(source, **form.values, actor=request.user, at=request.at)):
        messages.success(request, "La campagne est en préparation. Relisez son calendrier et ses thèmes.")
        return redirect("steering:campaign", done.made.pk)
    amended = [wording.amended(source, row) for row in queries.amendments(source) if row.kind != "date"]
    return show(
        request,
        "steering/copy.html",
        form,
        source=source,
        going=going,
        others=others,
        amended=amended,
        calendar=_calendar(source, 1),
    )
