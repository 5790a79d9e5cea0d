"""The letters ÉduNum: which exist, what is in preparation, and how a sending goes."""

from dataclasses import asdict

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from traam.design.forms import apply_invalid, posted, show
from traam.design.pages import Request, reads, writes
from traam.engines.workflow import Invalid
from traam.gateways.mail import message_id
from traam.programme.people.models import Person
from traam.programme.people.policies import is_national
from traam.programme.subscriptions import actions, policies, queries
from traam.programme.subscriptions.actions import NewsletterValues
from traam.programme.subscriptions.models import Delivery, Newsletter, Post, Sending
from traam.programme.valorisation import announcing
from traam.programme.valorisation.issues import policies as issue_policies
from traam.programme.valorisation.issues import queries as issue_queries
from traam.spaces.steering.letter_forms import NewsletterForm

BADGES = {
    "draft": "info",
    "ready": "new",
    "launched": "info",
    "running": "info",
    "paused": "warning",
    "done": "success",
}
SHOWN = 20  # addresses refused or given up, on the page of a sending


def trail(request: Request, *more: tuple[str, str]) -> list[tuple[str, str]]:
    """Where one is: an expert has these pages and no others of this space."""
    here = ("Lettres ÉduNum", reverse("steering:newsletters"))
    above = [("Pilotage", reverse("steering:home"))] if is_national(request.user, request.at) else []
    return [*above, here, *more]


@reads(may=issue_policies.may_compose)
def newsletters(request: Request) -> HttpResponse:
    reached, lines = queries.readers_of(), issue_queries.lines()
    return show(
        request,
        "steering/newsletters.html",
        letters=[(one, reached.get(one.pk, 0)) for one in queries.newsletters()],
        lines=lines,
        badges=BADGES,
        managing=policies.may_manage(request.user, request.at),
        suspended=queries.suspended(),
        troubled=queries.troubled(),
        lately=announcing.lately(),
        trail=trail(request)[:-1],
    )


@writes(may=policies.may_manage)
def new_newsletter(request: Request) -> HttpResponse:
    return _write(request, None)


@writes(find=queries.newsletter, may=policies.may_edit)
def edit_newsletter(request: Request, newsletter: Newsletter) -> HttpResponse:
    return _write(request, newsletter)


def _write(request: Request, newsletter: Newsletter | None) -> HttpResponse:
    initial: dict[str, object] = {"opened": True}
    if newsletter:
        known = (newsletter.title, newsletter.about, tuple(newsletter.disciplines), newsletter.opened)
        initial = asdict(NewsletterValues(*known))
    form = NewsletterForm(posted(request), initial=initial, new=newsletter is None)
    if request.method == "POST" and form.is_valid():
        try:
            if newsletter:
                actions.edit_newsletter(newsletter, form.values, actor=request.user, at=request.at)
            else:
                actions.found(form.cleaned_data["slug"], form.values, actor=request.user, at=request.at)
        except Invalid as invalid:
            apply_invalid(form, invalid)
        else:
            messages.success(request, "Lettre enregistrée.")
            return redirect("steering:newsletters")
    title = f"Modifier {newsletter.title}" if newsletter else "Nouvelle lettre"
    return show(
        request,
        "design/form.html",
        form,
        title=title,
        introduction="Ce que lisent les lecteurs avant de s'abonner.",
        submit_label="Enregistrer",
        cancel=reverse("steering:newsletters"),
        trail=trail(request),
    )


@reads(find=queries.sending, may=policies.may_follow)
def sending(request: Request, sending: Sending) -> HttpResponse:
    """How far it is; the page refreshes itself while it goes on."""
    person: Person = request.user
    progress = queries.progress(sending)
    refused = queries.in_state(sending, Post.REFUSED, SHOWN) + queries.in_state(sending, Post.FAILED, SHOWN)
    managing = policies.may_manage(person, request.at)
    return show(
        request,
        "steering/sending.html",
        sending=sending,
        issue=sending.issue,
        progress_=progress,
        badge_=BADGES[sending.state],
        lost=sum(progress.counts.get(state, 0) for state in (Post.REFUSED, Post.FAILED)),
        refused=refused if managing else [],
        doubt=[(one, message_id(one.reference)) for one in queries.in_state(sending, Post.UNSURE)] if managing else [],
        in_doubt=progress.counts.get(Post.UNSURE, 0),
        pausing=policies.may_pause(person, sending, request.at),
        resuming=policies.may_resume(person, sending, request.at),
        retrying=policies.may_retry(person, sending, request.at),
        trail=trail(request),
    )


@writes(find=queries.sending, may=policies.may_pause)
def pause_sending(request: Request, sending: Sending) -> HttpResponse:
    if request.method == "POST":
        actions.pause(sending, actor=request.user, at=request.at)
        messages.success(request, "L'envoi est en pause : plus rien ne part avant « Reprendre ».")
    return redirect("steering:sending", sending.pk)


@writes(find=queries.sending, may=policies.may_resume)
def resume_sending(request: Request, sending: Sending) -> HttpResponse:
    if request.method == "POST":
        actions.resume(sending, actor=request.user, at=request.at)
        messages.success(request, "L'envoi reprend où il en était.")
    return redirect("steering:sending", sending.pk)


@writes(find=queries.sending, may=policies.may_retry)
def retry_sending(request: Request, sending: Sending) -> HttpResponse:
    if request.method == "POST":
        actions.retry(sending, actor=request.user, at=request.at)
        messages.success(request, "Les messages refusés et les échecs repartent ; personne ne les avait reçus.")
    return redirect("steering:sending", sending.pk)


@writes(find=queries.delivery, may=policies.may_settle)
def delivery_again(request: Request, delivery: Delivery) -> HttpResponse:
    if request.method == "POST":
        actions.send_again(delivery, actor=request.user, at=request.at)
        messages.success(request, "Le message repart.")
    return redirect("steering:sending", delivery.sending_id)


@writes(find=queries.delivery, may=policies.may_settle)
def delivery_left(request: Request, delivery: Delivery) -> HttpResponse:
    if request.method == "POST":
        actions.leave(delivery, actor=request.user, at=request.at)
        messages.success(request, "C'est noté : ce message était parti.")
    return redirect("steering:sending", delivery.sending_id)
