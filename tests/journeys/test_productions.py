"""The productions of a group: a scenario written, tested in two academies, read and validated; then a module.

Every page that is crossed passes axe and fits its screen. With
TRAAM_SCREENSHOTS=folder, those of `GUIDES` are also kept as pictures for the guides.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import journey_module as module
import journey_scenario as scenario
import pytest
from journey_groups import later
from journey_stage import Visitor
from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# What the guides show of a page: from the top of this element, so many pixels high at most.
GUIDES = {
    "ecrire-le-scenario": ("main #id_phases", 900),
    "ajouter-une-piece": ("main h1", 900),
    "pieces-du-scenario": ("main #pieces", 420),
    "promettre-un-test": ("main h1", 720),
    "matrice-des-tests": ("main h1", 900),
    "remarques-de-l-inspecteur": ("main #partie-steps", 760),
    "scenario-a-reprendre": ("main h1", 900),
    "ce-qui-a-change": ("main #lecture", 760),
    "scenario-valide": ("main h1", 620),
    "decision-de-l-expert": ("main #decision", 440),
    "question-du-module": ("main h1", 900),
    "module-entier": ("main h1", 1000),
    "apercu-du-stagiaire": ("main h1", 900),
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


def test_a_scenario_is_written_tried_in_two_academies_and_validated(
    visitor: Visitor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = scenario.write(visitor, tmp_path)
    scenario.try_it_at_home(visitor, path)
    scenario.propose(visitor, path)
    scenario.promise_elsewhere(visitor, path)
    scenario.send_back(visitor, path)
    scenario.answer(visitor, path)
    later(visitor, monkeypatch, days=2)
    scenario.keep_the_promise(visitor, path)
    scenario.validate(visitor, path)
    scenario.read_in_public(visitor)


def test_a_module_is_written_read_and_taken_away(visitor: Visitor) -> None:
    path = module.write_a_module(visitor)
    module.complete_it(visitor, path)
    module.export_it(visitor, path)
    module.review_it(visitor, path)
