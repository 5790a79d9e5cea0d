"""The poster and the card of a scenario, for its group: as it is written now, with its public address if any."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.text import slugify

from traam.design import cards, pdf
from traam.design.pages import Request, reads
from traam.programme.catalogue import posters
from traam.programme.catalogue.models import Notice
from traam.programme.catalogue.posters import Poster
from traam.programme.catalogue.queries import notice_of_scenario
from traam.programme.productions import policies, queries
from traam.programme.productions.models import Scenario

NOT_PUBLIC = "Ce scénario n'est pas encore publié : l'affiche portera son adresse."


def summary(scenario: Scenario, notice: Notice | None) -> dict[str, Any]:
    """What `workshop/parts/scenario_supports.html` shows."""
    return {"alternative": posters.told(_poster(scenario, notice)), "public": _is_public(notice)}


def _is_public(notice: Notice | None) -> bool:
    return notice is not None and notice.state == Notice.State.PUBLISHED


def _poster(scenario: Scenario, notice: Notice | None) -> Poster:
    path = reverse("public:notice", args=[notice.pk]) if notice is not None and _is_public(notice) else ""
    return posters.of_scenario(scenario, address=f"{settings.SITE_ADDRESS}{path}" if path else "")


def _name(scenario: Scenario, kind: str, extension: str) -> str:
    return f"{kind}-{slugify(scenario.title)[:60].strip('-') or scenario.pk}.{extension}"


@reads(find=queries.scenario, may=policies.may_see, why="support")
def scenario_poster(request: Request, scenario: Scenario) -> HttpResponse:
    """The poster of a scenario, one A4 page."""
    context = {"poster": _poster(scenario, notice_of_scenario(scenario.pk)), "draft": NOT_PUBLIC}
    name, dated = _name(scenario, "affiche", "pdf"), scenario.changed_at
    return pdf.one_page(request, "design/poster.html", context, filename=name, dated=dated)


@reads(find=queries.scenario, may=policies.may_see, why="support")
def scenario_card(request: Request, scenario: Scenario) -> HttpResponseBase:
    """The card of a scenario, 1200 × 630."""
    card = posters.card(_poster(scenario, notice_of_scenario(scenario.pk)), cards.site_line())
    return cards.png(request, card, filename=_name(scenario, "carte", "png"), cached=cards.PRIVATE)
