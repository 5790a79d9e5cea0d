"""The rules of OAI-PMH 2.0, one line each."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from lxml import etree
from oaipmh_bench import (
    FORMAT,
    NO_SCHEMAS,
    NOW,
    OAI,
    START,
    Shelf,
    ask,
    codes,
    echoed,
    harvest,
    headers,
    identifier,
    identifiers,
    pairs,
    part,
    provider,
    schemas,
    shelf,
    token,
)

from traam.engines.oaipmh import BrokenRepository, Page, Provider, Record

ONE = identifier(1)
LIST = "verb=ListRecords metadataPrefix=oai_dc"
IDS = "verb=ListIdentifiers metadataPrefix=oai_dc"


def test_every_answer_is_checked_against_the_schemas() -> None:
    schema = schemas()
    if schema is None:
        pytest.skip(NO_SCHEMAS)
    with pytest.raises(etree.DocumentInvalid):
        schema.assertValid(etree.fromstring(b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"/>'))


REFUSED = [
    ("", "badVerb"),
    ("verb=", "badVerb"),
    ("verb=Nothing", "badVerb"),
    ("verb=identify", "badVerb"),
    ("verb=Identify verb=Identify", "badVerb"),
    ("verb=Identify verb=ListSets", "badVerb"),
    ("metadataPrefix=oai_dc", "badVerb"),
    ("verb=Identify metadataPrefix=oai_dc", "badArgument"),
    ("verb=Identify identifier=x", "badArgument"),
    ("verb=Identify Verb=Identify", "badArgument"),
    ("verb=Identify resumptionToken=x", "badArgument"),
    ("verb=ListMetadataFormats metadataPrefix=oai_dc", "badArgument"),
    ("verb=ListMetadataFormats identifier=", "badArgument"),
    ("verb=ListMetadataFormats identifier=a identifier=a", "badArgument"),
    ("verb=ListMetadataFormats identifier=oai:unknown.org:1", "idDoesNotExist"),
    ("verb=ListMetadataFormats identifier=unknown", "idDoesNotExist"),
    ("verb=ListSets set=theme", "badArgument"),
    ("verb=ListSets resumptionToken=x", "badResumptionToken"),
    ("verb=ListSets resumptionToken=", "badResumptionToken"),
    ("verb=GetRecord", "badArgument"),
    ("verb=GetRecord metadataPrefix=oai_dc", "badArgument"),
    (f"verb=GetRecord identifier={ONE}", "badArgument"),
    (f"verb=GetRecord identifier={ONE} metadataPrefix=", "badArgument"),
    (f"verb=GetRecord identifier={ONE} metadataPrefix=oai/dc", "badArgument"),
    (f"verb=GetRecord identifier={ONE} metadataPrefix=oai_dc from=2025-01-01", "badArgument"),
    (f"verb=GetRecord identifier={ONE} metadataPrefix=oai_dc metadataPrefix=oai_dc", "badArgument"),
    (f"verb=GetRecord identifier={ONE} metadataPrefix=marc21", "cannotDisseminateFormat"),
    (f"verb=GetRecord identifier={ONE} metadataPrefix=OAI_DC", "cannotDisseminateFormat"),
    ("verb=GetRecord identifier=oai:unknown.org:1 metadataPrefix=oai_dc", "idDoesNotExist"),
    ('verb=GetRecord identifier="<> metadataPrefix=oai_dc', "badArgument"),
    ("verb=GetRecord identifier=%zz metadataPrefix=oai_dc", "badArgument"),
    ("verb=GetRecord identifier=a:b#c#d metadataPrefix=oai_dc", "badArgument"),
    ("verb=GetRecord identifier=http://a:b metadataPrefix=oai_dc", "badArgument"),
    *[
        (f"verb={verb} {rest}", code)
        for verb in ("ListRecords", "ListIdentifiers")
        for rest, code in (
            ("", "badArgument"),
            ("from=2025-01-01", "badArgument"),
            ("metadataPrefix=oai_dc metadataPrefix=oai_dc", "badArgument"),
            ("metadataPrefix=oai_dc identifier=x", "badArgument"),
            ("metadataPrefix=marc21", "cannotDisseminateFormat"),
            ("metadataPrefix=oai_dc from=", "badArgument"),
            ("metadataPrefix=oai_dc from=2025", "badArgument"),
            ("metadataPrefix=oai_dc from=2025-01", "badArgument"),
            ("metadataPrefix=oai_dc from=20250101", "badArgument"),
            ("metadataPrefix=oai_dc from=2025-02-30", "badArgument"),
            ("metadataPrefix=oai_dc from=0000-01-01", "badArgument"),
            ("metadataPrefix=oai_dc from=٢٠٢٥-01-01", "badArgument"),
            ("metadataPrefix=oai_dc until=2025-01-01T10:00Z", "badArgument"),
            ("metadataPrefix=oai_dc until=2025-01-01T10:00:00", "badArgument"),
            ("metadataPrefix=oai_dc until=2025-01-01T10:00:00.5Z", "badArgument"),
            ("metadataPrefix=oai_dc until=2025-01-01T25:00:00Z", "badArgument"),
            ("metadataPrefix=oai_dc until=2025-01-01T10:00:00+01:00", "badArgument"),
            ("metadataPrefix=oai_dc from=2025-01-01 until=2025-01-02T00:00:00Z", "badArgument"),
            ("metadataPrefix=oai_dc from=2025-01-02 until=2025-01-01", "badArgument"),
            ("metadataPrefix=oai_dc from=2025-01-01 from=2025-01-01", "badArgument"),
            ("metadataPrefix=oai_dc until=2024-12-31", "noRecordsMatch"),
            ("metadataPrefix=oai_dc from=2025-05-01", "noRecordsMatch"),
            ("metadataPrefix=oai_dc set=theme:", "badArgument"),
            ("metadataPrefix=oai_dc set=", "badArgument"),
            ("metadataPrefix=oai_dc set=thème", "badArgument"),
            ("metadataPrefix=oai_dc set=th", "noRecordsMatch"),
            ("metadataPrefix=oai_dc set=theme:unknown", "noRecordsMatch"),
            ("metadataPrefix=oai_dc resumptionToken=x", "badArgument"),
            ("resumptionToken=x from=2025-01-01", "badArgument"),
            ("resumptionToken=x resumptionToken=x", "badArgument"),
            ("resumptionToken=", "badResumptionToken"),
            ("resumptionToken=x", "badResumptionToken"),
            ("resumptionToken=é.é", "badResumptionToken"),
        )
    ],
]


@pytest.mark.parametrize(("query", "code"), REFUSED)
def test_a_request_that_cannot_be_honoured_names_its_error(query: str, code: str) -> None:
    root = ask(provider(shelf(12)), query)
    assert codes(root) == {code}
    assert all(error.text and error.text[-1] in ".)" for error in root.iter(f"{OAI}error"))
    assert bool(echoed(root)) == (code not in ("badVerb", "badArgument"))


def test_each_thing_wrong_has_its_sentence() -> None:
    root = ask(provider(shelf(1)), "verb=GetRecord colour=red identifier=a identifier=b")
    assert len(root.findall(f"{OAI}error")) == 3  # colour is unknown, identifier repeated, metadataPrefix missing


def test_the_request_is_echoed_when_it_is_well_formed() -> None:
    root = ask(provider(shelf(3)), f"{LIST} from=2025-01-01 until=2025-01-31 set=theme:ia")
    assert part(root, "request").text == "https://traam.example.org/oai"
    assert echoed(root) == {
        "verb": "ListRecords",
        "metadataPrefix": "oai_dc",
        "from": "2025-01-01",
        "until": "2025-01-31",
        "set": "theme:ia",
    }


def test_the_answer_opens_with_its_declaration_and_date() -> None:
    answer = provider(shelf(1)).answer([("verb", "Identify")], now=NOW + timedelta(microseconds=7))
    assert answer.startswith(b"<?xml version='1.0' encoding='UTF-8'?>")
    assert etree.fromstring(answer).findtext(f"{OAI}responseDate") == "2025-06-01T12:00:00Z"


def test_the_date_of_the_answer_is_in_universal_time() -> None:
    paris = datetime.fromisoformat("2025-06-01T14:00:00+02:00")
    assert ask(provider(shelf(1)), "verb=Identify", paris).findtext(f"{OAI}responseDate") == "2025-06-01T12:00:00Z"


def test_identify() -> None:
    root = part(ask(provider(shelf(3)), "verb=Identify"), "Identify")
    said = {child.tag.removeprefix(OAI): child.text for child in root}
    assert said.pop("description") is None
    assert said == {
        "repositoryName": "Catalogue d'essai",
        "baseURL": "https://traam.example.org/oai",
        "protocolVersion": "2.0",
        "adminEmail": "catalogue@traam.example.org",
        "earliestDatestamp": "2025-01-01T00:00:00Z",
        "deletedRecord": "persistent",
        "granularity": "YYYY-MM-DDThh:mm:ssZ",
    }


def test_identify_describes_the_identifiers() -> None:
    root = ask(provider(shelf(3)), "verb=Identify")
    scheme = "{http://www.openarchives.org/OAI/2.0/oai-identifier}"
    assert root.findtext(f".//{scheme}repositoryIdentifier") == "traam.example.org"
    assert root.findtext(f".//{scheme}sampleIdentifier") == identifier(0)


@pytest.mark.parametrize("strange", ["oai:localhost:1", "https://example.org/1", "urn:uuid:1"])
def test_identifiers_of_another_form_are_not_described(strange: str) -> None:
    kept = Shelf()
    kept.put(Record(strange, 1, START, (), False, "Titre"))
    assert ask(provider(kept), "verb=Identify").find(f".//{OAI}description") is None
    assert identifiers(ask(provider(kept), f"verb=GetRecord metadataPrefix=oai_dc identifier={strange}")) == [strange]


def test_an_empty_repository_still_answers() -> None:
    empty = provider(Shelf())
    assert not codes(ask(empty, "verb=Identify"))
    assert not codes(ask(empty, "verb=ListMetadataFormats"))
    assert codes(ask(empty, "verb=ListSets")) == {"noSetHierarchy"}
    assert codes(ask(empty, f"{LIST} set=theme")) == {"noSetHierarchy"}
    assert codes(ask(empty, LIST)) == {"noRecordsMatch"}


@pytest.mark.parametrize("query", ["", f" identifier={ONE}", f" identifier={identifier(9)}"])
def test_formats_are_listed_for_all_and_for_one_even_deleted(query: str) -> None:
    root = ask(provider(shelf(10)), "verb=ListMetadataFormats" + query)
    assert [form.findtext(f"{OAI}metadataPrefix") for form in root.iter(f"{OAI}metadataFormat")] == ["oai_dc"]


def test_sets_are_listed() -> None:
    root = ask(provider(shelf(1)), "verb=ListSets")
    assert [(s[0].text, s[1].text) for s in root.iter(f"{OAI}set")] == [
        ("theme", "Thèmes"),
        ("theme:ia", "Intelligence artificielle"),
        ("theme:jeu", "Jeu"),
    ]


def test_a_living_record_is_sent_with_its_notice() -> None:
    root = ask(provider(shelf(10)), f"verb=GetRecord metadataPrefix=oai_dc identifier={ONE}")
    header = headers(root)[0]
    assert header.get("status") is None
    assert [child.text for child in header] == [ONE, "2025-01-01T00:00:00Z", "theme:jeu"]
    assert root.findtext(".//{http://purl.org/dc/elements/1.1/}title") == "Scénario n° 1"


def test_a_deleted_record_is_a_header_and_nothing_else() -> None:
    root = ask(provider(shelf(10)), f"verb=GetRecord metadataPrefix=oai_dc identifier={identifier(9)}")
    assert headers(root)[0].get("status") == "deleted"
    assert root.find(f".//{OAI}metadata") is None


def test_what_was_withdrawn_is_not_sent_even_if_the_repository_still_holds_it() -> None:
    kept = Shelf()
    kept.put(Record(ONE, 1, START, (), True, "Retiré"))
    assert "Retiré".encode() not in provider(kept).answer(pairs(LIST), now=NOW)


@pytest.mark.parametrize("verb", ["ListRecords", "ListIdentifiers"])
def test_lists_hold_the_deleted_records_too(verb: str) -> None:
    root = ask(provider(shelf(10)), f"verb={verb} metadataPrefix=oai_dc")
    assert identifiers(root) == [identifier(number) for number in range(10)]
    assert [header.get("status") for header in headers(root)] == [None] * 9 + ["deleted"]
    assert len(list(root.iter(f"{OAI}metadata"))) == (9 if verb == "ListRecords" else 0)


@pytest.mark.parametrize(
    ("window", "numbers"),
    [
        ("from=2025-01-01T00:01:00Z", range(3, 9)),
        ("until=2025-01-01T00:01:00Z", range(6)),
        ("from=2025-01-01T00:01:00Z until=2025-01-01T00:01:00Z", range(3, 6)),
        ("from=2025-01-01T00:00:01Z until=2025-01-01T00:01:59Z", range(3, 6)),
        ("from=2025-01-01", range(9)),
        ("until=2025-01-01", range(9)),
        ("from=2025-01-01 until=2025-01-01", range(9)),
        ("until=9999-12-31", range(9)),
        ("from=0001-01-01", range(9)),
    ],
)
def test_both_ends_of_a_window_are_included(window: str, numbers: range) -> None:
    assert identifiers(ask(provider(shelf(9)), f"{IDS} {window}")) == [identifier(number) for number in numbers]


def test_until_a_day_includes_its_last_second() -> None:
    kept = shelf(1)
    kept.put(Record(identifier(5), 5, datetime(2025, 1, 1, 23, 59, 59, tzinfo=UTC), (), False, "Tard"))
    kept.put(Record(identifier(6), 6, datetime(2025, 1, 2, tzinfo=UTC), (), False, "Lendemain"))
    assert identifiers(ask(provider(kept), f"{IDS} until=2025-01-01")) == [identifier(0), identifier(5)]


def test_a_set_holds_the_records_of_the_sets_under_it() -> None:
    asked = provider(shelf(6))
    assert len(identifiers(ask(asked, f"{IDS} set=theme"))) == 6
    assert identifiers(ask(asked, f"{IDS} set=theme:ia")) == [identifier(number) for number in (0, 2, 4)]


def test_characters_xml_cannot_carry_are_dropped() -> None:
    kept = Shelf(name="A\x00B\x0b\ud800\ufffeC", named_sets=[("x", "D\x1fE")])
    assert ask(provider(kept), "verb=Identify").findtext(f".//{OAI}repositoryName") == "ABC"
    assert ask(provider(kept), "verb=ListSets").findtext(f".//{OAI}setName") == "DE"
    root = ask(provider(kept), [("verb", "ListSets"), ("resumptionToken", "a\x00b")])
    assert part(root, "request").get("resumptionToken") == "ab"


def test_a_list_that_fits_has_no_token() -> None:
    assert ask(provider(shelf(10)), LIST).find(f".//{OAI}resumptionToken") is None


def test_pages_say_where_they_are_and_the_last_token_is_empty() -> None:
    asked = provider(shelf(25))
    seen = [part(root, "resumptionToken") for root in harvest(asked, LIST)]
    assert [bool(t.text) for t in seen] == [True, True, False]
    assert [t.get("cursor") for t in seen] == ["0", "10", "20"]
    assert {t.get("completeListSize") for t in seen} == {"25"}
    assert [t.get("expirationDate") for t in seen] == ["2025-06-02T12:00:00Z"] * 2 + [None]


def test_a_size_that_is_not_known_is_not_told() -> None:
    kept = shelf(15)
    kept.counted = False
    assert all(part(root, "resumptionToken").get("completeListSize") is None for root in harvest(provider(kept), IDS))


def test_the_window_and_the_set_hold_from_page_to_page() -> None:
    window = "from=2025-01-01T00:01:00Z until=2025-01-01T00:10:00Z"
    seen = [
        name for root in harvest(provider(shelf(90), 4), f"{IDS} set=theme:ia {window}") for name in identifiers(root)
    ]
    assert seen == [identifier(number) for number in range(3, 33) if number % 2 == 0]


def test_a_resumed_request_echoes_its_token_alone() -> None:
    asked = provider(shelf(12))
    given = token(ask(asked, IDS))
    root = ask(asked, f"verb=ListIdentifiers resumptionToken={given}")
    assert echoed(root) == {"verb": "ListIdentifiers", "resumptionToken": given}


def test_oai_dc_is_demanded_and_formats_bear_their_prefix() -> None:
    other = replace(FORMAT, prefix="lom")
    for formats in ({}, {"lom": other}, {"oai_dc": other}):
        with pytest.raises(ValueError, match="oai_dc"):
            Provider(Shelf(), formats, b"secret")
    with pytest.raises(ValueError, match="secret"):
        provider(Shelf(), secret=b"")


@pytest.mark.parametrize(
    "moment",
    [datetime(2025, 1, 1), datetime(2025, 1, 1, microsecond=1, tzinfo=UTC)],  # noqa: DTZ001
)
def test_a_datestamp_is_universal_and_to_the_second(moment: datetime) -> None:
    with pytest.raises(ValueError, match="datestamp"):
        Record("oai:x.org:1", 1, moment, (), True, None)


def test_a_living_record_has_a_notice() -> None:
    with pytest.raises(ValueError, match="notice"):
        Record("oai:x.org:1", 1, START, (), False, None)


def test_a_repository_that_would_make_a_harvest_turn_for_ever_is_stopped() -> None:
    class Stuck(Shelf):
        def page(self, **_: object) -> Page[str]:
            return Page(list(self.records.values()))

    stuck = Stuck(shelf(12).records)
    given = token(ask(provider(stuck), IDS))
    with pytest.raises(BrokenRepository):
        ask(provider(stuck), f"verb=ListIdentifiers resumptionToken={given}")
