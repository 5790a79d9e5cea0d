"""The catalogue harvested over HTTP, as other catalogues do it."""

import os
import re
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from lxml import etree

from bench import notices as judging
from traam import reference
from traam.interop import repository
from traam.programme.catalogue import queries
from traam.programme.catalogue.models import Notice

OAI = "{http://www.openarchives.org/OAI/2.0/}"
DC = "{http://purl.org/dc/elements/1.1/}"
SPEC = re.compile(r"[A-Za-z0-9\-_.!~*'()]+(:[A-Za-z0-9\-_.!~*'()]+)*")

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _tiny_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repository, "PAGE_SIZE", 7)


@cache
def schema() -> etree.XMLSchema | None:
    """The schemas of the protocol and of Dublin Core together, when they are on this machine."""
    beside = Path(__file__).resolve().parents[3] / "shared/data/xsd"
    folder = Path(os.environ.get("TRAAM_SCHEMAS", beside)) / "oai"
    if not (folder / "OAI-PMH.xsd").is_file():
        return None
    space = "http://www.openarchives.org/OAI/2.0/"
    imports = "".join(
        f'<xs:import namespace="{space}{end}" schemaLocation="{(folder / name).as_uri()}"/>'
        for end, name in (("", "OAI-PMH.xsd"), ("oai_dc/", "oai_dc.xsd"), ("oai-identifier", "oai-identifier.xsd"))
    )
    text = f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{imports}</xs:schema>'
    return etree.XMLSchema(etree.fromstring(text))


def ask(client: Client, method: str = "get", **arguments: str) -> etree._Element:
    answer = getattr(client, method)("/oai", arguments)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/xml; charset=utf-8"
    root = etree.fromstring(answer.content)
    known = schema()
    if known is not None:
        known.assertValid(root)
    return root


def pages(client: Client, verb: str = "ListRecords", **arguments: str) -> Iterator[etree._Element]:
    root = ask(client, verb=verb, metadataPrefix="oai_dc", **arguments)
    while True:
        assert not codes(root), etree.tostring(root)
        yield root
        token = root.findtext(f".//{OAI}resumptionToken")
        if not token:
            return
        root = ask(client, verb=verb, resumptionToken=token)


def codes(root: etree._Element) -> list[str | None]:
    return [error.get("code") for error in root.findall(f"{OAI}error")]


def identifiers(root: etree._Element) -> list[str]:
    return [header.findtext(f"{OAI}identifier") or "" for header in root.iter(f"{OAI}header")]


def harvest(client: Client, **arguments: str) -> list[str]:
    return [name for root in pages(client, **arguments) for name in identifiers(root)]


def withdraw(notice: Notice) -> None:
    """As the action does, a minute from now: later than everything the demonstration wrote."""
    notice.state, notice.reason = Notice.State.WITHDRAWN, "Essai"
    notice.datestamp = timezone.now().replace(microsecond=0) + timedelta(minutes=1)
    notice.save()


def test_the_schemas_are_there_to_judge_the_answers() -> None:
    if schema() is None:
        pytest.skip(
            "Les réponses ne sont pas validées : donnez le dossier qui contient oai/OAI-PMH.xsd dans TRAAM_SCHEMAS."
        )


def test_everything_is_harvested_once_by_resumption(client: Client) -> None:
    roots = list(pages(client))
    found = [name for root in roots for name in identifiers(root)]
    assert len(roots) > 3
    assert len(found) == len(set(found)) == Notice.objects.count()
    first = roots[0].find(f".//{OAI}resumptionToken")
    assert first is not None and first.get("completeListSize") == str(len(found))


