import time
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from traam import reference
from traam.engines.search import lexicon
from traam.programme.catalogue import actions, index, queries
from traam.programme.catalogue.models import Notice
from traam.programme.people.models import Person
from traam.programme.productions.models import Scenario

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_index(settings, tmp_path):
    settings.INDEX_FOLDER = tmp_path / "index"


def _notice(**fields):
    values = {"source_key": f"history:t{Notice.objects.count()}", "datestamp": timezone.now(), **fields}
    made = Notice.objects.create(**values)
    actions.note_changes([made])
    index.update()
    return made


def _values(found, facet):
    return {choice.value: choice.count for choice in found.facets[facet]}


def test_facets_ignore_their_own_choice_and_obey_the_others():
    every = _values(queries.find("", {}), "discipline")
    found = queries.find("", {"discipline": ["SVT"]})
    assert found.total == every["SVT"]
    assert _values(found, "discipline") == every
    assert sum(_values(found, "annee").values()) == found.total


def test_a_level_is_found_under_what_contains_it_and_under_its_cycle():
    made = _notice(title="Zéphyr au laboratoire", levels=["023"])  # 3e
    for level in ("023", "016", "621"):  # 3e, collège, cycle 4
        assert [hit.notice for hit in queries.find("zéphyr", {"niveau": [level]}).hits] == [made], level
    assert queries.find("zéphyr", {"niveau": ["142"]}).total == 0


def test_the_levels_are_a_tree_read_from_the_top_without_empty_headings():
    _notice(title="a", levels=["018", "201", "620"])
    drawn = [(c.value, c.depth) for c in queries.find("", {}).facets["niveau"]]
    values = [value for value, _ in drawn]
    assert drawn[values.index("016")] == ("016", 0)
    assert drawn[values.index("016") + 1] == ("018", 1)
    assert values.index("201") == values.index("088") + 1
    assert dict(drawn)["201"] == 2
    assert not index.HEADINGS & set(values)


def test_what_a_former_academy_made_is_found_under_its_successor():
    made = _notice(title="Falaises de craie", academies=["05"])  # Caen
    for code in ("05", "70"):
        assert [hit.notice for hit in queries.find("falaises", {"academie": [code]}).hits] == [made]
    found, _ = queries.of_academy(reference.academies()["70"])
    assert made in [hit.notice for hit in found.hits]


def test_years_come_latest_first_and_what_is_unknown_last():
    years = [choice.value for choice in queries.find("", {}).facets["annee"]]
    assert years[-1] == "avant 2021"
    assert years[:-1] == sorted(years[:-1], key=queries.years_order)
    assert years.index("2024-2025") < years.index("2023-2025") < years.index("2023-2024")
    assert all(notice.years != "avant 2021" for notice in queries.latest(20))


def test_the_title_of_the_theme_is_searched_too():
    found = queries.find("service de l'esprit critique", {"academie": ["10"]})
    assert [hit.notice.title[:24] for hit in found.hits] == ["Enquêter sur une image g"]


def test_a_year_typed_as_a_word_finds_its_notices():
    made = _notice(title="Orgue de barbarie", years="2009-2010")
    for typed in ("orgue 2009", "orgue 2010", "orgue 2009-2010"):
        found = queries.find(typed, {})
        assert ([hit.notice for hit in found.hits], found.relaxed) == ([made], False)


def test_values_that_mean_nothing_are_dropped():
    strangers = {"discipline": ["NOPE"], "niveau": [""], "annee": ["x" * 61], "teste": ["peut-être"], "etat": ["x"]}
    found = queries.find("", strangers)
    assert found.chosen == {}
    assert found.total == Notice.objects.filter(state="published").count()


def test_a_page_past_the_last_gives_the_last():
    found = queries.find("", {}, page=99)
    assert found.page == found.pages == 3
    assert len(found.hits) == found.total - 2 * queries.PAGE_SIZE


def test_a_search_without_a_word_says_so():
    assert queries.find("le de la", {}).wordless
    assert not queries.find("robot", {}).wordless
    assert not queries.find("  ", {}).wordless


def test_the_ways_out_of_an_empty_search_are_counted():
    found = queries.find("IA", {"academie": ["10"], "annee": ["2011-2012"]})
    assert found.total == 0
    assert [(way.facet, way.labels, way.total) for way in queries.ways_out(found)] == [("annee", ("2011-2012",), 1)]


