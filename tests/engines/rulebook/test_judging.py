from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from traam.editions import books
from traam.engines.rulebook import SUBJECTS, Facts, Rulebook, UnknownFact, check_examples, load, load_all
from traam.engines.rulebook.facts import Fact, Kind

Writer = Callable[..., Path]
GROUP: Facts = {"degree": "second", "teachers": 3, "dasen_agreement": False}


@pytest.fixture
def book(write_edition: Writer) -> Rulebook:
    return load(write_edition())


def test_a_new_edition_is_a_new_folder(book: Rulebook) -> None:
    (breach,) = book.breaches("group", GROUP)
    assert (breach.rule_id, breach.fact, breach.actual, breach.expected) == ("group-teachers", "teachers", 3, 4)
    assert breach.label == "Au moins 4\u00a0enseignants"
    assert breach.sentence == "Le groupe compte 3\u00a0enseignants, au lieu de 4 (article A.1)."
    assert (breach.todo, breach.due, breach.blocking) == ("Ajoutez des enseignants.", "launch", True)


def test_other_numbers_give_another_answer_and_another_sentence(write_edition: Writer) -> None:
    book = load(write_edition(("rules.toml", "value = 4", "value = 3")))
    (finding,) = book.judge("group", GROUP)
    assert finding.met
    assert finding.label == "Au moins 3\u00a0enseignants"


def test_a_rule_that_is_met_says_nothing_is_wrong(book: Rulebook) -> None:
    (finding,) = book.judge("group", {**GROUP, "teachers": 4})
    assert (finding.met, finding.message, finding.todo, finding.sentence) == (True, "", "", "")


def test_a_rule_whose_condition_does_not_hold_gives_no_finding(book: Rulebook) -> None:
    assert [f.rule_id for f in book.judge("group", GROUP)] == ["group-teachers"]
    mixed = {**GROUP, "degree": "mixte"}
    assert [f.rule_id for f in book.judge("group", mixed)] == ["group-teachers", "group-dasen"]


def test_two_facts_are_compared_and_dated_in_french(book: Rulebook) -> None:
    late = {"submitted_on": date(2030, 4, 11), "due_on": date(2030, 4, 10)}
    (breach,) = book.breaches("application", late)
    assert breach.message == "Remontée le 11\u00a0avril 2030, après le 10\u00a0avril 2030."
    assert book.breaches("application", {**late, "submitted_on": None}) == ()


def test_a_rule_can_be_told_without_a_dossier(book: Rulebook) -> None:
    assert [rule.asked for rule in book.rules_on("application")] == ["À temps, le dernier jour de remontée"]
    assert [rule.asked for rule in book.rules_on("group")][0] == "Au moins 4\u00a0enseignants"


def test_a_subject_without_rules_has_no_finding(book: Rulebook) -> None:
    assert book.judge("campaign", {}) == ()


@pytest.mark.parametrize(
    ("subject", "facts", "reason"),
    [
        ("groupe", GROUP, "group"),
        ("group", {**GROUP, "teacher": 3}, "group.teacher.*« teachers »"),
        ("group", {"degree": "second", "teachers": 3}, "il manque dasen_agreement"),
        ("group", {**GROUP, "teachers": "3"}, "n'est pas de type « nombre entier »"),
        ("group", {**GROUP, "teachers": True}, "n'est pas de type « nombre entier »"),
    ],
)
def test_a_mistake_of_the_program_is_told(book: Rulebook, subject: str, facts: Facts, reason: str) -> None:
    with pytest.raises(UnknownFact, match=reason):
        book.judge(subject, facts)


def test_what_a_book_holds(book: Rulebook) -> None:
    assert book.id == "essai-2030"
    assert [article.anchor for article in book.articles] == ["A.1", "B.2"]
    assert (book.article("B.2").title, book.article("B.2").markdown) == ("Les thèmes", "Deux à cinq académies.")
    limit, milestone, kind = book.limit("teachers_min"), book.milestone("end"), book.production_kind("carnet")
    assert limit is not None and limit.value == 4
    assert milestone is not None and milestone.on(2030) == date(2030, 9, 10)
    assert kind is not None and kind.label == "Carnet"
    assert (book.limit("teams"), book.milestone("fête"), book.production_kind("film")) == (None, None, None)
    assert [field.id for field in book.application_fields] == ["titles"]
    with pytest.raises(KeyError):
        book.article("Z.9")


def test_a_year_offset_moves_a_milestone_to_a_later_year(write_edition: Writer) -> None:
    change = ("rules.toml", 'when = "09-10"', 'when = "06-30"\nyear_offset = 2')
    end = load(write_edition(change)).milestone("end")
    assert end is not None and end.on(2030) == date(2032, 6, 30)


def test_all_the_folders_are_loaded_by_id(write_edition: Writer) -> None:
    folder = write_edition()
    (folder.parent / "notes").mkdir()
    assert list(load_all(folder.parent)) == ["essai-2030"]


def test_the_examples_of_a_good_edition_agree_with_its_rules(book: Rulebook) -> None:
    assert check_examples(book) == []


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('["group-teachers", "group-dasen"]', '["group-teachers"]', "enfreint aussi « group-dasen »"),
        ("facts = { academies = 6 }", "facts = { academies = 2 }", "n'enfreint pas « theme-academies »"),
        (
            "facts = { academies = 6 }",
            "facts = { academies = 2 }",
            "aucun exemple n'enfreint la règle « theme-academies »",
        ),
        (
            'facts = { kind = "carnet" }',
            'facts = { kind = "f" }',
            "aucun exemple ne respecte la règle « production-kind »",
        ),
        ('articles = ["A.1"]', 'articles = ["B.2"]', "articles enfreints\u00a0: « A.1 »"),
    ],
)
def test_an_example_that_contradicts_the_rules_is_told(write_edition: Writer, old: str, new: str, reason: str) -> None:
    problems = check_examples(load(write_edition(("examples.toml", old, new))))
    assert any(reason in str(problem) for problem in problems), problems


def _values(fact: Fact) -> st.SearchStrategy[object]:
    kinds: dict[Kind, st.SearchStrategy[object]] = {
        Kind.TEXT: st.sampled_from(fact.choices) if fact.choices else st.text(max_size=8),
        Kind.WHOLE: st.integers(-5, 2000),
        Kind.FLAG: st.booleans(),
        Kind.DAY: st.dates(),
        Kind.LIST: st.lists(st.text(max_size=4) | st.integers(0, 9), max_size=3),
    }
    return st.none() | kinds[fact.kind]


DOSSIERS = st.sampled_from(sorted(SUBJECTS)).flatmap(
    lambda subject: st.tuples(
        st.just(subject), st.fixed_dictionaries({name: _values(fact) for name, fact in SUBJECTS[subject].items()})
    )
)


@settings(deadline=None)
@given(DOSSIERS, st.sampled_from(sorted(books())))
def test_any_well_typed_dossier_can_be_judged(dossier: tuple[str, Facts], edition_id: str) -> None:
    subject, facts = dossier
    book = books()[edition_id]
    findings = book.judge(subject, facts)
    assert book.breaches(subject, facts) == tuple(finding for finding in findings if not finding.met)
    for finding in findings:
        assert finding.label
        assert bool(finding.sentence) is bool(finding.todo) is not finding.met
