"""The checks against pages that a person judged: what they reach may not be lowered without anybody noticing."""

from collections import Counter

import pytest

from bench import audit


@pytest.fixture(scope="module")
def pages() -> list[audit.Judged]:
    return [page for half in audit.HALVES for page in audit.read(half)]


def test_each_expectation_names_a_check_of_pages(pages: list[audit.Judged]) -> None:
    known = set(audit.OF_A_PAGE)
    strangers = {page.name: page.told | page.silent | page.tempts for page in pages}
    assert {name: codes - known for name, codes in strangers.items() if codes - known} == {}


def test_no_expectation_is_said_twice(pages: list[audit.Judged]) -> None:
    for page in pages:
        lists = [page.fault, page.review, page.signalled, page.silent]
        assert sum(map(len, lists)) == len(frozenset().union(*lists)), page.name


def test_no_page_tempts_with_what_it_is_guilty_of(pages: list[audit.Judged]) -> None:
    guilty = {page.name: page.tempts & (page.told | page.silent) for page in pages}
    assert {name: codes for name, codes in guilty.items() if codes} == {}


@pytest.mark.parametrize("half", audit.HALVES)
def test_each_page_is_judged_once_and_each_judgement_has_its_page(half: str) -> None:
    judged = Counter(page.name for page in audit.read(half))
    assert set(judged.values()) == {1}
    assert set(judged) == {path.stem for path in (audit.PAGES / half).glob("*.html")}


def test_the_set_is_large_enough_to_say_something(pages: list[audit.Judged]) -> None:
    guilty = Counter(code for page in pages for code in page.told)
    tempting = Counter(code for page in pages for code in page.tempts)
    assert all(guilty[code] >= 15 and tempting[code] >= 30 for code in audit.BLOCKING)
    assert min(guilty[code] for code in audit.OF_A_PAGE) >= 4
