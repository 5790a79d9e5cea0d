"""The declaration says what was tried, when and by whom, and that no audit was made; nothing more."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from traam import reference
from traam.spaces.public.declaration import Automatic, Declaration, Tried, declaration
from traam.spaces.public.views import pages

pytestmark = pytest.mark.django_db


@pytest.fixture
def says(client: Any, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Callable[[Automatic], str]:
    settings.CONTACT = "aide@exemple.invalid"
    written = {
        "trial": [{"on": date(2030, 2, 3), "what": "Clavier", "result": "Tout se fait."}],
        "limit": [{"what": "Un PDF ancien.", "around": "Demandez-le."}],
        "plan": [{"by": date(2031, 1, 1), "what": "Un audit."}],
    }

    def draw(automatic: Automatic) -> str:
        monkeypatch.setattr(pages, "declaration", lambda: Declaration(automatic, written))
        html = client.get("/accessibilite").content.decode()
        return re.sub(r"[\s\xa0\u202f]+", " ", re.sub(r"<[^>]+>", " ", html))

    return draw


def automatic(faulty: int) -> Automatic:
    tried = (Tried("1.1", "Images", "Une alternative", 40, faulty), Tried("8.5", "Obligatoires", "Un titre", 41, 0))
    return Automatic(date(2030, 1, 2), "axe-core 9.9", "Chrome/200", 37, tried)


def test_a_machine_that_finds_nothing_proves_nothing(says: Callable[[Automatic], str]) -> None:
    text = says(automatic(0))
    assert "Accessibilité : non conforme" in text and "Aucun audit complet" in text
    assert "axe-core 9.9 a lu 37 pages" in text and "2 critères sur 106" in text and "n’a trouvé aucun défaut" in text
    assert "Déclaration du 3 février 2030" in text and "D’ici au 1er janvier 2031 : Un audit." in text
    assert "aide@exemple.invalid" in text and "partiellement" not in text
    assert "Aucune personne ne les a encore faits avec une aide technique" in text and "des personnes ont" not in text


def test_a_fault_that_was_found_is_told(says: Callable[[Automatic], str]) -> None:
    text = says(automatic(3))
    assert "un défaut pour 1 d’entre eux" in text and "aucun défaut" not in text
    assert re.search(r"1\.1 Une alternative 40 3", text)


def test_what_is_committed_reads_and_every_criterion_has_its_words() -> None:
    told = declaration()
    assert told.automatic.pages and told.automatic.tried and told.dated <= date.today()  # noqa: DTZ011
    assert {one.criterion for one in told.automatic.tried} <= set(reference.rgaa())
    assert all(limit["what"] and limit["around"] for limit in told.written["limit"])