def test_a_harvester_may_ask_by_post_without_a_token_of_ours(client: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert identifiers(ask(strict, "post", verb="ListIdentifiers", metadataPrefix="oai_dc")) == identifiers(
        ask(client, verb="ListIdentifiers", metadataPrefix="oai_dc")
    )


def test_the_errors_of_the_protocol_are_answers(client: Client) -> None:
    assert codes(ask(client, verb="Nothing")) == ["badVerb"]
    assert codes(ask(client, verb="ListRecords", metadataPrefix="marc21")) == ["cannotDisseminateFormat"]
    assert codes(ask(client, verb="ListRecords", resumptionToken="invented")) == ["badResumptionToken"]
    assert codes(ask(client, verb="ListRecords", metadataPrefix="oai_dc", set="academie:nulle-part")) == [
        "noRecordsMatch"
    ]
    repeated = client.get("/oai?verb=Identify&verb=Identify")
    assert codes(etree.fromstring(repeated.content)) == ["badVerb"]
    assert client.get("/oai?verb=Identify%00%ff").status_code == 200


@pytest.mark.parametrize("number", ["0", "01", "99999999999999999999", "-1", "1/2", "x"])
def test_an_identifier_that_names_nothing(client: Client, number: str) -> None:
    asked = f"oai:{repository.domain()}:notice/{number}"
    assert codes(ask(client, verb="GetRecord", metadataPrefix="oai_dc", identifier=asked)) == ["idDoesNotExist"]


def test_identify_says_who_we_are(client: Client, settings: Any) -> None:
    settings.SITE_ADDRESS = "https://traam.example.org"
    root = ask(client, verb="Identify")
    assert root.findtext(f".//{OAI}baseURL") == "https://traam.example.org/oai"
    assert root.findtext(f".//{OAI}deletedRecord") == "persistent"
    earliest = root.findtext(f".//{OAI}earliestDatestamp")
    stamps = [
        header.findtext(f"{OAI}datestamp") or "" for page in pages(client) for header in page.iter(f"{OAI}header")
    ]
    assert earliest == min(stamps)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://traam.example.org", "traam.example.org"),
        ("http://127.0.0.1:8000", "traam.invalid"),
        ("http://localhost", "traam.invalid"),
    ],
)
def test_identifiers_bear_the_domain_of_the_site(settings: Any, address: str, expected: str) -> None:
    settings.SITE_ADDRESS = address
    notice = Notice.objects.first()
    assert notice is not None
    assert repository.identifier(notice) == f"oai:{expected}:notice/{notice.pk}"


def test_nothing_is_lost_while_notices_change(client: Client) -> None:
    seen: dict[str, str | None] = {}
    notices = list(Notice.objects.order_by("datestamp", "pk"))
    for number, root in enumerate(pages(client, "ListIdentifiers")):
        for header in root.iter(f"{OAI}header"):
            seen[header.findtext(f"{OAI}identifier") or ""] = header.get("status")
        if number == 2:  # some were sent already, some were not
            for notice in notices[::3]:
                withdraw(notice)
    wanted = {
        repository.identifier(n): "deleted" if n.state == Notice.State.WITHDRAWN else None for n in Notice.objects.all()
    }
    assert seen == wanted


def test_a_withdrawn_notice_is_a_deleted_record(client: Client) -> None:
    notice = Notice.objects.filter(published_on__isnull=False).first()
    assert notice is not None
    asked = {"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": repository.identifier(notice)}
    assert ask(client, **asked).find(f".//{DC}title") is not None
    withdraw(notice)
    root = ask(client, **asked)
    assert [header.get("status") for header in root.iter(f"{OAI}header")] == ["deleted"]
    assert root.find(f".//{OAI}metadata") is None
    assert repository.identifier(notice) in harvest(client)


def test_what_a_released_notice_says(client: Client) -> None:
    notice = Notice.objects.filter(source_key__startswith="scenario:").first()
    assert notice is not None and notice.licence_known is not None
    root = ask(client, verb="GetRecord", metadataPrefix="oai_dc", identifier=repository.identifier(notice))

    def said(name: str) -> list[str | None]:
        return [element.text for element in root.iter(f"{DC}{name}")]

    assert said("title") == [notice.title]
    assert said("creator") == [notice.authors]
    assert said("publisher") == ["Académie de " + notice.academy_list[0].name]
    assert said("identifier") == [f"{settings.SITE_ADDRESS}/notices/{notice.pk}"]
    assert notice.licence_known.url in said("rights")
    assert said("date") == [str(notice.published_on)]


def test_of_the_history_nothing_is_invented(client: Client) -> None:
    notice = Notice.objects.filter(licence="", published_on__isnull=True).first()
    assert notice is not None
    root = ask(client, verb="GetRecord", metadataPrefix="oai_dc", identifier=repository.identifier(notice))
    assert root.find(f".//{DC}rights") is None
    assert [element.text for element in root.iter(f"{DC}date")] == [notice.years]
    assert [element.text for element in root.iter(f"{DC}source")] == [notice.source_url]


