"""The national group of a theme: who is in it and why, how to write to them, who is invited beside."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from traam.design.forms import PageForm, attempt, show
from traam.design.pages import Request, reads, writes
from traam.design.typography import date_fr
from traam.engines.workflow import Invalid, Verdict
from traam.programme.campaigns.models import Theme
from traam.programme.campaigns.policies import may_link_research
from traam.programme.campaigns.queries import research
from traam.programme.campaigns.queries import theme as find_theme
from traam.programme.groups import actions, policies, queries
from traam.programme.groups.models import Correspondent
from traam.programme.people.models import Person
from traam.programme.valorisation.syntheses import queries as syntheses
from traam.spaces.workshop import composing
from traam.spaces.workshop.mailing import mailing


@reads(find=find_theme, may=policies.may_see_national, why="group")
def national(request: Request, theme: Theme) -> HttpResponse:
    group = queries.national_group(theme, request.at)
    context = {
        "theme": theme,
        "national": group,
        "may_compose": policies.may_compose_national(request.user, theme, request.at),
        "accounts": queries.accounts(group.people),
        "research": research(theme),
        "may_link": may_link_research(request.user, theme, request.at),
        "relays": queries.relays_of_theme(theme),
        "seated": {person.pk for person in group.people},
        "syntheses": syntheses.listed(theme),
        "mailing": mailing((p.email for p in group.people), f"TraAM : groupe national, {theme.title}"),
    }
    return render(request, "workshop/national.html", context)


def _form(request: Request, theme: Theme, form: PageForm, title: str, label: str, introduction: str) -> HttpResponse:
    address = reverse("workshop:national", args=[theme.pk])
    return show(
        request,
        "design/form.html",
        form,
        title=title,
        submit_label=label,
        introduction=introduction,
        cancel=address,
        trail=[("Atelier", reverse("workshop:home")), ("Groupe national", address)],
    )


@writes(find=find_theme, may=policies.may_compose_national, why="group")
def invite_correspondent(request: Request, theme: Theme) -> HttpResponse:
    form = composing.CorrespondentForm(request.POST or None, initial={"since": request.at.date()})
    if done := attempt(request, form, lambda given: actions.invite_correspondent(theme, **given)):
        row = done.made
        messages.success(request, f"{row.person.name} est dans le groupe national : {row.capacity}.")
        return redirect("workshop:national", theme.pk)
    introduction = "Cette personne voit le groupe national du thème, pas les pages des groupes académiques."
    return _form(request, theme, form, "Inviter un correspondant", "Inviter", introduction)


def _find(pk: int, correspondent: int) -> Correspondent:
    return queries.correspondent(pk, correspondent)


def _may(person: Person, row: Correspondent, at: datetime) -> Verdict:
    return policies.may_compose_national(person, row.theme, at)


@writes(find=_find, may=_may, why="group")
def end_correspondent(request: Request, row: Correspondent) -> HttpResponse:
    form = composing.EndCorrespondentForm(request.POST or None, initial={"until": request.at.date()})
    if done := attempt(request, form, lambda given: actions.end_correspondent(row, **given)):
        messages.success(request, f"Dernier jour de {row.person.name} : le {date_fr(done.made.until)}.")
        return redirect("workshop:national", row.theme_id)
    introduction = f"{row.capacity}. Son passage reste dans l'historique du groupe national."
    return _form(request, row.theme, form, f"Mettre fin au rôle de {row.person.name}", "Mettre fin", introduction)


@writes(find=_find, may=_may, why="group")
def invite_correspondent_again(request: Request, row: Correspondent) -> HttpResponse:
    if request.method == "POST":
        try:
            actions.invite_correspondent_again(row, actor=request.user, at=request.at)
        except Invalid as invalid:
            messages.error(request, str(invalid))
        else:
            messages.success(request, f"Une nouvelle invitation part vers {row.person.email}.")
    return redirect("workshop:national", row.theme_id)