@pytest.mark.parametrize(
    ("asked", "as_well"),
    [
        ("IA", "l'intelligence artificielle"),
        ("élèves", "eleve"),
        ("6eme", "sixième"),
        ("maths", "mathématiques"),
        ("jeu sérieux", "jeux serieux"),
        ("vidéos", "video"),
        ("évaluation", "evaluer"),
    ],
)
def test_french_words_are_one_however_written(asked, as_well):
    first, second = queries.find(asked, {}), queries.find(as_well, {})
    assert first.total > 0
    assert {hit.notice.pk for hit in first.hits} == {hit.notice.pk for hit in second.hits}


def test_a_typing_error_is_forgiven_and_said():
    found = queries.find("inteligence artificielle", {})
    assert found.corrected == "intelligence artificielle"
    assert found.total == queries.find("intelligence artificielle", {}).total


def test_a_released_scenario_is_found_and_a_withdrawn_one_is_not():
    at = timezone.now()
    scenario = Scenario.objects.get(title__startswith="Enquêter sur une image")
    actor = Person.objects.get(email="inspecteur.lyon@demo.traam.invalid")
    notice = queries.notice_of_scenario(scenario.pk)
    assert notice in [hit.notice for hit in queries.find("image générée", {}).hits]
    actions.withdraw(scenario, reason="Droits d'une image", actor=actor, at=at + timedelta(hours=1))
    assert index.update() == 1
    assert queries.find("image générée", {"academie": ["10"]}).total == 0
    assert queries.notice(notice.pk).state == "withdrawn"
    assert notice.pk not in [n.pk for n in queries.latest(50)]


def test_a_change_is_applied_once_and_in_order():
    assert index.update() >= 0
    assert index.update() == 0
    made = _notice(title="Quokka en balade")
    assert queries.find("quokka", {}).total == 1
    made.title = "Wombat en balade"
    made.save()
    actions.note_changes([made])
    assert index.update() == 1
    assert queries.find("quokka", {}).total == 0
    assert queries.find("wombat", {}).total == 1


@pytest.mark.parametrize("what", ["worked", "resisted", "advice"])
def test_what_a_class_test_says_is_searched(what):
    test = {
        "academy": "10",
        "level": "023",
        "worked": "",
        "resisted": "",
        "advice": "",
        what: "Gare aux ornithorynques",
    }
    made = _notice(title="Un essai", tests=[test])
    assert [hit.notice for hit in queries.find("ornithorynque", {}).hits] == [made]


def test_a_class_is_found_by_the_name_of_what_contains_it():
    made = _notice(title="Ornithorynques", levels=["023"])  # 3e
    assert [hit.notice for hit in queries.find("ornithorynque collège", {}).hits] == [made]


def test_an_index_of_another_analysis_is_rebuilt_by_the_next_update(monkeypatch):
    made = _notice(title="Quokka en balade")
    before = index.current().folder
    assert index.update() == 0
    monkeypatch.setattr("traam.engines.search.analysis.VERSION", "another")
    assert index.update() == Notice.objects.filter(state="published").count()
    assert index.current().folder != before
    assert [hit.notice for hit in queries.find("quokka", {}).hits] == [made]
    assert index.update() == 0


def test_readers_follow_a_rebuild():
    assert queries.find("quokka", {}).total == 0
    index.rebuild()
    _notice(title="Quokka en balade")
    assert queries.find("quokka", {}).total == 1


def test_any_word_of_the_lexicon_changes_the_version(monkeypatch):
    before = lexicon.digest()
    for table in ("ACRONYMS", "SYNONYMS", "WIDER", "LEVELS"):
        with monkeypatch.context() as patch:
            patch.setitem(getattr(lexicon, table), "quokka", ("wallaby",))
            assert lexicon.digest() != before
    assert lexicon.digest() == before


def test_a_search_costs_one_query(django_assert_num_queries):
    index.current()
    with django_assert_num_queries(1):
        queries.find("élèves", {"discipline": ["SVT"]})


@pytest.mark.django_db(transaction=True)
def test_what_is_released_is_indexed_while_the_worker_does_something_else(demonstration, settings):
    before = index.current().mark
    with index.followed(every=0.01):
        notice = Notice.objects.filter(state="published").order_by("pk")[0]
        notice.title = "Un zygomorphe en classe"
        with transaction.atomic():
            notice.save()
            actions.note_changes([notice])
        until = time.monotonic() + 10
        while index.mark() == before and time.monotonic() < until:
            time.sleep(0.01)  # the worker is busy
    assert queries.find("zygomorphe", {}).total == 1
