"""Long harvests: nothing is lost while records change, and tokens cannot be made up."""

from datetime import timedelta

import pytest
from oaipmh_bench import (
    NOW,
    OAI,
    SECRET,
    ask,
    codes,
    harvest,
    headers,
    identifier,
    identifiers,
    provider,
    shelf,
    token,
)

IDS = "verb=ListIdentifiers metadataPrefix=oai_dc"


@pytest.mark.parametrize("verb", ["ListIdentifiers", "ListRecords"])
def test_a_harvest_sees_every_record_once(verb: str) -> None:
    roots = harvest(provider(shelf(205)), f"verb={verb} metadataPrefix=oai_dc")
    assert [name for root in roots for name in identifiers(root)] == [identifier(number) for number in range(205)]


def test_nothing_is_lost_when_records_change_during_the_harvest() -> None:
    kept = shelf(500)
    last_seen: dict[str, str | None] = {}
    for number, root in enumerate(harvest(provider(kept), IDS)):
        last_seen |= dict(zip(identifiers(root), (header.get("status") for header in headers(root)), strict=True))
        if number == 3:  # some already sent, some not
            for touched in range(120):
                kept.touch(identifier(touched), NOW)
        if number == 6:
            for deleted in range(50, 91):
                kept.delete(identifier(deleted), NOW + timedelta(seconds=1))
    assert set(last_seen) == set(kept.records)
    assert last_seen == {name: "deleted" if record.deleted else None for name, record in kept.records.items()}


def test_a_record_that_leaves_the_window_does_not_hide_another() -> None:
    kept = shelf(40)
    seen: set[str] = set()
    for number, root in enumerate(harvest(provider(kept), f"{IDS} until=2025-01-31")):
        seen |= set(identifiers(root))
        if number == 0:
            for touched in range(15):
                kept.touch(identifier(touched), NOW)
    assert seen >= {identifier(number) for number in range(15, 40)}


def test_a_list_emptied_during_the_harvest_ends_with_an_error_of_the_protocol() -> None:
    kept = shelf(12)
    asked = provider(kept)
    given = token(ask(asked, f"{IDS} until=2025-01-31"))
    for number in (10, 11):
        kept.touch(identifier(number), NOW)
    assert codes(ask(asked, f"verb=ListIdentifiers resumptionToken={given}")) == {"noRecordsMatch"}


def test_a_page_can_be_asked_again() -> None:
    asked = provider(shelf(30))
    query = f"verb=ListIdentifiers resumptionToken={token(ask(asked, IDS))}"
    assert identifiers(ask(asked, query)) == identifiers(ask(asked, query)) == [identifier(n) for n in range(10, 20)]


def resume(
    given: str, *, verb: str = "ListIdentifiers", secret: bytes = SECRET, later: timedelta = timedelta()
) -> object:
    return codes(ask(provider(shelf(30), secret=secret), [("verb", verb), ("resumptionToken", given)], NOW + later))


def test_a_token_holds_across_processes_with_the_same_secret_until_it_expires() -> None:
    given = token(ask(provider(shelf(30)), IDS))
    assert resume(given, later=timedelta(days=1) - timedelta(seconds=1)) == set()
    assert resume(given, later=timedelta(days=1)) == {"badResumptionToken"}


def test_a_token_of_another_verb_or_secret_is_refused() -> None:
    given = token(ask(provider(shelf(30)), IDS))
    assert resume(given, verb="ListRecords") == {"badResumptionToken"}
    assert resume(given, secret=b"another") == {"badResumptionToken"}


def test_a_token_with_any_character_changed_is_refused() -> None:
    given = token(ask(provider(shelf(30)), IDS))
    for place in range(len(given)):
        other = "A" if given[place] != "A" else "B"
        assert resume(given[:place] + other + given[place + 1 :]) == {"badResumptionToken"}, place
    for spelled in (given + "=", given + ".", given[:-1], " " + given, given.upper(), given.replace(".", "")):
        assert resume(spelled) == {"badResumptionToken"}


@pytest.mark.parametrize("noise", ["\ud800", "\ud800.", ".\ud800", "é.é", "\x00.\x00", "." * 50, "W10.W10"])
def test_noise_is_refused_as_a_token(noise: str) -> None:
    assert resume(noise) == {"badResumptionToken"}


def test_a_refused_token_says_what_to_do() -> None:
    root = ask(provider(shelf(30)), "verb=ListIdentifiers resumptionToken=x")
    assert root.findtext(f"{OAI}error") == (
        "Ce jeton de reprise n'a pas été émis par cet entrepôt. Reprenez la liste au début, sans jeton."
    )
