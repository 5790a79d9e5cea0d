"""A bilan put on line by its inspector: with nobody named, at an address that stays."""

from datetime import datetime

import pytest
from django.test import Client
from django.utils import timezone

from traam.demo.build import DOMAIN
from traam.engines.wordprocessing import read, to_markdown
from traam.engines.workflow import Invalid, Refused
from traam.programme.campaigns.models import Campaign
from traam.programme.catalogue import bilans as catalogue
from traam.programme.catalogue.models import PublicBilan
from traam.programme.groups.models import Group
from traam.programme.people.models import Person
from traam.programme.productions import bilan_rules
from traam.programme.productions.actions import bilans, reviewing
from traam.programme.productions.models import Bilan

pytestmark = pytest.mark.django_db


def person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


@pytest.fixture
def at() -> datetime:
    return timezone.localtime()


def submitted(at: datetime, **sections: str) -> Bilan:
    group = Group.objects.filter(application__academy="10", scenarios__isnull=False).distinct().order_by("pk")[0]
    Campaign.objects.filter(themes__applications=group.application).update(edition_id="traam-2022")
    referent = person("referent.lyon")
    bilan = bilans.begin(group, actor=referent, at=at)
    written = {key: f"Ce que nous pensons de {key}." for key in bilan_rules.TITLES} | sections
    bilan = bilans.save_bilan(
        bilan, written, licence="CC-BY-SA", nobody_named=True, revision=bilan.revision, actor=referent, at=at
    )
    return reviewing.move(bilan, "submit", actor=referent, at=at)


def validated(at: datetime, **sections: str) -> Bilan:
    return reviewing.move(submitted(at, **sections), "validate", actor=person("inspecteur.lyon"), at=at)


def test_nothing_goes_on_line_before_it_is_validated(at: datetime) -> None:
    with pytest.raises(Refused, match="n'est pas validé"):
        catalogue.publish(submitted(at), actor=person("inspecteur.lyon"), at=at)


@pytest.mark.parametrize("who", ["referent.lyon", "dan.lyon", "inspecteur.lille", "expert"])
def test_the_inspector_or_the_bureau_put_it_on_line(who: str, at: datetime) -> None:
    bilan = validated(at)
    with pytest.raises(Refused, match="inspecteur du groupe"):
        catalogue.publish(bilan, actor=person(who), at=at)
    assert not PublicBilan.objects.exists()


def test_everyone_reads_it_and_nobody_is_named(at: datetime, client: Client) -> None:
    bilan = validated(at)
    public = catalogue.publish(bilan, actor=person("inspecteur.lyon"), at=at)
    pages = [
        client.get(f"/bilans/{public.pk}").content.decode(),
        to_markdown(read(client.get(f"/bilans/{public.pk}.odt").content).blocks),
        to_markdown(read(client.get(f"/bilans/{public.pk}.docx").content).blocks),
    ]
    for page in pages:
        assert "Ce que nous pensons de outlook." in page
        for member in bilan.group.members.all():
            assert member.person.name not in page
    assert client.get(f"/bilans/{public.pk}.pdf").content.startswith(b"%PDF")
    theme = client.get(f"/themes/{public.theme_id}").content.decode()
    academy = client.get("/academies/lyon").content.decode()
    assert f"/bilans/{public.pk}" in theme and f"/bilans/{public.pk}" in academy


@pytest.mark.parametrize(
    ("words", "said"), [("Merci à {name}.", "nomme"), ("Écrire à quelqu.un@exemple.fr.", "quelqu.un@exemple.fr")]
)
def test_a_text_that_names_somebody_stays_off_line(words: str, said: str, at: datetime) -> None:
    bilan = validated(at, work=words.format(name=person("enseignante.lyon").name))
    with pytest.raises(Invalid, match=said):
        catalogue.publish(bilan, actor=person("inspecteur.lyon"), at=at)
    assert not PublicBilan.objects.exists()


def test_a_withdrawn_bilan_keeps_its_address_and_says_why(at: datetime, client: Client) -> None:
    bilan, inspector = validated(at), person("inspecteur.lyon")
    public = catalogue.publish(bilan, actor=inspector, at=at)
    with pytest.raises(Invalid, match="pourquoi"):
        catalogue.withdraw(bilan, reason=" ", actor=inspector, at=at)
    catalogue.withdraw(bilan, reason="Une photo reconnaissable.", actor=inspector, at=at)
    gone = client.get(f"/bilans/{public.pk}")
    assert gone.status_code == 410 and "Une photo reconnaissable." in gone.content.decode()
    assert client.get(f"/bilans/{public.pk}.pdf").status_code == 404
    assert f"/bilans/{public.pk}" not in client.get(f"/themes/{public.theme_id}").content.decode()
    assert catalogue.publish(bilan, actor=inspector, at=at).pk == public.pk
    assert client.get(f"/bilans/{public.pk}").status_code == 200


def test_the_inspector_does_it_from_the_page_she_reads(at: datetime, client: Client) -> None:
    bilan = validated(at)
    client.force_login(person("inspecteur.lyon"))
    assert "Mettre en ligne" in client.get(f"/evaluation/bilans/{bilan.pk}").content.decode()
    assert client.post(f"/evaluation/bilans/{bilan.pk}/publier", follow=True).status_code == 200
    assert PublicBilan.objects.get().state == "published"
    client.post(f"/evaluation/bilans/{bilan.pk}/retirer", {"reason": "Erreur."})
    assert PublicBilan.objects.get().state == "withdrawn"
