"""What lights a theme from outside of its groups: its research groups, and the IAN of its disciplines."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from traam.design.forms import apply_invalid, show
from traam.design.pages import Request, writes
from traam.engines.workflow import Invalid, Verdict
from traam.programme.campaigns import policies as campaign_policies
from traam.programme.campaigns import queries as campaign_queries
from traam.programme.campaigns.models import ResearchLink, Theme
from traam.programme.campaigns.research import ResearchValues
from traam.programme.catalogue import actions as catalogue_actions
from traam.programme.groups import actions, policies, queries
from traam.programme.people.models import Person
from traam.spaces.workshop import composing


@writes(find=campaign_queries.theme, may=campaign_policies.may_link_research, why="group")
def link_research(request: Request, theme: Theme) -> HttpResponse:
    form = composing.ResearchForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = ResearchValues(**form.cleaned_data)
        try:
            link = catalogue_actions.link_research(theme, values, actor=request.user, at=request.at)
        except Invalid as invalid:
            apply_invalid(form, invalid)
        else:
            messages.success(request, f"Le thème est relié à {link.name}.")
            return redirect("workshop:national", theme.pk)
    address = reverse("workshop:national", args=[theme.pk])
    return show(
        request,
        "design/form.html",
        form,
        title="Relier un groupe de recherche",
        introduction="Il est montré au groupe national et, dès que l'appel est ouvert, sur la page publique du thème.",
        submit_label="Relier",
        cancel=address,
        trail=[("Atelier", reverse("workshop:home")), ("Groupe national", address)],
    )


def _find_link(pk: int, link: int) -> ResearchLink:
    return campaign_queries.research_link(pk, link)


def _may_unlink(person: Person, link: ResearchLink, at: datetime) -> Verdict:
    return campaign_policies.may_link_research(person, link.theme, at)


@writes(find=_find_link, may=_may_unlink, why="group")
def unlink_research(request: Request, link: ResearchLink) -> HttpResponse:
    theme = link.theme_id
    if request.method == "POST":
        catalogue_actions.unlink_research(link, actor=request.user, at=request.at)
        messages.success(request, f"{link.name} n'est plus relié au thème.")
    return redirect("workshop:national", theme)


def _find_relay(pk: int, relay: int) -> queries.RelayOfTheme:
    return queries.relay_for(campaign_queries.theme(pk), relay)


def _may_invite(person: Person, found: queries.RelayOfTheme, at: datetime) -> Verdict:
    return policies.may_compose_national(person, found.theme, at)


@writes(find=_find_relay, may=_may_invite, why="group")
def invite_relay(request: Request, found: queries.RelayOfTheme) -> HttpResponse:
    theme = found.theme
    if request.method == "POST":
        try:
            row = actions.invite_relay(found.relay, theme, actor=request.user, at=request.at)
        except Invalid as invalid:
            messages.error(request, str(invalid))
        else:
            messages.success(request, f"{row.person.name} est dans le groupe national : {row.capacity}.")
    return redirect("workshop:national", theme.pk)
