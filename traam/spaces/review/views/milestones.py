"""The dates an expert proposes to the groups of her theme."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from traam.design.forms import PageForm, attempt, show
from traam.design.pages import Request, writes
from traam.engines.workflow import Verdict
from traam.programme.campaigns import queries as campaigns
from traam.programme.campaigns.models import Theme
from traam.programme.groups.actions import minutes as actions
from traam.programme.groups.models import Milestone
from traam.programme.groups.policies import meetings as policies
from traam.programme.groups.queries import meetings
from traam.programme.people.models import Person
from traam.spaces.review.forms import MilestoneForm


def _trail(theme: Theme) -> list[tuple[str, str]]:
    return [
        ("Évaluation", reverse("review:home")),
        (theme.title, reverse("review:theme", args=[theme.pk])),
        ("Échéances", reverse("review:milestones", args=[theme.pk])),
    ]


@writes(find=campaigns.theme, may=policies.may_propose, why="meeting")
def milestones(request: Request, theme: Theme) -> HttpResponse:
    form = MilestoneForm(request.POST or None)
    if attempt(request, form, lambda given: actions.save_milestone(theme, **given)):
        messages.success(request, "Échéance proposée : elle est dans le calendrier de chaque groupe du thème.")
        return redirect("review:milestones", theme.pk)
    context = {
        "theme": theme,
        "trail": _trail(theme)[:-1],
        "milestones": meetings.milestones(theme),
        "campaign_days": meetings.days_of_campaign(theme.campaign),
        "today": request.at.date(),
    }
    return show(request, "review/milestones.html", form, **context)


def _find(pk: int, milestone: int) -> Milestone:
    return meetings.milestone(pk, milestone)


def _may_propose(person: Person, milestone: Milestone, at: object) -> Verdict:
    return policies.may_propose(person, milestone.theme, at)  # type: ignore[arg-type]


@writes(find=_find, may=_may_propose, why="meeting")
def change(request: Request, milestone: Milestone) -> HttpResponse:
    initial = {name: getattr(milestone, name) for name in ("label", "on", "detail")}
    form = MilestoneForm(request.POST or None, initial=initial)
    theme = milestone.theme
    if attempt(request, form, lambda given: actions.save_milestone(theme, milestone=milestone, **given)):
        messages.success(request, "Échéance corrigée dans tous les calendriers.")
        return redirect("review:milestones", theme.pk)
    return _page(request, theme, form, "Corriger une échéance", "Enregistrer", "Les agendas abonnés suivent.")


def _page(request: Request, theme: Theme, form: PageForm, title: str, submit: str, introduction: str) -> HttpResponse:
    return show(
        request,
        "design/form.html",
        form,
        title=title,
        introduction=introduction,
        submit_label=submit,
        cancel=reverse("review:milestones", args=[theme.pk]),
        trail=_trail(theme),
    )


@writes(find=_find, may=_may_propose, why="meeting")
def remove(request: Request, milestone: Milestone) -> HttpResponse:
    theme = milestone.theme
    if request.method == "POST":
        actions.remove_milestone(milestone, actor=request.user, at=request.at)
        messages.success(request, "Échéance retirée de tous les calendriers.")
        return redirect("review:milestones", theme.pk)
    told = f"« {milestone.label} », le {milestone.on:%d/%m/%Y}, quittera le calendrier de chaque groupe du thème."
    return _page(request, theme, PageForm(), "Retirer une échéance", "Retirer l'échéance", told)
