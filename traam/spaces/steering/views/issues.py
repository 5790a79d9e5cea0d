"""An issue of a letter: what is picked, in which order, how it reads, and its departure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from csp.decorators import csp_replace
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from traam.design.forms import apply_invalid, attempt, posted, show
from traam.design.pages import Request, reads, writes
from traam.design.typography import date_fr
from traam.engines import newsletters as engine
from traam.engines.newsletters import Links, read
from traam.engines.workflow import Invalid, Missing
from traam.programme.catalogue.models import PublicSynthesis
from traam.programme.subscriptions import addresses
from traam.programme.subscriptions import queries as subscriptions
from traam.programme.subscriptions.models import Newsletter
from traam.programme.valorisation.issues import actions, policies, queries, rules
from traam.programme.valorisation.issues.models import Block, Issue
from traam.spaces.steering.letter_forms import BlockForm, IssueForm, PickForm
from traam.spaces.steering.views.newsletters import BADGES, trail

WRITTEN = {Block.Kind.EVENT: "Ajouter un événement", Block.Kind.TEXT: "Ajouter un texte"}


@dataclass(frozen=True)
class Pick:
    """A kind of thing that is picked: how its page is called, what is looked for, how it is found and added."""

    title: str
    search: str
    source: str
    find: Callable[[str], Sequence[Any]]
    add: Callable[..., int]


PICKED = {
    "productions": Pick(
        "Ajouter des productions",
        "Chercher des productions",
        "notice",
        queries.find_notices,
        actions.pick_notices,
    ),
    "themes": Pick("Ajouter des thèmes", "Chercher des thèmes", "theme", queries.find_themes, actions.pick_themes),
    "syntheses": Pick(
        "Ajouter des synthèses",
        "Chercher des synthèses",
        "synthesis",
        queries.find_syntheses,
        actions.pick_syntheses,
    ),
}


@writes(find=subscriptions.newsletter, may=policies.may_begin)
def new_issue(request: Request, newsletter: Newsletter) -> HttpResponse:
    form = IssueForm(posted(request))
    if done := attempt(request, form, lambda given: actions.begin(newsletter, **given)):
        issue = done.made
        messages.success(request, "Numéro commencé : ajoutez-y des productions, des thèmes, des dates.")
        return redirect("steering:issue", issue.pk)
    return _form(request, form, f"Nouveau numéro de {newsletter.title}", reverse("steering:newsletters"))


def _form(request: Request, form: Any, title: str, cancel: str, issue: Issue | None = None) -> HttpResponse:
    more = [(issue.title, reverse("steering:issue", args=[issue.pk]))] if issue else []
    return show(
        request,
        "design/form.html",
        form,
        title=title,
        introduction="",
        submit_label="Enregistrer",
        cancel=cancel,
        trail=trail(request, *more),
    )


@reads(find=queries.issue, may=policies.may_see)
def issue(request: Request, issue: Issue) -> HttpResponse:
    """What it holds, and what can be done with it now."""
    line, blocks = queries.line(issue), queries.blocks(issue)
    person, at = request.user, request.at
    return show(
        request,
        "steering/issue.html",
        issue=issue,
        line=line,
        badge_=BADGES[line.state],
        blocks=blocks,
        kinds=dict(Block.Kind.choices),
        lacks=rules.lacking(issue, blocks) if issue.state == "draft" else [],
        reached=subscriptions.reached(issue.newsletter),
        editing=policies.may_edit(person, issue, at),
        readying=policies.may_make_ready(person, issue, at),
        reopening=policies.may_reopen(person, issue, at),
        launching=policies.may_launch(person, issue, at),
        trying=policies.may_try(person, issue, at),
        trail=trail(request),
    )


@writes(find=queries.issue, may=policies.may_edit)
def edit_issue(request: Request, issue: Issue) -> HttpResponse:
    initial = {"title": issue.title, "introduction": issue.introduction}
    form = IssueForm(posted(request), initial=initial)
    here = reverse("steering:issue", args=[issue.pk])
    if attempt(request, form, lambda given: actions.edit(issue, **given)):
        messages.success(request, "Titre et introduction enregistrés.")
        return redirect(here)
    return _form(request, form, "Titre et introduction", here, issue)


def _picking(pk: int, what: str) -> tuple[Issue, str]:
    if what not in PICKED:
        raise Missing("On choisit des productions, des thèmes ou des synthèses.")
    return queries.issue(pk), what


@writes(find=_picking, may=policies.may_add)
def pick(request: Request, found: tuple[Issue, str]) -> HttpResponse:
    """Search, tick, add: the words of each block are drafted, then rewritten at will."""
    issue, what = found[0], PICKED[found[1]]
    words = request.GET.get("q", "").replace("\x00", "")[:300]
    rows = what.find(words)
    there = {block.source for block in queries.blocks(issue)}
    new = [row for row in rows if f"{what.source}:{row.pk}" not in there]
    offered = [(row.pk, row.title) for row in new]
    form = PickForm(posted(request), offered=offered)
    if request.method == "POST" and form.is_valid():
        try:
            many = what.add(issue, form.cleaned_data["picked"], actor=request.user, at=request.at)
        except Invalid as invalid:
            apply_invalid(form, invalid)
        else:
            messages.success(request, f"{many} ajouté{'s' if many > 1 else ''} : relisez les textes proposés.")
            return redirect("steering:issue", issue.pk)
    hints = {str(row.pk): _about(row) for row in new}
    more = (issue.title, reverse("steering:issue", args=[issue.pk]))
    context = {"issue": issue, "title": what.title, "words": words, "hints": hints, "already": len(rows) - len(new)}
    trailed = {"search_label": what.search, "trail": trail(request, more)}
    return show(request, "steering/issue_pick.html", form, **context, **trailed)


def _about(row: Any) -> str:
    """Enough to choose: years, disciplines, academies."""
    if isinstance(row, PublicSynthesis):
        return f"Publiée le {date_fr(row.published_on)}"
    academies = ", ".join(one.name for one in row.academy_list[:4])
    return " · ".join(filter(None, (row.years, ", ".join(row.discipline_labels[:3]), academies)))


def _writing(pk: int, kind: str) -> tuple[Issue, str]:
    if kind not in WRITTEN:
        raise Missing("On écrit un événement ou un texte.")
    return queries.issue(pk), kind


@writes(find=_writing, may=policies.may_add)
def new_block(request: Request, found: tuple[Issue, str]) -> HttpResponse:
    issue, kind = found
    form = BlockForm(posted(request), kind=kind)
    here = reverse("steering:issue", args=[issue.pk])
    if request.method == "POST" and form.is_valid():
        try:
            actions.write_block(issue, kind, form.values, actor=request.user, at=request.at)
        except Invalid as invalid:
            apply_invalid(form, invalid)
        else:
            messages.success(request, "Ajouté à la fin du numéro.")
            return redirect(here)
    return _form(request, form, WRITTEN[Block.Kind(kind)], here, issue)


@writes(find=queries.block, may=policies.may_edit_block)
def edit_block(request: Request, block: Block) -> HttpResponse:
    initial = {name: getattr(block, name) for name in ("title", "details", "text", "address", "label")}
    form = BlockForm(posted(request), initial=initial, kind=block.kind)
    here = reverse("steering:issue", args=[block.issue_id]) + f"#element-{block.pk}"
    if attempt(request, form, lambda _: actions.edit_block(block, form.values, actor=request.user, at=request.at)):
        messages.success(request, "Élément enregistré.")
        return redirect(here)
    return _form(request, form, f"Modifier : {block.get_kind_display().lower()}", here, block.issue)


@writes(find=queries.block, may=policies.may_edit_block)
def move_block(request: Request, block: Block) -> HttpResponse:
    if request.method == "POST":
        by = -1 if request.POST.get("sens") == "monter" else 1
        rank = actions.move_block(block, by, actor=request.user, at=request.at)
        messages.success(request, f"« {block} » est maintenant en position {rank}.")
    return redirect(reverse("steering:issue", args=[block.issue_id]) + f"#element-{block.pk}")


@writes(find=queries.block, may=policies.may_edit_block)
def remove_block(request: Request, block: Block) -> HttpResponse:
    if request.method == "POST":
        actions.remove_block(block, actor=request.user, at=request.at)
        messages.success(request, f"« {block} » n'est plus dans le numéro.")
    return redirect("steering:issue", block.issue_id)


def _done(request: Request, issue: Issue, act: Callable[..., object], told: str) -> HttpResponse:
    """One verb, by POST; what it lacks is said on the page of the issue."""
    if request.method == "POST":
        try:
            act(issue, actor=request.user, at=request.at)
        except Invalid as invalid:
            messages.error(request, str(invalid))
        else:
            messages.success(request, told)
    return redirect("steering:issue", issue.pk)


@writes(find=queries.issue, may=policies.may_make_ready)
def ready_issue(request: Request, issue: Issue) -> HttpResponse:
    return _done(request, issue, actions.make_ready, "Le numéro est prêt : le bureau national peut l'envoyer.")


@writes(find=queries.issue, may=policies.may_reopen)
def reopen_issue(request: Request, issue: Issue) -> HttpResponse:
    return _done(request, issue, actions.reopen, "Le numéro est de nouveau en préparation.")


@writes(find=queries.issue, may=policies.may_try)
def try_issue(request: Request, issue: Issue) -> HttpResponse:
    return _done(request, issue, actions.send_trial, f"Un essai part à {request.user.email}, et à personne d'autre.")


@writes(find=queries.issue, may=policies.may_edit)
def discard_issue(request: Request, issue: Issue) -> HttpResponse:
    if request.method != "POST":
        return redirect("steering:issue", issue.pk)
    actions.discard(issue, actor=request.user, at=request.at)
    messages.success(request, "Le numéro est jeté.")
    return redirect("steering:newsletters")


@writes(find=queries.issue, may=policies.may_launch)
def launch_issue(request: Request, issue: Issue) -> HttpResponse:
    """Asked once more, with how many people it reaches."""
    if request.method == "POST":
        published = actions.launch(issue, actor=request.user, at=request.at)
        messages.success(request, "Le numéro est en ligne, et part.")
        return redirect("steering:sending", subscriptions.sendings([published.pk])[published.pk].pk)
    more = (issue.title, reverse("steering:issue", args=[issue.pk]))
    reached = subscriptions.reached(issue.newsletter)
    return show(request, "steering/issue_launch.html", issue=issue, reached=reached, trail=trail(request, more))


@reads(find=queries.issue, may=policies.may_see)
def preview_issue(request: Request, issue: Issue) -> HttpResponse:
    """As on the web, and as plain text; `?forme=courriel` is the HTML of the mail itself."""
    composed = queries.preview(issue, request.at)
    archive = addresses.archive(issue.newsletter)
    links = Links(archive, archive, archive, queries.links(issue, composed.number).site)
    if request.GET.get("forme") == "courriel":
        return _mail(request, engine.html(composed, links))
    more = (issue.title, reverse("steering:issue", args=[issue.pk]))
    context: dict[str, Any] = {
        "composed": composed,
        "read": read,
        "text": engine.text(composed, links),
        "trail": trail(request, more),
    }
    return show(request, "steering/issue_preview.html", issue=issue, **context)


def _mail(request: Request, html: str) -> HttpResponse:
    """The document that leaves: its styles are on its elements, as mail wants them; nothing else loads or runs."""
    policy = {"default-src": ["'none'"], "style-src": ["'unsafe-inline'"], "script-src": ["'none'"]}
    opened: Any = csp_replace(policy)(lambda _: HttpResponse(html))
    answer: HttpResponse = opened(request)
    return answer
