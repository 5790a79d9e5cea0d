"""Every dossier of every edition breaches exactly what it declares, and every rule is proved both ways."""

import re
from datetime import date

import pytest

from traam.editions import FOLDER, book, books
from traam.engines.rulebook import TOPICS, Example, Rulebook, check_examples

EDITIONS = list(books())
EXAMPLES = [
    pytest.param(found, example, id=f"{found.id}: {example.title}")
    for found in books().values()
    for example in found.examples
]


@pytest.fixture(params=EDITIONS)
def edition(request: pytest.FixtureRequest) -> Rulebook:
    return book(request.param)


def test_the_four_editions_are_there_the_oldest_first() -> None:
    years = [found.edition.id[-4:] for found in books().values()]
    assert {"2008", "2014", "2020", "2022"} <= set(years)
    assert years == sorted(years)


def test_an_unknown_edition_is_a_key_error() -> None:
    for stranger in ("traam-1999", "../editions/traam-2022", ""):
        with pytest.raises(KeyError):
            book(stranger)


@pytest.mark.parametrize(("found", "example"), EXAMPLES)
def test_an_example_breaches_exactly_what_it_declares(found: Rulebook, example: Example) -> None:
    breaches = found.breaches(example.subject, example.facts)
    assert {breach.rule_id for breach in breaches} == set(example.breaches)
    if example.articles:
        assert {breach.article for breach in breaches} == set(example.articles)


def test_every_rule_is_met_by_an_example_and_breached_by_another(edition: Rulebook) -> None:
    findings = [finding for e in edition.examples for finding in edition.judge(e.subject, e.facts)]
    every_rule = {rule.id for rule in edition.rules}
    assert {finding.rule_id for finding in findings if finding.met} == every_rule
    assert {finding.rule_id for finding in findings if not finding.met} == every_rule


def test_the_examples_agree_with_the_rules(edition: Rulebook) -> None:
    assert check_examples(edition) == []
    assert len(edition.examples) >= 8


def test_every_number_is_used_or_belongs_to_a_later_step(edition: Rulebook) -> None:
    used = {name for rule in edition.rules for name in rule.limits} | {f.limit for f in edition.application_fields}
    assert set(edition.limits) - used <= {"payments"}


def test_what_is_cited_is_written(edition: Rulebook) -> None:
    cited = {rule.article for rule in edition.rules} | {limit.article for limit in edition.limits.values()}
    cited |= {milestone.article for milestone in edition.milestones}
    cited |= {field.article for field in edition.application_fields}
    cited |= {kind.article for kind in edition.production_kinds}
    cited |= {edition.selection.article} | {criterion.article for criterion in edition.selection.criteria}
    cited |= {setting.article for setting in edition.selection.proposal.settings.values()}
    cited |= {edition.topic(topic).anchor for topic in TOPICS}
    for anchor in cited:
        assert edition.article(anchor).markdown, f"{anchor} has no text"


def test_what_the_platform_adds_is_marked_in_the_article_cited(edition: Rulebook) -> None:
    """A date the text does not state, or a licence it does not ask for, must not pass for the text."""
    whole = (FOLDER / edition.id / "text.md").read_text(encoding="utf-8")
    assert whole.count("> **Usage de la plateforme.**") >= 3
    licence = [rule for rule in edition.rules if rule.fact == "licence"]
    assert all("Usage de la plateforme" in edition.article(rule.article).markdown for rule in licence)


def test_the_sentences_are_well_set(edition: Rulebook) -> None:
    for example in edition.examples:
        for breach in edition.breaches(example.subject, example.facts):
            assert breach.sentence.endswith(f" (article {breach.article}).")
            assert breach.todo.endswith(".")
            assert not re.search(r"[{}]|\brien\b", breach.label + breach.sentence + breach.todo)


# How the dossiers are judged, and the article each screen opens.

# The parts of the work no text speaks of, whatever the edition: only an own passage can answer.
SILENT = ("amendment", "opinion", "selection", "announcement", "review")


def test_no_criterion_passes_for_the_text(edition: Rulebook) -> None:
    assert "ni critères ni échelle" in edition.article(edition.selection.article).markdown


@pytest.mark.parametrize("topic", SILENT)
def test_where_the_text_says_nothing_the_article_opened_says_what_is_done(edition: Rulebook, topic: str) -> None:
    assert "Usage de la plateforme" in edition.topic(topic).markdown


def test_every_edition_answers_for_the_same_parts_of_the_work(edition: Rulebook) -> None:
    assert set(edition.topics) == set(TOPICS)
    assert edition.topic("opinion").anchor == edition.topic("selection").anchor == edition.selection.article
    with pytest.raises(KeyError, match="vouliez-vous dire « renewal »"):
        edition.topic("renewals")


def test_every_field_of_the_form_opens_an_article(edition: Rulebook) -> None:
    for field in edition.application_fields:
        article = edition.field_article(field.id)
        assert article is not None and article.anchor == field.article
    assert edition.field_article("shoe_size") is None


