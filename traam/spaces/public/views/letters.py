"""The letters ÉduNum: which exist, what they said, and how one subscribes, chooses and stops without an account."""

from hashlib import sha256
from time import time
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.cache import caches
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from traam.design import cards
from traam.design.clients import client, network
from traam.design.forms import apply_invalid, posted, show
from traam.design.pages import Request, anyone, reads, writes
from traam.engines.cards import Card
from traam.engines.newsletters import Issue, read
from traam.engines.workflow import Invalid
from traam.programme.subscriptions import actions, addresses, queries
from traam.programme.subscriptions.models import Newsletter, PublishedIssue, SubscriptionRequest
from traam.programme.subscriptions.queries import Held
from traam.spaces.public.letter_forms import AddressForm, ChoicesForm, SubscribeForm

MOST_IN_AN_HOUR = 10  # addresses typed from one network
HOUR = 3600
TOO_MANY = "Trop de demandes viennent de votre réseau. Attendez une heure, puis recommencez."
LATEST = 6


@never_cache
@writes(may=anyone, public=True)
def letters(request: Request) -> HttpResponse:
    """Every letter, and the form that asks for some. What it answers is the same for every address."""
    every = queries.newsletters()
    opened = [one for one in every if one.opened]
    wanted = [one.pk for one in opened if one.slug == request.GET.get("lettre")]
    form = SubscribeForm(posted(request), newsletters=opened, initial={"newsletters": wanted})
    if request.method == "POST" and form.is_valid():
        try:
            _count(request)
            actions.ask(form.cleaned_data["email"], form.chosen, at=request.at)
        except Invalid as invalid:
            apply_invalid(form, invalid)
        else:
            return redirect("public:letters_asked")
    context = {"every": every, "opened": opened, "latest": queries.latest_issues(LATEST)}
    return show(request, "public/letters.html", form, **context)


@never_cache
@writes(may=anyone, public=True)
def letters_found_again(request: Request) -> HttpResponse:
    """For who lost the address of her choices: it is sent, and only to a reader."""
    form = AddressForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            _count(request)
            actions.ask_choices(form.cleaned_data["email"], at=request.at)
        except Invalid as invalid:
            apply_invalid(form, invalid)
        else:
            return redirect("public:letters_asked")
    return show(request, "public/letters_again.html", form)


@reads(may=anyone, public=True)
def letters_asked(request: Request) -> HttpResponse:
    return render(request, "public/letters_asked.html", {})


def _count(request: Request) -> None:
    """Refuse who types one address after another. No address of a reader is kept for it, nor hers."""
    told = f"{settings.SECRET_KEY}\n{network(client(request))}\n{int(time() // HOUR)}"
    key = f"letters:{sha256(told.encode()).hexdigest()}"
    cache = caches["limits"]
    count = cache.get(key, 0) + 1
    if count > MOST_IN_AN_HOUR:
        raise Invalid(TOO_MANY)
    cache.set(key, count, HOUR)


def _secret(answer: HttpResponse) -> HttpResponse:
    """Of a page whose address is a secret: not in an index, not told to the pages it leads to."""
    answer["X-Robots-Tag"] = "noindex"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


@never_cache
@writes(find=queries.request, may=anyone, public=True)
def letters_confirm(request: Request, asked: SubscriptionRequest) -> HttpResponse:
    """GET asks, since mail servers open the links of letters to judge them; POST confirms."""
    if request.method == "POST":
        reader = actions.confirm(asked, at=request.at)
        if asked.newsletters:
            messages.success(request, "C'est confirmé : vous recevrez les prochains numéros.")
        return _secret(redirect("public:letters_choices", f"{reader.key}.{reader.secret}"))
    return _secret(show(request, "public/letters_confirm.html", newsletters=queries.asked_for(asked)))


@never_cache
@writes(find=queries.held, may=anyone, public=True)
def letters_choices(request: Request, held: Held) -> HttpResponse:
    if held.reader is None:
        return _secret(show(request, "public/letters_stopped.html", newsletter=None, erased=True, choices=""))
    form = ChoicesForm(
        posted(request),
        newsletters=[one for one in queries.newsletters() if one.opened or one.pk in held.chosen],
        initial={"newsletters": list(held.chosen)},
    )
    if request.method == "POST" and (form.is_valid() or "stop" in request.POST):
        chosen = [] if "stop" in request.POST else form.chosen
        if actions.choose(held.reader, chosen, at=request.at) is None:
            return _secret(show(request, "public/letters_stopped.html", newsletter=None, erased=True, choices=""))
        messages.success(request, "Vos choix sont enregistrés.")
        return _secret(redirect(request.path))
    return _secret(show(request, "public/letters_choices.html", form, reader=held.reader, email=held.reader.email))


@never_cache
@csrf_exempt  # a mail reader posts here for its user, without our page: the secret of the address is the permission
@writes(find=queries.held_for, may=anyone, public=True)
def letters_stop(request: Request, held: Held) -> HttpResponse:
    """One click (RFC 8058): GET asks, POST stops and answers with a page, whoever posts and however often."""
    reader = held.reader
    stopped = reader is None or held.newsletter is None or held.newsletter.pk not in held.chosen
    if request.method == "POST" and reader and held.newsletter:
        reader, stopped = actions.unsubscribe(reader, held.newsletter, at=request.at), True
    choices = addresses.choices(reader) if reader else ""
    context: dict[str, Any] = {"newsletter": held.newsletter, "erased": reader is None, "choices": choices}
    return _secret(show(request, "public/letters_stopped.html" if stopped else "public/letters_stop.html", **context))


@reads(find=queries.newsletter, may=anyone, public=True)
def letter(request: Request, newsletter: Newsletter) -> HttpResponse:
    """What a letter is, and all its issues."""
    context = {"newsletter": newsletter, "issues": queries.issues(newsletter)}
    return render(request, "public/letter.html", context)


@reads(find=queries.issue, may=anyone, public=True)
def letter_issue(request: Request, published: PublishedIssue) -> HttpResponse:
    """An issue on line: the same words as in the mail."""
    before, after = queries.around(published)
    context = {
        "published": published,
        "issue": Issue.known(published.content),
        "read": read,
        "before": before,
        "after": after,
        "address": addresses.issue(published),
    }
    return render(request, "public/letter_issue.html", context)


@reads(find=queries.issue, may=anyone, public=True)
def letter_card(request: Request, published: PublishedIssue) -> HttpResponseBase:
    """The card of an issue, 1200 × 630."""
    name = f"carte-{published.newsletter.slug}-{published.number}.png"
    return cards.png(request, card(published), filename=name)


def card(published: PublishedIssue) -> Card:
    issue = Issue.known(published.content)
    titles = tuple(piece.title for piece in issue.pieces if piece.title)[:3]
    foot = addresses.issue(published).partition("://")[2]
    return Card(cards.site_line(), f"{issue.letter} n° {issue.number} : {issue.title}", titles, foot)
