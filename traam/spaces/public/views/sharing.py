"""A notice where it is hung on a wall, or shared: a poster, and the card other sites show beside its address."""

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import slugify

from traam.design import cards, pdf
from traam.design.pages import Request, anyone, reads
from traam.programme.catalogue import posters, queries
from traam.programme.catalogue.models import Notice
from traam.programme.catalogue.posters import Poster


def poster(notice: Notice) -> Poster:
    address = f"{settings.SITE_ADDRESS}{reverse('public:notice', args=[notice.pk])}"
    return posters.of_notice(notice, address=address)


def told(notice: Notice) -> dict[str, str]:
    """What the head of the page of a notice says of its card: address and alternative."""
    card = reverse("public:notice_card", args=[notice.pk])
    return {"image": f"{settings.SITE_ADDRESS}{card}", "alternative": posters.told(poster(notice))}


def _gone(request: Request, notice: Notice) -> HttpResponse | None:
    if notice.state == Notice.State.WITHDRAWN:
        return render(request, "public/withdrawn.html", {"record": notice, "version": None}, status=410)
    return None


def _name(notice: Notice, kind: str, extension: str) -> str:
    return f"{kind}-{slugify(notice.title)[:60].strip('-') or notice.pk}.{extension}"


@reads(find=queries.notice, may=anyone, public=True)
def notice_poster(request: Request, notice: Notice) -> HttpResponse:
    """The poster of a notice, one A4 page."""
    gone = _gone(request, notice)
    if gone is not None:
        return gone
    context = {"poster": poster(notice), "draft": ""}
    name, dated = _name(notice, "affiche", "pdf"), notice.datestamp
    answer = pdf.one_page(request, "design/poster.html", context, filename=name, dated=dated)
    if answer.status_code == 200:
        answer["Cache-Control"] = cards.PUBLIC
    return answer


@reads(find=queries.notice, may=anyone, public=True)
def notice_card(request: Request, notice: Notice) -> HttpResponseBase:
    """The card of a notice, 1200 × 630."""
    gone = _gone(request, notice)
    card = posters.card(poster(notice), cards.site_line())
    return gone or cards.png(request, card, filename=_name(notice, "carte", "png"))
