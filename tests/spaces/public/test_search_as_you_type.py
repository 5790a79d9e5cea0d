"""Results while typing, the facets by theme and type, the notices that look like one."""

import re

import pytest
from django.utils import timezone

from traam.programme.catalogue import actions, index, queries
from traam.programme.catalogue.models import Notice, PublicTheme

pytestmark = pytest.mark.django_db
TYPING = {"HX-Request": "true", "HX-Trigger": "recherche"}


@pytest.fixture(autouse=True)
def _fresh_index(settings, tmp_path):
    settings.INDEX_FOLDER = tmp_path / "index"


def _noted(*notices):
    actions.note_changes(notices)
    index.update()


def _made(key, title, **fields):
    return Notice.objects.create(source_key=key, title=title, datestamp=timezone.now(), **fields)


def test_an_unfinished_word_finds_while_it_is_typed_and_its_address_does_too(client):
    _noted(_made("history:t1", "Ornithorynques en classe"))
    assert "Ornithorynques" not in client.get("/recherche?q=ornithor").content.decode()
    typed = client.get("/recherche?q=ornithor", headers=TYPING)
    assert "Ornithorynques" in typed.content.decode()
    assert typed["HX-Replace-Url"] == "/recherche?q=ornithor&frappe=oui"
    assert "HX-Push-Url" not in typed
    assert "HX-Trigger" in typed["Vary"]
    whole = client.get(typed["HX-Replace-Url"]).content.decode()
    assert "<html" in whole
    assert "Ornithorynques" in whole


def test_the_field_asks_by_itself_and_the_form_works_without(client):
    html = client.get("/recherche").content.decode()
    field = re.search(r'<input[^>]*id="recherche"[^>]*>', html)[0]
    assert 'data-hx-trigger="input changed delay:300ms"' in field
    assert re.search(r'<form[^>]*method="get" action="/recherche"', html)


def test_titles_can_be_sorted(client):
    _noted(_made("history:t1", "Zèbres, quokkas"), _made("history:t2", "Âne et quokka"), _made("history:t3", "Quokka"))
    html = client.get("/recherche?q=quokka&tri=titre").content.decode()
    plain = re.sub("<[^>]+>", "", html)
    assert plain.index("Âne et quokka") < plain.index("Zèbres, quokkas")
    assert '<option value="titre" selected>' in html


def test_a_theme_is_a_facet_with_its_title_and_its_own_choice_is_left_out(client):
    rows = [
        PublicTheme.objects.create(source_key=f"test:{n}", years="2024-2025", title=title, changed_at=timezone.now())
        for n, title in enumerate(("Marsupiaux & cie", "Oiseaux"))
    ]
    _noted(*(_made(f"history:t{n}", f"Quokka {n}", theme=rows[n > 1]) for n in range(3)))
    html = client.get(f"/recherche?q=quokka&theme={rows[1].pk}").content.decode()
    assert re.search(r'id="total">1\D', html)
    offered = [
        (c.label, c.count, c.chosen) for c in queries.find("quokka", {"theme": [str(rows[1].pk)]}).facets["theme"]
    ]
    assert offered == [("Marsupiaux & cie", 2, False), ("Oiseaux", 1, True)]
    assert queries.find("quokka", {"theme": ["999999", "x", "²"]}).chosen == {}


def test_a_type_is_offered_when_there_are_several(client):
    _noted(_made("history:t1", "Quokka"))
    assert 'id="facette-type"' not in client.get("/recherche?q=quokka").content.decode()
    _noted(_made("scenario:990001", "Un quokka en cours"))
    assert 'id="facette-type"' in client.get("/recherche?q=quokka").content.decode()
    assert queries.find("quokka", {"type": ["scenario"]}).total == 1


def test_an_index_with_other_facets_is_made_again(monkeypatch):
    index.rebuild()
    monkeypatch.setattr(index, "FACETS", (*index.FACETS, "nouvelle"))
    assert index.current().facets[-1] == "nouvelle"


def test_similar_notices_are_public_and_not_itself(client):
    first = _made("history:t1", "Débattre du climat avec un quokka", summary="Des élèves argumentent sur la banquise")
    second = _made("history:t2", "Un débat sur le climat", summary="Argumenter sur la banquise avec un quokka")
    _noted(first, second)
    assert queries.similar(first)[0] == second
    assert f'href="/notices/{second.pk}"' in client.get(f"/notices/{first.pk}").content.decode()
    assert first not in queries.similar(first)
    second.state = Notice.State.WITHDRAWN
    second.save()
    assert second not in queries.similar(first)


def test_the_extract_is_of_the_text_when_only_it_holds_the_word():
    sections = [["Déroulé", "Du blabla. " * 60 + "Puis un ornithorynque arrive."]]
    _noted(_made("history:t1", "Une séance", summary="Un résumé.", sections=sections))
    (hit,) = queries.find("ornithorynques", {}).hits
    assert ("ornithorynque", True) in hit.extract
    (hit,) = [one for one in queries.find("résumé séance", {}).hits if one.notice.title == "Une séance"]
    assert "".join(text for text, _ in hit.extract) == "Un résumé."


def test_a_full_page_stays_light_with_hundreds_of_themes(client):
    titles = [f"Un thème de travail au titre assez long, numéro {n}, comme ils le sont souvent" for n in range(60)]
    rows = PublicTheme.objects.bulk_create(
        PublicTheme(source_key=f"test:{n}", years="2024-2025", title=title, changed_at=timezone.now())
        for n, title in enumerate(titles)
    )
    _noted(
        *(_made(f"history:t{n}", f"Quokka {n}", summary="Un quokka. " * 30, theme=row) for n, row in enumerate(rows))
    )
    response = client.get("/recherche?q=quokka&voir=theme")
    assert response.content.count(b'name="theme"') == queries.MOST_THEMES
    assert len(response.content) < 50_000
    chosen = client.get(f"/recherche?q=quokka&theme={rows[0].pk}").content.decode()
    assert f'value="{rows[0].pk}" id="theme-{rows[0].pk}" checked' in chosen
