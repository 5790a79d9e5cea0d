"""Preparing a campaign: copying the last one, amending an open one, the contacts of the academies."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from traam.demo.build import DOMAIN
from traam.programme.campaigns.models import Amendment, Campaign, Theme
from traam.programme.catalogue.models import PublicCall
from traam.programme.people.models import AcademyContact, Person

pytestmark = pytest.mark.django_db
OTHERS = ("inspection.generale", "expert", "dan.lyon", "inspecteur.lyon", "enseignante.lyon")


def called(name: str, *args: object) -> str:
    return reverse(f"steering:{name}", args=args)


def text(answer: Any) -> str:
    page = answer.content.decode().replace("\u00a0", " ").replace("\u202f", " ").replace("&nbsp;", " ")
    return " ".join(page.replace("&#39;", "'").replace("’", "'").split())


@pytest.fixture
def call() -> Campaign:
    return Campaign.objects.get(state="open")


@pytest.fixture
def working() -> Campaign:
    return Campaign.objects.get(announcement__isnull=False)


def pages(call: Campaign) -> list[str]:
    return [
        called("amendments", call.pk),
        called("amend", call.pk, "date", "applications_due"),
        called("amend", call.pk, "limit", "teams_total"),
        called("amend", call.pk, "blind", "aveugle"),
        called("copy", call.pk),
        called("contacts"),
    ]


def test_the_national_team_opens_each_in_few_queries(
    sign_in: Any, call: Campaign, django_assert_max_num_queries: Any
) -> None:
    client = sign_in("bureau")
    for address in [*pages(call), called("campaign", call.pk), called("new_theme", call.pk), called("new_campaign")]:
        with django_assert_max_num_queries(15):
            assert client.get(address).status_code == 200, address


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_opens_any(sign_in: Any, call: Campaign, who: str) -> None:
    client = sign_in(who)
    for address in pages(call):
        answer = client.get(address)
        assert answer.status_code == 403, address
        assert "bureau national" in text(answer)


def test_what_cannot_be_amended_is_missing(sign_in: Any, call: Campaign) -> None:
    client = sign_in("bureau")
    for kind, name in (("date", "gouter"), ("limit", "gateaux"), ("couleur", "bleu")):
        assert client.get(called("amend", call.pk, kind, name)).status_code == 404
    assert client.get(called("amend", 999999, "date", "launch")).status_code == 404


# Amendments ----------------------------------------------------------------------------------------------


def later(call: Campaign, days: int = 3) -> date:
    day = call.on("applications_due")
    assert day
    return day + timedelta(days=days)


def test_an_amendment_is_looked_at_then_signed(sign_in: Any, call: Campaign) -> None:
    client, day = sign_in("bureau"), later(call)
    address = called("amend", call.pk, "date", "applications_due")
    typed = {"after": f"{day:%d/%m/%Y}", "reason": "Les vacances tombent au milieu."}
    signed = Amendment.objects.count()
    looked = client.post(address, typed)
    assert looked.status_code == 200
    assert "Signer l'avenant" in text(looked) and "Rien de ce qui est déjà fait" in text(looked)
    assert Amendment.objects.count() == signed, "looking signs nothing"
    other = client.post(address, {**typed, "sign": "2031-01-01"})
    assert Amendment.objects.count() == signed and "Signer l'avenant" in text(other), "another value is looked at again"
    done = client.post(address, {**typed, "sign": day.isoformat()})
    assert done.url == called("amendments", call.pk)
    page = text(client.get(done.url))
    assert "Les vacances tombent au milieu." in page and "Signé par Bureau national" in page
    assert "Les DAN en sont avertis" in page
    assert "par avenant" in text(client.get(called("campaign", call.pk)))
    assert day.isoformat() in [on for _, on in PublicCall.objects.get(pk=call.pk).calendar]


def test_a_number_shows_the_rules_it_rewrites_and_what_would_break_them(
    sign_in: Any, call: Campaign, django_assert_max_num_queries: Any
) -> None:
    client = sign_in("bureau")
    address = called("amend", call.pk, "limit", "description_max_chars")
    Theme.objects.bulk_create(
        Theme(campaign=call, title=f"Thème {n}", framing="x", axes=["a", "b", "c"], state="open") for n in range(20)
    )
    with django_assert_max_num_queries(15):
        looked = text(client.post(address, {"after": "10", "reason": "Plus court."}))
    assert "Ce qui ne respecterait plus les règles" in looked
    assert "candidatures déjà saisies" in looked
    assert "Exigences réécrites" in looked
    raised = text(client.post(address, {"after": "1500", "reason": "Plus long."}))
    assert "Rien de ce qui est déjà fait" in raised and "1 500" in raised


@pytest.mark.parametrize(
    ("kind", "name", "typed", "sentence"),
    [
        ("date", "launch", {"after": "", "reason": "x"}, "« Nouvelle date »"),
        ("date", "launch", {"after": "01/01/2001", "reason": "x"}, "est passé"),
        ("date", "launch", {"after": "01/01/2090", "reason": ""}, "« Motif »"),
        ("limit", "teams_total", {"after": "cent", "reason": "x"}, "nombre entier"),
        ("limit", "experts_min", {"after": "8", "reason": "x"}, "plus que"),
        ("blind", "aveugle", {"after": "bof", "reason": "x"}, "Choisissez oui ou non"),
    ],
)
def test_an_amendment_typed_wrong_says_where(
    sign_in: Any, call: Campaign, kind: str, name: str, typed: dict[str, str], sentence: str
) -> None:
    before = Amendment.objects.count()
    answer = sign_in("bureau").post(called("amend", call.pk, kind, name), {**typed, "sign": typed["after"]})
    assert (answer.status_code, Amendment.objects.count()) == (422, before)
    assert sentence in text(answer)


def test_a_call_once_open_shows_its_dates_and_the_way_to_put_them_off(sign_in: Any, call: Campaign) -> None:
    page = sign_in("bureau").get(called("edit_campaign", call.pk))
    assert called("amend", call.pk, "date", "applications_due") in page.content.decode()
    assert 'name="applications_due"' not in page.content.decode()


def test_an_announced_campaign_may_only_move_the_dates_of_its_work(sign_in: Any, working: Campaign) -> None:
    client = sign_in("bureau")
    page = text(client.get(called("amendments", working.pk)))
    assert "Aucun avenant" in page and "seules les dates des travaux" in page
    assert called("amend", working.pk, "date", "end") in page
    for kind, name in (("date", "applications_due"), ("limit", "teams_total")):
        assert called("amend", working.pk, kind, name) not in page
        assert client.get(called("amend", working.pk, kind, name)).status_code == 403
    assert client.get(called("amend", working.pk, "date", "end")).status_code == 200


# Copying -------------------------------------------------------------------------------------------------


@pytest.fixture
def alone(working: Campaign) -> Campaign:
    """The campaign whose groups are at work, as if nothing had been copied from it."""
    Theme.objects.filter(continues__campaign=working).update(continues=None, year=1)
    return working


def test_the_last_campaign_is_copied_theme_by_theme(sign_in: Any, alone: Campaign) -> None:
    client = sign_in("bureau")
    first, second, third = alone.themes.order_by("pk")
    Theme.objects.filter(pk=third.pk).update(state="closed")
    page = client.get(called("copy", alone.pk)).content.decode()
    checked = [bool(re.search(rf'value="{theme.pk}"[^>]*checked', page)) for theme in (first, second, third)]
    assert checked == [True, True, False], "a theme that is over is not checked"
    typed = {"title": "TraAM, la suite", "first_year": str(alone.first_year + 1), "carry_on": [str(first.pk)]}
    answer = client.post(called("copy", alone.pk), typed)
    made = Campaign.objects.get(title="TraAM, la suite")
    assert answer.url == called("campaign", made.pk)
    (on,) = made.themes.all()
    assert (on.continues, on.year) == (first, 2)
    shown = text(client.get(answer.url))
    assert "Seconde année" in shown and "avec en première année : " in shown and "Lyon" in shown
    again = text(client.get(called("copy", alone.pk)))
    assert "a déjà sa seconde année" in again


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": ""}, "« Titre »"),
        ({"first_year": "bientôt"}, "chiffres"),
        ({"first_year": "2001"}, "qui vient après"),
        ({"carry_on": ["999999"]}, "Choisissez"),
    ],
)
def test_a_copy_typed_wrong_says_where_and_writes_nothing(
    sign_in: Any, alone: Campaign, changes: dict[str, Any], sentence: str
) -> None:
    before = Campaign.objects.count()
    typed = {"title": "Suite", "first_year": str(alone.first_year + 1), **changes}
    answer = sign_in("bureau").post(called("copy", alone.pk), typed)
    assert (answer.status_code, Campaign.objects.count()) == (422, before)
    assert sentence in text(answer)


def test_amended_numbers_are_named_and_taken_only_when_asked(sign_in: Any, alone: Campaign) -> None:
    Campaign.objects.filter(pk=alone.pk).update(overrides={"limits": {"teams_total": 130}})
    bureau = Person.objects.get(email=f"bureau@{DOMAIN}")
    at = timezone.localtime()
    Amendment.objects.create(
        campaign=alone, kind="limit", name="teams_total", before="100", after="130", reason="Des moyens.",
        signed_by=bureau, signed_at=at,
    )  # fmt: skip
    client = sign_in("bureau")
    assert "100 → 130" in text(client.get(called("copy", alone.pk)))
    typed = {"title": "Sans", "first_year": str(alone.first_year + 1)}
    client.post(called("copy", alone.pk), typed)
    client.post(called("copy", alone.pk), {**typed, "title": "Avec", "with_overrides": "on"})
    assert Campaign.objects.get(title="Sans").overrides == {}
    assert Campaign.objects.get(title="Avec").edition.limits["teams_total"].value == 130


def test_a_theme_form_names_the_academies_of_its_first_year(sign_in: Any, call: Campaign) -> None:
    on = call.themes.get(year=2)
    page = text(sign_in("bureau").get(called("edit_theme", call.pk, on.pk)))
    assert "Académies de la première année : " in page and "Lyon" in page


# Contacts ------------------------------------------------------------------------------------------------


def test_the_missing_contacts_come_first_with_their_dan(sign_in: Any) -> None:
    AcademyContact.objects.filter(academy="10").delete()
    page = text(sign_in("bureau").get(called("contacts")))
    assert page.index("DAN de Lyon") < page.index("contacts publiés")
    assert "Délégation académique au numérique éducatif, académie de Lille" in page


def test_a_dan_writes_the_contact_of_her_academy_and_of_no_other(sign_in: Any, client: Any) -> None:
    address = reverse("academy:contact", args=["lyon"])
    dan = sign_in("dan.lyon")
    assert dan.get(address).status_code == 200
    assert dan.get(reverse("academy:contact", args=["lille"])).status_code == 403
    assert dan.get(reverse("academy:contact", args=["atlantide"])).status_code == 404
    typed = {"service": "Le service", "email": "numerique@ac-exemple.fr", "phone": "", "address": ""}
    assert dan.post(address, typed).url == reverse("academy:home")
    assert AcademyContact.objects.get(academy="10").service == "Le service"
    public = PublicCall.objects.get(state="open")
    for page in (f"/campagnes/{public.pk}", "/academies/lyon"):
        assert "mailto:numerique@ac-exemple.fr" in client.get(page).content.decode()
    assert address in dan.get(reverse("academy:home")).content.decode()
    inspector = sign_in("inspecteur.lyon")
    assert inspector.get(address).status_code == 403
    assert address not in inspector.get(reverse("academy:home")).content.decode()
    bureau = sign_in("bureau")
    assert bureau.post(address, {**typed, "service": "Un autre"}).url == called("contacts")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"service": ""}, "« Service »"),
        ({"email": ""}, "au moins une adresse"),
        ({"email": "pas une adresse"}, "n'est pas une adresse électronique"),
        ({"address": "ac-exemple.fr"}, "commence par https"),
        ({"address": "javascript:alert(1)"}, "commence par https"),
    ],
)
def test_a_contact_typed_wrong_says_where(sign_in: Any, changes: dict[str, str], sentence: str) -> None:
    typed = {"service": "S", "email": "numerique@ac-exemple.fr", "phone": "", "address": "", **changes}
    kept = AcademyContact.objects.get(academy="10").service
    answer = sign_in("dan.lyon").post(reverse("academy:contact", args=["lyon"]), typed)
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert AcademyContact.objects.get(academy="10").service == kept
