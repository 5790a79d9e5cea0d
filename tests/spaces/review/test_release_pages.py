"""The pages of a release: what keeps from it, what comes of it, the erratum, the sheet of Édubase, the withdrawal."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from publication_ready import ready

from traam.demo.build import DOMAIN
from traam.engines.pageaudit.values import Answer, Fetched, Finding
from traam.programme.catalogue.models import Notice
from traam.programme.catalogue.queries import notice_of_scenario
from traam.programme.people.models import Person
from traam.programme.productions import actions as productions
from traam.programme.productions.models import Scenario
from traam.programme.productions.queries import scenario as find_scenario
from traam.programme.publication.actions import auditing, grant
from traam.programme.publication.models import Watched

pytestmark = pytest.mark.django_db


def who(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


def text(response: Any) -> str:
    page = str(response.content.decode()).replace("\u00a0", " ").replace("\u202f", " ").replace("&#39;", "'")
    return page.replace("&nbsp;", " ")


@pytest.fixture
def inspector(client: Client) -> Client:
    client.force_login(who("inspecteur.lyon"))
    return client


@pytest.fixture
def validated() -> Scenario:
    """A scenario of Lyon that was validated, and nothing more."""
    at = timezone.now()
    found = find_scenario(Scenario.objects.get(state="submitted", title__startswith="Réviser").pk)
    endorsed = productions.move(found, "endorse", actor=who("inspecteur.lyon"), at=at)
    productions.move(endorsed, "confirm", actor=who("expert"), at=at)
    return find_scenario(found.pk)


@pytest.fixture
def public() -> Scenario:
    return Scenario.objects.get(state="validated", title__startswith="Enquêter")


def test_the_page_says_all_that_keeps_from_publishing(inspector: Client, validated: Scenario) -> None:
    address = reverse("review:release", args=[validated.pk])
    page = text(inspector.get(address))
    assert "obstacles à lever" in page and "La fiche de droits n'est pas commencée" in page
    assert "n'a pas encore été auditée" in page and "disabled>Publier" in page
    assert reverse("workshop:rights", args=[validated.pk]) in page and "Après la fiche de droits" in page
    refused = inspector.post(address)
    assert refused.status_code == 422 and "n’est pas publié" in text(refused)
    assert notice_of_scenario(validated.pk) is None


def test_one_button_releases_what_is_ready(inspector: Client, validated: Scenario) -> None:
    ready(validated)
    address = reverse("review:release", args=[validated.pk])
    page = text(inspector.get(address))
    assert "Tout est prêt" in page and "à lever" not in page
    done = inspector.post(address, follow=True)
    notice = notice_of_scenario(validated.pk)
    assert notice is not None and done.redirect_chain[-1][0] == reverse("review:released", args=[validated.pk])
    page = text(done)
    for name in ("public:notice", "public:notice_scolomfr"):
        assert reverse(name, args=[notice.pk]) in page
    assert reverse("review:edubase", args=[validated.pk]) in page
    assert inspector.get(address).status_code == 403, "a version is published once"


def test_a_fault_of_the_audit_is_said_with_its_article_and_its_way_out(inspector: Client, validated: Scenario) -> None:
    ready(validated)
    watched = Watched.objects.get(scenario=validated)
    fault = Finding("auth", Answer.FAULT, "La page demande de s'identifier.", "<form>")
    again = timezone.now()
    auditing.visit(watched, auditing.Seen(Fetched(watched.address, watched.address, 200), [fault]), at=again)
    page = text(inspector.get(reverse("review:release", args=[validated.pk])))
    assert "1 obstacle à lever" in page and "La page demande de s’identifier" in page.replace("'", "’")
    way = f"{reverse('review:grant_waiver', args=[validated.pk])}?defaut=auth&amp;constat={fault.key}"
    assert way in page and page.count(">Article ") == 1
    assert inspector.get(way.replace("&amp;", "&")).status_code == 200
    until = timezone.localdate() + timedelta(days=60)
    reason = "Le portail ouvre lundi."
    grant(validated, "audit", "auth", fault.key, reason, until, actor=who("bureau"), at=again)
    page = text(inspector.get(reverse("review:release", args=[validated.pk])))
    assert "Tout est prêt" in page and "Le portail ouvre lundi." in page


@pytest.mark.parametrize(
    ("name", "statuses"),
    [
        ("inspecteur.lyon", {"released": 200, "erratum": 200, "edubase": 200, "withdraw": 200}),
        ("referent.lyon", {"released": 200, "erratum": 403, "edubase": 200, "withdraw": 403}),
        ("dan.lyon", {"released": 200, "erratum": 403, "edubase": 200, "withdraw": 403}),
        ("enseignante.lyon", {"released": 200, "erratum": 403, "edubase": 403, "withdraw": 403}),
        ("inspecteur.lille", {"released": 403, "erratum": 403, "edubase": 403, "withdraw": 403}),
    ],
)
def test_each_page_is_for_those_it_concerns(
    client: Client, public: Scenario, name: str, statuses: dict[str, int]
) -> None:
    client.force_login(who(name))
    found = {page: client.get(reverse(f"review:{page}", args=[public.pk])).status_code for page in statuses}
    assert found == statuses


def test_an_erratum_is_written_from_its_page(inspector: Client, public: Scenario) -> None:
    address = reverse("review:erratum", args=[public.pk])
    assert inspector.post(address, {"text": " "}).status_code == 422
    page = text(inspector.post(address, {"text": "Étape 2 : lire 1918."}, follow=True))
    assert "Étape 2 : lire 1918." in page and "Erratum ajouté" in page


def test_the_sheet_of_edubase_is_copied_field_by_field(inspector: Client, public: Scenario) -> None:
    Notice.objects.filter(source_key=f"scenario:{public.pk}").update(tools=[])
    address = reverse("review:edubase", args=[public.pk])
    page = text(inspector.get(address))
    assert page.index(">Titre") < page.index(">Résumé") < page.index(">Discipline") < page.index(">Licence")
    assert public.title in page and "Copier : Titre" in page and "À compléter dans Édubase" in page
    wrong = inspector.post(address, {"number": "1", "address": "https://exemple.fr/fiche/1"})
    assert wrong.status_code == 422 and "edubase.eduscol" in text(wrong)
    done = text(inspector.post(address, {"number": "24254", "address": ""}, follow=True))
    assert "https://edubase.eduscol.education.fr/fiche/24254" in done


def test_what_goes_past_a_limit_is_said(inspector: Client, public: Scenario) -> None:
    notice = notice_of_scenario(public.pk)
    assert notice is not None
    notice.title = "x" * 203
    notice.save()
    assert "3 caractères de trop" in text(inspector.get(reverse("review:edubase", args=[public.pk])))


def test_the_sheets_leave_as_csv(client: Client, public: Scenario) -> None:
    client.force_login(who("bureau"))
    theme = public.group.application.theme
    addresses = (
        (reverse("review:edubase_csv", args=[public.pk]), 1),
        (reverse("review:theme_edubase_csv", args=[theme.pk]), 2),
        (reverse("steering:edubase_csv", args=[theme.campaign_id]), 2),
    )
    for address, least in addresses:
        answer = client.get(address)
        lines = answer.content.decode("utf-8-sig").split("\r\n")
        assert answer["Content-Type"].startswith("text/csv") and lines[0].startswith("Titre;Résumé;"), address
        assert lines[0].endswith("Numéro de fiche;Adresse de la fiche")
        assert answer.content.decode().count("https://creativecommons") + len(lines) > least, address
        assert public.title.split(":")[0].strip() in answer.content.decode(), address


def test_the_release_page_costs_the_same_whatever_the_sheet(
    inspector: Client, validated: Scenario, django_assert_max_num_queries: Any
) -> None:
    ready(validated)
    with django_assert_max_num_queries(40):
        inspector.get(reverse("review:release", args=[validated.pk]))
