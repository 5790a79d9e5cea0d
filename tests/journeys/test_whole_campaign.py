"""One campaign lived in the browser, role after role, from the opening of the call to the public catalogue.

Every page that is crossed passes axe and fits its screen.
With TRAAM_SCREENSHOTS=folder, those of `GUIDES` and `PHONES` are also kept as pictures for the guides.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import journey_call as call
import journey_selection as selection
import journey_work as work
import pytest
from journey_stage import Visitor
from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.on_each_database, pytest.mark.django_db(transaction=True)]

# What the guides show of a page: from the top of this element, so many pixels high at most.
GUIDES = {
    "copier-une-campagne": ("main h1", 900),
    "campagne-en-preparation": ("main h1", 900),
    "avenant": ("main h1", 900),
    "appel-public": ("main h1", 900),
    "texte-retrouve": ("main h1", 900),
    "candidature-complete": ("main h1", 480),
    "mes-candidatures-proposees": ("main h1", 560),
    "candidature-renvoyee": ("main h1", 480),
    "avis-de-l-inspecteur": ("main h1", 760),
    "vos-colonnes": ("main h1", 660),
    "tableur-a-corriger": ("main h1", 600),
    "apercu-du-tableur": ("main h1", 900),
    "candidatures-de-lyon": ("main h1", 900),
    "candidature-incomplete": ("main h1", 540),
    "suivi-des-remontees": ("main h1", 900),
    "dossiers-du-theme": ("main h1", 800),
    "mon-avis": ("main h1", 900),
    "comparaison": ("main h1", 900),
    "proposition": ("main h1", 1100),
    "selection": ("main h1", 1100),
    "annonce": ("main h1", 900),
    "appariement": ("main h1", 1000),
    "groupe-incomplet": ("main h1", 900),
    "editeur-de-scenario": ("main h1", 840),
    "relecture-du-scenario": ("main #decision", 440),
    "scenario-renvoye": ("main h1", 480),
    "publier-pas-encore": ("main h1", 900),
    "fiche-de-droits": ("main h1", 900),
    "signer-la-fiche": ("main h1", 900),
    "controle-avant-publication": ("main h1", 900),
    "audit-avant-publication": ("main h1", 700),
    "publier-le-scenario": ("main h1", 900),
    "fiche-edubase": ("main h1", 900),
    "recherche": ("main h1", 700),
    "notice": ("main h1", 900),
}
PHONES = {"noter-un-test", "recherche"}


@pytest.fixture
def visitor(
    demonstration: None, live_server: Any, browser_page: Callable[..., Page], axe: Callable[..., list[str]]
) -> Visitor:
    return Visitor(browser_page(1280), live_server.url, axe, GUIDES, PHONES)


def test_a_campaign_from_the_call_to_the_catalogue(
    visitor: Visitor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call.prepare(visitor)
    call.open_and_put_off(visitor)
    call.invite_a_teacher(visitor)
    call.write_as_a_teacher(visitor)
    call.advise(visitor)
    call.answer_by_spreadsheet(visitor, tmp_path)
    call.rank_renew_and_send_up(visitor)
    call.answer_by_form(visitor)
    call.follow_up_and_close(visitor)
    selection.judge(visitor)
    selection.compare(visitor)
    selection.decide_with_a_proposal(visitor)
    selection.announce(visitor)
    selection.pair_and_replace(visitor)
    work.months_later(visitor, monkeypatch)
    path = work.write_the_scenario(visitor, work.compose_the_group(visitor))
    work.review_and_release(visitor, path)
    work.find_and_harvest(visitor)
    assert len(set(visitor.seen)) >= 75
