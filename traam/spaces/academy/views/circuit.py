"""The turns of the inspector and of the DAN: the opinion, the ranks, the second year of a team."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from traam.design import kept, typed
from traam.design.forms import apply_invalid, posted, show
from traam.design.pages import Request, writes
from traam.engines.workflow import Invalid, Verdict
from traam.programme.calls import actions, policies, queries
from traam.programme.calls.models import Application
from traam.programme.calls.queries import AcademyCall
from traam.programme.campaigns.models import Campaign, Theme
from traam.programme.campaigns.queries import theme_of
from traam.programme.people import queries as people
from traam.programme.people.actions import drop_typing
from traam.programme.people.models import Person
from traam.programme.selection import actions as selection_actions
from traam.programme.selection import policies as selection_policies
from traam.spaces.academy.forms import OpinionForm, RankForm
from traam.spaces.academy.views.application import trail
from traam.spaces.academy.views.overview import address


@kept.keeping
@writes(find=queries.application, may=policies.may_give_inspector_opinion, why="inspector_opinion")
def opinion(request: Request, application: Application) -> HttpResponse:
    """The inspector reads the application and says what she thinks of it."""
    initial = {
        "opinion": application.inspector_opinion,
        "comment": application.inspector_comment,
        "revision": application.revision,
    }
    place = f"opinion:{application.pk}"
    again = typed.again(request, people.typing(request.user, place))
    form = OpinionForm(request.POST.dict() if request.method == "POST" else None, initial=initial)
    if again:
        again.fill(form)
    if form.is_valid():
        try:
            actions.give_inspector_opinion(application, **form.cleaned_data, actor=request.user, at=request.at)
        except Invalid as invalid:
            apply_invalid(form, invalid)
            form.data = {**form.data, "revision": str(application.revision)}
        else:
            kept.forget(request)
            drop_typing(place, actor=request.user)
            messages.success(request, "Votre avis est enregistré : le DAN peut remonter la candidature.")
            return redirect("academy:application", application.pk)
    return show(
        request,
        "academy/opinion.html",
        form,
        application=application,
        trail=trail(request, application),
        again=again,
        place=place,
    )


@dataclass(frozen=True)
class Ranking:
    """The applications of an academy to one theme, to put in order."""

    call: AcademyCall
    theme: Theme

    @property
    def campaign(self) -> Campaign:
        return self.call.campaign


def _ranking(slug: str, campaign: int, theme: int) -> Ranking:
    return Ranking(queries.academy_call(slug, campaign), theme_of(campaign, theme))


def _may_rank(person: Person, ranking: Ranking, at: datetime) -> Verdict:
    return policies.may_rank(person, ranking.call, at)


@writes(find=_ranking, may=_may_rank, why="forwarding")
def rank(request: Request, ranking: Ranking) -> HttpResponse:
    """A number for each application of the theme, a page at a time; no two the same in the whole theme."""
    call, theme = ranking.call, ranking.theme
    page = queries.ranked(call.academy.code, theme, request.GET.get("page"))
    form = RankForm(list(page), posted(request))
    if form.is_valid():
        try:
            moved = actions.rank(call.campaign, call.academy.code, form.ranks, actor=request.user, at=request.at)
        except Invalid as invalid:
            apply_invalid(form, invalid)
        else:
            messages.success(request, "Classement enregistré." if moved else "Le classement était déjà celui-ci.")
            return redirect(f"{address(call)}?theme={theme.pk}")
    return show(request, "academy/rank.html", form, call=call, theme=theme, page=page)


@writes(find=queries.application, may=selection_policies.may_renew, why="renewal")
def renew(request: Request, application: Application) -> HttpResponse:
    """Last year's dossier, copied as a draft of this year's theme."""
    if request.method == "POST":
        try:
            draft = selection_actions.renew(application, actor=request.user, at=request.at)
        except Invalid as invalid:
            messages.error(request, str(invalid))
        else:
            messages.success(request, "Le dossier de l'an passé est repris en brouillon : relisez-le, complétez-le.")
            return redirect("academy:application", draft.pk)
    return redirect("academy:application", application.pk)
