from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from traam.config.navigation import article, navigation
from traam.demo.build import DOMAIN
from traam.design.navigation import Navigation
from traam.programme.people.models import Person

pytestmark = pytest.mark.django_db


def menu(path: str = "/", who: str = "") -> Navigation:
    request = RequestFactory().get(path)
    request.user = Person.objects.get(email=f"{who}@{DOMAIN}") if who else AnonymousUser()  # type: ignore[assignment]
    return navigation(request)


def labels(who: str) -> list[str]:
    return [entry.label for entry in menu(who=who).entries]


@pytest.mark.parametrize(
    ("who", "spaces"),
    [
        ("bureau", {"Évaluation", "Pilotage"}),
        ("inspection.generale", {"Évaluation"}),
        ("expert", {"Évaluation", "Lettres ÉduNum"}),
        ("dan.lyon", {"Académie"}),
        ("inspecteur.lyon", {"Académie", "Évaluation"}),
        ("referent.lyon", set()),
    ],
)
def test_each_role_sees_its_spaces_and_no_other(who: str, spaces: set[str]) -> None:
    assert set(labels(who)) == {"Mon bureau", "Atelier", "Catalogue"} | spaces


def test_a_passer_by_sees_the_catalogue_and_the_door() -> None:
    found = menu("/themes/")
    assert found.sign_in == "/connexion"
    assert found.account is None
    assert [entry.label for entry in found.entries if entry.current] == ["Thèmes"]


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/tableau-de-bord", ["Mon bureau"]),
        ("/pilotage/", ["Pilotage"]),
        ("/pilotage/campagnes/1", ["Pilotage"]),
        ("/evaluation/themes/3", ["Évaluation"]),
        ("/academies/lyon", ["Catalogue"]),
        ("/recherche", ["Catalogue"]),
        ("/recherche-avancee", []),
        ("/", []),
    ],
)
def test_one_entry_is_the_current_one(path: str, current: list[str]) -> None:
    assert [entry.label for entry in menu(path, "bureau").entries if entry.current] == current


def test_the_account_says_who_and_what(django_assert_num_queries: Any) -> None:
    request = RequestFactory().get("/")
    request.user = Person.objects.get(email=f"dan.lyon@{DOMAIN}")  # type: ignore[assignment]
    with django_assert_num_queries(1):
        account = navigation(request).account
    assert account is not None
    assert (account.name, account.detail) == ("DAN de Lyon", "Délégué académique au numérique (DAN), académie de Lyon")


@pytest.mark.parametrize(
    ("who", "detail", "queries"),
    [
        ("referent.lyon", "Professeur référent, groupe de Lyon", 2),
        ("enseignante.lyon", "Membre du groupe de Lyon", 2),
        ("bureau", "", 1),
    ],
)
def test_who_holds_no_appointment_is_told_by_her_group(
    who: str, detail: str, queries: int, django_assert_num_queries: Any
) -> None:
    request = RequestFactory().get("/")
    request.user = Person.objects.get(email=f"{who}@{DOMAIN}")  # type: ignore[assignment]
    with django_assert_num_queries(queries):
        account = navigation(request).account
        assert navigation(request).account == account
    assert account is not None
    assert account.detail == detail


def test_the_menu_of_someone_signed_in_is_right_on_a_missing_page(sign_in: Any) -> None:
    answer = sign_in("bureau").get("/cette-page-n-existe-pas")
    assert answer.status_code == 404
    assert "Pilotage" in answer.content.decode()


@pytest.mark.parametrize(
    ("reference", "address"),
    [
        ("traam-2022#B.2", "/cahiers-des-charges/traam-2022#B.2"),
        ("traam-2022#Z.99", None),
        ("inconnue#B.2", None),
        ("B.2", None),
        ("../etc#B.2", None),
    ],
)
def test_a_clause_leads_to_its_place_in_the_text(reference: str, address: str | None) -> None:
    found = article(reference)
    assert (found.url if found else None) == address
