"""The page of the search: everything is in the address, with and without htmx."""

import re

import pytest
from django.utils import timezone

from traam.programme.catalogue import actions, index
from traam.programme.catalogue.models import Notice

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_index(settings, tmp_path):
    settings.INDEX_FOLDER = tmp_path / "index"


def _text(response):
    plain = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", plain.replace("&#39;", "'").replace("\xa0", " ").replace("\u202f", " "))


def test_what_is_found_is_marked_and_counted(client):
    response = client.get("/recherche", {"q": "intelligence artificielle"})
    assert response.status_code == 200
    html = response.content.decode()
    assert "<mark>intelligence artificielle</mark>" in html
    assert "<mark>IA</mark>" in html
    assert re.search(r'id="total">\d+\xa0notices', html)


def test_the_address_holds_the_choices_and_each_can_be_removed(client):
    html = client.get("/recherche?q=ia&discipline=SVT&annee=2024-2025&tri=date").content.decode()
    assert re.search(r'value="SVT" id="discipline-SVT" checked', html)
    assert 'href="/recherche?q=ia&amp;annee=2024-2025&amp;tri=date"' in html
    assert 'href="/recherche?q=ia&amp;discipline=SVT&amp;tri=date"' in html
    assert 'href="/recherche?q=ia&amp;tri=date"' in html
    assert '<option value="date" selected>' in html


def test_two_values_of_one_facet_are_either(client):
    def total(address):
        found = re.search(r'id="total">(\d+)', client.get(address).content.decode())
        return int(found[1])

    both = total("/recherche?discipline=SVT&discipline=MATH")
    assert both == total("/recherche?discipline=SVT") + total("/recherche?discipline=MATH")


def test_htmx_receives_the_parts_that_change_and_the_clean_address(client):
    response = client.get("/recherche?q=ia&tri=pertinence&academie=inconnue", headers={"HX-Request": "true"})
    html = response.content.decode()
    assert "<html" not in html
    assert 'id="facettes" data-hx-swap-oob="innerHTML"' in html
    assert re.search(r'id="annonce-recherche" data-hx-swap-oob="innerHTML">\d+\xa0notices', html)
    assert response["HX-Push-Url"] == "/recherche?q=ia"
    assert "HX-Request" in response["Vary"]


def test_the_whole_page_varies_too_and_history_gets_it_whole(client):
    assert "HX-Request" in client.get("/recherche")["Vary"]
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<html" in client.get("/recherche", headers=headers).content.decode()


def test_a_correction_is_said(client):
    said = _text(client.get("/recherche?q=inteligence"))
    assert "Résultats pour « intelligence » au lieu de « inteligence »" in said


def test_some_of_the_words_is_said(client):
    assert "Aucune notice ne contient tous ces mots" in _text(client.get("/recherche?q=réalité virtuelle"))


def test_stop_words_alone_are_said(client):
    assert "ne contient que des mots trop courants" in _text(client.get("/recherche?q=de la"))


def test_nothing_found_offers_ways_out(client):
    response = client.get("/recherche?q=ia&academie=10&annee=2011-2012")
    said = _text(response)
    assert "Aucune notice" in said
    assert "retirer le filtre « Année : 2011-2012 » (1 notice)" in said
    assert "chercher « ia » sans aucun filtre" in said
    assert 'href="/recherche?q=ia&amp;academie=10"' in response.content.decode()


def test_a_word_written_by_ear_is_asked_back_with_what_it_would_give(client):
    response = client.get("/recherche?q=matematik&type=history")
    said = _text(response)
    assert "Aucune notice ne répond à « matematik » avec ces filtres" in said
    html = response.content.decode()
    offered = re.findall(r'<li><a href="([^"]+)">([^<]+)</a> \((\d+)\xa0notices?\)', html.split('id="pistes"')[0])
    assert "mathématiques" in [text for _, text, _ in offered]
    for href, _, count in offered:
        assert "type=history" in href
        assert f'id="total">{count}\xa0notice' in client.get(href.replace("&amp;", "&")).content.decode()