def test_readers_have_four_words_and_one_plain_question_for_each_criterion(edition: Rulebook) -> None:
    selection = edition.selection
    words = [(1, "Défavorable"), (2, "Réservé"), (3, "Favorable"), (4, "Très favorable")]
    assert [(mark.value, mark.label) for mark in selection.marks] == words
    assert {"theme", "digital", "team", "reach"} <= {criterion.id for criterion in selection.criteria}
    assert all(len(criterion.question) <= 110 for criterion in selection.criteria)
    assert (selection.blind, selection.readers_min) == (False, 2)
    for mark in selection.marks:
        assert selection.score({criterion.id: mark.value for criterion in selection.criteria}) == 100 * mark.value


def test_the_proposal_keeps_to_the_numbers_of_the_text(edition: Rulebook) -> None:
    proposal = edition.selection.proposal
    named = {"places": "teams_total", "academies_most": "academies_per_theme_max"}
    named["continuing_least"] = "continuing_academies_min"
    for name, limit in named.items():
        setting, written = proposal.settings.get(name), edition.limit(limit)
        assert (setting and (setting.value, setting.limit)) == (written and (written.value, limit))
    assert (proposal.academies_least.value, proposal.per_region_most.value) == (3, 2)


# What the four generations say, number by number.


@pytest.mark.parametrize(
    ("edition_id", "limit", "value"),
    [
        ("aam-2008", "teachers_min", 2),
        ("aam-2008", "academies_per_theme_max", None),
        ("aam-2008", "payments", None),
        ("traam-2014", "academies_per_theme_max", 8),
        ("traam-2014", "pairing_min", 1),
        ("traam-2014", "pairing_max", 2),
        ("traam-2014", "teachers_min", 3),
        ("traam-2014", "payments", 2),
        ("traam-2020", "teachers_min", 3),
        ("traam-2020", "in_person_meetings_min", 2),
        ("traam-2020", "description_max_chars", 1000),
        ("traam-2020", "academies_per_theme_max", None),
        ("traam-2022", "academies_per_theme_max", 6),
        ("traam-2022", "continuing_academies_min", 3),
        ("traam-2022", "teams_total", 100),
        ("traam-2022", "teachers_min", 3),
    ],
)
def test_the_numbers_of_the_texts(edition_id: str, limit: str, value: int | None) -> None:
    found = book(edition_id).limit(limit)
    assert (found.value if found else None) == value


@pytest.mark.parametrize(
    ("edition_id", "milestone", "first_year", "day"),
    [
        ("aam-2008", "first_meeting", 2008, date(2008, 10, 31)),
        ("traam-2014", "payment_2", 2015, date(2016, 6, 30)),
        ("traam-2020", "applications_due", 2020, date(2020, 10, 3)),
        ("traam-2022", "call_opens", 2026, date(2026, 3, 15)),
        ("traam-2022", "applications_due", 2026, date(2026, 5, 15)),
        ("traam-2022", "selection", 2026, date(2026, 6, 15)),
        ("traam-2022", "year2_call_opens", 2026, date(2027, 3, 15)),
        ("traam-2022", "end", 2026, date(2028, 6, 30)),
    ],
)
def test_the_dates_of_the_texts(edition_id: str, milestone: str, first_year: int, day: date) -> None:
    found = book(edition_id).milestone(milestone)
    assert found is not None
    assert found.on(first_year) == day


@pytest.mark.parametrize(
    ("edition_id", "kinds"),
    [
        ("aam-2008", ["scenario"]),
        ("traam-2014", ["scenario", "bilan"]),
        ("traam-2020", ["article", "scenario"]),
        ("traam-2022", ["scenario", "module", "bilan", "support"]),
    ],
)
def test_the_productions_of_the_texts(edition_id: str, kinds: list[str]) -> None:
    assert [kind.id for kind in book(edition_id).production_kinds] == kinds


def test_how_long_a_theme_lasts() -> None:
    durations = {name: found.edition.duration_years for name, found in books().items()}
    expected = {"aam-2008": 1, "traam-2014": 1, "traam-2020": 1, "traam-2022": 2}
    assert expected.items() <= durations.items()


def test_one_dossier_is_judged_by_the_rules_of_its_time() -> None:
    """The same theme of seven academies: too many since 2022, allowed before."""
    facts = {"academies": 7, "continuing_academies": 0, "year": 1, "experts": 1, "general_inspectors": 1}
    facts |= {"associates_per_academy_min": 1, "associates_per_academy_max": 2}
    assert [b.rule_id for b in book("traam-2022").breaches("theme", facts)] == ["theme-academies-max"]
    assert book("traam-2014").breaches("theme", facts) == ()


@pytest.mark.parametrize(
    ("edition", "article"), [("aam-2008", "B.8"), ("traam-2014", "B.9"), ("traam-2020", ""), ("traam-2022", "")]
)
def test_minutes_go_on_line_where_an_article_says_so(edition: str, article: str) -> None:
    found = book(edition)
    assert found.public_minutes == article
    assert not article or "en ligne" in " ".join(found.article(article).markdown.split())
