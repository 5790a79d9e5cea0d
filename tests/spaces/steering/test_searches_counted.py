"""Searches are counted without anything that tells who asked; the bureau reads those that found nothing."""

import json
from datetime import date, timedelta

import pytest
from django.utils import timezone

from traam.gateways import spool
from traam.programme.catalogue import index
from traam.programme.catalogue.searches import counting, queries
from traam.programme.catalogue.searches.models import SearchCount

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 18)  # a Wednesday
MONDAY = date(2026, 11, 16)


@pytest.fixture(autouse=True)
def _fresh_index(settings, tmp_path):
    settings.INDEX_FOLDER = tmp_path / "index"
    settings.INDEX_FOLDER.mkdir()


def _rows():
    return {(row.week, row.text): row.times for row in SearchCount.objects.all()}


def test_all_searches_are_counted_and_only_those_without_result_keep_their_text():
    counting.note("robot", False, DAY)
    counting.note("  Xylophone   Baroque ", True, DAY)
    counting.note("xylophone baroque", True, DAY + timedelta(days=1))
    assert counting.gather(DAY) == 3
    assert _rows() == {(MONDAY, ""): 3, (MONDAY, "xylophone baroque"): 2}
    assert SearchCount.objects.get(text="").nothing == 2
    assert counting.gather(DAY) == 0
    counting.note("xylophone baroque", True, DAY)
    counting.gather(DAY)
    assert _rows()[MONDAY, "xylophone baroque"] == 3


@pytest.mark.parametrize(
    "text", ["m.dupont@exemple.fr", "06 12 34 56 78", "0612345678", "élève 12345", "https://exemple.fr/x", "a\x00b"]
)
def test_what_may_tell_of_somebody_is_never_kept(text):
    counting.note(text, True, DAY)
    assert text.split()[-1] not in json.loads((index.root() / "searches.log").read_text())[1]
    counting.gather(DAY)
    assert _rows() == {(MONDAY, ""): 1}


def test_what_was_taken_by_a_worker_that_died_is_counted_by_the_next_and_half_a_line_is_left():
    counting.note("xylophone", True, DAY)
    (index.root() / "searches.log").rename(index.root() / "searches.taken")
    with (index.root() / "searches.taken").open("a") as file:
        file.write('["2026-11-1')
    assert counting.gather(DAY) == 1


def test_a_file_too_large_and_an_absent_folder_cost_no_page(settings, monkeypatch):
    monkeypatch.setattr(spool, "LARGEST_FILE", 60)
    for _ in range(10):
        counting.note("xylophone", True, DAY)
    assert counting.gather(DAY) < 4
    settings.INDEX_FOLDER = settings.INDEX_FOLDER / "nowhere"
    counting.note("xylophone", True, DAY)


def test_rare_texts_go_soon_and_old_counts_at_last():
    for week, text, times in ((40, "rare", 1), (40, "", 9), (40, "souvent", 5), (800, "", 9)):
        SearchCount.objects.create(week=MONDAY - timedelta(days=week), text=text, times=times)
    counting.note("robot", False, DAY)
    counting.gather(DAY)
    assert {text for _, text in _rows()} == {"", "souvent"}
    assert min(week for week, text in _rows() if text) > DAY - counting.KEPT
    assert min(week for week, _ in _rows()) < DAY - counting.KEPT, "how many were made, nobody's words, stays"


def test_the_bureau_reads_what_was_asked_for_several_times(sign_in):
    week = counting.week_of(timezone.localdate())
    SearchCount.objects.create(week=week, text="", times=12)
    SearchCount.objects.create(week=week, text="xylophone <b>", times=3)
    SearchCount.objects.create(week=week - timedelta(weeks=1), text="quokka", times=2)
    SearchCount.objects.create(week=week, text="quokka", times=2)
    SearchCount.objects.create(week=week, text="une fois", times=2)
    html = sign_in("bureau").get("/pilotage/recherches").content.decode()
    assert html.index("quokka") < html.index("xylophone &lt;b&gt;")
    assert "une fois" not in html.replace("une fois tapé", "")
    assert "?q=xylophone%20%3Cb%3E" in html
    assert "12\xa0recherches" in html
    assert [one.text for one in queries.looked_for(timezone.localdate(), 1).lacking] == ["xylophone <b>"]


def test_others_do_not(sign_in):
    assert sign_in("dan.lyon").get("/pilotage/recherches").status_code == 403


def test_the_public_page_counts_a_whole_search_and_no_letter_of_it(client):
    index.rebuild()
    client.get("/recherche?q=xylophone+baroque")
    client.get("/recherche?q=xylophone", headers={"HX-Request": "true", "HX-Trigger": "recherche"})
    client.get("/recherche?q=intelligence")
    client.get("/recherche?q=quokka&academie=10")
    counting.gather(timezone.localdate())
    week = counting.week_of(timezone.localdate())
    assert _rows() == {(week, ""): 3, (week, "xylophone baroque"): 1}