def test_each_set_gives_its_notices_and_only_them(client: Client) -> None:
    declared = [element.text or "" for element in ask(client, verb="ListSets").iter(f"{OAI}setSpec")]
    assert all(SPEC.fullmatch(spec) for spec in declared)
    belonging = {repository.identifier(n): queries.sets_of(n) for n in Notice.objects.all()}
    assert {spec for specs in belonging.values() for spec in specs} <= set(declared)
    for spec in declared:
        wanted = {name for name, specs in belonging.items() if any(f"{s}:".startswith(f"{spec}:") for s in specs)}
        assert set(harvest(client, set=spec)) == wanted, spec


def test_years_of_any_wording_make_a_set(client: Client) -> None:
    notice = Notice.objects.first()
    assert notice is not None
    notice.years = "avant 2021"
    notice.save()
    assert repository.identifier(notice) in harvest(client, set="annee:avant-2021")
    assert repository.identifier(notice) in harvest(client, set="annee")


def test_every_academy_and_discipline_can_name_a_set() -> None:
    slugs = [academy.slug for academy in reference.academies().values()]
    assert len(slugs) == len(set(slugs))
    assert all(SPEC.fullmatch(word) for word in [*slugs, *reference.disciplines()])


def test_no_set_has_another_name(client: Client) -> None:
    for spec in ("theme:0", "theme:x", "theme:99999999999999999999", "niveau:zz", "couleur:bleu"):
        answer = ask(client, verb="ListIdentifiers", metadataPrefix="oai_dc", set=spec)
        assert codes(answer) == ["noRecordsMatch"], spec


@pytest.mark.parametrize("spec", ["", "academie", "academie:lyon", "discipline:DOC", "annee", "niveau:023", "theme"])
def test_a_page_costs_the_same_however_long_the_list(
    client: Client, django_assert_max_num_queries: Any, spec: str
) -> None:
    asked = {"verb": "ListRecords", "metadataPrefix": "oai_dc"} | ({"set": spec} if spec else {})
    with django_assert_max_num_queries(6):
        ask(client, **asked)


def test_a_window_of_time(client: Client) -> None:
    latest = Notice.objects.latest("datestamp", "pk")
    latest.datestamp += timedelta(days=1)
    latest.save()
    stamp = latest.datestamp.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert harvest(client, **{"from": stamp, "until": stamp}) == [repository.identifier(latest)]


def test_every_notice_is_harvested_as_scolomfr_too(client: Client, settings: Any) -> None:
    lom = "{http://ltsc.ieee.org/xsd/LOM}"
    formats = ask(client, verb="ListMetadataFormats")
    assert [one.text for one in formats.iter(f"{OAI}metadataPrefix")] == ["oai_dc", "lom"]
    notice = Notice.objects.filter(source_key__startswith="scenario:").first()
    assert notice is not None
    asked = {"verb": "GetRecord", "metadataPrefix": "lom", "identifier": repository.identifier(notice)}
    root = etree.fromstring(client.get("/oai", asked).content)
    assert root.findtext(f".//{lom}general/{lom}title/{lom}string") == notice.title
    assert root.findtext(f".//{lom}technical/{lom}location") == f"{settings.SITE_ADDRESS}/notices/{notice.pk}"
    file = client.get(f"/notices/{notice.pk}/scolomfr.xml")
    assert file["Content-Type"].startswith("application/xml") and b"num-037" in file.content
    assert b"num-037" not in client.get(f"/notices/{notice.pk}/scolomfr-3.1.xml").content
    settings.SCOLOMFR = "3.1"
    assert b"num-037" not in client.get("/oai", asked).content
    assert b"num-037" not in client.get(f"/notices/{notice.pk}/scolomfr.xml").content
    withdraw(notice)
    assert client.get(f"/notices/{notice.pk}/scolomfr.xml").status_code == 410
    seen, token = 0, ""
    while True:
        more = {"resumptionToken": token} if token else {"metadataPrefix": "lom"}
        page = etree.fromstring(client.get("/oai", {"verb": "ListRecords", **more}).content)
        assert not codes(page)
        seen += len(page.findall(f".//{OAI}record"))
        token = page.findtext(f".//{OAI}resumptionToken") or ""
        if not token:
            break
    assert seen == Notice.objects.count()


def test_every_notice_of_the_demonstration_and_of_the_history_is_valid() -> None:
    try:
        judging.schema(), judging.published()
    except judging.Unavailable as why:
        pytest.skip(str(why))
    rows = [repository.as_notice(notice) for notice in Notice.objects.select_related("theme")]
    assert len(rows) > 50
    assert [fault for one in rows for fault in judging.faults(one)] == []
