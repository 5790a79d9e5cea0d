"""A year of work of a group, seen by its référent, a teacher, the inspector, the expert, the DAN and the bureau.

Every page that is crossed passes axe and fits its screen. With
TRAAM_SCREENSHOTS=folder, those of `GUIDES` are also kept as pictures for the guides.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import journey_groups as groups
import journey_service as service
import pytest
from journey_stage import Visitor
from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# What the guides show of a page: from the top of this element, so many pixels high at most.
GUIDES = {
    "echeances": ("main h1", 760),
    "page-du-groupe": ("main #calendrier", 760),
    "reunion-convoquee": ("main h1", 900),
    "presences": ("main h1", 640),
    "reunion-tenue": ("main #compte-rendu", 900),
    "a-faire": ("main h1", 460),
    "mon-calendrier": ("main h1", 900),
    "note-d-avancement": ("main h1", 760),
    "veille": ("main h1", 760),
    "documents": ("main h1", 860),
    "groupes-que-je-pilote": ("main h1", 800),
    "avancement-du-theme": ("main h1", 700),
    "groupes-de-la-campagne": ("main h1", 760),
    "qui-recevra-quoi": ("main h1", 900),
    "mes-courriels": ("main h1", 560),
    "recapitulatif": ("main h1", 420),
    "periodes-de-service": ("main h1", 680),
    "prevoir-le-service": ("main h1", 700),
    "attester-le-service": ("main h1", 800),
    "mon-service-fait": ("main h1", 640),
    "envoyer-a-la-paye": ("main h1", 760),
    "service-envoye": ("main section.narrow", 520),
    "service-verifie": ("main h1", 900),
}


@pytest.fixture
def visitor(
    demonstration: None,
    live_server: Any,
    browser_page: Callable[..., Page],
    axe: Callable[..., list[str]],
    settings: Any,
    tmp_path: Path,
) -> Visitor:
    settings.MEDIA_ROOT = tmp_path / "media"
    return Visitor(browser_page(1280), live_server.url, axe, GUIDES, ())


def test_a_year_of_work_of_a_group(visitor: Visitor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    groups.lead_a_theme(visitor)
    meeting = groups.meet(visitor)
    groups.later(visitor, monkeypatch, days=2)
    groups.tell_the_meeting(visitor, meeting)
    groups.pilot(visitor, meeting)
    groups.tell_and_share(visitor, tmp_path)
    groups.follow_one_s_own_calendar(visitor)
    groups.follow_from_afar(visitor)
    service.set_periods(visitor)
    service.plan_and_attest(visitor)
    service.send_and_prove(visitor, tmp_path)
    groups.receive_a_digest(visitor)
    assert len(set(visitor.seen)) >= 45
