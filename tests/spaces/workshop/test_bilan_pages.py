"""The pages of a bilan académique: its figures are there before a word is written."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from traam.demo.build import DOMAIN
from traam.engines.wordprocessing import read, to_markdown
from traam.programme.campaigns.models import Campaign
from traam.programme.groups.models import Group
from traam.programme.people.models import Person
from traam.programme.productions import bilan_rules
from traam.programme.productions.actions import bilans, reviewing
from traam.programme.productions.models import Bilan

REFLECTION = {key: f"Ce que nous pensons de **{key}**." for key in bilan_rules.TITLES}


def person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


def lyon() -> Group:
    """The group of Lyon that wrote scenarios, in a campaign whose cahier des charges asks a bilan."""
    found = Group.objects.filter(application__academy="10", scenarios__isnull=False).distinct().order_by("pk")[0]
    Campaign.objects.filter(themes__applications=found.application).update(edition_id="traam-2022")
    return Group.objects.get(pk=found.pk)


def written(group: Group) -> Bilan:
    at, referent = timezone.now(), person("referent.lyon")
    bilan = bilans.begin(group, actor=referent, at=at)
    return bilans.save_bilan(
        bilan, REFLECTION, licence="CC-BY-SA", nobody_named=True, revision=bilan.revision, actor=referent, at=at
    )


def signed_in(name: str) -> Client:
    client = Client()
    client.force_login(person(name))
    return client


def form(bilan: Bilan, **changes: Any) -> dict[str, Any]:
    return {**REFLECTION, "licence": "CC-BY-SA", "nobody_named": "on", "revision": bilan.revision} | changes


@pytest.mark.django_db
def test_the_figures_are_there_before_a_word_is_written() -> None:
    group = lyon()
    page = signed_in("enseignante.lyon").get(f"/atelier/groupes/{group.pk}/bilan").content.decode()
    assert "Scénarios" in page and "Commencer le bilan" in page
    assert group.scenarios.all()[0].title.replace("'", "&#39;")[:30] in page
    assert (
        f"/atelier/groupes/{group.pk}/bilan"
        in signed_in("enseignante.lyon").get(f"/atelier/groupes/{group.pk}").content.decode()
    )


@pytest.mark.django_db
def test_it_is_begun_written_and_submitted_by_its_authors() -> None:
    group, client = lyon(), signed_in("referent.lyon")
    begun = client.post(f"/atelier/groupes/{group.pk}/bilan/nouveau", follow=True)
    bilan = Bilan.objects.get()
    assert begun.redirect_chain[-1][0] == f"/atelier/bilans/{bilan.pk}/modifier"
    early = client.get(f"/atelier/bilans/{bilan.pk}").content.decode()
    assert "Il manque encore" in early and "Complétez d" in early
    client.post(f"/atelier/bilans/{bilan.pk}/modifier", form(bilan))
    bilan.refresh_from_db()
    assert bilan.sections == REFLECTION
    client.post(f"/atelier/bilans/{bilan.pk}/etat/submit", {"comment": "Le voici."})
    bilan.refresh_from_db()
    assert (bilan.state, bilan.version) == ("submitted", 1)
    inspector = signed_in("inspecteur.lyon").get(f"/evaluation/bilans/{bilan.pk}")
    assert inspector.status_code == 200
    assert "Compté par la plateforme" in inspector.content.decode()
    assert "Perspectives" in inspector.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("referent.lyon", 200),
        ("inspecteur.lyon", 200),
        ("dan.lyon", 200),
        ("bureau", 200),
        ("dan.lille", 403),
        ("inspecteur.lille", 403),
    ],
)
def test_it_is_read_by_those_who_follow_the_group(who: str, status: int) -> None:
    bilan = written(lyon())
    client = signed_in(who)
    for address in ("", ".odt", ".docx"):
        assert client.get(f"/atelier/bilans/{bilan.pk}{address}").status_code == status, address
    if status == 403:
        assert "le bilan est lu par son groupe" in client.get(f"/atelier/bilans/{bilan.pk}").content.decode()


@pytest.mark.django_db
def test_two_authors_both_find_their_words() -> None:
    bilan, client = written(lyon()), signed_in("enseignante.lyon")
    late = form(bilan, revision=bilan.revision - 1, work="Mes mots à moi.")
    answer = client.post(f"/atelier/bilans/{bilan.pk}/modifier", late)
    page = answer.content.decode()
    assert answer.status_code == 409 and "Mes mots à moi." in page and "**work**" in page
    assert Bilan.objects.get().sections["work"] == REFLECTION["work"]
    kept = client.post(f"/atelier/bilans/{bilan.pk}/modifier", late | {"revision": bilan.revision})
    assert kept.status_code == 302 and Bilan.objects.get().sections["work"] == "Mes mots à moi."


@pytest.mark.django_db
def test_what_was_typed_on_a_bilan_that_left_can_still_be_copied() -> None:
    bilan = written(lyon())
    reviewing.move(bilan, "submit", actor=person("referent.lyon"), at=timezone.now())
    answer = signed_in("enseignante.lyon").post(f"/atelier/bilans/{bilan.pk}/modifier", form(bilan, work="Trop tard."))
    assert answer.status_code == 409 and "Trop tard." in answer.content.decode()


@pytest.mark.django_db
def test_each_file_says_what_the_page_says() -> None:
    bilan, client = written(lyon()), signed_in("referent.lyon")
    for extension in ("odt", "docx"):
        answer = client.get(f"/atelier/bilans/{bilan.pk}.{extension}")
        assert re.search(rf'filename="bilan-lyon-[\d-]+\.{extension}"', answer["Content-Disposition"])
        text = to_markdown(read(answer.content).blocks)
        assert "Ce que nous pensons de **outlook**." in text and "## Scénarios" in text
    paper = client.get(f"/atelier/bilans/{bilan.pk}.pdf")
    assert paper["Content-Type"] == "application/pdf" and paper.content.startswith(b"%PDF-1.7")
    assert client.get(f"/atelier/bilans/{bilan.pk}.exe").status_code == 404


@pytest.mark.django_db
def test_the_page_takes_few_queries(django_assert_max_num_queries: Callable[..., Any]) -> None:
    bilan, client = written(lyon()), signed_in("referent.lyon")
    client.get(f"/atelier/bilans/{bilan.pk}")
    with django_assert_max_num_queries(25):
        client.get(f"/atelier/bilans/{bilan.pk}")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_pages_of_a_bilan_are_readable_by_everyone(
    demonstration: None, live_server: Any, browser_page: Callable[..., Any], axe: Callable[..., list[str]]
) -> None:
    group = lyon()
    other = Client()
    other.force_login(person("referent.lyon"))
    addresses = [f"/atelier/groupes/{group.pk}/bilan"]
    for width, scheme in ((1280, "light"), (390, "dark")):
        if len(addresses) == 1 and Bilan.objects.exists():
            bilan = Bilan.objects.get()
        else:
            bilan = None
        page = browser_page(width=width, scheme=scheme)
        page.context.add_cookies(
            [{"name": "sessionid", "value": other.cookies["sessionid"].value, "url": live_server.url}]
        )
        if bilan is None:
            page.goto(live_server.url + addresses[0])
            assert axe(page) == []
            bilan = written(group)
        for address in (f"/atelier/bilans/{bilan.pk}", f"/atelier/bilans/{bilan.pk}/modifier"):
            page.goto(live_server.url + address)
            assert axe(page) == []
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (address, width)