@pytest.mark.parametrize("text", ["xyzzyq", "zzz", "cyberpunk", "jkjkjk qsdqsd"])
def test_a_word_that_nothing_is_like_still_leads_somewhere(client, text):
    html = client.get("/recherche", {"q": text}).content.decode()
    assert "Vouliez-vous dire" not in html
    found = re.search(r'partir d’une discipline\xa0: <a href="([^"]+)">[^<]+ \((\d+)\xa0notice', html)
    assert f'id="total">{found[2]}\xa0notice' in client.get(found[1]).content.decode()


def test_nothing_is_asked_back_while_a_word_is_being_typed(client):
    headers = {"HX-Request": "true", "HX-Trigger": "recherche"}
    html = client.get("/recherche?q=matematik", headers=headers).content.decode()
    assert "Vouliez-vous dire" not in html
    assert "voir toutes les notices" in html


def test_a_long_facet_is_shown_whole_when_asked_and_its_address_says_so(client):
    closed = client.get("/recherche?tri=date").content.decode()
    hidden = re.search(r'id="voir-academie" href="([^"]+)#facette-academie"[^>]*>Tout voir \((\d+) de plus\)', closed)
    assert hidden[1].replace("&amp;", "&") == "/recherche?tri=date&voir=academie"
    opened = client.get(hidden[1].replace("&amp;", "&")).content.decode()
    assert opened.count('name="academie"') == closed.count('name="academie"') + int(hidden[2])
    assert '<input type="hidden" name="voir" value="academie">' in opened, "the form keeps it open"
    assert 'id="voir-academie" href="/recherche?tri=date#facette-academie"' in opened
    swapped = client.get("/recherche?q=ia&voir=academie&voir=inconnue", headers={"HX-Request": "true"})
    assert swapped["HX-Push-Url"] == "/recherche?q=ia&voir=academie"


def test_a_long_facet_opens_when_its_hidden_value_is_chosen(client):
    assert 'id="academie-25"' not in client.get("/recherche").content.decode()
    opened = client.get("/recherche?academie=25").content.decode()  # Versailles, the last of the list
    assert 'id="academie-25" checked' in opened
    assert 'id="voir-academie"' not in opened


def test_pages_follow_and_keep_the_choices(client):
    html = client.get("/recherche?discipline=SVT&discipline=DOC&discipline=LV").content.decode()
    assert "page=2" in html
    assert re.search(r'href="\?discipline=SVT&amp;discipline=DOC&amp;discipline=LV&amp;page=2"', html)
    assert '<ol class="results" start="21">' in client.get("/recherche?page=2").content.decode()


@pytest.mark.parametrize(
    "address",
    ["?page=abc", "?page=-3", "?page=²", "?page=99999999999", "?q=%00", "?tri=x", "?niveau=%00", "?q=" + "a" * 5000],
)
def test_a_strange_address_still_answers(client, address):
    assert client.get(f"/recherche{address}").status_code == 200


def test_what_is_typed_is_escaped(client):
    html = client.get("/recherche", {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in html


def test_tested_elsewhere_is_offered_only_once_a_notice_was(client):
    assert 'id="facette-teste"' not in client.get("/recherche").content.decode()
    made = Notice.objects.get(title__startswith="Enquêter sur une image")
    made.tests = [{**made.tests[0], "academy": "09"}]
    made.save()
    actions.note_changes([made])
    index.update()
    assert 'id="teste-oui"' in client.get("/recherche").content.decode()


@pytest.mark.usefixtures("drawn_each_time")
def test_the_page_costs_the_same_whatever_is_found(client, django_assert_max_num_queries):
    client.get("/recherche")
    Notice.objects.bulk_create(
        Notice(source_key=f"history:x{n}", title=f"Robot {n}", datestamp=timezone.now()) for n in range(30)
    )
    actions.note_changes(Notice.objects.filter(source_key__startswith="history:x"))
    index.update()
    client.get("/recherche?q=robots")  # after a change, syntheses are looked at again, once
    with django_assert_max_num_queries(2):  # the notices; whether something changed
        client.get("/recherche?q=robot")
