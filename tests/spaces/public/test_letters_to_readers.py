"""The letters on the public pages: subscribing from an address to a mailbox and back, stopping in one click."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils import timezone
from lxml import etree

from traam.demo.build import DOMAIN
from traam.programme.people.models import Person
from traam.programme.subscriptions import actions, posting
from traam.programme.subscriptions.actions import Finished, NewsletterValues
from traam.programme.subscriptions.models import Newsletter, Reader, SubscriptionRequest
from traam.spaces.public.views import letters

pytestmark = pytest.mark.django_db

AT = timezone.localtime()
CONTENT = {
    "letter": "ÉduNum Essai",
    "number": 1,
    "title": "L'oral & l'écrit",
    "day": "2026-12-01",
    "introduction": "Bonjour.\n- un\n- deux",
    "pieces": [
        {"kind": "notice", "title": "Enquêter", "details": "3e", "text": "Ils enquêtent.", "address": "https://t.fr/1"}
    ],
}


@pytest.fixture(autouse=True)
def _nobody_was_counted() -> None:
    caches["limits"].clear()


@pytest.fixture
def newsletter() -> Newsletter:
    SubscriptionRequest.objects.all().delete()
    bureau = Person.objects.get(email=f"bureau@{DOMAIN}")
    made = actions.found("essai", NewsletterValues("ÉduNum Essai", "Pour essayer."), actor=bureau, at=AT)
    finished = Finished("L'oral & l'écrit", "Bonjour.", CONTENT, "<p>", "p")
    actions.publish(made, 1, finished, actor=bureau, at=AT - timedelta(days=1))
    return made


def typed(newsletter: Newsletter, email: str = "lectrice@exemple.fr") -> dict[str, Any]:
    return {"newsletters": [newsletter.pk], "email": email, "agreed": "on"}


def subscribe(client: Any, newsletter: Newsletter, outbox: list[Any]) -> Reader:
    assert client.post("/lettres/", typed(newsletter))["Location"] == "/lettres/demande"
    posting.confirm_addresses(at=timezone.localtime())
    path = re.search(r"http://[^/]+(/lettres/confirmer/\S+)", outbox[-1].body)
    assert path and "ÉduNum Essai" in client.get(path[1]).content.decode()
    assert not Reader.objects.exists(), "a server that opens the link to judge it confirms nothing"
    answer = client.post(path[1])
    assert answer["Location"].startswith("/lettres/mes-choix/") and answer["X-Robots-Tag"] == "noindex"
    assert client.get(path[1]).status_code == 404
    return Reader.objects.get()


def test_from_the_page_to_the_mailbox_and_back(client: Any, newsletter: Newsletter, mailoutbox: list[Any]) -> None:
    Reader.objects.all().delete()
    reader = subscribe(client, newsletter, mailoutbox)
    page = client.get(f"/lettres/mes-choix/{reader.key}.{reader.secret}")
    assert "lectrice@exemple.fr" in page.content.decode() and page["Referrer-Policy"] == "no-referrer"
    assert "lectrice" not in client.get(f"/lettres/mes-choix/{reader.key}.{reader.secret[:-1]}").content.decode()
    gone = client.post(f"/lettres/mes-choix/{reader.key}.{reader.secret}", {"stop": "1"})
    assert "ne reçoit plus aucune lettre" in gone.content.decode() and not Reader.objects.exists()


def test_one_click_from_a_mail_reader_stops(newsletter: Newsletter, mailoutbox: list[Any], client: Any) -> None:
    Reader.objects.all().delete()
    reader = subscribe(client, newsletter, mailoutbox)
    path = f"/lettres/arreter/{reader.key}.{reader.secret}/essai"
    mailer = Client(enforce_csrf_checks=True)  # no cookie, no page of ours: RFC 8058
    assert "Ne plus la recevoir" in mailer.get(path).content.decode() and Reader.objects.exists()
    assert mailer.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Reader.objects.exists()
    assert mailer.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert "C’est arrêté" in mailer.get(path).content.decode()
    assert mailer.post("/lettres/arreter/a.b/nulle-part").status_code == 200


def test_known_and_unknown_addresses_are_answered_alike(client: Any, newsletter: Newsletter) -> None:
    Reader.objects.create(key="k", secret="s", email="connue@exemple.fr", asked_at=AT, confirmed_at=AT)
    answers = [client.post("/lettres/", typed(newsletter, who)) for who in ("connue@exemple.fr", "autre@exemple.fr")]
    answers += [client.post("/lettres/retrouver", {"email": who}) for who in ("connue@exemple.fr", "x@exemple.fr")]
    assert {(one.status_code, one["Location"]) for one in answers} == {(302, "/lettres/demande")}
    asked = sorted(SubscriptionRequest.objects.values_list("email", flat=True))
    assert asked == ["autre@exemple.fr", "connue@exemple.fr", "connue@exemple.fr"]


def test_a_network_that_types_addresses_is_stopped(client: Any, newsletter: Newsletter) -> None:
    answers = [client.post("/lettres/", typed(newsletter, f"a{n}@exemple.fr")) for n in range(12)]
    assert [one.status_code for one in answers] == [302] * letters.MOST_IN_AN_HOUR + [422] * 2
    assert "Attendez une heure" in answers[-1].content.decode()
    assert SubscriptionRequest.objects.count() == letters.MOST_IN_AN_HOUR


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"email": "pas ça"}, "nom@exemple.fr"), ({"newsletters": []}, "cochez au moins"), ({"agreed": ""}, "cochez la")],
)
def test_what_is_missing_is_said_and_nothing_is_lost(
    client: Any, newsletter: Newsletter, wrong: dict[str, Any], said: str
) -> None:
    answer = client.post("/lettres/", typed(newsletter) | wrong)
    assert answer.status_code == 422 and said in answer.content.decode()
    assert not SubscriptionRequest.objects.exists()


def test_a_letter_has_its_archive_its_issue_its_card_and_its_feed(client: Any, newsletter: Newsletter) -> None:
    assert "L&#39;oral &amp; l&#39;écrit" in client.get("/lettres/essai").content.decode()
    page = client.get("/lettres/essai/1").content.decode()
    assert "<li>un</li>" in page and "Ils enquêtent." in page and "@@" not in page
    assert client.get("/lettres/essai/1/carte.png").content.startswith(b"\x89PNG")
    assert client.get("/lettres/essai/2").status_code == client.get("/lettres/autre").status_code == 404
    feed = etree.fromstring(client.get("/flux/lettres/essai.atom").content)
    atom = "{http://www.w3.org/2005/Atom}"
    assert [e.findtext(f"{atom}title") for e in feed.iter(f"{atom}entry")] == ["n° 1 : L'oral & l'écrit"]
    assert "/lettres/essai/1</loc>" in client.get("/plan-du-site/pages.xml").content.decode()
    assert "?lettre=essai" in page and "checked" in client.get("/lettres/?lettre=essai").content.decode()
