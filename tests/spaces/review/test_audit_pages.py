"""The pages of the audit: who reads what, what is contested and answered, what is asked for, and the files."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from traam.demo.build import DOMAIN
from traam.engines.pageaudit.values import Answer, Fetched, Finding
from traam.programme.people.models import Person
from traam.programme.productions.models import Scenario
from traam.programme.publication import reports
from traam.programme.publication.actions import auditing
from traam.programme.publication.actions.auditing import Seen
from traam.programme.publication.models import AuditRun, Contest, Release, Watched

SignIn = Callable[[str], Any]
ADDRESS = "https://pedagogie.ac-exemple.fr/scenario"
SOCIAL = Finding(
    "social", Answer.FAULT, "Lien vers un réseau.", '<a href="https://reseau.exemple/?a=1&b=2">', "ligne 12"
)
PAPER = Finding("doc.table", Answer.FAULT, "Un tableau sans en-tête.", "tableau 1", "fiche.docx")
DOUBT = Finding("pupil_account", Answer.REVIEW, "Un compte est-il demandé ?", "Créez votre compte")
SHOWN = Finding("a11y.axe", Answer.FAULT, "Contraste trop faible (RGAA 3.2) [color-contrast].", "<p>Pâle</p>")
BLIND = Finding("cookie", Answer.UNTESTED, "Aucun navigateur n'a montré cette page.")


def person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{DOMAIN}")


def published() -> Watched:
    """A page of Lyon, visited twice: what blocks appeared since."""
    now = timezone.localtime()
    scenario = Scenario.objects.filter(group__application__academy="10", version__gt=0).order_by("pk").first()
    assert scenario is not None
    release, _ = Release.objects.get_or_create(
        scenario=scenario,
        version=scenario.version,
        defaults={"content": {}, "released_by": person("bureau"), "released_at": now},
    )
    watched = auditing.watch(ADDRESS, release=release, academy="10", licence="CC-BY-SA", at=now)
    for days, found in ((31, (PAPER, DOUBT)), (1, (SOCIAL, DOUBT, SHOWN, BLIND))):
        seen = Seen(Fetched(ADDRESS, ADDRESS, 200), found, "Chromium n'est pas là.", 0.5)
        assert auditing.visit(Watched.objects.get(pk=watched.pk), seen, at=now - timedelta(days=days))
    return Watched.objects.get(pk=watched.pk)


@pytest.fixture
def watched(db: None) -> Watched:
    return published()


def page(client: Any, address: str, **given: str) -> str:
    answer = client.get(address, given)
    assert answer.status_code == 200, answer.status_code
    told: str = answer.content.decode()
    return told


def test_each_finding_shows_its_element_why_and_how_to_mend_it(watched: Watched, sign_in: SignIn) -> None:
    told = page(sign_in("referent.lyon"), f"/evaluation/adresses/{watched.pk}")
    assert "&lt;a href=&#34;https://reseau.exemple/?a=1&amp;b=2&#34;&gt;" in told, "the exact element, as text"
    for words in (
        "ligne 12",
        "Retirez le lien ou le bouton",
        "Fédivers",
        "Article",
        "Contester",
        "Chromium n",
        "RGAA 3.2",
    ):
        assert words in told, words
    assert "Apparu (3)" in told and "Disparu (1)" in told
    assert "Un tableau sans en-tête" in told, "what vanished is named"
    before = AuditRun.objects.filter(watched=watched).earliest("at")
    past = page(sign_in("referent.lyon"), f"/evaluation/adresses/{watched.pk}", visite=str(before.pk))
    assert "Une visite passée" in past and "Dans LibreOffice" in past and "Lien vers un réseau" not in past


def test_it_is_filtered_by_answer_and_severity(watched: Watched, sign_in: SignIn) -> None:
    client, address = sign_in("bureau"), f"/evaluation/adresses/{watched.pk}"
    blocking = page(client, address, reponse="fault", gravite="blocking").split("Depuis la visite")[0]
    assert "Lien vers un réseau" in blocking and "Contraste trop faible" not in blocking
    doubts = page(client, address, reponse="review").split("Depuis la visite")[0]
    assert "Un compte est-il" in doubts and "Lien vers un réseau" not in doubts


def test_no_page_of_the_audit_says_that_a_page_is_right(watched: Watched, sign_in: SignIn) -> None:
    client = sign_in("bureau")
    for address in (
        f"/evaluation/adresses/{watched.pk}",
        "/evaluation/adresses",
        f"/evaluation/adresses/{watched.pk}/rgaa.csv",
    ):
        told = page(client, address).split("<footer")[0].lower()
        assert "conforme" not in told, address


@pytest.mark.parametrize("name", ["referent.lyon", "enseignante.lyon", "inspecteur.lyon", "dan.lyon", "bureau"])
def test_those_who_have_a_hand_on_it_read_it(watched: Watched, sign_in: SignIn, name: str) -> None:
    page(sign_in(name), f"/evaluation/adresses/{watched.pk}")


def test_others_do_not(watched: Watched, sign_in: SignIn) -> None:
    stranger = Person.objects.filter(appointments__role="dan").exclude(email__startswith="dan.lyon").first()
    assert stranger is not None
    client = sign_in(stranger.email.partition("@")[0])
    for address in (f"/evaluation/adresses/{watched.pk}", f"/evaluation/adresses/{watched.pk}/rgaa.csv"):
        refused = client.get(address)
        assert refused.status_code == 403 and "le groupe qui l" in refused.content.decode()
    assert ADDRESS not in page(client, "/evaluation/adresses")
    assert sign_in("enseignante.lyon").get("/evaluation/adresses").status_code == 403
    assert sign_in("dan.lyon").get("/evaluation/contestations").status_code == 403
    assert sign_in("dan.lyon").post(f"/evaluation/adresses/{watched.pk}/contester/{SOCIAL.key}", {}).status_code == 422


def test_the_list_shows_the_worst_first_filters_and_counts(watched: Watched, sign_in: SignIn) -> None:
    auditing.watch("https://a.exemple.fr/", academy="10", at=timezone.now())
    client = sign_in("dan.lyon")
    told = page(client, "/evaluation/adresses")
    assert told.index(ADDRESS) < told.index("https://a.exemple.fr/"), "the blocking fault comes first"
    assert "Aucun renvoi vers les réseaux sociaux" in told and "Adresses par état" in told
    never = page(client, "/evaluation/adresses", etat="jamais")
    assert "https://a.exemple.fr/" in never and ADDRESS not in never
    assert ADDRESS in page(client, "/evaluation/adresses", point="social")
    rows = list(
        csv.reader(
            io.StringIO(client.get("/evaluation/adresses.csv?point=social").content.decode("utf-8-sig")), delimiter=";"
        )
    )
    assert len(rows) == 2 and rows[1][1] == ADDRESS
    assert client.get("/evaluation/adresses.pdf").status_code == 404


def test_the_list_costs_the_same_whatever_its_length(
    watched: Watched, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    client = sign_in("bureau")
    page(client, "/evaluation/adresses")
    for n in range(12):
        one = auditing.watch(f"https://a.exemple.fr/{n}", academy="10", at=timezone.now())
        auditing.visit(one, Seen(Fetched(one.address, one.address, 200), (SOCIAL,)), at=timezone.now())
    with django_assert_max_num_queries(6):
        page(client, "/evaluation/adresses")


def test_one_address_costs_the_same_whatever_its_history(
    watched: Watched, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    client = sign_in("inspecteur.lyon")
    for n in range(8):
        seen = Seen(Fetched(ADDRESS, ADDRESS, 200), (SOCIAL, PAPER))
        auditing.visit(Watched.objects.get(pk=watched.pk), seen, at=timezone.now() + timedelta(seconds=n))
    with django_assert_max_num_queries(20):
        page(client, f"/evaluation/adresses/{watched.pk}")


def test_a_contest_goes_to_the_bureau_and_its_answer_is_shown(watched: Watched, sign_in: SignIn) -> None:
    there = f"/evaluation/adresses/{watched.pk}/contester/{SOCIAL.key}"
    client = sign_in("referent.lyon")
    empty = client.post(there, {"reason": ""})
    assert empty.status_code == 422 and not Contest.objects.exists()
    assert client.get(f"/evaluation/adresses/{watched.pk}/contester/{PAPER.key}").status_code == 404, "it has vanished"
    assert client.post(there, {"reason": "C'est un musée."}).status_code == 302
    made = Contest.objects.get()
    assert "pas encore répondu" in page(client, f"/evaluation/adresses/{watched.pk}")
    assert client.get(f"/evaluation/contestations/{made.pk}").status_code == 403
    bureau = sign_in("bureau")
    assert "musée" in page(bureau, "/evaluation/contestations")
    answer = f"/evaluation/contestations/{made.pk}"
    assert bureau.post(answer, {"answer": "accepted", "reason": ""}).status_code == 422
    assert bureau.post(answer, {"answer": "accepted", "reason": "Vu, c'est un musée."}).status_code == 302
    told = page(sign_in("referent.lyon"), f"/evaluation/adresses/{watched.pk}")
    assert "Contestation acceptée" in told and "Vu, c" in told


def test_the_desk_tells_who_has_to_do_something(watched: Watched, sign_in: SignIn) -> None:
    assert "Faire corriger une page publiée" in page(sign_in("dan.lyon"), "/tableau-de-bord")
    assert "contestations d" not in page(sign_in("bureau"), "/tableau-de-bord")
    auditing.contest(watched, SOCIAL.key, "C'est un musée.", actor=person("referent.lyon"), at=timezone.now())
    assert "Répondre aux contestations d" in page(sign_in("bureau"), "/tableau-de-bord")


def test_another_visit_is_asked_for_once_and_waited_for(watched: Watched, sign_in: SignIn) -> None:
    client, there = sign_in("referent.lyon"), f"/evaluation/adresses/{watched.pk}"
    assert client.get(f"{there}/visiter").status_code == 302, "nothing is asked by reading"
    assert "Visiter à nouveau" in page(client, there)
    assert client.post(f"{there}/visiter").status_code == 302
    waiting = page(client, there)
    assert "attend son tour" in waiting and 'data-hx-trigger="every 3s"' in waiting
    assert client.post(f"{there}/visiter").status_code == 403
    (claimed,) = [one for one in auditing.claim(50, at=timezone.now()) if one.pk == watched.pk]
    assert "La visite est en cours" in page(client, there)
    auditing.visit(claimed, Seen(Fetched(ADDRESS, ADDRESS, 200)), at=timezone.now())
    answer = client.get(there, headers={"HX-Request": "true", "HX-Target": "visite"})
    assert answer.headers["HX-Refresh"] == "true"
    assert "redemandez-le dans" in page(client, there), "the reason is beside the button"


def test_the_grid_has_every_criterion_and_what_was_found(watched: Watched, sign_in: SignIn) -> None:
    answer = sign_in("inspecteur.lyon").get(f"/evaluation/adresses/{watched.pk}/rgaa.csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert len({row[0] for row in rows[1:]}) == 106
    by_criterion = {row[0]: row for row in rows}
    assert by_criterion["3.2"][1:3] == ["défaut constaté", "<p>Pâle</p>"]
    assert by_criterion["8.3"][1] == "à vérifier par une personne", "a machine that saw nothing proves nothing"
    assert by_criterion["3.1"][1] == "non testé"
    assert len(list(reports.criteria())) == 106


def test_the_audit_of_a_published_page_is_found_from_its_scenario(watched: Watched, sign_in: SignIn) -> None:
    told = page(sign_in("referent.lyon"), f"/evaluation/scenarios/{watched.scenario_id}/audit")
    assert f'href="/evaluation/adresses/{watched.pk}"' in told
    for name, there in (("dan.lyon", "/academie/"), ("inspecteur.lyon", "/evaluation/"), ("bureau", "/evaluation/")):
        assert 'href="/evaluation/adresses"' in page(sign_in(name), there), name


def test_a_scenario_is_audited_from_its_own_page_before_it_is_released(sign_in: SignIn, db: None) -> None:
    scenario = Scenario.objects.filter(group__application__academy="10", version__gt=0, watched=None).first()
    assert scenario is not None
    there, client = f"/evaluation/scenarios/{scenario.pk}/audit", sign_in("referent.lyon")
    assert "pas encore été auditée" in page(client, there)
    assert client.post(there).status_code == 302
    assert "attend son tour" in page(client, there)
    watched = Watched.objects.get(scenario=scenario)
    now = timezone.now()
    auditing.visit(watched, Seen(Fetched(watched.address, watched.address, 200), (SOCIAL,)), at=now)
    told = page(client, there)
    assert "L’audit retient la publication" in told and "Lien vers un réseau" in told
    assert "Le brouillon de la page publique" in page(client, f"/evaluation/adresses/{watched.pk}")
    assert sign_in("dan.lyon").get(there).status_code == 200


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_its_pages_are_sound_and_fit_a_phone(
    demonstration: None, live_server: Any, browser_page: Any, axe: Any, sign_in: SignIn
) -> None:
    watched = published()
    sign_in("bureau").post(f"/evaluation/adresses/{watched.pk}/contester/{SOCIAL.key}", {"reason": "C'est un musée."})
    cookie = {"name": "sessionid", "value": sign_in("bureau").cookies["sessionid"].value, "url": live_server.url}
    scenario = watched.scenario_id
    every = (f"adresses/{watched.pk}", "adresses", "contestations", f"scenarios/{scenario}/audit")
    for width, scheme, pages in ((1280, "light", every), (390, "dark", every[:2])):
        view = browser_page(width, scheme)
        view.context.add_cookies([cookie])
        for name in pages:
            view.goto(f"{live_server.url}/evaluation/{name}")
            assert axe(view) == [], (name, width)
            assert view.evaluate("document.documentElement.scrollWidth <= innerWidth"), (name, width)
