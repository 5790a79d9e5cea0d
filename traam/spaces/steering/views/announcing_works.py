"""Short texts and a card for social accounts: copied and posted by people, nothing leaves from here."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase

from traam.design import cards
from traam.design.forms import show
from traam.design.pages import Request, reads
from traam.programme.valorisation import announcing
from traam.programme.valorisation.announcing import Told
from traam.programme.valorisation.issues.policies import may_announce
from traam.spaces.steering.views.newsletters import trail


@reads(find=announcing.told, may=may_announce)
def short_texts(request: Request, told: Told) -> HttpResponse:
    return show(
        request,
        "steering/short_texts.html",
        told=told,
        texts=told.texts(),
        image=f"{request.path}/carte.png",
        alternative=told.alternative,
        trail=trail(request),
    )


@reads(find=announcing.told, may=may_announce)
def short_card(request: Request, told: Told) -> HttpResponseBase:
    """The card, 1200 × 630."""
    name = f"carte-{told.name}.png"
    return cards.png(request, told.card(cards.site_line()), filename=name, cached=cards.PRIVATE)
