"""The national syntheses: their list, the page of one, what may be decided of it, its files."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify

from traam.design import papers
from traam.design.forms import PageForm, apply_invalid, attempt, posted, show
from traam.design.pages import Request, reads, writes
from traam.engines.workflow import Invalid, Missing, Verdict
from traam.programme.campaigns import queries as campaigns
from traam.programme.campaigns.models import Theme
from traam.programme.catalogue.models import PublicSynthesis
from traam.programme.catalogue.syntheses.papers import paper
from traam.programme.people.models import Person
from traam.programme.productions.models import Remark
from traam.programme.valorisation.syntheses import actions, policies, queries, rules, sources, states
from traam.programme.valorisation.syntheses.actions.reviewing import lacking
from traam.programme.valorisation.syntheses.models import Synthesis
from traam.spaces.review.forms import WithdrawalForm
from traam.spaces.review.synthesis_forms import AnswerForm, ErratumForm, JoinForm, MoveForm, RemarkForm

BADGES = {
    "draft": "",
    "submitted": "info",
    "returned": "warning",
    "validated": "success",
    "published": "success",
    "withdrawn": "warning",
}
DONE = {
    "submit": "Synthèse soumise : l'inspection générale est prévenue. Les chiffres sont ceux d'aujourd'hui.",
    "take_back": "Synthèse reprise : vous pouvez la modifier.",
    "send_back": "Synthèse renvoyée aux auteurs, avec votre commentaire et les remarques.",
    "validate": "Synthèse validée : ses auteurs sont prévenus et peuvent la publier.",
    "reopen": "La rédaction est rouverte. La version publiée, s'il y en a une, reste en ligne.",
}
COMMENTED = ("send_back", "validate")
WHOLE = "L'ensemble"


def trail(synthesis: Synthesis | None = None) -> list[tuple[str, str]]:
    steps = [("Évaluation", reverse("review:home")), ("Synthèses", reverse("review:syntheses"))]
    if synthesis is not None:
        steps.append((synthesis.title, reverse("review:synthesis", args=[synthesis.pk])))
    return steps


@reads(may=policies.may_list)
def syntheses(request: Request) -> HttpResponse:
    found = queries.of_person(request.user, request.at)
    context = {
        "syntheses": found,
        "states": states.SYNTHESIS.states,
        "badges": BADGES,
        "may_join": policies.may_join(request.user, request.at),
    }
    return render(request, "review/syntheses/list.html", context)


def theme_context(request: Request, theme: Theme, announced: bool) -> dict[str, Any]:
    """What the page of a theme says of its syntheses: there is none before its groups are announced."""
    mine = queries.of_theme(theme) if announced else []
    return {
        "syntheses": [one for one in mine if policies.may_see(request.user, one, request.at)],
        "synthesis_states": states.SYNTHESIS.states,
        "synthesis_badges": BADGES,
        "may_open_synthesis": announced and policies.may_open(request.user, theme, request.at),
    }


@writes(find=campaigns.theme, may=policies.may_open, why="synthesis")
def open_synthesis(request: Request, theme: Theme) -> HttpResponse:
    if request.method != "POST":
        return redirect("review:theme", theme.pk)
    made = actions.open_synthesis(theme, actor=request.user, at=request.at)
    messages.success(request, "Synthèse ouverte. Les chiffres sont déjà là : écrivez l'analyse.")
    return redirect("review:synthesis", made.pk)


@writes(may=policies.may_join)
def join_themes(request: Request) -> HttpResponse:
    """A transversal synthesis, over several themes."""
    known = queries.themes_at_work()
    form = JoinForm(posted(request), known=known)
    if request.method == "POST" and form.is_valid():
        chosen = [theme for theme in known if str(theme.pk) in form.cleaned_data["themes"]]
        try:
            made = actions.join_themes(chosen, title=form.cleaned_data["title"], actor=request.user, at=request.at)
        except Invalid as invalid:
            apply_invalid(form, invalid)
        else:
            messages.success(request, "Synthèse transversale ouverte. Les chiffres de ses thèmes sont déjà là.")
            return redirect("review:synthesis", made.pk)
    return show(
        request,
        "design/form.html",
        form,
        title="Ouvrir une synthèse transversale",
        introduction="Les faits de tous les thèmes choisis y sont réunis. Une personne ou une académie présente dans "
        "deux thèmes y compte une fois.",
        submit_label="Ouvrir la synthèse",
        cancel=reverse("review:syntheses"),
        trail=trail(),
    )


@reads(find=queries.synthesis, may=policies.may_see, why="synthesis")
def synthesis(request: Request, synthesis: Synthesis) -> HttpResponse:
    return page(request, synthesis, MoveForm(auto_id="decision_%s"))


def page(
    request: Request,
    synthesis: Synthesis,
    form: PageForm,
    remark: RemarkForm | None = None,
    answer: tuple[int, AnswerForm] | None = None,
) -> HttpResponse:
    """The page of a synthesis, with what was refused of a form."""
    person, at = request.user, request.at
    shown = queries.shown(synthesis, at)
    facts = queries.facts(synthesis)
    public = queries.of_public(synthesis)
    checked = sources.checked(queries.citations(synthesis))
    moves = policies.moves(person, synthesis, at)
    submits = any(move.verb == "submit" and verdict for move, verdict in moves)
    return show(
        request,
        "review/syntheses/synthesis.html",
        form,
        synthesis=synthesis,
        themes=synthesis.theme_list,
        shown=shown,
        content=shown.content,
        state=(states.SYNTHESIS.states[synthesis.state], BADGES[synthesis.state]),
        trail=trail(),
        moves=moves,
        commented=[(move, verdict) for move, verdict in moves if move.verb in COMMENTED],
        editable=bool(policies.may_edit(person, synthesis, at)),
        lacking=lacking(synthesis) if submits else [],
        moved=queries.moved_since(shown.content, facts) if shown.number else [],
        checked=[one for one in checked if one.note],
        public=public,
        online=public is not None and public.state == PublicSynthesis.State.PUBLISHED,
        may_correct=bool(policies.may_correct(person, synthesis, at)),
        may_send=bool(policies.may_send(person, synthesis, at)),
        turns=queries.turns(synthesis),
        turn_labels=states.TURNS,
        remark_form=(remark or RemarkForm(auto_id="remarque_%s"))
        if policies.may_remark(person, synthesis, at)
        else None,
        refused=remark or (answer[1] if answer else None),
        **_threads(person, synthesis, at, answer),
    )


@dataclass(frozen=True)
class Thread:
    """A remark as this person sees it: the form to answer it, whether she may close it."""

    remark: Remark
    title: str
    form: AnswerForm | None
    closable: bool


def _threads(
    person: Person, synthesis: Synthesis, at: datetime, refused: tuple[int, AnswerForm] | None
) -> dict[str, list[Thread]]:
    found = []
    for one in queries.remarks(synthesis):
        said = queries.Said(one, synthesis)
        answers = one.closed_at is None and policies.may_answer(person, said, at)
        form = answer_form(one) if answers else None
        if refused and refused[0] == one.pk:
            form = refused[1]
        title = rules.TITLES.get(one.section, WHOLE)
        closable = one.closed_at is None and bool(policies.may_close(person, said, at))
        found.append(Thread(one, title, form, closable))
    return {
        "threads": [one for one in found if one.remark.closed_at is None],
        "closed": [one for one in found if one.remark.closed_at is not None],
    }


def answer_form(remark: Remark, data: Any = None) -> AnswerForm:
    return AnswerForm(data, initial={"answer": remark.answer}, auto_id=f"reponse-{remark.pk}_%s")


@dataclass(frozen=True)
class Step:
    """A move of a synthesis."""

    synthesis: Synthesis
    verb: str
    theme: Theme


def _find_step(pk: int, verb: str) -> Step:
    if verb not in DONE:
        raise Missing("Cette action n'existe pas : revenez à la page de la synthèse et choisissez un bouton.")
    found = queries.synthesis(pk)
    return Step(found, verb, found.theme)


def _may_step(person: Person, step: Step, at: datetime) -> Verdict:
    return policies.may_move(step.verb, person, step.synthesis, at)


@writes(find=_find_step, may=_may_step, why="synthesis")
def move_synthesis(request: Request, step: Step) -> HttpResponse:
    if request.method == "POST":
        form = MoveForm(request.POST, auto_id="decision_%s")
        if not form.is_valid():
            return page(request, step.synthesis, form)
        try:
            actions.move(step.synthesis, step.verb, **form.cleaned_data, actor=request.user, at=request.at)
        except Invalid as invalid:
            apply_invalid(form, invalid)
            return page(request, step.synthesis, form)
        messages.success(request, DONE[step.verb])
    return redirect("review:synthesis", step.synthesis.pk)


@writes(find=queries.synthesis, may=policies.may_publish, why="synthesis")
def publish_synthesis(request: Request, synthesis: Synthesis) -> HttpResponse:
    if request.method == "POST":
        try:
            actions.publish(synthesis, actor=request.user, at=request.at)
        except Invalid as invalid:
            messages.error(request, f"La synthèse n'est pas publiée. {invalid}")
        else:
            messages.success(request, "Synthèse publiée : elle est sur la page de son thème. Envoyez-la maintenant.")
    return redirect("review:synthesis", synthesis.pk)


@writes(find=queries.synthesis, may=policies.may_withdraw, why="synthesis")
def withdraw_synthesis(request: Request, synthesis: Synthesis) -> HttpResponse:
    form = WithdrawalForm(posted(request))
    if attempt(request, form, lambda given: actions.withdraw(synthesis, **given)):
        messages.success(request, "Synthèse retirée : son adresse publique dit qu'elle l'a été, et pourquoi.")
        return redirect("review:synthesis", synthesis.pk)
    return show(
        request,
        "design/form.html",
        form,
        title="Retirer la synthèse de la publication",
        introduction="Elle ne sera plus lisible par tous. Son adresse reste : elle donnera la raison écrite ici.",
        submit_label="Retirer de la publication",
        cancel=reverse("review:synthesis", args=[synthesis.pk]),
        trail=trail(synthesis),
    )


@writes(find=queries.synthesis, may=policies.may_correct, why="synthesis")
def erratum_synthesis(request: Request, synthesis: Synthesis) -> HttpResponse:
    form = ErratumForm(posted(request))
    if attempt(request, form, lambda given: actions.add_erratum(synthesis, **given)):
        messages.success(request, "Erratum ajouté, avec sa date, en tête de la page publique.")
        return redirect("review:synthesis", synthesis.pk)
    return show(
        request,
        "design/form.html",
        form,
        title="Ajouter un erratum à la synthèse",
        introduction="Le texte publié ne change pas : l'erratum paraît au-dessus, avec sa date.",
        submit_label="Ajouter l'erratum",
        cancel=reverse("review:synthesis", args=[synthesis.pk]),
        trail=trail(synthesis),
    )


@dataclass(frozen=True)
class Wanted:
    """A file of a synthesis."""

    synthesis: Synthesis
    form: str
    theme: Theme


def _find_file(pk: int, form: str) -> Wanted:
    papers.check_extension(form)
    found = queries.synthesis(pk)
    return Wanted(found, form, found.theme)


def _may_see_file(person: Person, wanted: Wanted, at: datetime) -> Verdict:
    return policies.may_see(person, wanted.synthesis, at)


@reads(find=_find_file, may=_may_see_file, why="synthesis")
def synthesis_file(request: Request, wanted: Wanted) -> HttpResponse:
    """What the page shows, as a PDF or as a text that one may go on writing."""
    shown = queries.shown(wanted.synthesis, request.at)
    dated = shown.at.date()
    return papers.give(
        request,
        wanted.form,
        "review/syntheses/pdf.html",
        {"content": shown.content, "shown": shown, "synthesis": wanted.synthesis},
        lambda: paper(shown.content, dated=dated),
        name=f"synthese-{slugify(shown.content.title)[:60]}",
        dated=dated,
    )
