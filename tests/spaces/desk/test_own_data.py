"""« Mes données »: read, taken away, forgotten; and the pages where the national team answers."""

import io
from typing import Any
from zipfile import ZipFile

import pytest

from traam.demo.build import DOMAIN
from traam.programme.campaigns.models import Campaign
from traam.programme.journal.models import Entry
from traam.programme.people.models import Appointment, Forgetting, Person
from traam.spaces.desk import door

pytestmark = pytest.mark.django_db


def fresh(client: Any) -> Any:
    """She gave her password a moment ago."""
    session = client.session
    session[door.PROVED] = 32_503_680_000  # the year 3000
    session.save()
    return client


def test_the_archive_is_given_to_whoever_just_proved_that_she_is_herself(sign_in: Any) -> None:
    client = sign_in("dan.lyon")
    assert "/mes-donnees" in client.get("/mes-donnees").content.decode()
    assert client.post("/mes-donnees/telecharger").headers["Location"].startswith("/mon-compte/confirmation")
    assert not Entry.objects.filter(verb="download_data").exists()
    answer = fresh(client).post("/mes-donnees/telecharger")
    assert "no-store" in answer["Cache-Control"]
    with ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as made:
        assert made.namelist() == ["donnees.json", "donnees.html"]
        assert f"dan.lyon@{DOMAIN}" in made.read("donnees.html").decode()
    assert Entry.objects.filter(verb="download_data").count() == 1


def test_a_request_is_asked_read_refused_and_told(sign_in: Any) -> None:
    client = fresh(sign_in("dan.lyon"))
    page = client.get("/mes-donnees").content.decode()
    assert "Le programme a encore besoin de vos données" in page
    assert (
        client.post("/mes-donnees/effacement", {"reason": "Je change de métier."}).headers["Location"] == "/mes-donnees"
    )
    assert "Votre demande est faite" in client.get("/mes-donnees").content.decode()
    row = Forgetting.objects.get()
    assert client.post(f"/pilotage/effacements/{row.pk}/accepter").status_code == 403
    client = sign_in("bureau")
    assert "DAN de Lyon" in client.get("/pilotage/effacements").content.decode()
    page = client.get(f"/pilotage/effacements/{row.pk}").content.decode()
    assert "Je change de métier." in page
    assert "Le programme a encore besoin de ces données" in page
    assert client.post(f"/pilotage/effacements/{row.pk}/accepter").status_code == 403
    assert client.post(f"/pilotage/effacements/{row.pk}/garder", {"answer": ""}).status_code == 422
    assert client.post(f"/pilotage/effacements/{row.pk}/garder", {"answer": "Un rôle court encore."}).status_code == 302
    assert "Un rôle court encore." in client.get(f"/pilotage/effacements/{row.pk}").content.decode()


def test_the_national_team_writes_down_the_request_of_somebody_and_accepts_it(sign_in: Any) -> None:
    her = Person.objects.get(email=f"dan.lyon@{DOMAIN}")
    Campaign.objects.update(state="archived")
    Appointment.objects.filter(person=her).delete()
    client = sign_in("bureau")
    form = {"email": "personne@nulle.part.invalid", "reason": "Courrier du 3 mars."}
    assert client.post("/pilotage/effacements/inscrire", form).status_code == 422
    client.post("/pilotage/effacements/inscrire", {**form, "email": her.email})
    row = Forgetting.objects.get(person=her)
    before = client.get(f"/pilotage/effacements/{row.pk}").content.decode()
    assert "Ce qui serait fait" in before
    assert client.post(f"/pilotage/effacements/{row.pk}/accepter").status_code == 302
    assert "Les données seront effacées le" in client.get(f"/pilotage/effacements/{row.pk}").content.decode()
    assert client.post("/pilotage/effacements/inscrire", {**form, "email": her.email}).status_code == 403
