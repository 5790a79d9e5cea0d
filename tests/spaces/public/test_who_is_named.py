"""The public, machines included, reads no name and no address but those of authors who agreed to sign."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import Resolver404, resolve

from traam.demo.build import DOMAIN
from traam.programme.catalogue.models import Notice, PublicCall
from traam.programme.people.models import AcademyContact, Person

pytestmark = pytest.mark.django_db
MACHINES = (
    "/oai?verb=ListRecords&metadataPrefix=oai_dc",
    "/oai?verb=Identify",
    "/api/v1/notices",
    "/sitemap.xml",
    "/flux/nouveautes.atom",
    "/robots.txt",
)
LINK = re.compile(r'(?:href|src|action)="(/[^"#]*)')


def _kind(address: str) -> str:
    try:
        return resolve(address.partition("?")[0]).view_name
    except Resolver404:
        return ""


def _crawl(client: Client) -> dict[str, str]:
    """What the site answers a passer-by who follows every link, a page of each kind: the richest first."""
    released = Notice.objects.get(title__startswith="Enquêter sur une image").pk
    first = [f"/notices/{released}", "/academies/lyon", f"/campagnes/{PublicCall.objects.latest('pk').pk}"]
    waiting, seen, told, kinds = [*first, "/", *MACHINES], set[str](), dict[str, str](), set[str]()
    while waiting:
        address = unescape(waiting.pop(0))
        kind = _kind(address)
        if address in seen or kind in kinds or kind.startswith("desk:") or address.endswith((".png", ".pdf")):
            continue
        seen.add(address)
        answer = client.get(address)
        if answer.status_code != 200:
            continue
        kinds.add(kind)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        told[address] = body.decode("utf-8", "replace")
        waiting += LINK.findall(told[address])
    return told


def test_nobody_is_named_who_did_not_agree(client: Client) -> None:
    signed = " ".join(Notice.objects.values_list("authors", flat=True))
    everyone = Person.objects.exclude(name="Bureau national")  # a service, which public pages name
    hidden = {word for person in everyone for word in (person.name, person.email) if word not in signed}
    assert len(hidden) > 20
    told = _crawl(client)
    assert len({_kind(address) for address in told}) > 20, sorted(told)
    named = {address: word for address, text in told.items() for word in hidden if word in unescape(text)}
    assert named == {}
    services = set(AcademyContact.objects.values_list("email", flat=True))
    written = {word for text in told.values() for word in re.findall(rf"[\w.-]+@{re.escape(DOMAIN)}", text)}
    assert written - services == set()
