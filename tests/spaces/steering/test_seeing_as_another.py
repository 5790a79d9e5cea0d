"""« Voir comme »: the view of somebody is borrowed for a time, told, and nothing can be done through it."""

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from traam.demo.build import DOMAIN
from traam.programme.calls.models import Application
from traam.programme.journal.models import Entry
from traam.programme.people.actions import keep_typing
from traam.programme.people.models import Appointment, Person, Role, Typing
from traam.programme.selection.opinions import keep_note
from traam.spaces.steering.seeing import SLOT

pytestmark = pytest.mark.django_db
WHY = "Elle ne trouve pas où remonter sa candidature."


def _person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


def _text(answer: Any) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


@pytest.fixture
def bureau(sign_in: Any) -> Client:
    client: Client = sign_in("bureau")
    return client


def _see(client: Client, name: str) -> Any:
    return client.post(reverse("steering:see_as", args=[_person(name).pk]), {"reason": WHY, "minutes": "15"})


def _verbs() -> list[str]:
    return list(Entry.objects.filter(verb__contains="see").order_by("pk").values_list("verb", flat=True))


def test_the_bureau_sees_what_the_dan_sees_and_both_can_read_that_it_did(bureau: Client) -> None:
    assert bureau.get("/academie/").status_code == 403
    assert _see(bureau, "dan.lyon").url == "/tableau-de-bord"
    page = bureau.get("/academie/")
    assert page.status_code == 200
    assert "Vous voyez le site comme DAN de Lyon" in _text(page) and "Quitter" in _text(page)
    assert bureau.get("/pilotage/").status_code == 403
    entry = Entry.objects.get(verb="see_as")
    assert (entry.actor_id, entry.object_id, entry.reason) == (_person("bureau").pk, str(_person("dan.lyon").pk), WHY)
    assert bureau.post(reverse("steering:stop_seeing")).url == "/tableau-de-bord"
    assert _verbs() == ["see_as", "stop_seeing_as"]
    assert bureau.get("/academie/").status_code == 403 and bureau.get("/pilotage/").status_code == 200
    bureau.force_login(_person("dan.lyon"))
    assert WHY in _text(bureau.get("/vu-comme-moi"))


@pytest.mark.parametrize(
    "address", ["/saisies", "/academie/candidatures/{pk}/withdraw", "/mes-courriels", "/pilotage/personnes/inviter"]
)
def test_nothing_can_be_sent(bureau: Client, address: str) -> None:
    application = Application.objects.filter(academy="10", state="forwarded")[0]
    _see(bureau, "dan.lyon")
    before = Entry.objects.count(), Typing.objects.count()
    answer = bureau.post(address.format(pk=application.pk), {"typing-place": "x", "a": "b"})
    assert answer.status_code == 403 and "lecture seule" in _text(answer)
    application.refresh_from_db()
    assert (Entry.objects.count(), Typing.objects.count(), application.state) == (*before, "forwarded")


@pytest.mark.parametrize("address", ["/mes-courriels", "/mon-calendrier", "/vu-comme-moi"])
def test_the_pages_of_the_person_herself_are_not_shown(bureau: Client, address: str) -> None:
    _see(bureau, "dan.lyon")
    answer = bureau.get(address)
    assert answer.status_code == 403 and "Cette page n'appartient qu'à la personne" in _text(answer)


def test_what_she_keeps_for_herself_is_not_shown(bureau: Client) -> None:
    teacher, at = _person("enseignant.lyon"), timezone.localtime()
    draft = Application.objects.get(created_by=teacher, state="draft")
    keep_typing(f"application:{draft.pk}", {"titles": ["Texte secret"]}, actor=teacher, at=at)
    address = reverse("academy:edit", args=[draft.pk])
    _see(bureau, "enseignant.lyon")
    page = bureau.get(address)
    assert page.status_code == 200 and "Texte secret" not in page.content.decode()
    bureau.post(reverse("steering:stop_seeing"))
    bureau.force_login(teacher)
    assert "Texte secret" in bureau.get(address).content.decode()


def test_the_note_of_a_reader_is_not_shown(bureau: Client) -> None:
    application = Application.objects.filter(state="forwarded", theme__campaign__state="open")[0]
    keep_note(application, "Note secrète", actor=_person("expert"), at=timezone.localtime())
    address = reverse("review:dossier", args=[application.pk])
    _see(bureau, "expert")
    page = bureau.get(address)
    assert page.status_code == 200 and "Note secrète" not in page.content.decode()
    bureau.force_login(_person("expert"))
    assert "Note secrète" in bureau.get(address).content.decode()


def test_it_ends_by_itself_and_the_journal_says_when(bureau: Client) -> None:
    _see(bureau, "dan.lyon")
    session = bureau.session
    over = timezone.localtime() - timedelta(minutes=1)
    session[SLOT] = {**session[SLOT], "until": over.isoformat()}
    session.save()
    assert bureau.get("/pilotage/").status_code == 200
    assert _verbs() == ["see_as", "stop_seeing_as"]
    assert Entry.objects.get(verb="stop_seeing_as").at == over


def test_signing_out_ends_it(bureau: Client) -> None:
    _see(bureau, "dan.lyon")
    bureau.post(reverse("desk:sign_out"))
    assert _verbs() == ["see_as", "stop_seeing_as"]
    assert bureau.get("/academie/").status_code == 302


def test_who_is_no_longer_of_the_bureau_sees_with_her_own_eyes(bureau: Client) -> None:
    _see(bureau, "dan.lyon")
    yesterday = timezone.localdate() - timedelta(days=1)
    Appointment.objects.filter(person=_person("bureau"), role=Role.NATIONAL).update(until=yesterday)
    assert bureau.get("/academie/").status_code == 403
    assert _verbs() == ["see_as", "stop_seeing_as"]


def test_a_role_may_be_seen_without_anybody_s_name(bureau: Client) -> None:
    address = reverse("steering:see_as_role")
    values = {"role": "dan", "academy": "09", "reason": WHY, "minutes": "30"}
    assert bureau.post(address, values | {"academy": ""}).status_code == 422
    assert bureau.post(address, values | {"reason": "vu"}).status_code == 422
    assert bureau.post(address, values | {"role": "national"}).status_code == 422
    assert bureau.post(address, values).url == "/tableau-de-bord"
    assert bureau.get("/tableau-de-bord").status_code == 200
    page = bureau.get("/academie/lille/avancement")
    assert page.status_code == 200 and "académie de Lille" in _text(page)
    assert bureau.get("/academie/lyon/avancement").status_code == 403
    bureau.post(reverse("steering:stop_seeing"))
    assert _verbs() == ["see_as_role", "stop_seeing_as_role"]
    assert WHY in _text(bureau.get(address))


@pytest.mark.parametrize("who", ["dan.lyon", "expert", "inspection.generale", "referent.lyon"])
def test_nobody_else_sees_as_another(sign_in: Any, who: str) -> None:
    client = sign_in(who)
    assert _see(client, "enseignant.lyon").status_code == 403
    assert client.post(reverse("steering:see_as_role"), {"role": "dan"}).status_code == 403
    assert SLOT not in client.session and _verbs() == []


def test_the_bureau_does_not_see_as_the_bureau_nor_as_a_closed_account(bureau: Client) -> None:
    assert _see(bureau, "bureau").status_code == 403
    Person.objects.filter(email=f"dan.lyon@{DOMAIN}").update(is_active=False)
    assert _see(bureau, "dan.lyon").status_code == 403
